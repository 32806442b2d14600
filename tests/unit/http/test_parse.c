/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The request parser without sockets. tests/api/http_hostile.test.mjs has the long list of what is
 * refused; here stand what is read from a good request, that cutting changes nothing, and that
 * another parser reads what we accept in the same way.
 */
#include "../unit.h"

#include "http/parse.h"
#include "second_opinion.h"

#include <string.h>

struct message {
    struct env env;
    struct arena arena;
    struct request rq;
    struct framing framing;
    struct refusal refusal;
    struct buf head;
};

static int setup(void **state)
{
    struct message *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->env = env_real();
    arena_init(&m->arena, ARENA_DEFAULT_LIMIT);
    buf_init(&m->head, 64 * 1024);
    *state = m;
    return 0;
}

static int teardown(void **state)
{
    struct message *m = *state;
    request_close(&m->rq);
    buf_done(&m->head);
    arena_done(&m->arena);
    free(m->env.last_id);
    free(m);
    return 0;
}

/* Scans in pieces of `step` bytes, then parses. False: refused. */
static bool take(struct message *m, const char *text, size_t step)
{
    struct head_scan scan = {0};
    size_t len = strlen(text), at = 0;
    enum feed fed = FEED_MORE;
    buf_reset(&m->head);
    arena_reset(&m->arena);
    request_open(&m->rq, &m->arena, &m->env);
    while (fed == FEED_MORE && at < len) {
        size_t n = step < len - at ? step : len - at, used = 0;
        fed = head_scan(&scan, text + at, n, &used, &m->refusal);
        buf_add(&m->head, text + at, used);
        at += used;
    }
    assert_int_not_equal(fed, FEED_MORE);
    return fed == FEED_DONE && head_parse(&m->rq, buf_view(&m->head), &m->framing, &m->refusal);
}

static void a_request_is_read_with_all_its_parts(void **state)
{
    struct message *m = *state;
    static const char text[] = "PATCH /api/v1/a%20b/%C3%A4?x=1&y=%20 HTTP/1.1\r\n"
                               "Host: example.com:8080\r\n"
                               "Content-Length:  17 \t\r\n"
                               "cookie: a=1; careops_session=tok; b=2\r\n"
                               "Empty:\r\n\r\n";
    for (size_t step = 1; step < sizeof text; step++) {
        assert_true(take(m, text, step));
        assert_int_equal(m->rq.method, HTTP_PATCH_);
        assert_true(str_is(m->rq.method_text, "PATCH"));
        assert_true(str_is(m->rq.path, "/api/v1/a b/\xc3\xa4"));
        assert_true(str_is(m->rq.query, "x=1&y=%20"));
        assert_true(str_is(m->rq.host, "example.com:8080"));
        assert_int_equal(m->rq.header_count, 4);
        assert_int_equal(m->framing.length, 17);
        assert_false(m->framing.chunked);
        assert_true(m->framing.keep_alive);
        assert_true(str_is(request_cookie(&m->rq, SESSION_COOKIE), "tok"));
        assert_true(str_is(request_header(&m->rq, "EMPTY"), ""));
        assert_null(request_header(&m->rq, "Absent").ptr);
    }
}

static void a_cookie_is_found_by_its_whole_name_only(void **state)
{
    struct message *m = *state;
    static const struct {
        const char *line, *value;
    } cases[] = {
        {"careops_session=a", "a"},
        {"x=1;careops_session=a", "a"},
        {"careops_session=a; x=1", "a"},
        {"careops_session=", ""},
        {"careops_session=a=b", "a=b"},
        {"xcareops_session=a", NULL},
        {"careops_sessionx=a", NULL},
        {"CAREOPS_SESSION=a", NULL},
        {"careops_session", NULL},
        {"", NULL},
        {";;; ;", NULL},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        char text[256];
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n\r\n",
                 cases[i].line);
        assert_true(take(m, text, 1000));
        struct str value = request_cookie(&m->rq, SESSION_COOKIE);
        assert_int_equal(value.ptr != NULL, cases[i].value != NULL);
        if (cases[i].value)
            assert_true(str_is(value, cases[i].value));
    }
}

