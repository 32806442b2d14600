/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar_visits: what stands in a calendar: visits as they were placed, and what is being chosen
 * on the public page. See calendar.h. */
#include "diary/booking_parts.h"
#include "diary/booking_view.h"
#include "diary/calendar.h"

/* A visit with its buffers is no longer (CHECK hold_span), so one that meets the window starts in
 * it or at most so long before or after. */
enum { REACH_S = 2 * SECONDS_PER_DAY };

enum part { PART_BUFFER, PART_WORK, PART_PROCESSING };
static const char *const part_kinds[] = {"buffer", "work", "processing", NULL};

struct part_view {
    struct opt_int kind, at, minutes;
};
static const struct field part_fields[] = {
    FIELD_ENUM(struct part_view, kind, part_kinds,
               .doc = "the person is held in buffers and work, and free in processing"),
    FIELD_INT(struct part_view, at, 0, 0, .doc = "minutes since the visit's own start"),
    FIELD_INT(struct part_view, minutes, 0, 0),
};
static const struct shape part_shape = SHAPE("CalendarSegment", struct part_view, part_fields);

struct held_view {
    struct opt_int resource_id, at, minutes;
    struct id_list any_of;
};
static const struct field held_fields[] = {
    FIELD_ID(struct held_view, resource_id),
    FIELD_INT(struct held_view, at, 0, 0, .doc = "minutes since the visit's own start"),
    FIELD_INT(struct held_view, minutes, 0, 0),
    FIELD_IDS(struct held_view, any_of, 0, 0, .doc = "which would do as well, itself included"),
};
static const struct shape held_shape = SHAPE("CalendarHeld", struct held_view, held_fields);

static const struct field client_fields[] = {
    FIELD_ID(struct person_view, id),
    FIELD_STR(struct person_view, name, 0, 0),
};
static const struct shape client_shape = SHAPE("CalendarClient", struct person_view, client_fields);

static const struct field service_fields[] = {
    FIELD_ID(struct booked_service_view, id),
    FIELD_STR(struct booked_service_view, name, 0, 0),
    FIELD_INT(struct booked_service_view, duration_min, 0, 0),
};
static const struct shape service_shape =
    SHAPE("CalendarService", struct booked_service_view, service_fields);

struct visit_view {
    struct opt_int id, date, at, minutes, outer_at, outer_minutes, start, end;
    struct opt_int status, staff_id, price, version, started_at;
    struct shape_list segments, resources, services;
    struct person_view *client;
    struct str client_alerts;
    struct opt_bool gates_ok;
};
static const struct field visit_fields[] = {
    FIELD_ID(struct visit_view, id),
    FIELD_DATE(struct visit_view, date, .doc = "the day it starts in"),
    FIELD_INT(struct visit_view, at, 0, 0, .doc = "minutes since that day's midnight"),
    FIELD_INT(struct visit_view, minutes, 0, 0, .doc = "as its client sees it"),
    FIELD_INT(struct visit_view, outer_at, 0, 0, .doc = "with its buffers"),
    FIELD_INT(struct visit_view, outer_minutes, 0, 0),
    FIELD_INSTANT(struct visit_view, start),
    FIELD_INSTANT(struct visit_view, end),
    FIELD_ENUM(struct visit_view, status, booking_status_names),
    FIELD_ID(struct visit_view, staff_id),
    FIELD_LIST(struct visit_view, segments, part_shape, 0, 0),
    FIELD_LIST(struct visit_view, resources, held_shape, 0, 0, .doc = "rooms and devices"),
    FIELD_LIST(struct visit_view, services, service_shape, 0, 0),
    FIELD_OBJECT(struct visit_view, client, client_shape),
    FIELD_RAW(struct visit_view, client_alerts, .json = RAW_TEXTS,
              .doc = "what to mind with this client"),
    FIELD_BOOL(struct visit_view, gates_ok,
               .doc = "nothing is missing that its services ask for first"),
    FIELD_INT(struct visit_view, price, 0, 0),
    FIELD_INSTANT(struct visit_view, started_at, .maybe = true, .doc = "null: not yet"),
    FIELD_INT(struct visit_view, version, 0, 0),
};
const struct shape calendar_visit_shape = SHAPE("CalendarVisit", struct visit_view, visit_fields);

