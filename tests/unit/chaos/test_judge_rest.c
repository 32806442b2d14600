/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The judges of answers, stock, letters, secrets and of the day itself: each wrong day is wrong in
 * one way and is found by the judge who is there for it and by no other.
 */
#include "good_day.h"

#include <string.h>
#include <time.h>

/* ---- same-answer ---- */

static void test_the_same_key_with_another_answer_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_BOOK, KEY_RETRIED, 2)->answer = 0xDEAD;
    assert_found(&d, "same-answer", 1);
}

static void test_a_key_that_was_acknowledged_and_then_refused_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_op *again = op_of(&d, DAY_BOOK, KEY_RETRIED, 2);
    again->outcome = DAY_REFUSED;
    again->status = 409;
    assert_found(&d, "same-answer", 1);
    /* Too many calls, or two fingers at the same moment, are another matter. */
    good_day(&d);
    again = op_of(&d, DAY_BOOK, KEY_RETRIED, 2);
    again->outcome = DAY_REFUSED;
    again->status = 429;
    assert_good(&d);
    good_day(&d);
    again = op_of(&d, DAY_BOOK, KEY_RETRIED, 2);
    again->outcome = DAY_REFUSED;
    again->status = 409;
    again->began = op_of(&d, DAY_BOOK, KEY_RETRIED, 1)->began;
    assert_good(&d);
}

static void a_refused_retry(struct day *d, int64_t began)
{
    day_op(d, &(struct day_op){.began = began,
                               .ended = began + 10,
                               .verb = DAY_BOOK,
                               .outcome = DAY_REFUSED,
                               .status = 409,
                               .key = KEY_SILENT,
                               .start_s = AT_NINE});
}

static void test_a_refusal_of_what_was_made_before_a_kill_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    a_refused_retry(&d, 50000);
    assert_found(&d, "same-answer", 1);
    /* Without a kill between, the first call may have come through after the second. */
    good_day(&d);
    a_refused_retry(&d, op_of(&d, DAY_BOOK, KEY_SILENT, 0)->ended + 1);
    assert_good(&d);
}

/* ---- winners ---- */

static void test_a_winner_too_many_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    /* A third one, with a person who does not exist, so that only the count is wrong. */
    struct day_booking extra = *booking_of(&d, KEY_RUSH);
    struct day_op *op = op_of(&d, DAY_BOOK, KEY_RUSH + 2, 0);
    struct day_mail letter = *mail_of(&d, KEY_RUSH);
    extra.id = letter.booking = op->booking = id_of(KEY_RUSH + 2);
    extra.key = KEY_RUSH + 2;
    extra.staff = 13;
    letter.key = 1;
    op->outcome = DAY_ACKNOWLEDGED;
    op->version = 1;
    day_booking(&d, &extra);
    day_mail(&d, &letter);
    assert_found(&d, "winners", 1);
}

static void test_a_refusal_while_there_was_room_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    forget(&d, KEY_RUSH + 1);
    struct day_op *op = op_of(&d, DAY_BOOK, KEY_RUSH + 1, 0);
    op->outcome = DAY_REFUSED;
    op->booking = op->version = 0;
    assert_found(&d, "winners", 1);
}

static void test_a_rush_with_silent_winners_is_counted_by_what_is_there(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_op *op = op_of(&d, DAY_BOOK, KEY_RUSH + 1, 0);
    op->outcome = DAY_UNKNOWN;
    op->booking = op->version = 0;
    assert_good(&d);
    /* Fewer than there was room for, and nobody was told that it was taken: right. */
    good_day(&d);
    for (uint32_t i = 1; i < RUSH_CLIENTS; i++) {
        op = op_of(&d, DAY_BOOK, KEY_RUSH + i, 0);
        op->outcome = DAY_UNKNOWN;
        op->booking = op->version = 0;
    }
    forget(&d, KEY_RUSH + 1);
    assert_good(&d);
}

/* ---- away ---- */

