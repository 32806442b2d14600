/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * connection: one client's connection, from accept to close: it reads requests one after the other,
 * hands each to the workers, writes the answer. Owns the socket, its deadline and, except while a
 * worker has it, the exchange. I/O thread only.
 */
#include "http/server_internal.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD_BUFFER = 32 * 1024, /* line and headers; head_scan() has the exact limits */
    RESPONSE_HEAD_MAX = 64 * 1024,
    LINGER_MS = 1000,
    LINGER_BYTES = 8 * 1024 * 1024,
    STREAM_SEND_BUFFER = 64 * 1024, /* the kernel's; what is behind it waits in http/stream */
    KEEP_INPUT = 64 * 1024, /* buffers that grew past these are not kept for the next request */
    KEEP_OUTPUT = 256 * 1024,
    KEEPALIVE_S = 60,
};

/* ---- exchanges ---- */

struct exchange *exchange_take(struct http_server *s)
{
    struct exchange *x = s->free_exchanges;
    if (x) {
        s->free_exchanges = x->next;
        s->free_exchange_count--;
    } else {
        x = calloc(1, sizeof *x);
        if (!x)
            abort();
        arena_init(&x->arena, ARENA_DEFAULT_LIMIT);
        buf_init(&x->head, HEAD_BUFFER);
        buf_init(&x->body, HTTP_BODY_MAX);
        buf_init(&x->response_head, RESPONSE_HEAD_MAX);
    }
    x->next = NULL;
    request_open(&x->rq, &x->arena, s->config.env);
    x->rq.https = s->config.https;
    return x;
}

static void forget(struct buf *b, size_t keep)
{
    buf_reset(b);
    if (b->cap > keep)
        buf_done(b);
}

void exchange_give(struct http_server *s, struct exchange *x)
{
    x->connection = NULL;
    if (s->free_exchange_count >= EXCHANGES_KEPT) {
        arena_done(&x->arena);
        buf_done(&x->head);
        buf_done(&x->body);
        buf_done(&x->response_head);
        request_close(&x->rq);
        free(x);
        return;
    }
    arena_reset(&x->arena);
    forget(&x->head, KEEP_INPUT);
    forget(&x->body, KEEP_INPUT);
    forget(&x->response_head, KEEP_INPUT);
    forget(&x->rq.out, KEEP_OUTPUT);
    x->next = s->free_exchanges;
    s->free_exchanges = x;
    s->free_exchange_count++;
}

static void give_exchange(struct connection *c)
{
    c->server->bodies_held -= c->body_held;
    c->body_held = 0;
    if (c->exchange)
        exchange_give(c->server, c->exchange);
    c->exchange = NULL;
}

/* ---- states and deadlines ---- */

static void on_deadline(uv_timer_t *timer);
static void start_reading(struct connection *c);

static uint64_t deadline_ms(const struct connection *c)
{
    const struct http_server_config *config = &c->server->config;
    switch (c->state) {
    case CONN_IDLE: return (uint64_t)config->idle_ms;
    case CONN_HEAD: return (uint64_t)config->header_ms;
    case CONN_BODY: return (uint64_t)config->body_ms;
    case CONN_WRITING:
        return (uint64_t)config->write_ms +
               response_body(&c->exchange->rq).len * 1000 / (uint64_t)config->write_rate;
    case CONN_LINGER: return LINGER_MS;
    case CONN_STREAM: /* a deadline stands over each write, not over the state */
    case CONN_WORKING:
    case CONN_CLOSING: break;
    }
    return 0;
}

static void enter(struct connection *c, enum connection_state state)
{
    c->state = state;
    uint64_t ms = deadline_ms(c);
    if (ms)
        uv_timer_start(&c->timer, on_deadline, ms, 0);
    else
        uv_timer_stop(&c->timer);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    if (--c->open_handles > 0)
        return;
    struct http_server *s = c->server;
    if (c->counted) {
        struct address group = address_group(c->peer);
        addresses_leave(&s->addresses, &group);
    }
    if (c->prev)
        c->prev->next = c->next;
    else
        s->connections = c->next;
    if (c->next)
        c->next->prev = c->prev;
    buf_done(&c->pending);
    buf_done(&c->stream_out);
    free(c);
    server_connection_gone(s);
}

static void leave_stream(struct connection *c)
{
    if (c->stream)
        stream_gone(c->stream);
    c->stream = NULL;
}

