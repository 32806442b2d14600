/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_list: bookings by start, in pages or as a table for a spreadsheet. Whoever may see only
 * their own is answered as if there were no others. */
#include "base/seeded.h"
#include "diary/booking_parts.h"
#include "diary/booking_view.h"
#include "diary/booking_walk.h"
#include "diary/diary.h"

enum { URGENT_S = 2 * SECONDS_PER_DAY };

enum { SORT_UP, SORT_DOWN };
static const char *const sorts[] = {"start", "-start", NULL};
enum { GATES_UNMET, GATES_URGENT };
static const char *const gates_choices[] = {"unmet", "urgent", NULL};
#define FILTER_FIELDS(type)                                                                        \
    FIELD_STR(type, from, 10, 40, .doc = "a local date (from its start) or an instant"),           \
        FIELD_STR(type, to, 10, 40, .doc = "a local date (to its end) or an instant (before it)"), \
        FIELD_ID(type, staff_id), FIELD_ID(type, client_id),                                       \
        FIELD_ENUM(type, status, booking_status_names),                                            \
        FIELD_STR(type, q, 1, 100,                                                                 \
                  .doc = "beginnings of the client's names, address or number; with it, "          \
                         "service_id or resource_id a page may hold fewer than limit "             \
                         "though more follow: next_cursor says so"),                               \
        FIELD_ID(type, service_id), FIELD_ID(type, resource_id, .doc = "a room or device"),        \
        FIELD_ENUM(type, sort, sorts, .doc = "by start, or the latest first")
static const struct field bookings_query_fields[] = {
    PAGE_FIELDS(struct bookings_query),
    FILTER_FIELDS(struct bookings_query),
    FIELD_BOOL(struct bookings_query, unstaffed,
               .doc = "future ones whose person is inactive or no longer performs the service"),
    FIELD_BOOL(struct bookings_query, unmarked,
               .doc = "open ones that have ended: to be completed, or marked as no-shows"),
    FIELD_ENUM(struct bookings_query, gates, gates_choices,
               .doc = "unmet: open ones of which something is missing that comes first; urgent: of "
                      "those to come, where a visit is missing, or a form and they are near"),
};
const struct shape bookings_query_shape =
    SHAPE("BookingsQuery", struct bookings_query, bookings_query_fields);
static const struct field export_query_fields[] = {FILTER_FIELDS(struct bookings_query)};
const struct shape bookings_export_query_shape =
    SHAPE("BookingsExportQuery", struct bookings_query, export_query_fields);

struct bookings_range {
    int64_t from_s, to_s, after_start_s, after_id;
    int64_t staff_id, client_id, limit;
    const char *status;
};

/*
 * Whoever was to do them is switched off, or has lost one of the services. What is retired counts
 * as performed still: nobody new can take it, so there is nothing to move. The walk is over the
 * visits to come, which max_advance_days bounds.
 */
static enum result query_unstaffed(struct work *w, const struct bookings_range *q,
                                   struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT b.id, b.start_s FROM booking b"
        " JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"
        " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
        " AND (b.start_s > $4 OR (b.start_s = $4 AND b.id > $5))"
        " AND b.status IN ('pending', 'confirmed') AND ($6 = '' OR b.status = $6)"
        " AND ($7 = 0 OR b.staff_id = $7) AND ($8 = 0 OR b.client_id = $8)"
        " AND (r.active = 0 OR EXISTS (SELECT 1 FROM booking_service x"
        "  JOIN service s ON s.workspace_id = x.workspace_id AND s.id = x.service_id"
        "  WHERE x.workspace_id = b.workspace_id AND x.booking_id = b.id AND s.retired = 0"
        "  AND NOT EXISTS (SELECT 1 FROM service_staff p WHERE p.workspace_id = x.workspace_id"
        "   AND p.service_id = x.service_id AND p.staff_id = b.staff_id)))"
        " ORDER BY b.start_s, b.id LIMIT $9",
        db_i(w->actor.workspace_id), db_i(q->from_s > w->now_s ? q->from_s : w->now_s),
        db_i(q->to_s), db_i(q->after_start_s), db_i(q->after_id), db_z(q->status),
        db_i(q->staff_id), db_i(q->client_id), db_i(q->limit));
}

