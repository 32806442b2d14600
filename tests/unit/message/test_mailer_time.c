/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the mailer owes to urgency, to other mailers, to clocks that jump, and to who was not told;
 * on both engines. */
#include "salon.h"

#include "message/message_routes.h"

#include <string.h>

static struct mailer *beside(struct salon *s, const struct fake_provider *p)
{
    struct mailer_config config = {.db = s->f->db,
                                   .env = &s->clock.env,
                                   .provider = p->provider,
                                   .from = "bookings@careops.example"};
    return mailer_new(&config);
}

static void told(struct salon *s, int64_t subject, int64_t expected)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT untold FROM message WHERE subject_id = %lld",
             (long long)subject);
    assert_int_equal(ask_int(s->f, sql), expected);
}

/* ---- urgency ---- */

static void the_urgent_go_before_the_usual_before_the_many(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 1);
    put(&s, 1, 12);
    run_sql(s.f, "UPDATE message SET priority = 2 WHERE subject_id <= 6");
    run_sql(s.f, "UPDATE message SET priority = 0 WHERE subject_id > 10");
    for (int i = 0; i < 20; i++)
        pass(&s, 1);
    static const char *const order[] = {"Body 11", "Body 12", "Body 7", "Body 8",
                                        "Body 9",  "Body 10", "Body 1", "Body 2",
                                        "Body 3",  "Body 4",  "Body 5", "Body 6"};
    assert_int_equal(s.provider.call_count, count_of(order));
    for (size_t i = 0; i < count_of(order); i++)
        assert_string_equal(s.provider.calls[i].text, order[i]);
    close_salon(&s);
}

static void an_urgent_one_waits_for_no_backlog(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 1);
    put(&s, 1, 100);
    run_sql(s.f, "UPDATE message SET priority = 2");
    for (int i = 0; i < 5; i++)
        pass(&s, 1);
    put(&s, 101, 101);
    run_sql(s.f, "UPDATE message SET priority = 0 WHERE subject_id = 101");
    size_t before = s.provider.call_count;
    pass(&s, 1);
    assert_string_equal(s.provider.calls[before].text, "Body 101");
    close_salon(&s);
}

/* ---- other mailers ---- */

static void two_mailers_keep_one_rate(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 2);
    struct fake_provider second;
    fake_provider_init(&second, &s.clock, RESEND_MEMORY_S, 2);
    struct mailer *other = beside(&s, &second);
    put(&s, 1, 40);
    for (int i = 0; i < 260; i++) {
        fake_clock_move(&s.clock, 100);
        size_t calls = s.provider.call_count + second.call_count;
        mailer_step(i % 2 ? s.mailer : other, 0);
        mailer_step(i % 2 ? other : s.mailer, 0);
        assert_true(s.provider.call_count + second.call_count <= calls + 1);
    }
    assert_int_equal(s.provider.emails + second.emails, 40);
    assert_true(s.provider.emails > 5 && second.emails > 5);
    /* 40 calls at 2 a second: the last is no sooner than 19.5 s after the first. */
    int64_t first = s.provider.calls[0].mono_ms, last = first;
    const struct fake_provider *both[] = {&s.provider, &second};
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < both[p]->call_count; i++) {
            int64_t at = both[p]->calls[i].mono_ms;
            first = at < first ? at : first;
            last = at > last ? at : last;
        }
    assert_in_range(last - first, 19500, 26000);
    mailer_free(other);
    close_salon(&s);
}

static struct mail_result pause_first(void *arg, size_t n)
{
    (void)arg;
    struct mail_result pause = {.outcome = MAIL_RETRY, .retry_after_s = 300, .pause = true};
    return n == 0 ? pause : (struct mail_result){.outcome = MAIL_ACCEPTED};
}

static void a_pause_that_one_was_asked_for_holds_for_the_other(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 2);
    struct fake_provider second;
    fake_provider_init(&second, &s.clock, RESEND_MEMORY_S, 2);
    s.provider.script = pause_first;
    put(&s, 1, 3);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    struct mailer *other = beside(&s, &second);
    for (int i = 0; i < 290; i++) {
        fake_clock_move(&s.clock, 1000);
        mailer_step(other, 0);
    }
    assert_int_equal(second.call_count, 0);
    for (int i = 0; i < 100; i++) {
        fake_clock_move(&s.clock, 1000);
        mailer_step(other, 0);
        mailer_step(other, 0);
    }
    assert_int_equal(second.emails, 3);
    mailer_free(other);
    close_salon(&s);
}

static void a_pause_of_a_clock_that_went_back_is_not_kept_for_hours(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 2);
    put(&s, 1, 3);
    run_sql(s.f, "INSERT INTO mail_rate (provider, next_ms, paused_until_ms, paused_for_ms)"
                 " VALUES ('fake', 1895338000000, 1895338000000, 60000)");
    for (int i = 0; i < 5; i++)
        pass(&s, 1);
    assert_int_equal(s.provider.emails, 3);
    close_salon(&s);
}

