/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * outbox: every message that the business sends is a row first, written in the transaction that
 * causes it.
 *
 * Invariants: nothing leaves before that transaction is committed, and nothing committed is lost:
 * the mailer (mailer.h) delivers queued rows until they are sent, or failed for good. A row is
 * unique by (workspace, kind, subject_id, occurrence) and its words are frozen, so a cause that
 * happens twice makes one message and a retry sends the same bytes.
 *
 *     queued ──▶ sent
 *       │  ▲
 *       │  └── retry, by a person
 *       ├────▶ failed       refused, or tried for too long; last_error says why
 *       └────▶ suppressed   taken back before it was begun, or never to be sent; reason says why:
 *
 *     superseded    a later message says what holds now
 *     cancelled     the visit is off
 *     hushed        a person has said: do not tell
 *     told          a person has told them in another way
 *     paused        a person has answered
 *     unsubscribed  they want no more of these
 *     no_address    there is none
 *     sample        its client is invented: nothing of theirs is ever sent, not to the business
 * either
 *
 * A message may wait for a moment before it is due (not_before_s), so that what is undone at once
 * is not told at all.
 */
#ifndef CAREOPS_MESSAGE_OUTBOX_H
#define CAREOPS_MESSAGE_OUTBOX_H

#include "db/work.h"

extern const char *const outbox_status_names[]; /* NULL-terminated */

struct outbox_message {
    const char *kind;      /* "booking_confirmation", … (letter.h) */
    int64_t subject_id;    /* what it is about: the booking, item or user */
    struct str occurrence; /* which of several: "3", "2/anna@salon.example"; at most 300 bytes */
    struct str to_name, to_address;
    struct str subject, body_text;
    struct str body_html;                 /* absent: text only */
    struct str calendar, calendar_method; /* absent: none */
    struct str from_name;                 /* the business's */
    struct str reply_to;                  /* absent or empty: none */
    struct str unsubscribe_url;           /* for a header; absent: none */
    int64_t booking_id, client_id;        /* 0 = none */
    int priority;                         /* 0 goes before 1 before 2 */
    int64_t not_before_s;                 /* 0: at once */
    const char *withheld;  /* one of the reasons above: it is kept to be seen, never sent */
    bool tells;            /* its reader then knows of the visit's time and person: */
    int64_t tells_start_s; /* 0: that it is cancelled */
    int64_t tells_staff_id;
    int64_t
        matters_until_s; /* until then its failing is somebody's to mend (delivery.h); 0: never */
    int64_t *ret_id;     /* the row's id, for who wants to follow it; NULL: nobody */
};

/*
 * Puts it into the caller's transaction and wakes the mailer once that is durable. A second one
 * under the same key changes nothing and is OK. An address that is none makes a failed row, visible
 * to the owner, instead of failing the caller.
 */
enum result outbox_put(struct work *w, const struct outbox_message *m) must_check;

/*
 * Before a message about a booking's new state: takes back what would come behind it. That is all
 * that is queued (`all`, the visit is off), or else what waits to be due or failed so far to reach
 * its reader. One that is under way this moment ends as sent when the provider takes it, and is not
 * tried again when not.
 */
enum result outbox_supersede(struct work *w, int64_t booking_id, bool all) must_check;

/* Takes back what waits to be due about a booking's last change, since nobody shall hear of it.
 * *ret_count 0: nothing waits any more. */
enum result outbox_hush(struct work *w, int64_t booking_id, int64_t *ret_count) must_check;

/* Takes back what is queued of one kind about a subject, but the occurrence `keep`: a reminder of a
 * time that is no longer the visit's. */
enum result outbox_take_back(struct work *w, const char *kind, int64_t subject_id,
                             struct str keep) must_check;

/* What a reader believes of a booking, by the newest message that has reached them or will. */
struct outbox_belief {
    bool known;      /* and nothing that was on its way since may have arrived */
    bool perhaps;    /* not known, but something was on its way and may have arrived */
    bool missed;     /* not known, and the first word of the booking was meant for them */
    int64_t start_s; /* 0: that it is cancelled */
    int64_t staff_id;
};
/* `business`: as one of its own people, who may be a client of the same address too. */
enum result outbox_belief(struct work *w, int64_t booking_id, struct str to_address, bool business,
                          struct outbox_belief *ret) must_check;

#endif
