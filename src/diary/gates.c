/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * gates: what a visit's services ask (gate/gate.h), put to a booking: whether it may be booked
 * there, begun, completed, and in what words it is refused.
 *
 * Who books without having signed in has said no more than an address. They are told what the
 * services ask of everybody, so that nobody learns from the answer what somebody has had done.
 */
#include "diary/gates.h"

enum { FIRST_DAYS = 31, SECONDS_PER_HOUR = 3600 };

struct gate_view {
    struct opt_int kind, form_id, service_id;
    struct str name, service;
    struct opt_bool ok, done;
    struct str code, why;
    struct opt_int earliest_start;
    struct str book_url;
};
static const struct field gate_fields[] = {
    FIELD_ENUM(struct gate_view, kind, gate_kind_names),
    FIELD_ID(struct gate_view, form_id, .maybe = true, .doc = "form: which"),
    FIELD_ID(struct gate_view, service_id, .maybe = true, .doc = "the service that comes first"),
    FIELD_STR(struct gate_view, name, 0, 0, .doc = "of that form or service"),
    FIELD_STR(struct gate_view, service, 0, 0, .doc = "which asks for it"),
    FIELD_BOOL(struct gate_view, ok, .doc = "as things are planned"),
    FIELD_BOOL(struct gate_view, done, .doc = "and nothing is left to do: the visit may begin"),
    FIELD_WORD(struct gate_view, code, gate_why_codes),
    FIELD_STR(struct gate_view, why, 0, 0, .maybe = true, .doc = "what is wrong, and what to do"),
    FIELD_INSTANT(struct gate_view, earliest_start, .maybe = true,
                  .doc = "the first start at which it can be met, where that can be said"),
    FIELD_STR(struct gate_view, book_url, 0, 0, .maybe = true,
              .doc = "where the service that comes first is booked"),
};
const struct shape gate_shape = SHAPE("Gate", struct gate_view, gate_fields);

struct gates_view {
    struct shape_list gates;
};
static const struct field gates_fields[] = {
    FIELD_LIST(struct gates_view, gates, gate_shape, 0, 0),
};
static const struct shape gates_shape = SHAPE("UnmetGates", struct gates_view, gates_fields);

/* ---- judging ---- */

/* One gate of a booking with both its verdicts. */
struct judged {
    const struct gate_rule *rule;
    struct gate_verdict planned, done;
};

static enum result judge(struct work *w, const struct workspace *ws, const struct booking *b,
                         const struct gate_rule *rules, size_t count, struct judged **ret)
{
    struct judged *list = arena_new_array(w->arena, count + 1, struct judged);
    enum result res = OK;
    for (size_t i = 0; i < count && res == OK; i++) {
        struct gate_facts facts;
        res = gate_facts(w, &rules[i], b->client_id, b->id, b->start_s, b->start_s, &facts);
        if (res == OK)
            list[i] = (struct judged){
                .rule = &rules[i],
                .planned = gate_judge(ws->tz, &rules[i], &facts, b->start_s, GATE_PLANNED),
                .done = gate_judge(ws->tz, &rules[i], &facts, b->start_s, GATE_DONE),
            };
    }
    *ret = list;
    return res;
}

/* The first start that a visit of the asked service leaves, were it booked now. */
static enum result first_after(struct work *w, const struct workspace *ws,
                               const struct gate_rule *rule, struct opt_int *ret)
{
    struct visit v;
    struct slot_rules rules;
    struct visit_ask ask = {.service_ids = &rule->asked_id, .service_count = 1};
    if (!rule->offered)
        return OK;
    enum result res = visit_prepare(w, ws, &ask, &v);
    if (res == INVALID || res == NOT_FOUND) { /* nobody performs it any more */
        problem_clear(w->problem);
        return OK;
    }
    int64_t today = tz_date(ws->tz, w->now_s), last = today + FIRST_DAYS - 1;
    if (res == OK)
        res = visit_rules(w, &v, today, last, 0, true, &rules);
    if (res != OK)
        return res;
    struct slot_day *days = arena_new_array(w->arena, FIRST_DAYS, struct slot_day);
    slots_days(w->arena, &rules, &v.shape, today, last, false, days);
    for (size_t d = 0; d < FIRST_DAYS; d++)
        if (days[d].count > 0) {
            const struct slot *first = &days[d].slots[0];
            int64_t end_s =
                first->start_s + visit_longest_s(&v, first->staff_ids, first->staff_count);
            *ret = some_int(end_s + (int64_t)rule->lead_hours * SECONDS_PER_HOUR);
            return OK;
        }
    return OK;
}

