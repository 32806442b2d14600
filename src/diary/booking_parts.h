/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_parts: what the booking's own files share; nobody else includes it. */
#ifndef CAREOPS_DIARY_BOOKING_PARTS_H
#define CAREOPS_DIARY_BOOKING_PARTS_H

#include "diary/booking.h"
#include "http/route.h"

struct place_ask {
    int64_t start_s;
    unsigned judge;          /* JUDGE_… ; holds always count, stock is judged by stock_reserve */
    int64_t prefer_staff_id; /* taken where free, else the best fit */
    int64_t except_booking_id; /* whose holds do not count */
    bool offer_nearest;
};

struct place {
    int64_t start_s;
    int64_t staff_id;
    int64_t *thing_ids; /* one a need of the visit */
};

/* Whose the held time is: a booking's, or a client's who picked it and has not booked (pick.h). */
struct holder {
    int64_t booking_id;
    struct str pick_hash; /* absent for a booking */
    struct str pick_from; /* of whom, without saying who (limiter_mark); may be absent */
    int64_t expires_s;
};

enum booking_status booking_status_of(struct str name);
/* The visit that a booking is, from today's catalogue (retired services included). staff_id 0:
 * anyone. */
enum result booking_visit(struct work *w, const struct workspace *ws, const struct booking *b,
                          int64_t staff_id, struct visit *ret) must_check;
/* The same, with the time that its own holds have, also where the menu has it still. */
enum result booking_visit_kept(struct work *w, const struct workspace *ws, const struct booking *b,
                               int64_t staff_id, struct visit *ret) must_check;
/* One hold of a booking, as the database has it. */
struct held {
    int64_t resource_id;
    struct span at;
};
/* The same as booking_visit, of exactly these holds; `exact`: in these rooms and no others. */
enum result booking_visit_as_held(struct work *w, const struct workspace *ws,
                                  const struct booking *b, const struct held *holds, size_t count,
                                  bool exact, struct visit *ret) must_check;
/* All holds of a booking, active or given back, by their start. */
enum result booking_holds(struct work *w, int64_t booking_id, struct held **ret,
                          size_t *ret_count) must_check;
/* Where `res` says that the person of `b` does not perform it any more: the same as CONFLICT
 * slot_taken, since nothing in the request is wrong. Else `res`. */
enum result booking_refuse_person(struct work *w, const struct booking *b,
                                  enum result res) must_check;
/* What reserved lines an open booking has; in the arena. */
size_t booking_reserved(struct work *w, const struct booking *b, struct stock_line **ret);

/* The visit is then theirs who take it (visit_settle). CONFLICT slot_taken where there is none.
 * Removes the picks that have run out first, so the caller holds diary_lock() and writes. */
enum result booking_find_place(struct work *w, struct visit *v, const struct place_ask *ask,
                               struct place *ret) must_check;
/* The rows of a new one, its services and its materials. */
enum result booking_insert(struct work *w, const struct visit *v,
                           const struct booking *b) must_check;
/* Takes the place. CONFLICT by the database's own word (hold_no_overlap). */
enum result place_hold(struct work *w, const struct holder *holder, const struct visit *v,
                       const struct place *at) must_check;
/* Replaces all holds of the booking. */
enum result booking_hold(struct work *w, int64_t booking_id, const struct visit *v,
                         const struct place *at) must_check;
/* Mints a link for the client; only its hash is kept. */
enum result booking_link(struct work *w, int64_t booking_id, struct str *ret_url) must_check;
/* CONFLICT invalid_transition: "A cancelled booking cannot be moved. …" */
enum result booking_refuse_transition(struct work *w, const struct booking *b,
                                      const char *verb) must_check;

/* GET /bookings, in booking_list.c, and the same as a table, in booking_export.c. */
struct bookings_query {
    struct opt_int limit;
    struct str cursor, from, to;
    struct opt_int staff_id, client_id, status;
    struct opt_bool unstaffed, unmarked;
    struct opt_int gates, service_id, resource_id, sort;
    struct str q;
};
extern const struct shape bookings_query_shape, bookings_export_query_shape;
enum result booking_list(struct request *rq, struct work *w) must_check;
enum result booking_export(struct request *rq, struct work *w) must_check;
/* The question as a walk, cut down to what the caller may see; *ret_none where nothing can fit. */
struct booking_walk;
enum result bookings_walk_of(struct work *w, const struct bookings_query *in, const struct tz *tz,
                             struct booking_walk *ret, bool *ret_none) must_check;

struct ics_event;
/* The visit as a calendar entry: UID stable, SEQUENCE the booking's revision. In booking_tell.c. */
void booking_event(struct work *w, const struct workspace *ws, const struct booking *b,
                   struct str url, struct ics_event *ret);

/* What every letter about a booking says of the business and of the visit; in the arena. */
struct letter_business;
struct letter_booking;
void booking_describe(struct work *w, const struct workspace *ws, const struct booking *b,
                      struct letter_business *ret_business, struct letter_booking *ret_visit);

/*
 * What is due by time for the booking as it is now: the reminder and the visit's end while it is
 * open, the thanks once it is completed; and what its services ask for (gate/gate.h) looked at
 * again for all open bookings of its client. The last step of each change, in booking_plan.c;
 * `gates_ok` is as it is then.
 */
enum result booking_settle(struct work *w, struct booking *b) must_check;

enum tell { TELL_CREATED, TELL_CONFIRMED, TELL_RESCHEDULED, TELL_CANCELLED, TELL_RESTORED };
/* Queues the messages that this change causes. `previous_start_s`: where a rescheduled visit was,
 * else 0. `quiet`: none, but those of earlier changes that wait are taken back all the same. */
enum result booking_tell(struct work *w, const struct workspace *ws, const struct booking *b,
                         enum tell what, int64_t previous_start_s, bool quiet) must_check;

#endif
