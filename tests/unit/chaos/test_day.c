/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of a Chaos Day: its lists keep what they are given and know their bounds, and its
 * history is one JSON object a line. */
#include "unit.h"

#include "chaos/day.h"

#include <jansson.h>
#include <string.h>

static void test_a_list_keeps_what_it_is_given_after_the_giver_forgot_it(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    char name[] = "Lena";
    day_person(&d, &(struct day_person){12, {name, 4}});
    memset(name, 'x', 4);
    const struct day_person *person = day_rows(&d.people);
    assert_int_equal(d.people.count, 1);
    assert_int_equal(person->id, 12);
    assert_true(str_is(person->name, "Lena"));
    day_done(&d);
}

static void test_past_its_bound_a_list_drops_and_says_so(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    for (int i = 0; i < 1000; i++)
        day_item(&d, &(struct day_item){.id = i + 1});
    assert_false(day_overflowed(&d));
    day_item(&d, &(struct day_item){.id = -1});
    assert_true(day_overflowed(&d));
    assert_int_equal(d.items.count, 1000);
    day_done(&d);
}

static void *add_thousand(void *arg)
{
    for (int i = 0; i < 1000; i++)
        day_op(arg, &(struct day_op){.began = i, .code = STR("not_ready")});
    return NULL;
}

static void test_players_add_at_the_same_time(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    pthread_t player[8];
    for (size_t i = 0; i < count_of(player); i++)
        assert_int_equal(pthread_create(player + i, NULL, add_thousand, &d), 0);
    for (size_t i = 0; i < count_of(player); i++)
        pthread_join(player[i], NULL);
    assert_int_equal(d.ops.count, 8000);
    int64_t sum = 0;
    const struct day_op *op = day_rows(&d.ops);
    for (size_t i = 0; i < d.ops.count; i++)
        sum += op[i].began;
    assert_int_equal(sum, 8 * 999 * 1000 / 2);
    day_done(&d);
}

static void test_chapters_and_ready_are_no_faults(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    for (enum day_fault fault = 0; fault < DAY_FAULTS; fault++)
        day_event(&d, &(struct day_event){.fault = fault});
    day_event(&d, &(struct day_event){.fault = DAY_KILL_SERVER});
    assert_int_equal(day_injected(&d, DAY_NO_FAULT), 0);
    assert_int_equal(day_injected(&d, DAY_READY), 0);
    assert_int_equal(day_injected(&d, DAY_KILL_SERVER), 2);
    assert_int_equal(day_injected_all(&d), DAY_FAULTS - 2 + 1);
    /* What a long day does not write down is counted all the same. */
    day_unwritten(&d, DAY_PROVIDER);
    assert_int_equal(day_injected(&d, DAY_PROVIDER), 2);
    assert_int_equal(day_injected_all(&d), DAY_FAULTS - 2 + 2);
    day_done(&d);
}

static void test_the_history_is_in_the_order_of_time_one_object_a_line(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    day_op(&d, &(struct day_op){.began = 20,
                                .ended = 40,
                                .verb = DAY_BOOK,
                                .outcome = DAY_UNKNOWN,
                                .key = 5,
                                .booking = 9007199254740993});
    day_event(&d, &(struct day_event){.at = 30,
                                      .fault = DAY_KILL_SERVER,
                                      .text = STR("A \"quote\", a \\ and a line\nbreak")});

    char path[] = "/tmp/careops-history-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    char error[200] = "";
    assert_int_equal(day_write_history(&d, path, error, sizeof error), OK);

    FILE *f = fopen(path, "re");
    char text[2000];
    json_t *line[3] = {0};
    size_t n = 0;
    while (n < count_of(line) && fgets(text, sizeof text, f))
        assert_non_null(line[n++] = json_loads(text, 0, NULL));
    fclose(f);
    unlink(path);
    assert_int_equal(n, 2);
    assert_string_equal(json_string_value(json_object_get(line[0], "event")), "kill_server");
    assert_string_equal(json_string_value(json_object_get(line[0], "text")),
                        "A \"quote\", a \\ and a line\nbreak");
    assert_string_equal(json_string_value(json_object_get(line[1], "asked")), "book");
    assert_string_equal(json_string_value(json_object_get(line[1], "outcome")), "unknown");
    assert_int_equal(json_integer_value(json_object_get(line[1], "booking")), 9007199254740993);
    for (size_t i = 0; i < n; i++)
        json_decref(line[i]);
    day_done(&d);
}

static void test_a_history_that_cannot_be_written_says_so(void **state)
{
    (void)state;
    struct day d;
    day_init(&d, 7);
    day_op(&d, &(struct day_op){.verb = DAY_READ});
    char error[200] = "";
    assert_int_equal(day_write_history(&d, "/dev/full", error, sizeof error), INTERNAL);
    assert_non_null(strstr(error, "/dev/full"));
    assert_int_equal(day_write_history(&d, "/nowhere/at/all", error, sizeof error), INTERNAL);
    assert_non_null(strstr(error, "/nowhere/at/all"));
    day_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_list_keeps_what_it_is_given_after_the_giver_forgot_it),
        cmocka_unit_test(test_past_its_bound_a_list_drops_and_says_so),
        cmocka_unit_test(test_players_add_at_the_same_time),
        cmocka_unit_test(test_chapters_and_ready_are_no_faults),
        cmocka_unit_test(test_the_history_is_in_the_order_of_time_one_object_a_line),
        cmocka_unit_test(test_a_history_that_cannot_be_written_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
