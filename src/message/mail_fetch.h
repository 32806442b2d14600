/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail_fetch: mails that Resend has told of by its webhook and that are still to be fetched.
 *
 * A row is made in the transaction that answers the webhook, so what was answered well is not lost;
 * it goes in the transaction that takes the mail in. Between the two a worker claims it with a
 * lease. A row that is claimed counts as tried, so that a mail which ends its program is given up
 * as well.
 */
#ifndef CAREOPS_MESSAGE_MAIL_FETCH_H
#define CAREOPS_MESSAGE_MAIL_FETCH_H

#include "db/work.h"

enum {
    FETCH_LEASE_S = 300, /* longer than fetching takes */
    FETCH_GIVE_UP_S = 48 * 3600,
    FETCH_TRIES_MAX = 60,
    FETCH_BACKOFF_MIN_S = 10,
    FETCH_BACKOFF_MAX_S = 3600,
    FETCH_ID_MAX = 120,
};

/* It is there. Once for each id that waits. */
enum result mail_fetch_put(struct work *w, struct str email_id) must_check;

struct fetch_claim {
    const char *owner; /* of this claim alone */
    char email_id[FETCH_ID_MAX];
    int64_t attempts; /* with this one */
    int64_t created_s;
    bool found;
};
/* The oldest that is due; across all, since nobody's business is known yet. */
enum result mail_fetch_claim(struct db_tx *tx, int64_t now_s, struct fetch_claim *c) must_check;
/* It is in: in the transaction that takes it. CONFLICT where the lease has run out meanwhile. */
enum result mail_fetch_done(struct db_tx *tx, const struct fetch_claim *c) must_check;
/* Not yet: waits longer each time, at least `wait_s`; *ret_gave_up after FETCH_GIVE_UP_S. */
enum result mail_fetch_failed(struct db_tx *tx, int64_t now_s, const struct fetch_claim *c,
                              int64_t wait_s, const char *why, bool *ret_gave_up) must_check;

#endif
