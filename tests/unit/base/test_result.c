/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/result.h"

#include <string.h>

static void the_first_reason_given_is_the_one_that_stays(void **state)
{
    (void)state;
    struct problem p = {0};
    assert_int_equal(problem_set(&p, CONFLICT, "slot_taken", "%d minutes", 45), CONFLICT);
    assert_int_equal(problem_set(&p, INTERNAL, "internal", "later"), INTERNAL);
    assert_string_equal(p.code, "slot_taken");
    assert_string_equal(p.detail, "45 minutes");
}

static void a_long_detail_is_cut(void **state)
{
    (void)state;
    struct problem p = {0};
    assert_int_equal(problem_set(&p, INVALID, "long", "%01000d", 1), INVALID);
    assert_int_equal(strlen(p.detail), PROBLEM_DETAIL_MAX - 1);
}

static void each_wrong_field_is_listed_up_to_the_limit(void **state)
{
    (void)state;
    struct problem p = {0};
    for (int i = 0; i < PROBLEM_FIELDS_MAX + 10; i++)
        assert_int_equal(problem_field(&p, "hours.0.start", "too_late", "After the end."), INVALID);
    assert_int_equal(p.field_count, PROBLEM_FIELDS_MAX);
    assert_string_equal(p.code, "validation_failed");
    assert_string_equal(p.fields[PROBLEM_FIELDS_MAX - 1].path, "hours.0.start");
}

static void a_cleared_problem_says_nothing(void **state)
{
    (void)state;
    struct problem p = {0};
    assert_int_equal(problem_field(&p, "name", "required", "Missing."), INVALID);
    problem_clear(&p);
    assert_null(p.code);
    assert_int_equal(p.field_count, 0);
    assert_string_equal(p.detail, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reason_given_is_the_one_that_stays),
        cmocka_unit_test(a_long_detail_is_cut),
        cmocka_unit_test(each_wrong_field_is_listed_up_to_the_limit),
        cmocka_unit_test(a_cleared_problem_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
