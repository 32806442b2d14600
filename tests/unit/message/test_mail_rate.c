/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "message/mail_rate.h"

#include <string.h>

static const int64_t NOW_MS = 1795338000000;

static void no_second_sees_more_calls_than_the_rate(void **state)
{
    (void)state;
    for (int rate = 1; rate <= 20; rate++) {
        enum { CALLS = 400 };
        int64_t at[CALLS];
        size_t count = 0;
        struct rate_state s = {0};
        struct numbers numbers = {(uint64_t)rate};
        for (int64_t now = NOW_MS; count < CALLS; now += numbers_between(&numbers, 1, 90)) {
            int64_t wait;
            size_t wanted = (size_t)numbers_between(&numbers, 1, 4);
            size_t taken = rate_take(&s, rate, now, wanted, &wait);
            assert_true(taken <= wanted && (taken == wanted) == (wait == 0));
            for (size_t i = 0; i < taken && count < CALLS; i++)
                at[count++] = now;
        }
        size_t burst = rate >= 8 ? (size_t)rate / 4 - 1 : 0;
        for (size_t i = (size_t)rate + burst; i < CALLS; i++)
            assert_true(at[i] - at[i - (size_t)rate - burst] >= 1000);
        /* And nothing is held back that the rate allows: no gap is longer than two calls. */
        for (size_t i = 1; i < CALLS; i++)
            assert_true(at[i] - at[i - 1] <= 2 * (1000 / rate + 1) + 2 * 90);
    }
}

static void the_wait_is_exact(void **state)
{
    (void)state;
    struct rate_state s = {0};
    int64_t wait;
    assert_int_equal(rate_take(&s, 2, NOW_MS, 4, &wait), 1);
    assert_int_equal(wait, 500);
    assert_int_equal(rate_take(&s, 2, NOW_MS + 499, 1, &wait), 0);
    assert_int_equal(wait, 1);
    assert_int_equal(rate_take(&s, 2, NOW_MS + 500, 1, &wait), 1);
}

static void a_pause_holds_and_ends(void **state)
{
    (void)state;
    struct rate_state s = {.paused_until_ms = NOW_MS + 30000, .paused_for_ms = 30000};
    int64_t wait;
    assert_int_equal(rate_take(&s, 2, NOW_MS, 1, &wait), 0);
    assert_int_equal(wait, 30000);
    assert_int_equal(rate_take(&s, 2, NOW_MS + 30000, 1, &wait), 1);
}

static void what_a_clock_that_went_back_wrote_is_ignored(void **state)
{
    (void)state;
    int64_t wait;
    struct rate_state pause = {.paused_until_ms = NOW_MS + 3600000, .paused_for_ms = 30000};
    assert_int_equal(rate_take(&pause, 2, NOW_MS, 1, &wait), 1);
    struct rate_state next = {.next_ms = NOW_MS + 3600000};
    assert_int_equal(rate_take(&next, 2, NOW_MS, 1, &wait), 1);
    assert_int_equal(next.next_ms, NOW_MS + 500);
    /* Machines whose clocks differ a little wait for each other. */
    struct rate_state near = {.next_ms = NOW_MS + 2000};
    assert_int_equal(rate_take(&near, 2, NOW_MS, 1, &wait), 0);
    assert_int_equal(wait, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_second_sees_more_calls_than_the_rate),
        cmocka_unit_test(the_wait_is_exact),
        cmocka_unit_test(a_pause_holds_and_ends),
        cmocka_unit_test(what_a_clock_that_went_back_wrote_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
