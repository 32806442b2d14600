/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* next: the next two hours, a line for each person: when they are there, and whom they have. */
#include "today/internal.h"

#include "team/team.h"

enum { AHEAD_S = 2 * HOUR_S, LONGEST_S = 24 * HOUR_S, VISITS_MAX = 400, PEOPLE_MAX = 60 };

struct next_visit {
    struct opt_int id, version, start, end, client_id;
    struct str status, client_name, services;
};
static const struct field next_visit_fields[] = {
    FIELD_ID(struct next_visit, id),
    FIELD_INT(struct next_visit, version, 0, 0),
    FIELD_STR(struct next_visit, status, 0, 0),
    FIELD_INSTANT(struct next_visit, start),
    FIELD_INSTANT(struct next_visit, end),
    FIELD_ID(struct next_visit, client_id),
    FIELD_STR(struct next_visit, client_name, 0, 0),
    FIELD_STR(struct next_visit, services, 0, 0),
};
static const struct shape next_visit_shape =
    SHAPE("NextVisit", struct next_visit, next_visit_fields);

struct next_span {
    struct opt_int start, end;
};
static const struct field next_span_fields[] = {
    FIELD_INSTANT(struct next_span, start),
    FIELD_INSTANT(struct next_span, end),
};
static const struct shape next_span_shape = SHAPE("NextSpan", struct next_span, next_span_fields);

struct next_person {
    struct opt_int staff_id;
    struct str name;
    struct shape_list open, visits;
};
static const struct field next_person_fields[] = {
    FIELD_ID(struct next_person, staff_id),
    FIELD_STR(struct next_person, name, 0, 0),
    FIELD_LIST(struct next_person, open, next_span_shape, 0, 0,
               .doc = "when they work within the next two hours"),
    FIELD_LIST(struct next_person, visits, next_visit_shape, 0, 0,
               .doc = "that are under way or begin within the next two hours"),
};
const struct shape next_person_shape = SHAPE("NextPerson", struct next_person, next_person_fields);

static enum result read_people(struct work *w, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    "SELECT r.id, r.name, s.bookable FROM resource r"
                    " JOIN staff s ON s.workspace_id = r.workspace_id AND s.id = r.id"
                    " WHERE r.workspace_id = $1 AND r.kind = 'person' AND r.active = 1"
                    " ORDER BY r.name, r.id LIMIT $2",
                    db_i(w->actor.workspace_id), db_i(STAFF_MAX));
}

static enum result read_visits(struct work *w, struct db_rows *ret)
{
    return db_query(w->tx, ret,
                    VISIT_SELECT " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                                 " AND b.end_s > $4"
                                 " AND b.status IN ('pending', 'confirmed', 'completed')"
                                 " ORDER BY b.start_s, b.id LIMIT $5",
                    db_i(w->actor.workspace_id), db_i(w->now_s - LONGEST_S),
                    db_i(w->now_s + AHEAD_S), db_i(w->now_s), db_i(VISITS_MAX));
}

static struct shape_list visits_of(struct arena *a, const struct visit_row *v, size_t count,
                                   int64_t staff_id)
{
    struct next_visit *views = arena_new_array(a, count + 1, struct next_visit);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (v[i].staff_id == staff_id)
            views[n++] = (struct next_visit){
                .id = some_int(v[i].id),
                .version = some_int(v[i].version),
                .status = v[i].status,
                .start = some_int(v[i].start_s),
                .end = some_int(v[i].end_s),
                .client_id = some_int(v[i].client_id),
                .client_name = v[i].client_name,
                .services = v[i].services,
            };
    return (struct shape_list){true, n, views};
}

static struct shape_list open_of(struct work *w, const struct workspace *ws, struct spans business,
                                 const struct staff_calendar *c)
{
    int64_t to_s = w->now_s + AHEAD_S, today = tz_date(ws->tz, w->now_s);
    struct spans open = business;
    if (c->hours_own)
        open =
            hours_open(w->arena, ws->tz, today - 1, today + 1, c->weekly, c->weekly_count, NULL, 0);
    open = spans_subtract(w->arena, open, spans_normalise(w->arena, c->off, c->off_count));
    struct next_span *views = arena_new_array(w->arena, open.count + 1, struct next_span);
    size_t n = 0;
    for (size_t i = 0; i < open.count; i++) {
        int64_t from_s = open.items[i].from_s > w->now_s ? open.items[i].from_s : w->now_s;
        int64_t until_s = open.items[i].to_s < to_s ? open.items[i].to_s : to_s;
        if (from_s < until_s)
            views[n++] = (struct next_span){some_int(from_s), some_int(until_s)};
    }
    return (struct shape_list){true, n, views};
}

/* Whoever has no visit, and is not there or takes none, is left out, and past PEOPLE_MAX everybody.
 */
enum result next_list(struct work *w, const struct workspace *ws, struct shape_list *ret)
{
    struct db_rows people, rows;
    enum result res = read_people(w, &people);
    if (res == OK)
        res = read_visits(w, &rows);
    if (res != OK)
        return res;
    const struct visit_row *visits = visit_rows(w->arena, &rows);
    int64_t *ids = arena_new_array(w->arena, people.count + 1, int64_t);
    for (size_t i = 0; i < people.count; i++)
        ids[i] = db_int(&people, i, 0);
    struct staff_calendar *calendars;
    res = team_calendars(w, ids, people.count, w->now_s, w->now_s + AHEAD_S, &calendars);
    if (res != OK)
        return res;
    int64_t today = tz_date(ws->tz, w->now_s);
    struct date_range *closures =
        arena_new_array(w->arena, ws->closure_count + 1, struct date_range);
    for (size_t i = 0; i < ws->closure_count; i++)
        closures[i] = (struct date_range){ws->closures[i].from, ws->closures[i].to};
    struct spans business = hours_open(w->arena, ws->tz, today - 1, today + 1, ws->hours,
                                       ws->hours_count, closures, ws->closure_count);
    struct next_person *views = arena_new_array(w->arena, PEOPLE_MAX + 1, struct next_person);
    size_t n = 0;
    for (size_t i = 0; i < people.count && n < PEOPLE_MAX; i++) {
        struct next_person p = {
            .staff_id = some_int(ids[i]),
            .name = db_str(&people, i, 1),
            .open = open_of(w, ws, business, &calendars[i]),
            .visits = visits_of(w->arena, visits, rows.count, ids[i]),
        };
        bool bookable = db_int(&people, i, 2) != 0;
        if ((bookable && p.open.count) || p.visits.count)
            views[n++] = p;
    }
    *ret = (struct shape_list){true, n, views};
    return OK;
}
