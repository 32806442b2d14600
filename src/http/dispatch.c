/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * dispatch: the way of a request, as route.h tells it. Owns the dispatcher; the state of one
 * request is a `struct call` on its worker's stack. This is the one place that turns results into
 * answers.
 */
#include "http/access.h"
#include "http/dispatch_internal.h"
#include "http/idempotency.h"
#include "http/limit.h"

#include "base/log.h"
#include "db/split.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct limit_rule rates[RATE__MAX] = {
    [RATE_PUBLIC_READ] = {.burst = 240, .refill_ms = 250},
    [RATE_PUBLIC_WRITE] = {.burst = 100, .refill_ms = 3000},
    [RATE_CONTACT] = {.burst = 20, .refill_ms = 30000},
    [RATE_SIGNUP] = {.burst = 20, .refill_ms = 30000},
    [RATE_SIGNIN] = {.burst = 100, .refill_ms = 1000},
    [RATE_WEBHOOK] = {.burst = 1000, .refill_ms = 20},
};

/* What a constraint that refused means to a caller, where the feature has not said it better. */
static const struct {
    const char *prefix;
    const char *code;
    const char *detail;
} conflicts[] = {
    {"hold_no_overlap", "slot_taken", "This time has just been taken."},
    {"item_stock", "out_of_stock", "There is not enough in stock."},
    {"", "already_exists", "This exists already."},
};

struct call {
    struct dispatcher *d;
    struct request *rq;
    const struct route *route;
    struct problem problem; /* why it failed */
    struct problem input;   /* what is wrong with query and body, told once the caller is allowed */
    int64_t now_s;
    struct idempotency idempotency;
    struct work work;
};

static const struct shape nothing_shape = {.name = "Nothing", .size = 1};

/* ---- what can be said without knowing the caller ---- */

static enum result check_rate(struct call *c)
{
    enum rate_class class = c->route->rate;
    if (class == RATE_NONE || !c->d->config.limiter)
        return OK;
    int wait_s =
        limiter_take(c->d->config.limiter, (int)class, rates[class], str_of(c->rq->client), false);
    if (wait_s == 0)
        return OK;
    c->problem.status = 429;
    c->problem.retry_after_s = wait_s;
    return problem_set(&c->problem, BUSY, "too_many_requests",
                       "Too many requests from your address. Try again in %d s.", wait_s);
}

/* "application/json", also with a charset, which then is UTF-8 (RFC 8259, 8.1). */
static bool is_json(struct str type)
{
    const char *semicolon = type.len ? memchr(type.ptr, ';', type.len) : NULL;
    size_t len = semicolon ? (size_t)(semicolon - type.ptr) : type.len;
    if (!str_is_nocase(str_trim((struct str){type.ptr, len}), "application/json"))
        return false;
    if (!semicolon)
        return true;
    struct str parameter = str_trim((struct str){semicolon + 1, type.len - len - 1});
    return parameter.len == 0 || str_is_nocase(parameter, "charset=utf-8") ||
           str_is_nocase(parameter, "charset=\"utf-8\"");
}

static enum result check_content_type(struct call *c)
{
    if (c->rq->body.len == 0 || c->route->body_raw ||
        is_json(request_header(c->rq, "Content-Type")))
        return OK;
    c->problem.status = 415;
    return problem_set(&c->problem, INVALID, "unsupported_media_type",
                       "Send the body as application/json.");
}

static enum result check_site(struct call *c)
{
    if (request_same_site(c->d, c->rq))
        return OK;
    return problem_set(&c->problem, DENIED, "cross_site",
                       "This was sent from another site's page.");
}

static enum result not_signed_in(struct call *c)
{
    c->problem.status = 401;
    if (request_bearer(c->rq).ptr)
        return problem_set(&c->problem, DENIED, "invalid_token",
                           "This token is unknown, has expired or was revoked.");
    return problem_set(&c->problem, DENIED, "not_signed_in", "Sign in first.");
}

