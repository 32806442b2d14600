/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a visit holds, and when. */
#include "calendar.h"

static void assert_work(const struct visit_shape *v, const int64_t (*minutes)[2], size_t count)
{
    assert_int_equal(v->work_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(v->work[i].from_s, minutes[i][0] * 60);
        assert_int_equal(v->work[i].to_s, minutes[i][1] * 60);
    }
}

static void a_service_of_45_minutes_with_buffers_of_5_and_10_occupies_60(void **state)
{
    (void)state;
    const struct visit_service cut = {
        .duration_min = 45, .buffer_before_min = 5, .buffer_after_min = 10};
    struct visit_shape v;
    visit_shape_of(&cut, 1, &v);
    assert_int_equal(v.length_s, 45 * 60);
    assert_int_equal(v.outer_from_off_s, -5 * 60);
    assert_int_equal(v.outer_to_off_s, 55 * 60);
    assert_work(&v, (const int64_t[][2]){{-5, 55}}, 1);
}

static void the_person_is_free_while_processing(void **state)
{
    (void)state;
    const struct visit_service colour = {
        .duration_min = 90,
        .buffer_before_min = 5,
        .buffer_after_min = 10,
        .segment_count = 4,
        .segments = {{false, 20}, {false, 10}, {true, 40}, {false, 20}},
    };
    struct visit_shape v;
    visit_shape_of(&colour, 1, &v);
    assert_work(&v, (const int64_t[][2]){{-5, 30}, {70, 100}}, 2);
    assert_int_equal(v.outer_to_off_s, 100 * 60);
}

static void a_buffer_beside_processing_holds_the_person_by_itself(void **state)
{
    (void)state;
    const struct visit_service soak = {
        .duration_min = 30,
        .buffer_before_min = 5,
        .buffer_after_min = 10,
        .segment_count = 1,
        .segments = {{true, 30}},
    };
    struct visit_shape v;
    visit_shape_of(&soak, 1, &v);
    assert_work(&v, (const int64_t[][2]){{-5, 0}, {30, 40}}, 2);
}

static void services_in_a_row_keep_only_the_outer_buffers(void **state)
{
    (void)state;
    const struct visit_service services[] = {
        {.duration_min = 30, .buffer_before_min = 5, .buffer_after_min = 50},
        {.duration_min = 20, .buffer_before_min = 50, .buffer_after_min = 50},
        {.duration_min = 40,
         .buffer_before_min = 50,
         .buffer_after_min = 15,
         .segment_count = 2,
         .segments = {{true, 25}, {false, 15}}},
    };
    struct visit_shape v;
    visit_shape_of(services, 3, &v);
    assert_int_equal(v.length_s, 90 * 60);
    assert_work(&v, (const int64_t[][2]){{-5, 50}, {75, 105}}, 2);
}

static void assert_segments(const struct visit_service *s, const int *minutes)
{
    int sum = 0;
    for (size_t i = 0; i < s->segment_count; i++) {
        assert_int_equal(s->segments[i].minutes, minutes[i]);
        sum += minutes[i];
    }
    assert_int_equal(sum, s->duration_min);
}

static void in_another_time_the_last_work_takes_the_difference(void **state)
{
    (void)state;
    const struct visit_service colour = {
        .duration_min = 135,
        .segment_count = 5,
        .segments = {{false, 45}, {true, 40}, {false, 15}, {false, 20}, {true, 15}},
    };
    struct visit_service s = colour;
    assert_true(visit_service_resize(&s, 160));
    assert_segments(&s, (const int[]){45, 40, 15, 45, 15});
    s = colour;
    assert_true(visit_service_resize(&s, 120));
    assert_segments(&s, (const int[]){45, 40, 15, 5, 15});
    assert_true(visit_service_resize(&s, 105));
    assert_segments(&s, (const int[]){45, 40, 4, 1, 15});
    assert_true(visit_service_resize(&s, 135));
    assert_segments(&s, (const int[]){45, 40, 4, 31, 15});
}

static void in_its_own_time_nothing_changes_and_too_little_is_refused(void **state)
{
    (void)state;
    struct visit_service s = {
        .duration_min = 60,
        .segment_count = 4,
        .segments = {{false, 7}, {false, 13}, {true, 30}, {false, 10}},
    };
    assert_true(visit_service_resize(&s, 60));
    assert_segments(&s, (const int[]){7, 13, 30, 10});
    assert_false(visit_service_resize(&s, 54));
    assert_segments(&s, (const int[]){7, 13, 30, 10});
    assert_true(visit_service_resize(&s, 55));
    struct visit_service plain = {.duration_min = 30};
    assert_true(visit_service_resize(&plain, 45));
    assert_int_equal(plain.duration_min, 45);
    assert_false(visit_service_resize(&plain, 4));
}

static void a_room_is_needed_for_its_service_and_the_outer_buffers(void **state)
{
    (void)state;
    static const int64_t rooms[] = {1}, lasers[] = {2, 3};
    const struct visit_service services[] = {
        {.duration_min = 30, .buffer_before_min = 5, .need_count = 1, .needs = {{1, rooms}}},
        {.duration_min = 20},
        {.duration_min = 40,
         .buffer_after_min = 15,
         .need_count = 2,
         .needs = {{1, rooms}, {2, lasers}}},
    };
    static const int64_t minutes[][2] = {{-5, 30}, {50, 105}, {50, 105}};
    struct visit_shape v;
    visit_shape_of(services, 3, &v);
    assert_int_equal(v.need_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(v.needs[i].from_off_s, minutes[i][0] * 60);
        assert_int_equal(v.needs[i].to_off_s, minutes[i][1] * 60);
    }
    assert_ptr_equal(v.needs[2].need.any_of, lasers);
}

static void the_largest_visit_fits(void **state)
{
    (void)state;
    static const int64_t room[] = {1};
    struct visit_service services[VISIT_SERVICES_MAX];
    for (size_t i = 0; i < VISIT_SERVICES_MAX; i++) {
        services[i] = (struct visit_service){
            .duration_min = 2 * SERVICE_SEGMENTS_MAX,
            .buffer_before_min = 5,
            .buffer_after_min = 5,
            .segment_count = SERVICE_SEGMENTS_MAX,
            .need_count = SERVICE_NEEDS_MAX,
        };
        for (size_t k = 0; k < SERVICE_SEGMENTS_MAX; k++)
            services[i].segments[k] = (struct segment){k % 2 == 0, 2};
        for (size_t k = 0; k < SERVICE_NEEDS_MAX; k++)
            services[i].needs[k] = (struct need){1, room};
    }
    struct visit_shape v;
    visit_shape_of(services, VISIT_SERVICES_MAX, &v);
    assert_int_equal(v.need_count, VISIT_NEEDS_MAX);
    assert_int_equal(v.work_count, VISIT_SERVICES_MAX * SERVICE_SEGMENTS_MAX / 2 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_of_45_minutes_with_buffers_of_5_and_10_occupies_60),
        cmocka_unit_test(the_person_is_free_while_processing),
        cmocka_unit_test(a_buffer_beside_processing_holds_the_person_by_itself),
        cmocka_unit_test(services_in_a_row_keep_only_the_outer_buffers),
        cmocka_unit_test(in_another_time_the_last_work_takes_the_difference),
        cmocka_unit_test(in_its_own_time_nothing_changes_and_too_little_is_refused),
        cmocka_unit_test(a_room_is_needed_for_its_service_and_the_outer_buffers),
        cmocka_unit_test(the_largest_visit_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
