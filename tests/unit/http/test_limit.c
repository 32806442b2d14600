/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Token buckets, on a clock that the test moves. */
#include "../unit.h"

#include "http/limit.h"

#include <sodium.h>

struct ground {
    int64_t now_ms;
    struct env env;
    struct limiter *limiter;
};

static int64_t mono_ms(void *self)
{
    return *(int64_t *)self;
}

static void random_bytes(void *self, void *ret, size_t len)
{
    (void)self;
    randombytes_buf(ret, len);
}

enum { KEYS = 8 };
static const struct limit_rule three_then_one_a_second = {.burst = 3, .refill_ms = 1000};

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    assert_non_null(g);
    g->now_ms = 1000000;
    g->env = (struct env){.self = &g->now_ms, .mono_ms = mono_ms, .random = random_bytes};
    g->limiter = limiter_new(&g->env, KEYS, true);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    limiter_free(g->limiter);
    free(g);
    return 0;
}

static int take(struct ground *g, int rule_id, const char *key)
{
    return limiter_take(g->limiter, rule_id, three_then_one_a_second, str_of(key), false);
}

static void a_bucket_gives_its_burst_and_then_one_at_a_time(void **state)
{
    struct ground *g = *state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, "a"), 0);
    assert_int_equal(take(g, 1, "a"), 1);
    g->now_ms += 999;
    assert_int_equal(take(g, 1, "a"), 1);
    g->now_ms += 1;
    assert_int_equal(take(g, 1, "a"), 0);
    assert_int_equal(take(g, 1, "a"), 1);
    g->now_ms += 100000;
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, "a"), 0);
    assert_int_equal(take(g, 1, "a"), 1);
}

static void the_wait_that_it_names_is_enough_and_no_shorter_one_is(void **state)
{
    struct ground *g = *state;
    static const struct limit_rule slow = {.burst = 1, .refill_ms = 30000};
    assert_int_equal(limiter_take(g->limiter, 1, slow, STR("a"), false), 0);
    int wait = limiter_take(g->limiter, 1, slow, STR("a"), false);
    assert_int_equal(wait, 30);
    g->now_ms += 29999;
    assert_int_equal(limiter_take(g->limiter, 1, slow, STR("a"), false), 1);
    g->now_ms += 1;
    assert_int_equal(limiter_take(g->limiter, 1, slow, STR("a"), false), 0);
}

static void rules_and_keys_have_buckets_of_their_own(void **state)
{
    struct ground *g = *state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, "a"), 0);
    assert_int_equal(take(g, 2, "a"), 0);
    assert_int_equal(take(g, 1, "b"), 0);
    assert_int_not_equal(take(g, 1, "a"), 0);
}

static void an_ipv6_client_is_its_whole_64(void **state)
{
    struct ground *g = *state;
    assert_int_equal(take(g, 1, "2001:db8:1:2::1"), 0);
    assert_int_equal(take(g, 1, "2001:db8:1:2:ffff::9"), 0);
    assert_int_equal(take(g, 1, "2001:DB8:1:2:0:0:0:7"), 0);
    assert_int_not_equal(take(g, 1, "2001:db8:1:2::8"), 0);
    assert_int_equal(take(g, 1, "2001:db8:1:3::1"), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, i ? "::ffff:192.0.2.1" : "192.0.2.1"), 0);
    assert_int_not_equal(take(g, 1, "192.0.2.1"), 0);
    assert_int_equal(take(g, 1, "192.0.2.2"), 0);
}

static void looking_takes_nothing_and_a_reset_fills(void **state)
{
    struct ground *g = *state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(limiter_peek(g->limiter, 1, three_then_one_a_second, STR("a"), false), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, "a"), 0);
    assert_int_equal(limiter_peek(g->limiter, 1, three_then_one_a_second, STR("a"), false), 1);
    limiter_reset(g->limiter, 1, STR("a"));
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(g, 1, "a"), 0);
    limiter_reset(g->limiter, 1, STR("never seen"));
}

static void past_its_keys_it_forgets_the_one_that_was_used_the_longest_ago(void **state)
{
    struct ground *g = *state;
    char key[8];
    for (int i = 0; i < KEYS; i++)
        for (int k = 0; k < 3; k++) {
            snprintf(key, sizeof key, "k%d", i);
            assert_int_equal(take(g, 1, key), 0);
        }
    assert_int_equal(take(g, 1, "new"), 0); /* in the place of k0 */
    assert_int_not_equal(take(g, 1, "k1"), 0);
    for (int k = 0; k < 3; k++)
        assert_int_equal(take(g, 1, "k0"), 0);
    assert_int_not_equal(take(g, 1, "k0"), 0);
    struct numbers n = {3};
    for (int i = 0; i < 100000; i++) {
        snprintf(key, sizeof key, "r%lld", (long long)numbers_between(&n, 0, 40));
        (void)take(g, (int)numbers_between(&n, 1, 2), key);
        g->now_ms += numbers_between(&n, 0, 50);
    }
}

static void when_it_is_off_only_what_always_counts_is_limited(void **state)
{
    struct ground *g = *state;
    struct limiter *off = limiter_new(&g->env, KEYS, false);
    for (int i = 0; i < 10; i++)
        assert_int_equal(limiter_take(off, 1, three_then_one_a_second, STR("a"), false), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(limiter_take(off, 1, three_then_one_a_second, STR("a"), true), 0);
    assert_int_not_equal(limiter_take(off, 1, three_then_one_a_second, STR("a"), true), 0);
    char mark[LIMITER_MARK_TEXT];
    assert_false(limiter_mark(off, STR("a"), mark));
    limiter_free(off);
}

static void a_mark_is_the_same_for_what_counts_as_one_and_for_no_other_program(void **state)
{
    struct ground *g = *state;
    struct limiter *other = limiter_new(&g->env, KEYS, true);
    char first[LIMITER_MARK_TEXT], second[LIMITER_MARK_TEXT];
    assert_true(limiter_mark(g->limiter, STR("2001:db8::1"), first));
    assert_true(limiter_mark(g->limiter, STR("2001:db8::2"), second));
    assert_string_equal(first, second);
    assert_int_equal(strlen(first), LIMITER_MARK_TEXT - 1);
    assert_true(limiter_mark(g->limiter, STR("2001:db8:1::1"), second));
    assert_string_not_equal(first, second);
    assert_true(limiter_mark(other, STR("2001:db8::1"), second));
    assert_string_not_equal(first, second);
    limiter_free(other);
}

#define LIMITS(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMITS(a_bucket_gives_its_burst_and_then_one_at_a_time),
        LIMITS(the_wait_that_it_names_is_enough_and_no_shorter_one_is),
        LIMITS(rules_and_keys_have_buckets_of_their_own),
        LIMITS(an_ipv6_client_is_its_whole_64),
        LIMITS(looking_takes_nothing_and_a_reset_fills),
        LIMITS(past_its_keys_it_forgets_the_one_that_was_used_the_longest_ago),
        LIMITS(when_it_is_off_only_what_always_counts_is_limited),
        LIMITS(a_mark_is_the_same_for_what_counts_as_one_and_for_no_other_program),
    };
    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
