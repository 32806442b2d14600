/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * feed: the audit's rows in the order of their commits.
 *
 * On PostgreSQL a transaction's number is older than its commit, so rows with higher numbers can be
 * seen before those with lower ones. Whoever reads only below the oldest number that is still open
 * (the snapshot's xmin) sees a part of the order that no commit can change any more.
 */
#include "live/internal.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

enum {
    LATE_S = 600, /* how far ids may be out of the order of commits: clocks of several machines,
                     long transactions */
};

#define COLUMNS                                                                              \
    "SELECT workspace_id, id, seq, at_s, entity, entity_id, action, actor_kind, request_id," \
    " staff_id, other_staff_id FROM audit_event"

void position_format(struct position p, char ret[static POSITION_TEXT])
{
    snprintf(ret, POSITION_TEXT, "%lld-%lld", (long long)p.seq, (long long)p.id);
}

bool position_parse(struct str text, struct position *ret)
{
    const char *dash = text.len ? memchr(text.ptr, '-', text.len) : NULL;
    struct position p;
    if (!dash || !str_int((struct str){text.ptr, (size_t)(dash - text.ptr)}, &p.seq) ||
        !str_int((struct str){dash + 1, text.len - (size_t)(dash + 1 - text.ptr)}, &p.id) ||
        p.seq < 0 || p.id < 0)
        return false;
    *ret = p;
    return true;
}

int position_compare(struct position a, struct position b)
{
    if (a.seq != b.seq)
        return a.seq < b.seq ? -1 : 1;
    return (a.id > b.id) - (a.id < b.id);
}

struct position position_shown(struct position at, struct position own, enum db_engine engine)
{
    /* An id begins with its time; how much follows matters to nobody, as long as it is all of what
     * tells one row from another. On SQLite the order of commits is that of the ids. */
    const int64_t time = -env_id_step();
    struct position shown = {engine == DB_SQLITE ? at.seq & time : at.seq, at.id & time};
    return position_compare(shown, own) > 0 ? shown : own;
}

bool feed_remembers(struct position p, int64_t now_s)
{
    return p.id >= env_id_at(now_s - LIVE_RESUME_S);
}

enum result feed_now(struct db_tx *tx, const struct env *env, struct position *ret)
{
    struct db_rows r;
    struct db_reach before = db_across(tx, "the order of commits is that of all businesses");
    enum result res = db_query(
        tx, &r,
        db_sql(tx, "SELECT COALESCE(MAX(seq), 0) FROM audit_event",
               "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) - 1"));
    db_back(tx, before);
    if (res == OK) /* the id tells its time, by which feed_between finds it and its age is known */
        *ret = (struct position){db_int(&r, 0, 0), env_id(env)};
    return res;
}

static void read_changes(struct arena *a, const struct db_rows *r, struct change **ret,
                         size_t *ret_count)
{
    struct change *list = arena_new_array(a, r->count + 1, struct change);
    for (size_t i = 0; i < r->count; i++)
        list[i] = (struct change){
            .workspace_id = db_int(r, i, 0),
            .at = {db_int(r, i, 2), db_int(r, i, 1)},
            .at_s = db_int(r, i, 3),
            .entity = db_str(r, i, 4),
            .entity_id = db_int(r, i, 5),
            .action = db_str(r, i, 6),
            .actor_kind = db_str(r, i, 7),
            .request_id = db_str(r, i, 8),
            .staff_id = db_opt_int(r, i, 9),
            .other_staff_id = db_opt_int(r, i, 10),
        };
    *ret = list;
    *ret_count = r->count;
}

enum result feed_since(struct db_tx *tx, struct arena *a, struct position since, int limit,
                       struct change **ret, size_t *ret_count)
{
    struct db_rows r;
    struct db_reach before = db_across(tx, "one reader reads for all who listen");
    enum result res = db_query(
        tx, &r,
        db_sql(tx, COLUMNS " WHERE seq >= $1 AND (seq > $1 OR id > $2) ORDER BY seq, id LIMIT $3",
               COLUMNS " WHERE seq >= $1 AND (seq > $1 OR id > $2) AND seq <"
                       " CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"
                       " ORDER BY seq, id LIMIT $3"),
        db_i(since.seq), db_i(since.id), db_i(limit));
    db_back(tx, before);
    if (res == OK)
        read_changes(a, &r, ret, ret_count);
    return res;
}

static int64_t late_ids(int64_t now_s)
{
    return env_id_at(now_s) - env_id_at(now_s - LATE_S);
}

/* By the ids, which begin with the business and nearly have the order of the commits; the sum keeps
 * the planner from walking the commits of all businesses. */
enum result feed_between(struct work *w, struct position since, struct position until, int limit,
                         struct change **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 COLUMNS " WHERE workspace_id = $1 AND id > $2"
                         " AND (seq > $3 OR (seq = $3 AND id > $4))"
                         " AND (seq < $5 OR (seq = $5 AND id <= $6)) ORDER BY seq + 0, id LIMIT $7",
                 db_i(w->actor.workspace_id), db_i(since.id - late_ids(w->now_s)), db_i(since.seq),
                 db_i(since.id), db_i(until.seq), db_i(until.id), db_i(limit));
    if (res == OK)
        read_changes(w->arena, &r, ret, ret_count);
    return res;
}

enum result feed_is_long(struct work *w, struct position since, bool *ret)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT COUNT(*) FROM (SELECT 1 FROM audit_event"
                               " WHERE workspace_id = $1 AND id > $2 LIMIT 5001) x",
                               db_i(w->actor.workspace_id), db_i(since.id - late_ids(w->now_s)));
    *ret = res == OK && db_int(&r, 0, 0) > LIVE_RESUME_READ;
    return res;
}
static_assert(LIVE_RESUME_READ == 5000, "feed_is_long says it as well");

/* ---- ids that go on from the last run ---- */

static enum result newest(struct db_tx *tx, void *arg)
{
    struct db_rows r;
    struct db_reach before = db_across(tx, "ids rise in the whole database");
    enum result res = db_query(tx, &r, "SELECT COALESCE(MAX(seq), 0) FROM audit_event");
    db_back(tx, before);
    if (res == OK)
        *(int64_t *)arg = db_int(&r, 0, 0);
    return res;
}

enum result live_continue_ids(struct db *db, const struct env *env)
{
    if (db_engine_of(db) != DB_SQLITE || !env->last_id)
        return OK;
    struct arena a;
    int64_t id = 0;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(db, &a, NULL, newest, &id);
    arena_done(&a);
    if (res == OK && id > atomic_load(env->last_id))
        atomic_store(env->last_id, id);
    return res;
}
