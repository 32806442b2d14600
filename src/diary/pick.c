/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pick: making, giving back and clearing away what clients have picked. See pick.h. */
#include "diary/pick.h"

#include "diary/booking_parts.h"
#include "http/limit.h"

struct str pick_hash_of(struct arena *a, struct str token)
{
    char hash[TOKEN_HASH_TEXT];
    token_hash(token.ptr, token.len, hash);
    return str_copy(a, str_of(hash));
}

static enum result remove_pick(struct work *w, struct str token)
{
    return db_exec(w->tx, "DELETE FROM hold WHERE workspace_id = $1 AND pick_hash = $2",
                   db_i(w->actor.workspace_id), db_s(pick_hash_of(w->arena, token)));
}

enum result pick_remove_expired(struct work *w)
{
    return db_exec(w->tx,
                   "DELETE FROM hold WHERE workspace_id = $1 AND pick_hash IS NOT NULL"
                   " AND expires_s <= $2",
                   db_i(w->actor.workspace_id), db_i(w->now_s));
}

enum result pick_sweep(struct work *w)
{
    return db_exec(w->tx,
                   "DELETE FROM hold WHERE (workspace_id, resource_id, start_s, id) IN"
                   " (SELECT workspace_id, resource_id, start_s, id FROM hold"
                   " WHERE pick_hash IS NOT NULL AND expires_s <= $1 ORDER BY expires_s LIMIT $2)",
                   db_i(w->now_s), db_i(PICK_SWEEP_ROWS));
}

enum result pick_give_back(struct work *w, struct str token)
{
    enum result res = diary_lock(w);
    return res == OK ? remove_pick(w, token) : res;
}

enum result pick_take_over(struct work *w, const struct visit *v, struct str token, int64_t start_s,
                           int64_t *ret_staff_id, bool *ret_alive)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT h.resource_id, h.expires_s FROM hold h JOIN resource r"
                               " ON r.workspace_id = h.workspace_id AND r.id = h.resource_id"
                               " WHERE h.workspace_id = $1 AND h.pick_hash = $2 AND h.start_s = $3"
                               " AND r.kind = 'person' LIMIT 1",
                               db_i(w->actor.workspace_id), db_s(pick_hash_of(w->arena, token)),
                               db_i(start_s + v->shape.work[0].from_s));
    if (res == OK && r.count) {
        *ret_staff_id = db_int(&r, 0, 0);
        *ret_alive = db_int(&r, 0, 1) > w->now_s;
    }
    return res == OK ? remove_pick(w, token) : res;
}

/* ---- making one ---- */

/* Refuses where `most` picks are open: those of `from`, or of everyone where it is absent. */
static enum result check_room(struct work *w, struct str from, int64_t most)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT COUNT(DISTINCT pick_hash), MIN(expires_s) FROM hold"
                             " WHERE workspace_id = $1 AND pick_hash IS NOT NULL AND expires_s > $2"
                             " AND ($3 IS NULL OR pick_from = $3)",
                             db_i(w->actor.workspace_id), db_i(w->now_s), db_s(from));
    if (res != OK || db_int(&r, 0, 0) < most)
        return res;
    w->problem->status = 429;
    w->problem->retry_after_s = (int)(db_int(&r, 0, 1) - w->now_s);
    return problem_set(w->problem, BUSY, "too_many_holds",
                       "Too many times are being held just now. You can book without a hold.");
}

static enum result check_limits(struct work *w, struct str client, struct str *ret_from)
{
    char mark[LIMITER_MARK_TEXT];
    *ret_from = (struct str){0};
    if (w->app->limiter && limiter_mark(w->app->limiter, client, mark)) {
        *ret_from = str_copy(w->arena, str_of(mark));
        enum result res = check_room(w, *ret_from, PICKS_PER_ADDRESS);
        if (res != OK)
            return res;
    }
    return check_room(w, (struct str){0}, PICKS_PER_BUSINESS);
}

/* The place itself, once there is room for one more pick. */
static enum result take(struct work *w, struct visit *v, const struct pick_new *in,
                        const char *hash, struct pick *ret)
{
    struct holder holder = {
        .pick_hash = str_copy(w->arena, str_of(hash)),
        .expires_s = ret->expires_s,
    };
    struct place place;
    struct place_ask where = {
        .start_s = in->start_s,
        .judge = JUDGE_ALL & ~JUDGE_STOCK,
        .offer_nearest = true,
    };
    enum result res = check_limits(w, in->client, &holder.pick_from);
    if (res == OK)
        res = booking_find_place(w, v, &where, &place);
    if (res == OK)
        res = place_hold(w, &holder, v, &place);
    if (res == OK)
        ret->staff_id = place.staff_id;
    ret->price = v->price;
    return res;
}

enum result pick_make(struct work *w, const struct workspace *ws, const struct pick_new *in,
                      struct pick *ret)
{
    struct visit v;
    struct visit_ask ask = {
        .service_ids = in->service_ids,
        .service_count = in->service_count,
        .staff_id = in->staff_id,
    };
    enum result res = diary_lock(w);
    if (res == OK && in->replaces.ptr)
        res = remove_pick(w, in->replaces);
    if (res == OK)
        res = visit_prepare(w, ws, &ask, &v);
    if (res != OK)
        return res;
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    struct pick made = {
        .token = str_copy(w->arena, str_of(token)),
        .start_s = in->start_s,
        .expires_s = w->now_s + w->app->pick_s,
    };
    res = take(w, &v, in, hash, &made);
    if (res != OK)
        return res;
    struct db_rows r;
    res = db_one(w->tx, &r, "SELECT name FROM resource WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(made.staff_id));
    if (res != OK)
        return res;
    made.staff_name = db_str(&r, 0, 0);
    *ret = made;
    return OK;
}
