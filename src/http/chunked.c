/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * chunked: the chunked transfer coding (RFC 9112, 7.1) without extensions and trailers, which
 * nobody needs and smugglers use. A size has at most eight digits.
 */
#include "http/parse_internal.h"

enum { SIZE_DIGITS_MAX = 8 };

static enum feed refuse_chunk(struct refusal *ret)
{
    refuse(ret, 400, "malformed_request", "The chunked body is damaged.");
    return FEED_REFUSED;
}

/* One byte outside of a chunk's data. */
static enum feed frame_byte(struct chunked *c, char byte, size_t room, struct refusal *ret)
{
    int digit;
    switch (c->state) {
    case CHUNK_SIZE:
        digit = hex_digit(byte);
        if (digit >= 0 && c->digits < SIZE_DIGITS_MAX) {
            c->left = c->left * 16 + (size_t)digit;
            c->digits++;
            return FEED_MORE;
        }
        c->state = CHUNK_SIZE_LF;
        return byte == '\r' && c->digits > 0 ? FEED_MORE : refuse_chunk(ret);
    case CHUNK_SIZE_LF:
        if (c->left > room) {
            refuse(ret, 413, "body_too_large", "Send at most 1 MiB.");
            return FEED_REFUSED;
        }
        c->state = c->left ? CHUNK_DATA : CHUNK_END_CR;
        return byte == '\n' ? FEED_MORE : refuse_chunk(ret);
    case CHUNK_DATA_CR:
        c->state = CHUNK_DATA_LF;
        return byte == '\r' ? FEED_MORE : refuse_chunk(ret);
    case CHUNK_DATA_LF:
        c->state = CHUNK_SIZE;
        c->digits = 0;
        return byte == '\n' ? FEED_MORE : refuse_chunk(ret);
    case CHUNK_END_CR: c->state = CHUNK_END_LF; return byte == '\r' ? FEED_MORE : refuse_chunk(ret);
    case CHUNK_END_LF: return byte == '\n' ? FEED_DONE : refuse_chunk(ret);
    case CHUNK_DATA: break;
    }
    return refuse_chunk(ret);
}

enum feed chunked_feed(struct chunked *c, const char *data, size_t len, struct buf *body,
                       size_t *ret_used, struct refusal *ret)
{
    size_t i = 0;
    while (i < len) {
        if (c->state == CHUNK_DATA) {
            size_t n = c->left < len - i ? c->left : len - i;
            buf_add(body, data + i, n);
            i += n;
            c->left -= n;
            if (c->left == 0)
                c->state = CHUNK_DATA_CR;
            continue;
        }
        enum feed next = frame_byte(c, data[i++], body->limit - body->len, ret);
        if (next != FEED_MORE) {
            *ret_used = i;
            return next;
        }
    }
    *ret_used = len;
    return FEED_MORE;
}
