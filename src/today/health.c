/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* health: the score of a day and why. What each cause costs stands in today.h. */
#include "today/health_view.h"

enum { SCORE_WHOLE = 100, DAYS_AHEAD = 400 };

const char *const cause_groups[] = {"staff", "room", "stock", "forms", "messages", "visits", NULL};

/* What it costs, what mends it in place (action), and in words what is wrong. */
static const struct {
    const char *code;
    enum cause_group group;
    int points;
    const char *action, *words;
} causes[CAUSE__MAX] = {
    [CAUSE_STAFF_INACTIVE] = {"staff_inactive", GROUP_STAFF, 15, "move",
                              "Its person is switched off."},
    [CAUSE_STAFF_OFF] = {"staff_off", GROUP_STAFF, 15, "move", "Its person has time off."},
    [CAUSE_CLOSED] = {"closed", GROUP_STAFF, 10, "move", "The business is closed."},
    [CAUSE_OUTSIDE_HOURS] = {"outside_hours", GROUP_STAFF, 5, "move",
                             "Its person does not work then."},
    [CAUSE_ROOM_INACTIVE] = {"room_inactive", GROUP_ROOM, 10, "move",
                             "A room or device that it holds is switched off."},
    [CAUSE_ROOM_DOUBLE] = {"room_double", GROUP_ROOM, 20, "move",
                           "A room or device is held twice."},
    [CAUSE_STOCK_SHORT] = {"stock_short", GROUP_STOCK, 15, "receive",
                           "Visits need more than there will be."},
    [CAUSE_STOCK_INACTIVE] = {"stock_inactive", GROUP_STOCK, 5, "receive",
                              "Visits need an item that is switched off."},
    [CAUSE_STOCK_LOW] = {"stock_low", GROUP_STOCK, 2, "receive",
                         "After the day's visits it is at or under its reorder point."},
    [CAUSE_GATE_VISIT] = {"gate_visit", GROUP_FORMS, 10, "open",
                          "Another visit has to come first."},
    [CAUSE_GATE_FORM] = {"gate_form", GROUP_FORMS, 5, "open", "A form has to be filled in first."},
    [CAUSE_FORM_PENDING] = {"form_pending", GROUP_FORMS, 2, "remind", "A form is not filled in."},
    [CAUSE_NOT_TOLD] = {"not_told", GROUP_MESSAGES, 8, "told", "Its client was not told."},
    [CAUSE_UNCONFIRMED] = {"unconfirmed", GROUP_VISITS, 3, "confirm", "It is not confirmed."},
};

#define OPTIONAL .omit = true
static const struct field cause_fields[] = {
    FIELD_STR(struct cause, code, 0, 0),
    FIELD_WORD(struct cause, group, cause_groups),
    FIELD_INT(struct cause, points, 0, 0, .doc = "what it takes from 100"),
    FIELD_INT(struct cause, minutes, 0, 0, .doc = "of visits that it touches"),
    FIELD_STR(struct cause, message, 0, 0, .doc = "a sentence"),
    FIELD_STR(struct cause, action, 0, 0,
              .doc = "what mends it: move, receive, open, remind, told, confirm"),
    FIELD_STR(struct cause, fix_url, 0, 0, .doc = "where the office mends it"),
    FIELD_ID(struct cause, booking_id, OPTIONAL),
    FIELD_INT(struct cause, version, 0, 0, OPTIONAL, .doc = "of the booking"),
    FIELD_INSTANT(struct cause, start, OPTIONAL),
    FIELD_INSTANT(struct cause, end, OPTIONAL),
    FIELD_ID(struct cause, client_id, OPTIONAL),
    FIELD_STR(struct cause, client_name, 0, 0, OPTIONAL),
    FIELD_STR(struct cause, client_phone, 0, 0, OPTIONAL),
    FIELD_ID(struct cause, staff_id, OPTIONAL),
    FIELD_STR(struct cause, staff_name, 0, 0, OPTIONAL),
    FIELD_STR(struct cause, services, 0, 0, OPTIONAL),
    FIELD_ID(struct cause, resource_id, OPTIONAL),
    FIELD_STR(struct cause, resource_name, 0, 0, OPTIONAL),
    FIELD_ID(struct cause, item_id, OPTIONAL),
    FIELD_STR(struct cause, item_name, 0, 0, OPTIONAL),
    FIELD_STR(struct cause, unit, 0, 0, OPTIONAL),
    FIELD_QTY(struct cause, needed, 0, 0, OPTIONAL, .doc = "by the visits of that day"),
    FIELD_QTY(struct cause, on_hand, 0, 0, OPTIONAL),
    FIELD_QTY(struct cause, left, 0, 0, OPTIONAL,
              .doc = "after all open visits up to the end of that day"),
    FIELD_QTY(struct cause, reorder_point, 0, 0, OPTIONAL),
    FIELD_ID(struct cause, email_id, OPTIONAL),
    FIELD_ID(struct cause, submission_id, OPTIONAL),
    FIELD_STR(struct cause, form_name, 0, 0, OPTIONAL),
};
const struct shape cause_shape = SHAPE("HealthCause", struct cause, cause_fields);