/* The index holds open ones alone, by their end; to put them in order by start costs a sort of what
 * has not been marked so far. */
static enum result query_unmarked(struct work *w, const struct bookings_range *q,
                                  struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND end_s <= $2"
                    " AND status IN ('pending', 'confirmed') AND start_s >= $3 AND start_s < $4"
                    " AND (start_s > $5 OR (start_s = $5 AND id > $6)) AND ($7 = '' OR status = $7)"
                    " AND ($8 = 0 OR staff_id = $8) AND ($9 = 0 OR client_id = $9)"
                    " ORDER BY start_s, id LIMIT $10",
                    db_i(w->actor.workspace_id), db_i(w->now_s), db_i(q->from_s), db_i(q->to_s),
                    db_i(q->after_start_s), db_i(q->after_id), db_z(q->status), db_i(q->staff_id),
                    db_i(q->client_id), db_i(q->limit));
}

/*
 * The index holds those alone of which something is missing, by start. `later_s`: a form is still
 * awaited without hurry from there on.
 */
static enum result query_gates(struct work *w, const struct bookings_range *q, int64_t from_s,
                               int64_t later_s, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND gates_unmet > 0"
                    " AND status IN ('pending', 'confirmed') AND start_s >= $2 AND start_s < $3"
                    " AND (start_s > $4 OR (start_s = $4 AND id > $5)) AND ($6 = '' OR status = $6)"
                    " AND ($7 = 0 OR staff_id = $7) AND ($8 = 0 OR client_id = $8)"
                    " AND (gates_unmet = 2 OR start_s < $9) ORDER BY start_s, id LIMIT $10",
                    db_i(w->actor.workspace_id), db_i(q->from_s > from_s ? q->from_s : from_s),
                    db_i(q->to_s), db_i(q->after_start_s), db_i(q->after_id), db_z(q->status),
                    db_i(q->staff_id), db_i(q->client_id), db_i(later_s), db_i(q->limit));
}

/* Each shape of the question has its index: by client, by person, by state, else by start. */
static enum result query_bookings(struct work *w, const struct bookings_range *q,
                                  struct db_rows *ret)
{
    if (q->client_id)
        return db_query(
            w->tx, ret,
            "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND client_id = $2 AND start_s >= $3"
            " AND start_s < $4 AND (start_s > $5 OR (start_s = $5 AND id > $6)) AND ($7 = '' OR status = $7)"
            " AND ($8 = 0 OR staff_id = $8) ORDER BY start_s, id LIMIT $9",
            db_i(w->actor.workspace_id), db_i(q->client_id), db_i(q->from_s), db_i(q->to_s),
            db_i(q->after_start_s), db_i(q->after_id), db_z(q->status), db_i(q->staff_id),
            db_i(q->limit));
    if (q->staff_id)
        return db_query(
            w->tx, ret,
            "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND staff_id = $2 AND start_s >= $3"
            " AND start_s < $4 AND (start_s > $5 OR (start_s = $5 AND id > $6)) AND ($7 = '' OR status = $7)"
            " ORDER BY start_s, id LIMIT $8",
            db_i(w->actor.workspace_id), db_i(q->staff_id), db_i(q->from_s), db_i(q->to_s),
            db_i(q->after_start_s), db_i(q->after_id), db_z(q->status), db_i(q->limit));
    if (*q->status)
        return db_query(
            w->tx, ret,
            "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND status = $2"
            " AND start_s >= $3 AND start_s < $4"
            " AND (start_s > $5 OR (start_s = $5 AND id > $6)) ORDER BY start_s, id LIMIT $7",
            db_i(w->actor.workspace_id), db_z(q->status), db_i(q->from_s), db_i(q->to_s),
            db_i(q->after_start_s), db_i(q->after_id), db_i(q->limit));
    return db_query(w->tx, ret,
                    "SELECT id, start_s FROM booking WHERE workspace_id = $1 AND start_s >= $2"
                    " AND start_s < $3 AND (start_s > $4 OR (start_s = $4 AND id > $5))"
                    " ORDER BY start_s, id LIMIT $6",
                    db_i(w->actor.workspace_id), db_i(q->from_s), db_i(q->to_s),
                    db_i(q->after_start_s), db_i(q->after_id), db_i(q->limit));
}

