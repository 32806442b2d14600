/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Intervals against a bitmap of seconds, and weekly hours laid out in real zones. */
#include "calendar.h"

enum { SECONDS = 64, SPANS = 8 };

/* Some spans within SECONDS, in any order, empty ones and overlaps included. */
static size_t random_spans(struct numbers *n, struct span ret[SPANS])
{
    size_t count = (size_t)numbers_between(n, 0, SPANS);
    for (size_t i = 0; i < count; i++) {
        ret[i].from_s = numbers_between(n, 0, SECONDS - 1);
        ret[i].to_s = numbers_between(n, ret[i].from_s, ret[i].from_s + 12);
        if (ret[i].to_s > SECONDS)
            ret[i].to_s = SECONDS;
    }
    return count;
}

static uint64_t bits_of(const struct span *items, size_t count)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++)
        for (int64_t t = items[i].from_s; t < items[i].to_s; t++)
            bits |= (uint64_t)1 << t;
    return bits;
}

static void assert_normalised(struct spans s)
{
    for (size_t i = 0; i < s.count; i++) {
        assert_true(s.items[i].from_s < s.items[i].to_s);
        assert_true(i == 0 || s.items[i - 1].to_s < s.items[i].from_s);
    }
}

static void normalising_keeps_every_second_and_leaves_no_two_spans_that_touch(void **state)
{
    struct numbers n = {21};
    for (int i = 0; i < 20000; i++) {
        struct span items[SPANS];
        size_t count = random_spans(&n, items);
        struct spans s = spans_normalise(*state, items, count);
        assert_normalised(s);
        assert_true(bits_of(s.items, s.count) == bits_of(items, count));
        arena_reset(*state);
    }
}

static void subtracting_leaves_the_seconds_of_one_that_are_not_in_the_other(void **state)
{
    struct numbers n = {22};
    for (int i = 0; i < 20000; i++) {
        struct span items[SPANS], holes[SPANS];
        size_t count = random_spans(&n, items), hole_count = random_spans(&n, holes);
        struct spans s = spans_subtract(*state, spans_normalise(*state, items, count),
                                        spans_normalise(*state, holes, hole_count));
        assert_normalised(s);
        assert_true(bits_of(s.items, s.count) ==
                    (bits_of(items, count) & ~bits_of(holes, hole_count)));
        arena_reset(*state);
    }
}

static void cover_touch_and_seek_say_what_the_seconds_say(void **state)
{
    struct numbers n = {23};
    for (int i = 0; i < 20000; i++) {
        struct span items[SPANS];
        size_t count = random_spans(&n, items);
        struct spans s = spans_normalise(*state, items, count);
        uint64_t bits = bits_of(items, count);
        int64_t from = numbers_between(&n, 0, SECONDS - 2);
        int64_t to = numbers_between(&n, from + 1, SECONDS - 1);
        uint64_t asked = bits_of(&(struct span){from, to}, 1);
        assert_int_equal(spans_cover(s, from, to), (bits & asked) == asked);
        assert_int_equal(spans_touch(s, from, to), (bits & asked) != 0);
        size_t first = 0;
        while (first < s.count && s.items[first].to_s <= from)
            first++;
        for (size_t hint = 0; hint <= s.count + 2; hint++)
            assert_int_equal(spans_seek(s, hint, from), first);
        arena_reset(*state);
    }
}

static void spans_of_holds_may_touch(void **state)
{
    (void)state;
    struct spans busy = spans_of({10, 20}, {20, 30}, {30, 40}, {50, 60});
    assert_true(spans_touch(busy, 19, 20));
    assert_true(spans_touch(busy, 20, 21));
    assert_false(spans_touch(busy, 40, 50));
    assert_false(spans_touch(busy, 0, 10));
    assert_int_equal(spans_seek(busy, 0, 20), 1);
}

static void nothing_is_in_an_empty_list(void **state)
{
    struct spans none = spans_normalise(*state, NULL, 0);
    assert_int_equal(none.count, 0);
    assert_false(spans_cover(none, 0, 1));
    assert_false(spans_touch(none, INT64_MIN, INT64_MAX));
}

