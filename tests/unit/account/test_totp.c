/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes by time, against RFC 6238, appendix B. */
#include "../unit.h"

#include "account/totp.h"

#include <string.h>

static const unsigned char key[] = "12345678901234567890";

static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        const char *code; /* the last six of the table's eight digits */
    } table[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"},
    };
    for (size_t i = 0; i < count_of(table); i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(key, TOTP_KEY_BYTES, table[i].at_s / TOTP_STEP_S, code);
        assert_string_equal(code, table[i].code);
    }
}

static void the_key_in_base32_is_that_of_rfc_4648(void **state)
{
    (void)state;
    char secret[TOTP_SECRET_TEXT];
    totp_secret(key, secret);
    assert_string_equal(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void a_code_counts_one_step_around_now_and_after_the_last_one(void **state)
{
    (void)state;
    const struct str secret = STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), code = STR("005924");
    const int64_t at_s = 1234567890, step = at_s / TOTP_STEP_S;
    assert_int_equal(totp_find(secret, at_s, 0, code), step);
    assert_int_equal(totp_find(secret, at_s - TOTP_STEP_S, 0, code), step);
    assert_int_equal(totp_find(secret, at_s + TOTP_STEP_S, 0, code), step);
    assert_int_equal(totp_find(secret, at_s - 2 * TOTP_STEP_S, 0, code), 0);
    assert_int_equal(totp_find(secret, at_s + 2 * TOTP_STEP_S, 0, code), 0);
    assert_int_equal(totp_find(secret, at_s, step - 1, code), step);
    assert_int_equal(totp_find(secret, at_s, step, code), 0);
    assert_int_equal(totp_find(secret, at_s, 0, STR("005925")), 0);
    assert_int_equal(totp_find(secret, at_s, 0, STR("00592")), 0);
    assert_int_equal(totp_find(secret, at_s, 0, STR("")), 0);
    assert_int_equal(totp_find(STR("GEZDGNBVGY3TQOJQ"), at_s, 0, code), 0);
    assert_int_equal(totp_find((struct str){0}, at_s, 0, code), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(the_key_in_base32_is_that_of_rfc_4648),
        cmocka_unit_test(a_code_counts_one_step_around_now_and_after_the_last_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
