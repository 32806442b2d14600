/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar_days: the days of a calendar, who works on them, and the rooms. See calendar.h. */
#include "diary/calendar.h"

#include "team/team.h"

static const struct field span_fields[] = {
    FIELD_INT(struct calendar_span, at, 0, 0, .doc = "minutes since that day's midnight"),
    FIELD_INT(struct calendar_span, minutes, 0, 0),
};
static const struct shape span_shape = SHAPE("CalendarSpan", struct calendar_span, span_fields);

struct mark_view {
    struct opt_int at, wall_min;
    struct str label;
    struct opt_bool again;
};
static const struct field mark_fields[] = {
    FIELD_INT(struct mark_view, at, 0, 0, .doc = "minutes since that day's midnight"),
    FIELD_INT(struct mark_view, wall_min, 0, 0, .doc = "what the clock shows, in minutes"),
    FIELD_STR(struct mark_view, label, 0, 0, .doc = "the same as HH:MM"),
    FIELD_BOOL(struct mark_view, again,
               .doc = "the clock has shown this on that day before: it was set back"),
};
static const struct shape mark_shape = SHAPE("CalendarMark", struct mark_view, mark_fields);

static const struct field day_fields[] = {
    FIELD_DATE(struct calendar_day, date),
    FIELD_INSTANT(struct calendar_day, starts_at, .doc = "its midnight"),
    FIELD_INT(struct calendar_day, minutes, 0, 0,
              .doc = "how long it is: 1440, or where the clocks change 1380, 1500 or another"),
    FIELD_LIST(struct calendar_day, marks, mark_shape, 0, 0,
               .doc = "each full hour of the clock, and where the clock changes"),
    FIELD_LIST(struct calendar_day, open, span_shape, 0, 0, .doc = "the business's hours"),
    FIELD_BOOL(struct calendar_day, closed, .doc = "by a closure"),
    FIELD_STR(struct calendar_day, closure, 0, 0, .doc = "why"),
};
const struct shape calendar_day_shape = SHAPE("CalendarDay", struct calendar_day, day_fields);

static const struct field person_day_fields[] = {
    FIELD_DATE(struct calendar_person_day, date),
    FIELD_LIST(struct calendar_person_day, open, span_shape, 0, 0,
               .doc = "when they can be booked: their hours within the business's, less time off"),
    FIELD_LIST(struct calendar_person_day, off, span_shape, 0, 0, .doc = "time off"),
};
static const struct shape person_day_shape =
    SHAPE("CalendarPersonDay", struct calendar_person_day, person_day_fields);

static const struct field person_fields[] = {
    FIELD_ID(struct calendar_person, id),
    FIELD_STR(struct calendar_person, name, 0, 0),
    FIELD_BOOL(struct calendar_person, bookable),
    FIELD_BOOL(struct calendar_person, active),
    FIELD_IDS(struct calendar_person, service_ids, 0, 0, .doc = "what they perform"),
    FIELD_LIST(struct calendar_person, days, person_day_shape, 0, 0, .doc = "one for each day"),
};
const struct shape calendar_person_shape =
    SHAPE("CalendarPerson", struct calendar_person, person_fields);

static const char *const thing_kinds[] = {"room", "device", NULL};
static const struct field thing_fields[] = {
    FIELD_ID(struct calendar_thing, id),
    FIELD_STR(struct calendar_thing, name, 0, 0),
    FIELD_WORD(struct calendar_thing, kind, thing_kinds),
    FIELD_BOOL(struct calendar_thing, active),
};
const struct shape calendar_thing_shape =
    SHAPE("CalendarResource", struct calendar_thing, thing_fields);

enum result calendar_of(struct work *w, const struct workspace *ws, int64_t first, int64_t last,
                        struct calendar *ret)
{
    if (last < first)
        return problem_field(w->problem, "to", "out_of_range", "It ends before it begins.");
    if (last - first >= CALENDAR_DAYS_MAX)
        return problem_field(w->problem, "to", "out_of_range", "Ask for at most seven days.");
    size_t count = (size_t)(last - first) + 1;
    int64_t *starts = arena_new_array(w->arena, count + 1, int64_t);
    for (size_t i = 0; i <= count; i++)
        starts[i] = tz_day_start(ws->tz, first + (int64_t)i);
    *ret = (struct calendar){
        .ws = ws,
        .first = first,
        .last = last,
        .from_s = starts[0],
        .to_s = starts[count],
        .day_count = count,
        .day_starts = starts,
    };
    return OK;
}

