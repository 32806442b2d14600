/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * server: the listening socket, the loop, the drain. Owns both, the workers, and through its list
 * all connections. See server.h; connection.c has what happens on a connection.
 */
#include "http/server_internal.h"

#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    BACKLOG = 1024,
    DESCRIPTORS_SPARE = 256, /* beside the connections: database, mail, files */
};

static int or_default(int given, int otherwise)
{
    return given > 0 ? given : otherwise;
}

static void fill_defaults(struct http_server_config *c)
{
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
    c->workers = or_default(c->workers, 2 * (cores > 0 ? cores : 1) + 2);
    c->queue_max = or_default(c->queue_max, 1024);
    /* Half of the cores is always left to the others. */
    c->slow_workers = or_default(c->slow_workers, cores >= 4 ? 2 : 1);
    c->slow_queue_max = or_default(c->slow_queue_max, 64);
    c->connections_max = or_default(c->connections_max, 10000);
    c->connections_per_address = or_default(c->connections_per_address, 100);
    c->header_ms = or_default(c->header_ms, 10000);
    c->body_ms = or_default(c->body_ms, 30000);
    c->idle_ms = or_default(c->idle_ms, 60000);
    c->write_ms = or_default(c->write_ms, 30000);
    c->write_rate = or_default(c->write_rate, 16 * 1024);
    c->grace_ms = or_default(c->grace_ms, 500);
}

/* "host:port" with a literal address, or localhost. */
static bool read_listen(const char *text, struct sockaddr_storage *ret)
{
    const char *colon = strrchr(text, ':');
    int64_t port;
    char host[ADDRESS_TEXT];
    if (!colon || !str_int(str_of(colon + 1), &port) || port < 0 || port > 65535)
        return false;
    size_t len = (size_t)(colon - text);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len == 0 || len >= sizeof host)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    const char *name = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    return uv_ip4_addr(name, (int)port, (struct sockaddr_in *)ret) == 0 ||
           uv_ip6_addr(name, (int)port, (struct sockaddr_in6 *)ret) == 0;
}

/* As many descriptors as the connections can need, where the system lets us. */
static void raise_descriptor_limit(int connections_max)
{
    struct rlimit now;
    rlim_t wanted = (rlim_t)connections_max + DESCRIPTORS_SPARE;
    if (getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur >= wanted)
        return;
    now.rlim_cur = now.rlim_max < wanted ? now.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &now);
}

/* ---- draining ---- */

static void finish(struct http_server *s)
{
    if (uv_is_closing((uv_handle_t *)&s->wake))
        return;
    /* A worker that has handed its exchange back may still be about to wake us. */
    workers_free(s->workers);
    workers_free(s->slow);
    s->workers = s->slow = NULL;
    uv_close((uv_handle_t *)&s->wake, NULL);
    uv_close((uv_handle_t *)&s->term, NULL);
    uv_close((uv_handle_t *)&s->interrupt, NULL);
    uv_close((uv_handle_t *)&s->drain_timer, NULL);
}

void server_connection_gone(struct http_server *s)
{
    atomic_fetch_sub(&s->open_connections, 1);
    if (s->draining && !s->connections)
        finish(s);
}

static void on_drain_deadline(uv_timer_t *timer)
{
    struct http_server *s = timer->data;
    for (struct connection *c = s->connections, *next; c; c = next) {
        next = c->next;
        if (c->state == CONN_WORKING) {
            log_event(LOG_ERROR, "a request did not finish in the time for draining", NULL);
            _exit(1);
        }
        connection_close(c);
    }
}

static void on_grace_over(uv_timer_t *timer)
{
    struct http_server *s = timer->data;
    s->grace_over = true;
    uv_timer_start(timer, on_drain_deadline, (uint64_t)(DRAIN_MS - s->config.grace_ms), 0);
    for (struct connection *c = s->connections, *next; c; c = next) {
        next = c->next;
        connection_end_if_idle(c);
    }
}

/* Whoever is in the listen queue believes to be connected: they are accepted before it closes. */
static void accept_the_rest(struct http_server *s)
{
    uv_os_fd_t listener;
    if (uv_fileno((uv_handle_t *)&s->listener, &listener) < 0)
        return;
    for (int i = 0; i < BACKLOG; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            break;
        connection_accept(s, fd);
    }
}

static void write_streams(struct http_server *s)
{
    for (struct connection *c = s->connections, *next; c; c = next) {
        next = c->next;
        connection_stream(c);
    }
}

static void drain(struct http_server *s)
{
    if (s->draining)
        return;
    s->draining = true;
    log_event(LOG_INFO, "draining", "i:connections", (int64_t)atomic_load(&s->open_connections),
              NULL);
    accept_the_rest(s);
    uv_close((uv_handle_t *)&s->listener, NULL);
    write_streams(s); /* they end now: their clients find another server the sooner */
    if (s->connections)
        uv_timer_start(&s->drain_timer, on_grace_over, (uint64_t)s->config.grace_ms, 0);
    else
        finish(s);
}

/* ---- callbacks ---- */

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    drain(signal->data);
}

