/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit: loads what slots.h needs, in a number of queries that grows with the people and rooms
 * asked for, never with the diary. See visit.h. */
#include "diary/visit.h"

#include "team/team.h"

#include <string.h>

static const int64_t HOLD_LENGTH_MAX_S = 172800; /* CHECK hold_span */

bool visit_is_gated(const struct visit *v)
{
    for (size_t i = 0; i < v->service_count; i++)
        if (v->services[i].require_count > 0)
            return true;
    return false;
}

enum result diary_lock(struct work *w)
{
    return workspace_lock(w);
}

/* ---- one person's own time and price ---- */

struct visit_by visit_by(struct arena *a, const struct visit *v, int64_t staff_id)
{
    struct visit_service shapes[VISIT_SERVICES_MAX];
    struct visit_by by = {0};
    bool own = false;
    for (size_t i = 0; i < v->service_count; i++) {
        int64_t price;
        service_by(&v->services[i], staff_id, &shapes[i], &price);
        own = own || shapes[i].duration_min != v->services[i].shape.duration_min;
        by.price += price;
    }
    if (own) {
        struct visit_shape *shape = arena_new(a, struct visit_shape);
        visit_shape_of(shapes, v->service_count, shape);
        by.shape = shape;
    }
    return by;
}

static bool same_shape(const struct visit_shape *a, const struct visit_shape *b)
{
    if (a->length_s != b->length_s || a->work_count != b->work_count ||
        a->need_count != b->need_count)
        return false;
    for (size_t i = 0; i < a->work_count; i++)
        if (a->work[i].from_s != b->work[i].from_s || a->work[i].to_s != b->work[i].to_s)
            return false;
    for (size_t i = 0; i < a->need_count; i++)
        if (a->needs[i].from_off_s != b->needs[i].from_off_s ||
            a->needs[i].to_off_s != b->needs[i].to_off_s)
            return false;
    return true;
}

/* Takes a person in, with the shape of somebody before who takes the same time. False for one who
 * would take too long. */
static bool add_person(struct arena *a, struct visit *v, int64_t id)
{
    struct visit_by by = visit_by(a, v, id);
    const struct visit_shape *shape = by.shape ? by.shape : &v->shape;
    if (shape->length_s > (int64_t)VISIT_LENGTH_MAX_MIN * 60)
        return false;
    for (size_t i = 0; i < v->person_count && by.shape; i++)
        if (v->by[i].shape && same_shape(v->by[i].shape, by.shape))
            by.shape = v->by[i].shape;
    v->by[v->person_count] = by;
    v->person_ids[v->person_count++] = id;
    return true;
}

void visit_settle(struct arena *a, struct visit *v, int64_t staff_id)
{
    struct visit_by by = {.price = v->price};
    if (!v->as_booked)
        by = visit_by(a, v, staff_id);
    for (size_t i = 0; i < v->person_count; i++)
        if (v->person_ids[i] == staff_id)
            by.price = v->by[i].price;
    if (by.shape)
        v->shape = *by.shape;
    v->price = by.price;
    for (size_t i = 0; i < v->service_count && !v->as_booked; i++) {
        struct service *s = &v->services[i];
        service_by(s, staff_id, &s->shape, &s->price);
    }
}

int64_t visit_longest_s(const struct visit *v, const int64_t *staff_ids, size_t count)
{
    int64_t longest = 0;
    for (size_t i = 0, k = 0; i < v->person_count; i++) {
        const struct visit_shape *shape = v->by[i].shape ? v->by[i].shape : &v->shape;
        while (k < count && staff_ids[k] < v->person_ids[i])
            k++;
        bool counts = count ? k < count && staff_ids[k] == v->person_ids[i] : v->person_count == 1;
        if (counts && shape->length_s > longest)
            longest = shape->length_s;
    }
    return longest ? longest : v->shape.length_s;
}

/* ---- who does it ---- */

static enum result refuse_length(struct work *w)
{
    return problem_field(w->problem, "service_ids", "too_long",
                         "These services together take more than 24 hours; book them apart.");
}

