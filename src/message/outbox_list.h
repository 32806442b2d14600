/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox_list: what was queued about a booking, for its history. Reads only; the rules of the rows
 * are outbox.h's. */
#ifndef CAREOPS_MESSAGE_OUTBOX_LIST_H
#define CAREOPS_MESSAGE_OUTBOX_LIST_H

#include "db/work.h"

struct outbox_entry {
    int64_t id, created_s, attempts;
    struct str kind, to_address, subject, status, last_error;
};

/* Oldest first, at most `limit`. */
enum result outbox_of_booking(struct work *w, int64_t booking_id, int limit,
                              struct outbox_entry **ret, size_t *ret_count) must_check;

#endif
