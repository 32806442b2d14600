/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * response: how an answer is filled and how its head is written. Owns nothing: the bytes are in the
 * request's `out` buffer or belong to the program. The security headers of every answer stand here,
 * in one table.
 */
#include "base/civil.h"
#include "base/log.h"
#include "http/json_write.h"
#include "http/request.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *value;
    bool https_only;
} default_headers[] = {
    {"X-Content-Type-Options", "nosniff", false},
    {"X-Frame-Options", "DENY", false},
    {"Content-Security-Policy",
     "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", false},
    {"Referrer-Policy", "strict-origin-when-cross-origin", false},
    {"Permissions-Policy",
     "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()", false},
    {"Cross-Origin-Opener-Policy", "same-origin", false},
    {"Cross-Origin-Resource-Policy", "same-origin", false},
    {"Cache-Control", "no-store", false},
    {"Strict-Transport-Security", "max-age=31536000; includeSubDomains", true},
};

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *http_reason(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

void request_begin_answer(struct request *rq)
{
    rq->status = 0;
    rq->response_header_count = 0;
    assert(!rq->stream); /* opened as the last act of a handler */
    rq->static_body = (struct str){0};
    buf_reset(&rq->out);
}

void answer_header(struct request *rq, const char *name, struct str value)
{
    assert(rq->response_header_count < RESPONSE_HEADERS_MAX);
    for (size_t i = 0; i < value.len; i++)
        assert(value.ptr[i] != '\r' && value.ptr[i] != '\n' && value.ptr[i] != '\0');
    rq->response_headers[rq->response_header_count++] = (struct header){str_of(name), value};
}

void answer_json(struct request *rq, int status, const struct shape *shape, const void *value,
                 unsigned permissions)
{
    rq->status = status;
    answer_header(rq, "Content-Type", STR("application/json; charset=utf-8"));
    shape_write(&rq->out, shape, value, permissions);
}

void answer_list(struct request *rq, const struct shape *shape, const void *items, size_t count,
                 struct str next_cursor, unsigned permissions)
{
    rq->status = 200;
    answer_header(rq, "Content-Type", STR("application/json; charset=utf-8"));
    buf_z(&rq->out, "{\"data\":[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_byte(&rq->out, ',');
        shape_write(&rq->out, shape, (const char *)items + i * shape->size, permissions);
    }
    buf_z(&rq->out, "],\"next_cursor\":");
    if (next_cursor.ptr)
        jw_string(&rq->out, next_cursor);
    else
        buf_z(&rq->out, "null");
    buf_byte(&rq->out, '}');
}

void answer_empty(struct request *rq, int status)
{
    rq->status = status;
}

void answer_text(struct request *rq, int status, const char *content_type, struct str body)
{
    rq->status = status;
    answer_header(rq, "Content-Type", str_of(content_type));
    buf_str(&rq->out, body);
}

void answer_etag(struct request *rq, int64_t version)
{
    answer_header(rq, "ETag", str_printf(rq->arena, "\"%lld\"", (long long)version));
}

int problem_status(enum result result, const struct problem *p)
{
    if (p && p->status)
        return p->status;
    switch (result) {
    case NOT_FOUND: return 404;
    case CONFLICT: return 409;
    case INVALID: return 422;
    case DENIED: return 403;
    case BUSY: return 503;
    case OK:
    case INTERNAL: break;
    }
    return 500;
}

/* What stands in `code` when whoever refused said nothing more exact. */
static const char *code_of(int status)
{
    switch (status) {
    case 400: return "malformed_request";
    case 401: return "not_signed_in";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 409: return "conflict";
    case 412: return "stale_version";
    case 422: return "validation_failed";
    case 429: return "too_many_requests";
    case 503: return "too_busy";
    default: return status >= 500 ? "internal" : "refused";
    }
}

static const char *detail_of(int status)
{
    switch (status) {
    case 401: return "Sign in first.";
    case 403: return "You may not do this.";
    case 404: return "There is nothing at this address.";
    case 409: return "This contradicts what is there now.";
    case 503: return "The service is busy. Try again in a moment.";
    default:
        return status >= 500 ? "Something went wrong on our side. Nothing was changed."
                             : "The request was refused.";
    }
}

static void write_fields(struct json_out *j, const struct problem *p)
{
    jw_key(j, "errors");
    jw_open(j, '[');
    for (size_t i = 0; i < p->field_count; i++) {
        jw_open(j, '{');
        jw_key(j, "path");
        jw_z(j, p->fields[i].path);
        jw_key(j, "code");
        jw_z(j, p->fields[i].code);
        jw_key(j, "message");
        jw_z(j, p->fields[i].message);
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

/* The members of the problem's own shape, without their brackets, behind the standard ones. */
static void write_extra(struct request *rq, const struct problem *p)
{
    struct buf whole;
    buf_init(&whole, RESPONSE_LIMIT);
    shape_write(&whole, p->extra_shape, p->extra, ~0u); /* whoever refused chose what to tell */
    if (!whole.overflow && whole.len > 2) {
        buf_byte(&rq->out, ',');
        buf_add(&rq->out, whole.ptr + 1, whole.len - 2);
    }
    buf_done(&whole);
}

void answer_problem(struct request *rq, enum result result, const struct problem *p)
{
    static const struct problem nothing;
    if (!p)
        p = &nothing;
    request_begin_answer(rq);
    int status = problem_status(result, p);
    /* Our own faults are told to the log, not to the caller. */
    bool ours = status == 500;
    rq->status = status;
    answer_header(rq, "Content-Type", STR("application/problem+json"));
    if (p->retry_after_s > 0 || status == 503 || status == 429)
        answer_header(rq, "Retry-After",
                      str_printf(rq->arena, "%d", p->retry_after_s > 0 ? p->retry_after_s : 1));

    if (status == 401) /* RFC 6750: an error only where a token was shown */
        answer_header(rq, "WWW-Authenticate",
                      request_bearer(rq).ptr ? STR("Bearer error=\"invalid_token\"")
                                             : STR("Bearer"));

    struct json_out j = jw(&rq->out);
    jw_open(&j, '{');
    jw_key(&j, "type");
    jw_z(&j, "about:blank");
    jw_key(&j, "title");
    jw_z(&j, http_reason(status));
    jw_key(&j, "status");
    jw_int(&j, status);
    jw_key(&j, "detail");
    jw_z(&j, ours || !p->detail[0] ? detail_of(status) : p->detail);
    jw_key(&j, "code");
    jw_z(&j, ours || !p->code ? code_of(status) : p->code);
    jw_key(&j, "request_id");
    jw_z(&j, rq->id);
    write_fields(&j, p);
    if (p->extra_shape && p->extra && !ours)
        write_extra(rq, p);
    jw_close(&j, '}');
}

static bool has_body(const struct request *rq)
{
    return rq->status != 204 && rq->status != 304;
}

static struct str full_body(const struct request *rq)
{
    return rq->static_body.ptr ? rq->static_body : buf_view(&rq->out);
}

struct str response_body(const struct request *rq)
{
    if (!has_body(rq) || rq->method == HTTP_HEAD_)
        return STR("");
    return full_body(rq);
}

void answer_log(const struct request *rq, const char *route)
{
    log_event(LOG_INFO, "request", "s:method", http_method_name(rq->method), "s:route", route,
              "i:status", (int64_t)rq->status, "i:ms", env_mono_ms(rq->env) - rq->began_ms,
              "i:bytes", (int64_t)response_body(rq).len, "s:request_id", rq->id, NULL);
}

static bool answers(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->response_header_count; i++)
        if (str_is_nocase(rq->response_headers[i].name, name))
            return true;
    return false;
}

static void write_date(int64_t now_s, struct buf *out)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = now_s / SECONDS_PER_DAY;
    int second = (int)(now_s % SECONDS_PER_DAY);
    struct civil c = civil_from_days(day);
    buf_printf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
               days + 3 * (civil_weekday(day) - 1), c.day, months + 3 * (c.month - 1), c.year,
               second / 3600, second / 60 % 60, second % 60);
}

void response_head(const struct request *rq, bool keep_alive, int64_t now_s, struct buf *out)
{
    assert(rq->status >= 200 && rq->status <= 599);
    buf_printf(out, "HTTP/1.1 %d %s\r\n", rq->status, http_reason(rq->status));
    if (now_s > 0)
        write_date(now_s, out);
    for (size_t i = 0; i < rq->response_header_count; i++)
        buf_printf(out, STR_FMT ": " STR_FMT "\r\n", STR_ARG(rq->response_headers[i].name),
                   STR_ARG(rq->response_headers[i].value));
    for (size_t i = 0; i < sizeof default_headers / sizeof default_headers[0]; i++)
        if ((rq->https || !default_headers[i].https_only) && !answers(rq, default_headers[i].name))
            buf_printf(out, "%s: %s\r\n", default_headers[i].name, default_headers[i].value);
    buf_printf(out, "X-Request-Id: %s\r\n", rq->id);
    if (has_body(rq) && !rq->stream)
        buf_printf(out, "Content-Length: %zu\r\n", full_body(rq).len);
    buf_z(out, keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}