/* ---- showing ---- */

static struct gate_view view_of(struct work *w, const struct workspace *ws,
                                const struct gate_rule *rule)
{
    bool is_form = rule->kind == GATE_FORM;
    struct gate_view v = {
        .kind = some_int(rule->kind),
        .name = rule->name,
        .service = rule->service,
        .ok = some_bool(true),
        .done = some_bool(true),
        .code = str_of(gate_why_codes[GATE_OK]),
    };
    if (is_form)
        v.form_id = some_int(rule->asked_id);
    else
        v.service_id = some_int(rule->asked_id);
    if (!is_form && rule->offered)
        v.book_url = str_printf(w->arena, "/book/" STR_FMT "?service=%lld", STR_ARG(ws->slug),
                                (long long)rule->asked_id);
    return v;
}

static enum result show(struct work *w, const struct workspace *ws, const struct judged *j,
                        struct gate_view *ret)
{
    struct gate_view v = view_of(w, ws, j->rule);
    bool planned = j->planned.why == GATE_OK, done = j->done.why == GATE_OK;
    const struct gate_verdict *verdict = planned ? &j->done : &j->planned;
    enum result res = OK;
    v.ok = some_bool(planned);
    v.done = some_bool(done);
    v.code = str_of(gate_why_codes[verdict->why]);
    if (!planned || !done)
        v.why = gate_words(w->arena, ws->tz, j->rule, verdict);
    v.earliest_start = planned ? (struct opt_int){0} : verdict->earliest_s;
    bool to_book = verdict->why == GATE_MISSING || verdict->why == GATE_EXPIRED;
    if (!planned && to_book && !v.earliest_start.set && j->rule->kind != GATE_FORM)
        res = first_after(w, ws, j->rule, &v.earliest_start);
    *ret = v;
    return res;
}

static enum result show_all(struct work *w, const struct workspace *ws, const struct judged *list,
                            size_t count, struct shape_list *ret)
{
    struct gate_view *views = arena_new_array(w->arena, count + 1, struct gate_view);
    enum result res = OK;
    for (size_t i = 0; i < count && res == OK; i++)
        res = show(w, ws, &list[i], &views[i]);
    *ret = (struct shape_list){true, count, views};
    return res;
}

/* What every client is told, whatever they have had: the visits that come first. */
static enum result show_for_anyone(struct work *w, const struct workspace *ws,
                                   const struct gate_rule *rules, size_t count,
                                   struct shape_list *ret)
{
    struct gate_view *views = arena_new_array(w->arena, count + 1, struct gate_view);
    size_t n = 0;
    enum result res = OK;
    for (size_t i = 0; i < count && res == OK; i++) {
        if (rules[i].kind == GATE_FORM)
            continue;
        struct gate_view *v = &views[n++];
        *v = view_of(w, ws, &rules[i]);
        v->ok = v->done = some_bool(false);
        v->code = str_of(gate_why_codes[GATE_MISSING]);
        v->why = gate_words_for_anyone(w->arena, &rules[i], ws);
        res = first_after(w, ws, &rules[i], &v->earliest_start);
    }
    *ret = (struct shape_list){true, n, views};
    return res;
}

static enum result refuse(struct work *w, struct shape_list gates)
{
    const struct gate_view *views = gates.items;
    struct str why = STR("");
    for (size_t i = 0; i < gates.count && why.len == 0; i++)
        if (!views[i].done.value)
            why = views[i].why;
    struct gates_view *view = arena_new(w->arena, struct gates_view);
    view->gates = gates;
    enum result res = problem_set(w->problem, CONFLICT, "gate_unmet", STR_FMT, STR_ARG(why));
    w->problem->extra_shape = &gates_shape;
    w->problem->extra = view;
    return res;
}

/* ---- what bookings ask ---- */

static enum result load(struct work *w, const struct booking *b, struct workspace *ret_ws,
                        struct gate_rule **ret_rules, size_t *ret_count, struct judged **ret)
{
    enum result res = gate_rules_of_booking(w, b->id, ret_rules, ret_count);
    if (res != OK || *ret_count == 0)
        return res;
    res = workspace_load(w, w->actor.workspace_id, ret_ws);
    return res == OK ? judge(w, ret_ws, b, *ret_rules, *ret_count, ret) : res;
}

