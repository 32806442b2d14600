/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar: short words for the spans, hours and visits of slot tests. */
#ifndef CAREOPS_TESTS_CALENDAR_H
#define CAREOPS_TESTS_CALENDAR_H

#include "../unit.h"

#include "diary/slots.h"

#include <string.h>

static inline int new_arena(void **state)
{
    struct arena *a = malloc(sizeof *a);
    if (!a)
        return -1;
    arena_init(a, ARENA_DEFAULT_LIMIT);
    *state = a;
    return 0;
}

static inline int free_arena(void **state)
{
    arena_done(*state);
    free(*state);
    return 0;
}

#define with_arena(test) cmocka_unit_test_setup_teardown(test, new_arena, free_arena)

static inline const struct tz *zone(const char *name)
{
    const struct tz *tz = tz_find(str_of(name));
    if (!tz)
        fail_msg("no zone %s", name);
    return tz;
}

static inline int64_t on(const char *date)
{
    int64_t day = 0;
    if (!date_parse(str_of(date), &day))
        fail_msg("no date %s", date);
    return day;
}

/* "2026-06-01T09:00" in UTC */
static inline int64_t at(const char *minute)
{
    char text[INSTANT_TEXT];
    int64_t s = 0;
    snprintf(text, sizeof text, "%s:00Z", minute);
    if (!instant_parse(str_of(text), &s))
        fail_msg("no instant %s", minute);
    return s;
}

static inline struct span between(const char *from, const char *to)
{
    return (struct span){at(from), at(to)};
}

#define spans_of(...)                                                                 \
    ((struct spans){sizeof((const struct span[]){__VA_ARGS__}) / sizeof(struct span), \
                    (const struct span[]){__VA_ARGS__}})

#endif
