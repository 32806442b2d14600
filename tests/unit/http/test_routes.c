/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a path to its route, and all that the dispatcher decides without a database. */
#include "exchanges.h"

#include "base/log.h"
#include "http/limit.h"

static enum result say_params(struct request *rq, struct work *w)
{
    (void)w;
    answer_text(rq, 200, "text/plain",
                str_printf(rq->arena, "%s|" STR_FMT "|" STR_FMT, rq->route->path,
                           STR_ARG(rq->params[0]), STR_ARG(rq->params[1])));
    return OK;
}

static enum result say_nothing(struct request *rq, struct work *w)
{
    (void)rq;
    (void)w;
    return OK;
}

static enum result say_too_much(struct request *rq, struct work *w)
{
    (void)w;
    rq->status = 200;
    for (size_t i = 0; i <= RESPONSE_LIMIT / 16; i++)
        buf_z(&rq->out, "sixteen letters.");
    return OK;
}

static enum result fail_inside(struct request *rq, struct work *w)
{
    (void)rq;
    return problem_set(w->problem, INTERNAL, "secret_code", "secret detail");
}

static enum result check_version(struct request *rq, struct work *w)
{
    answer_etag(rq, 7);
    return route_check_version(rq, w, 7);
}

static enum result before_refuses(struct request *rq, struct work *w)
{
    (void)rq;
    return problem_set(w->problem, DENIED, "from_before", "No.");
}

struct text_in {
    struct str text;
};
static const struct field text_fields[] = {
    FIELD_STR(struct text_in, text, 1, 10, .required = true)};
static const struct shape text_shape = SHAPE("TextIn", struct text_in, text_fields);

struct list_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field list_fields[] = {PAGE_FIELDS(struct list_query)};
static const struct shape list_shape = SHAPE("ListQuery", struct list_query, list_fields);

#define OPEN .who = WHO_ANYONE, .mode = MODE_FREE, .tag = "t", .summary = "s"
#define FREE OPEN, .status = 200
#define GET_(p)                                                       \
    {                                                                 \
        FREE, .method = HTTP_GET_, .path = (p), .handler = say_params \
    }

static const struct route routes[] = {
    GET_("/"),
    GET_("/api/v1/things"),
    GET_("/api/v1/things/{id}"),
    GET_("/api/v1/things/special"),
    GET_("/api/v1/{kind}/special/more"),
    GET_("/api/v1/things/{id}/{part}"),
    {FREE, .method = HTTP_GET_, .path = "/app/{*rest}", .handler = say_params, .hidden = true},
    {OPEN, .method = HTTP_POST_, .path = "/api/v1/things", .handler = say_nothing,
     .body = &text_shape, .status = 202},
    {OPEN, .method = HTTP_DELETE_, .path = "/api/v1/things/{id}", .handler = say_nothing,
     .status = 204},
    {FREE, .method = HTTP_PATCH_, .path = "/api/v1/versioned", .handler = check_version},
    {FREE, .method = HTTP_POST_, .path = "/api/v1/signin", .handler = say_nothing,
     .rate = RATE_SIGNUP},
    {FREE, .method = HTTP_POST_, .path = "/api/v1/before", .handler = say_nothing,
     .body = &text_shape, .before = before_refuses},
    {FREE, .method = HTTP_POST_, .path = "/api/v1/optional", .handler = say_nothing,
     .body = &list_shape, .body_optional = true},
    {FREE, .method = HTTP_GET_, .path = "/api/v1/list", .handler = say_nothing,
     .query = &list_shape, .answer = &text_shape, .answer_is_list = true},
    {FREE, .method = HTTP_GET_, .path = "/api/v1/huge", .handler = say_too_much},
    {FREE, .method = HTTP_GET_, .path = "/api/v1/broken", .handler = fail_inside},
    {.who = WHO_SIGNED_IN,
     .mode = MODE_FREE,
     .status = 204,
     .tag = "t",
     .summary = "s",
     .method = HTTP_POST_,
     .path = "/api/v1/mine",
     .handler = say_nothing,
     .body = &text_shape},
};

struct ground {
    struct env env;
    struct limiter *limiter;
    struct exchanges x;
};

