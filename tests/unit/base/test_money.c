/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/money.h"

static void an_amount_is_written_as_a_person_would(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency, *text;
    } cases[] = {
        {4500, "EUR", "€45"},
        {4550, "EUR", "€45.50"},
        {4505, "USD", "$45.05"},
        {0, "GBP", "£0"},
        {-250, "EUR", "-€2.50"},
        {4500, "JPY", "¥4,500"},
        {4500, "CHF", "CHF 45"},
        {45005, "KWD", "KWD 45.005"},
        {123456789, "EUR", "€1,234,567.89"},
        {100000, "EUR", "€1,000"},
        {INT64_MIN, "JPY", "-¥9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        struct buf b;
        buf_init(&b, 100);
        money_format(&b, cases[i].minor, str_of(cases[i].currency));
        if (!str_is(buf_view(&b), cases[i].text))
            fail_msg("%s: " STR_FMT, cases[i].text, STR_ARG(buf_view(&b)));
        buf_done(&b);
    }
}

static void an_amount_is_plain_for_a_spreadsheet(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency, *text;
    } cases[] = {
        {4500, "EUR", "45.00"},
        {5, "USD", "0.05"},
        {-5, "USD", "-0.05"},
        {-1250, "EUR", "-12.50"},
        {4500, "JPY", "4500"},
        {123456789, "KWD", "123456.789"},
        {INT64_MIN, "EUR", "-92233720368547758.08"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        struct buf b;
        buf_init(&b, 100);
        money_plain(&b, cases[i].minor, str_of(cases[i].currency));
        if (!str_is(buf_view(&b), cases[i].text))
            fail_msg("%s: " STR_FMT, cases[i].text, STR_ARG(buf_view(&b)));
        buf_done(&b);
    }
}

static void the_minor_unit_has_as_many_digits_as_iso_4217_says(void **state)
{
    (void)state;
    assert_int_equal(money_digits(STR("EUR")), 2);
    assert_int_equal(money_digits(STR("JPY")), 0);
    assert_int_equal(money_digits(STR("XPF")), 0);
    assert_int_equal(money_digits(STR("BHD")), 3);
    assert_int_equal(money_digits(STR("TND")), 3);
    assert_int_equal(money_digits(STR("")), 2);
    assert_int_equal(money_digits(STR("BI")), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_is_written_as_a_person_would),
        cmocka_unit_test(an_amount_is_plain_for_a_spreadsheet),
        cmocka_unit_test(the_minor_unit_has_as_many_digits_as_iso_4217_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
