/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a time zone file. Whatever the reader accepts must answer every question, and the
 * answers must fit together: a day has its instants, a change changes the offset.
 */
#include "base/tz_zone.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void ask(const struct tz *tz, int64_t t)
{
    char text[LOCAL_TEXT];
    int64_t from, to, day = tz_day_of(tz, t), date = tz_date(tz, t);
    check(tz_day_start(tz, day) <= t && t < tz_day_end(tz, day));
    check(tz_day_start(tz, date) <= t && date <= day);
    check(tz_wall_s(tz, t) >= 0 && tz_wall_s(tz, t) < SECONDS_PER_DAY);
    check(tz_span(tz, date, 0, MINUTES_PER_DAY, &from, &to) && from <= t && t < to);
    if (tz_span(tz, date, 540, 1020, &from, &to))
        check(from < to && tz_date(tz, from) == date && tz_date(tz, to - 1) == date);
    int wall = tz_wall_s(tz, t);
    if (wall % 60 == 0) {
        int64_t first = tz_instant(tz, date, wall / 60);
        check(first <= t && tz_date(tz, first) == date && tz_wall_s(tz, first) == wall);
    }
    int64_t next = tz_next_change(tz, t);
    check(next > t);
    if (next < TZ_INSTANT_LIMIT)
        check(tz_offset(tz, next) != tz_offset(tz, t) &&
              tz_offset(tz, next - 1) == tz_offset(tz, t));
    tz_local_format(tz, t, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ASKED = 24 };
    struct tz *tz = tz_read(data, size);
    if (!tz)
        return 0;
    int64_t t = -60000000000; /* year 68 */
    for (int i = 0; i < ASKED && t < TZ_INSTANT_LIMIT / 2; i++) {
        int64_t next = tz_next_change(tz, t);
        ask(tz, t);
        if (next < TZ_INSTANT_LIMIT / 2)
            ask(tz, next - 1);
        t = next;
    }
    for (int64_t year = 1960; year < 2120; year += 7)
        ask(tz, civil_to_days((struct civil){(int)year, 3, 29}) * SECONDS_PER_DAY);
    tz_free(tz);
    return 0;
}
