/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit: builds the `changes` object while a feature changes things, and writes its row in the same
 * transaction. See audit.h. */
#include "audit/audit.h"

#include "base/app.h"
#include "base/tz.h"
#include "db/split.h"
#include "http/stream.h"

#include <assert.h>

enum { CHANGES_LIMIT = 256 * 1024 };

void audit_begin(struct audit *a, struct work *w, const char *entity, int64_t entity_id,
                 const char *action)
{
    *a = (struct audit){.work = w, .entity = entity, .entity_id = entity_id, .action = action};
    buf_init(&a->changes, CHANGES_LIMIT);
    buf_byte(&a->changes, '{');
}

static void open_member(struct audit *a, const char *field)
{
    if (a->any)
        buf_byte(&a->changes, ',');
    a->any = true;
    jw_string(&a->changes, str_of(field));
    buf_z(&a->changes, ":");
}

static void put_str(struct buf *b, struct str s)
{
    if (s.ptr)
        jw_string(b, s);
    else
        buf_z(b, "null");
}

static void put_int(struct buf *b, struct opt_int v)
{
    if (v.set)
        buf_int(b, v.value);
    else
        buf_z(b, "null");
}

static void put_instant(struct buf *b, struct opt_int v)
{
    if (!v.set) {
        buf_z(b, "null");
        return;
    }
    char text[INSTANT_TEXT];
    instant_format(v.value, text);
    jw_string(b, str_of(text));
}

static bool same_int(struct opt_int x, struct opt_int y)
{
    return x.set == y.set && (!x.set || x.value == y.value);
}

void audit_str(struct audit *a, const char *field, struct str before, struct str after)
{
    if (!before.ptr == !after.ptr && str_eq(before, after))
        return;
    open_member(a, field);
    buf_byte(&a->changes, '[');
    put_str(&a->changes, before);
    buf_byte(&a->changes, ',');
    put_str(&a->changes, after);
    buf_byte(&a->changes, ']');
}

void audit_int(struct audit *a, const char *field, struct opt_int before, struct opt_int after)
{
    if (same_int(before, after))
        return;
    open_member(a, field);
    buf_byte(&a->changes, '[');
    put_int(&a->changes, before);
    buf_byte(&a->changes, ',');
    put_int(&a->changes, after);
    buf_byte(&a->changes, ']');
}

void audit_bool(struct audit *a, const char *field, bool before, bool after)
{
    if (before == after)
        return;
    open_member(a, field);
    buf_z(&a->changes, before ? "[true,false]" : "[false,true]");
}

void audit_qty(struct audit *a, const char *field, int64_t before, int64_t after)
{
    if (before == after)
        return;
    open_member(a, field);
    buf_byte(&a->changes, '[');
    jw_qty(&a->changes, before);
    buf_byte(&a->changes, ',');
    jw_qty(&a->changes, after);
    buf_byte(&a->changes, ']');
}

void audit_instant(struct audit *a, const char *field, struct opt_int before, struct opt_int after)
{
    if (same_int(before, after))
        return;
    open_member(a, field);
    buf_byte(&a->changes, '[');
    put_instant(&a->changes, before);
    buf_byte(&a->changes, ',');
    put_instant(&a->changes, after);
    buf_byte(&a->changes, ']');
}

void audit_note(struct audit *a, const char *field, const char *what)
{
    open_member(a, field);
    jw_string(&a->changes, str_of(what));
}

void audit_staff(struct audit *a, int64_t staff_id, int64_t other_staff_id)
{
    a->staff_id = staff_id;
    a->other_staff_id = other_staff_id;
}

#define EVENT_ROW                                                                            \
    "INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, actor_id, actor_name,"     \
    " request_id, entity, entity_id, action, changes, staff_id, other_staff_id, seq) VALUES" \
    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"

