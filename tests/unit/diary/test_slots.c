/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which starts are offered, and why the others are not. */
#include "calendar.h"

#include <time.h>

/* Ann works 09:00–17:00 UTC on Monday 1 June 2026, the business is open as long, and nobody is
 * held. */
struct scene {
    struct arena *a;
    struct span day;
    struct person ann;
    struct slot_rules rules;
    struct visit_service service;
    struct visit_shape shape;
};

static const int64_t ANN = 11, BEN = 22;

static void set(struct scene *s, void **state)
{
    *s = (struct scene){.a = *state, .service = {.duration_min = 60}};
    s->day = between("2026-06-01T09:00", "2026-06-01T17:00");
    s->ann = (struct person){.id = ANN, .open = {1, &s->day}};
    s->rules = (struct slot_rules){
        .tz = zone("UTC"),
        .step_min = 30,
        .now_s = INT64_MIN,
        .earliest_s = INT64_MIN,
        .last_date = INT64_MAX,
        .business_open = {1, &s->day},
        .person_count = 1,
        .persons = &s->ann,
    };
    visit_shape_of(&s->service, 1, &s->shape);
}

static struct slot_day ask(struct scene *s, const char *date, bool explain)
{
    struct slot_day day;
    visit_shape_of(&s->service, 1, &s->shape);
    slots_days(s->a, &s->rules, &s->shape, on(date), on(date), explain, &day);
    return day;
}

static enum slot_reason judge(struct scene *s, const char *start, unsigned what)
{
    struct slot slot;
    visit_shape_of(&s->service, 1, &s->shape);
    return slot_judge(s->a, &s->rules, &s->shape, at(start), what, &slot);
}

/* ---- fitting ---- */

static void starts_stand_on_the_grid_as_long_as_the_visit_fits(void **state)
{
    struct scene s;
    set(&s, state);
    struct slot_day day = ask(&s, "2026-06-01", false);
    assert_int_equal(day.reason, SLOT_OK);
    assert_int_equal(day.count, 15);
    for (size_t i = 0; i < day.count; i++) {
        assert_int_equal(day.slots[i].start_s, at("2026-06-01T09:00") + (int64_t)i * 1800);
        assert_int_equal(day.slots[i].staff_count, 1);
        assert_int_equal(day.slots[i].staff_ids[0], ANN);
    }
}

static void buffers_lie_within_the_hours(void **state)
{
    struct scene s;
    set(&s, state);
    s.service =
        (struct visit_service){.duration_min = 45, .buffer_before_min = 5, .buffer_after_min = 10};
    s.day = between("2026-06-01T09:00", "2026-06-01T10:00");
    s.rules.step_min = 5;
    struct slot_day day = ask(&s, "2026-06-01", false);
    assert_int_equal(day.count, 1);
    assert_int_equal(day.slots[0].start_s, at("2026-06-01T09:05"));
}

static void a_visit_may_touch_other_holds_but_not_overlap_them(void **state)
{
    struct scene s;
    set(&s, state);
    s.ann.busy = spans_of(between("2026-06-01T09:30", "2026-06-01T10:00"),
                          between("2026-06-01T11:00", "2026-06-01T17:00"));
    struct slot_day day = ask(&s, "2026-06-01", false);
    assert_int_equal(day.count, 1);
    assert_int_equal(day.slots[0].start_s, at("2026-06-01T10:00"));
}

static void processing_time_is_free_for_others_both_ways(void **state)
{
    struct scene s;
    set(&s, state);
    /* A colour at 09:00 holds Ann 09:00–09:30 and 10:30–11:00; a cut of an hour fits between. */
    s.ann.busy = spans_of(between("2026-06-01T09:00", "2026-06-01T09:30"),
                          between("2026-06-01T10:30", "2026-06-01T17:00"));
    assert_int_equal(judge(&s, "2026-06-01T09:30", JUDGE_ALL), SLOT_OK);
    /* And a colour fits round a cut. */
    s.ann.busy = spans_of(between("2026-06-01T09:30", "2026-06-01T10:30"));
    s.service = (struct visit_service){
        .duration_min = 120,
        .segment_count = 3,
        .segments = {{false, 30}, {true, 60}, {false, 30}},
    };
    assert_int_equal(judge(&s, "2026-06-01T09:00", JUDGE_ALL), SLOT_OK);
    assert_int_equal(judge(&s, "2026-06-01T09:30", JUDGE_ALL), SLOT_STAFF_BUSY);
    s.ann.busy = spans_of(between("2026-06-01T09:29", "2026-06-01T10:30"));
    assert_int_equal(judge(&s, "2026-06-01T09:00", JUDGE_ALL), SLOT_STAFF_BUSY);
}

