/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox_list: what was queued about a booking, for its history and its list of messages. Reads
 * only; the rules of the rows are outbox.h's. */
#ifndef CAREOPS_MESSAGE_OUTBOX_LIST_H
#define CAREOPS_MESSAGE_OUTBOX_LIST_H

#include "db/work.h"

struct outbox_entry {
    int64_t id, created_s, due_s, attempts;
    struct opt_int sent_s, delivery_s, booking_id;
    struct str kind, to_address, subject, status, last_error;
    struct str reason, delivery, told_by; /* may be absent */
    bool to_client, untold;
};

/* Oldest first, at most `limit`. */
enum result outbox_of_booking(struct work *w, int64_t booking_id, int limit,
                              struct outbox_entry **ret, size_t *ret_count) must_check;
/* What went to a client, or was meant to, newest first: those below an id, at most `limit`. */
enum result outbox_of_client(struct work *w, int64_t client_id, int64_t below_id, int limit,
                             struct outbox_entry **ret, size_t *ret_count) must_check;

#endif
