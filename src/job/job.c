/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* job: planning and dropping. See job.h. */
#include "job/job.h"

#include <assert.h>

const char *const job_status_names[] = {"waiting", "done", "late", "dropped", "parked", NULL};

enum result job_plan(struct work *w, const struct job_plan *p)
{
    assert(w->actor.workspace_id != 0);
    return db_exec(
        w->tx,
        "INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id,"
        " status, anchor_s, due_s, created_s)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10)"
        " ON CONFLICT (workspace_id, kind, subject_id, occurrence) DO UPDATE SET"
        " status = 'waiting', anchor_s = excluded.anchor_s, due_s = excluded.due_s,"
        " lease_owner = NULL, attempts = 0, last_error = NULL, outcome = NULL, ended_s = NULL,"
        " version = job.version + 1 WHERE job.status IN ('waiting', 'dropped')"
        " OR (job.status = 'late' AND excluded.due_s > excluded.created_s)",
        db_i(w->actor.workspace_id), db_i(env_id(w->env)), db_z(p->kind), db_i(p->subject_id),
        db_s(p->occurrence.ptr ? p->occurrence : STR("")),
        p->booking_id ? db_i(p->booking_id) : db_null(),
        p->client_id ? db_i(p->client_id) : db_null(), db_i(p->anchor_s), db_i(p->due_s),
        db_i(w->now_s));
}

enum result job_drop(struct work *w, const char *kind, int64_t subject_id, struct str keep)
{
    return db_exec(
        w->tx,
        "UPDATE job SET status = 'dropped', lease_owner = NULL, ended_s = $5,"
        " version = version + 1 WHERE workspace_id = $1 AND kind = $2 AND subject_id = $3"
        " AND status IN ('waiting', 'late', 'parked') AND ($4 IS NULL OR occurrence <> $4)"
        " AND id <> $6",
        db_i(w->actor.workspace_id), db_z(kind), db_i(subject_id), db_s(keep), db_i(w->now_s),
        db_i(w->job_id));
}

enum result job_drop_of_booking(struct work *w, const char *kind, int64_t booking_id)
{
    return db_exec(w->tx,
                   "UPDATE job SET status = 'dropped', lease_owner = NULL, ended_s = $4,"
                   " version = version + 1 WHERE workspace_id = $1 AND booking_id = $2"
                   " AND kind = $3 AND status IN ('waiting', 'late', 'parked') AND id <> $5",
                   db_i(w->actor.workspace_id), db_i(booking_id), db_z(kind), db_i(w->now_s),
                   db_i(w->job_id));
}

enum result job_shift(struct work *w, const char *kind, int64_t offset_s)
{
    return db_exec(w->tx,
                   "UPDATE job SET due_s = anchor_s + $3, version = version + 1"
                   " WHERE workspace_id = $1 AND kind = $2 AND status = 'waiting'"
                   " AND lease_owner IS NULL",
                   db_i(w->actor.workspace_id), db_z(kind), db_i(offset_s));
}

enum result job_of_booking(struct work *w, int64_t booking_id, int limit, struct job_waiting **ret,
                           size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT kind, due_s FROM job WHERE workspace_id = $1"
                               " AND booking_id = $2 AND status = 'waiting'"
                               " ORDER BY due_s, id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(booking_id), db_i(limit));
    if (res != OK)
        return res;
    struct job_waiting *list = arena_new_array(w->arena, r.count + 1, struct job_waiting);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct job_waiting){db_str(&r, i, 0), booking_id, db_int(&r, i, 1)};
    *ret = list;
    *ret_count = r.count;
    return OK;
}
