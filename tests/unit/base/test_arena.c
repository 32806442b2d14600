/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/arena.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static void memory_is_zeroed_and_aligned_whatever_the_size(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (int round = 0; round < 2; round++) {
        for (size_t size = 0; size < 40000; size += size / 8 + 1) {
            unsigned char *p = arena_alloc(&a, size);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xAA, size);
        }
        arena_reset(&a);
    }
    arena_done(&a);
}

static void pieces_never_share_a_byte(void **state)
{
    (void)state;
    enum { PIECES = 600 };
    struct arena a;
    struct numbers n = {1};
    unsigned char *piece[PIECES];
    size_t size[PIECES];
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (size_t i = 0; i < PIECES; i++) {
        size[i] = (size_t)numbers_between(&n, 1, i % 50 == 0 ? 30000 : 300);
        piece[i] = arena_alloc(&a, size[i]);
        memset(piece[i], (int)(i % 251), size[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k < size[i]; k++)
            assert_int_equal(piece[i][k], i % 251);
    arena_done(&a);
}

static void a_small_piece_follows_in_the_block_although_a_large_one_came_between(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    char *first = arena_alloc(&a, 16);
    (void)arena_alloc(&a, 100000);
    char *second = arena_alloc(&a, 16);
    assert_ptr_equal(second, first + 16);
    arena_done(&a);
}

struct trace {
    char text[8];
    size_t len;
};

struct step {
    struct trace *trace;
    char letter;
};

static void leave_letter(void *arg)
{
    struct step *s = arg;
    s->trace->text[s->trace->len++] = s->letter;
}

static void a_reset_runs_the_cleanups_once_and_the_last_first(void **state)
{
    (void)state;
    struct arena a;
    struct trace trace = {0};
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (char c = 'a'; c <= 'c'; c++) {
        struct step *s = arena_new(&a, struct step);
        *s = (struct step){&trace, c};
        arena_on_reset(&a, leave_letter, s);
    }
    arena_reset(&a);
    assert_string_equal(trace.text, "cba");
    arena_done(&a);
    assert_string_equal(trace.text, "cba");
}

static void a_reset_gives_the_limit_back(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100000);
    for (int i = 0; i < 50; i++) {
        (void)arena_alloc(&a, 90000);
        arena_reset(&a);
    }
    assert_int_equal(a.used, 0);
    arena_done(&a);
}

static void text_is_copied_with_its_end(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    assert_string_equal(arena_strndup(&a, "colourist", 6), "colour");
    assert_string_equal(arena_strndup(&a, NULL, 0), "");
    assert_string_equal(arena_printf(&a, "%s-%d", "cut", 45), "cut-45");
    char *wide = arena_printf(&a, "%050000d", 7);
    assert_int_equal(strlen(wide), 50000);
    arena_done(&a);
}

static void take_past_the_limit(void)
{
    struct arena a;
    arena_init(&a, 1000);
    (void)arena_alloc(&a, 600);
    (void)arena_alloc(&a, 600);
}

static void take_more_than_fits_a_size(void)
{
    struct arena a;
    arena_init(&a, SIZE_MAX);
    (void)arena_array(&a, SIZE_MAX / 2, 4);
}

static void take_a_size_that_rounds_to_zero(void)
{
    struct arena a;
    arena_init(&a, SIZE_MAX);
    (void)arena_alloc(&a, SIZE_MAX - 3);
}

static void past_the_limit_the_process_ends(void **state)
{
    (void)state;
    assert_true(aborts(take_past_the_limit));
    assert_true(aborts(take_more_than_fits_a_size));
    assert_true(aborts(take_a_size_that_rounds_to_zero));
}

#if defined(__SANITIZE_ADDRESS__)
static void what_was_not_given_out_is_poisoned(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    char *p = arena_alloc(&a, 24);
    assert_false(__asan_address_is_poisoned(p + 23));
    assert_true(__asan_address_is_poisoned(p + 24));
    arena_reset(&a);
    assert_true(__asan_address_is_poisoned(p));
    arena_done(&a);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_whatever_the_size),
        cmocka_unit_test(pieces_never_share_a_byte),
        cmocka_unit_test(a_small_piece_follows_in_the_block_although_a_large_one_came_between),
        cmocka_unit_test(a_reset_runs_the_cleanups_once_and_the_last_first),
        cmocka_unit_test(a_reset_gives_the_limit_back),
        cmocka_unit_test(text_is_copied_with_its_end),
        cmocka_unit_test(past_the_limit_the_process_ends),
#if defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(what_was_not_given_out_is_poisoned),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
