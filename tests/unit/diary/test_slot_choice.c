/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who of several takes a visit, and which rooms and devices. */
#include "calendar.h"

/* ---- persons ---- */

enum { PERSONS = 3 };

/* Three persons with the same hours, whose holds a test sets; a visit of an hour. */
struct team {
    struct span day;
    struct person persons[PERSONS];
    struct slot_rules rules;
    struct visit_shape shape;
};

static void set(struct team *t)
{
    const struct visit_service hour = {.duration_min = 60};
    *t = (struct team){.day = between("2026-06-01T09:00", "2026-06-01T17:00")};
    for (size_t i = 0; i < PERSONS; i++)
        t->persons[i] = (struct person){.id = (int64_t)(i + 1) * 10, .open = {1, &t->day}};
    t->rules = (struct slot_rules){
        .tz = zone("UTC"),
        .step_min = 5,
        .now_s = INT64_MIN,
        .earliest_s = INT64_MIN,
        .last_date = INT64_MAX,
        .business_open = {1, &t->day},
        .person_count = PERSONS,
        .persons = t->persons,
    };
    visit_shape_of(&hour, 1, &t->shape);
}

static int64_t choose(struct team *t, struct arena *a, const char *start)
{
    struct slot slot;
    enum slot_reason reason = slot_judge(a, &t->rules, &t->shape, at(start), JUDGE_GRID, &slot);
    assert_int_equal(reason, SLOT_OK);
    return slot_choose(&t->rules, &t->shape, &slot);
}

static void among_equals_the_one_with_least_work_and_then_the_lowest_id_is_chosen(void **state)
{
    struct team t;
    set(&t);
    assert_int_equal(choose(&t, *state, "2026-06-01T11:00"), 10);
    t.persons[0].booked_s = 3601;
    t.persons[1].booked_s = 3600;
    t.persons[2].booked_s = 3600;
    assert_int_equal(choose(&t, *state, "2026-06-01T11:00"), 20);
}

static void who_would_keep_an_unusable_gap_is_not_chosen(void **state)
{
    struct team t;
    set(&t);
    /* A visit at 10:00 leaves 20 minutes behind the first's last visit, none behind the third's. */
    t.persons[0].busy = spans_of(between("2026-06-01T09:00", "2026-06-01T09:40"));
    t.persons[1].busy = spans_of(between("2026-06-01T11:25", "2026-06-01T12:00"));
    t.persons[2].busy = spans_of(between("2026-06-01T09:00", "2026-06-01T10:00"));
    t.persons[2].booked_s = 100000;
    assert_int_equal(choose(&t, *state, "2026-06-01T10:00"), 30);
}

static void the_edges_of_the_working_day_make_gaps_too(void **state)
{
    struct team t;
    set(&t);
    struct span early = between("2026-06-01T09:40", "2026-06-01T17:00");
    t.persons[0].open = (struct spans){1, &early};
    assert_int_equal(choose(&t, *state, "2026-06-01T10:00"), 20);
    assert_int_equal(choose(&t, *state, "2026-06-01T15:40"), 10);
    struct span shorter = between("2026-06-01T09:00", "2026-06-01T16:40");
    t.persons[0].open = (struct spans){1, &shorter};
    assert_int_equal(choose(&t, *state, "2026-06-01T15:20"), 20);
}

static void a_difference_of_minutes_does_not_overrule_fairness(void **state)
{
    struct team t;
    set(&t);
    t.persons[0].busy = spans_of(between("2026-06-01T09:00", "2026-06-01T09:55"));
    t.persons[1].booked_s = 1;
    t.persons[2].booked_s = 2;
    assert_int_equal(choose(&t, *state, "2026-06-01T10:00"), 10);
}

static void holds_within_the_visits_own_processing_are_no_neighbours(void **state)
{
    struct team t;
    set(&t);
    const struct visit_service colour = {
        .duration_min = 120,
        .segment_count = 3,
        .segments = {{false, 30}, {true, 60}, {false, 30}},
    };
    visit_shape_of(&colour, 1, &t.shape);
    t.persons[0].busy = spans_of(between("2026-06-01T10:45", "2026-06-01T11:15"));
    t.persons[1].booked_s = 1;
    t.persons[2].booked_s = 1;
    assert_int_equal(choose(&t, *state, "2026-06-01T10:00"), 10);
}

static void a_visit_outside_all_hours_still_finds_the_least_booked(void **state)
{
    struct team t;
    set(&t);
    t.persons[0].booked_s = 60;
    assert_int_equal(choose(&t, *state, "2026-06-01T03:00"), 20);
    t.persons[1].busy = spans_of(between("2026-06-01T04:15", "2026-06-01T05:00"));
    assert_int_equal(choose(&t, *state, "2026-06-01T03:00"), 30);
}

