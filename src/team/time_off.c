/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * time_off: when a member is away, whatever their weekly hours say.
 *
 * An entry is made and removed, never changed, so it has no version. It may lie over bookings: they
 * stay, and the owner sees them in the diary.
 */
#include "team/internal.h"

#include "audit/audit.h"
#include "workspace/workspace.h"

static const struct field time_off_fields[] = {
    FIELD_ID(struct time_off, id),
    FIELD_INSTANT(struct time_off, start),
    FIELD_INSTANT(struct time_off, end),
    FIELD_STR(struct time_off, local_start, 0, 0,
              .doc = "the start as the business's clock shows it"),
    FIELD_STR(struct time_off, local_end, 0, 0),
    FIELD_STR(struct time_off, reason, 0, 200),
};
static const struct shape time_off_shape = SHAPE("TimeOff", struct time_off, time_off_fields);

struct time_off_new {
    struct str start, end, reason;
};
static const struct field time_off_new_fields[] = {
    FIELD_STR(struct time_off_new, start, 10, TIME_OFF_WHEN_MAX, .required = true,
              .doc = "an instant, a local date (from its start) or a local time 2026-11-22T09:00"),
    FIELD_STR(struct time_off_new, end, 10, TIME_OFF_WHEN_MAX, .required = true,
              .doc = "the same, after start; of a date, its end"),
    FIELD_STR(struct time_off_new, reason, 0, 200),
};
static const struct shape time_off_new_shape =
    SHAPE("TimeOffNew", struct time_off_new, time_off_new_fields);

struct time_off_query {
    struct opt_int from, to;
    struct opt_int limit;
    struct str cursor;
};

static const struct field time_off_query_fields[] = {
    FIELD_INSTANT(struct time_off_query, from, .doc = "only what ends after it"),
    FIELD_INSTANT(struct time_off_query, to, .doc = "only what begins before it"),
    PAGE_FIELDS(struct time_off_query),
};
static const struct shape time_off_query_shape =
    SHAPE("TimeOffQuery", struct time_off_query, time_off_query_fields);

static void show_clock(struct arena *a, const struct workspace *ws, struct time_off *t)
{
    char start[LOCAL_TEXT], end[LOCAL_TEXT];
    tz_local_format(ws->tz, t->start.value, start);
    tz_local_format(ws->tz, t->end.value, end);
    t->local_start = str_copy(a, str_of(start));
    t->local_end = str_copy(a, str_of(end));
}

/* In order of end, which is what the index gives. */
static enum result get_time_off(struct request *rq, struct work *w)
{
    const struct time_off_query *q = rq->query_in;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t end = INT64_MIN, id = 0, staff_id;
    struct workspace ws;
    struct staff_member m;
    enum result r = member_asked(rq, w, &staff_id);
    if (r == OK)
        r = team_member(w, staff_id, &m);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r == OK)
        r = cursor_read(w, q->cursor, &given, &end, &id);
    if (r != OK)
        return r;

    struct db_rows rows;
    r = db_query(w->tx, &rows,
                 "SELECT id, start_s, end_s, reason FROM time_off"
                 " WHERE workspace_id = $1 AND staff_id = $2 AND end_s > $3 AND start_s < $4"
                 " AND (end_s > $5 OR (end_s = $5 AND id > $6)) ORDER BY end_s, id LIMIT $7",
                 db_i(w->actor.workspace_id), db_i(staff_id),
                 db_i(q->from.set ? q->from.value : INT64_MIN),
                 db_i(q->to.set ? q->to.value : INT64_MAX), db_i(end), db_i(id), db_i(limit + 1));
    if (r != OK)
        return r;
    struct time_off *list = arena_new_array(w->arena, rows.count, struct time_off);
    for (size_t i = 0; i < rows.count; i++) {
        list[i] = (struct time_off){
            .id = db_opt_int(&rows, i, 0),
            .start = db_opt_int(&rows, i, 1),
            .end = db_opt_int(&rows, i, 2),
            .reason = db_str(&rows, i, 3),
        };
        show_clock(w->arena, &ws, &list[i]);
    }
    size_t count = rows.count;
    struct str next = {0};
    if (count > (size_t)limit) {
        count = (size_t)limit;
        next = cursor_write(w->arena, list[count - 1].end.value, list[count - 1].id.value);
    }
    answer_list(rq, &time_off_shape, list, count, next, w->actor.permissions);
    return OK;
}

enum result time_off_when(struct work *w, const struct tz *tz, struct str text, bool end,
                          const char *path, int64_t *ret)
{
    enum { DATE = DATE_TEXT - 1, LOCAL = DATE + 1 + CLOCK_TEXT - 1 };
    int64_t date;
    int minutes;
    if (text.len != LOCAL || text.ptr[DATE] != 'T')
        return work_bound(w, tz, text, end, path, ret);
    if (!date_parse((struct str){text.ptr, DATE}, &date) ||
        !clock_parse((struct str){text.ptr + DATE + 1, CLOCK_TEXT - 1}, &minutes))
        return problem_field(w->problem, path, "invalid_format",
                             "Give a date and a time that exist: 2026-11-22T09:00.");
    *ret = tz_instant(tz, date, minutes);
    return OK;
}

