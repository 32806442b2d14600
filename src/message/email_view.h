/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* email_view: one message as the API shows it, for the routes that answer with it. */
#ifndef CAREOPS_MESSAGE_EMAIL_VIEW_H
#define CAREOPS_MESSAGE_EMAIL_VIEW_H

#include "http/route.h"

struct email_view {
    struct opt_int id, attempts, priority, booking_id, client_id, version;
    struct opt_int created_at, due_at, sent_at, delivered_at, told_at;
    struct str kind, to, to_name, subject, status, reason, delivery, provider_word;
    struct str last_error, provider_id, told_by, text;
};
extern const struct shape email_shape;

/* The message that the path names, with its words; 404. */
enum result email_load(struct request *rq, struct work *w, struct email_view *ret) must_check;
void email_answer(struct request *rq, struct work *w, const struct email_view *v);

#endif