static void page_problem(const struct app *app, struct request *rq, enum result result,
                         const struct problem *p)
{
    (void)app;
    request_begin_answer(rq);
    answer_text(rq, problem_status(result, p), "text/html", STR("<p>lost"));
}

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    assert_non_null(g);
    log_to(-1, LOG_ERROR);
    g->env = env_real();
    g->limiter = limiter_new(&g->env, 100, true);
    struct route_table tables[] = {{routes, count_of(routes)}, docs_table};
    struct dispatcher *d = dispatcher_new(&(struct dispatcher_config){
        .tables = tables,
        .table_count = count_of(tables),
        .env = &g->env,
        .limiter = g->limiter,
        .base_url = "https://book.example/x",
        .page_problem = page_problem,
    });
    exchanges_init(&g->x, d, &g->env);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    dispatcher_free(g->x.dispatcher);
    exchanges_done(&g->x);
    limiter_free(g->limiter);
    free(g->env.last_id);
    free(g);
    return 0;
}

static void a_path_finds_the_most_exact_route(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    static const struct {
        const char *path, *answer;
    } cases[] = {
        {"/", "/||"},
        {"/api/v1/things", "/api/v1/things||"},
        {"/api/v1/things/42", "/api/v1/things/{id}|42|"},
        {"/api/v1/things/special", "/api/v1/things/special||"},
        {"/api/v1/things/specially", "/api/v1/things/{id}|specially|"},
        {"/api/v1/other/special/more", "/api/v1/{kind}/special/more|other|"},
        {"/api/v1/things/a%20b/c", "/api/v1/things/{id}/{part}|a b|c"},
        {"/app/x", "/app/{*rest}|x|"},
        {"/app/x/y/z", "/app/{*rest}|x/y/z|"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        char line[128];
        snprintf(line, sizeof line, "GET %s", cases[i].path);
        assert_int_equal(ask_for(x, line, NULL, NULL), 200);
        assert_string_equal(answered(x), cases[i].answer);
    }
}

static void a_path_that_no_route_has_is_404(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    static const char *const paths[] = {"/api",
                                        "/api/v1/things/",
                                        "/api/v1//things",
                                        "//api/v1/things",
                                        "/api/v1/things/1/2/3",
                                        "/api/v1/Things",
                                        "/app",
                                        "/app/"};
    for (size_t i = 0; i < count_of(paths); i++) {
        char line[128];
        snprintf(line, sizeof line, "GET %s", paths[i]);
        if (ask_for(x, line, NULL, NULL) != 404)
            fail_msg("%s", paths[i]);
    }
    ask_for(x, "GET /api/v1/nothing", NULL, NULL);
    assert_true(says(x, "not_found"));
    ask_for(x, "GET /nothing", NULL, NULL);
    assert_string_equal(answered(x), "<p>lost");
    ask_for(x, "POST /nothing", NULL, NULL);
    assert_true(says(x, "not_found"));
}

static void a_method_that_no_route_has_is_405_with_those_that_are(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "PUT /api/v1/things", NULL, NULL), 405);
    assert_true(says(x, "method_not_allowed"));
    assert_true(str_is(answered_header(x, "Allow"), "GET, HEAD, POST, OPTIONS"));
    assert_int_equal(ask_for(x, "OPTIONS /api/v1/things/1", NULL, NULL), 204);
    assert_true(str_is(answered_header(x, "Allow"), "GET, HEAD, DELETE, OPTIONS"));
    assert_int_equal(ask_for(x, "POST /api/v1/things/special", NULL, NULL), 405);
    assert_int_equal(ask_for(x, "OPTIONS *", NULL, NULL), 204);
}

static void head_is_get_without_its_body(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "HEAD /api/v1/things/42", NULL, NULL), 200);
    assert_int_equal(response_body(&x->rq).len, 0);
    assert_int_equal(x->rq.out.len, strlen("/api/v1/things/{id}|42|"));
}

static void a_handler_that_says_nothing_has_the_routes_status(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "POST /api/v1/things", JSON, "{\"text\":\"a\"}"), 202);
    assert_int_equal(ask_for(x, "DELETE /api/v1/things/1", NULL, NULL), 204);
}

