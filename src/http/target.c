/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * target: the target of a request line (RFC 9112, 3.2) and its path, decoded once. The decoded path
 * is what routes are matched against, so nothing that could be read as another path gets through.
 */
#include "http/parse_internal.h"

#include <string.h>

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool target_char(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"<>\\`#", c);
}

static bool has_dot_segment(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] != '/')
            continue;
        struct str rest = {path.ptr + i + 1, path.len - i - 1};
        const char *slash = memchr(rest.ptr, '/', rest.len);
        struct str segment = {rest.ptr, slash ? (size_t)(slash - rest.ptr) : rest.len};
        if (str_is(segment, ".") || str_is(segment, ".."))
            return true;
    }
    return false;
}

static bool decode_path(struct request *rq, struct str raw, struct refusal *why)
{
    char *text = arena_alloc(rq->arena, raw.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        unsigned char c = (unsigned char)raw.ptr[i];
        if (c == '%') {
            bool room = i + 2 < raw.len;
            int high = room ? hex_digit(raw.ptr[i + 1]) : -1;
            int low = room ? hex_digit(raw.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return refuse(why, 400, "malformed_request", "A % is not followed by two digits.");
            c = (unsigned char)(high * 16 + low);
            i += 2;
            if (c == '/' || c == '\\' || c < 0x20 || c == 0x7f)
                return refuse(why, 400, "malformed_request", "The path hides a character.");
        }
        text[n++] = (char)c;
    }
    rq->path = (struct str){text, n};
    if (!str_utf8_ok(rq->path))
        return refuse(why, 400, "malformed_request", "The path is not UTF-8.");
    if (has_dot_segment(rq->path))
        return refuse(why, 400, "malformed_request", "The path holds dot segments.");
    return true;
}

/* "http://host/path" → "/path" (RFC 9112, 3.2.2); the host is compared in parse.c. */
static bool strip_authority(struct str *target)
{
    size_t scheme = str_starts(*target, STR("http://"))    ? 7
                    : str_starts(*target, STR("https://")) ? 8
                                                           : 0;
    if (!scheme)
        return false;
    while (scheme < target->len && target->ptr[scheme] != '/' && target->ptr[scheme] != '?')
        scheme++;
    *target = (struct str){target->ptr + scheme, target->len - scheme};
    return target->len > 0 && target->ptr[0] == '/';
}

bool target_parse(struct request *rq, struct str target, struct refusal *why)
{
    for (size_t i = 0; i < target.len; i++)
        if (!target_char(target.ptr[i]))
            return refuse(why, 400, "malformed_request", "The target holds a forbidden character.");
    if (str_is(target, "*") && rq->method == HTTP_OPTIONS_) {
        rq->path = target;
        return true;
    }
    if ((target.len == 0 || target.ptr[0] != '/') && !strip_authority(&target))
        return refuse(why, 400, "malformed_request", "The target does not begin with a slash.");
    const char *question = memchr(target.ptr, '?', target.len);
    size_t path_len = question ? (size_t)(question - target.ptr) : target.len;
    if (question)
        rq->query = (struct str){question + 1, target.len - path_len - 1};
    return decode_path(rq, (struct str){target.ptr, path_len}, why);
}