static void processing_lies_within_the_hours_although_the_person_is_free(void **state)
{
    struct scene s;
    set(&s, state);
    s.service = (struct visit_service){
        .duration_min = 60, .segment_count = 2, .segments = {{false, 30}, {true, 30}}};
    assert_int_equal(judge(&s, "2026-06-01T16:00", JUDGE_ALL), SLOT_OK);
    assert_int_equal(judge(&s, "2026-06-01T16:30", JUDGE_ALL), SLOT_CLOSED);
    struct span longer = between("2026-06-01T09:00", "2026-06-01T20:00");
    s.rules.business_open = (struct spans){1, &longer};
    assert_int_equal(judge(&s, "2026-06-01T16:30", JUDGE_ALL), SLOT_STAFF_OFF);
}

static void a_visit_may_cross_midnight_where_the_hours_do(void **state)
{
    struct scene s;
    set(&s, state);
    s.day = between("2026-06-01T20:00", "2026-06-02T02:00");
    struct slot_day days[2];
    slots_days(s.a, &s.rules, &s.shape, on("2026-06-01"), on("2026-06-02"), false, days);
    assert_int_equal(days[0].count, 8);
    assert_int_equal(days[0].slots[7].start_s, at("2026-06-01T23:30"));
    assert_int_equal(days[1].count, 3);
    assert_int_equal(days[1].slots[2].start_s, at("2026-06-02T01:00"));
}

static void everyone_who_could_take_it_is_named_in_order(void **state)
{
    struct scene s;
    set(&s, state);
    struct span until_noon = between("2026-06-01T09:00", "2026-06-01T12:00");
    struct span hold = between("2026-06-01T09:00", "2026-06-01T10:00");
    const struct person persons[] = {
        s.ann,
        {.id = BEN, .open = {1, &until_noon}, .busy = {1, &hold}},
    };
    s.rules.persons = persons;
    s.rules.person_count = 2;
    struct slot_day day = ask(&s, "2026-06-01", false);
    assert_int_equal(day.count, 15);
    for (size_t i = 0; i < day.count; i++) {
        int64_t start = day.slots[i].start_s;
        bool ben = start >= at("2026-06-01T10:00") && start <= at("2026-06-01T11:00");
        assert_int_equal(day.slots[i].staff_count, ben ? 2 : 1);
        assert_int_equal(day.slots[i].staff_ids[0], ANN);
        assert_true(!ben || day.slots[i].staff_ids[1] == BEN);
    }
}

/* ---- days of other lengths ---- */

static size_t count_round_the_clock(struct scene *s, const char *zone_name, const char *date)
{
    struct weekly_span weekly[7];
    for (int day = 0; day < 7; day++)
        weekly[day] = (struct weekly_span){day + 1, 0, 1440};
    s->rules.tz = zone(zone_name);
    s->rules.business_open =
        hours_open(s->a, s->rules.tz, on(date) - 1, on(date) + 2, weekly, 7, NULL, 0);
    s->ann.open = s->rules.business_open;
    return ask(s, date, false).count;
}

static void a_day_has_as_many_slots_as_half_hours_whatever_its_length(void **state)
{
    static const struct {
        const char *zone, *date;
        size_t count;
    } cases[] = {
        {"Europe/Berlin", "2024-06-01", 48},       {"Europe/Berlin", "2024-03-31", 46},
        {"Europe/Berlin", "2024-10-27", 50},       {"Australia/Lord_Howe", "2024-10-06", 47},
        {"Australia/Lord_Howe", "2024-04-07", 49}, {"America/Havana", "2024-03-10", 46},
        {"America/Havana", "2024-11-03", 50},      {"Antarctica/Troll", "2024-03-31", 44},
        {"America/Nuuk", "2024-10-26", 50},        {"Pacific/Apia", "2011-12-30", 0},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        struct scene s;
        set(&s, state);
        assert_int_equal(count_round_the_clock(&s, cases[i].zone, cases[i].date), cases[i].count);
    }
}