static void a_body_must_be_what_the_route_takes(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    static const struct {
        const char *line, *headers, *body;
        int status;
    } cases[] = {
        {"POST /api/v1/things", JSON, "{}", 422},
        {"POST /api/v1/things", JSON, "{\"text\":\"a\",\"x\":1}", 422},
        {"POST /api/v1/things", JSON, "{", 400},
        {"POST /api/v1/things", JSON, NULL, 400},
        {"POST /api/v1/things", NULL, NULL, 400},
        {"POST /api/v1/things", NULL, "{\"text\":\"a\"}", 415},
        {"POST /api/v1/things", "Content-Type: text/plain\r\n", "{\"text\":\"a\"}", 415},
        {"POST /api/v1/things", "Content-Type: application/json; charset=UTF-8\r\n",
         "{\"text\":\"a\"}", 202},
        {"POST /api/v1/things", "Content-Type: application/json;charset=\"utf-8\"\r\n",
         "{\"text\":\"a\"}", 202},
        {"POST /api/v1/things", "Content-Type: application/json; charset=utf-16\r\n",
         "{\"text\":\"a\"}", 415},
        {"POST /api/v1/things?x=1", JSON, "{\"text\":\"a\"}", 422},
        {"POST /api/v1/things?x=%", JSON, "{\"text\":\"a\"}", 400},
        {"DELETE /api/v1/things/1", JSON, "{}", 204},
        {"DELETE /api/v1/things/1", JSON, "{\"a\":1}", 422},
        {"GET /api/v1/things", JSON, "{\"a\":1}", 422},
        {"POST /api/v1/optional", NULL, NULL, 200},
        {"POST /api/v1/optional", JSON, "{\"limit\":201}", 422},
        {"GET /app/x?utm_source=y", NULL, NULL, 200},
    };
    for (size_t i = 0; i < count_of(cases); i++)
        if (ask_for(x, cases[i].line, cases[i].headers, cases[i].body) != cases[i].status)
            fail_msg("%s %s: %d", cases[i].line, cases[i].body, x->rq.status);
}

static void faults_of_query_and_body_are_told_together(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "POST /api/v1/things?y=1", JSON, "{\"z\":1}"), 422);
    const char *text = answered(x);
    assert_non_null(strstr(text, "\"path\":\"y\""));
    assert_non_null(strstr(text, "\"path\":\"z\""));
    assert_non_null(strstr(text, "\"path\":\"text\",\"code\":\"required\""));
}

static void without_credentials_it_is_401_whatever_the_body_holds(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "POST /api/v1/mine", JSON, "{\"wrong\":1}"), 401);
    assert_true(says(x, "not_signed_in"));
    assert_true(str_is(answered_header(x, "WWW-Authenticate"), "Bearer"));
}

static void what_another_site_makes_a_browser_send_is_refused(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    static const char cookie[] = "Cookie: careops_session=abc\r\n";
    static const struct {
        const char *headers;
        bool refused;
    } cases[] = {
        {"", false},
        {"Sec-Fetch-Site: same-origin\r\n", false},
        {"Sec-Fetch-Site: none\r\n", false},
        {"Sec-Fetch-Site: cross-site\r\n", true},
        {"Sec-Fetch-Site: same-site\r\n", true},
        {"Origin: https://book.example\r\n", false},
        {"Origin: https://BOOK.example\r\n", false},
        {"Origin: http://salon.example\r\n", false},
        {"Origin: https://salon.example\r\n", true},
        {"Origin: https://salon.example:444\r\n", true},
        {"Origin: http://book.example\r\n", true},
        {"Origin: https://book.example.evil\r\n", true},
        {"Origin: https://evil.example\r\n", true},
        {"Origin: null\r\n", true},
        {"Origin: \r\n", true},
        {"Origin: file://salon.example\r\n", true},
        {"Sec-Fetch-Site: cross-site\r\nOrigin: https://book.example\r\n", true},
        {"Sec-Fetch-Site: same-origin\r\nOrigin: https://evil.example\r\n", true},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        char headers[256];
        snprintf(headers, sizeof headers, "%s%s", cookie, cases[i].headers);
        int status = ask_for(x, "DELETE /api/v1/things/1", headers, NULL);
        if (status != (cases[i].refused ? 403 : 204))
            fail_msg("%s: %d", cases[i].headers, status);
        if (cases[i].refused)
            assert_true(says(x, "cross_site"));
        assert_int_equal(ask_for(x, "DELETE /api/v1/things/1", cases[i].headers, NULL), 204);
        assert_int_equal(ask_for(x, "GET /api/v1/things/1", headers, NULL), 200);
    }
}

