/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* judge: whether a gate is met at a start. Pure; see gate.h. */
#include "gate/gate.h"

enum { SECONDS_PER_HOUR = 3600 };

const char *const gate_kind_names[] = {"form", "patch_test", "prerequisite", NULL};

const char *const gate_why_codes[] = {
    [GATE_OK] = "ok",
    [GATE_MISSING] = "missing",
    [GATE_FAILED_TEST] = "failed",
    [GATE_NOT_DONE] = "not_done",
    [GATE_TOO_SOON] = "too_soon",
    [GATE_EXPIRED] = "expired",
    [GATE_WHY__MAX] = NULL,
};

enum gate_kind gate_kind_of(struct str name)
{
    return str_is(name, "form")         ? GATE_FORM
           : str_is(name, "patch_test") ? GATE_PATCH_TEST
                                        : GATE_PREREQUISITE;
}

/* Days are the calendar's at the business: a day of 23 or 25 hours is one. */
static bool is_valid(const struct tz *tz, const struct gate_rule *rule, int64_t of_s,
                     int64_t start_s)
{
    return !rule->valid_days.set ||
           tz_date(tz, start_s) - tz_date(tz, of_s) <= rule->valid_days.value;
}

static int64_t lead_s(const struct gate_rule *rule)
{
    return (int64_t)rule->lead_hours * SECONDS_PER_HOUR;
}

/* The last test that failed before the visit; NULL: none did. */
static const struct gate_visit *failed_before(const struct gate_facts *facts, int64_t start_s)
{
    const struct gate_visit *last = NULL;
    for (size_t i = 0; i < facts->visit_count; i++) {
        const struct gate_visit *v = &facts->visits[i];
        if (v->completed && v->result == GATE_FAILED && v->end_s <= start_s &&
            (!last || v->end_s > last->end_s))
            last = v;
    }
    return last;
}

/* Whether a visit may open the gate at all, wherever it lies. */
static bool counts(const struct gate_visit *v, const struct gate_visit *failed,
                   enum gate_stage stage)
{
    if (failed)
        return v->completed && v->result == GATE_PASSED && v->end_s > failed->end_s;
    return v->completed ? v->result != GATE_FAILED : stage == GATE_PLANNED;
}

static bool opens(const struct tz *tz, const struct gate_rule *rule, const struct gate_visit *v,
                  int64_t start_s)
{
    return v->end_s + lead_s(rule) <= start_s && is_valid(tz, rule, v->end_s, start_s);
}

static bool is_met(const struct tz *tz, const struct gate_rule *rule,
                   const struct gate_facts *facts, int64_t start_s, enum gate_stage stage)
{
    const struct gate_visit *failed = failed_before(facts, start_s);
    for (size_t i = 0; i < facts->visit_count; i++)
        if (counts(&facts->visits[i], failed, stage) && opens(tz, rule, &facts->visits[i], start_s))
            return true;
    return false;
}

/* It begins to be met only where the lead of a visit ends. */
static struct opt_int earliest(const struct tz *tz, const struct gate_rule *rule,
                               const struct gate_facts *facts, int64_t start_s,
                               enum gate_stage stage)
{
    struct opt_int best = {0};
    for (size_t i = 0; i < facts->visit_count; i++) {
        int64_t at_s = facts->visits[i].end_s + lead_s(rule);
        if (at_s > start_s && (!best.set || at_s < best.value) &&
            is_met(tz, rule, facts, at_s, stage))
            best = some_int(at_s);
    }
    return best;
}

static void put_later(struct opt_int *of, int64_t at_s)
{
    if (!of->set || at_s > of->value)
        *of = some_int(at_s);
}

static struct gate_verdict judge_visits(const struct tz *tz, const struct gate_rule *rule,
                                        const struct gate_facts *facts, int64_t start_s,
                                        enum gate_stage stage)
{
    if (is_met(tz, rule, facts, start_s, stage))
        return (struct gate_verdict){.why = GATE_OK};
    struct gate_verdict verdict = {.why = GATE_MISSING,
                                   .earliest_s = earliest(tz, rule, facts, start_s, stage)};
    const struct gate_visit *failed = failed_before(facts, start_s);
    struct opt_int booked = {0}, late = {0}, old = {0};
    for (size_t i = 0; i < facts->visit_count; i++) {
        const struct gate_visit *v = &facts->visits[i];
        if (!counts(v, failed, GATE_PLANNED))
            continue;
        if (opens(tz, rule, v, start_s))
            put_later(&booked, v->end_s);
        else if (v->end_s + lead_s(rule) > start_s)
            late = some_int(late.set && late.value < v->end_s ? late.value : v->end_s);
        else
            put_later(&old, v->end_s);
    }
    if (booked.set)
        verdict.why = GATE_NOT_DONE, verdict.about_s = booked;
    else if (late.set)
        verdict.why = GATE_TOO_SOON, verdict.about_s = late;
    else if (failed)
        verdict.why = GATE_FAILED_TEST, verdict.about_s = some_int(failed->end_s);
    else if (old.set)
        verdict.why = GATE_EXPIRED, verdict.about_s = old;
    return verdict;
}

struct gate_verdict gate_judge(const struct tz *tz, const struct gate_rule *rule,
                               const struct gate_facts *facts, int64_t start_s,
                               enum gate_stage stage)
{
    if (rule->kind != GATE_FORM)
        return judge_visits(tz, rule, facts, start_s, stage);
    if (!facts->answered_s.set)
        return (struct gate_verdict){.why = GATE_MISSING};
    bool valid = is_valid(tz, rule, facts->answered_s.value, start_s);
    return (struct gate_verdict){.why = valid ? GATE_OK : GATE_EXPIRED,
                                 .about_s = facts->answered_s};
}

bool gate_circle(struct arena *a, const struct gate_edge *edges, size_t count, int64_t from_id)
{
    int64_t *reached = arena_new_array(a, count + 1, int64_t);
    size_t n = 0;
    reached[n++] = from_id;
    for (size_t at = 0; at < n; at++)
        for (size_t i = 0; i < count; i++) {
            if (edges[i].from_id != reached[at])
                continue;
            if (edges[i].to_id == from_id)
                return true;
            bool known = false;
            for (size_t k = 0; k < n && !known; k++)
                known = reached[k] == edges[i].to_id;
            if (!known)
                reached[n++] = edges[i].to_id;
        }
    return false;
}
