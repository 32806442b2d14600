/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * exchanges: one request after the other through a dispatcher, written as text and read by the real
 * parser, without sockets.
 */
#ifndef CAREOPS_TESTS_HTTP_EXCHANGES_H
#define CAREOPS_TESTS_HTTP_EXCHANGES_H

#include "../unit.h"

#include "http/dispatch.h"
#include "http/parse.h"

#include <string.h>

struct exchanges {
    struct dispatcher *dispatcher;
    const struct env *env;
    struct arena arena;
    struct buf head;
    struct request rq;
};

static inline void exchanges_init(struct exchanges *x, struct dispatcher *d, const struct env *env)
{
    memset(x, 0, sizeof *x);
    x->dispatcher = d;
    x->env = env;
    arena_init(&x->arena, ARENA_DEFAULT_LIMIT);
    buf_init(&x->head, 64 * 1024);
}

static inline void exchanges_done(struct exchanges *x)
{
    request_close(&x->rq);
    buf_done(&x->head);
    arena_done(&x->arena);
}

/* "POST /path" with header lines (each ended by \r\n; NULL: none) and a body (NULL: none). The
 * status; the answer stands in x->rq. */
static inline int ask_for(struct exchanges *x, const char *line, const char *headers,
                          const char *body)
{
    struct head_scan scan = {0};
    struct framing framing;
    struct refusal why;
    size_t used;
    arena_reset(&x->arena);
    buf_reset(&x->head);
    buf_printf(&x->head, "%s HTTP/1.1\r\nHost: salon.example\r\n%s\r\n", line,
               headers ? headers : "");
    request_open(&x->rq, &x->arena, x->env);
    if (head_scan(&scan, x->head.ptr, x->head.len, &used, &why) != FEED_DONE ||
        !head_parse(&x->rq, buf_view(&x->head), &framing, &why))
        fail_msg("%s: %s", line, why.detail);
    x->rq.body = body ? str_of(body) : STR("");
    memcpy(x->rq.client, "192.0.2.1", sizeof "192.0.2.1");
    dispatch_request(x->dispatcher, &x->rq);
    return x->rq.status;
}

static inline struct str answered_header(const struct exchanges *x, const char *name)
{
    for (size_t i = 0; i < x->rq.response_header_count; i++)
        if (str_is_nocase(x->rq.response_headers[i].name, name))
            return x->rq.response_headers[i].value;
    return (struct str){0};
}

/* The answer's text, ended by a NUL, in the exchange's arena. */
static inline const char *answered(struct exchanges *x)
{
    struct str body = response_body(&x->rq);
    return arena_strndup(&x->arena, body.ptr, body.len);
}

/* Whether the answer is a problem with this code. */
static inline bool says(struct exchanges *x, const char *code)
{
    const char *member = arena_printf(&x->arena, "\"code\":\"%s\"", code);
    return strstr(answered(x), member) != NULL;
}

#define JSON "Content-Type: application/json\r\n"

#endif
