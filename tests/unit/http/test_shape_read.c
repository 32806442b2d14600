/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading JSON and queries into structs: every kind, every bound and one past it, hostile text. */
#include "../unit.h"

#include "http/shape.h"

#include <string.h>

static const char *const colours[] = {"red", "green", "blue", NULL};

struct part {
    struct str label;
    struct opt_int minutes;
};
static const struct field part_fields[] = {
    FIELD_STR(struct part, label, 1, 10, .required = true),
    FIELD_INT(struct part, minutes, 5, 720),
};
static const struct shape part_shape = SHAPE("Part", struct part, part_fields);

struct all {
    struct str name, notes, secret, email, phone, url, slug, timezone, currency, color, locale, raw;
    struct opt_int age, free_int, negative, quantity, waste, id, at, day, clock, colour, colours;
    struct opt_bool active;
    struct id_list ids;
    struct str_list tags;
    struct part *part;
    struct shape_list parts;
    struct opt_int cleared;
    bool cleared_null;
};
static const struct field all_fields[] = {
    FIELD_STR(struct all, name, 2, 5),
    FIELD_STR(struct all, notes, 0, 100, .multiline = true),
    FIELD_STR(struct all, secret, 1, 10, .raw = true),
    FIELD_STR(struct all, email, 1, 254, .format = STR_EMAIL),
    FIELD_STR(struct all, phone, 1, 32, .format = STR_PHONE),
    FIELD_STR(struct all, url, 1, 2000, .format = STR_URL),
    FIELD_STR(struct all, slug, 1, 63, .format = STR_SLUG),
    FIELD_STR(struct all, timezone, 1, 64, .format = STR_TIMEZONE),
    FIELD_STR(struct all, currency, 1, 3, .format = STR_CURRENCY),
    FIELD_STR(struct all, color, 1, 7, .format = STR_COLOR),
    FIELD_STR(struct all, locale, 1, 35, .format = STR_LOCALE),
    FIELD_RAW(struct all, raw, .max = 20),
    FIELD_INT(struct all, age, 5, 720),
    FIELD_INT(struct all, free_int, 0, 0),
    FIELD_INT(struct all, negative, -5, 5),
    FIELD_QTY(struct all, quantity, 1, 100000),
    FIELD_QTY(struct all, waste, -1000000000000, 0),
    FIELD_ID(struct all, id),
    FIELD_INSTANT(struct all, at),
    FIELD_DATE(struct all, day),
    FIELD_CLOCK(struct all, clock),
    FIELD_ENUM(struct all, colour, colours),
    FIELD_FLAGS(struct all, colours, colours),
    FIELD_BOOL(struct all, active),
    FIELD_IDS(struct all, ids, 1, 3),
    FIELD_STRS(struct all, tags, 0, 3),
    FIELD_OBJECT(struct all, part, part_shape),
    FIELD_LIST(struct all, parts, part_shape, 1, 2),
    FIELD_INT(struct all, cleared, 0, 9, .nullable = true,
              .nullable_offset = offsetof(struct all, cleared_null)),
};
static const struct shape all_shape = SHAPE("All", struct all, all_fields);

struct reading {
    struct arena arena;
    struct problem problem;
    struct all all;
};

static int setup(void **state)
{
    struct reading *r = calloc(1, sizeof *r);
    assert_non_null(r);
    arena_init(&r->arena, ARENA_DEFAULT_LIMIT);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct reading *r = *state;
    arena_done(&r->arena);
    free(r);
    return 0;
}

static enum result read_text(struct reading *r, struct str json)
{
    problem_clear(&r->problem);
    return shape_read(&r->arena, &r->problem, &all_shape, json, &r->all);
}

static void good(struct reading *r, const char *json)
{
    if (read_text(r, str_of(json)) != OK)
        fail_msg("%s: %s %s %s", json, r->problem.code,
                 r->problem.field_count ? r->problem.fields[0].path : "",
                 r->problem.field_count ? r->problem.fields[0].code : "");
}

