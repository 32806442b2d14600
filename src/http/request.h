/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * request: one HTTP exchange as a handler sees it: the request read whole, and the response being
 * filled.
 *
 * Made by http/server on the I/O thread, handed to one worker, handed back. A handler fills the
 * response and returns; it never touches the connection. Everything in here lives in the exchange's
 * arena. A transaction that is run again calls the handler again: `request_begin_answer()` (called
 * by the dispatcher) empties the response before each run.
 *
 * Every answer, also one made on the I/O thread, leaves through `response_head()`, which adds the
 * security headers, `Cache-Control: no-store`, `X-Request-Id`, `Date` and `Content-Length`; a
 * handler that sets one of the first three itself keeps its own.
 */
#ifndef CAREOPS_HTTP_REQUEST_H
#define CAREOPS_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/result.h"
#include "http/shape.h"

enum http_method {
    HTTP_GET_ = 1 << 0,
    HTTP_HEAD_ = 1 << 1,
    HTTP_POST_ = 1 << 2,
    HTTP_PUT_ = 1 << 3,
    HTTP_PATCH_ = 1 << 4,
    HTTP_DELETE_ = 1 << 5,
    HTTP_OPTIONS_ = 1 << 6,
    HTTP_OTHER_ = 1 << 7,
};

struct header {
    struct str name; /* as sent; compared without case */
    struct str value;
};

enum {
    HEADERS_MAX = 100,
    RESPONSE_HEADERS_MAX = 24,
    PATH_PARAMS_MAX = 4,
    ADDRESS_TEXT = 64,
    REQUEST_ID_TEXT = 33,
    RESPONSE_LIMIT = 16 * 1024 * 1024,
};

/* The cookie that carries a session (API.md). */
#define SESSION_COOKIE "careops_session"

struct route;
struct dispatcher;
struct stream;

struct request {
    struct arena *arena;
    const struct env *env;
    enum http_method method;
    struct str method_text;
    struct str target; /* path and query as sent */
    struct str path;   /* percent-decoded once, no NUL, no dot segments; "*" for OPTIONS * */
    struct str query;  /* raw, without '?'; absent where there was none */
    struct str host;   /* of the Host header, with its port */
    size_t header_count;
    struct header headers[HEADERS_MAX];
    struct str body;
    /* The client's address: the peer's, or X-Forwarded-For's last untrusted one when the peer is a
     * trusted proxy. */
    char client[ADDRESS_TEXT];
    bool https; /* the configured base URL is https */
    /* X-Request-Id: ours, or a trusted proxy's where it is 8…32 of [A-Za-z0-9._-]. */
    char id[REQUEST_ID_TEXT];
    int64_t began_ms; /* monotonic */

    /* set by the dispatcher */
    struct dispatcher *dispatcher;
    const struct route *route;
    struct str params[PATH_PARAMS_MAX]; /* values of {…} in the route's path, in order */
    void *in;                           /* the body as the struct of route->body */
    void *query_in;                     /* the query as the struct of route->query */
    void *made;                         /* by the handler, for the route's `after` */

    /* the response */
    int status;
    size_t response_header_count;
    struct header response_headers[RESPONSE_HEADERS_MAX];
    struct buf out;
    /* Instead of `out`: bytes that live as long as the program (embedded files). */
    struct str static_body;
    bool close; /* close the connection after the answer */
    /* The answer goes on after the handler (http/stream.h); NULL: it does not. */
    struct stream *stream;
};

/* An empty exchange with a fresh id. The arena stays the caller's. */
void request_open(struct request *rq, struct arena *arena, const struct env *env);
/* Gives the response's memory back. */
void request_close(struct request *rq);

/* The first header of that name, or absent. */
struct str request_header(const struct request *rq, const char *name);
/* Cookie value by name, or absent. */
struct str request_cookie(const struct request *rq, const char *name);
/* The token of `Authorization: Bearer …`, or absent; other schemes are nobody's. */
struct str request_bearer(const struct request *rq);
/* Path parameter i as an id; 0 when it is none (nothing has id 0). */
int64_t request_id_param(const struct request *rq, size_t i);
/* Whether the two are equal but for the case of ASCII letters. */
bool str_is_nocase(struct str a, const char *zero_terminated);
/* "GET", "POST" …; "OTHER" for what we do not know. */
const char *http_method_name(enum http_method m);
/* The method of that name (case counts), HTTP_OTHER_ for one that we do not serve. */
enum http_method http_method_of(struct str name);

void request_begin_answer(struct request *rq);
/* `value` must outlive the exchange (copy into the arena). Values with CR or LF are refused by
 * assert. */
void answer_header(struct request *rq, const char *name, struct str value);
void answer_json(struct request *rq, int status, const struct shape *shape, const void *value,
                 unsigned permissions);
/* {"data":[…],"next_cursor":…}; an absent cursor is written as null. */
void answer_list(struct request *rq, const struct shape *shape, const void *items, size_t count,
                 struct str next_cursor, unsigned permissions);
void answer_empty(struct request *rq, int status);
void answer_text(struct request *rq, int status, const char *content_type, struct str body);
void answer_etag(struct request *rq, int64_t version);
/* RFC 9457 from a result and its problem (NULL: nothing is known). Empties the answer first. */
void answer_problem(struct request *rq, enum result result, const struct problem *p);

/* One line in the log: method, route (its pattern: paths hold tokens), status, time, bytes, id. */
void answer_log(const struct request *rq, const char *route);

/* The HTTP status that a result and its problem stand for. */
int problem_status(enum result result, const struct problem *p);
/* "Not Found" */
const char *http_reason(int status);

/* The bytes that follow the head; none for HEAD, 204 and 304. */
struct str response_body(const struct request *rq);
/* Status line and headers, with the blank line. `now_s` is for Date. */
void response_head(const struct request *rq, bool keep_alive, int64_t now_s, struct buf *out);

#endif