/* Whoever is active, bookable and performs every service; sorted by id. */
static enum result find_persons(struct work *w, struct visit *v, int64_t only_id)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT s.id FROM staff s JOIN resource r ON r.workspace_id = s.workspace_id AND r.id = s.id"
        " WHERE s.workspace_id = $1 AND s.bookable = 1 AND r.active = 1 ORDER BY s.id LIMIT $2",
        db_i(w->actor.workspace_id), db_i(STAFF_MAX));
    if (res != OK)
        return res;
    v->person_ids = arena_new_array(w->arena, r.count + 1, int64_t);
    v->by = arena_new_array(w->arena, r.count + 1, struct visit_by);
    bool too_long = false;
    for (size_t i = 0; i < r.count; i++) {
        int64_t id = db_int(&r, i, 0);
        bool all = only_id == 0 || id == only_id;
        for (size_t s = 0; s < v->service_count && all; s++)
            all = service_performed_by(&v->services[s], id);
        if (all && !add_person(w->arena, v, id))
            too_long = true;
    }
    if (too_long && v->person_count == 0)
        return refuse_length(w);
    if (only_id == 0 || v->person_count)
        return OK;
    res = db_one(w->tx, &r, "SELECT 1 FROM staff WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(only_id));
    if (res == NOT_FOUND)
        return work_missing_at(w, "staff_id", "member of staff");
    if (res != OK)
        return res;
    return problem_field(
        w->problem, "staff_id", "not_performed",
        "This person does not perform these services or cannot be booked. Choose another one.");
}

enum result visit_prepare(struct work *w, const struct workspace *ws, const struct visit_ask *ask,
                          struct visit *ret)
{
    *ret = (struct visit){.ws = ws, .service_count = ask->service_count};
    enum result res = catalog_services(w, ask->service_ids, ask->service_count, ask->also_retired,
                                       &ret->services);
    if (res != OK)
        return res;
    struct visit_service *shapes =
        arena_new_array(w->arena, ask->service_count, struct visit_service);
    int64_t minutes = 0;
    for (size_t i = 0; i < ask->service_count; i++) {
        shapes[i] = ret->services[i].shape;
        minutes += shapes[i].duration_min;
        ret->price += ret->services[i].price;
    }
    if (minutes > VISIT_LENGTH_MAX_MIN)
        return refuse_length(w);
    visit_shape_of(shapes, ask->service_count, &ret->shape);
    res = stock_lines(w, ret->services, ret->service_count, &ret->lines, &ret->line_count);
    return res == OK ? find_persons(w, ret, ask->staff_id) : res;
}

struct window {
    int64_t first, last; /* dates, widened by a day so that a visit may cross midnight */
    int64_t from_s, to_s;
    int64_t except_booking_id;
    struct str except_pick;
};

/* Active holds of one resource that meet the window, which bounds them on the key (resource,
 * start). A row is a booking's or a pick's: what is NULL in it makes the other half of the OR
 * count. */
static enum result load_busy(struct work *w, const struct window *win, int64_t resource_id,
                             struct spans *ret)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT start_s, end_s FROM hold WHERE workspace_id = $1 AND resource_id = $2"
                 " AND start_s > $3 AND start_s < $4 AND end_s > $5 AND active = 1"
                 " AND (booking_id <> $6 OR (expires_s > $7 AND pick_hash <> $8)) ORDER BY start_s",
                 db_i(w->actor.workspace_id), db_i(resource_id),
                 db_i(win->from_s - HOLD_LENGTH_MAX_S - 1), db_i(win->to_s), db_i(win->from_s),
                 db_i(win->except_booking_id), db_i(w->now_s), db_s(win->except_pick));
    if (res != OK)
        return res;
    struct span *items = arena_new_array(w->arena, r.count + 1, struct span);
    for (size_t i = 0; i < r.count; i++)
        items[i] = (struct span){db_int(&r, i, 0), db_int(&r, i, 1)};
    *ret = (struct spans){r.count, items};
    return OK;
}

static int64_t held_within(struct spans busy, int64_t from_s, int64_t to_s)
{
    int64_t sum = 0;
    for (size_t i = 0; i < busy.count; i++) {
        int64_t a = busy.items[i].from_s > from_s ? busy.items[i].from_s : from_s;
        int64_t b = busy.items[i].to_s < to_s ? busy.items[i].to_s : to_s;
        sum += b > a ? b - a : 0;
    }
    return sum;
}