/* Exactly one field error, of this code at this path, with words. */
static void bad(struct reading *r, const char *json, const char *path, const char *code)
{
    if (read_text(r, str_of(json)) != INVALID)
        fail_msg("%s was accepted", json);
    if (r->problem.field_count != 1 || strcmp(r->problem.fields[0].path, path) != 0 ||
        strcmp(r->problem.fields[0].code, code) != 0)
        fail_msg("%s: %zu errors, the first %s at %s", json, r->problem.field_count,
                 r->problem.field_count ? r->problem.fields[0].code : r->problem.code,
                 r->problem.field_count ? r->problem.fields[0].path : "-");
    assert_string_equal(r->problem.code, "validation_failed");
    assert_int_equal(r->problem.status, 0);
    assert_true(strlen(r->problem.fields[0].message) > 5);
}

static void malformed(struct reading *r, struct str json, const char *code)
{
    assert_int_equal(read_text(r, json), INVALID);
    assert_int_equal(r->problem.status, 400);
    assert_string_equal(r->problem.code, code);
    assert_int_equal(r->problem.field_count, 0);
}

static void nothing_given_is_nothing_set(void **state)
{
    struct reading *r = *state;
    struct all zero;
    memset(&zero, 0, sizeof zero);
    good(r, "{}");
    assert_memory_equal(&r->all, &zero, sizeof zero);
    good(r, "{\"name\":null,\"age\":null,\"ids\":null,\"part\":null,\"parts\":null}");
    assert_memory_equal(&r->all, &zero, sizeof zero);
}

static void every_kind_arrives_in_its_member(void **state)
{
    struct reading *r = *state;
    good(r, "{\"name\":\" Anna \",\"notes\":\"a\\r\\n\\tb\",\"secret\":\" x \",\"age\":30,"
            "\"free_int\":9007199254740991,\"negative\":-5,\"quantity\":1.5,\"waste\":-0.001,"
            "\"id\":\"9223372036854775807\",\"at\":\"2026-11-22T10:00:00+01:00\","
            "\"day\":\"1970-01-02\",\"clock\":\"24:00\",\"colour\":\"blue\","
            "\"colours\":[\"red\",\"blue\",\"red\"],\"active\":false,\"ids\":[\"7\",\"x\"],"
            "\"tags\":[\" a \",\"b\"],\"part\":{\"label\":\"cut\",\"minutes\":45},"
            "\"parts\":[{\"label\":\"one\"},{\"label\":\"two\",\"minutes\":5}],"
            "\"raw\":{\"b\":[1,2]},\"cleared\":null}");
    const struct all *a = &r->all;
    assert_true(str_is(a->name, "Anna"));
    assert_true(str_is(a->notes, "a\n\tb"));
    assert_true(str_is(a->secret, " x "));
    assert_true(a->age.set && a->age.value == 30);
    assert_int_equal(a->free_int.value, 9007199254740991);
    assert_int_equal(a->negative.value, -5);
    assert_int_equal(a->quantity.value, 1500);
    assert_int_equal(a->waste.value, -1);
    assert_int_equal(a->id.value, INT64_MAX);
    assert_int_equal(a->at.value, 1795338000);
    assert_int_equal(a->day.value, 1);
    assert_int_equal(a->clock.value, 1440);
    assert_int_equal(a->colour.value, 2);
    assert_int_equal(a->colours.value, 5);
    assert_true(a->active.set && !a->active.value);
    assert_int_equal(a->ids.count, 2);
    assert_int_equal(a->ids.ids[0], 7);
    assert_int_equal(a->ids.ids[1], 0);
    assert_true(str_is(a->tags.items[0], "a"));
    assert_int_equal(a->part->minutes.value, 45);
    assert_int_equal(a->parts.count, 2);
    assert_true(str_is(((struct part *)a->parts.items)[1].label, "two"));
    assert_true(str_is(a->raw, "{\"b\":[1,2]}"));
    assert_true(a->cleared_null && !a->cleared.set);
}