static void a_version_must_match_where_one_is_named(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    static const struct {
        const char *header;
        int status;
    } cases[] = {
        {"", 200},
        {"If-Match: \"7\"\r\n", 200},
        {"If-Match: *\r\n", 200},
        {"If-Match: \"6\", \"7\"\r\n", 200},
        {"If-Match: \"6\"\r\n", 412},
        {"If-Match: 7\r\n", 412},
        {"If-Match: W/\"7\"\r\n", 412},
        {"If-Match: \"77\"\r\n", 412},
        {"If-Match:\r\n", 412},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int status = ask_for(x, "PATCH /api/v1/versioned", cases[i].header, NULL);
        if (status != cases[i].status)
            fail_msg("%s: %d", cases[i].header, status);
        if (status == 412)
            assert_true(says(x, "stale_version"));
        else
            assert_true(str_is(answered_header(x, "ETag"), "\"7\""));
    }
}

static void past_its_rate_an_address_is_told_when_to_come_again(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    for (int i = 0; i < 20; i++)
        assert_int_equal(ask_for(x, "POST /api/v1/signin", NULL, NULL), 200);
    assert_int_equal(ask_for(x, "POST /api/v1/signin", NULL, NULL), 429);
    assert_true(says(x, "too_many_requests"));
    int64_t wait_s;
    assert_true(str_int(answered_header(x, "Retry-After"), &wait_s));
    assert_in_range(wait_s, 1, 30);
    assert_int_equal(ask_for(x, "GET /api/v1/things", NULL, NULL), 200);
}

static void what_comes_before_may_refuse_and_waits_for_good_input(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "POST /api/v1/before", JSON, "{}"), 422);
    assert_int_equal(ask_for(x, "POST /api/v1/before", JSON, "{\"text\":\"a\"}"), 403);
    assert_true(says(x, "from_before"));
}

static void our_own_faults_tell_nothing_but_the_request_id(void **state)
{
    struct exchanges *x = &((struct ground *)*state)->x;
    assert_int_equal(ask_for(x, "GET /api/v1/broken", NULL, NULL), 500);
    assert_null(strstr(answered(x), "secret"));
    assert_non_null(strstr(answered(x), x->rq.id));
    assert_int_equal(ask_for(x, "GET /api/v1/huge", NULL, NULL), 500);
    assert_true(says(x, "internal"));
    assert_true(x->rq.out.len < 1000);
}

static void a_cursor_comes_back_as_it_went_and_no_other_is_taken(void **state)
{
    struct ground *g = *state;
    struct problem problem = {0};
    struct work w = {.arena = &g->x.arena, .problem = &problem};
    static const int64_t values[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1795338000};
    bool given;
    int64_t key, id;
    for (size_t i = 0; i < count_of(values); i++)
        for (size_t k = 0; k < count_of(values); k++) {
            struct str text = cursor_write(w.arena, values[i], values[k]);
            assert_int_equal(cursor_read(&w, text, &given, &key, &id), OK);
            assert_true(given && key == values[i] && id == values[k]);
        }
    assert_int_equal(cursor_read(&w, (struct str){0}, &given, &key, &id), OK);
    assert_false(given);
    static const char *const wrong[] = {"",
                                        "x",
                                        "AAAAAAAAAAAAAAAAAAAAAAA",
                                        "1,2",
                                        "AQAAAAAAAAAAAAAAAAAAAAAA",
                                        "AQAAAAAAAAAAAAAAAAAAAA="};
    for (size_t i = 0; i < count_of(wrong); i++) {
        problem_clear(&problem);
        assert_int_equal(cursor_read(&w, str_of(wrong[i]), &given, &key, &id), INVALID);
        assert_string_equal(problem.fields[0].path, "cursor");
    }
}