struct pick_view {
    struct opt_int resource_id, start, minutes;
};
static const struct field pick_fields[] = {
    FIELD_ID(struct pick_view, resource_id, .doc = "a person, a room or a device"),
    FIELD_INSTANT(struct pick_view, start),
    FIELD_INT(struct pick_view, minutes, 0, 0),
};
const struct shape calendar_pick_shape = SHAPE("CalendarPick", struct pick_view, pick_fields);

/* ---- visits ---- */

struct read {
    struct visit_view *views;
    int64_t *outer_from, *outer_to; /* of each visit */
    size_t count;
    int64_t last_s; /* starts after this are not answered */
};

static enum result read_bookings(struct work *w, struct calendar *c, struct read *ret)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT b.id, b.start_s, b.end_s, b.outer_from_s, b.outer_to_s, b.status, b.staff_id,"
        " b.price, b.version, b.started_s, b.gates_unmet, c.id, c.name, c.alerts FROM booking b"
        " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id"
        " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
        " AND b.outer_to_s > $4 AND b.outer_from_s < $5 AND ($6 = 0 OR b.staff_id = $6)"
        " AND ($7 = 1 OR b.status <> 'cancelled') ORDER BY b.start_s, b.id LIMIT $8",
        db_i(w->actor.workspace_id), db_i(c->from_s - REACH_S), db_i(c->to_s + REACH_S),
        db_i(c->from_s), db_i(c->to_s), db_i(c->staff_id), db_i(c->cancelled),
        db_i(CALENDAR_VISITS_MAX + 1));
    if (res != OK)
        return res;
    c->cut = r.count > CALENDAR_VISITS_MAX;
    size_t n = c->cut ? CALENDAR_VISITS_MAX : r.count;
    *ret = (struct read){
        .views = arena_new_array(w->arena, n + 1, struct visit_view),
        .outer_from = arena_new_array(w->arena, n + 1, int64_t),
        .outer_to = arena_new_array(w->arena, n + 1, int64_t),
        .count = n,
        .last_s = n ? db_int(&r, n - 1, 1) : INT64_MIN,
    };
    c->visitors = arena_new_array(w->arena, n + 1, int64_t);
    c->visit_count = n;
    for (size_t i = 0; i < n; i++) {
        int64_t start_s = db_int(&r, i, 1), end_s = db_int(&r, i, 2);
        int64_t outer_from_s = db_int(&r, i, 3), outer_to_s = db_int(&r, i, 4);
        int64_t date = tz_day_of(c->ws->tz, start_s);
        int64_t midnight_s = tz_day_start(c->ws->tz, date);
        enum booking_status status = booking_status_of(db_str(&r, i, 5));
        bool open = status == BOOKING_PENDING || status == BOOKING_CONFIRMED;
        struct person_view *client = arena_new(w->arena, struct person_view);
        *client = (struct person_view){some_int(db_int(&r, i, 11)), db_str(&r, i, 12)};
        ret->outer_from[i] = outer_from_s;
        ret->outer_to[i] = outer_to_s;
        c->visitors[i] = db_int(&r, i, 6);
        ret->views[i] = (struct visit_view){
            .id = some_int(db_int(&r, i, 0)),
            .date = some_int(date),
            .at = some_int((start_s - midnight_s) / 60),
            .minutes = some_int((end_s - start_s) / 60),
            .outer_at = some_int((outer_from_s - midnight_s) / 60),
            .outer_minutes = some_int((outer_to_s - outer_from_s) / 60),
            .start = some_int(start_s),
            .end = some_int(end_s),
            .status = some_int(status),
            .staff_id = some_int(c->visitors[i]),
            .price = some_int(db_int(&r, i, 7)),
            .version = some_int(db_int(&r, i, 8)),
            .started_at = db_opt_int(&r, i, 9),
            .gates_ok = some_bool(!open || db_int(&r, i, 10) == 0),
            .client = client,
            .client_alerts = db_str(&r, i, 13),
        };
    }
    return OK;
}

/* Rows of one visit stand together, and visits in the order of the bookings; the rest is of
 * bookings that are not answered. Returns how many rows the visit has, from *at on. */
