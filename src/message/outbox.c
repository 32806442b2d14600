/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox: putting messages in and taking them back. See outbox.h. */
#include "message/outbox.h"

#include "base/app.h"
#include "mail/mail.h"
#include "message/mailer.h"

#include <assert.h>

enum { OCCURRENCE_MAX = 300, KIND_MAX = 40 };

const char *const outbox_status_names[] = {"queued", "sent", "failed", "suppressed", NULL};

static const char NO_ADDRESS[] = "The e-mail address is not one.";

static struct str or_empty(struct str s)
{
    return s.ptr ? s : STR("");
}

enum result outbox_put(struct work *w, const struct outbox_message *m)
{
    assert(w->actor.workspace_id != 0);
    assert(m->occurrence.len <= OCCURRENCE_MAX && str_of(m->kind).len <= KIND_MAX);
    assert(m->subject.len > 0 && m->body_text.ptr);
    bool sendable = mail_address_ok(m->to_address);
    uint64_t chance;
    env_random(w->env, &chance, sizeof chance);
    int64_t id = env_id(w->env);
    if (m->ret_id)
        *m->ret_id = id;
    /* The part before the @; the mailer adds its own domain. Unguessable, since replies quote it.
     */
    struct str message_id =
        str_printf(w->arena, "%lld.%016llx", (long long)id, (unsigned long long)chance);

    enum result result = db_exec(
        w->tx,
        "INSERT INTO message (workspace_id, id, kind, subject_id, occurrence, to_name, to_address,"
        " from_name, reply_to, subject, body_text, body_html, calendar, calendar_method,"
        " message_id, status, last_error, due_s, booking_id, client_id, created_s)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
        " $19, $20, $18)"
        " ON CONFLICT (workspace_id, kind, subject_id, occurrence) DO NOTHING",
        db_i(w->actor.workspace_id), db_i(id), db_z(m->kind), db_i(m->subject_id),
        db_s(or_empty(m->occurrence)), db_s(or_empty(m->to_name)), db_s(or_empty(m->to_address)),
        db_s(or_empty(m->from_name)), db_s(or_empty(m->reply_to)), db_s(m->subject),
        db_s(m->body_text), db_s(m->body_html), db_s(m->calendar), db_s(m->calendar_method),
        db_s(message_id), db_z(sendable ? "queued" : "failed"),
        sendable ? db_null() : db_z(NO_ADDRESS), db_i(w->now_s),
        m->booking_id ? db_i(m->booking_id) : db_null(),
        m->client_id ? db_i(m->client_id) : db_null());
    if (result == OK && w->app && w->app->mailer)
        db_after_commit(w->tx, mailer_wake, w->app->mailer);
    return result;
}

enum result outbox_suppress_booking(struct work *w, int64_t booking_id, bool stale_only)
{
    return db_exec(w->tx,
                   "UPDATE message SET status = 'suppressed', version = version + 1"
                   " WHERE workspace_id = $1 AND booking_id = $2 AND status = 'queued'"
                   " AND ($3 = 0 OR (attempts > 0 AND kind IN"
                   " ('booking_confirmation', 'booking_rescheduled', 'booking_cancelled')))",
                   db_i(w->actor.workspace_id), db_i(booking_id), db_i(stale_only));
}