void connection_close(struct connection *c)
{
    if (c->state == CONN_CLOSING)
        return;
    assert(c->state != CONN_WORKING);
    enter(c, CONN_CLOSING);
    give_exchange(c);
    leave_stream(c);
    uv_close((uv_handle_t *)&c->tcp, on_handle_closed);
    uv_close((uv_handle_t *)&c->timer, on_handle_closed);
}

/* ---- answers ---- */

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    struct connection *c = shutdown->data;
    if (status < 0)
        connection_close(c);
}

/* Closes our side and waits a little for the other's. */
static void linger(struct connection *c)
{
    enter(c, CONN_LINGER);
    c->shutdown.data = c;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shut_down) < 0) {
        connection_close(c);
        return;
    }
    start_reading(c);
}

static size_t consume(struct connection *c, const char *data, size_t len);

/* Reads on: first what came together with the request before. */
static void next_request(struct connection *c)
{
    enter(c, CONN_IDLE);
    if (c->pending_at < c->pending.len)
        c->pending_at += consume(c, c->pending.ptr + c->pending_at, c->pending.len - c->pending_at);
    bool reads = c->state == CONN_IDLE || c->state == CONN_HEAD || c->state == CONN_BODY;
    if (!reads)
        return;
    buf_done(&c->pending);
    c->pending_at = 0;
    if (c->state == CONN_IDLE && c->server->grace_over)
        linger(c);
    else
        start_reading(c);
}

/* ---- an answer that is a stream ---- */

static void on_stream_written(uv_write_t *write, int status)
{
    struct connection *c = write->data;
    c->stream_writing = false;
    buf_reset(&c->stream_out);
    if (c->state != CONN_STREAM)
        return;
    uv_timer_stop(&c->timer);
    if (status < 0)
        connection_close(c);
    else
        connection_stream(c);
}

/* One write at a time: what comes meanwhile waits with the stream, where it is counted. */
static void write_stream(struct connection *c)
{
    uv_buf_t b = {.base = c->stream_out.ptr, .len = c->stream_out.len};
    c->write.data = c;
    c->stream_writing = true;
    uv_timer_start(&c->timer, on_deadline, (uint64_t)c->server->config.write_ms, 0);
    if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &b, 1, on_stream_written) < 0)
        connection_close(c);
}

void connection_stream(struct connection *c)
{
    if (c->state != CONN_STREAM)
        return;
    bool writing = c->stream_writing;
    bool over = writing ? stream_is_over(c->stream) : stream_take(c->stream, &c->stream_out);
    if (over || c->server->draining) {
        leave_stream(c);
        if (writing)
            connection_close(c);
        else
            linger(c);
    } else if (!writing && c->stream_out.len > 0) {
        write_stream(c);
    }
}

/* The head is out. */
static void begin_stream(struct connection *c)
{
    int size = STREAM_SEND_BUFFER;
    (void)uv_send_buffer_size((uv_handle_t *)&c->tcp, &size);
    buf_init(&c->stream_out, STREAM_BACKLOG);
    enter(c, CONN_STREAM);
    start_reading(c); /* to see the client go */
    connection_stream(c);
}

static void on_written(uv_write_t *write, int status)
{
    struct connection *c = write->data;
    if (c->state == CONN_CLOSING)
        return;
    give_exchange(c);
    if (status < 0)
        connection_close(c);
    else if (c->stream)
        begin_stream(c);
    else if (c->close_after)
        linger(c);
    else
        next_request(c);
}

/* Writes what stands in the exchange. */
static void respond(struct connection *c)
{
    struct http_server *s = c->server;
    struct exchange *x = c->exchange;
    bool more = c->pending_at < c->pending.len;
    c->stream = x->rq.stream;
    bool keep = c->framing.keep_alive && !x->rq.close && !c->stream && (!s->draining || more);
    c->close_after = !keep;
    response_head(&x->rq, keep, env_now_s(s->config.env), &x->response_head);
    x->rq.stream = NULL;
    struct str body = response_body(&x->rq);
    uv_buf_t bufs[] = {
        {.base = x->response_head.ptr, .len = x->response_head.len},
        {.base = (char *)(uintptr_t)body.ptr, .len = body.len},
    };
    enter(c, CONN_WRITING);
    c->write.data = c;
    if (x->response_head.overflow ||
        uv_write(&c->write, (uv_stream_t *)&c->tcp, bufs, body.len ? 2 : 1, on_written) < 0)
        connection_close(c);
}

