/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * calendar: GET /calendar, and what would be in the way of a visit at another place.
 *
 * For the owner and members with `bookings`: here everybody's visits are seen. Whoever sees only
 * their own has the list (booking_list.c).
 */
#include "diary/calendar.h"

#include "diary/booking_parts.h"
#include "diary/diary.h"

struct calendar_query {
    struct opt_int from, to, staff_id;
    struct opt_bool cancelled;
};
static const struct field query_fields[] = {
    FIELD_DATE(struct calendar_query, from, .required = true),
    FIELD_DATE(struct calendar_query, to, .required = true,
               .doc = "at most 7 days with `from`, both inclusive"),
    FIELD_ID(struct calendar_query, staff_id, .doc = "one person; everybody where absent"),
    FIELD_BOOL(struct calendar_query, cancelled, .doc = "cancelled visits too"),
};
static const struct shape query_shape = SHAPE("CalendarQuery", struct calendar_query, query_fields);

struct calendar_view {
    struct str timezone;
    struct opt_int step_min;
    struct shape_list days, people, resources, visits, picks;
    struct opt_bool cut;
};
static const struct field calendar_fields[] = {
    FIELD_STR(struct calendar_view, timezone, 0, 0),
    FIELD_INT(struct calendar_view, step_min, 0, 0,
              .doc = "starts stand on this grid, in minutes since midnight"),
    FIELD_LIST(struct calendar_view, days, calendar_day_shape, 0, 0),
    FIELD_LIST(struct calendar_view, people, calendar_person_shape, 0, 0,
               .doc = "who can be booked, and who has a visit"),
    FIELD_LIST(struct calendar_view, resources, calendar_thing_shape, 0, 0),
    FIELD_LIST(struct calendar_view, visits, calendar_visit_shape, 0, 0,
               .doc = "those that meet the days, buffers included, by start"),
    FIELD_LIST(struct calendar_view, picks, calendar_pick_shape, 0, 0,
               .doc = "times that clients are choosing just now, which are held for them"),
    FIELD_BOOL(struct calendar_view, cut, .doc = "there are more visits than are answered"),
};
static const struct shape calendar_shape = SHAPE("Calendar", struct calendar_view, calendar_fields);

static enum result get_calendar(struct request *rq, struct work *w)
{
    const struct calendar_query *in = rq->query_in;
    struct workspace ws;
    struct calendar c;
    struct calendar_view view = {0};
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK)
        res = calendar_of(w, &ws, in->from.value, in->to.value, &c);
    if (res != OK)
        return res;
    c.staff_id = in->staff_id.value;
    c.cancelled = in->cancelled.set && in->cancelled.value;
    res = calendar_read_visits(w, &c);
    if (res == OK)
        res = calendar_people(w, &c, &view.people);
    if (res == OK)
        res = calendar_things(w, &view.resources);
    if (res != OK)
        return res;
    view.timezone = ws.timezone;
    view.step_min = some_int(ws.slot_step_min);
    view.days = calendar_days(w, &c);
    view.visits = c.visits;
    view.picks = c.picks;
    view.cut = some_bool(c.cut);
    answer_json(rq, 200, &calendar_shape, &view, w->actor.permissions);
    return OK;
}

/* ---- a place, judged and not taken ---- */

struct check_query {
    struct opt_int booking_id, start, staff_id;
};
static const struct field check_query_fields[] = {
    FIELD_ID(struct check_query, booking_id, .required = true),
    FIELD_INSTANT(struct check_query, start, .doc = "absent: where it is"),
    FIELD_ID(struct check_query, staff_id, .doc = "absent: whose it is"),
};
static const struct shape check_query_shape =
    SHAPE("CalendarCheckQuery", struct check_query, check_query_fields);

struct check_view {
    struct opt_bool ok, can_override;
    struct str code, message;
};
static const struct field check_fields[] = {
    FIELD_BOOL(struct check_view, ok),
    FIELD_WORD(struct check_view, code, slot_reason_codes, .maybe = true,
               .doc = "what is in the way"),
    FIELD_STR(struct check_view, message, 0, 0, .maybe = true),
    FIELD_BOOL(struct check_view, can_override,
               .doc = "only hours or the grid are in the way: override_hours puts it there"),
};
static const struct shape check_shape = SHAPE("CalendarCheck", struct check_view, check_fields);

