/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "message/mailer.h"
#include "message/retry_rules.h"

#include <string.h>

enum { DAY_S = 86400, NOW_S = 1795338000 };

static struct decision decide(enum mail_outcome outcome, int64_t attempts, int64_t age_s,
                              bool unknown_before, int64_t memory_s)
{
    struct attempt a = {NOW_S, NOW_S - age_s, attempts, unknown_before, memory_s, 12345};
    struct mail_result r = {.outcome = outcome, .error = "why"};
    return retry_decide(&a, &r);
}

static void accepted_is_sent_and_refused_is_failed_whatever_came_before(void **state)
{
    (void)state;
    for (int unknown = 0; unknown < 2; unknown++) {
        assert_int_equal(decide(MAIL_ACCEPTED, 9, 9 * DAY_S, unknown, 0).end, ROW_SENT);
        assert_int_equal(decide(MAIL_REFUSED, 1, 0, unknown, 72000).end, ROW_FAILED);
    }
}

static void each_wait_is_about_twice_the_one_before_from_five_seconds_to_an_hour(void **state)
{
    (void)state;
    int64_t expected = MAILER_BACKOFF_MIN_S;
    for (int64_t attempts = 1; attempts < 40; attempts++) {
        for (uint32_t chance = 0; chance < 2000; chance += 99) {
            struct attempt a = {NOW_S, NOW_S, attempts, false, 0, chance};
            struct decision d = retry_decide(&a, &(struct mail_result){.outcome = MAIL_RETRY});
            int64_t wait = d.due_s - NOW_S;
            assert_int_equal(d.end, ROW_AGAIN);
            int64_t most = expected + expected / 4;
            assert_in_range(wait, expected < MAILER_BACKOFF_MAX_S ? expected : MAILER_BACKOFF_MAX_S,
                            most < MAILER_BACKOFF_MAX_S ? most : MAILER_BACKOFF_MAX_S);
        }
        expected = expected * 2 < MAILER_BACKOFF_MAX_S ? expected * 2 : MAILER_BACKOFF_MAX_S;
    }
}

static void a_named_time_is_kept_to_and_not_much_exceeded(void **state)
{
    (void)state;
    for (int after = 1; after < DAY_S; after = after * 3 + 1) {
        struct attempt a = {NOW_S, NOW_S, 8, false, 0, 4294967295u};
        struct mail_result r = {.outcome = MAIL_RETRY, .retry_after_s = after, .pause = true};
        struct decision d = retry_decide(&a, &r);
        assert_in_range(d.due_s - NOW_S, after, after + after / 10 + 2);
    }
}

static void trying_ends_after_a_day_and_sooner_where_the_key_is_forgotten(void **state)
{
    (void)state;
    enum { MEMORY_S = 20 * 3600 };
    assert_int_equal(decide(MAIL_RETRY, 9, DAY_S - 1, false, MEMORY_S).end, ROW_AGAIN);
    assert_int_equal(decide(MAIL_RETRY, 9, DAY_S, false, MEMORY_S).end, ROW_FAILED);
    assert_int_equal(decide(MAIL_UNKNOWN, 9, MEMORY_S - 1, false, MEMORY_S).end, ROW_AGAIN);
    assert_int_equal(decide(MAIL_UNKNOWN, 9, MEMORY_S, false, MEMORY_S).end, ROW_FAILED);
    assert_int_equal(decide(MAIL_RETRY, 9, MEMORY_S, true, MEMORY_S).end, ROW_FAILED);
    assert_int_equal(decide(MAIL_UNKNOWN, 9, DAY_S, true, INT64_MAX).end, ROW_FAILED);
}

static void an_unknown_outcome_is_not_forgotten_by_a_later_certain_one(void **state)
{
    (void)state;
    assert_true(decide(MAIL_UNKNOWN, 1, 0, false, 72000).unknown);
    assert_true(decide(MAIL_RETRY, 2, 60, true, 72000).unknown);
    assert_false(decide(MAIL_RETRY, 2, 60, false, 72000).unknown);
}

static void without_keys_the_second_lost_answer_is_the_last(void **state)
{
    (void)state;
    assert_int_equal(decide(MAIL_UNKNOWN, 1, 0, false, 0).end, ROW_AGAIN);
    struct decision d = decide(MAIL_UNKNOWN, 2, 60, true, 0);
    assert_int_equal(d.end, ROW_FAILED);
    assert_non_null(strstr(d.error, "lost twice"));
    assert_int_equal(decide(MAIL_RETRY, 2, 60, true, 0).end, ROW_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_is_sent_and_refused_is_failed_whatever_came_before),
        cmocka_unit_test(each_wait_is_about_twice_the_one_before_from_five_seconds_to_an_hour),
        cmocka_unit_test(a_named_time_is_kept_to_and_not_much_exceeded),
        cmocka_unit_test(trying_ends_after_a_day_and_sooner_where_the_key_is_forgotten),
        cmocka_unit_test(an_unknown_outcome_is_not_forgotten_by_a_later_certain_one),
        cmocka_unit_test(without_keys_the_second_lost_answer_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