static void the_connection_is_kept_as_the_version_and_the_header_say(void **state)
{
    struct message *m = *state;
    static const struct {
        const char *version, *connection;
        bool keep;
    } cases[] = {
        {"1.1", "X: 1", true},
        {"1.1", "Connection: close", false},
        {"1.1", "Connection: keep-alive, Close", false},
        {"1.1", "Connection: upgrade", true},
        {"1.1", "Connection: closed", true},
        {"1.0", "X: 1", false},
        {"1.0", "Connection: Keep-Alive", true},
        {"1.0", "Connection: x\r\nConnection: keep-alive", true},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        char text[256];
        snprintf(text, sizeof text, "GET / HTTP/%s\r\nHost: a\r\n%s\r\n\r\n", cases[i].version,
                 cases[i].connection);
        assert_true(take(m, text, 1000));
        assert_int_equal(m->framing.keep_alive, cases[i].keep);
    }
}

static void a_response_head_is_one_that_a_parser_reads_back(void **state)
{
    struct message *m = *state;
    assert_true(take(m, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1000));
    m->rq.https = true;
    answer_text(&m->rq, 200, "text/plain", STR("hello"));
    answer_header(&m->rq, "Cache-Control", STR("public"));
    struct buf out;
    buf_init(&out, 65536);
    response_head(&m->rq, true, 784111777, &out);
    buf_byte(&out, '\0');
    assert_non_null(strstr(out.ptr, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nContent-Length: 5\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nCache-Control: public\r\n"));
    assert_null(strstr(out.ptr, "no-store"));
    assert_non_null(strstr(out.ptr, "\r\nStrict-Transport-Security: max-age=31536000"));
    assert_non_null(strstr(out.ptr, "\r\nX-Request-Id: "));
    static struct opinion o;
    second_opinion(out.ptr, out.len - 1, true, &o);
    assert_true(o.accepted);
    assert_int_equal(o.length, 5);
    buf_done(&out);
}

/* ---- the second opinion ---- */

static void agree(const struct message *m)
{
    static struct opinion o;
    struct str head = buf_view(&m->head);
    second_opinion(head.ptr, head.len, false, &o);
    if (!o.accepted)
        fail_msg("%.*s: %s", (int)head.len, head.ptr, o.fault);
    assert_true(str_eq(m->rq.target, (struct str){o.url, o.url_len}));
    assert_int_equal(m->rq.header_count, o.fields);
    assert_string_equal(http_method_name(m->rq.method), o.method);
    assert_int_equal(m->framing.chunked, o.chunked);
    assert_int_equal(m->framing.length, o.has_length ? o.length : 0);
}

static void what_we_accept_another_parser_reads_in_the_same_way(void **state)
{
    struct message *m = *state;
    static const char *const seeds[] = {
        "GET /a?b=c HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET http://a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    };
    static const char spice[] = "\r\n\t \0:;,/%?#@\\\x7f\xff"
                                "a1X-_.{}[]\"<>";
    struct numbers n = {42};
    size_t accepted = 0;
    for (int i = 0; i < 60000; i++) {
        char text[256];
        const char *seed = seeds[numbers_next(&n) % count_of(seeds)];
        size_t len = strlen(seed);
        memcpy(text, seed, len + 1);
        for (int64_t k = numbers_between(&n, 0, 3); k > 0; k--) {
            size_t at = (size_t)numbers_between(&n, 0, (int64_t)len - 5);
            char c = spice[numbers_next(&n) % (sizeof spice - 1)];
            text[at] = c ? c : 'z';
        }
        if (!strstr(text, "\r\n\r\n") || !take(m, text, 1000))
            continue;
        accepted++;
        agree(m);
    }
    assert_true(accepted > 10000);
}

#define PARSES(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARSES(a_request_is_read_with_all_its_parts),
        PARSES(a_cookie_is_found_by_its_whole_name_only),
        PARSES(the_connection_is_kept_as_the_version_and_the_header_say),
        PARSES(a_response_head_is_one_that_a_parser_reads_back),
        PARSES(what_we_accept_another_parser_reads_in_the_same_way),
    };
    return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
