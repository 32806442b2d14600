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
 *       └────▶ suppressed   taken back before it was begun
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
    int64_t booking_id, client_id;        /* 0 = none */
    int64_t *ret_id; /* the row's id, for who wants to follow it; NULL: nobody */
};

/*
 * Puts it into the caller's transaction and wakes the mailer once that is durable. A second one
 * under the same key changes nothing and is OK. An address that is none makes a failed row, visible
 * to the owner, instead of failing the caller.
 */
enum result outbox_put(struct work *w, const struct outbox_message *m) must_check;

/*
 * Takes back what is queued about a booking, before a message about its new state is put: all of
 * it, or
 * (`stale_only`) what failed to reach the client so far and would come behind the news. One that is
 * under way this moment ends as sent when the provider takes it, and is not tried again when not.
 */
enum result outbox_suppress_booking(struct work *w, int64_t booking_id, bool stale_only) must_check;

#endif
