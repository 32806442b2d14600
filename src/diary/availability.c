/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* availability: turns a question into days of slots. See availability.h. */
#include "diary/availability.h"

#include "diary/booking_parts.h"
#include "diary/gates.h"
#include "diary/pick.h"

static const struct field query_fields[] = {
    FIELD_IDS(struct availability_query, service_ids, 1, VISIT_SERVICES_MAX, .required = true,
              .doc = "in the order of the visit: a,b"),
    FIELD_ID(struct availability_query, staff_id, .doc = "one person; anyone where absent"),
    FIELD_DATE(struct availability_query, from, .required = true),
    FIELD_DATE(struct availability_query, to, .required = true,
               .doc = "at most 62 days with `from`"),
    FIELD_STR(struct availability_query, hold_token, 1, PICK_TOKEN_MAX,
              .doc = "one's own hold, which then counts as free"),
};
const struct shape availability_query_shape =
    SHAPE("AvailabilityQuery", struct availability_query, query_fields);

static const struct field explain_query_fields[] = {
    FIELD_IDS(struct availability_query, service_ids, 1, VISIT_SERVICES_MAX, .required = true,
              .doc = "in the order of the visit: a,b"),
    FIELD_ID(struct availability_query, staff_id, .doc = "one person; anyone where absent"),
    FIELD_DATE(struct availability_query, from, .required = true),
    FIELD_DATE(struct availability_query, to, .required = true,
               .doc = "at most 62 days with `from`"),
    FIELD_ID(struct availability_query, client_id,
             .doc = "for whom: starts before which something has to come first are not offered"),
    FIELD_ID(struct availability_query, booking_id,
             .doc = "which is to be moved: its own time counts as free, its services and its client "
                    "in place of what is asked"),
    FIELD_BOOL(struct availability_query, explain,
               .doc = "also every time that is not offered, with the reason"),
};
const struct shape availability_explain_query_shape =
    SHAPE("AvailabilityExplainQuery", struct availability_query, explain_query_fields);

static const struct field manage_query_fields[] = {
    FIELD_ID(struct availability_query, staff_id, .doc = "one person; anyone where absent"),
    FIELD_DATE(struct availability_query, from, .required = true),
    FIELD_DATE(struct availability_query, to, .required = true,
               .doc = "at most 62 days with `from`"),
};
const struct shape manage_availability_query_shape =
    SHAPE("ManageAvailabilityQuery", struct availability_query, manage_query_fields);

static const struct field slot_fields[] = {
    FIELD_INSTANT(struct slot_view, start),
    FIELD_INSTANT(struct slot_view, end),
    FIELD_STR(struct slot_view, local, 0, 0,
              .doc = "the wall clock in the business's zone: YYYY-MM-DDTHH:MM±HH:MM"),
    FIELD_IDS(struct slot_view, staff_ids, 0, 0, .doc = "who could take it"),
    /* What comes before is no reason, or none that a list of times has. */
    FIELD_WORD(struct slot_view, why, slot_reason_codes + SLOT_NO_STAFF, .omit = true,
               .doc = "not offered"),
    FIELD_STR(struct slot_view, message, 0, 0, .omit = true),
};
const struct shape slot_shape = SHAPE("Slot", struct slot_view, slot_fields);

enum day_reason { DAY_CLOSED, DAY_FULL, DAY_OUT_OF_STOCK, DAY_TOO_SOON, DAY_TOO_FAR, DAY_GATE };
static const char *const day_reasons[] = {
    "closed", "full", "out_of_stock", "too_soon", "too_far", "gate_unmet", NULL};

struct day_view {
    struct opt_int date, reason;
    struct shape_list slots, refused;
};
static const struct field day_fields[] = {
    FIELD_DATE(struct day_view, date),
    FIELD_LIST(struct day_view, slots, slot_shape, 0, 0),
    FIELD_ENUM(struct day_view, reason, day_reasons, .omit = true, .doc = "of a day without slots"),
    FIELD_LIST(struct day_view, refused, slot_shape, 0, 0, .omit = true,
               .doc = "explain: the times that are not offered"),
};
static const struct shape day_shape = SHAPE("AvailabilityDay", struct day_view, day_fields);

struct availability_view {
    struct str timezone;
    struct shape_list days;
};
static const struct field availability_fields[] = {
    FIELD_STR(struct availability_view, timezone, 0, 0),
    FIELD_LIST(struct availability_view, days, day_shape, 0, 0),
};
const struct shape availability_shape =
    SHAPE("Availability", struct availability_view, availability_fields);