static void answers_are_counted_by_route_and_class(void **state)
{
    struct ground *g = *state;
    ask_for(&g->x, "GET /api/v1/things/1", NULL, NULL);
    ask_for(&g->x, "HEAD /api/v1/things/2", NULL, NULL);
    ask_for(&g->x, "POST /api/v1/things", JSON, "{}");
    ask_for(&g->x, "GET /api/v1/secret-token", NULL, NULL);
    struct buf out;
    buf_init(&out, 65536);
    dispatcher_metrics(g->x.dispatcher, &out);
    buf_byte(&out, '\0');
    static const char *const lines[] = {
        "careops_http_answers_total{method=\"GET\",route=\"/api/v1/things/{id}\",status=\"2xx\"} 2\n",
        "careops_http_answers_total{method=\"POST\",route=\"/api/v1/things\",status=\"4xx\"} 1\n",
        "careops_http_answers_total{method=\"any\",route=\"unmatched\",status=\"4xx\"} 1\n",
        "careops_http_request_seconds_bucket{le=\"+Inf\"} 4\n",
        "careops_http_request_seconds_count 4\n",
    };
    for (size_t i = 0; i < count_of(lines); i++)
        if (!strstr(out.ptr, lines[i]))
            fail_msg("%s%s", lines[i], out.ptr);
    assert_null(strstr(out.ptr, "secret"));
    buf_done(&out);
}

/* ---- tables that are wrong ---- */

static void build(const struct route *table, size_t count)
{
    struct env env = env_real();
    struct route_table tables[] = {{table, count}};
    dispatcher_free(dispatcher_new(&(struct dispatcher_config){
        .tables = tables, .table_count = 1, .env = &env, .base_url = "http://a"}));
}

static void two_alike(void)
{
    static const struct route table[] = {GET_("/a/{x}"), GET_("/a/{y}")};
    build(table, count_of(table));
}

static void get_that_writes(void)
{
    static const struct route table[] = {{.who = WHO_ANYONE,
                                          .mode = MODE_WRITE,
                                          .status = 200,
                                          .tag = "t",
                                          .summary = "s",
                                          .method = HTTP_GET_,
                                          .path = "/a",
                                          .handler = say_nothing}};
    build(table, count_of(table));
}

static void key_without_transaction(void)
{
    static const struct route table[] = {
        {FREE, .method = HTTP_POST_, .path = "/a", .handler = say_nothing, .idempotent = true}};
    build(table, count_of(table));
}

static void tail_in_the_middle(void)
{
    static const struct route table[] = {GET_("/a/{*rest}/b")};
    build(table, count_of(table));
}

static void a_wrong_table_does_not_start(void **state)
{
    (void)state;
    assert_true(aborts(two_alike));
    assert_true(aborts(get_that_writes));
    assert_true(aborts(key_without_transaction));
    assert_true(aborts(tail_in_the_middle));
}

#define ROUTES(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROUTES(a_path_finds_the_most_exact_route),
        ROUTES(a_path_that_no_route_has_is_404),
        ROUTES(a_method_that_no_route_has_is_405_with_those_that_are),
        ROUTES(head_is_get_without_its_body),
        ROUTES(a_handler_that_says_nothing_has_the_routes_status),
        ROUTES(a_body_must_be_what_the_route_takes),
        ROUTES(faults_of_query_and_body_are_told_together),
        ROUTES(without_credentials_it_is_401_whatever_the_body_holds),
        ROUTES(what_another_site_makes_a_browser_send_is_refused),
        ROUTES(a_version_must_match_where_one_is_named),
        ROUTES(past_its_rate_an_address_is_told_when_to_come_again),
        ROUTES(what_comes_before_may_refuse_and_waits_for_good_input),
        ROUTES(our_own_faults_tell_nothing_but_the_request_id),
        ROUTES(a_cursor_comes_back_as_it_went_and_no_other_is_taken),
        ROUTES(answers_are_counted_by_route_and_class),
        cmocka_unit_test(a_wrong_table_does_not_start),
    };
    return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