static enum result check_credentials(struct call *c)
{
    bool cookie = request_cookie(c->rq, SESSION_COOKIE).ptr, token = request_bearer(c->rq).ptr;
    if (c->route->who == WHO_ANYONE || cookie != token)
        return OK;
    if (!cookie)
        return not_signed_in(c);
    c->problem.status = 400;
    return problem_set(&c->problem, INVALID, "two_credentials",
                       "Send either the session cookie or a token, not both.");
}

static enum result read_body(struct call *c)
{
    struct request *rq = c->rq;
    const struct shape *shape = c->route->body ? c->route->body : &nothing_shape;
    struct str body = rq->body;
    if (c->route->body_raw)
        return OK;
    if (body.len == 0 && (c->route->body_optional || !c->route->body))
        body = STR("{}");
    rq->in = arena_alloc(rq->arena, shape->size);
    return shape_read(rq->arena, &c->input, shape, body, rq->in);
}

static enum result read_query(struct call *c)
{
    struct request *rq = c->rq;
    const struct shape *shape = c->route->query ? c->route->query : &nothing_shape;
    if (c->route->hidden && !c->route->query)
        return OK;
    rq->query_in = arena_alloc(rq->arena, shape->size);
    return shape_read_query(rq->arena, &c->input, shape, rq->query, rq->query_in);
}

/* All of what is wrong is collected in c->input; OK when nothing is. */
static enum result read_input(struct call *c)
{
    enum result result = read_query(c);
    if (c->input.status == 0) /* an unreadable query ends it; wrong fields do not */
        result = read_body(c);
    if (result == OK && c->route->idempotent)
        result = idempotency_key(c->rq, &c->input, &c->idempotency.key);
    return c->input.code ? INVALID : result;
}

/* ---- inside the transaction ---- */

static void begin_work(struct call *c, struct db_tx *tx)
{
    c->work = (struct work){
        .arena = c->rq->arena,
        .tx = tx,
        .env = c->d->config.env,
        .problem = &c->problem,
        .app = c->d->config.app,
        .now_s = c->now_s,
        .request_id = str_of(c->rq->id),
    };
}

static enum result identify(struct call *c)
{
    const struct guard *guard = &c->d->config.guard;
    bool pointless = c->route->who == WHO_ANYONE && c->route->mode == MODE_FREE;
    if (!guard->identify || pointless || !request_has_credentials(c->rq))
        return OK;
    struct db_tx *tx = c->work.tx;
    if (!tx)
        return guard->identify(guard->self, c->rq, &c->work);
    struct db_reach before = db_across(tx, "whoever calls is found by a secret alone");
    enum result result = guard->identify(guard->self, c->rq, &c->work);
    db_back(tx, before);
    /* From here on the transaction is the caller's: nothing that a handler asks leaves it. */
    if (result == OK)
        db_tenant(tx, c->work.actor.workspace_id);
    return result;
}

/* What a caller has to do before anything else is open to them. */
static enum result check_settled(struct call *c)
{
    const struct actor *a = &c->work.actor;
    if (c->route->who == WHO_ANYONE || c->route->unsettled)
        return OK;
    if (a->must_change_password)
        return problem_set(&c->problem, DENIED, "password_change_required",
                           "Choose a password of your own first.");
    if (a->must_set_up_two_factor)
        return problem_set(&c->problem, DENIED, "two_factor_setup_required",
                           "This business asks for a second factor. Set it up first.");
    return OK;
}

static enum result permit(struct call *c)
{
    const struct actor *a = &c->work.actor;
    if (c->route->who != WHO_ANYONE && a->kind == ACTOR_NOBODY)
        return not_signed_in(c);
    if (check_settled(c) != OK)
        return DENIED;
    enum access access = route_access(c->route, a);
    c->work.sees_all = access == ACCESS_ALL && c->route->who != WHO_ANYONE;
    if (access != ACCESS_NO)
        return OK;
    if (a->token_id)
        return problem_set(&c->problem, DENIED, "insufficient_scope",
                           "The scopes of this token do not cover this.");
    return problem_set(&c->problem, DENIED, "forbidden",
                       "Your account may not do this. Ask the owner.");
}

