/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The outbox and its mailer, on both engines, with a clock and a provider that the test rules. */
#include "salon.h"

#include "message/letter.h"

#include <string.h>

/* ---- the tests ---- */

static void a_message_is_sent_once_after_its_transaction(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    rounds(&s, 2);
    put(&s, 1, 10);
    assert_int_equal(s.provider.call_count, 0);
    pass(&s, 1);
    for (int i = 0; i < 60; i++)
        pass(&s, 60);
    assert_int_equal(s.provider.call_count, 10);
    assert_int_equal(s.provider.emails, 10);
    assert_int_equal(count_status(&s, "sent"), 10);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE sent_s IS NULL OR"
                                  " lease_owner IS NOT NULL OR attempts <> 1"),
                     0);
    close_salon(&s);
}

static void nothing_of_a_rolled_back_transaction_is_sent(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    struct put p = {.s = &s, .first = 1, .last = 5, .then = CONFLICT};
    assert_int_equal(transact(s.f, put_in, &p), CONFLICT);
    pass(&s, 2);
    assert_int_equal(s.provider.call_count, 0);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message"), 0);
    close_salon(&s);
}

static void the_same_cause_twice_makes_one_message(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    put(&s, 1, 3);
    put(&s, 1, 3);
    struct put other = {.s = &s, .first = 1, .last = 1, .occurrence = "2"};
    assert_int_equal(transact(s.f, put_in, &other), OK);
    pass(&s, 1);
    assert_int_equal(s.provider.emails, 4);
    close_salon(&s);
}

static void an_address_that_is_none_fails_the_message_and_not_its_cause(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    struct put p = {.s = &s, .first = 1, .last = 1, .address = "bea@client.example\r\nBcc: x@y.z"};
    assert_int_equal(transact(s.f, put_in, &p), OK);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 0);
    assert_int_equal(count_status(&s, "failed"), 1);
    close_salon(&s);
}

static void a_retry_has_the_same_key_message_id_and_bytes(void **state)
{
    struct salon s;
    struct mail_result again = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &again;
    put(&s, 1, 1);
    for (int i = 0; i < 12; i++)
        pass(&s, HOUR_S / 2);
    assert_true(s.provider.call_count > 5);
    for (size_t i = 1; i < s.provider.call_count; i++) {
        assert_string_equal(s.provider.calls[i].key, s.provider.calls[0].key);
        assert_string_equal(s.provider.calls[i].message_id, s.provider.calls[0].message_id);
        assert_int_equal(s.provider.calls[i].bytes, s.provider.calls[0].bytes);
    }
    close_salon(&s);
}

static void a_refused_message_fails_at_once_and_says_why(void **state)
{
    struct salon s;
    struct mail_result no = {.outcome = MAIL_REFUSED, .error = "The recipient was refused (550)."};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &no;
    put(&s, 1, 1);
    pass(&s, 1);
    pass(&s, DAY_S);
    assert_int_equal(s.provider.call_count, 1);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE status = 'failed' AND"
                                  " last_error = 'The recipient was refused (550).'"),
                     1);
    close_salon(&s);
}

