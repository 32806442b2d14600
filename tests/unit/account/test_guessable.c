/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords that are tried first. */
#include "../unit.h"

#include "account/internal.h"

#include <string.h>

static bool refused(const char *password)
{
    struct arena a;
    struct problem p = {0};
    struct work w = {.arena = &a, .problem = &p};
    static const struct str words[] = {{"Salon Bergamotte", 16}, {"mia@owner.example", 17}};
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result r = account_check_password(&w, "password", str_of(password), words, 2);
    arena_done(&a);
    return r == INVALID;
}

static void leaked_ones_are_refused_also_with_a_year_behind(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "trustno1!",     "rush2112",  "PolarBear",  "butterfly2024", "Butterfly-1", "q1w2e3r4t5y6",
        "blink182",      "jordan23!", "1234qwer",   "access14",      "gfhjkm123",   "slipknot666",
        "chevelle1970!", "zaq12wsx",  "motherlode", "passw0rd!",
    };
    for (size_t i = 0; i < count_of(bad); i++)
        if (!refused(bad[i]))
            fail_msg("%s passes", bad[i]);
}

static void good_ones_pass(void **state)
{
    (void)state;
    static const char *const good[] = {
        "violet lantern harbour", "copper meadow window",  "motherlode19283746", "x7-Kq!mw2Pz",
        "отлично и длинно",       "correct horse stapler",
    };
    for (size_t i = 0; i < count_of(good); i++)
        if (refused(good[i]))
            fail_msg("%s is refused", good[i]);
}

static void the_list_is_long_and_in_order(void **state)
{
    (void)state;
    enum { BYTES = 6 };
    assert_true(common_password_count >= 20000);
    for (size_t i = 1; i < common_password_count; i++)
        assert_true(
            memcmp(common_passwords + (i - 1) * BYTES, common_passwords + i * BYTES, BYTES) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaked_ones_are_refused_also_with_a_year_behind),
        cmocka_unit_test(good_ones_pass),
        cmocka_unit_test(the_list_is_long_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