static void each_bound_holds_and_one_past_it_does_not(void **state)
{
    struct reading *r = *state;
    good(r, "{\"age\":5}");
    good(r, "{\"age\":720}");
    bad(r, "{\"age\":4}", "age", "out_of_range");
    assert_string_equal(r->problem.fields[0].message, "Give a number from 5 to 720.");
    bad(r, "{\"age\":721}", "age", "out_of_range");
    bad(r, "{\"free_int\":-1}", "free_int", "out_of_range");
    bad(r, "{\"free_int\":9007199254740992}", "free_int", "out_of_range");
    bad(r, "{\"free_int\":99999999999999999999}", "free_int", "out_of_range");
    bad(r, "{\"free_int\":-99999999999999999999}", "free_int", "out_of_range");
    bad(r, "{\"free_int\":1e999}", "", "out_of_range");
    good(r, "{\"quantity\":0.001}");
    good(r, "{\"quantity\":100}");
    bad(r, "{\"quantity\":0}", "quantity", "out_of_range");
    bad(r, "{\"quantity\":100.001}", "quantity", "out_of_range");
    assert_string_equal(r->problem.fields[0].message, "Give a number from 0.001 to 100.");
    good(r, "{\"waste\":-1000000000}");
    bad(r, "{\"waste\":-1000000000.001}", "waste", "out_of_range");
    good(r, "{\"name\":\"ab\"}");
    good(r, "{\"name\":\"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xe2\x82\xac\"}");
    bad(r, "{\"name\":\"a\"}", "name", "too_short");
    bad(r, "{\"name\":\"\"}", "name", "too_short");
    bad(r, "{\"name\":\"  a  \"}", "name", "too_short");
    bad(r, "{\"name\":\"abcdef\"}", "name", "too_long");
    good(r, "{\"ids\":[\"1\",\"2\",\"3\"]}");
    bad(r, "{\"ids\":[]}", "ids", "too_few");
    bad(r, "{\"ids\":[\"1\",\"2\",\"3\",\"4\"]}", "ids", "too_many");
    bad(r, "{\"parts\":[]}", "parts", "too_few");
    bad(r, "{\"parts\":[{},{},{}]}", "parts", "too_many");
    good(r, "{\"tags\":[]}");
    assert_true(r->all.tags.set);
    bad(r, "{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}", "tags", "too_many");
    good(r, "{\"raw\":\"345678901234567890\"}");
    bad(r, "{\"raw\":\"3456789012345678901\"}", "raw", "too_long");
    good(r, "{\"clock\":\"00:00\"}");
    bad(r, "{\"clock\":\"24:01\"}", "clock", "invalid_format");
}

static void quantities_are_exact_to_three_decimals_and_no_further(void **state)
{
    struct reading *r = *state;
    struct numbers n = {1};
    for (int i = 0; i < 20000; i++) {
        int64_t v = numbers_between(&n, -1000000000000, 0);
        char json[64], digits[32];
        snprintf(digits, sizeof digits, "-%lld.%03lld", (long long)(-v / 1000),
                 (long long)(-v % 1000));
        snprintf(json, sizeof json, "{\"waste\":%s}", digits);
        good(r, json);
        assert_int_equal(r->all.waste.value, v);
        arena_reset(&r->arena);
    }
    bad(r, "{\"waste\":-0.0001}", "waste", "wrong_type");
    bad(r, "{\"waste\":-1.0005}", "waste", "wrong_type");
    bad(r, "{\"waste\":-999999.9999}", "waste", "wrong_type");
    good(r, "{\"waste\":-1.500000}");
    good(r, "{\"waste\":-15e-1}");
    assert_int_equal(r->all.waste.value, -1500);
}