static void answer_done(struct workers *w)
{
    for (struct exchange *x = w ? workers_done_list(w) : NULL, *next; x; x = next) {
        next = x->next;
        connection_answered(x);
    }
}

static void on_wake(uv_async_t *wake)
{
    struct http_server *s = wake->data;
    answer_done(s->workers);
    answer_done(s->slow);
    if (s->config.streams && streams_flushed(s->config.streams))
        write_streams(s);
    if (atomic_load(&s->stop_asked))
        drain(s);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct http_server *s = listener->data;
    if (status == 0)
        connection_accept(s, -1);
    else
        log_event(LOG_WARN, "cannot accept", "s:error", uv_strerror(status), NULL);
}

static void wake_from_elsewhere(void *self)
{
    struct http_server *s = self;
    uv_async_send(&s->wake);
}

/* ---- life ---- */

static void init_handles(struct http_server *s)
{
    if (uv_loop_init(&s->loop) < 0)
        abort();
    uv_tcp_init(&s->loop, &s->listener);
    uv_signal_init(&s->loop, &s->term);
    uv_signal_init(&s->loop, &s->interrupt);
    uv_timer_init(&s->loop, &s->drain_timer);
    if (uv_async_init(&s->loop, &s->wake, on_wake) < 0)
        abort();
    s->listener.data = s->term.data = s->interrupt.data = s->drain_timer.data = s->wake.data = s;
}

enum result http_server_new(const struct http_server_config *config, struct http_server **ret,
                            char ret_error[static HTTP_SERVER_ERROR_TEXT])
{
    struct sockaddr_storage name;
    struct trusted trusted;
    if (!read_listen(config->listen, &name)) {
        snprintf(ret_error, HTTP_SERVER_ERROR_TEXT,
                 "cannot listen on %s: give an address and a port, as in 127.0.0.1:8080",
                 config->listen);
        return INVALID;
    }
    if (!trusted_parse(config->trusted_proxies, &trusted)) {
        snprintf(ret_error, HTTP_SERVER_ERROR_TEXT,
                 "the trusted proxies must be addresses or networks, as in 127.0.0.1, 10.0.0.0/8");
        return INVALID;
    }
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->config = *config;
    s->trusted = trusted;
    fill_defaults(&s->config);
    addresses_init(&s->addresses, config->env);
    init_handles(s);
    int r = uv_tcp_bind(&s->listener, (struct sockaddr *)&name, 0);
    if (r == 0)
        r = uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection);
    if (r < 0) {
        snprintf(ret_error, HTTP_SERVER_ERROR_TEXT, "cannot listen on %s: %s", config->listen,
                 uv_strerror(r));
        http_server_free(s);
        return INVALID;
    }
    /* From here on, so that no signal ends the process without a drain. */
    signal(SIGPIPE, SIG_IGN);
    uv_signal_start(&s->term, on_signal, SIGTERM);
    uv_signal_start(&s->interrupt, on_signal, SIGINT);
    raise_descriptor_limit(s->config.connections_max);
    if (s->config.streams)
        streams_attach(s->config.streams, wake_from_elsewhere, s);
    *ret = s;
    return OK;
}

int http_server_port(const struct http_server *s)
{
    struct sockaddr_storage name;
    int size = sizeof name;
    if (uv_tcp_getsockname(&s->listener, (struct sockaddr *)&name, &size) < 0)
        return 0;
    /* The port stands at the same place in both kinds of address. */
    return ntohs(((const struct sockaddr_in *)&name)->sin_port);
}

void http_server_run(struct http_server *s)
{
    struct workers_config config = {
        .threads = s->config.workers,
        .queue_max = s->config.queue_max,
        .run = s->config.handle,
        .wake = wake_from_elsewhere,
        .self = s->config.self,
        .wake_self = s,
    };
    s->workers = workers_new(&config);
    config.threads = s->config.slow_workers;
    config.queue_max = s->config.slow_queue_max;
    config.yields = true;
    s->slow = s->config.is_slow ? workers_new(&config) : NULL;
    if (!s->workers || (s->config.is_slow && !s->slow))
        abort();
    if (atomic_load(&s->stop_asked))
        drain(s);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    log_event(LOG_INFO, "drained", NULL);
}

void http_server_stop(struct http_server *s)
{
    atomic_store(&s->stop_asked, true);
    uv_async_send(&s->wake);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void http_server_free(struct http_server *s)
{
    if (!s)
        return;
    uv_walk(&s->loop, close_handle, NULL);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&s->loop) != 0)
        abort();
    s->free_exchange_count = EXCHANGES_KEPT; /* so that giving one back frees it */
    for (struct exchange *x = s->free_exchanges, *next; x; x = next) {
        next = x->next;
        exchange_give(s, x);
    }
    addresses_done(&s->addresses);
    free(s);
}

void http_server_stats(const struct http_server *s, struct http_stats *ret)
{
    *ret = (struct http_stats){
        .connections = atomic_load(&s->open_connections),
        .requests = atomic_load(&s->requests),
        .rejected_busy = atomic_load(&s->rejected_busy),
        .bad_requests = atomic_load(&s->bad_requests),
    };
}