static void a_provider_without_a_rate_asks_nobody(void **state)
{
    struct salon s;
    open_salon(&s, *state, 0, 0);
    put(&s, 1, 30);
    pass(&s, 1);
    rounds(&s, 20);
    assert_int_equal(s.provider.emails, 30);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM mail_rate"), 0);
    close_salon(&s);
}

/* ---- clocks ---- */

static void what_is_due_later_than_can_be_is_due_now(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    rounds(&s, 1);
    put(&s, 1, 700);
    put(&s, 701, 701);
    run_sql(s.f, "UPDATE message SET due_s = due_s + 26 * 3600 WHERE subject_id <= 700");
    run_sql(s.f, "UPDATE message SET priority = subject_id % 3");
    run_sql(s.f, "UPDATE message SET due_s = due_s + 24 * 3600 WHERE subject_id = 701");
    for (int i = 0; i < 130; i++) {
        pass(&s, 1);
        rounds(&s, 4);
    }
    assert_int_equal(s.provider.emails, 700);
    assert_int_equal(count_status(&s, "queued"), 1);
    close_salon(&s);
}

static void a_first_attempt_in_the_future_counts_as_now(void **state)
{
    struct salon s;
    struct mail_result lost = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &lost;
    s.provider.takes_unknown = true;
    put(&s, 1, 1);
    pass(&s, 1);
    fake_clock_jump(&s.clock, -30 * (int64_t)HOUR_S * 1000);
    pass(&s, 120);
    assert_true(s.provider.call_count > 1);
    int64_t calls = (int64_t)s.provider.call_count;
    assert_in_range(env_now_s(&s.clock.env) - ask_int(s.f, "SELECT first_attempt_s FROM message"),
                    0, 130);
    /* And the memory of keys counts from there. */
    for (int i = 0; i < 22 * 4; i++)
        pass(&s, HOUR_S / 4);
    assert_int_equal(count_status(&s, "failed"), 1);
    assert_int_equal(s.provider.emails, 1);
    assert_true((int64_t)s.provider.call_count > calls + 10);
    close_salon(&s);
}

/* Begun by a clock that was a day ahead: due within the day that is looked at, but by then the key
 * would be forgotten and the message a second one. */
static void what_was_begun_in_the_future_is_tried_while_its_key_is_known(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    struct mail_result unknown = {.outcome = MAIL_UNKNOWN};
    s.provider.takes_unknown = true;
    s.provider.script = always;
    s.provider.arg = &unknown;
    fake_clock_jump(&s.clock, (int64_t)DAY_S * 1000);
    put(&s, 1, 1);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    fake_clock_jump(&s.clock, -(int64_t)DAY_S * 1000);
    s.provider.script = NULL;
    pass(&s, 2 * 60);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 2);
    assert_int_equal(s.provider.emails, 1);
    assert_int_equal(count_status(&s, "sent"), 1);
    close_salon(&s);
}

static void a_jump_forward_parks_what_is_unknown_and_sends_it_never_twice(void **state)
{
    struct salon s;
    struct mail_result lost = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &lost;
    s.provider.takes_unknown = true;
    put(&s, 1, 1);
    pass(&s, 1);
    put(&s, 2, 2);
    run_sql(s.f, "UPDATE message SET matters_until_s = 2000000000");
    s.provider.script = NULL;
    fake_clock_jump(&s.clock, 3 * (int64_t)DAY_S * 1000);
    pass(&s, 1);
    assert_int_equal(count_status(&s, "failed"), 1);
    assert_int_equal(count_status(&s, "sent"), 1);
    assert_int_equal(s.provider.emails, 2);
    assert_int_equal(s.provider.call_count, 2);
    told(&s, 1, 1);
    told(&s, 2, 0);
    close_salon(&s);
}

/* ---- who was told ---- */

static void what_was_taken_says_so_in_the_providers_words(void **state)
{
    struct salon s;
    struct mail_result yes = {.outcome = MAIL_ACCEPTED, .word = "250 2.0.0 Ok: queued as 1A2B"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &yes;
    put(&s, 1, 1);
    pass(&s, 1);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE delivery = 'accepted'"
                                  " AND delivery_s = sent_s AND untold = 0"
                                  " AND provider_word = '250 2.0.0 Ok: queued as 1A2B'"),
                     1);
    close_salon(&s);
}

