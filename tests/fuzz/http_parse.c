/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Requests from any bytes. The first byte says into which pieces they are cut: whatever the
 * cutting, the outcome is the same, and what is accepted keeps the parser's promises.
 */
#include "http/forwarded.h"
#include "http/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define require(condition) \
    do {                   \
        if (!(condition))  \
            abort();       \
    } while (0)

static int64_t no_time(void *self)
{
    (void)self;
    return 0;
}

static void no_noise(void *self, void *ret, size_t len)
{
    (void)self;
    memset(ret, 0, len);
}

struct outcome {
    enum feed head, body;
    bool parsed;
    int status; /* of a refusal */
    size_t used;
    struct buf head_bytes, body_bytes;
};

static void read_body(struct outcome *o, const struct framing *f, const char *data, size_t len,
                      size_t step)
{
    struct chunked chunked = {0};
    struct refusal why = {0};
    size_t at = 0;
    o->body = FEED_MORE;
    while (f->chunked && o->body == FEED_MORE && at < len) {
        size_t n = step < len - at ? step : len - at, used = 0;
        o->body = chunked_feed(&chunked, data + at, n, &o->body_bytes, &used, &why);
        at += used;
    }
    if (o->body == FEED_REFUSED)
        o->status = why.status;
    else
        o->used += at;
    require(o->body_bytes.len <= HTTP_BODY_MAX);
}

static void check_request(const struct request *rq, const struct framing *f)
{
    require(rq->host.len > 0 && rq->header_count <= HEADERS_MAX);
    require(f->length >= 0 && f->length <= HTTP_BODY_MAX && !(f->chunked && f->length));
    require(str_utf8_ok(rq->path) && !memchr(rq->path.ptr, '\0', rq->path.len));
    require(rq->path.ptr[0] == '/' || str_is(rq->path, "*"));
    require(!memmem(rq->path.ptr, rq->path.len, "/../", 4));
    for (size_t i = 0; i < rq->header_count; i++) {
        struct str value = rq->headers[i].value;
        require(rq->headers[i].name.len > 0);
        require(!memchr(value.ptr, '\r', value.len) && !memchr(value.ptr, '\n', value.len));
    }
}

static void run(struct outcome *o, const char *data, size_t len, size_t step)
{
    static const struct env env = {.now_ms = no_time, .mono_ms = no_time, .random = no_noise};
    struct arena arena;
    struct request rq = {0};
    struct head_scan scan = {0};
    struct framing framing = {0};
    struct refusal why = {0};
    size_t at = 0;
    memset(o, 0, sizeof *o);
    buf_init(&o->head_bytes, 64 * 1024);
    buf_init(&o->body_bytes, HTTP_BODY_MAX);
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    request_open(&rq, &arena, &env);
    while (o->head == FEED_MORE && at < len) {
        size_t n = step < len - at ? step : len - at, used = 0;
        o->head = head_scan(&scan, data + at, n, &used, &why);
        if (o->head == FEED_REFUSED)
            break;
        buf_add(&o->head_bytes, data + at, used);
        at += used;
    }
    require(!o->head_bytes.overflow);
    o->used = at;
    if (o->head == FEED_DONE)
        o->parsed = head_parse(&rq, buf_view(&o->head_bytes), &framing, &why);
    if (o->parsed) {
        struct trusted trusted;
        struct address peer;
        check_request(&rq, &framing);
        require(trusted_parse("127.0.0.1, 10.0.0.0/8", &trusted));
        require(address_parse(STR("127.0.0.1"), &peer));
        request_set_client(&rq, &trusted, &peer);
        (void)request_cookie(&rq, SESSION_COOKIE);
        read_body(o, &framing, data + at, len - at, step);
    } else if (o->head != FEED_MORE) {
        o->status = why.status;
        require(o->status >= 400 && o->status <= 505 && why.code && why.detail);
    }
    request_close(&rq);
    arena_done(&arena);
}

static void drop(struct outcome *o)
{
    buf_done(&o->head_bytes);
    buf_done(&o->body_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, cut;
    if (size < 1)
        return 0;
    const char *text = (const char *)data + 1;
    run(&whole, text, size - 1, size);
    run(&cut, text, size - 1, (size_t)data[0] % 16 + 1);
    require(whole.head == cut.head && whole.parsed == cut.parsed && whole.status == cut.status);
    require(whole.body == cut.body);
    if (whole.head != FEED_REFUSED && whole.body != FEED_REFUSED) {
        require(whole.used == cut.used);
        require(str_eq(buf_view(&whole.body_bytes), buf_view(&cut.body_bytes)));
    }
    drop(&whole);
    drop(&cut);
    return 0;
}
