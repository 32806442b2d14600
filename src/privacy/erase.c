/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * erase: a person goes, and the past keeps its figures. Owns table `client_erasure`.
 *
 * One transaction under the business's lock. What lies ahead is cancelled without a letter, since
 * nobody is left to be written to; a visit that has begun, or is over and was not marked, stays as
 * it is. Then each table's step (erase_steps.c), and what is kept of it all is a number.
 *
 * The same runs again at the start of the program for whoever stands in the data folder's list and
 * not in the database's: it was restored from before.
 */
#include "audit/audit.h"
#include "base/app.h"
#include "base/log.h"
#include "diary/booking.h"
#include "diary/visit.h"
#include "privacy/internal.h"
#include "workspace/workspace.h"

enum { VISITS_AT_ONCE = 50, MERGED_MAX = 1000 };

static enum result next_visits(struct erasing *e, struct db_rows *ret)
{
    return db_query(e->w->tx, ret,
                    "SELECT id FROM booking WHERE workspace_id = $1 AND client_id = $2"
                    " AND start_s > $3 AND status IN ('pending', 'confirmed')"
                    " ORDER BY start_s, id LIMIT $4",
                    db_i(e->w->actor.workspace_id), db_i(e->client_id), db_i(e->w->now_s),
                    db_i(VISITS_AT_ONCE));
}

static enum result withdraw_visits(struct erasing *e)
{
    for (;;) {
        struct db_rows r;
        enum result res = next_visits(e, &r);
        if (res != OK || r.count == 0)
            return res;
        for (size_t i = 0; res == OK && i < r.count; i++) {
            struct booking b;
            res = booking_load(e->w, db_int(&r, i, 0), &b);
            if (res == OK)
                res = booking_withdraw(e->w, &b);
            e->visits_cancelled++;
        }
        if (res != OK)
            return res;
    }
}

static enum result open_row(struct work *w, int64_t client_id, int64_t at_s, int64_t *ret_id)
{
    *ret_id = env_id(w->env);
    struct opt_int by = {w->actor.user_id != 0, w->actor.user_id};
    return db_exec(w->tx,
                   "INSERT INTO client_erasure (workspace_id, id, client_id, erased_s, by_id,"
                   " by_name, under_way) VALUES ($1, $2, $3, $4, $5, $6, 1)",
                   db_i(w->actor.workspace_id), db_i(*ret_id), db_i(client_id), db_i(at_s),
                   db_opt(by), db_s(w->actor.name.ptr ? w->actor.name : STR("")));
}

static enum result close_row(const struct erasing *e, int64_t id)
{
    struct str kept = str_printf(
        e->w->arena,
        "{\"bookings\":%lld,\"ratings\":%lld,\"audit_events\":%lld,\"stock_moves\":%lld,"
        "\"letters\":%lld,\"cancelled_visits\":%lld,\"removed_messages\":%lld,"
        "\"removed_forms\":%lld,\"removed_attachments\":%lld,\"merged_clients\":%zu}",
        (long long)e->bookings, (long long)e->ratings, (long long)e->events, (long long)e->moves,
        (long long)e->letters, (long long)e->visits_cancelled, (long long)e->conversation_messages,
        (long long)e->forms, (long long)e->attachments, e->merged_count);
    return db_exec(e->w->tx,
                   "UPDATE client_erasure SET under_way = 0, kept = $3"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(e->w->actor.workspace_id), db_i(id), db_s(kept));
}

static enum result steps_of(struct erasing *e, int64_t client_id)
{
    enum result res = OK;
    e->client_id = client_id;
    for (size_t i = 0; i < erase_step_count && res == OK; i++)
        res = erase_steps[i].erase(e);
    return res;
}

/* Whoever turned out to be this client is the same person: what is still theirs goes as well. */
static enum result erase_merged(struct erasing *e, int64_t client_id)
{
    struct db_rows r;
    enum result res = db_query(e->w->tx, &r,
                               "SELECT id FROM client WHERE workspace_id = $1 AND merged_into = $2"
                               " ORDER BY id LIMIT $3",
                               db_i(e->w->actor.workspace_id), db_i(client_id), db_i(MERGED_MAX));
    if (res != OK)
        return res;
    e->merged = arena_new_array(e->w->arena, r.count + 1, int64_t);
    for (size_t i = 0; i < r.count && res == OK; i++) {
        e->merged[e->merged_count++] = db_int(&r, i, 0);
        res = steps_of(e, db_int(&r, i, 0));
    }
    return res;
}

enum result erase_client(struct work *w, int64_t client_id, int64_t at_s, struct erasing *ret)
{
    struct erasing e = {.w = w, .client_id = client_id};
    int64_t id;
    enum result res = diary_lock(w);
    if (res == OK)
        res = open_row(w, client_id, at_s, &id);
    if (res == OK)
        res = withdraw_visits(&e);
    if (res == OK)
        res = erase_merged(&e, client_id);
    if (res == OK)
        res = steps_of(&e, client_id);
    if (res == OK)
        res = close_row(&e, id);
    if (res == OK)
        res = audit_action(w, "client", client_id, "erased");
    if (res == OK)
        *ret = e;
    return res;
}

/* ---- after a restore ---- */

struct catching_up {
    const struct app *app;
    struct arena *arena;
    struct problem *problem;
    const struct erasure_line *line;
    bool erased;
    struct erasing done;
};

static enum result catch_up_one(struct db_tx *tx, void *arg)
{
    struct catching_up *c = arg;
    struct work w = {
        .arena = c->arena,
        .tx = tx,
        .env = c->app->env,
        .app = c->app,
        .problem = c->problem,
        .now_s = env_now_s(c->app->env),
    };
    struct db_rows r;
    c->erased = false;
    work_enter(&w, (struct actor){.kind = ACTOR_SYSTEM, .workspace_id = c->line->workspace_id});
    enum result res =
        db_one(tx, &r, "SELECT erased_s FROM client WHERE workspace_id = $1 AND id = $2",
               db_i(c->line->workspace_id), db_i(c->line->client_id));
    if (res != OK)
        return res == NOT_FOUND ? OK : res; /* the backup is older than the client */
    if (!db_is_null(&r, 0, 0))
        return OK;
    res = erase_client(&w, c->line->client_id, c->line->at_s, &c->done);
    c->erased = res == OK;
    return res;
}

enum result privacy_catch_up(const struct app *app, int *ret_erased)
{
    struct arena list, arena;
    struct erasure_line *lines;
    size_t count;
    *ret_erased = 0;
    arena_init(&list, ARENA_DEFAULT_LIMIT);
    enum result res = erasures_read(&list, app->data, &lines, &count);
    for (size_t i = 0; i < count && res == OK; i++) {
        struct problem problem = {0};
        struct catching_up c = {
            .app = app, .arena = &arena, .problem = &problem, .line = &lines[i]};
        arena_init(&arena, ARENA_DEFAULT_LIMIT);
        res = db_transact(app->db, &arena, &problem, catch_up_one, &c);
        if (res == OK && c.erased) {
            *ret_erased += 1;
            letter_files_remove(app->mail_dir, c.done.letter_ids, c.done.letter_id_count);
        }
        arena_done(&arena);
    }
    arena_done(&list);
    if (res == OK && *ret_erased > 0)
        res = db_forget_log(app->db);
    return res;
}
