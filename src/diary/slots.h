/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * slots: which starts can be offered, and why the others cannot. Pure: no database, no clock, no
 * allocation but the arena.
 *
 * Everything is UTC seconds and half-open intervals. The caller (diary/availability.c) loads hours,
 * closures, holds, policy and stock; this module turns them into starts. One function judges every
 * start, for the page and when a booking is made, so the two cannot disagree.
 *
 * Rules (API.md, "Slots"):
 * - a span of hours is every instant between its two wall-clock ends on its date (tz_span); spans
 *   that touch are one, also across midnight;
 * - a closure closes its local dates whole;
 * - a visit with its buffers and processing lies wholly inside the business's open time and the
 *   person's;
 * - a person is held while segments of kind work last, buffers included, and free while processing;
 *   a room or device is held for its service's whole interval, buffers included;
 * - starts stand on the grid local midnight + k × step, in elapsed time; a slot belongs to the day
 *   it starts in (tz_day_of);
 * - not before now + notice, not after the last local date of the horizon.
 *
 * Files: spans.c has intervals and hours, visit_shape.c what a visit holds, slots.c the judgement
 * and the days, slot_choice.c the person and the rooms for one start.
 */
#ifndef CAREOPS_DIARY_SLOTS_H
#define CAREOPS_DIARY_SLOTS_H

#include "base/arena.h"
#include "base/tz.h"

/* ---- intervals ---- */

struct span { /* [from_s, to_s) */
    int64_t from_s;
    int64_t to_s;
};

/* A sorted list. Normalised: no span is empty, overlaps or touches another. */
struct spans {
    size_t count;
    const struct span *items;
};

struct weekly_span {
    int weekday; /* 1 = Monday … 7 */
    int start_min;
    int end_min;
};

struct date_range { /* local dates, both inclusive */
    int64_t from;
    int64_t to;
};

/* Sorts, drops what is empty, joins what overlaps or touches. The result is normalised. */
struct spans spans_normalise(struct arena *a, const struct span *items, size_t count);
/* What is in `s` and in none of `without`; both normalised, as is the result. */
struct spans spans_subtract(struct arena *a, struct spans s, struct spans without);
/* Whole of [from_s, to_s) inside one span of a normalised list. */
bool spans_cover(struct spans s, int64_t from_s, int64_t to_s);
/* Anything of [from_s, to_s) inside a sorted list of disjoint spans, which may touch. */
bool spans_touch(struct spans s, int64_t from_s, int64_t to_s);
/*
 * Index of the first span that ends after `at_s` (count: none), in a sorted list of disjoint spans.
 * `hint` is where the last answer was: questions that move forward in time are answered in a step.
 */
size_t spans_seek(struct spans s, size_t hint, int64_t at_s);

/*
 * Open time of weekly hours less closures, for local dates first … last (both inclusive, at most
 * 400). A visit may cross midnight, so the caller widens the dates by the visit's reach.
 */
struct spans hours_open(struct arena *a, const struct tz *tz, int64_t first, int64_t last,
                        const struct weekly_span *weekly, size_t weekly_count,
                        const struct date_range *closures, size_t closure_count);

/* ---- the visit's shape ---- */

enum {
    VISIT_SERVICES_MAX = 10,
    SERVICE_SEGMENTS_MAX = 12,
    SERVICE_NEEDS_MAX = 5,
    NEED_CHOICES_MAX = 20,
    VISIT_WORK_MAX = VISIT_SERVICES_MAX * SERVICE_SEGMENTS_MAX + 2,
    VISIT_NEEDS_MAX = VISIT_SERVICES_MAX * SERVICE_NEEDS_MAX,
};

struct segment {
    bool processing; /* the person is free */
    int minutes;
};

struct need { /* one of these rooms or devices, the preferred ones first */
    size_t count;
    const int64_t *any_of;
};

struct visit_service {
    int64_t service_id;
    int duration_min;
    int buffer_before_min; /* counted for the first service of a visit */
    int buffer_after_min;  /* counted for the last one */
    size_t segment_count; /* 0 = one work segment of duration_min; else their sum is duration_min */
    struct segment segments[SERVICE_SEGMENTS_MAX];
    size_t need_count;
    struct need needs[SERVICE_NEEDS_MAX];
};

struct visit_need { /* relative to the visit's start, in seconds */
    int64_t from_off_s;
    int64_t to_off_s;
    struct need need;
};

/*
 * What a visit holds, relative to its start: seconds, negative in the buffer before. Built once per
 * question. The services follow one another; the needs of one service stand together.
 */
struct visit_shape {
    int64_t length_s;         /* start … end as the client sees it */
    int64_t outer_from_off_s; /* −buffer before */
    int64_t outer_to_off_s;   /* length + buffer after */
    size_t work_count;
    struct span work[VISIT_WORK_MAX]; /* when the person is held, normalised */
    size_t need_count;
    struct visit_need needs[VISIT_NEEDS_MAX];
};

/* 1 … VISIT_SERVICES_MAX services, in the order in which they are done. */
void visit_shape_of(const struct visit_service *services, size_t count, struct visit_shape *ret);

