/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * visit: a question to the diary ("these services, by this person or anyone") made ready for
 * slots.h: services, shape, materials, who may do it, and, for a window of time, everybody's open
 * time and holds. The only place that loads them, so slots and bookings cannot disagree.
 *
 * diary_lock() is taken first by every transaction that changes holds: on PostgreSQL an advisory
 * lock on the workspace, on SQLite nothing, since there is one writer. A salon's diary therefore
 * changes one booking at a time on both engines, with the same outcomes and without deadlocks;
 * other salons go on beside it.
 */
#ifndef CAREOPS_DIARY_VISIT_H
#define CAREOPS_DIARY_VISIT_H

#include "catalog/catalog.h"
#include "diary/slots.h"
#include "stock/stock.h"
#include "workspace/workspace.h"

enum { AVAILABILITY_DAYS_MAX = 62, VISIT_LENGTH_MAX_MIN = 1440, FAIRNESS_DAYS = 3 };

/* The visit as one person does it. */
struct visit_by {
    const struct visit_shape *shape; /* NULL: as the menu has it. Shared by who takes the same */
    int64_t price;
};

/*
 * Until it is known who takes it, shape and price are the menu's; visit_settle() makes it theirs.
 * `as_booked`: the time is that of an existing booking's holds, whoever takes it (as_booked.c).
 */
struct visit {
    const struct workspace *ws;
    size_t service_count;
    struct service *services;
    struct visit_shape shape;
    size_t line_count;
    struct stock_line *lines; /* materials, sorted by item */
    size_t person_count;
    int64_t *person_ids; /* active, bookable, perform every service; sorted */
    struct visit_by *by; /* one for each of person_ids */
    int64_t price;
    bool as_booked;
    struct str own_pick; /* hash of the asker's pick, which is not in their way; absent: none */
};

struct visit_ask {
    const int64_t *service_ids;
    size_t service_count;
    int64_t staff_id;  /* 0 = anyone */
    bool also_retired; /* an existing booking is moved */
};

/* Whether a service of it asks for something that comes first (gate/gate.h). */
bool visit_is_gated(const struct visit *v);

enum result diary_lock(struct work *w) must_check;

/* The visit as this person does it, who need not be one of person_ids: in the arena. */
struct visit_by visit_by(struct arena *a, const struct visit *v, int64_t staff_id);
/* It is this person's: its shape, its price and its services' become theirs. */
void visit_settle(struct arena *a, struct visit *v, int64_t staff_id);
/* How long it takes the slowest of these people; with nobody, as the menu has it or, where only one
 * person is asked for, as they do it. */
int64_t visit_longest_s(const struct visit *v, const int64_t *staff_ids, size_t count);

/* INVALID / NOT_FOUND with field errors for services that cannot be booked and for a person who
 * does not perform them. */
enum result visit_prepare(struct work *w, const struct workspace *ws, const struct visit_ask *ask,
                          struct visit *ret) must_check;

/*
 * The rules for starts on local dates first … last, with the holds of `except_booking_id` left out
 * (0 = none), and picks that have run out. `policy` false: no notice and no horizon. Stock is
 * looked at as it stands now.
 */
enum result visit_rules(struct work *w, const struct visit *v, int64_t first, int64_t last,
                        int64_t except_booking_id, bool policy, struct slot_rules *ret) must_check;

#endif