/* ---- hours ---- */

static void assert_spans(struct spans got, struct spans expected)
{
    assert_int_equal(got.count, expected.count);
    for (size_t i = 0; i < got.count; i++) {
        assert_int_equal(got.items[i].from_s, expected.items[i].from_s);
        assert_int_equal(got.items[i].to_s, expected.items[i].to_s);
    }
}

static void hours_are_laid_out_on_their_weekdays_and_not_on_closed_dates(void **state)
{
    /* Monday 1 June 2026 to Tuesday the 9th; Mondays in two parts, Tuesdays in one. */
    static const struct weekly_span weekly[] = {{1, 540, 720}, {1, 780, 1020}, {2, 600, 660}};
    const struct date_range closures[] = {{on("2026-06-02"), on("2026-06-05")},
                                          {on("2026-06-09"), on("2026-06-09")}};
    assert_spans(
        hours_open(*state, zone("UTC"), on("2026-06-01"), on("2026-06-09"), weekly, 3, closures, 2),
        spans_of(between("2026-06-01T09:00", "2026-06-01T12:00"),
                 between("2026-06-01T13:00", "2026-06-01T17:00"),
                 between("2026-06-08T09:00", "2026-06-08T12:00"),
                 between("2026-06-08T13:00", "2026-06-08T17:00")));
}

static void spans_that_touch_are_one_across_midnight_too(void **state)
{
    static const struct weekly_span weekly[] = {{1, 1200, 1440}, {2, 0, 120}, {2, 120, 180}};
    assert_spans(
        hours_open(*state, zone("UTC"), on("2026-06-01"), on("2026-06-02"), weekly, 3, NULL, 0),
        spans_of(between("2026-06-01T20:00", "2026-06-02T03:00")));
}

static void a_closed_date_ends_at_midnight(void **state)
{
    static const struct weekly_span weekly[] = {{1, 1200, 1440}, {2, 0, 120}};
    const struct date_range closure = {on("2026-06-02"), on("2026-06-02")};
    assert_spans(
        hours_open(*state, zone("UTC"), on("2026-06-01"), on("2026-06-02"), weekly, 2, &closure, 1),
        spans_of(between("2026-06-01T20:00", "2026-06-02T00:00")));
}

static void round_the_clock_is_one_span_over_a_change_of_offset(void **state)
{
    struct weekly_span weekly[7];
    for (int day = 0; day < 7; day++)
        weekly[day] = (struct weekly_span){day + 1, 0, 1440};
    assert_spans(hours_open(*state, zone("America/Havana"), on("2024-03-09"), on("2024-03-11"),
                            weekly, 7, NULL, 0),
                 spans_of(between("2024-03-09T05:00", "2024-03-12T04:00")));
    assert_spans(hours_open(*state, zone("America/Havana"), on("2024-11-02"), on("2024-11-03"),
                            weekly, 7, NULL, 0),
                 spans_of(between("2024-11-02T04:00", "2024-11-04T05:00")));
}

static void no_hours_or_no_dates_are_closed(void **state)
{
    static const struct weekly_span weekly[] = {{1, 540, 720}};
    assert_int_equal(hours_open(*state, zone("UTC"), 0, 100, NULL, 0, NULL, 0).count, 0);
    assert_int_equal(hours_open(*state, zone("UTC"), 5, 4, weekly, 1, NULL, 0).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(normalising_keeps_every_second_and_leaves_no_two_spans_that_touch),
        with_arena(subtracting_leaves_the_seconds_of_one_that_are_not_in_the_other),
        with_arena(cover_touch_and_seek_say_what_the_seconds_say),
        with_arena(spans_of_holds_may_touch),
        with_arena(nothing_is_in_an_empty_list),
        with_arena(hours_are_laid_out_on_their_weekdays_and_not_on_closed_dates),
        with_arena(spans_that_touch_are_one_across_midnight_too),
        with_arena(a_closed_date_ends_at_midnight),
        with_arena(round_the_clock_is_one_span_over_a_change_of_offset),
        with_arena(no_hours_or_no_dates_are_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
