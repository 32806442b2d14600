/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * server: sockets, the HTTP/1.1 parser with its strictness (http/parse), limits, deadlines, the
 * worker pool, draining.
 *
 * One I/O thread (libuv), the one that calls http_server_run(), owns the connections and never
 * blocks; requests go to a bounded pool of workers, and a full queue answers 503 with Retry-After
 * at once. What the parser refuses is answered on the I/O thread and the connection closed.
 *
 * Deadlines count from the first byte, not per read: headers 10 s, body 30 s, keep-alive idle 60 s;
 * an answer must be taken at 16 KiB a second after the first 30 s. Limits: request line 8 KiB
 * (414), headers 16 KiB and 100 (431), body 1 MiB (413, not read), all bodies together 256 MiB
 * (503), 10,000 connections and 100 per address (503 and closed at once; a trusted proxy is not an
 * address). TRACE and CONNECT are 405, unknown methods 501. When descriptors run out, new
 * connections are closed and the others go on.
 *
 * Draining (SIGTERM, SIGINT, http_server_stop): what waits in the listen queue is still accepted,
 * then the listening socket is closed; each connection has its next request, if it begins within
 * `grace_ms`, answered with `Connection: close`; streams end at once; the rest are closed. Ten
 * seconds after the start of the drain the process ends (exit status 1) if a worker still has not
 * come back, because nothing that it uses could be freed beneath it.
 */
#ifndef CAREOPS_HTTP_SERVER_H
#define CAREOPS_HTTP_SERVER_H

#include "http/request.h"
#include "http/stream.h"

struct http_server;

struct http_server_config {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0", "localhost:8080"; port 0 = any */
    int workers;        /* 0 = 2 × cores + 2 */
    int queue_max;      /* 0 = 1024 */
    int slow_workers;   /* 0 = 2, or 1 on fewer than 4 cores; only where there is `is_slow` */
    int slow_queue_max; /* 0 = 64 */
    int connections_max, connections_per_address; /* 0 = the limits above */
    int header_ms, body_ms, idle_ms;              /* 0 = the deadlines above */
    int write_ms;   /* for an answer, before its size counts; 0 = 30,000 */
    int write_rate; /* bytes a second that an answer must be taken at then; 0 = 16 KiB */
    int grace_ms;   /* 0 = 500 */
    /* Comma-separated addresses or CIDR whose X-Forwarded-For and X-Request-Id count; "" none. */
    const char *trusted_proxies;
    bool https;
    const struct env *env;
    struct streams *streams;                        /* NULL: no answer is a stream */
    void (*handle)(void *self, struct request *rq); /* on a worker; answers completely */
    /* On the I/O thread, quickly: whether a request goes to workers of its own kind, so that a
     * flood of what takes long takes no worker from the rest. NULL: none does. */
    bool (*is_slow)(void *self, struct request *rq);
    void *self;
};

enum { HTTP_SERVER_ERROR_TEXT = 256 };

/* Binds and listens; a port in use or a wrong address: one clear line in ret_error. SIGPIPE is
 * ignored from here on, SIGTERM and SIGINT start the drain. */
enum result http_server_new(const struct http_server_config *config, struct http_server **ret,
                            char ret_error[static HTTP_SERVER_ERROR_TEXT]) must_check;
int http_server_port(const struct http_server *s);
/* Runs until a signal or http_server_stop(), drains, and returns. Once per server. */
void http_server_run(struct http_server *s);
/* Any thread, also before http_server_run(). */
void http_server_stop(struct http_server *s);
/* After http_server_run() has returned, or instead of it. */
void http_server_free(struct http_server *s);

/* `connections` are those open now, the others counts since the start. */
struct http_stats {
    int64_t connections, requests, rejected_busy, bad_requests;
};
/* Any thread. */
void http_server_stats(const struct http_server *s, struct http_stats *ret);

#endif