static size_t rows_of(const struct db_rows *r, int64_t booking_id, int64_t start_s, size_t *at)
{
    while (*at < r->count && (db_int(r, *at, 1) < start_s ||
                              (db_int(r, *at, 1) == start_s && db_int(r, *at, 0) < booking_id)))
        ++*at;
    size_t n = 0;
    while (*at + n < r->count && db_int(r, *at + n, 0) == booking_id)
        n++;
    return n;
}

static enum result read_services(struct work *w, const struct calendar *c, struct read *read)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT b.id, b.start_s, x.service_id, x.name, x.duration_min FROM booking b"
        " JOIN booking_service x ON x.workspace_id = b.workspace_id AND x.booking_id = b.id"
        " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s <= $3"
        " AND b.outer_to_s > $4 AND ($5 = 0 OR b.staff_id = $5)"
        " ORDER BY b.start_s, b.id, x.position LIMIT 100000",
        db_i(w->actor.workspace_id), db_i(c->from_s - REACH_S), db_i(read->last_s), db_i(c->from_s),
        db_i(c->staff_id));
    if (res != OK)
        return res;
    size_t at = 0;
    for (size_t i = 0; i < read->count; i++) {
        struct visit_view *v = &read->views[i];
        size_t n = rows_of(&r, v->id.value, v->start.value, &at);
        struct booked_service_view *views =
            arena_new_array(w->arena, n + 1, struct booked_service_view);
        for (size_t k = 0; k < n; k++)
            views[k] =
                (struct booked_service_view){.id = some_int(db_int(&r, at + k, 2)),
                                             .name = db_str(&r, at + k, 3),
                                             .duration_min = some_int(db_int(&r, at + k, 4))};
        v->services = (struct shape_list){true, n, views};
        at += n;
    }
    return OK;
}

/* ---- what they hold ---- */

/* Today's menu: (service, position, resource), sorted. */
struct needs {
    struct db_rows rows;
};

/* The choice of one of the visit's services that has this thing in it, else the thing alone. */
static struct id_list choice_of(struct arena *a, const struct needs *needs,
                                const struct visit_view *v, int64_t thing_id)
{
    const struct db_rows *r = &needs->rows;
    const struct booked_service_view *services = v->services.items;
    for (size_t i = 0, n; i < r->count; i += n) {
        bool has = false, asked = false;
        for (n = 0; i + n < r->count && db_int(r, i + n, 0) == db_int(r, i, 0) &&
                    db_int(r, i + n, 1) == db_int(r, i, 1);
             n++)
            has |= db_int(r, i + n, 2) == thing_id;
        for (size_t s = 0; s < v->services.count && has; s++)
            asked |= services[s].id.value == db_int(r, i, 0);
        if (!asked)
            continue;
        int64_t *ids = arena_new_array(a, n, int64_t);
        for (size_t k = 0; k < n; k++)
            ids[k] = db_int(r, i + k, 2);
        return (struct id_list){true, n, ids};
    }
    int64_t *alone = arena_new(a, int64_t);
    *alone = thing_id;
    return (struct id_list){true, 1, alone};
}

static void add_part(struct part_view *parts, size_t *n, enum part kind, int64_t from_s,
                     int64_t to_s, int64_t start_s)
{
    if (from_s >= to_s)
        return;
    parts[(*n)++] = (struct part_view){some_int(kind), some_int((from_s - start_s) / 60),
                                       some_int((to_s - from_s) / 60)};
}

/* Work is where the person is held between start and end, and processing where they are not;
 * buffers are what is held before and after. `held` is sorted and disjoint. */
static struct shape_list parts_of(struct arena *a, const struct visit_view *v, int64_t outer_from_s,
                                  int64_t outer_to_s, const struct span *held, size_t count)
{
    struct part_view *parts = arena_new_array(a, 2 * count + 4, struct part_view);
    size_t n = 0;
    int64_t start_s = v->start.value, end_s = v->end.value, at_s = start_s;
    add_part(parts, &n, PART_BUFFER, outer_from_s, start_s, start_s);
    for (size_t i = 0; i < count; i++) {
        int64_t from_s = held[i].from_s > at_s ? held[i].from_s : at_s;
        int64_t to_s = held[i].to_s < end_s ? held[i].to_s : end_s;
        if (from_s >= to_s)
            continue;
        add_part(parts, &n, PART_PROCESSING, at_s, from_s, start_s);
        add_part(parts, &n, PART_WORK, from_s, to_s, start_s);
        at_s = to_s;
    }
    add_part(parts, &n, count ? PART_PROCESSING : PART_WORK, at_s, end_s, start_s);
    add_part(parts, &n, PART_BUFFER, end_s, outer_to_s, start_s);
    return (struct shape_list){true, n, parts};
}

