/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/log.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* The log writes into a pipe, which holds more than a test's lines. */
struct sink {
    int read_fd;
    int write_fd;
    char text[3 * LOG_LINE_MAX];
    size_t len;
};

static int open_sink(void **state)
{
    static struct sink sink;
    int fds[2];
    if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    sink = (struct sink){.read_fd = fds[0], .write_fd = fds[1]};
    log_to(sink.write_fd, LOG_INFO);
    *state = &sink;
    return 0;
}

static int close_sink(void **state)
{
    struct sink *s = *state;
    log_to(-1, LOG_ERROR);
    close(s->read_fd);
    close(s->write_fd);
    return 0;
}

static void drain(struct sink *s)
{
    ssize_t n = read(s->read_fd, s->text, sizeof s->text);
    s->len = n > 0 ? (size_t)n : 0;
}

/* The single line that was written, as JSON; the caller frees it. */
static json_t *the_line(struct sink *s)
{
    drain(s);
    assert_true(s->len > 0 && s->len <= LOG_LINE_MAX);
    assert_ptr_equal(memchr(s->text, '\n', s->len), s->text + s->len - 1);
    json_t *line = json_loadb(s->text, s->len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(line);
    return line;
}

static const char *text_of(json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static void a_line_is_one_object_with_its_time_level_and_values(void **state)
{
    log_event(LOG_WARN, "retrying", "s:host", "db", "i:attempt", (int64_t)-3, "f:wait_s", 1.5,
              NULL);
    json_t *line = the_line(*state);
    assert_string_equal(text_of(line, "level"), "warn");
    assert_string_equal(text_of(line, "message"), "retrying");
    assert_string_equal(text_of(line, "host"), "db");
    assert_int_equal(json_integer_value(json_object_get(line, "attempt")), -3);
    assert_true(json_real_value(json_object_get(line, "wait_s")) == 1.5);
    const char *time = text_of(line, "time");
    assert_int_equal(strlen(time), strlen("2026-11-22T09:00:00.000Z"));
    assert_int_equal(time[23], 'Z');
    json_decref(line);
}

static void an_absent_value_is_left_out(void **state)
{
    log_event(LOG_INFO, "done", "s:who", (const char *)NULL, "i:n", (int64_t)1, NULL);
    json_t *line = the_line(*state);
    assert_null(json_object_get(line, "who"));
    assert_int_equal(json_object_size(line), 4);
    json_decref(line);
}

static void a_number_that_is_none_is_null(void **state)
{
    log_event(LOG_INFO, "odd", "f:a", (double)NAN, "f:b", (double)-INFINITY, NULL);
    json_t *line = the_line(*state);
    assert_true(json_is_null(json_object_get(line, "a")));
    assert_true(json_is_null(json_object_get(line, "b")));
    json_decref(line);
}

static void a_value_cannot_forge_a_line_or_a_member(void **state)
{
    static const char evil[] =
        "x\",\"level\":\"error\"}\n{\"message\":\"forged\"}\r\n\\\t\x01\x7f\x1b[2J";
    log_event(LOG_INFO, "seen", "s:agent", evil, NULL);
    json_t *line = the_line(*state);
    assert_string_equal(text_of(line, "level"), "info");
    assert_string_equal(text_of(line, "agent"), evil);
    struct sink *s = *state;
    for (size_t i = 0; i + 1 < s->len; i++)
        assert_true((unsigned char)s->text[i] >= 0x20 && s->text[i] != 0x7f);
    json_decref(line);
}

static void bytes_that_are_not_utf8_are_replaced_one_by_one(void **state)
{
    log_event(LOG_INFO, "seen", "s:agent", "a\xFF\xC3(\xE2\x82\xAC\xED\xA0\x80", NULL);
    json_t *line = the_line(*state);
    assert_string_equal(text_of(line, "agent"), "a\uFFFD\uFFFD(\u20AC\uFFFD\uFFFD\uFFFD");
    json_decref(line);
}

static void a_long_value_is_cut_between_characters_and_the_line_stays_whole(void **state)
{
    char value[2 * LOG_LINE_MAX];
    for (size_t shift = 0; shift < 8; shift++) {
        memset(value, 'a', shift);
        for (size_t i = shift; i + 4 < sizeof value; i += 4)
            memcpy(value + i, "\xF0\x9F\x92\x87", 5);
        log_event(LOG_INFO, "long", "s:value", value, "s:more", value, "i:n", (int64_t)7, NULL);
        json_t *line = the_line(*state);
        const char *kept = text_of(line, "value");
        assert_int_equal(strncmp(kept, value, strlen(kept)), 0);
        assert_true(strlen(kept) > LOG_LINE_MAX / 2);
        json_decref(line);
    }
}

static void many_values_end_at_the_limit_and_the_line_stays_whole(void **state)
{
    char value[200];
    memset(value, '"', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_event(LOG_INFO, "many", "s:a", value, "s:b", value, "s:c", value, "s:d", value, "s:e",
              value, "s:f", value, "s:g", value, "s:h", value, "s:i", value, "s:j", value, "s:k",
              value, "s:l", value, "s:m", value, NULL);
    json_t *line = the_line(*state);
    assert_true(json_object_size(line) > 10);
    json_decref(line);
}

static void what_is_below_the_level_is_not_written(void **state)
{
    log_event(LOG_DEBUG, "quiet", NULL);
    struct sink *s = *state;
    drain(s);
    assert_int_equal(s->len, 0);
    log_to(s->write_fd, LOG_DEBUG);
    log_event(LOG_DEBUG, "loud", NULL);
    json_decref(the_line(s));
    log_to(-1, LOG_DEBUG);
    log_event(LOG_ERROR, "nobody listens", NULL);
    drain(s);
    assert_int_equal(s->len, 0);
}

#define with_sink(test) cmocka_unit_test_setup_teardown(test, open_sink, close_sink)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_sink(a_line_is_one_object_with_its_time_level_and_values),
        with_sink(an_absent_value_is_left_out),
        with_sink(a_number_that_is_none_is_null),
        with_sink(a_value_cannot_forge_a_line_or_a_member),
        with_sink(bytes_that_are_not_utf8_are_replaced_one_by_one),
        with_sink(a_long_value_is_cut_between_characters_and_the_line_stays_whole),
        with_sink(many_values_end_at_the_limit_and_the_line_stays_whole),
        with_sink(what_is_below_the_level_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
