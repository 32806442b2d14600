/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox: putting messages in and taking them back. See outbox.h. */
#include "message/outbox.h"

#include "base/app.h"
#include "base/seeded.h"
#include "mail/mail.h"
#include "message/mailer.h"
#include "message/mailer_queue.h"

#include <assert.h>

enum { OCCURRENCE_MAX = 300, KIND_MAX = 40, BELIEF_ROWS = 20 };

const char *const outbox_status_names[] = {"queued", "sent", "failed", "suppressed", NULL};

static const char NO_ADDRESS[] = "The e-mail address is not one.";

static struct str or_empty(struct str s)
{
    return s.ptr ? s : STR("");
}

static struct db_value or_null(int64_t id)
{
    return id ? db_i(id) : db_null();
}

#ifdef CAREOPS_SEEDED
static void send_early(struct work *w, const struct outbox_message *m, int64_t id,
                       struct str message_id)
{
    struct claimed_row row = {
        .workspace_id = w->actor.workspace_id,
        .id = id,
        .attempts = 1,
        .first_attempt_s = w->now_s,
        .kind = str_of(m->kind),
        .to_name = or_empty(m->to_name),
        .to_address = or_empty(m->to_address),
        .from_name = or_empty(m->from_name),
        .reply_to = or_empty(m->reply_to),
        .subject = m->subject,
        .body_text = m->body_text,
        .body_html = m->body_html,
        .calendar = m->calendar,
        .calendar_method = m->calendar_method,
        .message_id = message_id,
        .created_s = w->now_s,
        .booking_id = m->booking_id,
        .unsubscribe_url = m->unsubscribe_url,
    };
    mailer_send_early(w->app->mailer, &row);
}
#endif

/* Looked at by the statement itself, whoever wants the letter written. */
#define IS_SAMPLE \
    "EXISTS (SELECT 1 FROM client c WHERE c.workspace_id = $1 AND c.id = $20 AND c.sample = 1)"

enum result outbox_put(struct work *w, const struct outbox_message *m)
{
    assert(w->actor.workspace_id != 0);
    assert(m->occurrence.len <= OCCURRENCE_MAX && str_of(m->kind).len <= KIND_MAX);
    assert(m->subject.len > 0 && m->body_text.ptr);
    bool sendable = mail_address_ok(m->to_address);
    const char *status = m->withheld ? "suppressed" : sendable ? "queued" : "failed";
    bool matters = m->matters_until_s != 0;
    uint64_t chance;
    env_random(w->env, &chance, sizeof chance);
    int64_t id = env_id(w->env);
    if (m->ret_id)
        *m->ret_id = id;
    /* The part before the @; the mailer adds its own domain. Unguessable, since replies quote it.
     */
    struct str message_id =
        str_printf(w->arena, "%lld.%016llx", (long long)id, (unsigned long long)chance);

#ifdef CAREOPS_SEEDED
    bool now = sendable && !m->withheld && m->not_before_s <= w->now_s;
    if (SEEDED(MAIL_BEFORE_COMMIT) && now && w->app && w->app->mailer)
        send_early(w, m, id, message_id);
#endif
    enum result result = db_exec(
        w->tx,
        "INSERT INTO message (workspace_id, id, kind, subject_id, occurrence, to_name, to_address,"
        " from_name, reply_to, subject, body_text, body_html, calendar, calendar_method,"
        " message_id, status, last_error, due_s, booking_id, client_id, created_s, priority,"
        " reason, tells_start_s, tells_staff_id, unsubscribe_url, matters_until_s, untold)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
        " CASE WHEN " IS_SAMPLE " THEN 'suppressed' ELSE $16 END, $17, $18,"
        " $19, $20, $21, $22, CASE WHEN " IS_SAMPLE " THEN 'sample' ELSE $23 END, $24, $25, $26,"
        " $27, $28)"
        " ON CONFLICT (workspace_id, kind, subject_id, occurrence) DO NOTHING",
        db_i(w->actor.workspace_id), db_i(id), db_z(m->kind), db_i(m->subject_id),
        db_s(or_empty(m->occurrence)), db_s(or_empty(m->to_name)), db_s(or_empty(m->to_address)),
        db_s(or_empty(m->from_name)), db_s(or_empty(m->reply_to)), db_s(m->subject),
        db_s(m->body_text), db_s(m->body_html), db_s(m->calendar), db_s(m->calendar_method),
        db_s(message_id), db_z(status), m->withheld || sendable ? db_null() : db_z(NO_ADDRESS),
        db_i(m->not_before_s ? m->not_before_s : w->now_s), or_null(m->booking_id),
        or_null(m->client_id), db_i(w->now_s), db_i(m->priority),
        m->withheld ? db_z(m->withheld) : db_null(), or_null(m->tells ? m->tells_start_s : 0),
        or_null(m->tells ? m->tells_staff_id : 0),
        m->unsubscribe_url.len ? db_s(m->unsubscribe_url) : db_null(), or_null(m->matters_until_s),
        db_i(matters && !sendable));
    if (result == OK && w->app && w->app->mailer)
        db_after_commit(w->tx, mailer_wake, w->app->mailer);
    return result;
}