static enum result read_holds(struct work *w, const struct calendar *c, struct read *read)
{
    struct db_rows r;
    struct needs needs;
    enum result res = db_query(
        w->tx, &needs.rows,
        "SELECT n.service_id, n.position, n.resource_id FROM service_need n"
        " WHERE n.workspace_id = $1 ORDER BY n.service_id, n.position, n.resource_id LIMIT 50000",
        db_i(w->actor.workspace_id));
    if (res == OK)
        res = db_query(w->tx, &r,
                       "SELECT b.id, b.start_s, h.resource_id, h.start_s, h.end_s FROM booking b"
                       " JOIN hold h ON h.workspace_id = b.workspace_id AND h.booking_id = b.id"
                       " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s <= $3"
                       " AND b.outer_to_s > $4 AND ($5 = 0 OR b.staff_id = $5)"
                       " ORDER BY b.start_s, b.id, h.start_s, h.id LIMIT 300000",
                       db_i(w->actor.workspace_id), db_i(c->from_s - REACH_S), db_i(read->last_s),
                       db_i(c->from_s), db_i(c->staff_id));
    if (res != OK)
        return res;
    size_t at = 0;
    for (size_t i = 0; i < read->count; i++) {
        struct visit_view *v = &read->views[i];
        size_t n = rows_of(&r, v->id.value, v->start.value, &at);
        struct span *held = arena_new_array(w->arena, n + 1, struct span);
        struct held_view *things = arena_new_array(w->arena, n + 1, struct held_view);
        size_t held_count = 0, thing_count = 0;
        for (size_t k = at; k < at + n; k++) {
            int64_t id = db_int(&r, k, 2), from_s = db_int(&r, k, 3), to_s = db_int(&r, k, 4);
            if (id == v->staff_id.value)
                held[held_count++] = (struct span){from_s, to_s};
            else
                things[thing_count++] = (struct held_view){
                    some_int(id), some_int((from_s - v->start.value) / 60),
                    some_int((to_s - from_s) / 60), choice_of(w->arena, &needs, v, id)};
        }
        v->segments =
            parts_of(w->arena, v, read->outer_from[i], read->outer_to[i], held, held_count);
        v->resources = (struct shape_list){true, thing_count, things};
        at += n;
    }
    return OK;
}

static enum result read_picks(struct work *w, struct calendar *c)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT resource_id, start_s, end_s FROM hold WHERE workspace_id = $1"
                 " AND pick_hash IS NOT NULL AND expires_s > $2 AND start_s < $3 AND end_s > $4"
                 " LIMIT $5",
                 db_i(w->actor.workspace_id), db_i(w->now_s), db_i(c->to_s), db_i(c->from_s),
                 db_i(CALENDAR_PICKS_MAX));
    if (res != OK)
        return res;
    struct pick_view *views = arena_new_array(w->arena, r.count + 1, struct pick_view);
    for (size_t i = 0; i < r.count; i++)
        views[i] = (struct pick_view){some_int(db_int(&r, i, 0)), some_int(db_int(&r, i, 1)),
                                      some_int((db_int(&r, i, 2) - db_int(&r, i, 1)) / 60)};
    c->picks = (struct shape_list){true, r.count, views};
    return OK;
}

enum result calendar_read_visits(struct work *w, struct calendar *c)
{
    struct read read;
    enum result res = read_bookings(w, c, &read);
    if (res == OK)
        res = read_services(w, c, &read);
    if (res == OK)
        res = read_holds(w, c, &read);
    if (res == OK)
        res = read_picks(w, c);
    if (res == OK)
        c->visits = (struct shape_list){true, read.count, read.views};
    return res;
}