static void what_stays_undeliverable_is_given_up_after_a_day(void **state)
{
    struct salon s;
    struct mail_result later = {.outcome = MAIL_RETRY, .error = "busy"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &later;
    put(&s, 1, 1);
    for (int i = 0; i < 24 * 4 - 2; i++)
        pass(&s, HOUR_S / 4);
    assert_int_equal(count_status(&s, "queued"), 1);
    for (int i = 0; i < 3 * 4; i++)
        pass(&s, HOUR_S / 4);
    assert_int_equal(count_status(&s, "failed"), 1);
    assert_in_range(s.provider.call_count, 24, 36);
    close_salon(&s);
}

static void an_unknown_outcome_goes_again_only_while_the_key_is_remembered(void **state)
{
    struct salon s;
    struct mail_result lost = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &lost;
    s.provider.takes_unknown = true;
    put(&s, 1, 1);
    int64_t first_ms = s.clock.mono_ms;
    for (int i = 0; i < 30 * 4; i++)
        pass(&s, HOUR_S / 4);
    assert_int_equal(count_status(&s, "failed"), 1);
    assert_int_equal(s.provider.emails, 1);
    const struct fake_call *last = &s.provider.calls[s.provider.call_count - 1];
    assert_in_range(last->mono_ms - first_ms, (RESEND_MEMORY_S - 2 * HOUR_S) * 1000,
                    RESEND_MEMORY_S * 1000);
    close_salon(&s);
}

static void an_outage_longer_than_the_memory_of_keys_parks_and_does_not_double(void **state)
{
    struct salon s;
    struct mail_result lost = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &lost;
    s.provider.takes_unknown = true;
    put(&s, 1, 1);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    pass(&s, 3 * DAY_S);
    assert_int_equal(s.provider.call_count, 1);
    assert_int_equal(count_status(&s, "failed"), 1);
    close_salon(&s);
}

static void without_keys_a_lost_answer_is_tried_once_more(void **state)
{
    struct salon s;
    struct mail_result lost = {.outcome = MAIL_UNKNOWN, .error = "lost"};
    open_salon(&s, *state, 0, 0);
    s.provider.script = always;
    s.provider.arg = &lost;
    put(&s, 1, 1);
    for (int i = 0; i < 100; i++)
        pass(&s, 60);
    assert_int_equal(s.provider.call_count, 2);
    assert_int_equal(count_status(&s, "failed"), 1);
    close_salon(&s);
}

static struct mail_result pause_first(void *arg, size_t n)
{
    (void)arg;
    struct mail_result pause = {.outcome = MAIL_RETRY, .retry_after_s = 30, .pause = true};
    return n == 0 ? pause : (struct mail_result){.outcome = MAIL_ACCEPTED};
}

static void when_the_provider_asks_for_a_pause_all_messages_wait(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 1);
    s.provider.script = pause_first;
    put(&s, 1, 5);
    for (int i = 0; i < 30; i++)
        pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    for (int i = 0; i < 40; i++)
        pass(&s, 1);
    assert_int_equal(s.provider.emails, 5);
    assert_true(s.provider.calls[1].mono_ms - s.provider.calls[0].mono_ms >= 30000);
    close_salon(&s);
}

static void no_second_sees_more_calls_than_the_provider_allows(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 2);
    put(&s, 1, 40);
    for (int i = 0; i < 250; i++) {
        fake_clock_move(&s.clock, 100);
        rounds(&s, 2);
    }
    assert_int_equal(s.provider.emails, 40);
    for (size_t i = 2; i < s.provider.call_count; i++)
        assert_true(s.provider.calls[i].mono_ms - s.provider.calls[i - 2].mono_ms >= 1000);
    close_salon(&s);
}

/* ---- death and leases ---- */

static struct mailer *another(struct salon *s, const struct seal *seal)
{
    struct mailer_config config = {
        .db = s->f->db,
        .env = &s->clock.env,
        .provider = s->provider.provider,
        .from = "bookings@careops.example",
        .seal = seal,
    };
    return mailer_new(&config);
}

static void what_a_dead_mailer_held_goes_again_with_the_same_key(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    put(&s, 1, 4);
    s.provider.hold = true;
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 4);
    mailer_free(s.mailer); /* it dies with four deliveries under way, all of them taken */
    s.provider.hold = false;
    s.mailer = another(&s, NULL);
    pass(&s, MAILER_LEASE_S - 2);
    assert_int_equal(s.provider.call_count, 4);
    pass(&s, 3);
    assert_int_equal(s.provider.call_count, 8);
    assert_int_equal(s.provider.emails, 4);
    assert_int_equal(count_status(&s, "sent"), 4);
    close_salon(&s);
}

static void two_mailers_never_hold_one_message(void **state)
{
    struct salon s;
    open_salon(&s, *state, 0, 0);
    put(&s, 1, 100);
    fake_clock_move(&s.clock, 1000);
    struct fake_provider second;
    fake_provider_init(&second, &s.clock, 0, 0);
    struct mailer_config config = {.db = s.f->db,
                                   .env = &s.clock.env,
                                   .provider = second.provider,
                                   .from = "b@careops.example"};
    struct mailer *other = mailer_new(&config);
    for (int i = 0; i < 200; i++) {
        mailer_step(s.mailer, 0);
        mailer_step(other, 0);
    }
    assert_int_equal(s.provider.emails + second.emails, 100);
    assert_true(s.provider.emails > 20 && second.emails > 20);
    assert_int_equal(count_status(&s, "sent"), 100);
    mailer_free(other);
    close_salon(&s);
}

static void a_late_outcome_counts_only_when_it_says_sent(void **state)
{
    struct salon s;
    struct mail_result later = {.outcome = MAIL_RETRY, .error = "busy"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    put(&s, 1, 2);
    s.provider.hold = true;
    pass(&s, 1);
    run_sql(s.f, "UPDATE message SET lease_owner = 'somebody else'");
    run_sql(s.f, "UPDATE message SET status = 'failed' WHERE subject_id = 1");
    s.provider.pending[1].result = later;
    s.provider.hold = false;
    rounds(&s, 2);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE subject_id = 1 AND"
                                  " status = 'sent'"),
                     1);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE subject_id = 2 AND"
                                  " lease_owner = 'somebody else' AND last_error IS NULL"),
                     1);
    close_salon(&s);
}