static const char *explain(enum slot_reason reason)
{
    static const char *const words[SLOT_REASON__MAX] = {
        [SLOT_OK] = "",
        [SLOT_CLOSED] = "The business is closed for part of the visit, buffers included.",
        [SLOT_TOO_SOON] = "It is past, or sooner than the notice that the business asks for.",
        [SLOT_TOO_FAR] = "It is further ahead than bookings are taken.",
        [SLOT_OFF_GRID] = "Visits do not start at that minute.",
        [SLOT_STAFF_OFF] = "Nobody who performs this works then.",
        [SLOT_STAFF_BUSY] = "Everyone who performs this and works then has another visit.",
        [SLOT_RESOURCE_BUSY] = "A person is free, but no room or device that the visit needs.",
        [SLOT_OUT_OF_STOCK] =
            "A material that the visit uses is short: receive stock to offer it again.",
        [SLOT_GATE] = "Something has to come first for this client.",
        [SLOT_NO_STAFF] = "Nobody who can be booked performs all these services.",
    };
    return words[reason];
}

void slot_view_of(struct arena *a, const struct visit *v, const struct slot *slot,
                  struct slot_view *ret)
{
    char local[LOCAL_TEXT];
    tz_local_format(v->ws->tz, slot->start_s, local);
    int64_t *ids = arena_new_array(a, slot->staff_count + 1, int64_t);
    for (size_t i = 0; i < slot->staff_count; i++)
        ids[i] = slot->staff_ids[i];
    *ret = (struct slot_view){
        .start = some_int(slot->start_s),
        .end = some_int(slot->start_s + v->shape.length_s),
        .local = str_copy(a, str_of(local)),
        .staff_ids = {true, slot->reason == SLOT_OK ? slot->staff_count : 0, ids},
    };
    if (slot->reason != SLOT_OK) {
        ret->why = str_of(slot_reason_codes[slot->reason]);
        ret->message = str_of(explain(slot->reason));
    }
}

static enum day_reason day_reason_of(enum slot_reason reason)
{
    switch (reason) {
    case SLOT_CLOSED:
    case SLOT_STAFF_OFF: return DAY_CLOSED;
    case SLOT_TOO_SOON: return DAY_TOO_SOON;
    case SLOT_TOO_FAR: return DAY_TOO_FAR;
    case SLOT_OUT_OF_STOCK: return DAY_OUT_OF_STOCK;
    case SLOT_GATE: return DAY_GATE;
    default: return DAY_FULL;
    }
}

/* A start that is free, and that this client has to wait for. */
static bool gate_refuses(struct arena *a, const struct slot_gates *gates, bool explained,
                         struct slot *slot, struct str *ret_why)
{
    if (slot->reason != SLOT_OK || !slot_gates_refuse(a, gates, slot->start_s, explained, ret_why))
        return false;
    slot->reason = SLOT_GATE;
    return true;
}

static void day_view_of(struct arena *a, const struct visit *v, const struct slot_gates *gates,
                        const struct slot_day *day, bool explained, struct day_view *ret)
{
    struct slot_view *offered = arena_new_array(a, day->count + 1, struct slot_view);
    struct slot_view *refused =
        explained ? arena_new_array(a, day->count + 1, struct slot_view) : NULL;
    size_t n = 0, m = 0;
    bool waits = false;
    for (size_t i = 0; i < day->count; i++) {
        struct slot slot = day->slots[i];
        struct str why;
        bool gate = gate_refuses(a, gates, explained, &slot, &why);
        waits = waits || gate;
        if (slot.reason == SLOT_OK)
            slot_view_of(a, v, &slot, &offered[n++]);
        else if (refused)
            slot_view_of(a, v, &slot, &refused[m++]);
        if (gate && refused)
            refused[m - 1].message = why;
    }
    *ret = (struct day_view){
        .date = some_int(day->date),
        .slots = {true, n, offered},
        .refused = {explained, m, refused},
    };
    if (n == 0)
        ret->reason = some_int(day_reason_of(waits ? SLOT_GATE : day->reason));
}