static void a_wrong_type_is_said_with_what_is_wanted(void **state)
{
    struct reading *r = *state;
    static const char *const cases[][2] = {
        {"{\"name\":1}", "name"},
        {"{\"name\":[\"x\"]}", "name"},
        {"{\"age\":\"30\"}", "age"},
        {"{\"age\":30.5}", "age"},
        {"{\"age\":30.0}", "age"},
        {"{\"age\":true}", "age"},
        {"{\"active\":1}", "active"},
        {"{\"active\":\"true\"}", "active"},
        {"{\"quantity\":\"1\"}", "quantity"},
        {"{\"id\":7}", "id"},
        {"{\"ids\":\"7\"}", "ids"},
        {"{\"ids\":[7]}", "ids.0"},
        {"{\"ids\":[\"1\",null]}", "ids.1"},
        {"{\"at\":1790000000}", "at"},
        {"{\"day\":20260101}", "day"},
        {"{\"clock\":540}", "clock"},
        {"{\"colour\":0}", "colour"},
        {"{\"colours\":\"red\"}", "colours"},
        {"{\"colours\":[1]}", "colours.0"},
        {"{\"tags\":[{}]}", "tags.0"},
        {"{\"part\":[]}", "part"},
        {"{\"part\":\"x\"}", "part"},
        {"{\"parts\":{}}", "parts"},
        {"{\"parts\":[1]}", "parts.0"},
        {"{\"parts\":[{\"label\":\"a\"},{\"label\":2}]}", "parts.1.label"},
        {"[]", ""},
        {"\"x\"", ""},
        {"7", ""},
        {"null", ""},
        {"true", ""},
    };
    for (size_t i = 0; i < count_of(cases); i++)
        bad(r, cases[i][0], cases[i][1], "wrong_type");
}

static void required_and_unknown_members_are_named_by_their_path(void **state)
{
    struct reading *r = *state;
    bad(r, "{\"part\":{}}", "part.label", "required");
    bad(r, "{\"part\":{\"label\":null}}", "part.label", "required");
    bad(r, "{\"part\":{\"label\":\"  \"}}", "part.label", "required");
    bad(r, "{\"parts\":[{\"label\":\"a\"},{\"minutes\":5}]}", "parts.1.label", "required");
    bad(r, "{\"nothing\":null}", "nothing", "unknown_field");
    bad(r, "{\"part\":{\"label\":\"a\",\"tenant_id\":1}}", "part.tenant_id", "unknown_field");
    bad(r, "{\"__proto__\":{}}", "__proto__", "unknown_field");
    bad(r, "{\"Name\":\"x\"}", "Name", "unknown_field");
    assert_int_equal(read_text(r, STR("{\"age\":1,\"colour\":\"pink\",\"zzz\":0}")), INVALID);
    assert_int_equal(r->problem.field_count, 3);
}

static void choices_say_what_there_is_to_choose(void **state)
{
    struct reading *r = *state;
    bad(r, "{\"colour\":\"pink\"}", "colour", "not_a_choice");
    assert_string_equal(r->problem.fields[0].message, "Choose one of: red, green, blue.");
    bad(r, "{\"colour\":\"Red\"}", "colour", "not_a_choice");
    bad(r, "{\"colours\":[\"red\",\"pink\"]}", "colours.1", "not_a_choice");
    good(r, "{\"colours\":[]}");
    assert_true(r->all.colours.set && r->all.colours.value == 0);
}

static void control_characters_are_refused(void **state)
{
    struct reading *r = *state;
    static const char *const cases[][2] = {
        {"{\"secret\":\"a\\nb\"}", "secret"},     {"{\"secret\":\"a\\tb\"}", "secret"},
        {"{\"secret\":\"a\\u001bb\"}", "secret"}, {"{\"secret\":\"a\\u007f\"}", "secret"},
        {"{\"secret\":\"a\\u0085b\"}", "secret"}, {"{\"secret\":\"a\\u2028b\"}", "secret"},
        {"{\"secret\":\"a\\u2029b\"}", "secret"}, {"{\"notes\":\"a\\rb\"}", "notes"},
        {"{\"notes\":\"a\\u0000x\"}", NULL},      {"{\"notes\":\"a\\u000bb\"}", "notes"},
        {"{\"tags\":[\"a\\nb\"]}", "tags.0"},
    };
    for (size_t i = 0; i < count_of(cases); i++)
        if (cases[i][1])
            bad(r, cases[i][0], cases[i][1], "invalid_characters");
        else
            malformed(r, str_of(cases[i][0]), "malformed_json");
    good(r, "{\"notes\":\"a\\nb\\tc\\u2028\"}");
}