enum result booking_check_gates(struct work *w, const struct booking *b, bool for_anyone)
{
    if (b->start_s < w->now_s)
        return OK;
    struct workspace ws;
    struct gate_rule *rules;
    struct judged *list;
    struct shape_list gates;
    size_t count;
    bool unmet = false;
    enum result res = load(w, b, &ws, &rules, &count, &list);
    for (size_t i = 0; i < count && res == OK; i++)
        unmet = unmet || (rules[i].kind != GATE_FORM && list[i].planned.why != GATE_OK);
    if (res != OK || !unmet)
        return res;
    if (for_anyone) {
        res = show_for_anyone(w, &ws, rules, count, &gates);
        return res == OK ? refuse(w, gates) : res;
    }
    /* Forms are asked for once it is booked, so they do not stand in its way. */
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (list[i].rule->kind != GATE_FORM)
            list[n++] = list[i];
    res = show_all(w, &ws, list, n, &gates);
    return res == OK ? refuse(w, gates) : res;
}

enum result booking_gates_done(struct work *w, const struct booking *b, bool *ret)
{
    struct workspace ws;
    struct gate_rule *rules;
    struct judged *list;
    size_t count;
    bool done = true;
    enum result res = load(w, b, &ws, &rules, &count, &list);
    for (size_t i = 0; i < count && res == OK; i++)
        done = done && list[i].done.why == GATE_OK;
    if (res == OK)
        *ret = done;
    return res;
}

enum result booking_require_gates(struct work *w, const struct booking *b)
{
    struct workspace ws;
    struct gate_rule *rules;
    struct judged *list;
    struct shape_list gates;
    size_t count;
    bool done = true;
    enum result res = load(w, b, &ws, &rules, &count, &list);
    for (size_t i = 0; i < count && res == OK; i++)
        done = done && list[i].done.why == GATE_OK;
    if (res != OK || done)
        return res;
    res = show_all(w, &ws, list, count, &gates);
    return res == OK ? refuse(w, gates) : res;
}

enum result gates_answer(struct request *rq, struct work *w, const struct booking *b)
{
    struct workspace ws;
    struct gate_rule *rules;
    struct judged *list;
    struct shape_list gates = {0};
    size_t count;
    enum result res = load(w, b, &ws, &rules, &count, &list);
    if (res == OK && count > 0)
        res = show_all(w, &ws, list, count, &gates);
    if (res == OK)
        answer_list(rq, &gate_shape, gates.items, gates.count, (struct str){0},
                    w->actor.permissions);
    return res;
}

/* ---- forms ---- */

enum result booking_gate_forms(struct work *w, const struct booking *b, int64_t *ret_ids,
                               size_t max, size_t *ret_count)
{
    struct workspace ws;
    struct gate_rule *rules;
    struct judged *list;
    size_t count, n = 0;
    enum result res = load(w, b, &ws, &rules, &count, &list);
    for (size_t i = 0; i < count && res == OK && n < max; i++)
        if (rules[i].kind == GATE_FORM && list[i].planned.why != GATE_OK)
            ret_ids[n++] = rules[i].asked_id;
    if (res == OK)
        *ret_count = n;
    return res;
}

/* ---- times ---- */

enum result slot_gates_load(struct work *w, const struct slot_gates_ask *ask,
                            struct slot_gates *ret)
{
    struct slot_gates g = {.tz = ask->ws->tz};
    enum result res = gate_rules_of(w, ask->service_ids, ask->service_count, &g.rules, &g.count);
    if (res != OK)
        return res;
    g.facts = arena_new_array(w->arena, g.count + 1, struct gate_facts);
    for (size_t i = 0; i < g.count && res == OK; i++)
        if (g.rules[i].kind != GATE_FORM)
            res = gate_facts(w, &g.rules[i], ask->client_id, ask->except_booking_id, ask->from_s,
                             ask->to_s, &g.facts[i]);
    if (res == OK)
        *ret = g;
    return res;
}

bool slot_gates_refuse(struct arena *a, const struct slot_gates *g, int64_t start_s, bool in_words,
                       struct str *ret_why)
{
    for (size_t i = 0; i < g->count; i++) {
        if (g->rules[i].kind == GATE_FORM)
            continue;
        struct gate_verdict v =
            gate_judge(g->tz, &g->rules[i], &g->facts[i], start_s, GATE_PLANNED);
        if (v.why == GATE_OK)
            continue;
        if (in_words)
            *ret_why = gate_words(a, g->tz, &g->rules[i], &v);
        return true;
    }
    return false;
}