static enum result check_range(struct work *w, const struct availability_query *q)
{
    if (q->to.value < q->from.value)
        return problem_field(w->problem, "to", "out_of_range",
                             "Give a date that is not before `from`.");
    if (q->to.value - q->from.value >= AVAILABILITY_DAYS_MAX)
        return problem_field(w->problem, "to", "out_of_range", "Ask for at most 62 days at once.");
    return OK;
}

enum { STARTS_MAX = 400000 }; /* starts times people of one answer: some megabytes of it */

/* A question that would be answered in too many words is to be asked in pieces. */
static enum result check_amount(struct work *w, const struct visit *v, size_t days)
{
    int64_t starts = (int64_t)days * (MINUTES_PER_DAY / v->ws->slot_step_min + 1);
    if (starts * (int64_t)(v->person_count + 1) <= STARTS_MAX)
        return OK;
    return problem_field(w->problem, "to", "out_of_range",
                         "So many people and times at once are too much: ask for fewer days.");
}

static enum result answer_days(struct request *rq, struct work *w, const struct visit *v,
                               const struct slot_rules *rules, const struct slot_gates *gates,
                               const struct availability_query *q)
{
    size_t count = (size_t)(q->to.value - q->from.value) + 1;
    enum result res = check_amount(w, v, count);
    if (res != OK)
        return res;
    struct slot_day *days = arena_new_array(w->arena, count, struct slot_day);
    bool explained = q->explain.set && q->explain.value;
    slots_days(w->arena, rules, &v->shape, q->from.value, q->to.value, explained, days);
    struct day_view *views = arena_new_array(w->arena, count, struct day_view);
    for (size_t i = 0; i < count; i++)
        day_view_of(w->arena, v, gates, &days[i], explained, &views[i]);
    struct availability_view view = {.timezone = v->ws->timezone, .days = {true, count, views}};
    answer_json(rq, 200, &availability_shape, &view, w->actor.permissions);
    return OK;
}

static enum result gates_of(struct work *w, const struct workspace *ws, int64_t client_id,
                            int64_t except_booking_id, const struct visit *v,
                            const struct availability_query *q, struct slot_gates *ret)
{
    int64_t *ids = arena_new_array(w->arena, v->service_count + 1, int64_t);
    for (size_t i = 0; i < v->service_count; i++)
        ids[i] = v->services[i].id;
    struct slot_gates_ask ask = {
        .ws = ws,
        .service_ids = ids,
        .service_count = v->service_count,
        .client_id = client_id,
        .except_booking_id = except_booking_id,
        .from_s = tz_day_start(ws->tz, q->from.value),
        .to_s = tz_day_end(ws->tz, q->to.value),
    };
    return slot_gates_load(w, &ask, ret);
}

enum result availability_answer(struct request *rq, struct work *w, const struct workspace *ws,
                                const struct availability_query *q)
{
    struct slot_gates gates = {0}; /* of nobody in particular: nothing is refused */
    struct visit v;
    struct slot_rules rules;
    struct visit_ask ask = {.service_ids = q->service_ids.ids,
                            .service_count = q->service_ids.count,
                            .staff_id = q->staff_id.value};
    enum result res = check_range(w, q);
    if (res == OK && q->staff_id.set && q->staff_id.value == 0)
        res = work_missing_at(w, "staff_id", "member of staff");
    if (res == OK)
        res = visit_prepare(w, ws, &ask, &v);
    if (res != OK)
        return res;
    if (q->hold_token.ptr)
        v.own_pick = pick_hash_of(w->arena, q->hold_token);
    res = visit_rules(w, &v, q->from.value, q->to.value, 0, true, &rules);
    if (res == OK && q->client_id.value)
        res = gates_of(w, ws, q->client_id.value, 0, &v, q, &gates);
    return res == OK ? answer_days(rq, w, &v, &rules, &gates, q) : res;
}

enum result availability_answer_for(struct request *rq, struct work *w, const struct workspace *ws,
                                    const struct booking *b, const struct availability_query *q)
{
    struct visit v;
    struct slot_rules rules;
    struct slot_gates gates;
    enum result res = check_range(w, q);
    if (res == OK)
        res = booking_visit(w, ws, b, q->staff_id.value, &v);
    if (res == OK)
        res = visit_rules(w, &v, q->from.value, q->to.value, b->id, true, &rules);
    if (res == OK)
        res = gates_of(w, ws, b->client_id, b->id, &v, q, &gates);
    if (res != OK)
        return res;
    rules.out_of_stock = false;
    return answer_days(rq, w, &v, &rules, &gates, q);
}