static void answer_refusal(struct request *rq, const struct refusal *why)
{
    struct problem p = {.status = why->status, .code = why->code};
    memcpy(p.detail, why->detail, strlen(why->detail) + 1);
    answer_problem(rq, INVALID, &p);
    if (why->status == 405)
        answer_header(rq, "Allow", STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    rq->close = true;
}

/* The request cannot be served, and where the next one begins is unknown. */
static void refuse_request(struct connection *c, const struct refusal *why)
{
    atomic_fetch_add(&c->server->bad_requests, 1);
    uv_read_stop((uv_stream_t *)&c->tcp);
    c->framing.keep_alive = false;
    struct request *rq = &c->exchange->rq;
    if (!rq->client[0])
        request_set_client(rq, &c->server->trusted, &c->peer);
    answer_refusal(rq, why);
    answer_log(rq, "-");
    respond(c);
}

void connection_answered(struct exchange *x)
{
    respond(x->connection);
}

static void on_deadline(uv_timer_t *timer)
{
    struct connection *c = timer->data;
    if (c->state == CONN_HEAD || c->state == CONN_BODY)
        refuse_request(c,
                       &(struct refusal){408, "request_timeout", "The request came too slowly."});
    else
        connection_close(c);
}

void connection_end_if_idle(struct connection *c)
{
    if (c->state == CONN_IDLE)
        linger(c);
}

/* ---- requests ---- */

static void hand_over(struct connection *c)
{
    struct http_server *s = c->server;
    struct exchange *x = c->exchange;
    x->rq.body = buf_view(&x->body);
    x->connection = c;
    uv_read_stop((uv_stream_t *)&c->tcp);
    atomic_fetch_add(&s->requests, 1);
    enter(c, CONN_WORKING);
    bool slow = s->slow && s->config.is_slow(s->config.self, &x->rq);
    if (workers_submit(slow ? s->slow : s->workers, x))
        return;
    atomic_fetch_add(&s->rejected_busy, 1);
    answer_problem(&x->rq, BUSY, NULL);
    answer_log(&x->rq, "-");
    respond(c);
}

static void begin_request(struct connection *c)
{
    c->exchange = exchange_take(c->server);
    c->scan = (struct head_scan){0};
    c->framing = (struct framing){0};
    c->chunked = (struct chunked){0};
    enter(c, CONN_HEAD);
}

/* The head is whole; `more` tells whether bytes of the body are here already. */
static void head_done(struct connection *c, bool more)
{
    struct exchange *x = c->exchange;
    struct refusal why;
    if (!head_parse(&x->rq, buf_view(&x->head), &c->framing, &why)) {
        refuse_request(c, &why);
        return;
    }
    request_set_client(&x->rq, &c->server->trusted, &c->peer);
    if (!c->framing.chunked && c->framing.length == 0) {
        hand_over(c);
        return;
    }
    enter(c, CONN_BODY);
    if (c->framing.expect_continue && !more) {
        /* Best effort: a client that does not get it sends its body a moment later. */
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        uv_buf_t b = {.base = (char *)(uintptr_t)go_on, .len = sizeof go_on - 1};
        (void)uv_try_write((uv_stream_t *)&c->tcp, &b, 1);
    }
}

static size_t consume_head(struct connection *c, const char *data, size_t len)
{
    size_t used = len;
    struct refusal why;
    enum feed fed = head_scan(&c->scan, data, len, &used, &why);
    if (fed != FEED_REFUSED)
        buf_add(&c->exchange->head, data, used);
    if (fed == FEED_REFUSED || c->exchange->head.overflow) {
        if (fed != FEED_REFUSED)
            why = (struct refusal){431, "headers_too_large", "Send at most 16 KiB of headers."};
        refuse_request(c, &why);
        return len;
    }
    if (fed == FEED_DONE)
        head_done(c, used < len);
    return used;
}

static size_t consume_body(struct connection *c, const char *data, size_t len)
{
    struct http_server *s = c->server;
    struct buf *body = &c->exchange->body;
    struct refusal why = {503, "too_busy", "Too many requests are being read. Try again."};
    size_t used = len;
    enum feed fed;
    if (c->framing.chunked) {
        fed = chunked_feed(&c->chunked, data, len, body, &used, &why);
    } else {
        size_t left = (size_t)c->framing.length - body->len;
        used = len < left ? len : left;
        buf_add(body, data, used);
        fed = used == left ? FEED_DONE : FEED_MORE;
    }
    s->bodies_held += body->len - c->body_held;
    c->body_held = body->len;
    if (fed == FEED_REFUSED || body->overflow || s->bodies_held > BODIES_MAX) {
        refuse_request(c, &why);
        return len;
    }
    if (fed == FEED_DONE)
        hand_over(c);
    return used;
}

/* Feeds bytes to the requests that they belong to, until one is on its way to a worker or refused.
 * Returns how many were used. */
static size_t consume(struct connection *c, const char *data, size_t len)
{
    size_t used = 0;
    while (used < len) {
        if (c->state == CONN_IDLE)
            begin_request(c);
        if (c->state == CONN_HEAD)
            used += consume_head(c, data + used, len - used);
        else if (c->state == CONN_BODY)
            used += consume_body(c, data + used, len - used);
        else
            break;
    }
    return used;
}

/* ---- the socket ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    (void)suggested;
    struct connection *c = handle->data;
    *ret = (uv_buf_t){.base = c->server->read_buffer, .len = READ_BUFFER};
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *b)
{
    struct connection *c = stream->data;
    if (n == 0)
        return;
    if (n < 0) {
        connection_close(c);
        return;
    }
    size_t len = (size_t)n;
    if (c->state == CONN_LINGER || c->state == CONN_STREAM) {
        c->discarded += len;
        if (c->discarded > LINGER_BYTES)
            connection_close(c);
        return;
    }
    size_t used = consume(c, b->base, len);
    if (used < len && c->state != CONN_CLOSING) {
        buf_init(&c->pending, READ_BUFFER);
        buf_add(&c->pending, b->base + used, len - used);
        c->pending_at = 0;
        if (c->pending.overflow)
            abort(); /* no memory: the limit is the read buffer's size */
    }
}