/* A statement was refused and the feature did not say what that means. */
static void explain_conflict(struct call *c)
{
    const char *name = db_conflict(c->work.tx);
    size_t i = 0;
    while (strncmp(name, conflicts[i].prefix, strlen(conflicts[i].prefix)) != 0)
        i++;
    (void)problem_set(&c->problem, CONFLICT, conflicts[i].code, "%s", conflicts[i].detail);
}

static enum result handle(struct call *c)
{
    bool keyed = c->idempotency.key.ptr != NULL;
    enum result result = OK;
    if (keyed)
        result = idempotency_begin(&c->idempotency, &c->work, c->rq);
    if (result != OK || (keyed && c->idempotency.replayed))
        return result;
    bool apart = SEEDED(IDEMPOTENCY_APART) && keyed;
    if (apart) /* nothing is answered yet, so this takes the key back */
        result = idempotency_finish(&c->idempotency, &c->work, c->rq);
    if (result == OK)
        result = c->route->handler(c->rq, &c->work);
    if (apart && result == OK)
        result = db_split(c->work.tx);
    if (apart && result == OK)
        result = idempotency_begin(&c->idempotency, &c->work, c->rq);
    if (result == OK && c->rq->status == 0 && !c->route->after)
        answer_empty(c->rq, c->route->status);
    if (result == OK && keyed)
        result = idempotency_finish(&c->idempotency, &c->work, c->rq);
    return result;
}

/* The work of a call; a db_fn, so it may run again. */
static enum result attempt(struct db_tx *tx, void *arg)
{
    struct call *c = arg;
    request_begin_answer(c->rq);
    problem_clear(&c->problem);
    begin_work(c, tx);
    enum result result = identify(c);
    if (result == OK)
        result = permit(c);
    if (result == OK && c->input.code) {
        c->problem = c->input;
        result = INVALID;
    }
    if (result == OK)
        result = handle(c);
    if (result == CONFLICT && !c->problem.code && tx)
        explain_conflict(c);
    return result;
}

static enum result run_before(struct call *c)
{
    if (!c->route->before)
        return OK;
    begin_work(c, NULL);
    return c->route->before(c->rq, &c->work);
}

static enum result run_mode(struct call *c)
{
    struct db *db = c->d->config.db;
    assert(db || c->route->mode == MODE_FREE);
    switch (c->route->mode) {
    case MODE_WRITE: return db_transact(db, c->rq->arena, &c->problem, attempt, c);
    case MODE_READ: return db_view(db, c->rq->arena, &c->problem, attempt, c);
    case MODE_FREE: break;
    }
    return attempt(NULL, c);
}

static enum result run_after(struct call *c)
{
    if (!c->route->after)
        return OK;
    c->work.tx = NULL;
    return c->route->after(c->rq, &c->work);
}

static enum result run(struct call *c)
{
    enum result result = check_rate(c);
    if (result == OK)
        result = check_content_type(c);
    if (result == OK)
        result = check_site(c);
    if (result == OK)
        result = check_credentials(c);
    if (result != OK)
        return result;
    bool input_ok = read_input(c) == OK;
    if (!input_ok && c->route->who == WHO_ANYONE) {
        c->problem = c->input;
        return INVALID;
    }
    if (input_ok)
        result = run_before(c);
    if (result == OK)
        result = run_mode(c);
    return result == OK ? run_after(c) : result;
}

/* ---- answers ---- */

static void answer_failure(struct dispatcher *d, struct request *rq, enum result result,
                           const struct problem *p)
{
    bool page = rq->route ? rq->route->hidden : !str_starts(rq->path, STR("/api/"));
    if (page && d->config.page_problem && (rq->method & (HTTP_GET_ | HTTP_HEAD_)))
        d->config.page_problem(d->config.app, rq, result, p);
    else
        answer_problem(rq, result, p);
}

static void answer_nowhere(struct dispatcher *d, struct request *rq)
{
    if (rq->method == HTTP_OPTIONS_ && str_is(rq->path, "*")) {
        answer_empty(rq, 204);
        return;
    }
    struct problem p = {0};
    enum result result =
        problem_set(&p, NOT_FOUND, "not_found", "There is nothing at this address.");
    answer_failure(d, rq, result, &p);
}