static enum result load_persons(struct work *w, const struct visit *v, const struct window *win,
                                struct slot_rules *rules)
{
    struct staff_calendar *calendars;
    enum result res =
        team_calendars(w, v->person_ids, v->person_count, win->from_s, win->to_s, &calendars);
    struct person *persons = arena_new_array(w->arena, v->person_count + 1, struct person);
    for (size_t i = 0; i < v->person_count && res == OK; i++) {
        const struct staff_calendar *c = &calendars[i];
        struct spans open = rules->business_open;
        if (c->hours_own)
            open = hours_open(w->arena, v->ws->tz, win->first, win->last, c->weekly,
                              c->weekly_count, NULL, 0);
        if (c->off_count)
            open = spans_subtract(w->arena, open, spans_normalise(w->arena, c->off, c->off_count));
        persons[i] = (struct person){.id = v->person_ids[i], .open = open, .shape = v->by[i].shape};
        res = load_busy(w, win, persons[i].id, &persons[i].busy);
        persons[i].booked_s = res == OK ? held_within(persons[i].busy, win->from_s, win->to_s) : 0;
    }
    rules->persons = persons;
    rules->person_count = v->person_count;
    return res;
}

static bool has_thing(const struct thing *things, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (things[i].id == id)
            return true;
    return false;
}

static void insert_sorted(struct thing *things, size_t count, int64_t id)
{
    size_t at = count;
    while (at > 0 && things[at - 1].id > id) {
        things[at] = things[at - 1];
        at--;
    }
    things[at] = (struct thing){.id = id};
}

/* Active rooms and devices that any need of the visit names. An inactive one is left out and so
 * never assigned. */
static enum result load_things(struct work *w, const struct visit *v, const struct window *win,
                               struct slot_rules *rules)
{
    size_t most = v->shape.need_count * NEED_CHOICES_MAX;
    struct thing *things = arena_new_array(w->arena, most + 1, struct thing);
    size_t n = 0;
    for (size_t i = 0; i < v->shape.need_count; i++) {
        const struct need *need = &v->shape.needs[i].need;
        for (size_t k = 0; k < need->count; k++) {
            struct db_rows r;
            if (has_thing(things, n, need->any_of[k]))
                continue;
            enum result res =
                db_one(w->tx, &r,
                       "SELECT 1 FROM resource WHERE workspace_id = $1 AND id = $2 AND active = 1",
                       db_i(w->actor.workspace_id), db_i(need->any_of[k]));
            if (res == NOT_FOUND)
                continue;
            if (res != OK)
                return res;
            insert_sorted(things, n++, need->any_of[k]);
        }
    }
    enum result res = OK;
    for (size_t i = 0; i < n && res == OK; i++)
        res = load_busy(w, win, things[i].id, &things[i].busy);
    rules->things = things;
    rules->thing_count = n;
    return res;
}

enum result visit_rules(struct work *w, const struct visit *v, int64_t first, int64_t last,
                        int64_t except_booking_id, bool policy, struct slot_rules *ret)
{
    const struct workspace *ws = v->ws;
    struct window win = {
        .first = first - 1,
        .last = last + 2,
        .from_s = tz_day_start(ws->tz, first - 1),
        .to_s = tz_day_end(ws->tz, last + 2),
        .except_booking_id = except_booking_id,
        .except_pick = v->own_pick.ptr ? v->own_pick : STR(""),
    };
    *ret = (struct slot_rules){
        .tz = ws->tz,
        .step_min = ws->slot_step_min,
        .now_s = w->now_s,
        .earliest_s = policy ? w->now_s + (int64_t)ws->min_notice_min * 60 : INT64_MIN,
        .last_date = policy ? tz_date(ws->tz, w->now_s) + ws->max_advance_days : INT64_MAX,
    };
    struct date_range *closed = arena_new_array(w->arena, ws->closure_count + 1, struct date_range);
    for (size_t i = 0; i < ws->closure_count; i++)
        closed[i] = (struct date_range){ws->closures[i].from, ws->closures[i].to};
    ret->business_open = hours_open(w->arena, ws->tz, win.first, win.last, ws->hours,
                                    ws->hours_count, closed, ws->closure_count);
    enum result res = load_persons(w, v, &win, ret);
    if (res == OK)
        res = load_things(w, v, &win, ret);
    bool enough = true;
    if (res == OK)
        res = stock_enough(w, v->lines, v->line_count, &enough);
    ret->out_of_stock = !enough;
    return res;
}