static void a_date_that_the_zone_skips_is_closed(void **state)
{
    struct scene s;
    set(&s, state);
    s.rules.tz = zone("Pacific/Apia");
    struct slot_day day = ask(&s, "2011-12-30", true);
    assert_int_equal(day.count, 0);
    assert_int_equal(day.reason, SLOT_CLOSED);
}

static void the_grid_counts_elapsed_time_from_the_days_first_instant(void **state)
{
    struct scene s;
    set(&s, state);
    /* That day begins at 01:00 in Havana, 05:00 UTC; 45 minutes later is on the grid. */
    s.rules.tz = zone("America/Havana");
    s.rules.step_min = 45;
    s.day = between("2024-03-10T05:00", "2024-03-10T12:00");
    assert_int_equal(judge(&s, "2024-03-10T05:45", JUDGE_ALL), SLOT_OK);
    assert_int_equal(judge(&s, "2024-03-10T06:00", JUDGE_ALL), SLOT_OFF_GRID);
    assert_int_equal(judge(&s, "2024-03-10T06:00", JUDGE_ALL & ~JUDGE_GRID), SLOT_OK);
}

/* ---- reasons ---- */

static void the_first_gate_that_a_start_does_not_pass_is_its_reason(void **state)
{
    static const int64_t room[] = {7};
    struct scene s;
    set(&s, state);
    struct span noon = between("2026-06-01T12:00", "2026-06-01T13:00");
    struct thing taken = {7, {1, &s.day}};
    s.rules.step_min = 60;
    s.rules.person_count = 0;
    s.ann.open = (struct spans){0};
    s.rules.earliest_s = at("2026-06-01T15:00");
    s.rules.last_date = on("2026-05-31");
    s.rules.out_of_stock = true;
    s.ann.busy = (struct spans){1, &noon};
    s.service.need_count = 1;
    s.service.needs[0] = (struct need){1, room};
    s.rules.things = &taken;
    s.rules.thing_count = 1;

    assert_int_equal(judge(&s, "2026-06-01T12:30", JUDGE_ALL), SLOT_OFF_GRID);
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_NO_STAFF);
    s.rules.person_count = 1;
    assert_int_equal(judge(&s, "2026-06-01T08:00", JUDGE_ALL), SLOT_CLOSED);
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_STAFF_OFF);
    s.ann.open = (struct spans){1, &s.day};
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_TOO_SOON);
    s.rules.earliest_s = INT64_MIN;
    s.rules.now_s = at("2026-06-01T12:01");
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_TOO_SOON);
    s.rules.now_s = at("2026-06-01T12:00");
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_TOO_FAR);
    s.rules.last_date = on("2026-06-01");
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_OUT_OF_STOCK);
    s.rules.out_of_stock = false;
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_STAFF_BUSY);
    s.ann.busy = (struct spans){0};
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_RESOURCE_BUSY);
    taken.busy = (struct spans){0};
    assert_int_equal(judge(&s, "2026-06-01T12:00", JUDGE_ALL), SLOT_OK);
}

static void rules_that_are_not_judged_do_not_count_but_holds_always_do(void **state)
{
    struct scene s;
    set(&s, state);
    s.rules.now_s = at("2026-06-02T00:00");
    s.rules.last_date = on("2026-05-01");
    s.rules.out_of_stock = true;
    s.ann.busy = spans_of(between("2026-06-01T03:00", "2026-06-01T04:00"));
    assert_int_equal(judge(&s, "2026-06-01T04:07", 0), SLOT_OK);
    assert_int_equal(judge(&s, "2026-06-01T03:59", 0), SLOT_STAFF_BUSY);
    assert_int_equal(judge(&s, "2026-06-01T04:07", JUDGE_HOURS), SLOT_CLOSED);
    assert_int_equal(judge(&s, "2026-06-01T04:07", JUDGE_GRID), SLOT_OFF_GRID);
    assert_int_equal(judge(&s, "2026-06-01T04:07", JUDGE_POLICY), SLOT_TOO_SOON);
    assert_int_equal(judge(&s, "2026-06-01T04:07", JUDGE_STOCK), SLOT_OUT_OF_STOCK);
}

static void a_refused_start_names_nobody(void **state)
{
    struct scene s;
    struct slot slot;
    set(&s, state);
    s.ann.busy = (struct spans){1, &s.day};
    memset(&slot, 0xAA, sizeof slot);
    int64_t start = at("2026-06-01T09:00");
    enum slot_reason reason = slot_judge(s.a, &s.rules, &s.shape, start, JUDGE_ALL, &slot);
    assert_int_equal(reason, SLOT_STAFF_BUSY);
    assert_int_equal(slot.reason, SLOT_STAFF_BUSY);
    assert_int_equal(slot.start_s, start);
    assert_int_equal(slot.staff_count, 0);
    assert_null(slot.staff_ids);
}