static void start_reading(struct connection *c)
{
    int r = uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
    if (r < 0 && r != UV_EALREADY)
        connection_close(c);
}

static bool peer_address(const uv_tcp_t *tcp, struct address *ret)
{
    struct sockaddr_storage name;
    int size = sizeof name;
    char text[ADDRESS_TEXT];
    if (uv_tcp_getpeername(tcp, (struct sockaddr *)&name, &size) < 0 ||
        uv_ip_name((struct sockaddr *)&name, text, sizeof text) < 0)
        return false;
    return address_parse(str_of(text), ret);
}

/* One answer to whom there is no room for, as far as the socket's buffer takes it. */
static void turn_away(struct connection *c)
{
    struct http_server *s = c->server;
    atomic_fetch_add(&s->rejected_busy, 1);
    struct exchange *x = exchange_take(s);
    struct problem p = {.retry_after_s = 2};
    (void)problem_set(&p, BUSY, "too_many_connections", "Too many connections. Try again.");
    answer_problem(&x->rq, BUSY, &p);
    response_head(&x->rq, false, env_now_s(s->config.env), &x->response_head);
    struct str body = response_body(&x->rq);
    uv_buf_t bufs[] = {
        {.base = x->response_head.ptr, .len = x->response_head.len},
        {.base = (char *)(uintptr_t)body.ptr, .len = body.len},
    };
    (void)uv_try_write((uv_stream_t *)&c->tcp, bufs, 2);
    exchange_give(s, x);
    connection_close(c);
}

static bool has_room(struct connection *c)
{
    struct http_server *s = c->server;
    if (atomic_load(&s->open_connections) > s->config.connections_max)
        return false;
    if (trusted_has(&s->trusted, &c->peer))
        return true;
    struct address group = address_group(c->peer);
    c->counted = addresses_enter(&s->addresses, &group, s->config.connections_per_address);
    return c->counted;
}

void connection_accept(struct http_server *s, int fd)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->server = s;
    c->state = CONN_IDLE;
    c->open_handles = 2;
    c->next = s->connections;
    if (c->next)
        c->next->prev = c;
    s->connections = c;
    atomic_fetch_add(&s->open_connections, 1);
    uv_tcp_init(&s->loop, &c->tcp);
    uv_timer_init(&s->loop, &c->timer);
    c->tcp.data = c;
    c->timer.data = c;
    int r = fd >= 0 ? uv_tcp_open(&c->tcp, fd)
                    : uv_accept((uv_stream_t *)&s->listener, (uv_stream_t *)&c->tcp);
    if (r < 0 && fd >= 0)
        close(fd);
    if (r < 0 || !peer_address(&c->tcp, &c->peer)) {
        connection_close(c);
        return;
    }
    if (!has_room(c)) {
        turn_away(c);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    uv_tcp_keepalive(&c->tcp, 1, KEEPALIVE_S);
    enter(c, CONN_IDLE);
    start_reading(c);
}