static void answer_other_method(struct request *rq, const struct pattern *pattern)
{
    struct str allow = pattern_allow(rq->arena, pattern);
    if (rq->method == HTTP_OPTIONS_) {
        answer_empty(rq, 204);
    } else {
        struct problem p = {.status = 405};
        (void)problem_set(&p, INVALID, "method_not_allowed", "Allowed here: " STR_FMT ".",
                          STR_ARG(allow));
        answer_problem(rq, INVALID, &p);
    }
    answer_header(rq, "Allow", allow);
}

static void answer_endpoint(struct dispatcher *d, struct request *rq, const struct endpoint *e)
{
    struct call c = {.d = d, .rq = rq, .route = e->route, .now_s = env_now_s(d->config.env)};
    rq->route = e->route;
    enum result result = run(&c);
    if (result == OK && rq->out.overflow) {
        result = INTERNAL;
        log_event(LOG_ERROR, "an answer grew too long", "s:route", e->route->path, "s:request_id",
                  rq->id, NULL);
    }
    if (result == INTERNAL)
        log_event(LOG_ERROR, "request failed", "s:route", e->route->path, "s:code", c.problem.code,
                  "s:request_id", rq->id, NULL);
    if (result != OK)
        answer_failure(d, rq, result, &c.problem);
    else if (d->config.guard.seen && (c.work.actor.session_id || c.work.actor.token_id))
        d->config.guard.seen(d->config.guard.self, d->config.app, &c.work.actor);
}

static struct endpoint *endpoint_of(const struct pattern *pattern, enum http_method method)
{
    if (!pattern)
        return NULL;
    return pattern->by_method[method_index(method == HTTP_HEAD_ ? HTTP_GET_ : method)];
}

bool dispatch_is_slow(const struct dispatcher *d, struct request *rq)
{
    const struct endpoint *e = endpoint_of(routes_find(d, rq), rq->method);
    return e && e->route->slow;
}

void dispatch_request(struct dispatcher *d, struct request *rq)
{
    rq->dispatcher = d;
    request_begin_answer(rq);
    const struct pattern *pattern = routes_find(d, rq);
    struct endpoint *e = endpoint_of(pattern, rq->method);
    if (e)
        answer_endpoint(d, rq, e);
    else if (pattern)
        answer_other_method(rq, pattern);
    else
        answer_nowhere(d, rq);
    metrics_count(d, e ? e : &d->unmatched, rq->status, env_mono_ms(rq->env) - rq->began_ms);
    answer_log(rq, e ? e->route->path : "unmatched");
}

/* ---- versions ---- */

enum result route_check_version(const struct request *rq, struct work *w, int64_t version)
{
    struct str rest = request_header(rq, "If-Match");
    const char *current = arena_printf(w->arena, "\"%lld\"", (long long)version);
    if (!rest.ptr || str_is(rest, "*"))
        return OK;
    while (rest.len) {
        const char *comma = memchr(rest.ptr, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;
        if (str_is(str_trim((struct str){rest.ptr, len}), current))
            return OK;
        size_t step = comma ? len + 1 : len;
        rest = (struct str){rest.ptr + step, rest.len - step};
    }
    w->problem->status = 412;
    return problem_set(w->problem, CONFLICT, "stale_version",
                       "This was changed in the meantime. Load it again and repeat your change.");
}

/* ---- life ---- */

/* "https://example.com/x" → "https://example.com" */
static struct str origin_of(struct arena *a, const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;
    size_t len = url ? strlen(url) : 0;
    const char *path = host ? strchr(host + 3, '/') : NULL;
    return str_copy(a, (struct str){url ? url : "", path ? (size_t)(path - url) : len});
}

struct dispatcher *dispatcher_new(const struct dispatcher_config *config)
{
    struct dispatcher *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->config = *config;
    arena_init(&d->memory, ARENA_DEFAULT_LIMIT);
    d->origin = origin_of(&d->memory, config->base_url);
    routes_compile(d);
    d->openapi = openapi_build(d);
    docs_build(d);
    return d;
}

void dispatcher_free(struct dispatcher *d)
{
    if (!d)
        return;
    arena_done(&d->memory);
    free(d);
}

struct str dispatcher_openapi(struct dispatcher *d)
{
    return d->openapi;
}