/* What of the spans lies in one day, in minutes since its midnight. */
static struct shape_list within(struct arena *a, struct spans all, int64_t from_s, int64_t to_s)
{
    struct calendar_span *views = arena_new_array(a, all.count + 1, struct calendar_span);
    size_t n = 0;
    for (size_t i = spans_seek(all, 0, from_s); i < all.count; i++) {
        struct span s = all.items[i];
        if (s.from_s >= to_s)
            break;
        int64_t start = s.from_s > from_s ? s.from_s : from_s;
        int64_t end = s.to_s < to_s ? s.to_s : to_s;
        views[n++] =
            (struct calendar_span){some_int((start - from_s) / 60), some_int((end - start) / 60)};
    }
    return (struct shape_list){true, n, views};
}

/* Marks at each full hour of the wall clock and where the clock is set. */
static struct shape_list marks_of(struct arena *a, const struct tz *tz, int64_t from_s,
                                  int64_t to_s)
{
    struct mark_view *views =
        arena_new_array(a, (size_t)((to_s - from_s) / 1800) + 4, struct mark_view);
    size_t n = 0;
    int64_t change_s = tz_next_change(tz, from_s - 1);
    for (int64_t at_s = from_s; at_s < to_s; at_s += 60) {
        int wall = tz_wall_s(tz, at_s) / 60;
        bool set = at_s == change_s && at_s > from_s;
        if (at_s >= change_s)
            change_s = tz_next_change(tz, at_s);
        if (wall % 60 != 0 && !set)
            continue;
        char label[CLOCK_TEXT];
        clock_format(wall, label);
        bool again = false;
        for (size_t i = 0; i < n; i++)
            again |= views[i].wall_min.value >= wall;
        views[n++] = (struct mark_view){some_int((at_s - from_s) / 60), some_int(wall),
                                        str_copy(a, str_of(label)), some_bool(again)};
    }
    return (struct shape_list){true, n, views};
}

/* A visit may reach over midnight, and so may a span of hours that touches the next day's. */
static struct spans business_hours(struct arena *a, const struct calendar *c)
{
    const struct workspace *ws = c->ws;
    struct date_range *closed = arena_new_array(a, ws->closure_count + 1, struct date_range);
    for (size_t i = 0; i < ws->closure_count; i++)
        closed[i] = (struct date_range){ws->closures[i].from, ws->closures[i].to};
    return hours_open(a, ws->tz, c->first, c->last, ws->hours, ws->hours_count, closed,
                      ws->closure_count);
}

struct shape_list calendar_days(struct work *w, const struct calendar *c)
{
    const struct workspace *ws = c->ws;
    struct spans open = business_hours(w->arena, c);
    struct calendar_day *views = arena_new_array(w->arena, c->day_count, struct calendar_day);
    for (size_t i = 0; i < c->day_count; i++) {
        int64_t date = c->first + (int64_t)i;
        int64_t from_s = c->day_starts[i], to_s = c->day_starts[i + 1];
        views[i] = (struct calendar_day){
            .date = some_int(date),
            .starts_at = some_int(from_s),
            .minutes = some_int((to_s - from_s) / 60),
            .marks = marks_of(w->arena, ws->tz, from_s, to_s),
            .open = within(w->arena, open, from_s, to_s),
            .closed = some_bool(false),
            .closure = STR(""),
        };
        for (size_t k = 0; k < ws->closure_count; k++)
            if (ws->closures[k].from <= date && date <= ws->closures[k].to) {
                views[i].closed = some_bool(true);
                views[i].closure = ws->closures[k].reason;
            }
    }
    return (struct shape_list){true, c->day_count, views};
}

/* ---- people ---- */

static struct shape_list days_of(struct arena *a, const struct calendar *c, struct spans open,
                                 struct spans off)
{
    struct calendar_person_day *days = arena_new_array(a, c->day_count, struct calendar_person_day);
    for (size_t i = 0; i < c->day_count; i++)
        days[i] = (struct calendar_person_day){
            .date = some_int(c->first + (int64_t)i),
            .open = within(a, open, c->day_starts[i], c->day_starts[i + 1]),
            .off = within(a, off, c->day_starts[i], c->day_starts[i + 1]),
        };
    return (struct shape_list){true, c->day_count, days};
}