struct group_view {
    struct str group;
    struct opt_int causes, points, minutes;
};
static const struct field group_fields[] = {
    FIELD_WORD(struct group_view, group, cause_groups),
    FIELD_INT(struct group_view, causes, 0, 0),
    FIELD_INT(struct group_view, points, 0, 0),
    FIELD_INT(struct group_view, minutes, 0, 0),
};
static const struct shape group_shape = SHAPE("HealthGroup", struct group_view, group_fields);

struct health_view {
    struct opt_int date, from, to, score, points, visits, minutes, left_off;
    struct shape_list groups, causes;
};
static const struct field health_fields[] = {
    FIELD_DATE(struct health_view, date),
    FIELD_INSTANT(struct health_view, from, .doc = "when that day begins"),
    FIELD_INSTANT(struct health_view, to, .doc = "when it ends"),
    FIELD_INT(struct health_view, score, 0, 0,
              .doc = "100 less the points of all causes, 0 at least"),
    FIELD_INT(struct health_view, points, 0, 0, .doc = "of the causes that are listed"),
    FIELD_INT(struct health_view, visits, 0, 0, .doc = "pending and confirmed ones of that day"),
    FIELD_INT(struct health_view, minutes, 0, 0, .doc = "of those visits"),
    FIELD_LIST(struct health_view, groups, group_shape, 0, 0, .doc = "every group, also at 0"),
    FIELD_LIST(struct health_view, causes, cause_shape, 0, 0),
    FIELD_INT(struct health_view, left_off, 0, 0,
              .doc = "causes that are not listed; the score is 0 then"),
};
const struct shape health_shape = SHAPE("Health", struct health_view, health_fields);

struct health_query {
    struct opt_int date;
};
static const struct field health_query_fields[] = {
    FIELD_DATE(struct health_query, date, .doc = "at the business; tomorrow where absent"),
};
const struct shape health_query_shape =
    SHAPE("HealthQuery", struct health_query, health_query_fields);

/* ---- causes ---- */

struct cause *health_cause(struct health *h, enum cause_code code, int64_t minutes)
{
    if (h->count == CAUSES_MAX) {
        h->left_off++;
        return NULL;
    }
    struct cause *c = &h->causes[h->count++];
    *c = (struct cause){
        .code = str_of(causes[code].code),
        .group = str_of(cause_groups[causes[code].group]),
        .points = some_int(causes[code].points),
        .minutes = some_int(minutes),
        .message = str_of(causes[code].words),
        .action = str_of(causes[code].action),
    };
    h->points += causes[code].points;
    return c;
}

