/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/civil.h"

#include <string.h>
#include <time.h>

static void every_day_of_four_centuries_is_what_the_c_library_says(void **state)
{
    (void)state;
    for (int64_t day = -80000; day < 70000; day++) {
        time_t t = (time_t)day * SECONDS_PER_DAY;
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        struct civil c = civil_from_days(day);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(civil_weekday(day), tm.tm_wday ? tm.tm_wday : 7);
        assert_int_equal(civil_to_days(c), day);
    }
}

static void dates_far_away_return_to_where_they_came_from(void **state)
{
    (void)state;
    struct numbers n = {3};
    for (int i = 0; i < 100000; i++) {
        int64_t day = numbers_between(&n, INT32_MIN + 1, INT32_MAX - 1);
        struct civil c = civil_from_days(day);
        assert_true(c.day <= civil_days_in_month(c.year, c.month));
        assert_int_equal(civil_to_days(c), day);
    }
}

static void the_months_of_a_year_make_up_its_length(void **state)
{
    (void)state;
    static const struct {
        int year, days;
    } cases[] = {{2023, 365}, {2024, 366}, {1900, 365}, {2000, 366},
                 {2100, 365}, {1, 365},    {9999, 365}};
    for (size_t i = 0; i < count_of(cases); i++) {
        int sum = 0;
        for (int month = 1; month <= 12; month++)
            sum += civil_days_in_month(cases[i].year, month);
        assert_int_equal(sum, cases[i].days);
    }
}

static void a_date_is_read_exactly_or_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2026-11-2",  "2026-11-222", "2026/11/22", "2026-00-10", "2026-13-10",
        "2026-02-29", "2026-04-31", "2026-01-00",  "0000-01-01", "2O26-01-01", "+026-01-01",
        " 026-01-01", "2026-1-001", "2026-11-22 ", "-026-01-01", "1900-02-29",
    };
    int64_t day = 42;
    for (size_t i = 0; i < count_of(bad); i++)
        assert_false(date_parse(str_of(bad[i]), &day));
    assert_int_equal(day, 42);
    assert_true(date_parse(STR("1970-01-01"), &day) && day == 0);
    assert_true(date_parse(STR("2024-02-29"), &day) && day == 19782);
    assert_true(date_parse(STR("0001-01-01"), &day) && day == -719162);
    assert_true(date_parse(STR("9999-12-31"), &day) && day == 2932896);
}

static void dates_outside_four_digits_are_written_as_the_nearest(void **state)
{
    (void)state;
    char text[DATE_TEXT];
    date_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01");
    date_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31");
    date_format(20779, text);
    assert_string_equal(text, "2026-11-22");
}

static void a_clock_runs_from_0000_to_2400(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "9:00",  "09:60", "24:01",  "25:00",
                                      "0900", "09-00", "09:0",  "09:000", "-1:00"};
    char text[CLOCK_TEXT];
    int minutes = 42;
    for (size_t i = 0; i < count_of(bad); i++)
        assert_false(clock_parse(str_of(bad[i]), &minutes));
    assert_int_equal(minutes, 42);
    for (int m = 0; m <= MINUTES_PER_DAY; m++) {
        clock_format(m, text);
        assert_true(clock_parse(str_of(text), &minutes));
        assert_int_equal(minutes, m);
    }
    assert_string_equal(text, "24:00");
}

static void an_instant_is_read_with_any_offset_and_fraction(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at_s;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-22T09:00:00Z", 1795338000},
        {"2026-11-22t09:00:00z", 1795338000},
        {"2026-11-22T09:00:00.999999999999Z", 1795338000},
        {"2026-11-22T10:00:00+01:00", 1795338000},
        {"2026-11-22T00:15:00-08:45", 1795338000},
        {"2026-11-22T09:00:00-00:00", 1795338000},
        {"1969-12-31T23:59:59.5Z", -1},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"0001-01-01T00:00:00Z", -62135596800},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int64_t at = 42;
        assert_true(instant_parse(str_of(cases[i].text), &at));
        assert_int_equal(at, cases[i].at_s);
    }
}

static void what_is_no_instant_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-22",
        "2026-11-22T09:00Z",
        "2026-11-22T09:00:00",
        "2026-11-22 09:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2026-02-30T00:00:00Z",
        "2026-11-22T09:00:00.Z",
        "2026-11-22T09:00:00.5",
        "2026-11-22T09:00:00+0100",
        "2026-11-22T09:00:00+01",
        "2026-11-22T09:00:00+24:00",
        "2026-11-22T09:00:00+01:60",
        "2026-11-22T09:00:00+01:000",
        "2026-11-22T09:00:00ZZ",
        "2026-11-22T09:00:00,5Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-22T09:00:00 Z",
    };
    int64_t at = 42;
    for (size_t i = 0; i < count_of(bad); i++)
        if (instant_parse(str_of(bad[i]), &at))
            fail_msg("read %s", bad[i]);
    assert_int_equal(at, 42);
}

