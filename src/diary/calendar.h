/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * calendar: some days as the office draws them, read in a fixed number of queries however many
 * visits they hold.
 *
 * Everything is placed twice: as an instant, and in elapsed minutes since the local midnight of a
 * day. So a day of 23 or 25 hours is as high as it is long, and no browser computes an offset: the
 * marks say where the clock shows which hour, the one that comes twice included.
 *
 * calendar_days.c has days and people, calendar_visits.c what stands in them, calendar.c the
 * routes.
 */
#ifndef CAREOPS_DIARY_CALENDAR_H
#define CAREOPS_DIARY_CALENDAR_H

#include "diary/booking.h"

enum {
    CALENDAR_DAYS_MAX = 7,
    CALENDAR_VISITS_MAX = 2000,
    CALENDAR_PICKS_MAX = 500,
    CALENDAR_MEMBERS_MAX = 1000, /* active or not */
};

struct calendar_span {
    struct opt_int at, minutes;
};
struct calendar_day {
    struct opt_int date, starts_at, minutes;
    struct shape_list marks, open;
    struct opt_bool closed;
    struct str closure;
};
struct calendar_person_day {
    struct opt_int date;
    struct shape_list open, off;
};
struct calendar_person {
    struct opt_int id;
    struct str name;
    struct opt_bool bookable, active;
    struct id_list service_ids;
    struct shape_list days;
};
struct calendar_thing {
    struct opt_int id;
    struct str name, kind;
    struct opt_bool active;
};
extern const struct shape calendar_day_shape, calendar_person_shape, calendar_thing_shape,
    calendar_visit_shape, calendar_pick_shape;

/* The days asked for. `first` and `last` are local dates, both inclusive. */
struct calendar {
    const struct workspace *ws;
    int64_t first, last;
    int64_t from_s, to_s; /* from the first midnight to the one after the last day */
    int64_t staff_id;     /* 0 = everybody */
    bool cancelled;       /* cancelled visits too */
    size_t day_count;
    const int64_t *day_starts; /* day_count + 1: also where the last day ends */
    size_t visit_count;
    int64_t *visitors; /* of each visit: whose it is */
    struct shape_list visits, picks;
    bool cut; /* there are more visits than are answered */
};

enum result calendar_of(struct work *w, const struct workspace *ws, int64_t first, int64_t last,
                        struct calendar *ret) must_check;
struct shape_list calendar_days(struct work *w, const struct calendar *c) must_check;
/* Visits, and what clients are choosing on the public page just now. */
enum result calendar_read_visits(struct work *w, struct calendar *c) must_check;
/* Whoever can be booked, and whoever has a visit; after the visits. NOT_FOUND at staff_id. */
enum result calendar_people(struct work *w, const struct calendar *c,
                            struct shape_list *ret) must_check;
enum result calendar_things(struct work *w, struct shape_list *ret) must_check;

#endif
