/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* api: see api.h. */
#include "api.h"

#include "account/account.h"
#include "base/seal.h"
#include "catalog/catalog.h"
#include "client/client.h"
#include "diary/diary.h"
#include "feedback/feedback.h"
#include "form/form.h"
#include "http/dispatch.h"
#include "http/limit.h"
#include "stock/stock.h"
#include "team/team.h"
#include "workspace/workspace.h"

#include <sodium.h>
#include <string.h>

static const char base_url[] = "http://127.0.0.1:8080";

static int64_t api_now_ms(void *self)
{
    return *(int64_t *)self;
}

static void api_random(void *self, void *ret, size_t len)
{
    (void)self;
    randombytes_buf(ret, len);
}

int api_setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    struct api *a = calloc(1, sizeof *a);
    assert_non_null(a);
    a->fixture = *state;
    a->now_ms = INT64_C(1795341600000); /* 2026-11-22T10:00:00Z */
    a->env = (struct env){&a->now_ms, api_now_ms, api_now_ms, api_random, &a->last_id};
    char error[DB_ERROR_TEXT];
    int applied;
    if (db_migrate(a->fixture->db, &applied, error) != OK)
        fail_msg("%s", error);
    a->seal = seal_new(&a->env, STR("the key of these tests, long enough"));
    a->limiter = limiter_new(&a->env, 1000, false);
    a->app = (struct app){
        .account = account_new(&a->env, a->limiter, false),
        .db = a->fixture->db,
        .env = &a->env,
        .limiter = a->limiter,
        .seal = a->seal,
        .base_url = base_url,
    };
    struct route_table tables[] = {session_table,    password_table,    two_factor_table,
                                   signup_table,     workspace_table,   team_table,
                                   invitation_table, time_off_table,    time_off_request_table,
                                   catalog_table,    resource_table,    client_table,
                                   token_table,      booking_table,     stock_table,
                                   rate_table,       unsubscribe_table, rating_table,
                                   form_table,       form_public_table};
    struct dispatcher_config config = {
        .tables = tables,
        .table_count = count_of(tables),
        .db = a->fixture->db,
        .env = &a->env,
        .guard = {a->app.account, account_identify, account_seen},
        .limiter = a->limiter,
        .base_url = base_url,
        .app = &a->app,
    };
    a->dispatcher = dispatcher_new(&config);
    arena_init(&a->arena, ARENA_DEFAULT_LIMIT);
    request_open(&a->rq, &a->arena, &a->env);
    api_business(a, &a->owner, "Salon Bergamotte", "mia@bergamotte.example");
    *state = a;
    return 0;
}

int api_teardown(void **state)
{
    struct api *a = *state;
    *state = a->fixture;
    json_decref(a->body);
    request_close(&a->rq);
    arena_done(&a->arena);
    dispatcher_free(a->dispatcher);
    account_free(a->app.account);
    limiter_free(a->limiter);
    seal_free(a->seal);
    free(a);
    return fixture_teardown(state);
}

static void add_header(struct request *rq, const char *name, const char *value)
{
    assert_true(rq->header_count < HEADERS_MAX);
    rq->headers[rq->header_count++] = (struct header){str_of(name), str_of(value)};
}

static void keep_cookie(const struct request *rq, struct caller *who)
{
    for (size_t i = 0; i < rq->response_header_count; i++) {
        struct header h = rq->response_headers[i];
        if (!str_is(h.name, "Set-Cookie"))
            continue;
        const char *end = memchr(h.value.ptr, ';', h.value.len);
        bool device = str_starts(h.value, STR("careops_device="));
        snprintf(device ? who->device : who->cookie,
                 device ? sizeof who->device : sizeof who->cookie, "%.*s", (int)(end - h.value.ptr),
                 h.value.ptr);
    }
}

static void fill(struct api *a, const struct caller *who, const char *method, const char *target,
                 const char *json)
{
    struct request *rq = &a->rq;
    request_close(rq);
    request_open(rq, &a->arena, &a->env);
    rq->method = http_method_of(str_of(method));
    rq->method_text = str_of(method);
    rq->target = str_of(target);
    const char *query = strchr(target, '?');
    rq->path = (struct str){target, query ? (size_t)(query - target) : strlen(target)};
    rq->query = query ? str_of(query + 1) : (struct str){0};
    rq->host = STR("127.0.0.1:8080");
    snprintf(rq->client, sizeof rq->client, "%s", who->address[0] ? who->address : "192.0.2.1");
    if (who->cookie[0] || who->device[0])
        add_header(rq, "Cookie",
                   arena_printf(&a->arena, "%s%s%s", who->cookie, who->cookie[0] ? "; " : "",
                                who->device));
    if (who->authorization[0])
        add_header(rq, "Authorization", who->authorization);
    if (a->if_match)
        add_header(rq, "If-Match", a->if_match);
    if (a->idempotency_key)
        add_header(rq, "Idempotency-Key", a->idempotency_key);
    if (json) {
        add_header(rq, "Content-Type", "application/json");
        rq->body = str_of(json);
    }
}

int call(struct api *a, struct caller *who, const char *method, const char *target,
         const char *json)
{
    fill(a, who, method, target, json);
    a->if_match = a->idempotency_key = NULL;
    dispatch_request(a->dispatcher, &a->rq);
    keep_cookie(&a->rq, who);
    json_decref(a->body);
    struct str body = response_body(&a->rq);
    a->body = body.len ? json_loadb(body.ptr, body.len, 0, NULL) : NULL;
    return a->rq.status;
}