static void a_mailer_that_slept_past_its_lease_begins_nothing_twice(void **state)
{
    struct salon s;
    open_salon(&s, *state, 0, 0);
    put(&s, 1, 1);
    s.provider.hold = true;
    pass(&s, 1);
    pass(&s, MAILER_LEASE_S + 10);
    assert_int_equal(s.provider.call_count, 1);
    s.provider.hold = false;
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    assert_int_equal(count_status(&s, "sent"), 1);
    close_salon(&s);
}

static void outcomes_are_kept_while_the_database_is_away(void **state)
{
    struct salon s;
    open_salon(&s, *state, 0, 0);
    put(&s, 1, 3);
    s.provider.hold = true;
    pass(&s, 1);
    run_sql(s.f, "ALTER TABLE message RENAME TO away");
    s.provider.hold = false;
    for (int i = 0; i < 5; i++)
        pass(&s, 2);
    run_sql(s.f, "ALTER TABLE away RENAME TO message");
    assert_int_equal(count_status(&s, "queued"), 3);
    pass(&s, 2);
    assert_int_equal(count_status(&s, "sent"), 3);
    assert_int_equal(s.provider.call_count, 3);
    close_salon(&s);
}

/* ---- other promises ---- */

static void a_secret_outlives_neither_its_sending_nor_its_failing(void **state)
{
    struct salon s;
    struct mail_result refused = {.outcome = MAIL_REFUSED, .error = "no such mailbox"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.arg = &refused;
    for (int64_t i = 1; i <= 2; i++) {
        struct put p = {.s = &s, .first = i, .last = i, .kind = "staff_invitation"};
        assert_int_equal(transact(s.f, put_in, &p), OK);
        put(&s, i + 10, i + 10);
        pass(&s, 1);
        assert_int_equal(count_status(&s, i == 1 ? "sent" : "failed"), 2);
        assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE body_text = ''"), i);
        s.provider.script = always;
    }
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE body_text LIKE 'Body 1%'"),
                     2);
    close_salon(&s);
}

static void a_sealed_secret_is_opened_for_its_delivery_alone(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    struct seal *ours = seal_new(&s.clock.env, STR("the key of these tests, long enough")),
                *theirs = seal_new(&s.clock.env, STR("the key of another machine, as long"));
    struct put p = {.s = &s, .first = 1, .last = 1, .kind = "staff_invitation", .seal = ours};
    assert_int_equal(transact(s.f, put_in, &p), OK);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE body_text LIKE 'Body%'"), 0);
    mailer_free(s.mailer);
    s.mailer = another(&s, theirs);
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 0);
    assert_int_equal(count_status(&s, "queued"), 1);
    mailer_free(s.mailer);
    s.mailer = another(&s, ours);
    pass(&s, MAILER_LEASE_S);
    assert_string_equal(s.provider.calls[0].text, "Body 1");
    assert_int_equal(count_status(&s, "sent"), 1);
    close_salon(&s);
    seal_free(ours);
    seal_free(theirs);
}

static enum result suppress_in(struct db_tx *tx, void *arg)
{
    struct salon *s = arg;
    struct work w = {
        .tx = tx, .now_s = env_now_s(&s->clock.env), .actor = {.workspace_id = WORKSPACE}};
    db_tenant(tx, WORKSPACE);
    return outbox_supersede(&w, 55, true);
}

static void what_is_taken_back_is_not_sent_and_what_is_under_way_stays(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.hold = true;
    struct put begun = {.s = &s, .first = 1, .last = 1, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &begun), OK);
    pass(&s, 1);
    struct put waiting = {.s = &s, .first = 2, .last = 2, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &waiting), OK);
    put(&s, 3, 3);
    assert_int_equal(transact(s.f, suppress_in, &s), OK);
    s.provider.hold = false;
    pass(&s, 1);
    assert_int_equal(count_status(&s, "suppressed"), 1);
    assert_int_equal(count_status(&s, "sent"), 2);
    close_salon(&s);
}

static enum result believe_in(struct db_tx *tx, void *arg)
{
    struct outbox_belief *belief = arg;
    struct work w = {.tx = tx, .actor = {.workspace_id = WORKSPACE}};
    db_tenant(tx, WORKSPACE);
    return outbox_belief(&w, 55, STR("bea@client.example"), false, belief);
}