enum { SIM_DAYS = 100, SIM_ASKED = 12, SIM_HOLDS = SIM_DAYS * SIM_ASKED };

/* Books `start` for the person, keeping holds sorted. */
static void book(struct person *p, struct span *holds, int64_t start_s, int64_t length_s)
{
    size_t i = p->busy.count;
    for (; i > 0 && holds[i - 1].from_s > start_s; i--)
        holds[i] = holds[i - 1];
    holds[i] = (struct span){start_s, start_s + length_s};
    p->busy = (struct spans){p->busy.count + 1, holds};
    p->booked_s += length_s;
}

static void over_a_hundred_days_the_work_is_spread_fairly(void **state)
{
    struct team t;
    set(&t);
    struct arena *a = *state;
    struct numbers n = {31};
    struct span(*holds)[SIM_HOLDS] = arena_array(a, PERSONS, sizeof *holds);
    struct span *open = arena_new_array(a, SIM_DAYS, struct span);
    for (int d = 0; d < SIM_DAYS; d++)
        open[d] =
            (struct span){t.day.from_s + d * SECONDS_PER_DAY, t.day.to_s + d * SECONDS_PER_DAY};
    t.rules.business_open = (struct spans){SIM_DAYS, open};
    for (size_t p = 0; p < PERSONS; p++)
        t.persons[p].open = t.rules.business_open;
    size_t booked = 0;
    for (int d = 0; d < SIM_DAYS; d++) {
        for (int asked = 0; asked < SIM_ASKED; asked++) {
            struct slot slot;
            const struct visit_service s = {.duration_min = (int)numbers_between(&n, 1, 6) * 15};
            visit_shape_of(&s, 1, &t.shape);
            int64_t start = open[d].from_s + numbers_between(&n, 0, 95) * 300;
            if (slot_judge(a, &t.rules, &t.shape, start, JUDGE_ALL, &slot) != SLOT_OK)
                continue;
            size_t p = (size_t)slot_choose(&t.rules, &t.shape, &slot) / 10 - 1;
            book(&t.persons[p], holds[p], start, t.shape.length_s);
            booked++;
        }
    }
    assert_true(booked > 700);
    int64_t least = INT64_MAX, most = 0, sum = 0;
    for (size_t p = 0; p < PERSONS; p++) {
        int64_t work = t.persons[p].booked_s;
        least = work < least ? work : least;
        most = work > most ? work : most;
        sum += work;
    }
    /* Fitting costs no one more than a fiftieth of a fair share. */
    assert_true(most - least < sum / PERSONS / 50);
}

/* ---- rooms and devices ---- */

static const int64_t ROOM_A = 1, ROOM_B = 2, ROOM_C = 3;

static bool assign(const struct thing *things, size_t count, const struct visit_service *services,
                   size_t service_count, int64_t *ret_ids)
{
    struct visit_shape shape;
    const struct slot_rules rules = {.things = things, .thing_count = count};
    visit_shape_of(services, service_count, &shape);
    return slot_assign_things(&rules, &shape, at("2026-06-01T10:00"), ret_ids);
}

static void the_first_free_choice_is_taken(void **state)
{
    (void)state;
    const int64_t choices[] = {ROOM_C, ROOM_A, ROOM_B};
    const struct visit_service s = {.duration_min = 60, .need_count = 1, .needs = {{3, choices}}};
    struct span hour = between("2026-06-01T10:59", "2026-06-01T12:00");
    struct thing things[] = {{ROOM_A, {0}}, {ROOM_B, {0}}, {ROOM_C, {0}}};
    int64_t id = 0;
    assert_true(assign(things, 3, &s, 1, &id) && id == ROOM_C);
    things[2].busy = (struct spans){1, &hour};
    assert_true(assign(things, 3, &s, 1, &id) && id == ROOM_A);
    things[0].busy = things[1].busy = (struct spans){1, &hour};
    id = 42;
    assert_false(assign(things, 3, &s, 1, &id));
    assert_int_equal(id, 42);
    hour.from_s += 60;
    assert_true(assign(things, 3, &s, 1, &id));
    hour = between("2026-06-01T09:00", "2026-06-01T10:01");
    assert_false(assign(things, 3, &s, 1, &id));
    hour.to_s -= 60;
    assert_true(assign(things, 3, &s, 1, &id) && id == ROOM_C);
}

static void a_room_that_is_not_there_is_never_free(void **state)
{
    (void)state;
    const int64_t choices[] = {ROOM_B};
    const struct visit_service s = {.duration_min = 60, .need_count = 1, .needs = {{1, choices}}};
    const struct thing things[] = {{ROOM_A, {0}}, {ROOM_C, {0}}};
    int64_t id;
    assert_false(assign(things, 2, &s, 1, &id));
    assert_false(assign(NULL, 0, &s, 1, &id));
}

