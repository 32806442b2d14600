/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * civil: calendar dates and RFC 3339 instants, without time zones (base/tz has those).
 *
 * A date is a count of days since 1970-01-01 (proleptic Gregorian), an instant a count of UTC
 * seconds since the epoch without leap seconds. Weekdays are ISO: 1 = Monday … 7 = Sunday. Minutes
 * of a wall clock run 0 … 1440 (24:00 = end of day).
 *
 * Texts have years 0001 to 9999: the readers refuse others and the writers stop at the first and
 * the last day. Readers take the whole text or refuse it, and write `ret` only when they return
 * true. Everything here is pure.
 */
#ifndef CAREOPS_BASE_CIVIL_H
#define CAREOPS_BASE_CIVIL_H

#include "base/str.h"

enum { SECONDS_PER_DAY = 86400, MINUTES_PER_DAY = 1440 };

/* Sizes of the texts, final NUL included. */
enum { INSTANT_TEXT = 21, DATE_TEXT = 11, CLOCK_TEXT = 6, LOCAL_TEXT = 23 };

struct civil {
    int year;
    int month; /* 1 … 12 */
    int day;   /* 1 … 31 */
};

int64_t civil_to_days(struct civil c);
/* For every date within some five million years. */
struct civil civil_from_days(int64_t days);
int civil_weekday(int64_t days);
int civil_days_in_month(int year, int month);

/* "2026-11-22" */
bool date_parse(struct str s, int64_t *ret_days);
void date_format(int64_t days, char ret[static DATE_TEXT]);
/* "09:00" … "24:00" ↔ minutes */
bool clock_parse(struct str s, int *ret_minutes);
void clock_format(int minutes, char ret[static CLOCK_TEXT]);
/*
 * RFC 3339 (section 5.6) with any offset or Z → UTC seconds. Seconds are required, a fraction of
 * one is cut. Refuses impossible dates and, since our instants have no place for it, the leap
 * second :60.
 */
bool instant_parse(struct str s, int64_t *ret_s);
/* "2026-11-22T09:00:00Z" */
void instant_format(int64_t s, char ret[static INSTANT_TEXT]);
/* "2026-11-22T10:00+01:00": the wall clock at `offset_s` east of UTC. Seconds are cut. */
void local_format(int64_t s, int offset_s, char ret[static LOCAL_TEXT]);

/*
 * A decimal with at most three places ↔ integer thousandths ("1.5" ↔ 1500, "-0.25" ↔ -250). The
 * reader refuses more places, exponents and what exceeds ±10^12 thousandths; the writer omits
 * zeros that say nothing.
 */
enum { THOUSANDTHS_TEXT = 24 };
bool thousandths_parse(struct str s, int64_t *ret);
void thousandths_format(int64_t v, char ret[static THOUSANDTHS_TEXT]);

#endif
