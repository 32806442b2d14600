/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* job_routes: what the robot could not do, for the owner, and trying it again. */
#include "job/job.h"

#include "audit/audit.h"

struct job_view {
    struct opt_int id, subject_id, booking_id, client_id, attempts, due_at, ended_at, version;
    struct str kind, status, last_error;
};
static const struct field job_fields[] = {
    FIELD_ID(struct job_view, id),
    FIELD_STR(struct job_view, kind, 0, 0, .doc = "what it does: booking_reminder, visit_end …"),
    FIELD_WORD(struct job_view, status, job_status_names),
    FIELD_ID(struct job_view, subject_id, .doc = "what it is about: the booking, the business"),
    FIELD_ID(struct job_view, booking_id, .maybe = true),
    FIELD_ID(struct job_view, client_id, .maybe = true),
    FIELD_INT(struct job_view, attempts, 0, 0),
    FIELD_STR(struct job_view, last_error, 0, 0, .maybe = true, .doc = "why it failed last"),
    FIELD_INSTANT(struct job_view, due_at),
    FIELD_INSTANT(struct job_view, ended_at, .maybe = true, .doc = "when it was given up"),
    FIELD_INT(struct job_view, version, 0, 0),
};
static const struct shape job_shape = SHAPE("Job", struct job_view, job_fields);

struct jobs_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field jobs_query_fields[] = {
    PAGE_FIELDS(struct jobs_query),
};
static const struct shape jobs_query_shape =
    SHAPE("JobsQuery", struct jobs_query, jobs_query_fields);

#define JOB_COLUMNS                                                                            \
    "SELECT id, kind, status, subject_id, booking_id, client_id, attempts, last_error, due_s," \
    " ended_s, version FROM job"

static struct job_view view_of(const struct db_rows *r, size_t i)
{
    return (struct job_view){
        .id = some_int(db_int(r, i, 0)),
        .kind = db_str(r, i, 1),
        .status = db_str(r, i, 2),
        .subject_id = some_int(db_int(r, i, 3)),
        .booking_id = db_opt_int(r, i, 4),
        .client_id = db_opt_int(r, i, 5),
        .attempts = some_int(db_int(r, i, 6)),
        .last_error = db_str(r, i, 7),
        .due_at = some_int(db_int(r, i, 8)),
        .ended_at = db_opt_int(r, i, 9),
        .version = some_int(db_int(r, i, 10)),
    };
}

static enum result list_jobs(struct request *rq, struct work *w)
{
    const struct jobs_query *q = rq->query_in;
    bool paged;
    int64_t key = 0, id = 0;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct db_rows r;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    if (res != OK)
        return res;
    res = db_query(w->tx, &r,
                   JOB_COLUMNS " WHERE workspace_id = $1 AND status = 'parked' AND id < $2"
                               " ORDER BY id DESC LIMIT $3",
                   db_i(w->actor.workspace_id), db_i(paged ? id : INT64_MAX), db_i(limit + 1));
    if (res != OK)
        return res;
    size_t count = r.count < (size_t)limit ? r.count : (size_t)limit;
    struct job_view *views = arena_new_array(w->arena, count + 1, struct job_view);
    for (size_t i = 0; i < count; i++)
        views[i] = view_of(&r, i);
    struct str next = {0};
    if (r.count > count)
        next = cursor_write(w->arena, 0, views[count - 1].id.value);
    answer_list(rq, &job_shape, views, count, next, w->actor.permissions);
    return OK;
}

static enum result load(struct request *rq, struct work *w, struct job_view *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, JOB_COLUMNS " WHERE workspace_id = $1 AND id = $2",
                             db_i(w->actor.workspace_id), db_i(request_id_param(rq, 0)));
    if (res == NOT_FOUND)
        return work_missing(w, "job");
    if (res == OK)
        *ret = view_of(&r, 0);
    return res;
}

static enum result retry(struct request *rq, struct work *w)
{
    struct job_view v;
    int64_t changed = 0;
    enum result res = load(rq, w, &v);
    if (res == OK)
        res = route_check_version(rq, w, v.version.value);
    if (res == OK)
        res = db_count(w->tx, &changed,
                       "UPDATE job SET status = 'waiting', due_s = $3, attempts = 0,"
                       " last_error = NULL, ended_s = NULL, version = version + 1"
                       " WHERE workspace_id = $1 AND id = $2 AND status = 'parked'",
                       db_i(w->actor.workspace_id), db_i(v.id.value), db_i(w->now_s));
    if (res == OK && changed == 0)
        res = problem_set(w->problem, CONFLICT, "invalid_transition",
                          "Only what was given up can be tried again.");
    if (res == OK)
        res = audit_action(w, "job", v.id.value, "retried");
    if (res == OK)
        res = load(rq, w, &v);
    if (res != OK)
        return res;
    answer_etag(rq, v.version.value);
    answer_json(rq, 200, &job_shape, &v, w->actor.permissions);
    return OK;
}

#define JOB_ROUTE .who = WHO_OWNER, .status = 200, .answer = &job_shape, .tag = "automations"
static const struct route job_routes[] = {
    {JOB_ROUTE, .method = HTTP_GET_, .path = "/api/v1/jobs", .mode = MODE_READ,
     .query = &jobs_query_shape, .answer_is_list = true, .handler = list_jobs,
     .summary = "What the robot gave up, newest first"},
    {JOB_ROUTE, .method = HTTP_POST_, .path = "/api/v1/jobs/{id}/retry", .mode = MODE_WRITE,
     .handler = retry, .summary = "Try again what was given up"},
};
const struct route_table job_table = {job_routes, sizeof job_routes / sizeof job_routes[0]};
