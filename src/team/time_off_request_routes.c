/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * time_off_request_routes: asking for time off over HTTP.
 *
 * A member sees and withdraws their own requests; an owner sees and decides all. Whose else's it
 * is looks absent.
 *
 * The ends of the time are given as an instant, as a local date (from its start, to its end) or as
 * a local date with a clock, so that no browser computes an offset.
 */
#include "team/time_off_request.h"

enum { REASON_MAX = 200 };

/* ---- shapes ---- */

struct request_out {
    struct opt_int id, staff_id;
    struct str staff_name;
    struct opt_int start, end, status;
    struct str local_start, local_end, reason, note, decided_by;
    struct opt_int decided_at, created_at;
    struct shape_list bookings;
    struct opt_int version;
};

static const struct field request_fields[] = {
    FIELD_ID(struct request_out, id),
    FIELD_ID(struct request_out, staff_id),
    FIELD_STR(struct request_out, staff_name, 0, 0),
    FIELD_INSTANT(struct request_out, start),
    FIELD_INSTANT(struct request_out, end),
    FIELD_STR(struct request_out, local_start, 0, 0,
              .doc = "the start as the business's clock shows it"),
    FIELD_STR(struct request_out, local_end, 0, 0),
    FIELD_STR(struct request_out, reason, 0, 0),
    FIELD_ENUM(struct request_out, status, request_status_names),
    FIELD_STR(struct request_out, note, 0, 0, .doc = "of whoever decided"),
    FIELD_STR(struct request_out, decided_by, 0, 0, .maybe = true),
    FIELD_INSTANT(struct request_out, decided_at, .maybe = true),
    FIELD_INSTANT(struct request_out, created_at),
    FIELD_LIST(struct request_out, bookings, booking_left_shape, 0, 0, .omit = true,
               .doc = "open bookings in that time, at most 200; not in lists"),
    FIELD_INT(struct request_out, version, 0, 0),
};
static const struct shape request_shape =
    SHAPE("TimeOffRequest", struct request_out, request_fields);

struct request_new {
    struct str start, end, reason;
};
static const struct field request_new_fields[] = {
    FIELD_STR(struct request_new, start, 10, TIME_OFF_WHEN_MAX, .required = true,
              .doc = "an instant, a local date (from its start) or a local time 2026-11-22T09:00"),
    FIELD_STR(struct request_new, end, 10, TIME_OFF_WHEN_MAX, .required = true,
              .doc = "the same; of a date, its end"),
    FIELD_STR(struct request_new, reason, 0, REASON_MAX),
};
static const struct shape request_new_shape =
    SHAPE("TimeOffRequestNew", struct request_new, request_new_fields);

struct decision {
    struct str note;
};
static const struct field decision_fields[] = {
    FIELD_STR(struct decision, note, 0, REASON_MAX, .doc = "for who asked"),
};
static const struct shape decision_shape =
    SHAPE("TimeOffDecision", struct decision, decision_fields);

struct requests_query {
    struct opt_int status;
    struct opt_int limit;
    struct str cursor;
};
static const struct field requests_query_fields[] = {
    FIELD_ENUM(struct requests_query, status, request_status_names),
    PAGE_FIELDS(struct requests_query),
};
static const struct shape requests_query_shape =
    SHAPE("TimeOffRequestsQuery", struct requests_query, requests_query_fields);

/* ---- answers ---- */

static struct request_out show(struct arena *a, const struct workspace *ws,
                               const struct time_off_request *t)
{
    char start[LOCAL_TEXT], end[LOCAL_TEXT];
    tz_local_format(ws->tz, t->start_s, start);
    tz_local_format(ws->tz, t->end_s, end);
    return (struct request_out){
        .id = some_int(t->id),
        .staff_id = some_int(t->staff_id),
        .staff_name = t->staff_name,
        .start = some_int(t->start_s),
        .end = some_int(t->end_s),
        .local_start = str_copy(a, str_of(start)),
        .local_end = str_copy(a, str_of(end)),
        .reason = t->reason,
        .status = some_int(t->status),
        .note = t->note,
        .decided_by = t->decided_by,
        .decided_at = t->decided_s,
        .created_at = some_int(t->created_s),
        .version = some_int(t->version),
    };
}

static enum result answer(struct request *rq, struct work *w, int status,
                          const struct workspace *ws, const struct time_off_request *t)
{
    struct request_out out = show(w->arena, ws, t);
    enum result r = request_bookings(w, t, &out.bookings);
    if (r != OK)
        return r;
    answer_etag(rq, t->version);
    answer_json(rq, status, &request_shape, &out, w->actor.permissions);
    return OK;
}

/* Loads the request of the path as the caller may see it. `change`: under the lock, and If-Match
 * is checked. */
static enum result load_asked(struct request *rq, struct work *w, bool change, struct workspace *ws,
                              struct time_off_request *t)
{
    enum result r = change ? workspace_lock(w) : OK;
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, ws);
    if (r == OK)
        r = request_load(w, request_id_param(rq, 0), t);
    if (r == OK && !w->sees_all && t->staff_id != w->actor.staff_id)
        r = work_missing(w, "time-off request");
    return r == OK && change ? route_check_version(rq, w, t->version) : r;
}