static void what_is_under_way_when_it_is_taken_back_may_be_believed(void **state)
{
    struct salon s;
    struct outbox_belief belief;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    struct put first = {.s = &s, .first = 1, .last = 1, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &first), OK);
    run_sql(s.f, "UPDATE message SET tells_staff_id = 7, tells_start_s = 1000");
    pass(&s, 1);
    assert_int_equal(transact(s.f, believe_in, &belief), OK);
    assert_true(belief.known && belief.start_s == 1000);
    s.provider.hold = true;
    struct put second = {.s = &s, .first = 2, .last = 2, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &second), OK);
    run_sql(s.f, "UPDATE message SET tells_staff_id = 7, tells_start_s = 2000"
                 " WHERE subject_id = 2");
    pass(&s, 1);
    assert_int_equal(transact(s.f, suppress_in, &s), OK);
    assert_int_equal(transact(s.f, believe_in, &belief), OK);
    assert_true(!belief.known && belief.perhaps);
    close_salon(&s);
}

static void what_failed_is_not_tried_again_behind_a_later_word_of_the_same_visit(void **state)
{
    struct salon s;
    struct mail_result ill = {.outcome = MAIL_RETRY, .error = "ill"};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = always;
    s.provider.arg = &ill;
    struct put earlier = {.s = &s, .first = 1, .last = 1, .booking_id = 55};
    assert_int_equal(transact(s.f, put_in, &earlier), OK);
    run_sql(s.f, "UPDATE message SET tells_staff_id = 7");
    pass(&s, 1);
    assert_int_equal(s.provider.call_count, 1);
    struct put later = {.s = &s, .first = 2, .last = 2, .booking_id = 55, .occurrence = "2"};
    struct put of_another = {.s = &s, .first = 3, .last = 3, .booking_id = 56};
    assert_int_equal(transact(s.f, put_in, &later), OK);
    assert_int_equal(transact(s.f, put_in, &of_another), OK);
    run_sql(s.f, "UPDATE message SET tells_staff_id = 7");
    ill.outcome = MAIL_ACCEPTED;
    for (int i = 0; i < 10; i++)
        pass(&s, 60);
    assert_int_equal(count_status(&s, "sent"), 2);
    assert_int_equal(s.provider.emails, 2);
    assert_int_equal(ask_int(s.f, "SELECT COUNT(*) FROM message WHERE subject_id = 1"
                                  " AND status = 'suppressed' AND reason = 'superseded'"),
                     1);
    close_salon(&s);
}

/* Faults of every kind, a clock that jumps, mailers that die: still each message exactly once. */
static struct mail_result mixed(void *arg, size_t n)
{
    struct numbers *numbers = arg;
    (void)n;
    switch (numbers_between(numbers, 0, 9)) {
    case 0: return (struct mail_result){.outcome = MAIL_RETRY, .error = "busy"};
    case 1: return (struct mail_result){.outcome = MAIL_UNKNOWN, .error = "lost"};
    case 2: return (struct mail_result){.outcome = MAIL_RETRY, .retry_after_s = 2, .pause = true};
    default: return (struct mail_result){.outcome = MAIL_ACCEPTED};
    }
}

static void with_faults_jumps_and_deaths_each_message_arrives_once(void **state)
{
    enum { MESSAGES = 300, ROUNDS_MAX = 5000 };
    struct salon s;
    struct numbers numbers = {2026};
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    s.provider.script = mixed;
    s.provider.arg = &numbers;
    s.provider.takes_unknown = true;
    put(&s, 1, MESSAGES);
    size_t deaths = 0;
    for (int i = 0; i < ROUNDS_MAX && count_status(&s, "queued") > 0; i++) {
        if (i % 9 == 0)
            fake_clock_jump(&s.clock, numbers_between(&numbers, -300, 300) * 1000);
        s.provider.hold = i % 7 == 0;
        pass(&s, numbers_between(&numbers, 1, 20));
        if (i % 7 == 0) {
            mailer_free(s.mailer);
            s.mailer = another(&s, NULL);
            deaths++;
        }
        s.provider.hold = false;
    }
    assert_int_equal(count_status(&s, "sent"), MESSAGES);
    assert_int_equal(s.provider.emails, MESSAGES);
    assert_true(deaths > 10 && s.provider.call_count > MESSAGES + MESSAGES / 10);
    close_salon(&s);
}

/* ---- the thread ---- */