struct cause *health_visit(struct health *h, enum cause_code code, int64_t minutes,
                           const struct visit_row *v)
{
    struct cause *c = health_cause(h, code, minutes);
    if (!c)
        return NULL;
    c->booking_id = some_int(v->id);
    c->version = some_int(v->version);
    c->start = some_int(v->start_s);
    c->end = some_int(v->end_s);
    c->client_id = some_int(v->client_id);
    c->client_name = v->client_name;
    c->client_phone = v->client_phone;
    c->staff_id = some_int(v->staff_id);
    c->staff_name = v->staff_name;
    c->services = v->services;
    c->fix_url = str_printf(h->w->arena, "/app?visit=%lld", (long long)v->id);
    return c;
}

const struct visit_row *health_find(const struct health *h, int64_t booking_id)
{
    for (size_t i = 0; i < h->visit_count; i++)
        if (h->visits[i].id == booking_id)
            return &h->visits[i];
    return NULL;
}

/* ---- the day ---- */

static enum result load_visits(struct health *h)
{
    struct work *w = h->w;
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 VISIT_SELECT " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                              " AND b.status IN ('pending', 'confirmed')"
                              " ORDER BY b.start_s, b.id LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(h->from_s), db_i(h->to_s), db_i(DAY_VISITS_MAX));
    if (res != OK)
        return res;
    h->visits = visit_rows(w->arena, &r);
    h->visit_count = r.count;
    return OK;
}

static enum result look(struct health *h)
{
    static enum result (*const parts[])(struct health *) = {
        health_staff, health_rooms, health_stock, health_forms, health_messages, health_unconfirmed,
    };
    enum result res = load_visits(h);
    for (size_t i = 0; res == OK && h->visit_count && i < sizeof parts / sizeof *parts; i++)
        res = parts[i](h);
    return res;
}

static struct shape_list groups_of(struct arena *a, const struct health *h)
{
    struct group_view *views = arena_new_array(a, GROUP__MAX, struct group_view);
    for (size_t g = 0; g < GROUP__MAX; g++) {
        int64_t count = 0, points = 0, minutes = 0;
        for (size_t i = 0; i < h->count; i++) {
            if (!str_is(h->causes[i].group, cause_groups[g]))
                continue;
            count++;
            points += h->causes[i].points.value;
            minutes += h->causes[i].minutes.value;
        }
        views[g] = (struct group_view){str_of(cause_groups[g]), some_int(count), some_int(points),
                                       some_int(minutes)};
    }
    return (struct shape_list){true, GROUP__MAX, views};
}

enum result health_get(struct request *rq, struct work *w)
{
    const struct health_query *in = rq->query_in;
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    int64_t today = tz_day_of(ws.tz, w->now_s), date = in->date.set ? in->date.value : today + 1;
    if (date < today || date > today + DAYS_AHEAD)
        return problem_field(w->problem, "date", "out_of_range",
                             "From today on, and at most 400 days ahead.");
    struct health h = {
        .w = w,
        .ws = &ws,
        .date = date,
        .from_s = tz_day_start(ws.tz, date),
        .to_s = tz_day_end(ws.tz, date),
        .causes = arena_new_array(w->arena, CAUSES_MAX, struct cause),
    };
    res = look(&h);
    if (res != OK)
        return res;
    int64_t minutes = 0;
    for (size_t i = 0; i < h.visit_count; i++)
        minutes += (h.visits[i].end_s - h.visits[i].start_s) / MINUTE_S;
    struct health_view v = {
        .date = some_int(date),
        .from = some_int(h.from_s),
        .to = some_int(h.to_s),
        .score = some_int(h.points < SCORE_WHOLE ? SCORE_WHOLE - h.points : 0),
        .points = some_int(h.points),
        .visits = some_int((int64_t)h.visit_count),
        .minutes = some_int(minutes),
        .groups = groups_of(w->arena, &h),
        .causes = {true, h.count, h.causes},
        .left_off = some_int((int64_t)h.left_off),
    };
    answer_json(rq, 200, &health_shape, &v, w->actor.permissions);
    return OK;
}