static void an_empty_day_says_why(void **state)
{
    struct scene s;
    set(&s, state);
    assert_int_equal(ask(&s, "2026-06-02", false).reason, SLOT_CLOSED);
    s.service.duration_min = 9 * 60; /* longer than the day */
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_CLOSED);
    s.service.duration_min = 60;
    s.rules.person_count = 0;
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_CLOSED);
    s.rules.person_count = 1;
    s.ann.open = (struct spans){0}; /* on leave */
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_CLOSED);
    s.ann.open = (struct spans){1, &s.day};
    s.rules.earliest_s = at("2026-06-01T16:01"); /* after the last start, before closing time */
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_TOO_SOON);
    s.rules.earliest_s = at("2026-06-01T16:00");
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_OK);
    s.rules.out_of_stock = true;
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_OUT_OF_STOCK);
    s.rules.last_date = on("2026-05-31");
    s.rules.earliest_s = INT64_MIN;
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_TOO_FAR);
    s.rules.last_date = INT64_MAX;
    s.rules.out_of_stock = false;
    s.ann.busy = (struct spans){1, &s.day};
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_STAFF_BUSY);
    s.rules.earliest_s = at("2026-06-01T12:00"); /* the rest of the day is full */
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_STAFF_BUSY);
}

static void a_day_short_of_rooms_is_full(void **state)
{
    static const int64_t room[] = {7};
    struct scene s;
    set(&s, state);
    struct thing taken = {7, {1, &s.day}};
    s.service.need_count = 1;
    s.service.needs[0] = (struct need){1, room};
    s.rules.things = &taken;
    s.rules.thing_count = 1;
    assert_int_equal(ask(&s, "2026-06-01", false).reason, SLOT_STAFF_BUSY);
}

static void an_explained_day_has_every_grid_start_with_its_reason(void **state)
{
    struct scene s;
    set(&s, state);
    s.rules.earliest_s = at("2026-06-01T10:00");
    s.ann.busy = spans_of(between("2026-06-01T11:00", "2026-06-01T16:00"));
    struct slot_day day = ask(&s, "2026-06-01", true);
    assert_int_equal(day.count, 48);
    assert_int_equal(day.reason, SLOT_OK);
    for (size_t i = 0; i < day.count; i++) {
        const struct slot *slot = &day.slots[i];
        enum slot_reason expected = i < 18 || i > 32     ? SLOT_CLOSED
                                    : i < 20             ? SLOT_TOO_SOON
                                    : i == 20 || i == 32 ? SLOT_OK
                                                         : SLOT_STAFF_BUSY;
        assert_int_equal(slot->start_s, at("2026-06-01T00:00") + (int64_t)i * 1800);
        assert_int_equal(slot->reason, expected);
        assert_int_equal(slot->staff_count, expected == SLOT_OK ? 1 : 0);
    }
}

static void every_reason_has_its_code(void **state)
{
    (void)state;
    for (int r = 0; r < SLOT_REASON__MAX; r++) {
        assert_non_null(slot_reason_codes[r]);
        for (int other = 0; other < r; other++)
            assert_string_not_equal(slot_reason_codes[r], slot_reason_codes[other]);
    }
    assert_string_equal(slot_reason_codes[SLOT_RESOURCE_BUSY], "resource_busy");
}

/* ---- a large question ---- */

enum { PERSONS = 20, HOLDS_EACH = 100, DAYS = 62 };

/* 20 persons with 2,000 holds in 62 days, open twelve hours a day. */
static void set_large(struct scene *s, struct person persons[PERSONS])
{
    struct weekly_span weekly[7];
    for (int day = 0; day < 7; day++)
        weekly[day] = (struct weekly_span){day + 1, 8 * 60, 20 * 60};
    int64_t first = on("2026-06-01");
    s->rules.tz = zone("Europe/Berlin");
    s->rules.step_min = 5;
    s->rules.persons = persons;
    s->rules.person_count = PERSONS;
    for (size_t p = 0; p < PERSONS; p++) {
        struct span *holds = arena_new_array(s->a, HOLDS_EACH, struct span);
        for (int i = 0; i < HOLDS_EACH; i++) {
            holds[i].from_s =
                first * SECONDS_PER_DAY + (int64_t)i * DAYS * SECONDS_PER_DAY / HOLDS_EACH;
            holds[i].to_s = holds[i].from_s + 4 * 3600;
        }
        persons[p] = (struct person){
            .id = (int64_t)p + 1,
            .open = hours_open(s->a, s->rules.tz, first - 1, first + DAYS, weekly, 7, NULL, 0),
            .busy = {HOLDS_EACH, holds},
        };
    }
    s->rules.business_open = persons[0].open;
}

