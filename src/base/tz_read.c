/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz_read: a TZif file's bytes → struct tz, after RFC 9636.
 *
 *     header, data with 32-bit times   (version 1: skipped by its counts)
 *     header, data with 64-bit times   (what is read)
 *     "\n" TZ rule "\n"                (the footer)
 *
 * The bytes are not trusted: every count is checked against what is left before it is used, and
 * whatever the RFC forbids makes the whole file unusable rather than half right.
 */
#include "base/tz_zone.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_SIZE = 44, TYPE_SIZE = 6, TIME_SIZE_V1 = 4, TIME_SIZE_V2 = 8 };

struct header {
    int version;
    uint32_t isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt;
};

/* What is left to read. */
struct rest {
    const unsigned char *ptr;
    size_t len;
};

/* The next `n` bytes, or NULL when there are fewer. */
static const unsigned char *take(struct rest *r, size_t n)
{
    if (n > r->len)
        return NULL;
    const unsigned char *p = r->ptr;
    r->ptr += n;
    r->len -= n;
    return p;
}

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t big64(const unsigned char *p)
{
    return (int64_t)((uint64_t)big32(p) << 32 | big32(p + 4));
}

static bool take_header(struct rest *r, struct header *ret)
{
    const unsigned char *p = take(r, HEADER_SIZE);
    if (!p || memcmp(p, "TZif", 4) != 0 || p[4] < '2' || p[4] > '9')
        return false;
    struct header h = {
        .version = p[4],
        .isutcnt = big32(p + 20),
        .isstdcnt = big32(p + 24),
        .leapcnt = big32(p + 28),
        .timecnt = big32(p + 32),
        .typecnt = big32(p + 36),
        .charcnt = big32(p + 40),
    };
    /* No file has more bytes than this, so the sums of sizes below cannot overflow either. */
    if (h.isutcnt > TZ_FILE_MAX || h.isstdcnt > TZ_FILE_MAX || h.leapcnt > TZ_FILE_MAX ||
        h.timecnt > TZ_FILE_MAX || h.typecnt > TZ_FILE_MAX || h.charcnt > TZ_FILE_MAX)
        return false;
    *ret = h;
    return true;
}

static size_t data_size(const struct header *h, size_t time_size)
{
    return h->timecnt * (time_size + 1) + h->typecnt * (size_t)TYPE_SIZE + h->charcnt +
           h->leapcnt * (time_size + 4) + h->isstdcnt + h->isutcnt;
}

/* Offsets by type. A file's type has an index of one byte. */
struct types {
    size_t count;
    int offset_s[256];
};

static bool read_types(const struct header *h, const unsigned char *p, struct types *ret)
{
    if (h->typecnt < 1 || h->typecnt > 256 || h->charcnt < 1)
        return false;
    if ((h->isutcnt && h->isutcnt != h->typecnt) || (h->isstdcnt && h->isstdcnt != h->typecnt))
        return false;
    ret->count = h->typecnt;
    for (size_t i = 0; i < h->typecnt; i++, p += TYPE_SIZE) {
        int32_t offset = (int32_t)big32(p);
        if (offset < TZ_OFFSET_LEAST || offset > TZ_OFFSET_MOST || p[4] > 1 || p[5] >= h->charcnt)
            return false;
        ret->offset_s[i] = offset;
    }
    return true;
}

static bool read_transitions(struct tz *tz, size_t count, const unsigned char *p,
                             const struct types *types)
{
    const unsigned char *index = p + count * TIME_SIZE_V2;
    tz->at_s = calloc(count + 1, sizeof *tz->at_s);
    tz->offset_s = calloc(count + 1, sizeof *tz->offset_s);
    if (!tz->at_s || !tz->offset_s)
        abort();
    for (size_t i = 0; i < count; i++) {
        tz->at_s[i] = big64(p + i * TIME_SIZE_V2);
        if (index[i] >= types->count || (i > 0 && tz->at_s[i] <= tz->at_s[i - 1]))
            return false;
        tz->offset_s[i] = types->offset_s[index[i]];
    }
    tz->count = count;
    return true;
}

/* A newline, a rule that may be empty, a newline, and the end. */
static bool read_footer(struct tz *tz, struct rest r)
{
    const char *text = (const char *)r.ptr;
    if (r.len < 2 || text[0] != '\n' || text[r.len - 1] != '\n')
        return false;
    struct str rule = {text + 1, r.len - 2};
    if (rule.len == 0)
        return true;
    tz->has_rule = posix_rule_parse(rule, &tz->rule);
    return tz->has_rule;
}

static bool read_zone(struct tz *tz, struct rest r)
{
    struct header v1, v2;
    struct types types;
    if (!take_header(&r, &v1) || !take(&r, data_size(&v1, TIME_SIZE_V1)) || !take_header(&r, &v2))
        return false;
    const unsigned char *data = take(&r, data_size(&v2, TIME_SIZE_V2));
    /* Our instants do not count leap seconds; a file that does would be half a minute off. */
    if (!data || v1.version != v2.version || v2.leapcnt != 0)
        return false;
    if (!read_types(&v2, data + v2.timecnt * (size_t)(TIME_SIZE_V2 + 1), &types) ||
        !read_transitions(tz, v2.timecnt, data, &types) || !read_footer(tz, r))
        return false;
    tz->first_offset_s = types.offset_s[0];
    /* The rule holds from the last transition on, and always where there is none (section 3.3). */
    if (tz->has_rule && tz->count > 0) {
        int64_t next;
        size_t last = tz->count - 1;
        if (tz->at_s[last] < -TZ_INSTANT_LIMIT || tz->at_s[last] > TZ_INSTANT_LIMIT)
            return false;
        tz->offset_s[last] = posix_rule_offset(&tz->rule, tz->at_s[last], &next);
    }
    return true;
}

struct tz *tz_read(const unsigned char *bytes, size_t size)
{
    if (size > TZ_FILE_MAX)
        return NULL;
    struct tz *tz = calloc(1, sizeof *tz);
    if (!tz)
        abort();
    if (!read_zone(tz, (struct rest){bytes, size})) {
        tz_free(tz);
        return NULL;
    }
    return tz;
}

void tz_free(struct tz *tz)
{
    if (!tz)
        return;
    free(tz->at_s);
    free(tz->offset_s);
    free(tz);
}