static void no_prefix_of_an_instant_is_one(void **state)
{
    (void)state;
    static const char whole[] = "2026-11-22T09:00:00.125+01:00";
    int64_t at;
    for (size_t len = 0; len < strlen(whole); len++) {
        /* Its own memory, so that the address sanitizer sees a read past the end. */
        char *copy = malloc(len + 1);
        memcpy(copy, whole, len);
        char *exact = realloc(copy, len ? len : 1);
        assert_false(instant_parse((struct str){exact, len}, &at));
        free(exact);
    }
    assert_true(instant_parse(str_of(whole), &at));
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct numbers n = {5};
    char text[INSTANT_TEXT];
    for (int i = 0; i < 100000; i++) {
        int64_t at = numbers_between(&n, -62135596800, 253402300799), back;
        instant_format(at, text);
        assert_int_equal(strlen(text), INSTANT_TEXT - 1);
        assert_true(instant_parse(str_of(text), &back));
        assert_int_equal(back, at);
    }
    instant_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00Z");
    instant_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
}

static void a_local_time_shows_the_clock_and_the_offset(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        int offset_s;
        const char *text;
    } cases[] = {
        {1795338000, 3600, "2026-11-22T10:00+01:00"},
        {1795338000, 0, "2026-11-22T09:00+00:00"},
        {1795338000, -34200, "2026-11-21T23:30-09:30"},
        {1795338000, 20700, "2026-11-22T14:45+05:45"},
        {59, 0, "1970-01-01T00:00+00:00"},
        {-1, 0, "1969-12-31T23:59+00:00"},
        {0, -2670, "1969-12-31T23:15-00:44"}, /* Monrovia's −00:44:30 until 1972 */
        {INT64_MAX, 93599, "9999-12-31T23:59+25:59"},
    };
    char text[LOCAL_TEXT];
    for (size_t i = 0; i < count_of(cases); i++) {
        local_format(cases[i].at_s, cases[i].offset_s, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_quantity_is_read_exactly_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"1.5", 1500},
        {"-0.25", -250},
        {"12", 12000},
        {"0.001", 1},
        {"-0", 0},
        {"007.1", 7100},
        {"1.500", 1500},
        {"1000000000", 1000000000000},
        {"1000000000.000", 1000000000000},
        {"-1000000000", -1000000000000},
    };
    static const char *const bad[] = {
        "",
        "-",
        ".5",
        "5.",
        "1.2345",
        "1.0000",
        "1e3",
        "+1",
        " 1",
        "1 ",
        "1,5",
        "1000000000.001",
        "-1000000000.001",
        "99999999999999999999999999",
        "NaN",
        "0x1",
        "1.-5",
        "1..5",
    };
    int64_t v = 42;
    for (size_t i = 0; i < count_of(bad); i++)
        if (thousandths_parse(str_of(bad[i]), &v))
            fail_msg("read %s", bad[i]);
    assert_int_equal(v, 42);
    for (size_t i = 0; i < count_of(good); i++) {
        assert_true(thousandths_parse(str_of(good[i].text), &v));
        assert_int_equal(v, good[i].value);
    }
}

static void a_quantity_is_written_without_zeros_that_say_nothing(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1500, "1.5"},
        {-250, "-0.25"},
        {1, "0.001"},
        {100000, "100"},
        {INT64_MAX, "9223372036854775.807"},
        {INT64_MIN, "-9223372036854775.808"},
    };
    char text[THOUSANDTHS_TEXT];
    for (size_t i = 0; i < count_of(cases); i++) {
        thousandths_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
    struct numbers n = {7};
    for (int i = 0; i < 100000; i++) {
        int64_t v = numbers_between(&n, -1000000000000, 1000000000000), back;
        thousandths_format(v, text);
        assert_true(thousandths_parse(str_of(text), &back));
        assert_int_equal(back, v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_is_what_the_c_library_says),
        cmocka_unit_test(dates_far_away_return_to_where_they_came_from),
        cmocka_unit_test(the_months_of_a_year_make_up_its_length),
        cmocka_unit_test(a_date_is_read_exactly_or_refused),
        cmocka_unit_test(dates_outside_four_digits_are_written_as_the_nearest),
        cmocka_unit_test(a_clock_runs_from_0000_to_2400),
        cmocka_unit_test(an_instant_is_read_with_any_offset_and_fraction),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(no_prefix_of_an_instant_is_one),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_local_time_shows_the_clock_and_the_offset),
        cmocka_unit_test(a_quantity_is_read_exactly_or_refused),
        cmocka_unit_test(a_quantity_is_written_without_zeros_that_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