static void test_a_visit_that_is_put_into_time_off_is_found(void **state)
{
    (void)state;
    struct day d;
    good_sick_day(&d);
    assert_good(&d);
    good_sick_day(&d);
    /* Moved on that day, and not to somebody else. */
    booking_of(&d, KEY_LEFT)->staff = MIA;
    op_of(&d, DAY_MOVE, KEY_LEFT, 0)->staff = MIA;
    op_of(&d, DAY_BOOK, KEY_LEFT, 0)->staff = LENA;
    assert_found(&d, "away", 1);
    good_sick_day(&d);
    int64_t since = op_of(&d, DAY_AWAY, KEY_SICK, 1)->ended;
    op_of(&d, DAY_BOOK, KEY_STAYED, 0)->began = since + 1;
    assert_found(&d, "away", 1);
    /* Over is over, and before the answer nobody can know. */
    good_sick_day(&d);
    op_of(&d, DAY_BOOK, KEY_STAYED, 0)->began = since;
    assert_good(&d);
    good_sick_day(&d);
    booking_of(&d, KEY_LEFT)->staff = MIA;
    booking_of(&d, KEY_LEFT)->start_s += 86400;
    booking_of(&d, KEY_LEFT)->end_s += 86400;
    op_of(&d, DAY_MOVE, KEY_LEFT, 0)->start_s += 86400;
    assert_good(&d);
}

static void test_what_may_have_come_before_the_time_off_is_right(void **state)
{
    (void)state;
    struct day d;
    good_sick_day(&d);
    struct day_op *late = op_of(&d, DAY_BOOK, KEY_STAYED, 0);
    struct day_op early = *late;
    late->began = op_of(&d, DAY_AWAY, KEY_SICK, 1)->ended + 1;
    early.outcome = DAY_UNKNOWN;
    early.status = 0;
    early.booking = early.version = 0;
    early.answer = 0;
    day_op(&d, &early);
    assert_good(&d);
}

static void test_time_off_that_is_gone_or_doubled_is_found(void **state)
{
    (void)state;
    struct day d;
    good_sick_day(&d);
    d.aways.count = 0;
    assert_found(&d, "away", 1);
    good_sick_day(&d);
    day_away(&d, &(struct day_away){.staff = MIA, .from_s = SICK_S, .to_s = SICK_S + 86400});
    assert_found(&d, "away", 1);
    /* Never acknowledged, it may be there or not. */
    good_sick_day(&d);
    op_of(&d, DAY_AWAY, KEY_SICK, 1)->outcome = DAY_UNKNOWN;
    assert_good(&d);
    good_sick_day(&d);
    op_of(&d, DAY_AWAY, KEY_SICK, 1)->outcome = DAY_UNKNOWN;
    d.aways.count = 0;
    assert_good(&d);
}

/* ---- ledger ---- */

static void test_a_sum_that_is_not_that_of_its_moves_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    ((struct day_item *)d.items.rows)->on_hand += 1;
    assert_found(&d, "ledger", 1);
    good_day(&d);
    ((struct day_item *)d.items.rows)->reserved -= 1500;
    assert_found(&d, "ledger", 1);
    good_day(&d);
    day_item(&d, &(struct day_item){.id = 32, .name = STR("Conditioner"), .on_hand = 1000});
    assert_found(&d, "ledger", 1);
}

static void test_stock_that_was_negative_for_a_moment_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    /* Delivered after it was used; the sums at the end are right. */
    move_of(&d, 0, "receive")->id = 500000;
    assert_found(&d, "ledger", 1);
}

static void test_more_reserved_than_on_hand_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    move_of(&d, 0, "receive")->on_hand = 1500;
    balance(&d);
    assert_found(&d, "ledger", 1);
}

static void test_a_move_of_an_item_that_is_not_there_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    day_stock_move(
        &d, &(struct day_stock_move){.id = 1, .item = 99, .on_hand = 1, .cause = STR("receive")});
    assert_found(&d, "ledger", 1);
}

static void test_an_acknowledged_delivery_that_is_gone_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    for (uint32_t key = 70; key <= 71; key++)
        day_op(&d, &(struct day_op){.verb = DAY_STOCK, .status = 201, .key = key});
    day_op(&d, &(struct day_op){.verb = DAY_STOCK, .status = 201, .key = 70}); /* a retry */
    for (int i = 0; i < 2; i++)
        day_stock_move(&d,
                       &(struct day_stock_move){
                           .id = 900 + i, .item = SHAMPOO, .on_hand = i, .cause = STR("count")});
    balance(&d);
    assert_good(&d);
    good_day(&d);
    day_op(&d, &(struct day_op){.verb = DAY_STOCK, .status = 201, .key = 70});
    assert_found(&d, "ledger", 1);
}

/* ---- reserved ---- */

