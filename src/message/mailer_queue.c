/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mailer_queue: the SQL of the mailer. See mailer_queue.h. */
#include "message/mailer_queue.h"

#include "message/delivery.h"
#include "message/letter.h"
#include "message/mail_rate.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Urgent, usual, many. */
enum { CLOCKS_DIFFER_S = 60, PRIORITIES = 3, MS_PER_S = 1000, AHEAD_MAX_S = 24 * 3600 };

#define DUE_ROWS                                                                              \
    "SELECT workspace_id, id, attempts, first_attempt_s, outcome_unknown, lease_owner, kind," \
    " to_name, to_address, from_name, reply_to, subject, body_text, body_html, calendar,"     \
    " calendar_method, message_id, created_s, booking_id, unsubscribe_url,"                   \
    " (SELECT m.provider FROM workspace_mail m"                                               \
    "  WHERE m.workspace_id = message.workspace_id),"                                         \
    " (SELECT m.changed_s FROM workspace_mail m"                                              \
    "  WHERE m.workspace_id = message.workspace_id)"                                          \
    " FROM message WHERE status = 'queued' AND priority = $1 AND due_s <= $2"                 \
    " ORDER BY due_s, id LIMIT $3"

static struct claimed_row read_row(const struct db_rows *rows, size_t i, const struct claim *c)
{
    struct opt_int first = db_opt_int(rows, i, 3);
    int64_t now_s = c->now_ms / MS_PER_S;
    /* Who held the lease died, perhaps after the provider had taken the message. Without keys to
       tell, that is just another try: SMTP promises at least once. */
    bool resend = str_is(db_str(rows, i, 20), "resend");
    int64_t remembers_keys_s = c->own ? mail_route_memory_s(resend) : c->remembers_keys_s;
    bool died = !db_is_null(rows, i, 5) && remembers_keys_s > 0;
    return (struct claimed_row){
        .workspace_id = db_int(rows, i, 0),
        .id = db_int(rows, i, 1),
        .attempts = db_int(rows, i, 2) + 1,
        .first_attempt_s = retry_first_attempt_s(first, now_s),
        .unknown_before = db_int(rows, i, 4) != 0 || died,
        .kind = db_str(rows, i, 6),
        .to_name = db_str(rows, i, 7),
        .to_address = db_str(rows, i, 8),
        .from_name = db_str(rows, i, 9),
        .reply_to = db_str(rows, i, 10),
        .subject = db_str(rows, i, 11),
        .body_text = db_str(rows, i, 12),
        .body_html = db_str(rows, i, 13),
        .calendar = db_str(rows, i, 14),
        .calendar_method = db_str(rows, i, 15),
        .message_id = db_str(rows, i, 16),
        .created_s = db_int(rows, i, 17),
        .booking_id = db_int(rows, i, 18),
        .unsubscribe_url = db_str(rows, i, 19),
        .remembers_keys_s = remembers_keys_s,
    };
}

static enum result take_lease(struct db_tx *tx, const struct claim *c, const struct claimed_row *r)
{
    return db_exec(tx,
                   "UPDATE message SET due_s = $3, lease_until_s = $3, lease_owner = $4,"
                   " attempts = $5, first_attempt_s = $6, outcome_unknown = $7,"
                   " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(c->now_ms / MS_PER_S + c->lease_s),
                   db_z(c->owner), db_i(r->attempts), db_i(r->first_attempt_s),
                   db_i(r->unknown_before));
}