/*
 * The visit lasts `length_s` instead: its last stretch of work takes the difference, and what comes
 * behind it (processing, the buffer after, the rooms' ends) moves along. The stretch begins at
 * `floor_s` at the earliest, where the last service does, so the services before keep their time.
 * False, and nothing is changed: less than WORK_MIN_S would be left of it.
 */
enum { WORK_MIN_S = 300 };
bool visit_shape_stretch(struct visit_shape *v, int64_t floor_s, int64_t length_s);

/* ---- offering ---- */

/* What one question may span. The step is 1 … 1440 minutes. */
enum {
    SLOT_DAYS_MAX = 62,
    SLOT_PERSONS_MAX = 200,
    SLOT_THINGS_MAX = VISIT_NEEDS_MAX * NEED_CHOICES_MAX,
};

struct person {
    int64_t id;        /* resource id of the member of staff */
    struct spans open; /* own working time (weekly hours less time off), normalised; no holds */
    struct spans busy; /* active holds, sorted and disjoint, may touch */
    int64_t booked_s;  /* work already held in the fairness window, to choose among several */
};

struct thing { /* a room or device */
    int64_t id;
    struct spans busy; /* as a person's */
};

/*
 * Why a start is not offered. They stand in the order in which a start is judged, the hardest
 * first: the first gate that it does not pass is its reason, and the reason that comes last in this
 * list is the one that says most about an empty day.
 */
enum slot_reason {
    SLOT_OK,
    SLOT_OFF_GRID,      /* not on the step grid (judging one start only) */
    SLOT_NO_STAFF,      /* nobody performs it at all */
    SLOT_CLOSED,        /* the business is closed for part of the visit */
    SLOT_STAFF_OFF,     /* nobody who performs it works then */
    SLOT_TOO_SOON,      /* before now + notice, or in the past */
    SLOT_TOO_FAR,       /* after the horizon */
    SLOT_OUT_OF_STOCK,  /* a material is short */
    SLOT_STAFF_BUSY,    /* those who work are held */
    SLOT_RESOURCE_BUSY, /* a person is free but no room or device */
    SLOT_GATE, /* something has to come first for this client (gate/gate.h); never said here */
    SLOT_REASON__MAX
};

extern const char *const slot_reason_codes[]; /* NULL-terminated, in the enum's order */

struct slot_rules {
    const struct tz *tz;
    int step_min;
    int64_t now_s;                /* a start before it is too soon; INT64_MIN to ignore */
    int64_t earliest_s;           /* now + notice; INT64_MIN to ignore */
    int64_t last_date;            /* last local date of the horizon; INT64_MAX to ignore */
    struct spans business_open;   /* normalised */
    size_t person_count;          /* at most SLOT_PERSONS_MAX */
    const struct person *persons; /* those who perform all services of the visit, by id */
    size_t thing_count;           /* at most SLOT_THINGS_MAX */
    const struct thing *things;   /* sorted by id; a choice that is missing here is never free */
    bool out_of_stock;
};

struct slot {
    int64_t start_s;
    enum slot_reason reason;  /* SLOT_OK: offered */
    size_t staff_count;       /* who could take it; 0 unless SLOT_OK */
    const int64_t *staff_ids; /* in order of id; neighbours may share one list */
};

/*
 * `reason` of a day without an offered start (SLOT_OK where there is one):
 *
 *     SLOT_CLOSED        no start at which the business is open for the whole visit and somebody
 *                        who performs it works: closed, on leave, or too short a day
 *     SLOT_TOO_SOON      there are such starts, all before the earliest
 *     SLOT_TOO_FAR       … after the horizon
 *     SLOT_OUT_OF_STOCK  … a material is short
 *     SLOT_STAFF_BUSY    … full: persons, rooms or devices are held
 */
struct slot_day {
    int64_t date;
    size_t count;
    const struct slot *slots; /* offered ones; with `explain` every grid start of the day */
    enum slot_reason reason;
};

/* One entry a date, first … last (at most SLOT_DAYS_MAX). A date that the zone skips is closed. */
void slots_days(struct arena *a, const struct slot_rules *rules, const struct visit_shape *shape,
                int64_t first, int64_t last, bool explain, struct slot_day *ret_days);

/* HOURS: the business's and the persons'. POLICY: notice, past and horizon. */
enum { JUDGE_HOURS = 1, JUDGE_GRID = 2, JUDGE_POLICY = 4, JUDGE_STOCK = 8, JUDGE_ALL = 15 };

/* Judges one start under the rules named in `judge`; holds always count. Fills `ret` whole. */
enum slot_reason slot_judge(struct arena *a, const struct slot_rules *rules,
                            const struct visit_shape *shape, int64_t start_s, unsigned judge,
                            struct slot *ret);

/*
 * Chooses among the persons of an offered slot: the one whose day it fits best, that is, who is
 * left with the least time in gaps too short to use beside the visit; among near equals the one
 * with the least booked work, then the lowest id. Deterministic.
 */
int64_t slot_choose(const struct slot_rules *rules, const struct visit_shape *shape,
                    const struct slot *slot);

/*
 * Picks one free thing for each need of the visit, no thing twice at once and the preferred ones
 * where that leaves no need without; false when impossible. `ret_ids` has room for
 * shape->need_count ids and is written only on success.
 */
bool slot_assign_things(const struct slot_rules *rules, const struct visit_shape *shape,
                        int64_t start_s, int64_t *ret_ids);

#endif