static void two_months_of_twenty_persons_are_answered_whole(void **state)
{
    struct scene s;
    struct person persons[PERSONS];
    struct slot_day days[DAYS];
    struct timespec before, after;
    set(&s, state);
    clock_gettime(CLOCK_MONOTONIC, &before);
    set_large(&s, persons);
    slots_days(s.a, &s.rules, &s.shape, on("2026-06-01"), on("2026-06-01") + DAYS - 1, false, days);
    clock_gettime(CLOCK_MONOTONIC, &after);
    size_t offered = 0;
    for (size_t d = 0; d < DAYS; d++)
        offered += days[d].count;
    assert_true(offered > 4000);
    if (getenv("CAREOPS_BENCH"))
        print_message("62 days, 20 persons, 2,000 holds, step 5: %zu slots in %.2f ms\n", offered,
                      (double)(after.tv_sec - before.tv_sec) * 1e3 +
                          (double)(after.tv_nsec - before.tv_nsec) / 1e6);
}

static void a_start_judged_alone_gets_the_answer_that_its_day_gave(void **state)
{
    struct scene s;
    struct person persons[PERSONS];
    struct slot_day days[DAYS];
    set(&s, state);
    set_large(&s, persons);
    s.rules.step_min = 20;
    s.rules.earliest_s = at("2026-06-03T12:34");
    s.rules.last_date = on("2026-07-20");
    slots_days(s.a, &s.rules, &s.shape, on("2026-06-01"), on("2026-06-01") + DAYS - 1, true, days);
    size_t seen[SLOT_REASON__MAX] = {0};
    for (size_t d = 0; d < DAYS; d++) {
        assert_int_equal(days[d].count, 72);
        for (size_t i = 0; i < days[d].count; i++) {
            const struct slot *in_day = &days[d].slots[i];
            struct slot alone;
            enum slot_reason reason =
                slot_judge(s.a, &s.rules, &s.shape, in_day->start_s, JUDGE_ALL, &alone);
            assert_int_equal(reason, in_day->reason);
            assert_int_equal(alone.staff_count, in_day->staff_count);
            for (size_t k = 0; k < alone.staff_count; k++)
                assert_int_equal(alone.staff_ids[k], in_day->staff_ids[k]);
            seen[reason]++;
        }
    }
    assert_true(seen[SLOT_OK] && seen[SLOT_CLOSED] && seen[SLOT_TOO_SOON] && seen[SLOT_TOO_FAR] &&
                seen[SLOT_STAFF_BUSY]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(starts_stand_on_the_grid_as_long_as_the_visit_fits),
        with_arena(buffers_lie_within_the_hours),
        with_arena(a_visit_may_touch_other_holds_but_not_overlap_them),
        with_arena(processing_time_is_free_for_others_both_ways),
        with_arena(processing_lies_within_the_hours_although_the_person_is_free),
        with_arena(a_visit_may_cross_midnight_where_the_hours_do),
        with_arena(everyone_who_could_take_it_is_named_in_order),
        with_arena(a_day_has_as_many_slots_as_half_hours_whatever_its_length),
        with_arena(a_date_that_the_zone_skips_is_closed),
        with_arena(the_grid_counts_elapsed_time_from_the_days_first_instant),
        with_arena(the_first_gate_that_a_start_does_not_pass_is_its_reason),
        with_arena(rules_that_are_not_judged_do_not_count_but_holds_always_do),
        with_arena(a_refused_start_names_nobody),
        with_arena(an_empty_day_says_why),
        with_arena(a_day_short_of_rooms_is_full),
        with_arena(an_explained_day_has_every_grid_start_with_its_reason),
        with_arena(every_reason_has_its_code),
        with_arena(two_months_of_twenty_persons_are_answered_whole),
        with_arena(a_start_judged_alone_gets_the_answer_that_its_day_gave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
