/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a text is found by, and which texts are links and little else. */
#include "../unit.h"

#include "base/fold.h"
#include "inbox/doubt.h"
#include "inbox/words.h"

#include <string.h>

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const char *joined(struct str text)
{
    struct str_list words;
    const char *all = "";
    words_of(&arena, text, &words);
    for (size_t i = 0; i < words.count; i++)
        all = arena_printf(&arena, "%s%s" STR_FMT, all, i ? " " : "", STR_ARG(words.items[i]));
    return all;
}

static void words_are_folded_parted_at_signs_and_each_counted_once(void **state)
{
    (void)state;
    assert_string_equal(joined(STR("Dear O'Brien-Łódź, dear dear!")), "brien dear lodz");
    assert_string_equal(joined(STR("a b 1 ab 12")), "12 ab");
    assert_string_equal(joined(STR("mail@salon.example\n+49 171")), "171 49 example mail salon");
    assert_string_equal(joined(STR("Caf\u00e9 cafe\u0301 CAFE")), "cafe");
    assert_string_equal(joined(STR("漢 é")), "漢");
    assert_string_equal(joined(STR("")), "");
    assert_string_equal(joined(STR(" ,;… ")), "");
}

static void a_long_word_and_a_long_text_have_their_limits(void **state)
{
    (void)state;
    char text[4 * WORDS_MAX * 2 + 200];
    size_t len = 0;
    for (int i = 0; i < 40; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "漢");
    struct str_list words;
    words_of(&arena, (struct str){text, len}, &words);
    assert_int_equal(words.count, 1);
    assert_true(words.items[0].len <= WORD_BYTES && words.items[0].len % strlen("漢") == 0);
    len = 0;
    for (int i = 0; i < WORDS_MAX + 50; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%04d ", i);
    words_of(&arena, (struct str){text, len}, &words);
    assert_int_equal(words.count, WORDS_MAX);
}

/* The short way for ASCII is the long one's. */
static void ascii_is_folded_as_everything_is(void **state)
{
    (void)state;
    char text[65] = {0};
    unsigned seed = 7;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < 64; i++) {
            seed = seed * 1103515245u + 12345u;
            text[i] = (char)(' ' + (seed >> 16) % 95);
        }
        struct str folded = fold(&arena, str_of(text));
        assert_string_equal(joined(str_of(text)), joined(folded));
    }
}

static bool finds(const char *question, const char *text)
{
    struct words_asked asked = words_ask(&arena, str_of(question));
    size_t at;
    return asked.count && words_match(&arena, &asked, str_of(text), &at);
}

static void all_words_must_be_there_and_the_last_may_be_a_beginning(void **state)
{
    (void)state;
    assert_true(finds("colour", "My Colour, please"));
    assert_true(finds("my col", "Colour, my favourite"));
    assert_false(finds("col my", "Colour, my favourite"));
    assert_false(finds("my colours", "my colour"));
    assert_true(finds("ŁÓDŹ", "lodz"));
    assert_true(finds("l", "from lodz"));
    assert_false(finds("x", "a x b"));
    assert_false(finds("…", "anything …"));
    assert_true(finds("a colour", "colour")); /* a single letter in between is no word */
    assert_true(finds("one two three four five six seven", "one two three four five seven"));
}

static void an_excerpt_is_one_line_around_the_place(void **state)
{
    (void)state;
    struct str text = STR("one two\nthree");
    struct str whole = words_excerpt(&arena, text, 8);
    assert_string_equal(str_z(&arena, whole), "one two three");
    char far[2000];
    memset(far, 'x', sizeof far);
    for (size_t i = 9; i < sizeof far; i += 10)
        far[i] = ' ';
    struct str cut = words_excerpt(&arena, (struct str){far, sizeof far}, 1000);
    assert_true(str_starts(cut, STR("…xxxxxxxxx ")));
    assert_int_equal(str_utf8_len(cut), EXCERPT_MAX + 2);
}

static void a_text_is_links_where_each_has_fewer_than_three_words(void **state)
{
    (void)state;
    assert_true(doubt_links(STR("https://a.example")));
    assert_true(doubt_links(STR("look here www.a.example")));
    assert_false(doubt_links(STR("like in this picture https://a.example please")));
    assert_true(doubt_links(STR("http://a.example b http://c.example d e f")));
    assert_false(doubt_links(STR("no link at all")));
    assert_false(doubt_links(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_folded_parted_at_signs_and_each_counted_once,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_word_and_a_long_text_have_their_limits, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(ascii_is_folded_as_everything_is, setup, teardown),
        cmocka_unit_test_setup_teardown(all_words_must_be_there_and_the_last_may_be_a_beginning,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_excerpt_is_one_line_around_the_place, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_is_links_where_each_has_fewer_than_three_words,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