/* Waits for the mailer's thread to have recorded so many; false after ten seconds. */
static bool wait_sent(const struct mailer *m, int64_t count)
{
    static const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 10000; i++) {
        if (mailer_stats(m).sent >= count)
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

static void a_wake_delivers_at_once_and_a_stop_does_not_wait_for_what_hangs(void **state)
{
    struct salon s;
    open_salon(&s, *state, RESEND_MEMORY_S, 0);
    mailer_start(s.mailer);
    /* The fake clock stands still, so that only a wake can make the thread look again. */
    put(&s, 1, 1);
    mailer_wake(s.mailer);
    assert_true(wait_sent(s.mailer, 1));
    pthread_mutex_lock(&s.provider.lock);
    s.provider.hold = true;
    pthread_mutex_unlock(&s.provider.lock);
    put(&s, 2, 2);
    mailer_wake(s.mailer);
    assert_true(fake_wait_calls(&s.provider, 2));
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    mailer_stop(s.mailer, 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec <= 1);
    assert_int_equal(count_status(&s, "sent"), 1);
    assert_int_equal(count_status(&s, "queued"), 1);
    close_salon(&s);
}

static void a_sender_that_is_no_address_is_refused_at_start(void **state)
{
    struct salon s;
    open_salon(&s, *state, 0, 0);
    static const char *const bad[] = {"", "ada", "Ada <ada>", "Ada <a@b.example> x",
                                      "<a@b.example"};
    for (size_t i = 0; i < count_of(bad); i++) {
        struct mailer_config config = {
            .db = s.f->db, .env = &s.clock.env, .provider = s.provider.provider, .from = bad[i]};
        assert_null(mailer_new(&config));
    }
    close_salon(&s);
}

struct named_test {
    const char *name;
    CMUnitTestFunction fn;
};

#define T(name)     \
    {               \
#name, name \
    }

static const struct named_test tests[] = {
    T(a_message_is_sent_once_after_its_transaction),
    T(nothing_of_a_rolled_back_transaction_is_sent),
    T(the_same_cause_twice_makes_one_message),
    T(an_address_that_is_none_fails_the_message_and_not_its_cause),
    T(a_retry_has_the_same_key_message_id_and_bytes),
    T(a_refused_message_fails_at_once_and_says_why),
    T(what_stays_undeliverable_is_given_up_after_a_day),
    T(an_unknown_outcome_goes_again_only_while_the_key_is_remembered),
    T(an_outage_longer_than_the_memory_of_keys_parks_and_does_not_double),
    T(without_keys_a_lost_answer_is_tried_once_more),
    T(when_the_provider_asks_for_a_pause_all_messages_wait),
    T(no_second_sees_more_calls_than_the_provider_allows),
    T(what_a_dead_mailer_held_goes_again_with_the_same_key),
    T(two_mailers_never_hold_one_message),
    T(a_late_outcome_counts_only_when_it_says_sent),
    T(a_mailer_that_slept_past_its_lease_begins_nothing_twice),
    T(outcomes_are_kept_while_the_database_is_away),
    T(a_secret_outlives_neither_its_sending_nor_its_failing),
    T(a_sealed_secret_is_opened_for_its_delivery_alone),
    T(what_is_taken_back_is_not_sent_and_what_is_under_way_stays),
    T(what_is_under_way_when_it_is_taken_back_may_be_believed),
    T(what_failed_is_not_tried_again_behind_a_later_word_of_the_same_visit),
    T(with_faults_jumps_and_deaths_each_message_arrives_once),
    T(a_wake_delivers_at_once_and_a_stop_does_not_wait_for_what_hangs),
    T(a_sender_that_is_no_address_is_refused_at_start),
};

int main(void)
{
    enum { EACH = count_of(tests), NAME_SIZE = 160 };
    static struct pg_server server;
    static struct ground grounds[2] = {{.engine = DB_SQLITE},
                                       {.engine = DB_POSTGRES, .server = &server}};
    static char names[2 * EACH][NAME_SIZE];
    struct CMUnitTest all[2 * EACH];
    pg_server_start(&server, false);
    for (size_t i = 0; i < count_of(all); i++) {
        const char *engine = i < EACH ? "SQLite" : "PostgreSQL";
        snprintf(names[i], NAME_SIZE, "%s: %s", engine, tests[i % EACH].name);
        all[i] = (struct CMUnitTest){names[i], tests[i % EACH].fn, fixture_setup, fixture_teardown,
                                     &grounds[i / EACH]};
    }
    int failed = cmocka_run_group_tests_name("the outbox and its mailer", all, NULL, NULL);
    pg_server_stop(&server);
    return failed;
}
