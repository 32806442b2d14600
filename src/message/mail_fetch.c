/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_fetch: see mail_fetch.h. */
#include "message/mail_fetch.h"

#include <string.h>

enum result mail_fetch_put(struct work *w, struct str email_id)
{
    return db_exec(w->tx,
                   "INSERT INTO mail_fetch (email_id, status, due_s, created_s)"
                   " VALUES ($1, 'waiting', $2, $2) ON CONFLICT (email_id) DO NOTHING",
                   db_s(email_id), db_i(w->now_s));
}

/* A lease or a pause that lies further ahead than any can was written by a clock that has gone
 * back. */
static enum result bring_near(struct db_tx *tx, int64_t now_s)
{
    return db_exec(tx, "UPDATE mail_fetch SET due_s = $1 WHERE status = 'waiting' AND due_s > $2",
                   db_i(now_s), db_i(now_s + 2 * FETCH_BACKOFF_MAX_S));
}

#define DUE                                                                         \
    "SELECT email_id, attempts, created_s FROM mail_fetch WHERE status = 'waiting'" \
    " AND due_s <= $1 ORDER BY due_s LIMIT 1"

enum result mail_fetch_claim(struct db_tx *tx, int64_t now_s, struct fetch_claim *c)
{
    struct db_rows r;
    c->found = false;
    enum result res = bring_near(tx, now_s);
    if (res == OK)
        res = db_query(tx, &r, db_sql(tx, DUE, DUE " FOR UPDATE SKIP LOCKED"), db_i(now_s));
    if (res != OK || r.count == 0)
        return res;
    struct str id = db_str(&r, 0, 0);
    if (id.len >= sizeof c->email_id)
        return INTERNAL;
    memcpy(c->email_id, id.ptr, id.len);
    c->email_id[id.len] = '\0';
    c->attempts = db_int(&r, 0, 1) + 1;
    c->created_s = db_int(&r, 0, 2);
    c->found = true;
    return db_exec(tx,
                   "UPDATE mail_fetch SET lease_owner = $2, due_s = $3, attempts = $4"
                   " WHERE email_id = $1",
                   db_z(c->email_id), db_z(c->owner), db_i(now_s + FETCH_LEASE_S),
                   db_i(c->attempts));
}

enum result mail_fetch_done(struct db_tx *tx, const struct fetch_claim *c)
{
    int64_t changed = 0;
    enum result res =
        db_count(tx, &changed, "DELETE FROM mail_fetch WHERE email_id = $1 AND lease_owner = $2",
                 db_z(c->email_id), db_z(c->owner));
    return res == OK && changed == 0 ? CONFLICT : res;
}

enum result mail_fetch_failed(struct db_tx *tx, int64_t now_s, const struct fetch_claim *c,
                              int64_t wait_s, const char *why, bool *ret_gave_up)
{
    int64_t delay_s = FETCH_BACKOFF_MIN_S;
    for (int64_t i = 1; i < c->attempts && delay_s < FETCH_BACKOFF_MAX_S; i++)
        delay_s *= 2;
    if (delay_s > FETCH_BACKOFF_MAX_S)
        delay_s = FETCH_BACKOFF_MAX_S;
    if (wait_s > delay_s && wait_s <= FETCH_BACKOFF_MAX_S)
        delay_s = wait_s;
    *ret_gave_up = c->attempts >= FETCH_TRIES_MAX || now_s - c->created_s > FETCH_GIVE_UP_S;
    return db_exec(tx,
                   "UPDATE mail_fetch SET status = $3, lease_owner = NULL, due_s = $4,"
                   " last_error = $5 WHERE email_id = $1 AND lease_owner = $2",
                   db_z(c->email_id), db_z(c->owner), db_z(*ret_gave_up ? "failed" : "waiting"),
                   db_i(now_s + delay_s), db_z(why));
}
