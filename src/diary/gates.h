/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * gates: what a visit's services ask (gate/gate.h), put to bookings and to times.
 *
 * - Booked, moved or restored for a time that is still to come: the visits that come first must be
 *   there, at least as booked ones. One that is past is written down as it was.
 * - Begun and completed, whenever: everything is done, forms too. The robot completes no other.
 * - No-shows and cancellations are never refused.
 */
#ifndef CAREOPS_DIARY_GATES_H
#define CAREOPS_DIARY_GATES_H

#include "diary/booking.h"
#include "gate/gate.h"
#include "http/route.h"

extern const struct shape gate_shape;

/* CONFLICT gate_unmet with `gates` where the booking, as it is written, may not stand there.
 * `for_anyone`: whoever asks has said no more than an address. */
enum result booking_check_gates(struct work *w, const struct booking *b,
                                bool for_anyone) must_check;
/* The same where it may not take place. */
enum result booking_require_gates(struct work *w, const struct booking *b) must_check;
/* Whether it may, for who does not want to be refused. */
enum result booking_gates_done(struct work *w, const struct booking *b, bool *ret) must_check;
/* Answers the list. */
enum result gates_answer(struct request *rq, struct work *w, const struct booking *b) must_check;

/* The forms that are missing; at most `max`. */
enum result booking_gate_forms(struct work *w, const struct booking *b, int64_t *ret_ids,
                               size_t max, size_t *ret_count) must_check;

/* ---- starts from_s … to_s for one client ---- */

struct slot_gates_ask {
    const struct workspace *ws;
    const int64_t *service_ids;
    size_t service_count;
    int64_t client_id, except_booking_id;
    int64_t from_s, to_s;
};
struct slot_gates {
    const struct tz *tz;
    size_t count;
    struct gate_rule *rules;
    struct gate_facts *facts; /* one a rule */
};
enum result slot_gates_load(struct work *w, const struct slot_gates_ask *ask,
                            struct slot_gates *ret) must_check;
/* Whether a start is refused; `in_words`: also why. */
bool slot_gates_refuse(struct arena *a, const struct slot_gates *g, int64_t start_s, bool in_words,
                       struct str *ret_why);

#endif