static void who_was_not_told_shows_after_a_quarter_of_an_hour_until_it_is_sent(void **state)
{
    struct salon s;
    struct mail_result later = {.outcome = MAIL_RETRY, .error = "busy", .word = "451 later"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &later;
    put(&s, 1, 2);
    run_sql(s.f, "UPDATE message SET matters_until_s = 2000000000 WHERE subject_id = 1");
    for (int i = 0; i < 14; i++)
        pass(&s, 60);
    told(&s, 1, 0);
    for (int i = 0; i < 20; i++)
        pass(&s, 60);
    told(&s, 1, 1);
    told(&s, 2, 0); /* matters to nobody */
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE status = 'queued'"
                                  " AND provider_word = '451 later'"),
                     2);
    s.provider.script = NULL;
    for (int i = 0; i < 60; i++)
        pass(&s, 60);
    told(&s, 1, 0);
    assert_int_equal(count_status(&s, "sent"), 2);
    close_salon(&s);
}

static void a_failure_is_untold_unless_a_person_has_told_them(void **state)
{
    struct salon s;
    struct mail_result no = {.outcome = MAIL_REFUSED, .error = "no"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &no;
    put(&s, 1, 3);
    run_sql(s.f, "UPDATE message SET matters_until_s = 2000000000 WHERE subject_id < 3");
    run_sql(s.f, "UPDATE message SET told_s = 1 WHERE subject_id = 2");
    pass(&s, 1);
    assert_int_equal(count_status(&s, "failed"), 3);
    told(&s, 1, 1);
    told(&s, 2, 0);
    told(&s, 3, 0);
    close_salon(&s);
}

static void a_later_letter_about_the_booking_overtakes_the_earlier_ones(void **state)
{
    struct salon s;
    struct mail_result no = {.outcome = MAIL_REFUSED, .error = "no"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &no;
    struct put same = {.s = &s, .first = 1, .last = 1, .booking_id = 55};
    struct put other_person = {
        .s = &s, .first = 2, .last = 2, .booking_id = 55, .address = "cleo@client.example"};
    struct put other_booking = {.s = &s, .first = 3, .last = 3, .booking_id = 56};
    struct put later = {.s = &s, .first = 4, .last = 4, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &same), OK);
    assert_int_equal(transact(s.f, put_in, &other_person), OK);
    assert_int_equal(transact(s.f, put_in, &other_booking), OK);
    run_sql(s.f, "UPDATE message SET matters_until_s = 2000000000");
    pass(&s, 1);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE untold = 1"), 3);
    s.provider.script = NULL;
    assert_int_equal(transact(s.f, put_in, &later), OK);
    pass(&s, 1);
    told(&s, 1, 0);
    told(&s, 2, 1);
    told(&s, 3, 1);
    close_salon(&s);
}

/* ---- reports ---- */

static enum result sweep_in(struct db_tx *tx, void *arg)
{
    struct salon *s = arg;
    struct work w = {
        .arena = db_arena(tx),
        .tx = tx,
        .env = &s->clock.env,
        .problem = &s->f->problem,
        .now_s = env_now_s(&s->clock.env),
        .actor = {.kind = ACTOR_SYSTEM},
    };
    return webhook_sweep(&w);
}

static void a_report_is_remembered_for_three_days_and_swept_in_bounded_batches(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 1);
    char sql[300];
    snprintf(sql, sizeof sql,
             "INSERT INTO webhook_seen (id, seen_s) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL"
             " SELECT i + 1 FROM n WHERE i < 502) SELECT 'm' || i, %lld + i / 502 FROM n",
             (long long)BEGIN_S - 3 * DAY_S - 1);
    run_sql(s.f, sql);
    static const int64_t left[] = {2, 1, 1};
    for (size_t i = 0; i < count_of(left); i++) {
        assert_int_equal(transact(s.f, sweep_in, &s), OK);
        assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM webhook_seen"), left[i]);
    }
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM webhook_seen WHERE id = 'm502'"), 1);
    close_salon(&s);
}

#define T(name)     \
    {               \
#name, name \
    }

static const struct engine_test tests[] = {
    T(the_urgent_go_before_the_usual_before_the_many),
    T(an_urgent_one_waits_for_no_backlog),
    T(two_mailers_keep_one_rate),
    T(a_pause_that_one_was_asked_for_holds_for_the_other),
    T(a_pause_of_a_clock_that_went_back_is_not_kept_for_hours),
    T(a_provider_without_a_rate_asks_nobody),
    T(what_is_due_later_than_can_be_is_due_now),
    T(a_first_attempt_in_the_future_counts_as_now),
    T(what_was_begun_in_the_future_is_tried_while_its_key_is_known),
    T(a_jump_forward_parks_what_is_unknown_and_sends_it_never_twice),
    T(what_was_taken_says_so_in_the_providers_words),
    T(who_was_not_told_shows_after_a_quarter_of_an_hour_until_it_is_sent),
    T(a_failure_is_untold_unless_a_person_has_told_them),
    T(a_later_letter_about_the_booking_overtakes_the_earlier_ones),
    T(a_report_is_remembered_for_three_days_and_swept_in_bounded_batches),
};

int main(void)
{
    return run_group_on_both("the mailer, time and people", tests);
}
