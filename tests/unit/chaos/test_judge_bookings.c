/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The judges of what is in the diary: each wrong day is wrong in one way and is found by the judge
 * who is there for it and by no other; what is legal is found by none.
 */
#include "good_day.h"

#include <string.h>

static void test_a_good_day_is_good(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    assert_good(&d);
}

static const struct judgement *judged(const struct verdict *v, const char *name)
{
    for (size_t i = 0; i < v->count; i++)
        if (strcmp(v->judgement[i].name, name) == 0)
            return &v->judgement[i];
    fail_msg("there is no judge %s", name);
    return NULL;
}

static void test_each_judge_says_how_much_it_looked_at(void **state)
{
    (void)state;
    struct day d;
    struct arena a;
    struct verdict v;
    good_sick_day(&d);
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(&d, &a, &v);
    assert_int_equal(v.count, 12);
    for (size_t i = 0; i < v.count; i++) {
        assert_true(v.judgement[i].looked_at > 0);
        assert_false(v.judgement[i].skipped);
    }
    assert_int_equal(judged(&v, "nothing-extra")->looked_at, (int64_t)d.bookings.count);
    assert_int_equal(judged(&v, "ledger")->looked_at, (int64_t)d.moves.count);
    assert_int_equal(judged(&v, "winners")->looked_at, 1);
    assert_int_equal(judged(&v, "same-answer")->looked_at, 1);
    assert_int_equal(judged(&v, "away")->looked_at, 2);
    assert_int_equal(v.acknowledged_bookings, 15);
    assert_int_equal(v.refused, 4);
    assert_int_equal(v.unknown, 6);
    arena_done(&a);
    day_done(&d);
}

/* ---- acked ---- */

static void test_an_acknowledged_booking_that_is_gone_is_lost(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    forget(&d, KEY_PLAIN);
    assert_found(&d, "acked", 1);
}

static void test_one_that_was_acknowledged_without_a_name_is_looked_for_by_its_key(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_BOOK, KEY_PLAIN, 0)->booking = 0;
    assert_good(&d);
    good_day(&d);
    op_of(&d, DAY_BOOK, KEY_PLAIN, 0)->booking = 0;
    forget(&d, KEY_PLAIN);
    assert_found(&d, "acked", 1);
}

static void test_an_acknowledged_move_that_is_gone_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_CHANGED)->start_s -= 60 * MINUTE;
    booking_of(&d, KEY_CHANGED)->end_s -= 60 * MINUTE;
    assert_found(&d, "acked", 1);
}

static void test_an_older_version_than_was_acknowledged_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_CHANGED)->version = 3;
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->version = 3; /* or it would be told of twice */
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->began = 0;
    assert_found(&d, "acked", 1);
}

static void test_a_cancellation_that_did_not_stay_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    /* Restored by nobody, and consistently so. */
    booking_of(&d, KEY_CANCELLED)->status = STR("confirmed");
    booking_of(&d, KEY_CANCELLED)->start_s += 7 * 86400;
    booking_of(&d, KEY_CANCELLED)->end_s += 7 * 86400;
    op_of(&d, DAY_BOOK, KEY_CANCELLED, 0)->start_s += 7 * 86400;
    struct day_stock_move *release = move_of(&d, KEY_CANCELLED, "release");
    release->reserved = 0;
    balance(&d);
    assert_found(&d, "acked", 1);
}

static void test_another_person_than_was_acknowledged_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_BOOK, KEY_PLAIN, 0)->staff = MIA;
    assert_found(&d, "acked", 1);
}

static void test_a_change_without_an_answer_may_have_happened_or_not(void **state)
{
    (void)state;
    struct day d;
    /* The good day has a move of each kind. Here a cancellation that happened: */
    good_day(&d);
    day_op(&d, &(struct day_op){.began = 9000,
                                .ended = 9100,
                                .verb = DAY_CANCEL,
                                .outcome = DAY_UNKNOWN,
                                .booking = id_of(KEY_INSIDE)});
    booking_of(&d, KEY_INSIDE)->status = STR("cancelled");
    booking_of(&d, KEY_INSIDE)->version = 2;
    assert_good(&d);
    /* … and one whose place is between two acknowledged changes, as the gap of versions tells. */
    good_day(&d);
    op_of(&d, DAY_RESTORE, KEY_CHANGED, 0)->version = 5;
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->version = 5;
    booking_of(&d, KEY_CHANGED)->version = 5;
    assert_good(&d);
}

static void test_where_no_version_is_missing_no_silent_change_can_be_the_reason(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    /* It is where the move without an answer would have put it, yet its version never rose. */
    booking_of(&d, KEY_MAYBE_STAYED)->start_s += 90 * MINUTE;
    booking_of(&d, KEY_MAYBE_STAYED)->end_s += 90 * MINUTE;
    assert_found(&d, "acked", 1);
}

