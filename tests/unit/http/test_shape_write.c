/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing structs as JSON: every kind, null and absence, escapes, who may see what. */
#include "../unit.h"

#include "db/work.h"
#include "http/json_write.h"
#include "http/shape.h"

#include <jansson.h>
#include <string.h>

static const char *const colours[] = {"red", "green", "blue", NULL};

struct part {
    struct opt_int minutes;
};
static const struct field part_fields[] = {FIELD_INT(struct part, minutes, 0, 0)};
static const struct shape part_shape = SHAPE("Part", struct part, part_fields);

struct all {
    struct str name, raw, secret;
    struct opt_int age, quantity, id, at, day, clock, colour, colours, omitted;
    struct opt_bool active;
    struct id_list ids;
    struct str_list tags;
    struct part *part;
    struct shape_list parts;
};
static const struct field all_fields[] = {
    FIELD_STR(struct all, name, 0, 0),
    FIELD_RAW(struct all, raw),
    FIELD_STR(struct all, secret, 0, 0, .visible_to = PERM_INVENTORY | PERM_REPORTS),
    FIELD_INT(struct all, age, 0, 0),
    FIELD_QTY(struct all, quantity, 0, 0),
    FIELD_ID(struct all, id),
    FIELD_INSTANT(struct all, at),
    FIELD_DATE(struct all, day),
    FIELD_CLOCK(struct all, clock),
    FIELD_ENUM(struct all, colour, colours),
    FIELD_FLAGS(struct all, colours, colours),
    FIELD_INT(struct all, omitted, 0, 0, .omit = true),
    FIELD_BOOL(struct all, active),
    FIELD_IDS(struct all, ids, 0, 0),
    FIELD_STRS(struct all, tags, 0, 0),
    FIELD_OBJECT(struct all, part, part_shape),
    FIELD_LIST(struct all, parts, part_shape, 0, 0),
};
static const struct shape all_shape = SHAPE("All", struct all, all_fields);

static void assert_text(const struct buf *out, const char *expected)
{
    if (!str_is(buf_view(out), expected))
        fail_msg("\n%.*s\n%s", (int)out->len, out->ptr, expected);
}

static void what_is_unset_is_null_an_empty_list_or_left_out(void **state)
{
    (void)state;
    struct all a = {0};
    struct buf out;
    buf_init(&out, 4096);
    shape_write(&out, &all_shape, &a, PERM_ALL);
    assert_text(&out, "{\"name\":null,\"raw\":null,\"secret\":null,\"age\":null,\"quantity\":null,"
                      "\"id\":null,\"at\":null,\"day\":null,\"clock\":null,\"colour\":null,"
                      "\"colours\":[],\"active\":null,\"ids\":[],\"tags\":[],\"part\":null,"
                      "\"parts\":[]}");
    buf_done(&out);
}

static void every_kind_is_written_as_it_is_read(void **state)
{
    (void)state;
    int64_t ids[] = {7, INT64_MAX};
    struct str tags[] = {STR("a"), STR("")};
    struct part part = {some_int(45)};
    struct part parts[] = {{some_int(1)}, {{0}}};
    struct all a = {
        .name = STR("Anna"),
        .raw = STR("{\"x\":[1]}"),
        .secret = STR("s"),
        .age = some_int(-3),
        .quantity = some_int(1500),
        .id = some_int(42),
        .at = some_int(1795338000),
        .day = some_int(0),
        .clock = some_int(1440),
        .colour = some_int(1),
        .colours = some_int(5),
        .omitted = some_int(0),
        .active = some_bool(false),
        .ids = {true, 2, ids},
        .tags = {true, 2, tags},
        .part = &part,
        .parts = {true, 2, parts},
    };
    struct buf out;
    buf_init(&out, 4096);
    shape_write(&out, &all_shape, &a, PERM_REPORTS);
    assert_text(&out, "{\"name\":\"Anna\",\"raw\":{\"x\":[1]},\"secret\":\"s\",\"age\":-3,"
                      "\"quantity\":1.5,\"id\":\"42\",\"at\":\"2026-11-22T09:00:00Z\","
                      "\"day\":\"1970-01-01\",\"clock\":\"24:00\",\"colour\":\"green\","
                      "\"colours\":[\"red\",\"blue\"],\"omitted\":0,\"active\":false,"
                      "\"ids\":[\"7\",\"9223372036854775807\"],\"tags\":[\"a\",\"\"],"
                      "\"part\":{\"minutes\":45},\"parts\":[{\"minutes\":1},{\"minutes\":null}]}");
    buf_done(&out);
}