static void formats_take_what_is_right_and_nothing_else(void **state)
{
    struct reading *r = *state;
    static const struct {
        const char *field;
        const char *right[8];
        const char *wrong[24];
    } cases[] = {
        {"email",
         {"a@b.ch", "anna.b+c@sub.example.com", "o'neil@example.museum", "a_b-c@x-y.org"},
         {"a",
          "a@",
          "@b.ch",
          "a@b",
          "a b@c.ch",
          "a@b..ch",
          ".a@b.ch",
          "a.@b.ch",
          "a..b@c.ch",
          "a@-b.ch",
          "a@b-.ch",
          "a@b.ch.",
          "a@b@c.ch",
          "<a@b.ch>",
          "a,b@c.ch",
          "a@b.ch,c@d.ch",
          "a@[127.0.0.1]",
          "a@127.0.0.1",
          "\xc3\xa4@b.ch",
          "a@\xc3\xa4.ch",
          "a;b@c.ch",
          "a(c)@b.ch"}},
        {"phone",
         {"+41 44 123 45 67", "(030) 1234/56", "117", "1-800-555.1234"},
         {"12", "+41 44 CALL", "- - -", "117#", "117;ext=1", "1,2,3"}},
        {"url",
         {"https://example.com", "http://a/b?c=d#e", "https://[::1]:8080/"},
         {"example.com", "ftp://a", "javascript:alert(1)", "https://", "https:///x", "http:// a",
          "https://a b", "https://a<b", "//a", "HTTPS", "https://a\\\\b"}},
        {"slug",
         {"salon-anna", "ab", "a1-2b"},
         {"a", "-ab", "ab-", "a--b", "Ab", "a_b", "a.b", "a/b", "\xc3\xa4\xc3\xa4"}},
        {"timezone",
         {"Europe/Zurich", "UTC", "America/Argentina/Ushuaia"},
         {"Mars/Olympus", "../../etc/passwd", "Europe//Zurich", "Europe/", "x"}},
        {"currency", {"EUR", "CHF", "USD"}, {"eur", "EU", "XYZ", "E R", "ZZZ", "UR"}},
        {"color", {"#3a7bd5", "#FFFFFF"}, {"3a7bd5", "#3a7bd", "#3a7bg5", "red"}},
        {"locale",
         {"de", "pt-BR", "zh-Hant-TW", "gsw"},
         {"d", "deutsch", "de_CH", "de-", "-de", "de--CH", "12", "de-abcdefghi"}},
    };
    for (size_t c = 0; c < count_of(cases); c++) {
        char json[256];
        for (size_t i = 0; i < count_of(cases[c].right) && cases[c].right[i]; i++) {
            snprintf(json, sizeof json, "{\"%s\":\"%s\"}", cases[c].field, cases[c].right[i]);
            good(r, json);
        }
        for (size_t i = 0; i < count_of(cases[c].wrong) && cases[c].wrong[i]; i++) {
            snprintf(json, sizeof json, "{\"%s\":\"%s\"}", cases[c].field, cases[c].wrong[i]);
            bad(r, json, cases[c].field, "invalid_format");
        }
    }
}

static void an_address_may_have_64_and_254_characters_and_not_one_more(void **state)
{
    struct reading *r = *state;
    char json[512], local[66], domain[260];
    memset(local, 'a', sizeof local);
    snprintf(json, sizeof json, "{\"email\":\"%.64s@b.ch\"}", local);
    good(r, json);
    snprintf(json, sizeof json, "{\"email\":\"%.65s@b.ch\"}", local);
    bad(r, json, "email", "invalid_format");
    for (size_t i = 0; i < sizeof domain; i++)
        domain[i] = i % 50 == 49 ? '.' : 'd';
    snprintf(json, sizeof json, "{\"email\":\"aa@%.248s.ch\"}", domain);
    good(r, json);
    snprintf(json, sizeof json, "{\"email\":\"aaa@%.248s.ch\"}", domain);
    bad(r, json, "email", "too_long");
}

