/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Streams between their threads: shares, waiting bytes, the end. One thread plays all three. */
#include "../unit.h"

#include "http/request.h"
#include "http/stream.h"

#include <stdlib.h>
#include <string.h>

static const struct stream_holder ann = {1, 2, 3}, bob = {1, 4, 5};

struct ground {
    struct streams *streams;
    struct buf taken;
    int woken;
};

static void count_wake(void *self)
{
    ((struct ground *)self)->woken++;
}

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    assert_non_null(g);
    g->streams = streams_new();
    streams_attach(g->streams, count_wake, g);
    buf_init(&g->taken, STREAM_BACKLOG);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    streams_free(g->streams);
    buf_done(&g->taken);
    free(g);
    return 0;
}

static struct stream *opened(struct ground *g, struct stream_holder holder)
{
    struct problem p = {0};
    struct stream *s = NULL;
    char *seat = strdup("seat");
    return streams_open(g->streams, &p, holder, seat, &s) == OK ? s : NULL;
}

static int64_t open_now(struct ground *g)
{
    struct streams_stats stats;
    streams_stats(g->streams, &stats);
    return stats.open;
}

static bool takes(struct ground *g, struct stream *s, const char *wanted)
{
    buf_reset(&g->taken);
    bool over = stream_take(s, &g->taken);
    assert_true(str_is(buf_view(&g->taken), wanted));
    return over;
}

static void a_holder_has_a_share_and_others_have_theirs(void **state)
{
    struct ground *g = *state;
    struct stream *mine[STREAMS_PER_HOLDER];
    struct problem p = {0};
    struct stream *s = NULL;
    for (int i = 0; i < STREAMS_PER_HOLDER; i++)
        assert_non_null(mine[i] = opened(g, ann));
    assert_int_equal(streams_open(g->streams, &p, ann, strdup("x"), &s), BUSY);
    assert_int_equal(p.status, 429);
    assert_string_equal(p.code, "too_many_streams");
    assert_true(p.retry_after_s > 0);
    assert_non_null(opened(g, bob));
    stream_gone(mine[0]);
    assert_non_null(opened(g, ann)); /* at once, before the feeder has looked */
    assert_null(opened(g, ann));
    streams_first(g->streams);
    assert_null(opened(g, ann));
    stream_end(mine[1], false);
    assert_non_null(opened(g, ann));
}

static void all_together_have_a_limit(void **state)
{
    struct ground *g = *state;
    struct problem p = {0};
    struct stream *s = NULL;
    for (int64_t i = 0; i < STREAMS_MAX; i++)
        assert_non_null(opened(g, (struct stream_holder){1, 1, i}));
    assert_int_equal(streams_open(g->streams, &p, ann, strdup("x"), &s), BUSY);
    assert_int_equal(p.status, 503);
    assert_int_equal(open_now(g), STREAMS_MAX);
}

static void what_is_sent_is_taken_once_and_in_order(void **state)
{
    struct ground *g = *state;
    struct stream *s = opened(g, ann);
    assert_false(takes(g, s, ""));
    assert_true(stream_send(s, STR("one ")));
    assert_true(stream_send(s, STR("two")));
    assert_int_equal(stream_waiting(s), 7);
    assert_false(takes(g, s, "one two"));
    assert_int_equal(stream_waiting(s), 0);
    assert_false(takes(g, s, ""));
}

static void the_io_thread_is_told_of_a_flush_once(void **state)
{
    struct ground *g = *state;
    assert_false(streams_flushed(g->streams));
    streams_flush(g->streams);
    assert_int_equal(g->woken, 1);
    assert_true(streams_flushed(g->streams));
    assert_false(streams_flushed(g->streams));
}

static void past_its_backlog_it_is_over(void **state)
{
    struct ground *g = *state;
    struct stream *s = opened(g, ann);
    static char much[STREAM_BACKLOG];
    struct streams_stats stats;
    memset(much, 'x', sizeof much);
    assert_true(stream_send(s, (struct str){much, sizeof much}));
    assert_false(stream_send(s, STR("y")));
    assert_false(stream_send(s, STR("")));
    assert_true(stream_is_over(s));
    streams_stats(g->streams, &stats);
    assert_int_equal(stats.too_slow, 1);
}

static void an_ended_one_gives_nothing_more(void **state)
{
    struct ground *g = *state;
    struct stream *s = opened(g, ann);
    assert_true(stream_send(s, STR("secret")));
    stream_end(s, false);
    assert_false(stream_send(s, STR("more")));
    assert_true(takes(g, s, ""));
}

static void the_feeder_sees_the_open_ones_and_no_other(void **state)
{
    struct ground *g = *state;
    assert_null(streams_first(g->streams));
    struct stream *a = opened(g, ann), *b = opened(g, bob);
    size_t seen = 0;
    for (struct stream *s = streams_first(g->streams); s; s = stream_next(s)) {
        assert_string_equal(stream_seat(s), "seat");
        seen++;
    }
    assert_int_equal(seen, 2);
    stream_gone(a);
    assert_ptr_equal(streams_first(g->streams), b);
    assert_null(stream_next(b));
    assert_int_equal(open_now(g), 1);
}

static void a_wait_ends_by_news_by_time_and_by_the_stop(void **state)
{
    struct ground *g = *state;
    assert_non_null(opened(g, ann));
    assert_true(streams_wait(g->streams, 0, 60000)); /* it was opened: at once */
    assert_true(streams_wait(g->streams, 0, 1));     /* nothing new: after the time */
    streams_wake(g->streams);
    assert_true(streams_wait(g->streams, 0, 60000));
    streams_stop(g->streams);
    assert_false(streams_wait(g->streams, 60000, 60000));
    assert_null(opened(g, bob)); /* nobody would feed it */
    streams_wake(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_holder_has_a_share_and_others_have_theirs, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(all_together_have_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_sent_is_taken_once_and_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(the_io_thread_is_told_of_a_flush_once, setup, teardown),
        cmocka_unit_test_setup_teardown(past_its_backlog_it_is_over, setup, teardown),
        cmocka_unit_test_setup_teardown(an_ended_one_gives_nothing_more, setup, teardown),
        cmocka_unit_test_setup_teardown(the_feeder_sees_the_open_ones_and_no_other, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_wait_ends_by_news_by_time_and_by_the_stop, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
