/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether a gate is met at a start: case by case, and against a slow reference. */
#include "../diary/calendar.h"

#include "gate/gate.h"

enum { HOUR = 3600 };

/* A patch test two days before, good for 180 days, in Paris. */
static const struct gate_rule patch = {
    .kind = GATE_PATCH_TEST, .asked_id = 7, .lead_hours = 48, .valid_days = {true, 180}};

static struct gate_visit visit(const char *end, bool completed, enum gate_result result)
{
    int64_t end_s = at(end);
    return (struct gate_visit){end_s - 900, end_s, completed, result};
}

static struct gate_verdict judge(const struct gate_rule *rule, const char *start,
                                 enum gate_stage stage, size_t count, struct gate_visit *visits)
{
    struct gate_facts facts = {.visit_count = count, .visits = visits};
    return gate_judge(zone("Europe/Paris"), rule, &facts, at(start), stage);
}

static void a_test_ends_its_lead_before_the_visit(void **state)
{
    (void)state;
    struct gate_visit done = visit("2026-06-01T10:00", true, GATE_NO_RESULT);
    assert_int_equal(judge(&patch, "2026-06-03T10:00", GATE_DONE, 1, &done).why, GATE_OK);
    struct gate_verdict v = judge(&patch, "2026-06-03T09:59", GATE_DONE, 1, &done);
    assert_int_equal(v.why, GATE_TOO_SOON);
    assert_int_equal(v.earliest_s.value, at("2026-06-03T10:00"));
    assert_int_equal(v.about_s.value, done.end_s);
    assert_int_equal(judge(&patch, "2026-06-03T10:00", GATE_DONE, 0, NULL).why, GATE_MISSING);
}

static void a_lead_is_elapsed_time_also_across_a_change_of_the_clocks(void **state)
{
    (void)state;
    struct gate_visit spring = visit("2026-03-28T10:00", true, GATE_NO_RESULT);
    assert_int_equal(judge(&patch, "2026-03-30T10:00", GATE_DONE, 1, &spring).why, GATE_OK);
    assert_int_equal(judge(&patch, "2026-03-30T09:00", GATE_DONE, 1, &spring).why, GATE_TOO_SOON);
}

/* Paris, 25 October 2026: the day has 25 hours, 29 March 23. */
static void days_are_the_calendars_of_the_business(void **state)
{
    (void)state;
    struct gate_rule day = {.kind = GATE_PREREQUISITE, .valid_days = {true, 1}};
    struct gate_visit autumn =
        visit("2026-10-23T22:30", true, GATE_NO_RESULT); /* 00:30 on the 24th */
    assert_int_equal(judge(&day, "2026-10-25T22:59", GATE_DONE, 1, &autumn).why, GATE_OK);
    assert_int_equal(judge(&day, "2026-10-25T23:00", GATE_DONE, 1, &autumn).why, GATE_EXPIRED);
    struct gate_visit spring =
        visit("2026-03-28T22:30", true, GATE_NO_RESULT); /* 23:30 on the 28th */
    assert_int_equal(judge(&day, "2026-03-29T21:59", GATE_DONE, 1, &spring).why, GATE_OK);
    assert_int_equal(judge(&day, "2026-03-29T22:00", GATE_DONE, 1, &spring).why, GATE_EXPIRED);
}

static void what_is_booked_counts_until_the_visit_is_to_take_place(void **state)
{
    (void)state;
    struct gate_visit booked = visit("2026-06-01T10:00", false, GATE_NO_RESULT);
    assert_int_equal(judge(&patch, "2026-06-10T10:00", GATE_PLANNED, 1, &booked).why, GATE_OK);
    struct gate_verdict v = judge(&patch, "2026-06-10T10:00", GATE_DONE, 1, &booked);
    assert_int_equal(v.why, GATE_NOT_DONE);
    assert_int_equal(v.about_s.value, booked.end_s);
}

