/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_sample: the visits of sample clients (booking.h); sample/ takes them out again.
 *
 * A place is looked for among the day's free starts and taken as for any visit, so that nothing
 * overlaps and hours, rooms and people are as the business has them. What is different: no stock,
 * no letter, no job and no event. A form that its service asks for is asked for as of any client,
 * and waits; what is over is as a visit from before the service asked.
 */
#include "diary/booking_parts.h"

#include "gate/gate.h"

/* The business may stay closed on that day: then there is no such start. */
static enum result free_start(struct work *w, const struct visit *v, int64_t date, int permille,
                              int64_t *ret_start_s)
{
    struct slot_rules rules;
    struct slot_day day;
    enum result res = visit_rules(w, v, date, date, 0, false, &rules);
    if (res != OK)
        return res;
    rules.now_s = INT64_MIN; /* days that are over had their free times, too */
    slots_days(w->arena, &rules, &v->shape, date, date, false, &day);
    if (day.count == 0)
        return NOT_FOUND;
    *ret_start_s = day.slots[day.count * (size_t)permille / 1000].start_s;
    return OK;
}

static enum booking_status status_at(const struct booking_invented *in, int64_t now_s,
                                     int64_t start_s, int64_t end_s)
{
    if (end_s <= now_s)
        return in->if_over;
    return start_s > now_s ? in->if_ahead : BOOKING_CONFIRMED;
}

static enum result write_rest(struct work *w, const struct booking *b)
{
    bool holds = b->status != BOOKING_CANCELLED && b->status != BOOKING_NO_SHOW;
    enum result res = OK;
    if (!holds)
        res =
            db_exec(w->tx, "UPDATE hold SET active = 0 WHERE workspace_id = $1 AND booking_id = $2",
                    db_i(w->actor.workspace_id), db_i(b->id));
    if (res == OK && b->status == BOOKING_CANCELLED)
        res = db_exec(w->tx,
                      "UPDATE booking SET cancelled_from = 'confirmed', cancelled_by = 'client',"
                      " cancelled_s = $3 WHERE workspace_id = $1 AND id = $2",
                      db_i(w->actor.workspace_id), db_i(b->id), db_i(b->created_s));
    return res;
}

static enum result settle(struct work *w, int64_t id)
{
    struct booking b;
    enum result res = booking_load(w, id, &b);
    return res == OK ? booking_settle(w, &b) : res;
}

enum result booking_invent(struct work *w, const struct workspace *ws,
                           const struct booking_invented *in, struct booking *ret)
{
    struct visit v;
    struct place place;
    struct place_ask where = {.judge = JUDGE_HOURS | JUDGE_GRID};
    const struct visit_ask ask = {.service_ids = &in->service_id, .service_count = 1};
    enum result res = visit_prepare(w, ws, &ask, &v);
    v.line_count = 0;
    if (res == OK)
        res = free_start(w, &v, in->date, in->permille, &where.start_s);
    if (res == OK)
        res = booking_find_place(w, &v, &where, &place);
    if (res != OK)
        return res;
    struct booking b = {
        .id = env_id(w->env),
        .client_id = in->client_id,
        .staff_id = place.staff_id,
        .start_s = place.start_s,
        .end_s = place.start_s + v.shape.length_s,
        .outer_from_s = place.start_s + v.shape.outer_from_off_s,
        .outer_to_s = place.start_s + v.shape.outer_to_off_s,
        .price = v.price,
        .notes = in->notes,
        .source = in->by_staff ? STR("staff") : STR("public"),
        .created_s = w->now_s,
    };
    b.status = status_at(in, w->now_s, b.start_s, b.end_s);
    if (b.start_s - SECONDS_PER_DAY < b.created_s)
        b.created_s = b.start_s - SECONDS_PER_DAY;
    res = booking_insert(w, &v, &b);
    if (res == OK)
        res = booking_hold(w, b.id, &v, &place);
    if (res == OK)
        res = write_rest(w, &b);
    if (res == OK && visit_is_gated(&v))
        res = settle(w, b.id);
    if (res == OK)
        *ret = b;
    return res;
}

bool booking_inventable(const struct service *s)
{
    size_t forms = 0;
    while (forms < s->require_count && s->requires[forms].kind.value == GATE_FORM)
        forms++;
    return s->active && !s->retired && forms == s->require_count;
}
