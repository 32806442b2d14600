/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mailer_queue: the SQL of the mailer. See mailer_queue.h. */
#include "message/mailer_queue.h"

#include "message/letter.h"

#include <assert.h>

#define DUE_ROWS                                                                              \
    "SELECT workspace_id, id, attempts, first_attempt_s, outcome_unknown, lease_owner, kind," \
    " to_name, to_address, from_name, reply_to, subject, body_text, body_html, calendar,"     \
    " calendar_method, message_id, created_s"                                                 \
    " FROM message WHERE status = 'queued' AND due_s <= $1 ORDER BY due_s, id LIMIT $2"

static struct claimed_row read_row(const struct db_rows *rows, size_t i, const struct claim *c)
{
    struct opt_int first = db_opt_int(rows, i, 3);
    /* Who held the lease died, perhaps after the provider had taken the message. Without keys to
       tell, that is just another try: SMTP promises at least once. */
    bool died = !db_is_null(rows, i, 5) && c->remembers_keys_s > 0;
    return (struct claimed_row){
        .workspace_id = db_int(rows, i, 0),
        .id = db_int(rows, i, 1),
        .attempts = db_int(rows, i, 2) + 1,
        .first_attempt_s = first.set ? first.value : c->now_s,
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
    };
}

static enum result take_lease(struct db_tx *tx, const struct claim *c, const struct claimed_row *r)
{
    return db_exec(tx,
                   "UPDATE message SET due_s = $3, lease_until_s = $3, lease_owner = $4,"
                   " attempts = $5, first_attempt_s = $6, outcome_unknown = $7,"
                   " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(c->now_s + c->lease_s), db_z(c->owner),
                   db_i(r->attempts), db_i(r->first_attempt_s), db_i(r->unknown_before));
}

static enum result park(struct db_tx *tx, const struct claimed_row *r)
{
    return db_exec(tx,
                   "UPDATE message SET status = 'failed', outcome_unknown = 1, lease_owner = NULL,"
                   " lease_until_s = 0, version = version + 1,"
                   " body_text = CASE WHEN $3 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $3 = 1 THEN NULL ELSE body_html END,"
                   " last_error = 'It may have arrived; the outcome stayed unknown too long.'"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(r->workspace_id), db_i(r->id), db_i(letter_is_secret(r->kind)));
}

static enum result claim_in(struct db_tx *tx, void *arg)
{
    struct claim *c = arg;
    c->count = 0;
    c->forgotten = 0;
    struct db_rows rows;
    struct db_reach before = db_across(tx, "the mailer sends what is due, whoever wrote it");
    enum result result =
        db_query(tx, &rows, db_sql(tx, DUE_ROWS, DUE_ROWS " FOR UPDATE SKIP LOCKED"),
                 db_i(c->now_s), db_i((int64_t)c->max));
    db_back(tx, before);
    for (size_t i = 0; result == OK && i < rows.count; i++) {
        struct claimed_row r = read_row(&rows, i, c);
        db_tenant(tx, r.workspace_id);
        if (retry_key_forgotten(r.unknown_before, r.first_attempt_s, c->now_s,
                                c->remembers_keys_s)) {
            result = park(tx, &r);
            c->forgotten++;
            continue;
        }
        result = take_lease(tx, c, &r);
        c->rows[c->count++] = r;
    }
    return result;
}

enum result queue_claim(struct db *db, struct arena *a, struct claim *c)
{
    assert(c->max <= MAIL_CAPACITY);
    return db_transact(db, a, NULL, claim_in, c);
}

/* ---- outcomes ---- */

struct recording {
    int64_t now_s;
    const struct outcome *outcomes;
    size_t count;
};

static enum result record_sent(struct db_tx *tx, int64_t now_s, const struct outcome *o)
{
    return db_exec(tx,
                   "UPDATE message SET status = 'sent', sent_s = $3, provider_id = $4,"
                   " last_error = NULL, outcome_unknown = 0, lease_owner = NULL,"
                   " lease_until_s = 0, version = version + 1,"
                   " body_text = CASE WHEN $5 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $5 = 1 THEN NULL ELSE body_html END"
                   " WHERE workspace_id = $1 AND id = $2 AND status <> 'sent'",
                   db_i(o->workspace_id), db_i(o->id), db_i(now_s),
                   *o->provider_id ? db_z(o->provider_id) : db_null(), db_i(o->secret));
}

static enum result record_unsent(struct db_tx *tx, int64_t now_s, const struct outcome *o)
{
    const struct decision *d = &o->decision;
    bool again = d->end == ROW_AGAIN;
    return db_exec(tx,
                   "UPDATE message SET status = $4, due_s = $5, last_error = $6,"
                   " outcome_unknown = $7, lease_owner = NULL, lease_until_s = 0,"
                   " version = version + 1,"
                   " body_text = CASE WHEN $8 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $8 = 1 THEN NULL ELSE body_html END"
                   " WHERE workspace_id = $1 AND id = $2 AND lease_owner = $3"
                   " AND status = 'queued'",
                   db_i(o->workspace_id), db_i(o->id), db_z(o->owner),
                   db_z(again ? "queued" : "failed"), db_i(again ? d->due_s : now_s),
                   db_z(d->error), db_i(d->unknown), db_i(o->secret && !again));
}

static enum result record_in(struct db_tx *tx, void *arg)
{
    const struct recording *r = arg;
    enum result result = OK;
    for (size_t i = 0; result == OK && i < r->count; i++) {
        const struct outcome *o = &r->outcomes[i];
        db_tenant(tx, o->workspace_id);
        result = o->decision.end == ROW_SENT ? record_sent(tx, r->now_s, o)
                                             : record_unsent(tx, r->now_s, o);
    }
    return result;
}

enum result queue_record(struct db *db, struct arena *a, int64_t now_s,
                         const struct outcome *outcomes, size_t count)
{
    struct recording r = {now_s, outcomes, count};
    return db_transact(db, a, NULL, record_in, &r);
}
