/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/str.h"

#include <string.h>

static int new_arena(void **state)
{
    static struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    *state = &arena;
    return 0;
}

static int free_arena(void **state)
{
    arena_done(*state);
    return 0;
}

static void an_absent_text_stays_absent_and_an_empty_one_empty(void **state)
{
    assert_null(str_of(NULL).ptr);
    assert_null(str_copy(*state, str_of(NULL)).ptr);
    assert_non_null(str_copy(*state, STR("")).ptr);
    assert_string_equal(str_z(*state, str_of(NULL)), "");
}

static void texts_are_equal_by_their_bytes(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_is(STR("ab"), "a"));
    assert_true(str_eq((struct str){0}, STR("")));
    assert_true(str_starts(STR("booking"), STR("book")));
    assert_true(str_starts(STR("booking"), STR("")));
    assert_false(str_starts(STR("boo"), STR("book")));
}

static void trimming_cuts_white_space_at_both_ends_only(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t\r\n a b\v\f ")), "a b"));
    assert_int_equal(str_trim(STR(" \n ")).len, 0);
    assert_int_equal(str_trim((struct str){0}).len, 0);
    /* A no-break space is not ASCII and stays. */
    assert_true(str_is(str_trim(STR("\xC2\xA0x")), "\xC2\xA0x"));
}

static void lower_case_changes_ascii_letters_only(void **state)
{
    assert_true(
        str_is(str_lower(*state, STR("Ann@SALON.Ex [Z] \xC3\x84")), "ann@salon.ex [z] \xC3\x84"));
}

static void formatted_text_has_its_length(void **state)
{
    struct str s = str_printf(*state, "%s %d", "chair", 3);
    assert_true(str_is(s, "chair 3"));
    assert_int_equal(s.ptr[s.len], '\0');
}

static void a_pattern_for_like_finds_its_own_text_only(void **state)
{
    assert_true(str_is(str_like_escape(*state, STR("50%_off!")), "50!%!_off!!"));
    assert_true(str_is(str_like_escape(*state, STR("plain")), "plain"));
    assert_int_equal(str_like_escape(*state, STR("")).len, 0);
}

static void an_integer_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x1",
        "--1",
        "1-",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
        "\xD9\xA1",
    };
    int64_t v = 42;
    assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STR("007"), &v) && v == 7);
    for (size_t i = 0; i < count_of(bad); i++)
        assert_false(str_int(str_of(bad[i]), &v));
    assert_false(str_int(STR("1\0"), &v));
    assert_int_equal(v, 7);
}

/* The UTF-8 of any number below 2^21, well-formed or not. */
static size_t encode(uint32_t c, size_t size, char *ret)
{
    static const unsigned char lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        ret[i] = (char)(0x80 | (c & 0x3F));
    ret[0] = (char)(lead[size] | c);
    return size;
}

static void exactly_the_shortest_form_of_every_scalar_value_is_utf8(void **state)
{
    (void)state;
    static const uint32_t most[] = {0, 0x7F, 0x7FF, 0xFFFF, 0x1FFFFF};
    char text[4];
    for (size_t size = 1; size <= 4; size++) {
        for (uint32_t c = 0; c <= most[size]; c++) {
            bool shortest = c > most[size - 1] || (size == 1 && c == 0);
            bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
            struct str s = {text, encode(c, size, text)};
            if (str_utf8_ok(s) != (shortest && scalar))
                fail_msg("U+%X in %zu bytes", (unsigned)c, size);
        }
    }
}

static void cut_or_lonely_sequences_are_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80", "\xC3", "\xE2\x82",   "\xF0\x9F\x92",
        "\xFF", "\xFE", "a\xE2\x82z", "\xF8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < count_of(bad); i++)
        assert_false(str_utf8_ok(str_of(bad[i])));
    assert_true(str_utf8_ok(STR("")));
    /* The bytes that would complete it lie behind the end. */
    assert_false(str_utf8_ok((struct str){"\xE2\x82\xAC", 2}));
}

static void length_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(str_utf8_len(STR("")), 0);
    assert_int_equal(str_utf8_len(STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\x87")), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_absent_text_stays_absent_and_an_empty_one_empty),
        cmocka_unit_test(texts_are_equal_by_their_bytes),
        cmocka_unit_test(trimming_cuts_white_space_at_both_ends_only),
        cmocka_unit_test(lower_case_changes_ascii_letters_only),
        cmocka_unit_test(formatted_text_has_its_length),
        cmocka_unit_test(a_pattern_for_like_finds_its_own_text_only),
        cmocka_unit_test(an_integer_is_read_whole_or_not_at_all),
        cmocka_unit_test(exactly_the_shortest_form_of_every_scalar_value_is_utf8),
        cmocka_unit_test(cut_or_lonely_sequences_are_not_utf8),
        cmocka_unit_test(length_counts_characters),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
