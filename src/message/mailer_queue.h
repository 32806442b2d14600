/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailer_queue: the mailer's two transactions: claiming due rows and recording outcomes.
 *
 * A claim moves a row's due time to the end of its lease, so that the index on due times alone
 * keeps others off it, and a row whose claimer died is due again by itself. A row found with a
 * lease owner is such a one.
 *
 * The urgent (priority 0) go before the usual (1) before the many (2), however long these have been
 * due; within one priority the oldest first. Each is a range of one index: what is not due is never
 * looked at.
 *
 * Two mailers share the table (mailer.h): letters of businesses with a mail service of their own
 * stand OWN_LANE higher in `priority`, and each mailer looks at its own three numbers alone. Who
 * finds a letter in the wrong lane puts it into the other: so a letter is written without asking
 * how it will leave, and a change of the settings has nothing to rewrite. One that may have arrived
 * already by the service of before is not moved; it is parked.
 */
#ifndef CAREOPS_MESSAGE_MAILER_QUEUE_H
#define CAREOPS_MESSAGE_MAILER_QUEUE_H

#include "db/db.h"
#include "message/own_mail.h"
#include "message/retry_rules.h"

enum {
    LEASE_OWNER_TEXT = 48,
    KIND_TEXT = 48,
    QUEUE_UNTOLD_AFTER_S = 15 * 60,
    OWN_LANE = 10, /* on top of the priority */
};

struct claimed_row {
    int64_t workspace_id, id;
    int64_t attempts; /* with the one to come */
    int64_t first_attempt_s;
    bool unknown_before;
    struct str kind, to_name, to_address, from_name, reply_to, subject, body_text, body_html;
    struct str calendar, calendar_method, message_id;
    int64_t created_s;
    int64_t booking_id; /* 0: none */
    struct str unsubscribe_url;
    int64_t remembers_keys_s;   /* the service's, by which it goes */
    const struct own_mail *own; /* NULL: the program's service */
};

struct claim {
    const char *owner; /* new for each claim */
    int64_t now_ms;    /* the wall clock's */
    int64_t lease_s;
    const char *provider;
    int64_t remembers_keys_s;
    int per_second; /* the provider's, for all processes together (mail_rate.h); 0: no limit */
    size_t max;
    /* Looks also for rows that are due later than they can be: a clock that has gone back since
     * wrote them. They become due now. */
    bool look_far;
    bool own;            /* those of businesses with a service of their own; else all others */
    const int64_t *busy; /* own: businesses that this process has a letter of in the air */
    size_t busy_count;
    /* filled: */
    struct claimed_row rows[MAIL_CAPACITY];
    size_t count;
    size_t forgotten;     /* parked as failed: unknown for longer than the key is remembered */
    size_t passed;        /* put into the other lane, or off until its service is asked again */
    size_t moved;         /* of these, into the other lane */
    int64_t brought_back; /* by look_far */
    int64_t wait_ms;      /* more was due than the rate allows, until then; else 0 */
};

/* At most `max` due rows, as many as the rate allows; what they hold lives in the arena. */
enum result queue_claim(struct db *db, struct arena *a, struct claim *c) must_check;

struct outcome {
    int64_t workspace_id, id;
    const char *owner;
    bool secret; /* its words are wiped once it is sent or has failed for good */
    const char *provider_id, *provider_word; /* "": none */
    struct str to_address;
    int64_t booking_id; /* 0: none */
    struct decision decision;
    bool own; /* by the business's own service: how that fares is noted */
    enum mail_outcome outcome;
    int retry_after_s; /* as it asked, 0: it did not */
};

struct recording {
    int64_t now_ms; /* the wall clock's */
    const struct outcome *outcomes;
    size_t count;
    /* The provider asked all to wait for so long (mail_rate.h); NULL: it did not. */
    const char *paused_provider;
    int64_t paused_for_ms;
};

/*
 * "Sent" is recorded whoever holds the row by now, since it is true; anything else only while
 * `owner` still does. With it goes what is known of the reader: a message that matters and failed,
 * or has waited for more than QUEUE_UNTOLD_AFTER_S, is untold; one that was taken has overtaken
 * those before it (delivery.h).
 */
enum result queue_record(struct db *db, struct arena *a, const struct recording *r) must_check;

#endif
