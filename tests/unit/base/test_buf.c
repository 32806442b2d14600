/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/buf.h"

#include <string.h>

static void what_is_added_stands_in_order(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    buf_z(&b, "dye ");
    buf_int(&b, INT64_MIN);
    buf_byte(&b, ' ');
    buf_str(&b, STR("ml"));
    buf_printf(&b, "/%03d", 7);
    assert_false(b.overflow);
    assert_true(str_is(buf_view(&b), "dye -9223372036854775808 ml/007"));
    buf_done(&b);
}

static void an_empty_buffer_has_an_empty_view_that_is_not_absent(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    buf_add(&b, NULL, 0);
    buf_str(&b, (struct str){0});
    struct str view = buf_view(&b);
    assert_non_null(view.ptr);
    assert_int_equal(view.len, 0);
    buf_done(&b);
}

static void it_holds_its_limit_and_not_a_byte_more(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        buf_byte(&b, 'x');
    assert_false(b.overflow);
    buf_byte(&b, 'y');
    assert_true(b.overflow);
    assert_int_equal(b.len, 1000);
    assert_int_equal(b.ptr[999], 'x');
    buf_done(&b);
}

static void what_does_not_fit_is_dropped_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_z(&b, "12345");
    buf_z(&b, "6789");
    assert_true(b.overflow);
    assert_true(str_is(buf_view(&b), "12345"));
    buf_printf(&b, "%s", "678");
    assert_true(str_is(buf_view(&b), "12345"));
    buf_done(&b);
}

static void a_reset_forgets_the_overflow_and_keeps_the_memory(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_z(&b, "1234");
    buf_z(&b, "5");
    const char *memory = b.ptr;
    buf_reset(&b);
    assert_false(b.overflow);
    buf_z(&b, "abcd");
    assert_ptr_equal(b.ptr, memory);
    assert_true(str_is(buf_view(&b), "abcd"));
    buf_done(&b);
}

static void it_can_be_used_again_after_done(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_z(&b, "first");
    buf_done(&b);
    buf_z(&b, "second");
    assert_true(str_is(buf_view(&b), "second"));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_in_order),
        cmocka_unit_test(an_empty_buffer_has_an_empty_view_that_is_not_absent),
        cmocka_unit_test(it_holds_its_limit_and_not_a_byte_more),
        cmocka_unit_test(what_does_not_fit_is_dropped_whole),
        cmocka_unit_test(a_reset_forgets_the_overflow_and_keeps_the_memory),
        cmocka_unit_test(it_can_be_used_again_after_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
