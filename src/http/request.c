/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* request: looking things up in a request. Owns no memory; see request.h. */
#include "http/request.h"

#include <string.h>

static const struct {
    enum http_method method;
    const char *name;
} methods[] = {
    {HTTP_GET_, "GET"},         {HTTP_HEAD_, "HEAD"},   {HTTP_POST_, "POST"},
    {HTTP_PUT_, "PUT"},         {HTTP_PATCH_, "PATCH"}, {HTTP_DELETE_, "DELETE"},
    {HTTP_OPTIONS_, "OPTIONS"},
};

const char *http_method_name(enum http_method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].name;
    return "OTHER";
}

enum http_method http_method_of(struct str name)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (str_is(name, methods[i].name))
            return methods[i].method;
    return HTTP_OTHER_;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_is_nocase(struct str a, const char *b)
{
    for (size_t i = 0; i < a.len; i++)
        if (b[i] == '\0' || lower(a.ptr[i]) != lower(b[i]))
            return false;
    return b[a.len] == '\0';
}

void request_open(struct request *rq, struct arena *arena, const struct env *env)
{
    struct buf out = rq->out;
    memset(rq, 0, sizeof *rq);
    rq->arena = arena;
    rq->env = env;
    rq->began_ms = env_mono_ms(env);
    rq->out = out;
    if (!rq->out.limit)
        buf_init(&rq->out, RESPONSE_LIMIT);
    buf_reset(&rq->out);

    static const char digits[] = "0123456789abcdef";
    unsigned char noise[(REQUEST_ID_TEXT - 1) / 2];
    env_random(env, noise, sizeof noise);
    for (size_t i = 0; i < sizeof noise; i++) {
        rq->id[2 * i] = digits[noise[i] >> 4];
        rq->id[2 * i + 1] = digits[noise[i] & 15];
    }
}

void request_close(struct request *rq)
{
    buf_done(&rq->out);
}

struct str request_header(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_is_nocase(rq->headers[i].name, name))
            return rq->headers[i].value;
    return (struct str){0};
}

/* The value of `name` in one Cookie header ("a=1; b=2"), or absent. */
static struct str cookie_in(struct str line, const char *name)
{
    size_t name_len = strlen(name);
    while (line.len) {
        const char *semicolon = memchr(line.ptr, ';', line.len);
        size_t len = semicolon ? (size_t)(semicolon - line.ptr) : line.len;
        struct str pair = str_trim((struct str){line.ptr, len});
        if (pair.len > name_len && pair.ptr[name_len] == '=' &&
            memcmp(pair.ptr, name, name_len) == 0)
            return (struct str){pair.ptr + name_len + 1, pair.len - name_len - 1};
        size_t step = semicolon ? len + 1 : len;
        line = (struct str){line.ptr + step, line.len - step};
    }
    return (struct str){0};
}

struct str request_cookie(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->header_count; i++) {
        if (!str_is_nocase(rq->headers[i].name, "Cookie"))
            continue;
        struct str value = cookie_in(rq->headers[i].value, name);
        if (value.ptr)
            return value;
    }
    return (struct str){0};
}

int64_t request_id_param(const struct request *rq, size_t i)
{
    int64_t id;
    if (i >= PATH_PARAMS_MAX || rq->params[i].len == 0 || rq->params[i].ptr[0] < '1' ||
        rq->params[i].ptr[0] > '9' || !str_int(rq->params[i], &id))
        return 0; /* also a leading zero, which would give one thing two names */
    return id;
}