static void a_failure_blocks_until_a_later_test_is_said_to_have_passed(void **state)
{
    (void)state;
    struct gate_visit v[] = {
        visit("2026-05-01T10:00", true, GATE_PASSED),
        visit("2026-05-10T10:00", true, GATE_FAILED),
        visit("2026-05-20T10:00", true, GATE_NO_RESULT),
        visit("2026-05-21T10:00", false, GATE_NO_RESULT),
        visit("2026-05-30T10:00", true, GATE_PASSED),
    };
    assert_int_equal(judge(&patch, "2026-05-09T10:00", GATE_PLANNED, 2, v).why, GATE_OK);
    for (size_t count = 2; count <= 4; count++) {
        struct gate_verdict verdict = judge(&patch, "2026-06-10T10:00", GATE_PLANNED, count, v);
        assert_int_equal(verdict.why, GATE_FAILED_TEST);
        assert_int_equal(verdict.about_s.value, v[1].end_s);
        assert_false(verdict.earliest_s.set);
    }
    assert_int_equal(judge(&patch, "2026-06-10T10:00", GATE_DONE, 5, v).why, GATE_OK);
}

static void a_form_counts_however_late_and_for_its_days(void **state)
{
    (void)state;
    struct gate_rule form = {.kind = GATE_FORM, .valid_days = {true, 30}};
    struct gate_facts facts = {0};
    const struct tz *tz = zone("Europe/Paris");
    int64_t start_s = at("2026-06-30T10:00");
    assert_int_equal(gate_judge(tz, &form, &facts, start_s, GATE_DONE).why, GATE_MISSING);
    facts.answered_s = some_int(at("2026-05-31T06:00"));
    assert_int_equal(gate_judge(tz, &form, &facts, start_s, GATE_DONE).why, GATE_OK);
    facts.answered_s = some_int(at("2026-05-30T21:59")); /* 23:59 the day before */
    assert_int_equal(gate_judge(tz, &form, &facts, start_s, GATE_DONE).why, GATE_EXPIRED);
    facts.answered_s = some_int(at("2026-06-30T10:20")); /* while it was under way */
    assert_int_equal(gate_judge(tz, &form, &facts, start_s, GATE_DONE).why, GATE_OK);
    form.valid_days = (struct opt_int){0};
    facts.answered_s = some_int(at("2001-05-30T10:00"));
    assert_int_equal(gate_judge(tz, &form, &facts, start_s, GATE_DONE).why, GATE_OK);
}

/* ---- against a reference that follows the words of gate.h, one visit and one hour at a time ----
 */

static int64_t day_of(const struct tz *tz, int64_t at_s)
{
    char local[LOCAL_TEXT];
    tz_local_format(tz, at_s, local);
    local[DATE_TEXT - 1] = '\0';
    return on(local);
}

static bool slow_is_met(const struct tz *tz, const struct gate_rule *rule,
                        const struct gate_facts *f, int64_t start_s, enum gate_stage stage)
{
    for (size_t i = 0; i < f->visit_count; i++) {
        const struct gate_visit *v = &f->visits[i];
        bool any_failed = false, failed_since = false;
        for (size_t k = 0; k < f->visit_count; k++) {
            const struct gate_visit *o = &f->visits[k];
            if (!o->completed || o->result != GATE_FAILED || o->end_s > start_s)
                continue;
            any_failed = true;
            failed_since = failed_since || o->end_s >= v->end_s;
        }
        if (failed_since || v->result == GATE_FAILED)
            continue;
        if (any_failed && !(v->completed && v->result == GATE_PASSED))
            continue;
        if (!v->completed && stage == GATE_DONE)
            continue;
        if (v->end_s > start_s - (int64_t)rule->lead_hours * HOUR)
            continue;
        if (rule->valid_days.set &&
            day_of(tz, start_s) > day_of(tz, v->end_s) + rule->valid_days.value)
            continue;
        return true;
    }
    return false;
}

static uint64_t state_of_chance;
static int64_t chance(int64_t below)
{
    state_of_chance =
        state_of_chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((state_of_chance >> 33) % (uint64_t)below);
}