static enum result park(struct db_tx *tx, const struct claimed_row *r, const char *why)
{
    return db_exec(tx,
                   "UPDATE message SET status = 'failed', outcome_unknown = 1, lease_owner = NULL,"
                   " lease_until_s = 0, version = version + 1,"
                   " untold = CASE WHEN matters_until_s IS NOT NULL AND told_s IS NULL THEN 1"
                   " ELSE untold END,"
                   " body_text = CASE WHEN $3 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $3 = 1 THEN NULL ELSE body_html END,"
                   " last_error = $4 WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(letter_is_secret(r->kind)), db_z(why));
}

/*
 * A message that did not arrive at once may come to be tried again behind a later one about the
 * same visit, and its reader would be left with what is no longer so. It is not tried again then.
 * Later by its revision, with which the occurrence begins; ids may lie after a clock that ran
 * ahead.
 */
static enum result drop_overtaken(struct db_tx *tx, const struct claimed_row *r, bool *ret)
{
    int64_t changed = 0;
    *ret = false;
    if (r->attempts <= 1 || r->booking_id == 0)
        return OK;
    enum result result =
        db_count(tx, &changed,
                 "UPDATE message SET status = 'suppressed', reason = 'superseded', untold = 0,"
                 " outcome_unknown = $5, lease_owner = NULL, lease_until_s = 0,"
                 " version = version + 1"
                 " WHERE workspace_id = $1 AND id = $2 AND tells_staff_id IS NOT NULL AND EXISTS"
                 " (SELECT 1 FROM message n WHERE n.workspace_id = $1 AND n.booking_id = $3"
                 " AND n.to_address = $4 AND n.tells_staff_id IS NOT NULL"
                 " AND (LENGTH(n.occurrence) > LENGTH(message.occurrence)"
                 " OR (LENGTH(n.occurrence) = LENGTH(message.occurrence)"
                 " AND n.occurrence > message.occurrence))"
                 " AND n.status IN ('queued', 'sent')"
                 " AND CASE WHEN n.kind LIKE 'owner%' THEN 1 ELSE 0 END"
                 " = CASE WHEN message.kind LIKE 'owner%' THEN 1 ELSE 0 END)",
                 db_i(r->workspace_id), db_i(r->id), db_i(r->booking_id), db_s(r->to_address),
                 db_i(r->unknown_before));
    *ret = changed > 0;
    return result;
}

/* ---- the lanes ---- */

static const char CHANGED_SERVICE[] = "It may have arrived; the mail service was changed before "
                                      "that was known.";

static enum result change_lane(struct db_tx *tx, struct claim *c, const struct claimed_row *r,
                               bool begun)
{
    c->passed++;
    if (begun)
        return park(tx, r, CHANGED_SERVICE);
    c->moved++;
    return db_exec(tx,
                   "UPDATE message SET priority = priority + $3, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(c->own ? -OWN_LANE : OWN_LANE));
}

/* Not now: its service rests, or another letter of the business goes before it. */
static enum result put_off(struct db_tx *tx, struct claim *c, const struct claimed_row *r,
                           const struct own_mail *own, int64_t due_s)
{
    int64_t now_s = c->now_ms / MS_PER_S;
    c->passed++;
    return db_exec(tx,
                   "UPDATE message SET due_s = $3, lease_owner = NULL, lease_until_s = 0,"
                   " outcome_unknown = $4, last_error = COALESCE($5, last_error),"
                   " untold = CASE WHEN matters_until_s IS NOT NULL AND told_s IS NULL"
                   " AND created_s < $6 THEN 1 ELSE untold END, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(due_s), db_i(r->unknown_before),
                   db_s(own->rest_until_s > now_s ? own->last_error : (struct str){0}),
                   db_i(now_s - QUEUE_UNTOLD_AFTER_S));
}

static bool is_busy(const struct claim *c, int64_t workspace_id)
{
    for (size_t i = 0; i < c->busy_count; i++)
        if (c->busy[i] == workspace_id)
            return true;
    return false;
}

/*
 * One letter a second and business, and none while another of its letters is in the air: so a
 * service that hangs or a thousand letters of one business keep no other's from leaving. Each
 * letter that has to wait is given its own second, so that it is looked at about once.
 */
static enum result take_turn(struct db_tx *tx, struct claim *c, struct claimed_row *r, bool *ret)
{
    int64_t now_s = c->now_ms / MS_PER_S;
    struct own_mail *own = arena_new(db_arena(tx), struct own_mail);
    enum result result = own_mail_load(tx, r->workspace_id, own);
    if (result != OK)
        return result;
    /* A time further ahead than can be was written by a clock that went back since. */
    int64_t free_s = own->free_s > now_s + 1 ? now_s : own->free_s;
    int64_t tail_s = own->tail_s > now_s + AHEAD_MAX_S ? now_s : own->tail_s;
    bool rests = own->rest_until_s > now_s && own->rest_until_s < now_s + AHEAD_MAX_S;
    bool wait = rests || free_s > now_s || is_busy(c, r->workspace_id);
    if (!wait)
        free_s = now_s + 1;
    else if (tail_s < (rests ? own->rest_until_s : now_s + 1))
        tail_s = rests ? own->rest_until_s : now_s + 1;
    else
        tail_s++;
    result = own_mail_turn(tx, r->workspace_id, free_s, tail_s);
    if (result == OK && wait)
        result = put_off(tx, c, r, own, tail_s);
    r->own = own;
    *ret = !wait;
    return result;
}

/* Whether it is this mailer's to send now. */
static enum result find_lane(struct db_tx *tx, struct claim *c, struct claimed_row *r,
                             const struct db_rows *rows, size_t i, bool *ret)
{
    struct str provider = db_str(rows, i, 20);
    bool own = provider.ptr && !str_is(provider, "server");
    bool changed = provider.ptr && db_int(rows, i, 21) >= r->first_attempt_s;
    bool attempted = db_opt_int(rows, i, 3).set;
    *ret = false;
    if (own != c->own)
        return change_lane(tx, c, r, r->unknown_before || !db_is_null(rows, i, 5));
    if (attempted && changed && r->unknown_before) {
        c->passed++;
        return park(tx, r, CHANGED_SERVICE);
    }
    if (own)
        return take_turn(tx, c, r, ret);
    *ret = true;
    return OK;
}

/* The due rows of one priority, as many as there is room for; those that can never be sent again
 * are parked. The rows are locked, so nobody else finds them before this is over. */
static enum result find_due(struct db_tx *tx, struct claim *c, int64_t priority)
{
    struct db_rows rows;
    struct db_reach before = db_across(tx, "the mailer sends what is due, whoever wrote it");
    size_t room = c->max - c->count - c->forgotten - c->passed;
    int64_t now_s = c->now_ms / MS_PER_S;
    enum result result =
        db_query(tx, &rows, db_sql(tx, DUE_ROWS, DUE_ROWS " FOR UPDATE SKIP LOCKED"),
                 db_i(priority), db_i(now_s), db_i((int64_t)room));
    db_back(tx, before);
    for (size_t i = 0; result == OK && i < rows.count; i++) {
        struct claimed_row r = read_row(&rows, i, c);
        bool overtaken, ours;
        db_tenant(tx, r.workspace_id);
        result = drop_overtaken(tx, &r, &overtaken);
        if (result == OK && !overtaken)
            result = find_lane(tx, c, &r, &rows, i, &ours);
        if (result != OK || overtaken || !ours)
            continue;
        if (!retry_key_forgotten(r.unknown_before, r.first_attempt_s, now_s, r.remembers_keys_s)) {
            c->rows[c->count++] = r;
            continue;
        }
        result = park(tx, &r, "It may have arrived; the outcome stayed unknown too long.");
        c->forgotten++;
    }
    return result;
}

/* The number is written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
static enum result bring_far(struct db_tx *tx, struct claim *c, const char *ours, int64_t priority)
{
    int64_t changed = 0;
    int64_t now_s = c->now_ms / MS_PER_S;
    enum result result =
        db_count(tx, &changed,
                 "UPDATE message SET due_s = $1, version = version + 1"
                 " WHERE status = 'queued' AND (workspace_id, id) IN"
                 " (SELECT workspace_id, id FROM message WHERE status = 'queued'"
                 " AND priority = $2 AND due_s > $3"
                 " AND (lease_owner IS NULL OR lease_owner NOT LIKE $4)"
                 " ORDER BY due_s, id LIMIT 500)",
                 db_i(now_s), db_i(priority), db_i(now_s + RETRY_AHEAD_MAX_S), db_z(ours));
    c->brought_back += changed;
    return result;
}

/*
 * Those that were begun in what is the future by now. They may be due within a day and so not far,
 * but by then the provider would have forgotten the key of a message whose outcome is unknown. A
 * minute is left to the clocks of several programs.
 */
static enum result bring_begun(struct db_tx *tx, struct claim *c, const char *ours)
{
    int64_t changed = 0;
    int64_t now_s = c->now_ms / MS_PER_S;
    enum result result =
        db_count(tx, &changed,
                 "UPDATE message SET due_s = $1, first_attempt_s = $1, version = version + 1"
                 " WHERE status = 'queued' AND (workspace_id, id) IN"
                 " (SELECT workspace_id, id FROM message WHERE status = 'queued'"
                 " AND first_attempt_s IS NOT NULL AND first_attempt_s > $2"
                 " AND (lease_owner IS NULL OR lease_owner NOT LIKE $3)"
                 " ORDER BY first_attempt_s, id LIMIT 500)",
                 db_i(now_s), db_i(now_s + CLOCKS_DIFFER_S), db_z(ours));
    c->brought_back += changed;
    return result;
}

/* What this process has in the air is left to it: its owner begins with the process's own name. */
static enum result bring_back(struct db_tx *tx, struct claim *c)
{
    char ours[LEASE_OWNER_TEXT + 2];
    snprintf(ours, sizeof ours, "%.*s.%%", (int)strcspn(c->owner, "."), c->owner);
    struct db_reach before = db_across(tx, "whose clock went back is nobody's in particular");
    enum result result = bring_begun(tx, c, ours);
    for (int64_t p = 0; result == OK && p < PRIORITIES; p++)
        result = bring_far(tx, c, ours, p + (c->own ? OWN_LANE : 0));
    db_back(tx, before);
    return result;
}

static enum result lease_all(struct db_tx *tx, struct claim *c)
{
    enum result result = OK;
    size_t taken = c->count;
    if (c->per_second > 0 && c->count > 0)
        result = mail_rate_take(tx, c->provider, c->per_second, c->now_ms, c->count, &taken,
                                &c->wait_ms);
    if (result == OK)
        c->count = taken;
    for (size_t i = 0; result == OK && i < c->count; i++) {
        db_tenant(tx, c->rows[i].workspace_id);
        result = take_lease(tx, c, &c->rows[i]);
    }
    return result;
}

static enum result claim_in(struct db_tx *tx, void *arg)
{
    struct claim *c = arg;
    c->count = 0;
    c->forgotten = 0;
    c->passed = 0;
    c->moved = 0;
    c->brought_back = 0;
    c->wait_ms = 0;
    enum result result = c->look_far ? bring_back(tx, c) : OK;
    for (int64_t p = 0;
         result == OK && p < PRIORITIES && c->count + c->forgotten + c->passed < c->max; p++)
        result = find_due(tx, c, p + (c->own ? OWN_LANE : 0));
    return result == OK ? lease_all(tx, c) : result;
}

enum result queue_claim(struct db *db, struct arena *a, struct claim *c)
{
    assert(c->max <= MAIL_CAPACITY);
    return db_transact(db, a, NULL, claim_in, c);
}

/* ---- outcomes ---- */

static struct db_value text_or_null(const char *text)
{
    return *text ? db_z(text) : db_s((struct str){0});
}

static enum result record_sent(struct db_tx *tx, int64_t now_s, const struct outcome *o)
{
    enum result result = db_exec(
        tx,
        "UPDATE message SET status = 'sent', sent_s = $3, delivery = 'accepted', delivery_s = $3,"
        /* its client may have been erased while it was on its way */
        " provider_id = CASE WHEN to_address = '' THEN NULL ELSE $4 END,"
        " provider_word = CASE WHEN to_address = '' THEN NULL ELSE $6 END, untold = 0,"
        " last_error = NULL, reason = NULL, outcome_unknown = 0, lease_owner = NULL,"
        " lease_until_s = 0, version = version + 1,"
        " body_text = CASE WHEN $5 = 1 THEN '' ELSE body_text END,"
        " body_html = CASE WHEN $5 = 1 THEN NULL ELSE body_html END"
        " WHERE workspace_id = $1 AND id = $2 AND status <> 'sent'",
        db_i(o->workspace_id), db_i(o->id), db_i(now_s), text_or_null(o->provider_id),
        db_i(o->secret), text_or_null(o->provider_word));
    return result == OK
               ? delivery_overtake(tx, o->workspace_id, o->id, o->booking_id, o->to_address)
               : result;
}

static enum result record_unsent(struct db_tx *tx, int64_t now_s, const struct outcome *o)
{
    const struct decision *d = &o->decision;
    bool again = d->end == ROW_AGAIN;
    return db_exec(tx,
                   "UPDATE message SET status = $4, due_s = $5, last_error = $6,"
                   " outcome_unknown = $7, lease_owner = NULL, lease_until_s = 0,"
                   " version = version + 1, provider_word = $9,"
                   " untold = CASE WHEN matters_until_s IS NOT NULL AND told_s IS NULL"
                   " AND ($4 = 'failed' OR created_s < $10) THEN 1 ELSE untold END,"
                   " body_text = CASE WHEN $8 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $8 = 1 THEN NULL ELSE body_html END"
                   " WHERE workspace_id = $1 AND id = $2 AND lease_owner = $3"
                   " AND status = 'queued'",
                   db_i(o->workspace_id), db_i(o->id), db_z(o->owner),
                   db_z(again ? "queued" : "failed"), db_i(again ? d->due_s : now_s),
                   db_z(d->error), db_i(d->unknown), db_i(o->secret && !again),
                   text_or_null(o->provider_word), db_i(now_s - QUEUE_UNTOLD_AFTER_S));
}

static enum result record_in(struct db_tx *tx, void *arg)
{
    const struct recording *r = arg;
    int64_t now_s = r->now_ms / MS_PER_S;
    enum result result = OK;
    for (size_t i = 0; result == OK && i < r->count; i++) {
        const struct outcome *o = &r->outcomes[i];
        db_tenant(tx, o->workspace_id);
        result =
            o->decision.end == ROW_SENT ? record_sent(tx, now_s, o) : record_unsent(tx, now_s, o);
        if (result == OK && o->own)
            result = own_mail_note(tx, o->workspace_id, now_s, o->outcome, o->retry_after_s,
                                   o->decision.error);
    }
    if (result == OK && r->paused_provider)
        result = mail_rate_pause(tx, r->paused_provider, r->now_ms, r->paused_for_ms);
    return result;
}

enum result queue_record(struct db *db, struct arena *a, const struct recording *r)
{
    struct recording copy = *r;
    return db_transact(db, a, NULL, record_in, &copy);
}