enum result audit_end(struct audit *a)
{
    struct work *w = a->work;
    assert(w->actor.workspace_id != 0);
    buf_byte(&a->changes, '}');
    struct str changes =
        a->changes.overflow ? STR("{}") : str_copy(w->arena, buf_view(&a->changes));
    buf_done(&a->changes);
    struct opt_int actor = {w->actor.user_id != 0, w->actor.user_id};
    enum result res = SEEDED(AUDIT_APART) ? db_split(w->tx) : OK;
    if (res != OK)
        return res;
    res = db_exec(w->tx,
                  /* seq is the order of commits: migrations/0004_live.sql */
                  db_sql(w->tx, EVENT_ROW " $2)",
                         EVENT_ROW " CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT))"),
                  db_i(w->actor.workspace_id), db_i(env_id(w->env)), db_i(w->now_s),
                  db_z(actor_kind_names[w->actor.kind]), db_opt(actor),
                  db_s(w->actor.name.ptr ? w->actor.name : STR("")),
                  db_s(w->request_id.ptr ? w->request_id : STR("")), db_z(a->entity),
                  db_i(a->entity_id), db_z(a->action), db_s(changes),
                  a->staff_id ? db_i(a->staff_id) : db_null(),
                  a->other_staff_id ? db_i(a->other_staff_id) : db_null());
    if (res == OK && w->app && w->app->streams)
        db_after_commit(w->tx, streams_wake, w->app->streams);
    return res;
}

enum result audit_action(struct work *w, const char *entity, int64_t entity_id, const char *action)
{
    struct audit a;
    audit_begin(&a, w, entity, entity_id, action);
    return audit_end(&a);
}

static void read_event(const struct db_rows *r, size_t row, struct audit_event *ret)
{
    *ret = (struct audit_event){
        .id = some_int(db_int(r, row, 0)),
        .at = some_int(db_int(r, row, 1)),
        .actor_kind = db_str(r, row, 2),
        .actor_name = db_str(r, row, 3),
        .request_id = db_str(r, row, 4),
        .entity = db_str(r, row, 5),
        .entity_id = some_int(db_int(r, row, 6)),
        .action = db_str(r, row, 7),
        .changes = db_str(r, row, 8),
    };
}

static struct audit_event *read_events(struct arena *arena, const struct db_rows *r)
{
    struct audit_event *events = arena_new_array(arena, r->count + 1, struct audit_event);
    for (size_t i = 0; i < r->count; i++)
        read_event(r, i, &events[i]);
    return events;
}

enum result audit_of(struct work *w, const char *entity, int64_t entity_id, int limit,
                     struct audit_event **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT id, at_s, actor_kind, actor_name, request_id, entity, entity_id, action, changes"
        " FROM audit_event WHERE workspace_id = $1 AND entity = $2 AND entity_id = $3"
        " ORDER BY id LIMIT $4",
        db_i(w->actor.workspace_id), db_z(entity), db_i(entity_id), db_i(limit));
    if (res != OK)
        return res;
    *ret = read_events(w->arena, &r);
    *ret_count = r.count;
    return OK;
}

/* ---- GET /audit ---- */

static const struct field event_fields[] = {
    FIELD_ID(struct audit_event, id),
    FIELD_INSTANT(struct audit_event, at),
    FIELD_WORD(struct audit_event, actor_kind, actor_kind_names),
    FIELD_STR(struct audit_event, actor_name, 0, 200),
    FIELD_STR(struct audit_event, request_id, 0, 40),
    FIELD_STR(struct audit_event, entity, 0, 40),
    FIELD_ID(struct audit_event, entity_id),
    FIELD_STR(struct audit_event, action, 0, 40),
    FIELD_RAW(struct audit_event, changes, .json = RAW_CHANGES, .doc = "{field: [before, after]}"),
};
const struct shape audit_event_shape = SHAPE("AuditEvent", struct audit_event, event_fields);

static const struct field query_fields[] = {PAGE_FIELDS(struct audit_query), AUDIT_FILTER_FIELDS};
static const struct shape query_shape = SHAPE("AuditQuery", struct audit_query, query_fields);

/* The business's own clock, for dates in the question. */
static enum result read_range(struct work *w, const struct audit_query *q, int64_t *from_s,
                              int64_t *to_s)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, "SELECT timezone FROM workspace WHERE id = $1",
                             db_i(w->actor.workspace_id));
    if (res != OK)
        return res;
    const struct tz *tz = tz_find(db_str(&r, 0, 0));
    if (!tz)
        return problem_set(w->problem, INTERNAL, "internal", "The business's time zone is gone.");
    res = work_bound(w, tz, q->from, false, "from", from_s);
    return res == OK ? work_bound(w, tz, q->to, true, "to", to_s) : res;
}

#define EVENTS                                                                                \
    "SELECT id, at_s, actor_kind, actor_name, request_id, entity, entity_id, action, changes" \
    " FROM audit_event WHERE workspace_id = $1 AND id < $2 AND id >= $3 AND at_s >= $4 AND at_s < $5"

struct audit_span {
    int64_t below_id, least_id, from_s, to_s, limit;
};

