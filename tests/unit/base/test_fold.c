/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/fold.h"

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

static void check(void **state, const char *text, const char *folded)
{
    assert_string_equal(str_z(*state, fold(*state, str_of(text))), folded);
    assert_string_equal(str_z(*state, fold(*state, str_of(folded))), folded);
}

static void case_and_accents_go(void **state)
{
    check(state, "Zoë Ångström", "zoe angstrom");
    check(state, "ÉLODIE Çelik-Ünal", "elodie celik-unal");
    check(state, "Straße", "strasse");
    check(state, "ŁÓDŹ Bjørn Æsir Đorđe", "lodz bjorn aesir dorde");
    check(state, "İstanbul ırmak", "istanbul irmak");
    check(state, "ΣΊΣΥΦΟΣ", "σισυφοσ");
    check(state, "Владимир", "владимир");
    check(state, "Ａｄａ ﬁn", "ada fin");
    check(state, "王小明", "王小明");
}

static void what_stands_between_and_inside_words_is_one_sign(void **state)
{
    check(state,
          "  a \t b\xC2\xA0"
          "c\n",
          "a b c");
    check(state, "O’Brien o'brien", "o-brien o-brien");
    check(state, "a.b@c.d", "a-b-c-d");
    check(state, "--a -- b--", "a b");
    check(state, "a - b", "a b");
    check(state, "", "");
    check(state, "!? ♥", "");
    check(state, "Cafe\xCC\x81 50%", "cafe 50");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_accents_go),
        cmocka_unit_test(what_stands_between_and_inside_words_is_one_sign),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