static void test_a_silent_change_explains_only_what_it_asked_for(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_MAYBE_MOVED)->start_s += 15 * MINUTE;
    booking_of(&d, KEY_MAYBE_MOVED)->end_s += 15 * MINUTE;
    assert_found(&d, "acked", 1);
    good_day(&d);
    booking_of(&d, KEY_MAYBE_MOVED)->status = STR("cancelled");
    assert_found(&d, "acked", 1);
}

static void test_a_visit_that_is_over_may_have_been_marked_by_the_system(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_COMPLETE, KEY_WALK_IN, 0)->verb = DAY_CONFIRM;
    booking_of(&d, KEY_WALK_IN)->version = 3;
    assert_good(&d);
    /* One that is still to come may not. */
    good_day(&d);
    booking_of(&d, KEY_INSIDE)->status = STR("completed");
    booking_of(&d, KEY_INSIDE)->version = 2;
    assert_found(&d, "acked", 1);
}

static void test_a_reading_that_shows_an_older_version_than_was_acknowledged_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->version = 3;
    assert_found(&d, "acked", 1);
    /* One that began before the change was acknowledged may. */
    good_day(&d);
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->version = 3;
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->began = op_of(&d, DAY_RESTORE, KEY_CHANGED, 0)->ended - 1;
    assert_good(&d);
}

static void test_what_was_shown_and_is_gone_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    op_of(&d, DAY_READ, KEY_CHANGED, 0)->version = 5;
    assert_found(&d, "acked", 1);
}

static void test_a_booking_that_its_owner_could_not_see_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_op *read = op_of(&d, DAY_READ, KEY_CHANGED, 0);
    read->outcome = DAY_REFUSED;
    read->status = 404;
    assert_found(&d, "acked", 1);
    /* A client's link may have ended. */
    good_day(&d);
    read = op_of(&d, DAY_READ, KEY_CHANGED, 0);
    read->outcome = DAY_REFUSED;
    read->status = 404;
    read->client = 3;
    assert_good(&d);
}

/* ---- nothing-extra ---- */

static void test_a_booking_that_nobody_asked_for_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_SILENT)->key = 0;
    assert_found(&d, "nothing-extra", 1);
    good_day(&d);
    booking_of(&d, KEY_SILENT)->key = 999;
    assert_found(&d, "nothing-extra", 1);
}

static void test_a_booking_that_was_refused_and_is_there_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_SILENT)->key = KEY_REFUSED;
    assert_found(&d, "nothing-extra", 1);
}

static void test_two_bookings_of_one_key_are_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_booking twin = *booking_of(&d, KEY_SILENT);
    twin.id = id_of(90);
    twin.service = TRIM;
    twin.start_s -= 3 * 3600;
    twin.end_s = twin.start_s + 15 * MINUTE;
    day_op(&d, &(struct day_op){.began = 1, /* both are where somebody wanted them */
                                .ended = 2,
                                .verb = DAY_BOOK,
                                .outcome = DAY_UNKNOWN,
                                .key = KEY_SILENT,
                                .start_s = twin.start_s});
    day_booking(&d, &twin);
    assert_found(&d, "nothing-extra", 1);
}

static void test_a_time_or_a_state_that_nobody_asked_for_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_SILENT)->start_s -= 90 * MINUTE;
    booking_of(&d, KEY_SILENT)->end_s -= 90 * MINUTE;
    assert_found(&d, "nothing-extra", 1);
    good_day(&d);
    booking_of(&d, KEY_SILENT)->status = STR("cancelled");
    move_of(&d, KEY_SILENT, "reserve")->reserved = 0;
    balance(&d);
    assert_found(&d, "nothing-extra", 1);
}

/* ---- overlap ---- */

static void test_the_same_time_twice_is_found(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_SILENT)->staff = LENA; /* 09:00 as the plain one */
    assert_found(&d, "overlap", 1);
}

static void test_buffers_count(void **state)
{
    (void)state;
    struct day d;
    /* The plain one has Lena until 09:40 with its buffer, the retried one from 09:40 on: */
    good_day(&d);
    booking_of(&d, KEY_RETRIED)->staff = LENA;
    booking_of(&d, KEY_COLOUR)->staff = MIA;
    booking_of(&d, KEY_CANCELLED)->status = STR("cancelled");
    booking_of(&d, KEY_RETRIED)->start_s = AT_NINE + 45 * MINUTE;
    assert_good(&d);
    /* one second earlier it is too early. */
    good_day(&d);
    booking_of(&d, KEY_RETRIED)->staff = LENA;
    booking_of(&d, KEY_COLOUR)->staff = MIA;
    booking_of(&d, KEY_RETRIED)->start_s -= 1;
    booking_of(&d, KEY_RETRIED)->end_s -= 1;
    for (size_t i = 0; i < 3; i++)
        op_of(&d, DAY_BOOK, KEY_RETRIED, i)->start_s -= 1;
    assert_found(&d, "overlap", 1);
}

