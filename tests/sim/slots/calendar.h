/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * calendar: a random business for a few days round an instant, from one number: its hours, people,
 * rooms, holds and rules, and the visit that is asked for. Everything is in whole minutes, which is
 * what the reference counts in.
 */
#ifndef CAREOPS_SIM_CALENDAR_H
#define CAREOPS_SIM_CALENDAR_H

#include "diary/slots.h"

enum {
    WEEKLY_MAX = 21,
    PERSONS_MAX = 3,
    THINGS_MAX = 4,
    LIST_MAX = 8, /* holds, leaves and closures */
    SERVICES_MAX = 3,
};

struct weekly_list {
    size_t count;
    struct weekly_span items[WEEKLY_MAX];
};

struct span_list {
    size_t count;
    struct span items[LIST_MAX];
};

struct cal_person {
    int64_t id;
    struct weekly_list weekly;
    struct span_list leave;    /* in any order, may overlap */
    struct span_list busy;     /* sorted, disjoint, may touch */
    int minutes[SERVICES_MAX]; /* their own time for each service; 0: as the service has it */
};

struct cal_thing {
    int64_t id;
    struct span_list busy;
};

struct calendar {
    uint64_t seed;
    const struct tz *tz;
    int64_t first_date;
    int64_t last_date;
    int step_min;
    int64_t now_s, earliest_s, horizon_date; /* INT64_MIN, INT64_MIN, INT64_MAX: none */
    bool out_of_stock;
    struct weekly_list weekly;
    size_t closure_count;
    struct date_range closures[LIST_MAX];
    size_t person_count;
    struct cal_person persons[PERSONS_MAX];
    size_t thing_count;
    struct cal_thing things[THINGS_MAX];
    size_t service_count;
    struct visit_service services[SERVICES_MAX];
    int64_t choices[SERVICES_MAX][SERVICE_NEEDS_MAX][THINGS_MAX]; /* of the services' needs */
};

/* The same seed, zone and instant always make the same calendar. */
void calendar_make(struct calendar *ret, uint64_t seed, const struct tz *tz, int64_t near_s);

#endif