void expect(struct api *a, struct caller *who, const char *method, const char *target,
            const char *json, int status)
{
    if (call(a, who, method, target, json) == status)
        return;
    struct str body = response_body(&a->rq);
    fail_msg("%s %s: %d instead of %d: %.*s", method, target, a->rq.status, status, (int)body.len,
             body.ptr ? body.ptr : "");
}

/* ---- reading the answer ---- */

static json_t *at(const struct api *a, const char *path)
{
    json_t *node = a->body;
    while (node && *path) {
        char name[64];
        size_t len = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)len, path);
        node = json_is_array(node) ? json_array_get(node, strtoul(name, NULL, 10))
                                   : json_object_get(node, name);
        path += len + (path[len] == '.');
    }
    return node;
}

const char *text_at(const struct api *a, const char *path)
{
    json_t *node = at(a, path);
    if (!json_is_string(node))
        fail_msg("no text at %s", path);
    return json_string_value(node);
}

int64_t int_at(const struct api *a, const char *path)
{
    json_t *node = at(a, path);
    if (!json_is_integer(node))
        fail_msg("no integer at %s", path);
    return json_integer_value(node);
}

bool bool_at(const struct api *a, const char *path)
{
    json_t *node = at(a, path);
    if (!json_is_boolean(node))
        fail_msg("no boolean at %s", path);
    return json_is_true(node);
}

size_t count_at(const struct api *a, const char *path)
{
    json_t *node = at(a, path);
    if (!json_is_array(node))
        fail_msg("no list at %s", path);
    return json_array_size(node);
}

bool absent_at(const struct api *a, const char *path)
{
    json_t *node = at(a, path);
    return !node || json_is_null(node);
}

void expect_problem(const struct api *a, const char *code, const char *field)
{
    assert_string_equal(text_at(a, "code"), code);
    if (!field)
        return;
    char all[512] = "";
    for (size_t i = 0; i < count_at(a, "errors"); i++) {
        const char *path =
            json_string_value(json_object_get(json_array_get(at(a, "errors"), i), "path"));
        if (strcmp(path, field) == 0)
            return;
        size_t len = strlen(all);
        snprintf(all + len, sizeof all - len, " %s", path);
    }
    fail_msg("no error at %s but at%s", field, all);
}

const char *text(struct api *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *out = arena_alloc(&a->arena, 4096);
    int len = vsnprintf(out, 4096, fmt, ap);
    va_end(ap);
    assert_in_range(len, 0, 4095);
    return out;
}

/* ---- what many tests begin with ---- */

void api_business(struct api *a, struct caller *who, const char *name, const char *email)
{
    expect(a, who, "POST", "/api/v1/signup",
           text(a,
                "{\"business\":{\"name\":\"%s\",\"timezone\":\"Europe/Paris\","
                "\"currency\":\"EUR\"},\"owner\":{\"name\":\"Mia Owner\",\"email\":\"%s\","
                "\"password\":\"violet lantern harbour\"}}",
                name, email),
           201);
}

struct sql_text {
    const char *sql;
    int64_t key;
    char text[8192];
};

static enum result run_item(struct db_tx *tx, void *arg)
{
    const int64_t *ids = arg;
    db_tenant(tx, ids[0]);
    return db_exec(tx,
                   "INSERT INTO item (workspace_id, id, name, unit, created_s)"
                   " VALUES ($1, $2, 'Oxide', 'ml', 1)",
                   db_i(ids[0]), db_i(ids[1]));
}

int64_t api_item(struct api *a, struct caller *owner)
{
    expect(a, owner, "GET", "/api/v1/workspace", NULL, 200);
    int64_t ids[] = {strtoll(text_at(a, "id"), NULL, 10), env_id(&a->env)};
    assert_int_equal(transact(a->fixture, run_item, ids), OK);
    return ids[1];
}

static enum result read_letter(struct db_tx *tx, void *arg)
{
    struct sql_text *t = arg;
    struct db_rows rows;
    look_at_all(tx);
    enum result r =
        db_one(tx, &rows, "SELECT body_text FROM message WHERE kind = $1 ORDER BY id DESC LIMIT 1",
               db_z(t->sql));
    if (r == OK)
        snprintf(t->text, sizeof t->text, STR_FMT, STR_ARG(db_str(&rows, 0, 0)));
    return r;
}

const char *newest_letter(struct api *a, const char *kind)
{
    struct sql_text t = {.sql = kind};
    struct str words;
    assert_int_equal(view(a->fixture, read_letter, &t), OK);
    assert_true(seal_open(a->seal, &a->arena, str_of(t.text), &words));
    return arena_strndup(&a->arena, words.ptr, words.len);
}

const char *invited_password(struct api *a)
{
    const char *line = strstr(newest_letter(a, "staff_invitation"), "Password: ");
    assert_non_null(line);
    line += strlen("Password: ");
    return arena_strndup(&a->arena, line, strcspn(line, "\n"));
}

int run_features(const char *name, const struct CMUnitTest *tests, size_t count)
{
    static struct ground grounds[] = {{.engine = DB_SQLITE}, {.engine = DB_POSTGRES}};
    struct pg_server server = {0};
    pg_server_start(&server, false);
    grounds[DB_POSTGRES].server = &server;
    int failed = 0;
    for (size_t g = 0; g < count_of(grounds); g++) {
        struct CMUnitTest *all = calloc(count, sizeof *all);
        assert_non_null(all);
        for (size_t i = 0; i < count; i++)
            all[i] = (struct CMUnitTest){tests[i].name, tests[i].test_func, api_setup, api_teardown,
                                         &grounds[g]};
        print_message("%s on %s\n", name, g == DB_SQLITE ? "SQLite" : "PostgreSQL");
        failed += _cmocka_run_group_tests(name, all, count, NULL, NULL);
        free(all);
    }
    pg_server_stop(&server);
    return failed;
}