enum result time_off_check(struct work *w, int64_t start_s, int64_t end_s)
{
    if (end_s <= start_s)
        return problem_field(w->problem, "end", "out_of_order", "Give an end after the start.");
    if (end_s - start_s > TIME_OFF_LONGEST_S)
        return problem_field(w->problem, "end", "too_long", "Give at most two years at a time.");
    return OK;
}

static enum result check_room(struct work *w, int64_t staff_id)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT COUNT(*) FROM time_off"
                           " WHERE workspace_id = $1 AND staff_id = $2 AND end_s > $3",
                           db_i(w->actor.workspace_id), db_i(staff_id), db_i(w->now_s));
    if (r == OK && db_int(&rows, 0, 0) >= TIME_OFF_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A member has at most %d entries of time off ahead.", TIME_OFF_MAX);
    return r;
}

static enum result audit_time_off(struct work *w, int64_t staff_id, const char *action,
                                  const struct time_off *was, const struct time_off *is)
{
    struct audit a;
    audit_begin(&a, w, "staff", staff_id, action);
    audit_instant(&a, "start", was->start, is->start);
    audit_instant(&a, "end", was->end, is->end);
    audit_str(&a, "reason", was->reason, is->reason);
    return audit_end(&a);
}

enum result time_off_add(struct work *w, int64_t staff_id, struct time_off *t)
{
    static const struct time_off nothing;
    t->id = some_int(env_id(w->env));
    enum result r = check_room(w, staff_id);
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO time_off"
                    " (workspace_id, staff_id, id, start_s, end_s, reason, created_s)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    db_i(w->actor.workspace_id), db_i(staff_id), db_opt(t->id), db_opt(t->start),
                    db_opt(t->end), db_s(t->reason), db_i(w->now_s));
    return r == OK ? audit_time_off(w, staff_id, "time_off_added", &nothing, t) : r;
}

static enum result post_time_off(struct request *rq, struct work *w)
{
    const struct time_off_new *in = rq->in;
    int64_t staff_id = request_id_param(rq, 0), start_s = 0, end_s = 0;
    struct workspace ws;
    struct staff_member m;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r != OK)
        return r;
    r = time_off_when(w, ws.tz, in->start, false, "start", &start_s);
    enum result also = time_off_when(w, ws.tz, in->end, true, "end", &end_s);
    r = r == OK ? also : r;
    if (r == OK)
        r = time_off_check(w, start_s, end_s);
    struct time_off t = {
        .start = some_int(start_s),
        .end = some_int(end_s),
        .reason = in->reason.ptr ? in->reason : STR(""),
    };
    if (r == OK)
        r = team_member(w, staff_id, &m);
    if (r == OK)
        r = time_off_add(w, staff_id, &t);
    if (r == OK)
        show_clock(w->arena, &ws, &t);
    if (r == OK)
        answer_json(rq, 201, &time_off_shape, &t, w->actor.permissions);
    return r;
}

static enum result delete_time_off(struct request *rq, struct work *w)
{
    static const struct time_off nothing;
    int64_t staff_id = request_id_param(rq, 0), id = request_id_param(rq, 1);
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT start_s, end_s, reason FROM time_off"
                           " WHERE workspace_id = $1 AND staff_id = $2 AND id = $3",
                           db_i(w->actor.workspace_id), db_i(staff_id), db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "time off");
    if (r != OK)
        return r;
    struct time_off was = {
        .start = db_opt_int(&rows, 0, 0),
        .end = db_opt_int(&rows, 0, 1),
        .reason = db_str(&rows, 0, 2),
    };
    int64_t removed = 0;
    r = db_count(w->tx, &removed,
                 "DELETE FROM time_off WHERE workspace_id = $1 AND staff_id = $2 AND id = $3",
                 db_i(w->actor.workspace_id), db_i(staff_id), db_i(id));
    if (r == OK && removed == 0) /* someone else was faster */
        return work_missing(w, "time off");
    if (r == OK)
        r = audit_time_off(w, staff_id, "time_off_removed", &was, &nothing);
    if (r == OK)
        answer_empty(rq, 204);
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/staff/{id}/time-off",
        .who = WHO_STAFF,
        .all_with = RIGHT_OWNER,
        .mode = MODE_READ,
        .query = &time_off_query_shape,
        .status = 200,
        .answer = &time_off_shape,
        .answer_is_list = true,
        .handler = get_time_off,
        .tag = "team",
        .summary = "When a member is away, by end",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/staff/{id}/time-off",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &time_off_new_shape,
        .status = 201,
        .answer = &time_off_shape,
        .handler = post_time_off,
        .tag = "team",
        .summary = "Note that a member is away; bookings in that time stay",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/staff/{id}/time-off/{time_off_id}",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_time_off,
        .tag = "team",
        .summary = "Remove time off",
    },
};
const struct route_table time_off_table = {routes, sizeof routes / sizeof routes[0]};