static void test_a_reservation_that_ends_twice_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_stock_move again = *move_of(&d, KEY_CANCELLED, "release");
    again.id = 7000;
    day_stock_move(&d, &again);
    balance(&d);
    assert_found(&d, "reserved", 1);
}

static void test_one_that_is_made_twice_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_stock_move again = *move_of(&d, KEY_WALK_IN, "reserve");
    again.id = move_of(&d, KEY_WALK_IN, "consume")->id;
    move_of(&d, KEY_WALK_IN, "consume")->id = 7000;
    move_of(&d, KEY_WALK_IN, "consume")->reserved *= 2;
    day_stock_move(&d, &again);
    balance(&d);
    assert_found(&d, "reserved", 1);
}

static void test_one_that_outlives_its_visit_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    move_of(&d, KEY_NO_SHOW, "release")->reserved = 0;
    balance(&d);
    assert_found(&d, "reserved", 1);
}

static void test_a_visit_to_come_without_its_reservation_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    move_of(&d, KEY_PLAIN, "reserve")->reserved = 0;
    balance(&d);
    assert_found(&d, "reserved", 1);
}

static void test_a_completed_visit_that_used_nothing_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    move_of(&d, KEY_WALK_IN, "consume")->on_hand = 0;
    balance(&d);
    assert_found(&d, "reserved", 1);
}

static void test_a_reservation_for_a_visit_that_is_not_there_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_stock_move stray = *move_of(&d, KEY_PLAIN, "reserve");
    stray.id = 7000;
    stray.booking = 123456;
    day_stock_move(&d, &stray);
    balance(&d);
    assert_found(&d, "reserved", 1);
}

/* ---- confirmed ---- */

static void test_a_letter_that_never_came_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    mail_of(&d, KEY_SILENT)->kind = STR("booking_reminder");
    assert_found(&d, "confirmed", 1);
}

static void test_a_second_letter_is_found_and_a_second_try_is_none(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_mail again = *mail_of(&d, KEY_PLAIN);
    day_mail(&d, &again); /* the same key: the provider gave it to nobody twice */
    assert_good(&d);
    good_day(&d);
    again = *mail_of(&d, KEY_PLAIN);
    again.key++;
    again.key += 1000;
    day_mail(&d, &again);
    assert_found(&d, "confirmed", 1);
}

static void test_who_was_restored_may_be_told_once_more(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_mail again = *mail_of(&d, KEY_CHANGED);
    again.key += 1000;
    day_mail(&d, &again);
    assert_good(&d);
    good_day(&d);
    again = *mail_of(&d, KEY_CHANGED);
    for (int i = 0; i < 2; i++) {
        again.key += 1000;
        day_mail(&d, &again);
    }
    assert_found(&d, "confirmed", 1);
}

static void test_a_letter_about_nothing_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_mail stray = *mail_of(&d, KEY_PLAIN);
    stray.key = 5;
    stray.booking = 0;
    day_mail(&d, &stray);
    assert_found(&d, "confirmed", 1);
}

static void test_without_a_provider_of_ours_the_systems_word_counts(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    d.has_stand_in = false;
    d.mails.count = 0;
    booking_of(&d, KEY_WALK_IN)->confirmations = 0;
    assert_good(&d);
    good_day(&d);
    d.has_stand_in = false;
    booking_of(&d, KEY_WALK_IN)->confirmations = 0;
    booking_of(&d, KEY_PLAIN)->confirmations = 2;
    assert_found(&d, "confirmed", 1);
}

/* ---- the day itself ---- */

static void test_a_marker_of_another_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    day_leak(&d, &(struct day_leak){5, STR("Ada"), STR("Bob"), STR("GET /clients")});
    assert_found(&d, "private", 1);
}

static void restart(struct day *d, int64_t took)
{
    day_event(d, &(struct day_event){.at = 60000, .fault = DAY_KILL_SERVER});
    if (took)
        day_event(d, &(struct day_event){.at = 60000 + took, .fault = DAY_READY, .took = took});
}

static void test_a_slow_way_back_is_found_where_it_is_no_exception(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    restart(&d, 1001);
    assert_found(&d, "ready", 1);
    /* One in two hundred may be slow: that is what the 99th percentile means. */
    good_day(&d);
    for (int i = 0; i < 198; i++)
        restart(&d, 300);
    restart(&d, 5000);
    assert_good(&d);
}