static void a_field_is_shown_only_to_who_may_see_it(void **state)
{
    (void)state;
    struct all a = {.secret = STR("s")};
    static const struct {
        unsigned permissions;
        bool shown;
    } cases[] = {{0, false},
                 {PERM_CLIENTS, false},
                 {PERM_INVENTORY, true},
                 {PERM_REPORTS, true},
                 {PERM_ALL, true}};
    for (size_t i = 0; i < count_of(cases); i++) {
        struct buf out;
        buf_init(&out, 4096);
        shape_write(&out, &all_shape, &a, cases[i].permissions);
        buf_byte(&out, '\0');
        assert_int_equal(strstr(out.ptr, "secret") != NULL, cases[i].shown);
        buf_done(&out);
    }
}

static void assert_escaped(struct str text, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    jw_string(&out, text);
    assert_text(&out, expected);
    buf_done(&out);
}

static void text_may_stand_in_a_script_tag(void **state)
{
    (void)state;
    assert_escaped(STR("</script><!--&"), "\"\\u003c/script\\u003e\\u003c!--\\u0026\"");
    assert_escaped(STR("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa"), "\"\\u2028\\u2029\xe2\x80\xaa\"");
    assert_escaped(STR("\"\\/\b\f\n\r\t"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    assert_escaped((struct str){"a\0b\x1f\x7f", 5}, "\"a\\u0000b\\u001f\\u007f\"");
    assert_escaped(STR("\xc3\xa4\xf0\x9f\x92\x87"), "\"\xc3\xa4\xf0\x9f\x92\x87\"");
    assert_escaped(STR("\xff\xc3"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_escaped(STR("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void any_bytes_become_valid_json_and_good_text_comes_back_unchanged(void **state)
{
    (void)state;
    struct numbers n = {7};
    for (int i = 0; i < 20000; i++) {
        char bytes[24];
        size_t len = (size_t)numbers_between(&n, 0, sizeof bytes);
        for (size_t k = 0; k < len; k++)
            bytes[k] = (char)numbers_next(&n);
        struct buf out;
        buf_init(&out, 4096);
        jw_string(&out, (struct str){bytes, len});
        json_t *read = json_loadb(out.ptr, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(read);
        if (str_utf8_ok((struct str){bytes, len})) {
            assert_int_equal(json_string_length(read), len);
            assert_memory_equal(json_string_value(read), bytes, len);
        }
        json_decref(read);
        buf_done(&out);
    }
}

static void thousandths_lose_their_last_zeros(void **state)
{
    (void)state;
    static const struct {
        int64_t v;
        const char *text;
    } cases[] = {{0, "0"},
                 {1, "0.001"},
                 {-1, "-0.001"},
                 {1500, "1.5"},
                 {1000, "1"},
                 {10000, "10"},
                 {-2050, "-2.05"},
                 {100, "0.1"},
                 {INT64_MAX, "9223372036854775.807"},
                 {INT64_MIN, "-9223372036854775.808"}};
    for (size_t i = 0; i < count_of(cases); i++) {
        struct buf out;
        buf_init(&out, 64);
        jw_qty(&out, cases[i].v);
        assert_text(&out, cases[i].text);
        buf_done(&out);
    }
}

static void the_writer_places_its_commas(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    struct json_out j = jw(&out);
    jw_open(&j, '{');
    jw_key(&j, "a");
    jw_open(&j, '[');
    jw_int(&j, 1);
    jw_null(&j);
    jw_open(&j, '{');
    jw_close(&j, '}');
    jw_open(&j, '[');
    jw_close(&j, ']');
    jw_bool(&j, true);
    jw_close(&j, ']');
    jw_key(&j, "b");
    jw_z(&j, "x");
    jw_key(&j, "c");
    jw_raw(&j, STR("[0]"));
    jw_close(&j, '}');
    assert_text(&out, "{\"a\":[1,null,{},[],true],\"b\":\"x\",\"c\":[0]}");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unset_is_null_an_empty_list_or_left_out),
        cmocka_unit_test(every_kind_is_written_as_it_is_read),
        cmocka_unit_test(a_field_is_shown_only_to_who_may_see_it),
        cmocka_unit_test(text_may_stand_in_a_script_tag),
        cmocka_unit_test(any_bytes_become_valid_json_and_good_text_comes_back_unchanged),
        cmocka_unit_test(thousandths_lose_their_last_zeros),
        cmocka_unit_test(the_writer_places_its_commas),
    };
    return cmocka_run_group_tests_name("shape_write", tests, NULL, NULL);
}