static void a_need_gives_way_to_one_with_less_choice(void **state)
{
    (void)state;
    const int64_t ab[] = {ROOM_A, ROOM_B}, bc[] = {ROOM_B, ROOM_C}, a[] = {ROOM_A};
    const struct visit_service s = {
        .duration_min = 60, .need_count = 3, .needs = {{2, ab}, {2, bc}, {1, a}}};
    const struct thing things[] = {{ROOM_A, {0}}, {ROOM_B, {0}}, {ROOM_C, {0}}};
    int64_t ids[3] = {0};
    assert_true(assign(things, 3, &s, 1, ids));
    assert_int_equal(ids[0], ROOM_B);
    assert_int_equal(ids[1], ROOM_C);
    assert_int_equal(ids[2], ROOM_A);
    assert_false(assign(things, 2, &s, 1, ids));
}

static void services_in_a_row_may_use_the_same_room(void **state)
{
    (void)state;
    const int64_t a[] = {ROOM_A};
    const struct visit_service services[] = {
        {.duration_min = 30, .need_count = 1, .needs = {{1, a}}},
        {.duration_min = 30, .need_count = 1, .needs = {{1, a}}},
    };
    const struct thing things[] = {{ROOM_A, {0}}};
    int64_t ids[2] = {0};
    assert_true(assign(things, 1, services, 2, ids));
    assert_int_equal(ids[0], ROOM_A);
    assert_int_equal(ids[1], ROOM_A);
}

/* Whether needs n … can each have a thing of their own: every way is tried. */
static bool any_way(const struct need *needs, size_t n, size_t count, unsigned taken, unsigned free)
{
    if (n == count)
        return true;
    for (size_t c = 0; c < needs[n].count; c++) {
        unsigned bit = 1u << needs[n].any_of[c];
        if ((free & bit) && !(taken & bit) && any_way(needs, n + 1, count, taken | bit, free))
            return true;
    }
    return false;
}

static void an_assignment_is_found_whenever_there_is_one_and_is_sound(void **state)
{
    (void)state;
    enum { THINGS = 6 };
    struct numbers n = {37};
    const struct span whole = between("2026-06-01T00:00", "2026-06-02T00:00");
    size_t found = 0, missing = 0;
    for (int round = 0; round < 20000; round++) {
        struct thing things[THINGS];
        int64_t choices[SERVICE_NEEDS_MAX][3], ids[SERVICE_NEEDS_MAX];
        unsigned free = 0, used = 0;
        for (int64_t i = 0; i < THINGS; i++) {
            bool busy = numbers_between(&n, 0, 3) == 0;
            things[i] = (struct thing){i, busy ? (struct spans){1, &whole} : (struct spans){0}};
            free |= busy ? 0 : 1u << i;
        }
        struct visit_service s = {.duration_min = 30,
                                  .need_count = (size_t)numbers_between(&n, 1, SERVICE_NEEDS_MAX)};
        for (size_t i = 0; i < s.need_count; i++) {
            for (size_t c = 0; c < 3; c++)
                choices[i][c] = numbers_between(&n, 0, THINGS - 1);
            s.needs[i] = (struct need){(size_t)numbers_between(&n, 1, 3), choices[i]};
        }
        bool possible = any_way(s.needs, 0, s.need_count, 0, free);
        assert_int_equal(assign(things, THINGS, &s, 1, ids), possible);
        for (size_t i = 0; possible && i < s.need_count; i++) {
            assert_true(free & 1u << ids[i]);
            assert_false(used & 1u << ids[i]);
            used |= 1u << ids[i];
            bool chosen = false;
            for (size_t c = 0; c < s.needs[i].count; c++)
                chosen = chosen || choices[i][c] == ids[i];
            assert_true(chosen);
        }
        *(possible ? &found : &missing) += 1;
    }
    assert_true(found > 1000 && missing > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(among_equals_the_one_with_least_work_and_then_the_lowest_id_is_chosen),
        with_arena(who_would_keep_an_unusable_gap_is_not_chosen),
        with_arena(the_edges_of_the_working_day_make_gaps_too),
        with_arena(a_difference_of_minutes_does_not_overrule_fairness),
        with_arena(holds_within_the_visits_own_processing_are_no_neighbours),
        with_arena(a_visit_outside_all_hours_still_finds_the_least_booked),
        with_arena(over_a_hundred_days_the_work_is_spread_fairly),
        with_arena(the_first_free_choice_is_taken),
        with_arena(a_room_that_is_not_there_is_never_free),
        with_arena(a_need_gives_way_to_one_with_less_choice),
        with_arena(services_in_a_row_may_use_the_same_room),
        with_arena(an_assignment_is_found_whenever_there_is_one_and_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