static void test_a_system_that_never_came_back_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    restart(&d, 0);
    assert_found(&d, "ready", 1);
    /* The database's own way back is no restart of the server. */
    good_day(&d);
    day_event(&d, &(struct day_event){.at = 60000, .fault = DAY_KILL_DATABASE});
    assert_good(&d);
}

static void test_a_day_without_a_fault_proves_nothing(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_event *event = d.events.rows;
    for (size_t i = 0; i < d.events.count; i++)
        event[i].fault = DAY_NO_FAULT;
    d.kills_wanted = 0;
    assert_found(&d, "injected", 1);
    good_day(&d);
    event = d.events.rows;
    for (size_t i = 0; i < d.events.count; i++)
        if (event[i].fault == DAY_KILL_SERVER || event[i].fault == DAY_READY)
            event[i].fault = DAY_NO_FAULT;
    assert_found(&d, "injected", 1); /* a kill was wanted, and only other things were done */
}

static void test_what_was_not_read_to_its_end_has_no_verdict_and_no_false_finding(void **state)
{
    (void)state;
    struct day d;
    struct arena a;
    struct verdict v;
    good_day(&d);
    d.all_read = false;
    d.bookings.count = d.moves.count = 0;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(&d, &a, &v);
    assert_false(v.holds);
    int64_t findings = 0, skipped = 0;
    for (size_t i = 0; i < v.count; i++) {
        findings += v.judgement[i].findings;
        skipped += v.judgement[i].skipped;
    }
    assert_int_equal(findings, 0);
    assert_int_equal(skipped, 8);
    assert_int_equal(v.acknowledged_bookings, 13);
    assert_int_equal(v.lost, 0);
    assert_true(v.why_not_count > 0);
    arena_done(&a);
    day_done(&d);
}

static void test_an_empty_day_has_no_verdict(void **state)
{
    (void)state;
    struct day d;
    struct arena a;
    struct verdict v;
    day_init(&d, 1);
    d.all_read = true;
    day_event(&d, &(struct day_event){.fault = DAY_LOST_ANSWER});
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(&d, &a, &v);
    assert_false(v.holds);
    assert_int_equal(v.why_not_count, 3); /* acked, overlap and ledger are blind */
    for (size_t i = 0; i < v.count; i++)
        assert_int_equal(v.judgement[i].findings, 0);
    arena_done(&a);
    day_done(&d);
}

static void test_more_than_could_be_written_down_has_no_verdict(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    for (int i = 0; i < 2000; i++)
        day_person(&d, &(struct day_person){.id = 50 + i});
    assert_true(day_overflowed(&d));
    /* The rush has room for two thousand now, and three were refused. */
    assert_found(&d, "winners", 1);
}

static void test_the_bound_is_three_in_so_many(void **state)
{
    (void)state;
    assert_true(judge_bound(0) == 1.0);
    assert_true(judge_bound(2) == 1.0);
    assert_true(judge_bound(300) > 0.00999 && judge_bound(300) < 0.01001);
}

static void test_findings_are_counted_all_and_told_in_part(void **state)
{
    (void)state;
    struct day d;
    struct arena a;
    struct verdict v;
    good_day(&d);
    for (int i = 0; i < 1000; i++)
        day_leak(&d, &(struct day_leak){5, STR("Ada"), STR("Bob"), STR("GET /clients")});
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(&d, &a, &v);
    for (size_t i = 0; i < v.count; i++)
        if (strcmp(v.judgement[i].name, "private") == 0) {
            assert_int_equal(v.judgement[i].findings, 1000);
            assert_int_equal(v.judgement[i].told, FINDINGS_SHOWN_MAX);
        }
    arena_done(&a);
    day_done(&d);
}

/* A quarter of a million calls of one rush, of one booking, of many: nothing is looked at by all
 * pairs. The bound is far from what it takes, and further from what all pairs would. */