enum result outbox_supersede(struct work *w, int64_t booking_id, bool all)
{
    return db_exec(w->tx,
                   "UPDATE message SET status = 'suppressed', untold = 0, version = version + 1,"
                   " reason = CASE WHEN $3 = 1 THEN 'cancelled' ELSE 'superseded' END"
                   " WHERE workspace_id = $1 AND booking_id = $2"
                   " AND ((status = 'queued' AND ($3 = 1 OR (tells_staff_id IS NOT NULL"
                   " AND (attempts > 0 OR due_s > $4))))"
                   " OR (status = 'suppressed' AND untold = 1))",
                   db_i(w->actor.workspace_id), db_i(booking_id), db_i(all), db_i(w->now_s));
}

enum result outbox_hush(struct work *w, int64_t booking_id, int64_t *ret_count)
{
    return db_count(w->tx, ret_count,
                    "UPDATE message SET status = 'suppressed', untold = 0, version = version + 1,"
                    " reason = 'hushed' WHERE workspace_id = $1 AND booking_id = $2"
                    " AND status = 'queued' AND tells_staff_id IS NOT NULL AND attempts = 0"
                    " AND lease_owner IS NULL AND due_s > $3",
                    db_i(w->actor.workspace_id), db_i(booking_id), db_i(w->now_s));
}

enum result outbox_take_back(struct work *w, const char *kind, int64_t subject_id, struct str keep)
{
    return db_exec(w->tx,
                   "UPDATE message SET status = 'suppressed', untold = 0, version = version + 1,"
                   " reason = 'superseded' WHERE workspace_id = $1 AND kind = $2"
                   " AND subject_id = $3 AND occurrence <> $4 AND status = 'queued'",
                   db_i(w->actor.workspace_id), db_z(kind), db_i(subject_id), db_s(keep));
}

/* The booking's revision that the message tells of: what its occurrence begins with. */
static int64_t revision_of(struct str occurrence)
{
    int64_t n = 0;
    for (size_t i = 0; i < occurrence.len && i < 12; i++) {
        if (occurrence.ptr[i] < '0' || occurrence.ptr[i] > '9')
            break;
        n = n * 10 + (occurrence.ptr[i] - '0');
    }
    return n;
}

/*
 * Puts the rows into the order of their revisions, the newest first; equal ones stay as they are.
 * Ids do not say: after a clock that ran ahead has gone back, two processes take theirs by chance.
 */
static void order_by_revision(const struct db_rows *r, size_t column, size_t *ret)
{
    for (size_t i = 0; i < r->count; i++) {
        size_t at = i;
        int64_t revision = revision_of(db_str(r, i, column));
        for (; at > 0 && revision_of(db_str(r, ret[at - 1], column)) < revision; at--)
            ret[at] = ret[at - 1];
        ret[at] = i;
    }
}

enum result outbox_belief(struct work *w, int64_t booking_id, struct str to_address, bool business,
                          struct outbox_belief *ret)
{
    struct db_rows r;
    *ret = (struct outbox_belief){0};
    enum result res =
        db_query(w->tx, &r,
                 "SELECT CASE WHEN status IN ('sent', 'queued') OR told_s IS NOT NULL THEN 1 ELSE 0"
                 " END, attempts, kind, tells_start_s, tells_staff_id,"
                 " CASE WHEN outcome_unknown = 1 OR lease_owner IS NOT NULL THEN 1 ELSE 0 END,"
                 " occurrence FROM message"
                 " WHERE workspace_id = $1 AND booking_id = $2 AND to_address = $3"
                 " AND tells_staff_id IS NOT NULL"
                 " AND CASE WHEN kind LIKE 'owner%' THEN 1 ELSE 0 END = $4"
                 " ORDER BY id DESC LIMIT $5",
                 db_i(w->actor.workspace_id), db_i(booking_id), db_s(to_address), db_i(business),
                 db_i(BELIEF_ROWS));
    size_t order[BELIEF_ROWS];
    if (res == OK)
        order_by_revision(&r, 6, order);
    for (size_t k = 0; res == OK && k < r.count && !ret->known; k++) {
        size_t i = order[k];
        struct str kind = db_str(&r, i, 2);
        if (db_int(&r, i, 0)) {
            ret->known = true;
            ret->start_s = db_opt_int(&r, i, 3).value;
            ret->staff_id = db_int(&r, i, 4);
        } else {
            ret->perhaps |= db_int(&r, i, 1) > 0;
            ret->missed |=
                str_is(kind, "booking_confirmation") || str_is(kind, "owner_new_booking");
            if (db_int(&r, i, 5))
                break; /* taken back, but it may arrive: what was told before it may not hold */
        }
    }
    return res;
}
