/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz_zone: what a zone is made of, shared by the three files of base/tz and by their tests. Nobody
 * else includes it.
 */
#ifndef CAREOPS_BASE_TZ_ZONE_H
#define CAREOPS_BASE_TZ_ZONE_H

#include "base/tz.h"

enum { TZ_NAME_MAX = 63, TZ_FILE_MAX = 256 * 1024 };

/* Seconds east of UTC that a TZif file may name (RFC 9636, section 3.2). */
enum { TZ_OFFSET_LEAST = -89999, TZ_OFFSET_MOST = 93599 };

/* No instant further away is computed with: far outside of what the program accepts. */
static const int64_t TZ_INSTANT_LIMIT = 1000000000000;

/* One of the two changes of a year. */
struct posix_date {
    enum { POSIX_JULIAN, POSIX_DAY_OF_YEAR, POSIX_WEEKDAY } kind;
    int day; /* Jn: 1 … 365, 29 February uncounted · n: 0 … 365 · Mm.w.d: 0 (Sunday) … 6 */
    int month;  /* Mm.w.d only */
    int week;   /* Mm.w.d only: 1 … 5, 5 = the last */
    int time_s; /* since midnight of that day, may be negative or past 24 h (RFC 9636: ±167 h) */
};

/* A POSIX TZ rule. Without summer time `has_dst` is false and only `std_offset_s` counts. */
struct posix_rule {
    bool has_dst;
    int std_offset_s; /* seconds east of UTC, unlike the text, which counts westward */
    int dst_offset_s;
    struct posix_date start;
    struct posix_date end;
};

/* Whole text, or false. Refuses a summer time without dates: POSIX leaves its meaning open. */
bool posix_rule_parse(struct str text, struct posix_rule *ret);
/* Seconds east of UTC, and the next change of offset after `at_s`, or INT64_MAX. */
int posix_rule_offset(const struct posix_rule *rule, int64_t at_s, int64_t *ret_next_s);

/*
 * Before the first transition `first_offset_s` holds; from at_s[i] on, offset_s[i]; from the last
 * one on the rule, if there is one.
 */
struct tz {
    char name[TZ_NAME_MAX + 1];
    int first_offset_s;
    bool has_rule;
    struct posix_rule rule;
    size_t count;
    int64_t *at_s; /* strictly ascending, `count` of them */
    int *offset_s;
};

/* A zone on the heap, to be freed by the caller, or NULL when the bytes are not a sound file. */
struct tz *tz_read(const unsigned char *bytes, size_t size);
void tz_free(struct tz *tz);

#endif