/* Events keep the user; a member is known outside by the id that /staff gives them. */
static enum result user_of(struct work *w, struct opt_int *actor)
{
    struct db_rows r;
    if (!actor->set)
        return OK;
    enum result res =
        db_query(w->tx, &r, "SELECT user_id FROM staff WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(actor->value));
    if (res == OK && r.count == 1)
        actor->value = db_int(&r, 0, 0);
    return res;
}

/* Each shape of the question has its index: by one thing, by a person, by a kind of thing, by time.
 */
static enum result query_events(struct work *w, const struct audit_query *q,
                                const struct audit_span *at, struct db_rows *ret)
{
    struct opt_int by = q->actor;
    enum result res = user_of(w, &by);
    if (res != OK)
        return res;
    int64_t ws = w->actor.workspace_id, actor = by.set ? by.value : -1;
    struct str entity = q->entity.ptr ? q->entity : STR("");
    if (q->entity_id.set)
        return db_query(
            w->tx, ret,
            EVENTS " AND entity_id = $6 AND ($7 = '' OR entity = $7) AND ($8 = -1 OR actor_id = $8)"
                   " ORDER BY id DESC LIMIT $9",
            db_i(ws), db_i(at->below_id), db_i(at->least_id), db_i(at->from_s), db_i(at->to_s),
            db_i(q->entity_id.value), db_s(entity), db_i(actor), db_i(at->limit));
    if (by.set)
        return db_query(w->tx, ret,
                        EVENTS " AND actor_id = $6 AND ($7 = '' OR entity = $7)"
                               " ORDER BY id DESC LIMIT $8",
                        db_i(ws), db_i(at->below_id), db_i(at->least_id), db_i(at->from_s),
                        db_i(at->to_s), db_i(actor), db_s(entity), db_i(at->limit));
    if (q->entity.ptr)
        return db_query(w->tx, ret, EVENTS " AND entity = $6 ORDER BY id DESC LIMIT $7", db_i(ws),
                        db_i(at->below_id), db_i(at->least_id), db_i(at->from_s), db_i(at->to_s),
                        db_s(entity), db_i(at->limit));
    return db_query(w->tx, ret, EVENTS " ORDER BY id DESC LIMIT $6", db_i(ws), db_i(at->below_id),
                    db_i(at->least_id), db_i(at->from_s), db_i(at->to_s), db_i(at->limit));
}

/* An id is made in the second of its event or soon after, so the ids bound the walk and at_s
 * decides. */
enum result audit_find(struct work *w, const struct audit_query *q, int64_t below_id, int64_t limit,
                       struct audit_event **ret, size_t *ret_count)
{
    enum { LATE_S = 3600 }; /* a clock that was set back leaves ids ahead of it */
    int64_t from_s = 0, to_s = INT64_MAX - LATE_S;
    enum result res = read_range(w, q, &from_s, &to_s);
    if (res != OK)
        return res;
    int64_t end = env_id_at(to_s + LATE_S);
    struct audit_span at = {
        .below_id = below_id < end ? below_id : end,
        .least_id = env_id_at(from_s),
        .from_s = from_s,
        .to_s = to_s,
        .limit = limit,
    };
    struct db_rows r;
    res = query_events(w, q, &at, &r);
    if (res != OK)
        return res;
    *ret = read_events(w->arena, &r);
    *ret_count = r.count;
    return OK;
}

static enum result list_events(struct request *rq, struct work *w)
{
    const struct audit_query *q = rq->query_in;
    bool paged;
    int64_t key = 0, id = 0, limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT;
    struct audit_event *events;
    size_t count;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &id);
    if (res == OK)
        res = audit_find(w, q, paged ? id : INT64_MAX, limit + 1, &events, &count);
    if (res != OK)
        return res;
    struct str next = {0};
    if (count > (size_t)limit) {
        count = (size_t)limit;
        next = cursor_write(w->arena, 0, events[count - 1].id.value);
    }
    answer_list(rq, &audit_event_shape, events, count, next, w->actor.permissions);
    return OK;
}

static const struct route audit_routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/audit",
        .who = WHO_OWNER,
        .mode = MODE_READ,
        .query = &query_shape,
        .status = 200,
        .answer = &audit_event_shape,
        .answer_is_list = true,
        .handler = list_events,
        .tag = "audit",
        .summary = "Who did what, newest first",
    },
};
const struct route_table audit_table = {audit_routes, sizeof audit_routes / sizeof audit_routes[0]};