static void check_one(const struct tz *tz, int64_t around_s)
{
    enum { SPAN_HOURS = 24 * 12, MOST = 6 };
    struct gate_visit visits[MOST];
    struct gate_facts facts = {.visit_count = (size_t)chance(MOST + 1), .visits = visits};
    struct gate_rule rule = {.kind = GATE_PATCH_TEST, .lead_hours = (int)chance(72)};
    if (chance(3) > 0)
        rule.valid_days = some_int(1 + chance(8));
    for (size_t i = 0; i < facts.visit_count; i++) {
        int64_t end_s = around_s + (chance(SPAN_HOURS) - SPAN_HOURS / 2) * HOUR;
        bool completed = chance(3) > 0;
        enum gate_result result = completed ? (enum gate_result)chance(3) : GATE_NO_RESULT;
        visits[i] = (struct gate_visit){end_s - HOUR / 4, end_s, completed, result};
    }
    enum gate_stage stage = chance(2) ? GATE_DONE : GATE_PLANNED;
    int64_t start_s = around_s + (chance(SPAN_HOURS) - SPAN_HOURS / 2) * HOUR;
    struct gate_verdict verdict = gate_judge(tz, &rule, &facts, start_s, stage);
    bool met = slow_is_met(tz, &rule, &facts, start_s, stage);
    assert_int_equal(verdict.why == GATE_OK, met);
    if (met)
        return;
    struct opt_int earliest = {0};
    for (int64_t s = start_s + HOUR; s <= around_s + 2 * SPAN_HOURS * HOUR && !earliest.set;
         s += HOUR)
        if (slow_is_met(tz, &rule, &facts, s, stage))
            earliest = some_int(s);
    assert_int_equal(verdict.earliest_s.set, earliest.set);
    if (earliest.set)
        assert_int_equal(verdict.earliest_s.value, earliest.value);
    /* Only who has planned too early, or has not marked it, is met in plan and not in deed. */
    if (stage == GATE_DONE && slow_is_met(tz, &rule, &facts, start_s, GATE_PLANNED))
        assert_int_equal(verdict.why, GATE_NOT_DONE);
}

static void the_judge_says_what_a_slow_reference_says(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *around;
    } places[] = {
        {"Europe/Paris", "2026-10-25T00:00"},      {"Europe/Paris", "2026-03-29T00:00"},
        {"America/Havana", "2026-03-08T05:00"},    {"Australia/Lord_Howe", "2026-04-04T15:00"},
        {"Pacific/Apia", "2011-12-30T10:00"},      {"Asia/Kolkata", "2026-06-01T00:00"},
        {"America/Sao_Paulo", "2018-02-18T02:00"},
    };
    state_of_chance = 20261126;
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        for (int i = 0; i < 4000; i++)
            check_one(zone(places[p].zone), at(places[p].around));
}

/* ---- circles ---- */

static void services_that_ask_for_each_other_are_found(void **state)
{
    static const struct gate_edge line[] = {{1, 2}, {2, 3}, {4, 1}};
    assert_false(gate_circle(*state, line, 3, 1));
    static const struct gate_edge round[] = {{1, 2}, {3, 1}, {2, 3}};
    for (int64_t id = 1; id <= 3; id++)
        assert_true(gate_circle(*state, round, 3, id));
    /* One that this service only leads to is not its own. */
    static const struct gate_edge tail[] = {{1, 2}, {2, 3}, {3, 2}};
    assert_false(gate_circle(*state, tail, 3, 1));
    assert_false(gate_circle(*state, NULL, 0, 1));
}

static void circles_are_those_that_a_table_of_all_ways_shows(void **state)
{
    enum { NODES = 7, EDGES = 9 };
    state_of_chance = 7;
    for (int round = 0; round < 3000; round++) {
        struct gate_edge edges[EDGES];
        bool way[NODES][NODES] = {{false}};
        size_t count = (size_t)chance(EDGES + 1);
        for (size_t i = 0; i < count; i++) {
            edges[i] = (struct gate_edge){chance(NODES), chance(NODES)};
            way[edges[i].from_id][edges[i].to_id] = true;
        }
        for (int via = 0; via < NODES; via++)
            for (int from = 0; from < NODES; from++)
                for (int to = 0; to < NODES; to++)
                    way[from][to] = way[from][to] || (way[from][via] && way[via][to]);
        for (int id = 0; id < NODES; id++)
            assert_int_equal(gate_circle(*state, edges, count, id), way[id][id]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_ends_its_lead_before_the_visit),
        cmocka_unit_test(a_lead_is_elapsed_time_also_across_a_change_of_the_clocks),
        cmocka_unit_test(days_are_the_calendars_of_the_business),
        cmocka_unit_test(what_is_booked_counts_until_the_visit_is_to_take_place),
        cmocka_unit_test(a_failure_blocks_until_a_later_test_is_said_to_have_passed),
        cmocka_unit_test(a_form_counts_however_late_and_for_its_days),
        cmocka_unit_test(the_judge_says_what_a_slow_reference_says),
        with_arena(services_that_ask_for_each_other_are_found),
        with_arena(circles_are_those_that_a_table_of_all_ways_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