/* ---- handlers ---- */

static enum result get_requests(struct request *rq, struct work *w)
{
    const struct requests_query *in = rq->query_in;
    size_t limit = in->limit.set ? (size_t)in->limit.value : PAGE_LIMIT_DEFAULT;
    struct request_range q = {
        .staff_id = w->sees_all ? 0 : w->actor.staff_id,
        .status = in->status.set ? request_status_names[in->status.value] : "",
        .before_id = INT64_MAX,
        .limit = (int64_t)limit + 1,
    };
    bool given;
    int64_t key = 0;
    struct workspace ws;
    struct time_off_request *list;
    size_t count;
    enum result r = cursor_read(w, in->cursor, &given, &key, &q.before_id);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r == OK)
        r = request_page(w, &q, &list, &count);
    if (r != OK)
        return r;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, list[count - 1].id);
    }
    struct request_out *out = arena_new_array(w->arena, count, struct request_out);
    for (size_t i = 0; i < count; i++)
        out[i] = show(w->arena, &ws, &list[i]);
    answer_list(rq, &request_shape, out, count, next, w->actor.permissions);
    return OK;
}

static enum result get_request(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct time_off_request t;
    enum result r = load_asked(rq, w, false, &ws, &t);
    return r == OK ? answer(rq, w, 200, &ws, &t) : r;
}

static enum result post_request(struct request *rq, struct work *w)
{
    const struct request_new *in = rq->in;
    struct workspace ws;
    struct time_off_request t;
    int64_t start_s = 0, end_s = 0;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r != OK)
        return r;
    r = time_off_when(w, ws.tz, in->start, false, "start", &start_s);
    enum result also = time_off_when(w, ws.tz, in->end, true, "end", &end_s);
    r = r == OK ? also : r;
    if (r == OK)
        r = request_make(w, &ws, start_s, end_s, in->reason.ptr ? in->reason : STR(""), &t);
    return r == OK ? answer(rq, w, 201, &ws, &t) : r;
}

static enum result decide(struct request *rq, struct work *w, enum request_status to)
{
    const struct decision *in = rq->in;
    struct workspace ws;
    struct time_off_request t;
    enum result r = load_asked(rq, w, true, &ws, &t);
    if (r == OK)
        r = request_decide(w, &ws, &t, to, in->note.ptr ? in->note : STR(""));
    return r == OK ? answer(rq, w, 200, &ws, &t) : r;
}

static enum result post_approve(struct request *rq, struct work *w)
{
    return decide(rq, w, REQUEST_APPROVED);
}

static enum result post_decline(struct request *rq, struct work *w)
{
    return decide(rq, w, REQUEST_DECLINED);
}

static enum result post_withdraw(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct time_off_request t;
    enum result r = load_asked(rq, w, true, &ws, &t);
    if (r == OK && t.staff_id != w->actor.staff_id)
        r = problem_set(w->problem, DENIED, "forbidden",
                        "Only who asked can withdraw a request. Decline it instead.");
    if (r == OK)
        r = request_withdraw(w, &t);
    return r == OK ? answer(rq, w, 200, &ws, &t) : r;
}

#define REQUEST_ROUTE .tag = "team", .answer = &request_shape
#define OWN_REQUESTS  .who = WHO_STAFF, .all_with = RIGHT_OWNER
#define REQUEST_STEP  REQUEST_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .status = 200

static const struct route routes[] = {
    {REQUEST_ROUTE, .method = HTTP_GET_, .path = "/api/v1/time-off-requests", OWN_REQUESTS,
     .mode = MODE_READ, .query = &requests_query_shape, .status = 200, .answer_is_list = true,
     .handler = get_requests, .summary = "Who asks to be away, newest first; staff see their own"},
    {REQUEST_ROUTE, .method = HTTP_POST_, .path = "/api/v1/time-off-requests", OWN_REQUESTS,
     .mode = MODE_WRITE, .idempotent = true, .body = &request_new_shape, .status = 201,
     .handler = post_request, .summary = "Ask to be away; the owner is told"},
    {REQUEST_ROUTE, .method = HTTP_GET_, .path = "/api/v1/time-off-requests/{id}", OWN_REQUESTS,
     .mode = MODE_READ, .status = 200, .handler = get_request,
     .summary = "One request, with the bookings in its time"},
    {REQUEST_STEP, .path = "/api/v1/time-off-requests/{id}/approve", .who = WHO_OWNER,
     .body = &decision_shape, .body_optional = true, .handler = post_approve,
     .summary = "Approve: makes the time off; lists the bookings in it"},
    {REQUEST_STEP, .path = "/api/v1/time-off-requests/{id}/decline", .who = WHO_OWNER,
     .body = &decision_shape, .body_optional = true, .handler = post_decline,
     .summary = "Decline: hours stay as they are"},
    {REQUEST_STEP, .path = "/api/v1/time-off-requests/{id}/withdraw", OWN_REQUESTS,
     .handler = post_withdraw, .summary = "Take the own request back while nobody has decided"},
};
const struct route_table time_off_request_table = {routes, sizeof routes / sizeof routes[0]};