static void what_is_not_json_is_malformed(void **state)
{
    struct reading *r = *state;
    static const char *const cases[] = {
        "",
        " ",
        "{",
        "}",
        "{\"age\":}",
        "{\"age\":5,}",
        "{'age':5}",
        "{age:5}",
        "{\"age\":05}",
        "{\"age\":+5}",
        "{\"age\":5}x",
        "{} {}",
        "{\"age\":NaN}",
        "{\"age\":Infinity}",
        "{\"age\":5,\"age\":6}",
        "{\"part\":{\"label\":\"a\",\"label\":\"b\"}}",
        "// x\n{}",
        "{\"name\":\"a\nb\"}",
        "{\"name\":\"\\x41\"}",
        "{\"name\":\"\\ud800\"}",
        "\xef\xbb\xbf{}",
        "{\"name\":\"\xff\xfe\"}",
        "{\"name\":\"\xc0\x80\"}",
        "{\"name\":\"\xed\xa0\x80\"}",
        "{\"name\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "{\"age\"5}",
        "[1,2",
        "{\"a\":tru}",
    };
    for (size_t i = 0; i < count_of(cases); i++)
        malformed(r, str_of(cases[i]), "malformed_json");
    malformed(r, (struct str){"{\"age\":5}\0", 10}, "malformed_json");
}

static void depth_and_members_have_their_limits(void **state)
{
    struct reading *r = *state;
    char *json = arena_alloc(&r->arena, 300000);
    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(json, '[', (size_t)depth);
        memset(json + depth, ']', (size_t)depth);
        json[2 * depth] = '\0';
        if (depth == JSON_DEPTH_MAX)
            bad(r, json, "", "wrong_type");
        else
            malformed(r, str_of(json), "json_too_deep");
    }
    memset(json, '[', 250000);
    json[250000] = '\0';
    malformed(r, str_of(json), "json_too_deep");
    for (int members = JSON_MEMBERS_MAX; members <= JSON_MEMBERS_MAX + 1; members++) {
        size_t n = 0;
        json[n++] = '[';
        for (int i = 0; i < members; i++) {
            json[n++] = '1';
            json[n++] = ',';
        }
        json[n - 1] = ']';
        json[n] = '\0';
        if (members == JSON_MEMBERS_MAX)
            bad(r, json, "", "wrong_type");
        else
            malformed(r, str_of(json), "json_too_large");
    }
    /* Brackets and commas inside of text count for nothing. */
    good(r, "{\"notes\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[,,,\\\"[[[\"}");
}

static void at_most_64_faults_are_told(void **state)
{
    struct reading *r = *state;
    char json[2048];
    size_t n = 0;
    json[n++] = '{';
    for (int i = 0; i < 100; i++)
        n += (size_t)snprintf(json + n, sizeof json - n, "%s\"x%d\":1", i ? "," : "", i);
    snprintf(json + n, sizeof json - n, "}");
    assert_int_equal(read_text(r, str_of(json)), INVALID);
    assert_int_equal(r->problem.field_count, PROBLEM_FIELDS_MAX);
}

/* ---- queries ---- */

static const struct field query_fields[] = {
    FIELD_STR(struct all, name, 1, 5),
    FIELD_INT(struct all, age, 1, 200),
    FIELD_BOOL(struct all, active),
    FIELD_ID(struct all, id),
    FIELD_IDS(struct all, ids, 1, 3),
    FIELD_DATE(struct all, day, .required = true),
    FIELD_ENUM(struct all, colour, colours),
    FIELD_QTY(struct all, quantity, 0, 5000),
    FIELD_FLAGS(struct all, colours, colours),
    FIELD_INSTANT(struct all, at),
};
static const struct shape query_shape = SHAPE("Query", struct all, query_fields);

static enum result query(struct reading *r, const char *text)
{
    problem_clear(&r->problem);
    return shape_read_query(&r->arena, &r->problem, &query_shape, str_of(text), &r->all);
}

