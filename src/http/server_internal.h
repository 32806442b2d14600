/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* server_internal: what server.c and connection.c share. Everything here is the I/O thread's but
 * the counters. */
#ifndef CAREOPS_HTTP_SERVER_INTERNAL_H
#define CAREOPS_HTTP_SERVER_INTERNAL_H

#include "http/addresses.h"
#include "http/parse.h"
#include "http/server.h"
#include "http/workers.h"

#include <stdatomic.h>
#include <uv.h>

enum {
    READ_BUFFER = 64 * 1024,
    BODIES_MAX = 256 * 1024 * 1024, /* all request bodies in memory together */
    EXCHANGES_KEPT = 256,           /* in the free list */
    DRAIN_MS = 9500,
};

/* One function changes it: enter() in connection.c, which also sets the state's deadline. */
enum connection_state {
    CONN_IDLE,    /* nothing of the next request has come; no exchange */
    CONN_HEAD,    /* some of its head has */
    CONN_BODY,    /* the head is read, the body is not */
    CONN_WORKING, /* a worker has the exchange; nothing is read meanwhile */
    CONN_WRITING, /* the answer is on its way; nothing is read */
    CONN_STREAM,  /* the answer is a stream, written as it comes; what is read is thrown away */
    CONN_LINGER,  /* the last answer is out and our side closed; what still comes is thrown away,
                     because closing over unread bytes resets the connection and can destroy the
                     answer */
    CONN_CLOSING, /* handles are being closed; freed when both are */
};

struct connection {
    struct http_server *server;
    struct connection *prev, *next;
    enum connection_state state;
    uv_tcp_t tcp;
    uv_timer_t timer; /* the state's deadline */
    uv_write_t write;
    uv_shutdown_t shutdown;
    int open_handles;
    struct address peer;
    bool counted; /* in the table of addresses */
    bool close_after;
    struct exchange *exchange;
    struct head_scan scan;
    struct framing framing;
    struct chunked chunked;
    size_t body_held; /* of BODIES_MAX */
    /* What was read together with a request but belongs to later ones (pipelining). */
    struct buf pending;
    size_t pending_at;
    size_t discarded;
    struct stream *stream; /* of the last answer, until the connection lets go of it */
    struct buf stream_out; /* what of it is being written */
    bool stream_writing;
};

struct http_server {
    struct http_server_config config;
    struct trusted trusted;
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_signal_t term, interrupt;
    uv_async_t wake;
    uv_timer_t drain_timer;
    struct workers *workers, *slow;
    struct connection *connections;
    struct exchange *free_exchanges;
    int free_exchange_count;
    struct addresses addresses;
    size_t bodies_held;
    bool draining;
    bool grace_over;
    atomic_bool stop_asked;
    _Atomic int64_t open_connections, requests, rejected_busy, bad_requests;
    char read_buffer[READ_BUFFER];
};

/* A connection for a client that the listener announces (or `fd`, when it is not -1). */
void connection_accept(struct http_server *s, int fd);
/* A worker has answered. */
void connection_answered(struct exchange *x);
/* Writes what its stream has for it, or ends with it; nothing where there is no stream. */
void connection_stream(struct connection *c);
/* The grace of a drain is over: closes it if nothing is under way. */
void connection_end_if_idle(struct connection *c);
void connection_close(struct connection *c);

struct exchange *exchange_take(struct http_server *s);
void exchange_give(struct http_server *s, struct exchange *x);

/* Called by connection.c when a connection is gone. */
void server_connection_gone(struct http_server *s);

#endif