/* The question, cut down to what the caller may see. OK with *ret_none where nothing can fit. */
static enum result read_range(struct work *w, const struct bookings_query *in, const struct tz *tz,
                              struct bookings_range *ret, bool *ret_none)
{
    struct bookings_range q = {
        .from_s = INT64_MIN,
        .to_s = INT64_MAX,
        .after_start_s = INT64_MIN,
        .staff_id = in->staff_id.value,
        .client_id = in->client_id.value,
        .status = in->status.set ? booking_status_names[in->status.value] : "",
        .limit = (in->limit.set ? in->limit.value : PAGE_LIMIT_DEFAULT) + 1,
    };
    bool paged;
    enum result res = cursor_read(w, in->cursor, &paged, &q.after_start_s, &q.after_id);
    if (res == OK)
        res = work_bound(w, tz, in->from, false, "from", &q.from_s);
    if (res == OK)
        res = work_bound(w, tz, in->to, true, "to", &q.to_s);
    if (res != OK)
        return res;
    bool down = in->sort.set && in->sort.value == SORT_DOWN;
    if (paged && !down && q.after_start_s > q.from_s)
        q.from_s = q.after_start_s; /* the index walks from the cursor on */
    if (!paged)
        q.after_start_s = INT64_MIN;
    bool others_only = !w->sees_all && in->staff_id.set && in->staff_id.value != w->actor.staff_id;
    /* What can be no id has no bookings; it is not a filter that is left out. */
    bool nobody = (in->staff_id.set && in->staff_id.value == 0) ||
                  (in->client_id.set && in->client_id.value == 0);
    if (!w->sees_all && !SEEDED(LIST_UNFILTERED))
        q.staff_id = w->actor.staff_id;
    *ret_none = others_only || nobody;
    *ret = q;
    return OK;
}

static enum result view_rows(struct work *w, const struct workspace *ws, const struct db_rows *rows,
                             size_t count, struct booking_view **ret)
{
    enum result res = OK;
    struct booking_view *views = arena_new_array(w->arena, count + 1, struct booking_view);
    for (size_t i = 0; i < count && res == OK; i++) {
        struct booking b;
        res = booking_load(w, db_int(rows, i, 0), &b);
        if (res == OK)
            views[i] = *booking_view_of(w->arena, ws, &b);
    }
    if (res == OK)
        *ret = views;
    return res;
}

/* ---- what no index has in the order of starts (booking_walk.h) ---- */

static bool is_walk(const struct bookings_query *in)
{
    return in->q.len || in->service_id.set || in->resource_id.set ||
           (in->sort.set && in->sort.value == SORT_DOWN);
}

static enum result refuse_both(struct work *w)
{
    return problem_field(w->problem, "sort", "ambiguous",
                         "unstaffed, unmarked and gates are lists by themselves: without q, "
                         "service_id, resource_id or another sort.");
}

enum result bookings_walk_of(struct work *w, const struct bookings_query *in, const struct tz *tz,
                             struct booking_walk *ret, bool *ret_none)
{
    struct bookings_range q;
    if (in->q.len && !(w->actor.permissions & SEES_CONTACTS))
        return problem_set(w->problem, DENIED, "forbidden",
                           "You may not search among clients. Ask the owner.");
    enum result res = read_range(w, in, tz, &q, ret_none);
    if (res != OK)
        return res;
    *ret = (struct booking_walk){
        .from_s = q.from_s,
        .to_s = q.to_s,
        .newest_first = in->sort.set && in->sort.value == SORT_DOWN,
        .resumed = in->cursor.len > 0,
        .after_start_s = q.after_start_s,
        .after_id = q.after_id,
        .staff_id = q.staff_id,
        .client_id = q.client_id,
        .service_id = in->service_id.value,
        .resource_id = in->resource_id.value,
        .status = q.status,
        .q = in->q,
        .limit = (size_t)q.limit - 1,
    };
    *ret_none |= (in->service_id.set && in->service_id.value == 0) ||
                 (in->resource_id.set && in->resource_id.value == 0);
    return OK;
}