static void a_query_fills_the_same_members(void **state)
{
    struct reading *r = *state;
    assert_int_equal(query(r, "day=2026-01-01&name=%C3%A4+b&age=7&active=1&id=42&ids=1,2,3&"
                              "colour=red&quantity=1.25&colours=red,green&&"
                              "at=2026-11-22T10:00:00%2B01:00"),
                     OK);
    const struct all *a = &r->all;
    assert_true(str_is(a->name, "\xc3\xa4 b"));
    assert_int_equal(a->age.value, 7);
    assert_true(a->active.value);
    assert_int_equal(a->id.value, 42);
    assert_int_equal(a->ids.count, 3);
    assert_int_equal(a->ids.ids[2], 3);
    assert_int_equal(a->day.value, 20454);
    assert_int_equal(a->quantity.value, 1250);
    assert_int_equal(a->colours.value, 3);
    assert_int_equal(a->at.value, 1795338000);
    assert_int_equal(query(r, "day=2026-01-01&name=&age=&ids="), OK);
    assert_null(a->name.ptr);
    assert_false(a->age.set || a->ids.set);
}

static void a_query_is_refused_for_the_same_reasons(void **state)
{
    struct reading *r = *state;
    static const struct {
        const char *text, *path, *code;
    } cases[] = {
        {"", "day", "required"},
        {"day=", "day", "required"},
        {"day=2026-02-30", "day", "invalid_format"},
        {"day=2026-01-01&day=2026-01-02", "day", "duplicate"},
        {"day=2026-01-01&d%61y=2026-01-02", "day", "duplicate"},
        {"day=2026-01-01&zzz=1", "zzz", "unknown_field"},
        {"day=2026-01-01&zzz", "zzz", "unknown_field"},
        {"day=2026-01-01&age=0", "age", "out_of_range"},
        {"day=2026-01-01&age=201", "age", "out_of_range"},
        {"day=2026-01-01&age=1x", "age", "wrong_type"},
        {"day=2026-01-01&age=9999999999999999999999", "age", "wrong_type"},
        {"day=2026-01-01&active=yes", "active", "wrong_type"},
        {"day=2026-01-01&ids=1,2,3,4", "ids", "too_many"},
        {"day=2026-01-01&colour=pink", "colour", "not_a_choice"},
        {"day=2026-01-01&quantity=1.2345", "quantity", "wrong_type"},
        {"day=2026-01-01&name=a%0Ab", "name", "invalid_characters"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        assert_int_equal(query(r, cases[i].text), INVALID);
        if (r->problem.field_count != 1 || strcmp(r->problem.fields[0].code, cases[i].code) != 0)
            fail_msg("%s: %s", cases[i].text, r->problem.fields[0].code);
        assert_string_equal(r->problem.fields[0].path, cases[i].path);
    }
    static const char *const broken[] = {
        "day=%",   "day=%2",  "day=%zz",     "%=1",
        "day=%00", "day=%ff", "name=%c0%af", "day=2026-01-01&x=%e2%82"};
    for (size_t i = 0; i < count_of(broken); i++) {
        assert_int_equal(query(r, broken[i]), INVALID);
        assert_int_equal(r->problem.status, 400);
        assert_string_equal(r->problem.code, "malformed_query");
    }
}

#define READS(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READS(nothing_given_is_nothing_set),
        READS(every_kind_arrives_in_its_member),
        READS(each_bound_holds_and_one_past_it_does_not),
        READS(quantities_are_exact_to_three_decimals_and_no_further),
        READS(a_wrong_type_is_said_with_what_is_wanted),
        READS(required_and_unknown_members_are_named_by_their_path),
        READS(choices_say_what_there_is_to_choose),
        READS(control_characters_are_refused),
        READS(formats_take_what_is_right_and_nothing_else),
        READS(an_address_may_have_64_and_254_characters_and_not_one_more),
        READS(what_is_not_json_is_malformed),
        READS(depth_and_members_have_their_limits),
        READS(at_most_64_faults_are_told),
        READS(a_query_fills_the_same_members),
        READS(a_query_is_refused_for_the_same_reasons),
    };
    return cmocka_run_group_tests_name("shape_read", tests, NULL, NULL);
}
