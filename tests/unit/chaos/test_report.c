/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The three forms of the report: each says the verdict, what was looked at and what was found, and
 * what a system under test answered is text in it and nothing else. */
#include "good_day.h"

#include "chaos/report.h"

#include <jansson.h>
#include <string.h>

/* Every sign that means something to HTML, to JSON or to a terminal, and a byte that is no UTF-8.
 */
static const char hostile[] = "</style><script>alert(1)</script>&\"'\x1B[2J\xFF";

struct told {
    struct day d;
    struct arena a;
    struct verdict v;
    struct buf out;
};

enum form { HTML, JSON, TEXT };

static const char *tell(struct told *t, enum form form)
{
    struct str command = STR("careops chaos --url 'http://127.0.0.1:1/?<b>' --seed 7");
    arena_init(&t->a, ARENA_DEFAULT_LIMIT);
    buf_init(&t->out, 16 * 1024 * 1024);
    judge_day(&t->d, &t->a, &t->v);
    if (form == HTML)
        report_html(&t->d, &t->v, command, &t->out);
    else if (form == JSON)
        report_json(&t->d, &t->v, command, &t->out);
    else
        report_text(&t->d, &t->v, &t->out);
    buf_byte(&t->out, '\0');
    assert_false(t->out.overflow);
    return t->out.ptr;
}

static void told_done(struct told *t)
{
    buf_done(&t->out);
    arena_done(&t->a);
    day_done(&t->d);
}

static size_t times(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        n++;
    return n;
}

/* As many ends as beginnings, of each element that has to end. */
static void assert_balanced(const char *html)
{
    static const char *const elements[] = {"html",  "head",    "body", "main", "section", "svg",
                                           "table", "tr",      "td",   "th",   "ul",      "ol",
                                           "li",    "figure",  "dl",   "dd",   "details", "text",
                                           "p",     "caption", "h2",   "h3",   "span",    "style"};
    for (size_t i = 0; i < count_of(elements); i++) {
        char begin[20], begin_with[20], end[20];
        snprintf(begin, sizeof begin, "<%s>", elements[i]);
        snprintf(begin_with, sizeof begin_with, "<%s ", elements[i]);
        snprintf(end, sizeof end, "</%s>", elements[i]);
        size_t begun = times(html, begin) + times(html, begin_with);
        if (begun != times(html, end))
            print_error("<%s>: %zu begin and %zu end\n", elements[i], begun, times(html, end));
        assert_int_equal(begun, times(html, end));
    }
}

static void test_the_page_says_the_verdict_first_and_each_judge(void **state)
{
    (void)state;
    struct told t;
    good_day(&t.d);
    const char *html = tell(&t, HTML);
    assert_balanced(html);
    const char *verdict = strstr(html, "The day holds"),
               *judges = strstr(html, "What the judges say");
    assert_non_null(verdict);
    assert_non_null(judges);
    assert_true(verdict < judges);
    for (size_t i = 0; i < t.v.count; i++) {
        char row[64];
        snprintf(row, sizeof row, "<th scope=\"row\">%s</th>", t.v.judgement[i].name);
        assert_non_null(strstr(html, row));
    }
    assert_int_equal(times(html, "<figure>"), 4);
    assert_int_equal(times(html, "role=\"img\""), 4);
    assert_int_equal(times(html, "<desc"), 4);
    assert_int_equal(times(html, "<table"), times(html, "<caption>"));
    assert_non_null(strstr(html, "fewer than 1 in 4 (95 % confidence)"));
    assert_non_null(strstr(html, "?&lt;b&gt;"));
    told_done(&t);
}

static void test_the_page_stands_alone(void **state)
{
    (void)state;
    struct told t;
    good_day(&t.d);
    t.d.target = STR("the salon");
    const char *html = tell(&t, HTML);
    assert_int_equal(times(html, "<script"), 0);
    assert_int_equal(times(html, " src="), 0);
    assert_int_equal(times(html, "<link"), 0);
    assert_int_equal(times(html, "@import"), 0);
    assert_int_equal(times(html, " href="), 0);
    assert_int_equal(times(html, "url("), times(html, "url(#"));
    told_done(&t);
}

static void with_hostile_words(struct told *t)
{
    good_day(&t->d);
    struct str words = str_of(hostile);
    t->d.target = words;
    t->d.engine = words;
    day_event(&t->d, &(struct day_event){.at = 100, .text = words});
    day_leak(&t->d, &(struct day_leak){5, words, words, words});
    booking_of(&t->d, KEY_PLAIN)->status = words;
}

