/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * availability: the question "when?" over HTTP, for the public page and for staff (there with
 * `explain`: why each time is not offered).
 */
#ifndef CAREOPS_DIARY_AVAILABILITY_H
#define CAREOPS_DIARY_AVAILABILITY_H

#include "diary/booking.h"

struct slot_view {
    struct opt_int start, end;
    struct str local;
    struct id_list staff_ids;
    struct str why; /* explain: why it is not offered */
    struct str message;
};
extern const struct shape slot_shape;
void slot_view_of(struct arena *a, const struct visit *v, const struct slot *slot,
                  struct slot_view *ret);

struct availability_query {
    struct id_list service_ids;
    struct opt_int staff_id, from, to;
    struct opt_int client_id;  /* staff: for whom */
    struct opt_int booking_id; /* staff: which is to be moved */
    struct opt_bool explain;
    struct str hold_token;
};
extern const struct shape availability_query_shape, availability_explain_query_shape,
    manage_availability_query_shape;
extern const struct shape availability_shape;

/* Answers {timezone, days}. */
enum result availability_answer(struct request *rq, struct work *w, const struct workspace *ws,
                                const struct availability_query *q) must_check;
/* The same for moving a booking: its services, its own holds left out, its stock already its own.
 */
enum result availability_answer_for(struct request *rq, struct work *w, const struct workspace *ws,
                                    const struct booking *b,
                                    const struct availability_query *q) must_check;

#endif