static enum result list_walked(struct request *rq, struct work *w, const struct workspace *ws)
{
    struct booking_walk q;
    bool none, more = false;
    struct walked *found = NULL, last = {0};
    size_t count = 0;
    enum result res = bookings_walk_of(w, rq->query_in, ws->tz, &q, &none);
    if (res == OK && !none)
        res = booking_walk(w, &q, &found, &count, &more, &last);
    struct booking_view *views = arena_new_array(w->arena, count + 1, struct booking_view);
    for (size_t i = 0; i < count && res == OK; i++) {
        struct booking b;
        res = booking_load(w, found[i].id, &b);
        if (res == OK)
            views[i] = *booking_view_of(w->arena, ws, &b);
    }
    if (res != OK)
        return res;
    struct str next = more ? cursor_write(w->arena, last.start_s, last.id) : (struct str){0};
    answer_list(rq, &booking_shape, views, count, next, w->actor.permissions);
    return OK;
}

enum result booking_list(struct request *rq, struct work *w)
{
    const struct bookings_query *in = rq->query_in;
    struct workspace ws;
    struct bookings_range q;
    bool none;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    bool by_itself = (in->unstaffed.set && in->unstaffed.value) ||
                     (in->unmarked.set && in->unmarked.value) || in->gates.set;
    if (res == OK && is_walk(in))
        return by_itself ? refuse_both(w) : list_walked(rq, w, &ws);
    if (res == OK)
        res = read_range(w, in, ws.tz, &q, &none);
    if (res != OK)
        return res;
    struct db_rows r = {0};
    bool unstaffed = in->unstaffed.set && in->unstaffed.value;
    bool unmarked = in->unmarked.set && in->unmarked.value;
    if (unstaffed + unmarked + in->gates.set > 1)
        return problem_field(
            w->problem, unmarked ? "unmarked" : "gates", "ambiguous",
            "Ask for unstaffed ones, for unmarked ones, or by their gates: for one "
            "of these.");
    bool urgent = in->gates.set && in->gates.value == GATES_URGENT;
    if (!none)
        res = unstaffed       ? query_unstaffed(w, &q, &r)
              : unmarked      ? query_unmarked(w, &q, &r)
              : urgent        ? query_gates(w, &q, w->now_s, w->now_s + URGENT_S, &r)
              : in->gates.set ? query_gates(w, &q, INT64_MIN, INT64_MAX, &r)
                              : query_bookings(w, &q, &r);
    if (res != OK)
        return res;
    size_t count = r.count < (size_t)q.limit ? r.count : (size_t)q.limit - 1;
    struct booking_view *views;
    res = view_rows(w, &ws, &r, count, &views);
    if (res != OK)
        return res;
    struct str next = {0};
    if (count < r.count)
        next = cursor_write(w->arena, db_int(&r, count - 1, 1), db_int(&r, count - 1, 0));
    answer_list(rq, &booking_shape, views, count, next, w->actor.permissions);
    return OK;
}

/* ---- today, for the portal's shell ---- */

struct own_day {
    struct opt_int date;
    struct shape_list data;
};
static const struct field own_day_fields[] = {
    FIELD_DATE(struct own_day, date),
    FIELD_LIST(struct own_day, data, booking_shape, 0, 0),
};
static const struct shape own_day_shape = SHAPE("OwnDay", struct own_day, own_day_fields);

enum result diary_own_day_json(struct work *w, struct str *ret)
{
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    int64_t date = tz_date(ws.tz, w->now_s);
    struct bookings_range q = {
        .from_s = tz_day_start(ws.tz, date),
        .to_s = tz_day_end(ws.tz, date),
        .after_start_s = INT64_MIN,
        .staff_id = w->actor.staff_id,
        .status = "",
        .limit = PAGE_LIMIT_MAX,
    };
    struct db_rows rows;
    struct booking_view *views;
    res = query_bookings(w, &q, &rows);
    if (res == OK)
        res = view_rows(w, &ws, &rows, rows.count, &views);
    if (res != OK)
        return res;
    struct own_day day = {some_int(date), {true, rows.count, views}};
    struct buf json;
    buf_init(&json, RESPONSE_LIMIT);
    shape_write(&json, &own_day_shape, &day, w->actor.permissions);
    *ret = str_copy(w->arena, buf_view(&json));
    buf_done(&json);
    return OK;
}