static void test_what_was_answered_is_text_in_the_page(void **state)
{
    (void)state;
    struct told t;
    with_hostile_words(&t);
    const char *html = tell(&t, HTML);
    assert_balanced(html);
    assert_int_equal(times(html, "<script"), 0);
    assert_int_equal(times(html, "</style>"), 1);
    assert_int_equal(times(html, "\x1B"), 0);
    assert_true(str_utf8_ok(str_of(html)));
    assert_true(times(html, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;") >= 4);
    assert_non_null(strstr(html, "The day does not hold"));
    assert_non_null(strstr(html, "private: what it found"));
    told_done(&t);
}

static json_t *parsed(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        print_error("line %d: %s\n", error.line, error.text);
    assert_non_null(root);
    return root;
}

static int64_t number(const json_t *root, const char *name)
{
    const json_t *n = json_object_get(root, name);
    assert_true(json_is_integer(n));
    return json_integer_value(n);
}

static void test_the_figures_for_machines_are_those_of_the_verdict(void **state)
{
    (void)state;
    struct told t;
    good_day(&t.d);
    json_t *root = parsed(tell(&t, JSON));
    assert_true(json_is_true(json_object_get(root, "holds")));
    assert_int_equal(number(root, "findings"), 0);
    assert_int_equal(number(root, "acknowledged_bookings"), 13);
    assert_int_equal(number(root, "lost"), 0);
    assert_int_equal(number(root, "doubled"), 0);
    assert_int_equal(number(root, "refused"), 4);
    assert_int_equal(number(root, "unknown"), 5);
    assert_int_equal(number(root, "restarts"), 1);
    assert_int_equal(number(root, "ready_p99"), 400);
    assert_int_equal(number(root, "ready_within_ms"), 1000);
    assert_true(json_real_value(json_object_get(root, "bound_95")) > 0.23);
    const json_t *injected = json_object_get(root, "injected");
    assert_int_equal(number(injected, "all"), 2);
    assert_int_equal(number(injected, "kill_server"), 1);
    assert_int_equal(number(injected, "lost_answer"), 1);
    assert_int_equal(json_array_size(json_object_get(root, "judgements")), t.v.count);
    assert_int_equal(json_array_size(json_object_get(root, "timeline")), 1);
    json_decref(root);
    told_done(&t);
}

static void test_findings_and_hostile_words_are_strings_for_machines(void **state)
{
    (void)state;
    struct told t;
    with_hostile_words(&t);
    json_t *root = parsed(tell(&t, JSON));
    assert_true(json_is_false(json_object_get(root, "holds")));
    assert_true(json_is_null(json_object_get(root, "bound_95"))); /* a booking's state is wrong */
    assert_int_equal(number(root, "lost"), 1);
    const char *target = json_string_value(json_object_get(json_object_get(root, "day"), "target"));
    assert_string_equal(target, "</style><script>alert(1)</script>&\"'\x1B[2J\xEF\xBF\xBD");
    json_decref(root);
    told_done(&t);
}

static void test_the_terminal_is_told_the_verdict_last_and_moved_by_nothing(void **state)
{
    (void)state;
    struct told t;
    with_hostile_words(&t);
    const char *text = tell(&t, TEXT);
    assert_int_equal(times(text, "\x1B"), 0);
    const char *verdict = strstr(text, "THE DAY DOES NOT HOLD");
    assert_non_null(verdict);
    assert_int_equal(times(verdict, "\n"), 1);
    assert_non_null(strstr(text, "FOUND"));
    told_done(&t);

    good_day(&t.d);
    text = tell(&t, TEXT);
    assert_non_null(strstr(text, "THE DAY HOLDS: of 13 acknowledged bookings, 0 lost, 0 doubled; "
                                 "fewer than 1 in 4 (95 % confidence).\n"));
    assert_int_equal(times(text, "FOUND"), 0);
    told_done(&t);
}

static void test_an_empty_day_has_a_report_too(void **state)
{
    (void)state;
    for (enum form form = HTML; form <= TEXT; form++) {
        struct told t;
        day_init(&t.d, 1);
        const char *text = tell(&t, form);
        if (form == HTML)
            assert_balanced(text);
        if (form == JSON)
            json_decref(parsed(text));
        assert_non_null(strstr(text, form == HTML   ? "The day does not hold"
                                     : form == JSON ? "\"holds\":false"
                                                    : "THE DAY DOES NOT HOLD"));
        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "inf\""));
        told_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_says_the_verdict_first_and_each_judge),
        cmocka_unit_test(test_the_page_stands_alone),
        cmocka_unit_test(test_what_was_answered_is_text_in_the_page),
        cmocka_unit_test(test_the_figures_for_machines_are_those_of_the_verdict),
        cmocka_unit_test(test_findings_and_hostile_words_are_strings_for_machines),
        cmocka_unit_test(test_the_terminal_is_told_the_verdict_last_and_moved_by_nothing),
        cmocka_unit_test(test_an_empty_day_has_a_report_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