static const char *in_the_way(enum slot_reason reason)
{
    switch (reason) {
    case SLOT_CLOSED: return "The business is closed for part of that time.";
    case SLOT_STAFF_OFF: return "This person does not work at that time.";
    case SLOT_OFF_GRID: return "Visits do not start at that minute.";
    case SLOT_STAFF_BUSY: return "This person has another visit then.";
    case SLOT_RESOURCE_BUSY: return "The room or device that this needs is taken at that time.";
    case SLOT_NO_STAFF: return "This person does not perform these services.";
    default: return "That time is not free.";
    }
}

/* Hours and the grid are judged as a move by hand is; holds always. A past start has neither. */
static enum result judge_place(struct work *w, const struct workspace *ws, const struct booking *b,
                               int64_t start_s, int64_t staff_id, enum slot_reason *ret,
                               bool *ret_can_override)
{
    struct visit v;
    struct slot_rules rules;
    struct slot slot;
    enum result res = booking_visit(w, ws, b, staff_id, &v);
    if (res == INVALID) {
        problem_clear(w->problem);
        *ret = SLOT_NO_STAFF;
        return OK;
    }
    int64_t date = tz_date(ws->tz, start_s);
    if (res == OK)
        res = visit_rules(w, &v, date, date, b->id, true, &rules);
    if (res != OK)
        return res;
    rules.out_of_stock = false; /* what it uses is reserved for it already */
    unsigned judge = start_s < w->now_s ? 0 : JUDGE_HOURS | JUDGE_GRID;
    *ret = slot_judge(w->arena, &rules, &v.shape, start_s, judge, &slot);
    *ret_can_override =
        *ret != SLOT_OK && slot_judge(w->arena, &rules, &v.shape, start_s, 0, &slot) == SLOT_OK;
    return OK;
}

static enum result check(struct request *rq, struct work *w)
{
    const struct check_query *in = rq->query_in;
    struct workspace ws;
    struct booking b;
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK)
        res = booking_load(w, in->booking_id.value, &b);
    if (res == NOT_FOUND)
        return work_missing_at(w, "booking_id", "booking");
    enum slot_reason reason = SLOT_OK;
    bool can_override = false;
    if (res == OK)
        res =
            judge_place(w, &ws, &b, in->start.set ? in->start.value : b.start_s,
                        in->staff_id.set ? in->staff_id.value : b.staff_id, &reason, &can_override);
    if (res == OK && b.status != BOOKING_PENDING && b.status != BOOKING_CONFIRMED)
        res = booking_refuse_transition(w, &b, "moved");
    if (res != OK)
        return res;
    struct check_view view = {.ok = some_bool(reason == SLOT_OK),
                              .can_override = some_bool(can_override)};
    if (reason != SLOT_OK) {
        view.code = str_of(slot_reason_codes[reason]);
        view.message = str_of(in_the_way(reason));
    }
    answer_json(rq, 200, &check_shape, &view, w->actor.permissions);
    return OK;
}

#define CALENDAR_ROUTE                                                                      \
    .method = HTTP_GET_, .who = WHO_OWNER, .permissions = PERM_BOOKINGS, .mode = MODE_READ, \
    .status = 200, .tag = "bookings"

static const struct route calendar_routes[] = {
    {CALENDAR_ROUTE, .path = "/api/v1/calendar", .query = &query_shape, .answer = &calendar_shape,
     .handler = get_calendar,
     .summary = "Some days as a calendar draws them: who works, what stands where, in minutes "
                "since each day's midnight"},
    {CALENDAR_ROUTE, .path = "/api/v1/calendar/check", .query = &check_query_shape,
     .answer = &check_shape, .handler = check,
     .summary = "Whether a booking could be moved there, and what is in the way; nothing changes"},
};
const struct route_table calendar_table = {calendar_routes,
                                           sizeof calendar_routes / sizeof calendar_routes[0]};