static void test_processing_time_is_free_and_not_a_second_more(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_INSIDE)->start_s -= 1;
    booking_of(&d, KEY_INSIDE)->end_s -= 1;
    op_of(&d, DAY_BOOK, KEY_INSIDE, 0)->start_s -= 1;
    assert_found(&d, "overlap", 1);
    good_day(&d);
    booking_of(&d, KEY_TOUCHING)->start_s += 1;
    booking_of(&d, KEY_TOUCHING)->end_s += 1;
    op_of(&d, DAY_BOOK, KEY_TOUCHING, 0)->start_s += 1;
    assert_found(&d, "overlap", 1);
}

static void test_a_visit_that_was_made_longer_needs_its_person_longer(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    booking_of(&d, KEY_INSIDE)->end_s += 1; /* into the touching one */
    assert_found(&d, "overlap", 1);
}

static void test_a_completed_visit_keeps_its_time(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    struct day_booking *walk_in = booking_of(&d, KEY_WALK_IN), *silent = booking_of(&d, KEY_SILENT);
    silent->start_s = walk_in->start_s + 10 * MINUTE;
    silent->end_s = silent->start_s + 30 * MINUTE;
    op_of(&d, DAY_BOOK, KEY_SILENT, 0)->start_s = silent->start_s;
    for (size_t i = 0; i < d.mails.count; i++) /* a walk-in has no letter */
        if (((struct day_mail *)d.mails.rows)[i].booking == id_of(KEY_SILENT))
            ((struct day_mail *)d.mails.rows)[i].kind = STR("other");
    assert_found(&d, "overlap", 1);
}

static void test_a_long_visit_is_found_behind_short_ones(void **state)
{
    (void)state;
    struct day d;
    good_day(&d);
    /* All day long: over each of Mia's others, the first of them nested in it. */
    int64_t from = AT_NINE + 2 * 86400;
    day_op(&d, &(struct day_op){.began = 1,
                                .ended = 2,
                                .verb = DAY_BOOK,
                                .outcome = DAY_UNKNOWN,
                                .key = 50,
                                .start_s = from});
    day_booking(&d, &(struct day_booking){.id = id_of(50),
                                          .version = 1,
                                          .service = 0,
                                          .staff = MIA,
                                          .start_s = from,
                                          .end_s = from + 8 * 3600,
                                          .status = STR("pending"),
                                          .key = 50});
    for (uint32_t key = 51; key <= 52; key++) {
        int64_t at = from + (key - 50) * 3600;
        day_op(&d, &(struct day_op){.began = 1,
                                    .ended = 2,
                                    .verb = DAY_BOOK,
                                    .outcome = DAY_UNKNOWN,
                                    .key = key,
                                    .start_s = at});
        day_booking(&d, &(struct day_booking){.id = id_of(key),
                                              .version = 1,
                                              .service = TRIM,
                                              .staff = MIA,
                                              .start_s = at,
                                              .end_s = at + 15 * MINUTE,
                                              .status = STR("pending"),
                                              .key = key});
    }
    assert_found(&d, "overlap", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_day_is_good),
        cmocka_unit_test(test_each_judge_says_how_much_it_looked_at),
        cmocka_unit_test(test_an_acknowledged_booking_that_is_gone_is_lost),
        cmocka_unit_test(test_one_that_was_acknowledged_without_a_name_is_looked_for_by_its_key),
        cmocka_unit_test(test_an_acknowledged_move_that_is_gone_is_found),
        cmocka_unit_test(test_an_older_version_than_was_acknowledged_is_found),
        cmocka_unit_test(test_a_cancellation_that_did_not_stay_is_found),
        cmocka_unit_test(test_another_person_than_was_acknowledged_is_found),
        cmocka_unit_test(test_a_change_without_an_answer_may_have_happened_or_not),
        cmocka_unit_test(test_where_no_version_is_missing_no_silent_change_can_be_the_reason),
        cmocka_unit_test(test_a_silent_change_explains_only_what_it_asked_for),
        cmocka_unit_test(test_a_visit_that_is_over_may_have_been_marked_by_the_system),
        cmocka_unit_test(test_a_reading_that_shows_an_older_version_than_was_acknowledged_is_found),
        cmocka_unit_test(test_what_was_shown_and_is_gone_is_found),
        cmocka_unit_test(test_a_booking_that_its_owner_could_not_see_is_found),
        cmocka_unit_test(test_a_booking_that_nobody_asked_for_is_found),
        cmocka_unit_test(test_a_booking_that_was_refused_and_is_there_is_found),
        cmocka_unit_test(test_two_bookings_of_one_key_are_found),
        cmocka_unit_test(test_a_time_or_a_state_that_nobody_asked_for_is_found),
        cmocka_unit_test(test_the_same_time_twice_is_found),
        cmocka_unit_test(test_buffers_count),
        cmocka_unit_test(test_processing_time_is_free_and_not_a_second_more),
        cmocka_unit_test(test_a_visit_that_was_made_longer_needs_its_person_longer),
        cmocka_unit_test(test_a_completed_visit_keeps_its_time),
        cmocka_unit_test(test_a_long_visit_is_found_behind_short_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
