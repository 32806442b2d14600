/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailer_queue: the mailer's two transactions: claiming due rows and recording outcomes.
 *
 * A claim moves a row's due time to the end of its lease, so that the index on due times alone
 * keeps others off it, and a row whose claimer died is due again by itself. A row found with a
 * lease owner is such a one.
 */
#ifndef CAREOPS_MESSAGE_MAILER_QUEUE_H
#define CAREOPS_MESSAGE_MAILER_QUEUE_H

#include "db/db.h"
#include "message/retry_rules.h"

enum { LEASE_OWNER_TEXT = 48, KIND_TEXT = 48 };

struct claimed_row {
    int64_t workspace_id, id;
    int64_t attempts; /* with the one to come */
    int64_t first_attempt_s;
    bool unknown_before;
    struct str kind, to_name, to_address, from_name, reply_to, subject, body_text, body_html;
    struct str calendar, calendar_method, message_id;
    int64_t created_s;
};

struct claim {
    const char *owner; /* new for each claim */
    int64_t now_s, lease_s;
    int64_t remembers_keys_s;
    size_t max;
    /* filled: */
    struct claimed_row rows[MAIL_CAPACITY];
    size_t count;
    size_t forgotten; /* parked as failed: unknown for longer than the key is remembered */
};

/* At most `max` due rows, oldest first; what they hold lives in the arena. */
enum result queue_claim(struct db *db, struct arena *a, struct claim *c) must_check;

struct outcome {
    int64_t workspace_id, id;
    const char *owner;
    bool secret; /* its words are wiped once it is sent or has failed for good */
    const char *provider_id;
    struct decision decision;
};

/*
 * "Sent" is recorded whoever holds the row by now, since it is true; anything else only while
 * `owner` still does.
 */
enum result queue_record(struct db *db, struct arena *a, int64_t now_s,
                         const struct outcome *outcomes, size_t count) must_check;

#endif