static enum result fill_hours(struct work *w, const struct calendar *c,
                              struct calendar_person *views, size_t count)
{
    int64_t *ids = arena_new_array(w->arena, count + 1, int64_t);
    for (size_t i = 0; i < count; i++)
        ids[i] = views[i].id.value;
    struct staff_calendar *calendars;
    enum result res = team_calendars(w, ids, count, c->from_s, c->to_s, &calendars);
    if (res != OK)
        return res;
    struct spans business = business_hours(w->arena, c);
    for (size_t i = 0; i < count; i++) {
        const struct staff_calendar *of = &calendars[i];
        struct spans open = business;
        if (of->hours_own) {
            struct spans own = hours_open(w->arena, c->ws->tz, c->first, c->last, of->weekly,
                                          of->weekly_count, NULL, 0);
            open = spans_subtract(w->arena, business, spans_subtract(w->arena, business, own));
        }
        struct spans off = spans_normalise(w->arena, of->off, of->off_count);
        views[i].days = days_of(w->arena, c, spans_subtract(w->arena, open, off), off);
    }
    return OK;
}

/* By id, as the people are: each has a run of rows. */
static enum result fill_services(struct work *w, struct calendar_person *views, size_t count)
{
    if (count == 0)
        return OK;
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT p.staff_id, p.service_id FROM service_staff p"
        " WHERE p.workspace_id = $1 AND p.staff_id >= $2 AND p.staff_id <= $3"
        " ORDER BY p.staff_id, p.service_id LIMIT 50000",
        db_i(w->actor.workspace_id), db_i(views[0].id.value), db_i(views[count - 1].id.value));
    if (res != OK)
        return res;
    int64_t *ids = arena_new_array(w->arena, r.count + 1, int64_t);
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at < r.count && db_int(&r, at, 0) < views[i].id.value)
            at++;
        size_t from = at;
        for (; at < r.count && db_int(&r, at, 0) == views[i].id.value; at++)
            ids[at] = db_int(&r, at, 1);
        views[i].service_ids = (struct id_list){true, at - from, ids + from};
    }
    return OK;
}

static bool has_visit(const struct calendar *c, int64_t staff_id)
{
    for (size_t i = 0; i < c->visit_count; i++)
        if (c->visitors[i] == staff_id)
            return true;
    return false;
}

enum result calendar_people(struct work *w, const struct calendar *c, struct shape_list *ret)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT s.id, r.name, s.bookable, r.active FROM staff s"
                               " JOIN resource r ON r.workspace_id = s.workspace_id AND r.id = s.id"
                               " WHERE s.workspace_id = $1 ORDER BY s.id LIMIT $2",
                               db_i(w->actor.workspace_id), db_i(CALENDAR_MEMBERS_MAX));
    if (res != OK)
        return res;
    struct calendar_person *views = arena_new_array(w->arena, r.count + 1, struct calendar_person);
    size_t n = 0;
    for (size_t i = 0; i < r.count && n < STAFF_MAX; i++) {
        int64_t id = db_int(&r, i, 0);
        bool bookable = db_int(&r, i, 2) != 0, active = db_int(&r, i, 3) != 0;
        bool wanted = c->staff_id ? id == c->staff_id : (bookable && active) || has_visit(c, id);
        if (wanted)
            views[n++] = (struct calendar_person){
                .id = some_int(id),
                .name = db_str(&r, i, 1),
                .bookable = some_bool(bookable),
                .active = some_bool(active),
            };
    }
    if (c->staff_id && n == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    res = fill_hours(w, c, views, n);
    if (res == OK)
        res = fill_services(w, views, n);
    *ret = (struct shape_list){true, n, views};
    return res;
}

enum result calendar_things(struct work *w, struct shape_list *ret)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id, name, kind, active FROM resource"
                               " WHERE workspace_id = $1 AND kind <> 'person' ORDER BY id LIMIT $2",
                               db_i(w->actor.workspace_id), db_i(CALENDAR_MEMBERS_MAX));
    if (res != OK)
        return res;
    struct calendar_thing *views = arena_new_array(w->arena, r.count + 1, struct calendar_thing);
    for (size_t i = 0; i < r.count; i++)
        views[i] = (struct calendar_thing){some_int(db_int(&r, i, 0)), db_str(&r, i, 1),
                                           db_str(&r, i, 2), some_bool(db_int(&r, i, 3) != 0)};
    *ret = (struct shape_list){true, r.count, views};
    return OK;
}
