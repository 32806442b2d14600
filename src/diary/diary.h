/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * diary: the route tables of bookings, of the public page and of the client's own link.
 */
#ifndef CAREOPS_DIARY_DIARY_H
#define CAREOPS_DIARY_DIARY_H

#include "http/route.h"

extern const struct route_table booking_table;  /* owner and staff */
extern const struct route_table public_table;   /* /public/{slug}… */
extern const struct route_table pick_table;     /* /public/{slug}/holds… */
extern const struct route_table calendar_table; /* /calendar… */
extern const struct route_table manage_table;   /* /public/manage/{token}… */

/* Every audit event and message of a booking, oldest first. In history.c. */
extern const struct shape history_entry_shape;
struct booking;
enum result history_answer(struct request *rq, struct work *w, const struct booking *b) must_check;

/* What its client was told, will be and was not. In booking_messages.c. */
extern const struct shape booking_message_shape;
enum result booking_messages_answer(struct request *rq, struct work *w,
                                    int64_t booking_id) must_check;
/* The same of a client altogether: what is to come first, then newest first, in pages. */
extern const struct shape client_messages_query_shape;
enum result client_messages(struct request *rq, struct work *w) must_check;

/* The caller's own visits of today, {date, data: as GET /bookings lists them}: the staff's page has
 * them in its shell. */
enum result diary_own_day_json(struct work *w, struct str *ret) must_check;

#endif
