/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* caller: makes the requests and reads the answers. See caller.h. */
#include "demo/caller.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void caller_init(struct caller *c, struct dispatcher *d, const struct env *env)
{
    *c = (struct caller){.dispatcher = d, .env = env};
    arena_init(&c->arena, ARENA_DEFAULT_LIMIT);
}

void caller_done(struct caller *c)
{
    request_close(&c->rq);
    arena_done(&c->arena);
}

static void add_header(struct request *rq, const char *name, struct str value)
{
    rq->headers[rq->header_count++] = (struct header){str_of(name), value};
}

static void split_target(struct request *rq, struct str target)
{
    const char *question = memchr(target.ptr, '?', target.len);
    rq->target = rq->path = target;
    if (question) {
        rq->path.len = (size_t)(question - target.ptr);
        rq->query = (struct str){question + 1, target.len - rq->path.len - 1};
    }
}

/* Keeps the pair in front of the first ';'. */
static void keep_cookie(struct caller *c)
{
    const struct request *rq = &c->rq;
    for (size_t i = 0; i < rq->response_header_count; i++) {
        struct str value = rq->response_headers[i].value;
        if (!str_is_nocase(rq->response_headers[i].name, "Set-Cookie"))
            continue;
        const char *end = memchr(value.ptr, ';', value.len);
        size_t len = end ? (size_t)(end - value.ptr) : value.len;
        if (len >= sizeof c->cookie)
            continue;
        memcpy(c->cookie, value.ptr, len);
        c->cookie[len] = '\0';
    }
}

static void send(struct caller *c, const struct ask *ask, struct str target, const char *body)
{
    struct request *rq = &c->rq;
    request_open(rq, &c->arena, c->env);
    rq->method = ask->method;
    rq->method_text = str_of(http_method_name(ask->method));
    rq->host = STR("127.0.0.1");
    snprintf(rq->client, sizeof rq->client, "%s", "127.0.0.1");
    split_target(rq, target);
    add_header(rq, "Host", rq->host);
    if (body) {
        rq->body = str_of(body);
        add_header(rq, "Content-Type", STR("application/json"));
    }
    if (c->cookie[0] && !ask->as_visitor)
        add_header(rq, "Cookie", str_of(c->cookie));
    dispatch_request(c->dispatcher, rq);
    c->status = rq->status;
    keep_cookie(c);
}

static enum result judge(const struct caller *c, const struct ask *ask, struct str target)
{
    bool good = ask->status ? c->status == ask->status : c->status < 500;
    if (good)
        return OK;
    struct str said = response_body(&c->rq);
    char text[PROBLEM_DETAIL_MAX];
    snprintf(text, sizeof text, STR_FMT, STR_ARG(said));
    log_event(LOG_ERROR, "the demo was refused", "s:method", http_method_name(ask->method),
              "s:target", target.ptr, "i:status", (int64_t)c->status, "s:answer", text, NULL);
    return c->status == 503 ? BUSY : INTERNAL;
}

static enum result read_answer(const struct caller *c, json_t **ret)
{
    struct str body = response_body(&c->rq);
    *ret = body.len ? json_loadb(body.ptr, body.len, 0, NULL) : NULL;
    return body.len && !*ret ? INTERNAL : OK;
}

enum result caller_ask(struct caller *c, const struct ask *ask, json_t **ret, const char *format,
                       ...)
{
    char target[CALLER_TARGET_MAX] = "/api/v1";
    size_t prefix = strlen(target);
    va_list args;
    va_start(args, format);
    vsnprintf(target + prefix, sizeof target - prefix, format, args);
    va_end(args);
    /* Quantities have three decimals; twelve digits write a sum of them without its binary tail. */
    char *body = ask->body ? json_dumps(ask->body, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    send(c, ask, str_of(target), body);
    enum result res = judge(c, ask, str_of(target));
    if (res == OK && ret)
        res = read_answer(c, ret);
    free(body);
    arena_reset(&c->arena);
    return res;
}