static void test_a_long_day_is_judged_in_a_moment(void **state)
{
    (void)state;
    enum { MANY = 60000 };
    struct day d;
    struct arena a;
    struct verdict v;
    good_day(&d);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t key = 1000 + i;
        int64_t start = AT_NINE + (int64_t)(i + 100) * 86400;
        day_op(&d, &(struct day_op){.began = 100000 + i,
                                    .ended = 100000 + i,
                                    .verb = DAY_BOOK,
                                    .outcome = DAY_REFUSED,
                                    .status = 409,
                                    .key = key,
                                    .rush = 2});
        day_op(&d, &(struct day_op){.began = 200000 + i,
                                    .ended = 200000 + i,
                                    .verb = DAY_BOOK,
                                    .booking = id_of(key),
                                    .version = 1,
                                    .key = key,
                                    .rush = i < 2 ? 2 : 0,
                                    .start_s = start});
        day_op(&d, &(struct day_op){.began = 300000 + i,
                                    .ended = 300000 + i,
                                    .verb = DAY_READ,
                                    .booking = id_of(KEY_CHANGED),
                                    .version = 4});
        day_booking(&d, &(struct day_booking){.id = id_of(key),
                                              .version = 1,
                                              .service = CUT,
                                              .staff = LENA,
                                              .start_s = start,
                                              .end_s = start + 1800,
                                              .status = STR("confirmed"),
                                              .key = key});
        day_stock_move(&d, &(struct day_stock_move){.id = 100000 + i,
                                                    .item = SHAMPOO,
                                                    .on_hand = 1500,
                                                    .reserved = 1500,
                                                    .cause = STR("reserve"),
                                                    .booking = id_of(key)});
        day_event(&d, &(struct day_event){.at = 100000 + i, .fault = DAY_KILL_SERVER});
        day_event(&d, &(struct day_event){.at = 100000 + i, .fault = DAY_READY, .took = 1});
    }
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    judge_day(&d, &a, &v);
    clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(to.tv_sec - from.tv_sec < 20);
    assert_int_equal(v.acknowledged_bookings, 13 + MANY);
    arena_done(&a);
    day_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_key_with_another_answer_is_found),
        cmocka_unit_test(test_a_key_that_was_acknowledged_and_then_refused_is_found),
        cmocka_unit_test(test_a_refusal_of_what_was_made_before_a_kill_is_found),
        cmocka_unit_test(test_a_winner_too_many_is_found),
        cmocka_unit_test(test_a_refusal_while_there_was_room_is_found),
        cmocka_unit_test(test_a_rush_with_silent_winners_is_counted_by_what_is_there),
        cmocka_unit_test(test_a_visit_that_is_put_into_time_off_is_found),
        cmocka_unit_test(test_what_may_have_come_before_the_time_off_is_right),
        cmocka_unit_test(test_time_off_that_is_gone_or_doubled_is_found),
        cmocka_unit_test(test_a_sum_that_is_not_that_of_its_moves_is_found),
        cmocka_unit_test(test_stock_that_was_negative_for_a_moment_is_found),
        cmocka_unit_test(test_more_reserved_than_on_hand_is_found),
        cmocka_unit_test(test_a_move_of_an_item_that_is_not_there_is_found),
        cmocka_unit_test(test_an_acknowledged_delivery_that_is_gone_is_found),
        cmocka_unit_test(test_a_reservation_that_ends_twice_is_found),
        cmocka_unit_test(test_one_that_is_made_twice_is_found),
        cmocka_unit_test(test_one_that_outlives_its_visit_is_found),
        cmocka_unit_test(test_a_visit_to_come_without_its_reservation_is_found),
        cmocka_unit_test(test_a_completed_visit_that_used_nothing_is_found),
        cmocka_unit_test(test_a_reservation_for_a_visit_that_is_not_there_is_found),
        cmocka_unit_test(test_a_letter_that_never_came_is_found),
        cmocka_unit_test(test_a_second_letter_is_found_and_a_second_try_is_none),
        cmocka_unit_test(test_who_was_restored_may_be_told_once_more),
        cmocka_unit_test(test_a_letter_about_nothing_is_found),
        cmocka_unit_test(test_without_a_provider_of_ours_the_systems_word_counts),
        cmocka_unit_test(test_a_marker_of_another_is_found),
        cmocka_unit_test(test_a_slow_way_back_is_found_where_it_is_no_exception),
        cmocka_unit_test(test_a_system_that_never_came_back_is_found),
        cmocka_unit_test(test_a_day_without_a_fault_proves_nothing),
        cmocka_unit_test(test_what_was_not_read_to_its_end_has_no_verdict_and_no_false_finding),
        cmocka_unit_test(test_an_empty_day_has_no_verdict),
        cmocka_unit_test(test_more_than_could_be_written_down_has_no_verdict),
        cmocka_unit_test(test_the_bound_is_three_in_so_many),
        cmocka_unit_test(test_findings_are_counted_all_and_told_in_part),
        cmocka_unit_test(test_a_long_day_is_judged_in_a_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
