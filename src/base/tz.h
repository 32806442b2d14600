/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz: IANA time zones, read from tzdata on disk (TZif, RFC 9636), thread-safe.
 *
 * Not the C library's zone (one per process), not ICU (Debian 12's carries stale rules). `tz_find`
 * reads a zone once and keeps it for the life of the process; a `struct tz` is immutable, so any
 * thread may use it without a lock. From the last transition of the file on its POSIX TZ footer
 * decides. The environment variable TZDIR overrides /usr/share/zoneinfo.
 *
 * Three files: tz_read.c makes a `struct tz` of a file's bytes and trusts none of them, tz_posix.c
 * is the footer's rule, tz.c keeps the zones and answers the questions below. Instants are UTC
 * seconds; those more than some 30,000 years away are treated as that far.
 */
#ifndef CAREOPS_BASE_TZ_H
#define CAREOPS_BASE_TZ_H

#include "base/civil.h"
#include "base/str.h"

struct tz;

/*
 * NULL where no such zone exists or its file cannot be used (logged once): damaged, larger than 256
 * KiB, of the first TZif version, or counting leap seconds. Names are checked before they touch the
 * disk: letters, digits, `_`, `+`, `-` and single slashes inside, so no dots; and no place is
 * called "localtime", "posixrules", "Factory", "posix/…" or "right/…", although there are such
 * files.
 */
const struct tz *tz_find(struct str name);
const char *tz_name(const struct tz *tz);

/* Seconds east of UTC at an instant. */
int tz_offset(const struct tz *tz, int64_t at_s);
/* The local calendar date at an instant (days since 1970-01-01). */
int64_t tz_date(const struct tz *tz, int64_t at_s);
/* The wall clock at an instant: seconds since midnight as the clock shows it (0 … 86399). */
int tz_wall_s(const struct tz *tz, int64_t at_s);

/* The first instant whose local date is `date` (where a zone skipped it: the first one after). */
int64_t tz_day_start(const struct tz *tz, int64_t date);
/* = tz_day_start(date + 1). The day's length is the difference: 23, 24 or 25 hours, and others. */
int64_t tz_day_end(const struct tz *tz, int64_t date);
/*
 * The date whose day, tz_day_start to tz_day_end, holds the instant. It is tz_date(), except where
 * a clock set back across midnight shows yesterday once more: those instants belong to today.
 */
int64_t tz_day_of(const struct tz *tz, int64_t at_s);

/*
 * A span of opening hours on a date: wall-clock minutes start < end (0 … 1440) → the instants
 * [ret_from, ret_to). It reaches from the first instant of that date whose clock shows start or
 * later, to just past the last one whose clock shows less than end; so an hour that occurs twice is
 * open twice, and one that does not occur shortens the span. False when nothing is left.
 */
bool tz_span(const struct tz *tz, int64_t date, int start_min, int end_min, int64_t *ret_from,
             int64_t *ret_to);

/*
 * One wall-clock time (0 … 1440) → instant, as RFC 5545 and Temporal do: in a gap moved forward by
 * the gap, in an overlap the first of the two.
 */
int64_t tz_instant(const struct tz *tz, int64_t date, int wall_min);

/* The next change of offset after `at_s`, or INT64_MAX. */
int64_t tz_next_change(const struct tz *tz, int64_t at_s);

/* The wall clock with its offset, as every slot carries it: "2026-11-22T10:00+01:00" */
void tz_local_format(const struct tz *tz, int64_t at_s, char ret[static LOCAL_TEXT]);

#endif
