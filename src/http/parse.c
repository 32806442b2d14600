/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * parse: the head of a request (RFC 9112, 2 to 3 and 6). Owns nothing; decoded text goes into the
 * request's arena. The rules that go beyond the RFC are listed in parse.h; target.c reads targets,
 * chunked.c bodies.
 */
#include "http/parse.h"

#include "http/parse_internal.h"

#include <string.h>

bool refuse(struct refusal *ret, int status, const char *code, const char *detail)
{
    *ret = (struct refusal){status, code, detail};
    return false;
}

static enum feed refuse_scan(struct refusal *ret, int status, const char *code, const char *detail)
{
    refuse(ret, status, code, detail);
    return FEED_REFUSED;
}

/* At the LF of a CRLF. */
static enum feed end_line(struct head_scan *s, struct refusal *ret)
{
    s->after_cr = false;
    if (s->line_length > 0 && s->lines > 0)
        s->header_bytes += 2;
    if (s->header_bytes > HTTP_HEAD_MAX)
        return refuse_scan(ret, 431, "headers_too_large", "Send at most 16 KiB of headers.");
    if (s->line_length > 0) {
        s->lines++;
        s->line_length = 0;
        if (s->lines > HEADERS_MAX + 1)
            return refuse_scan(ret, 431, "too_many_headers", "Send at most 100 headers.");
        return FEED_MORE;
    }
    if (s->lines > 0)
        return FEED_DONE;
    if (s->skipped_blank)
        return refuse_scan(ret, 400, "malformed_request", "The request begins with empty lines.");
    s->skipped_blank = true;
    return FEED_MORE;
}

/* At any byte but CR and LF. */
static enum feed in_line(struct head_scan *s, char c, struct refusal *ret)
{
    if (s->after_cr)
        return refuse_scan(ret, 400, "malformed_request", "A CR stands without its LF.");
    if (c == '\0')
        return refuse_scan(ret, 400, "malformed_request", "A NUL byte stands in the head.");
    s->line_length++;
    if (s->lines == 0)
        return s->line_length <= HTTP_LINE_MAX
                   ? FEED_MORE
                   : refuse_scan(ret, 414, "uri_too_long", "The request line is too long.");
    s->header_bytes++;
    return s->header_bytes <= HTTP_HEAD_MAX
               ? FEED_MORE
               : refuse_scan(ret, 431, "headers_too_large", "Send at most 16 KiB of headers.");
}

enum feed head_scan(struct head_scan *s, const char *data, size_t len, size_t *ret_used,
                    struct refusal *ret)
{
    for (size_t i = 0; i < len; i++) {
        enum feed next = FEED_MORE;
        if (data[i] == '\n') {
            if (!s->after_cr)
                return refuse_scan(ret, 400, "malformed_request", "A LF stands without its CR.");
            next = end_line(s, ret);
        } else if (data[i] == '\r' && !s->after_cr) {
            s->after_cr = true;
        } else {
            next = in_line(s, data[i], ret);
        }
        if (next != FEED_MORE) {
            *ret_used = i + 1;
            return next;
        }
    }
    *ret_used = len;
    return FEED_MORE;
}

/* RFC 9110, 5.6.2 */
static bool token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Takes the first line off `*rest`, without its CRLF. */
static struct str take_line(struct str *rest)
{
    const char *cr = memchr(rest->ptr, '\r', rest->len);
    size_t len = cr ? (size_t)(cr - rest->ptr) : rest->len;
    struct str line = {rest->ptr, len};
    size_t step = len + 2 <= rest->len ? len + 2 : rest->len;
    *rest = (struct str){rest->ptr + step, rest->len - step};
    return line;
}

static bool version_parse(struct str s, int *ret_minor, struct refusal *why)
{
    if (s.len != 8 || !str_starts(s, STR("HTTP/")) || s.ptr[6] != '.' || s.ptr[5] < '0' ||
        s.ptr[5] > '9' || s.ptr[7] < '0' || s.ptr[7] > '9')
        return refuse(why, 400, "malformed_request", "The request line names no HTTP version.");
    if (s.ptr[5] != '1' || s.ptr[7] > '1')
        return refuse(why, 505, "version_not_supported", "Use HTTP/1.1.");
    *ret_minor = s.ptr[7] - '0';
    return true;
}

static bool request_line(struct request *rq, struct str line, int *ret_minor, struct refusal *why)
{
    const char *first = memchr(line.ptr, ' ', line.len);
    const char *last = memrchr(line.ptr, ' ', line.len);
    if (!first || first == last)
        return refuse(why, 400, "malformed_request", "The request line has not three parts.");
    struct str method = {line.ptr, (size_t)(first - line.ptr)};
    struct str target = {first + 1, (size_t)(last - first - 1)};
    struct str version = {last + 1, (size_t)(line.ptr + line.len - last - 1)};
    if (!is_token(method))
        return refuse(why, 400, "malformed_request", "The method is not a token.");
    if (!version_parse(version, ret_minor, why))
        return false;
    rq->method_text = method;
    rq->method = http_method_of(method);
    rq->target = target;
    if (rq->method == HTTP_OTHER_) {
        if (str_is(method, "TRACE") || str_is(method, "CONNECT"))
            return refuse(why, 405, "method_not_allowed", "This method is never allowed here.");
        return refuse(why, 501, "method_not_implemented", "This method is not known here.");
    }
    return target_parse(rq, target, why);
}

static bool header_line(struct request *rq, struct str line, struct refusal *why)
{
    if (rq->header_count == HEADERS_MAX)
        return refuse(why, 431, "too_many_headers", "Send at most 100 headers.");
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
        return refuse(why, 400, "malformed_request", "A header is folded over two lines.");
    const char *colon = memchr(line.ptr, ':', line.len);
    struct str name = {line.ptr, colon ? (size_t)(colon - line.ptr) : 0};
    if (!is_token(name))
        return refuse(why, 400, "malformed_request", "A header has no proper name.");
    struct str value = {colon + 1, line.len - name.len - 1};
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return refuse(why, 400, "malformed_request", "A header holds a control character.");
    }
    rq->headers[rq->header_count++] = (struct header){name, str_trim(value)};
    return true;
}

/* How often a header occurs; the last one's value. */
static size_t find_all(const struct request *rq, const char *name, struct str *ret_value)
{
    size_t n = 0;
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_is_nocase(rq->headers[i].name, name)) {
            *ret_value = rq->headers[i].value;
            n++;
        }
    return n;
}

static bool content_length(struct str s, int64_t *ret, struct refusal *why)
{
    /* str_int() takes a sign, which is not allowed here. */
    bool digits = s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        digits = digits && s.ptr[i] >= '0' && s.ptr[i] <= '9';
    if (!digits)
        return refuse(why, 400, "malformed_request", "Content-Length is not a number.");
    if (!str_int(s, ret))
        return refuse(why, 413, "body_too_large", "Send at most 1 MiB.");
    return true;
}

static bool read_framing(const struct request *rq, int minor, struct framing *f,
                         struct refusal *why)
{
    struct str length = {0}, coding = {0};
    size_t lengths = find_all(rq, "Content-Length", &length);
    size_t codings = find_all(rq, "Transfer-Encoding", &coding);
    if (lengths + codings > 1)
        return refuse(why, 400, "malformed_request", "The body's length is given twice.");
    if (codings) {
        if (minor == 0 || !str_is_nocase(coding, "chunked"))
            return refuse(why, 400, "malformed_request",
                          "The only transfer encoding is chunked, in HTTP/1.1.");
        f->chunked = true;
    }
    return lengths == 0 || content_length(length, &f->length, why);
}

/* Whether a comma-separated list, over all headers of that name, holds the word. */
static bool lists(const struct request *rq, const char *name, const char *word)
{
    for (size_t i = 0; i < rq->header_count; i++) {
        if (!str_is_nocase(rq->headers[i].name, name))
            continue;
        struct str rest = rq->headers[i].value;
        while (rest.len) {
            const char *comma = memchr(rest.ptr, ',', rest.len);
            size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;
            if (str_is_nocase(str_trim((struct str){rest.ptr, len}), word))
                return true;
            size_t step = comma ? len + 1 : len;
            rest = (struct str){rest.ptr + step, rest.len - step};
        }
    }
    return false;
}

static bool read_host(struct request *rq, struct str authority, struct refusal *why)
{
    struct str host = {0};
    if (find_all(rq, "Host", &host) != 1)
        return refuse(why, 400, "malformed_request", "Exactly one Host header is needed.");
    bool good = host.len > 0 && host.len <= 255;
    for (size_t i = 0; good && i < host.len; i++)
        good = (host.ptr[i] >= 'a' && host.ptr[i] <= 'z') ||
               (host.ptr[i] >= 'A' && host.ptr[i] <= 'Z') ||
               (host.ptr[i] >= '0' && host.ptr[i] <= '9') || strchr("-._:[]", host.ptr[i]);
    if (!good)
        return refuse(why, 400, "malformed_request", "Host is not a host name.");
    if (authority.ptr && !str_is_nocase(authority, str_z(rq->arena, host)))
        return refuse(why, 400, "malformed_request", "The target's host is not the Host header's.");
    rq->host = host;
    return true;
}

static bool read_expectations(const struct request *rq, int minor, struct framing *f,
                              struct refusal *why)
{
    struct str expect = {0}, encoding = {0};
    if (find_all(rq, "Expect", &expect)) {
        if (!str_is_nocase(expect, "100-continue"))
            return refuse(why, 417, "expectation_failed", "Only 100-continue can be expected.");
        f->expect_continue = minor == 1;
    }
    if (find_all(rq, "Content-Encoding", &encoding) && !str_is_nocase(encoding, "identity"))
        return refuse(why, 415, "unsupported_encoding", "Send the body uncompressed.");
    f->keep_alive =
        minor == 1 ? !lists(rq, "Connection", "close") : lists(rq, "Connection", "keep-alive");
    return true;
}

/* The authority of an absolute-form target, which target_parse() has checked; else absent. */
static struct str authority_of(struct str target)
{
    const char *slashes = target.ptr[0] == '/' ? NULL : memmem(target.ptr, target.len, "://", 3);
    if (!slashes)
        return (struct str){0};
    struct str rest = {slashes + 3, (size_t)(target.ptr + target.len - slashes - 3)};
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
        len++;
    return (struct str){rest.ptr, len};
}

bool head_parse(struct request *rq, struct str head, struct framing *ret, struct refusal *why)
{
    struct framing f = {0};
    int minor = 1;
    if (str_starts(head, STR("\r\n")))
        head = (struct str){head.ptr + 2, head.len - 2};
    if (!request_line(rq, take_line(&head), &minor, why))
        return false;
    for (struct str line; (line = take_line(&head)).len > 0;)
        if (!header_line(rq, line, why))
            return false;
    if (!read_host(rq, authority_of(rq->target), why) || !read_framing(rq, minor, &f, why) ||
        !read_expectations(rq, minor, &f, why))
        return false;
    if (f.length > HTTP_BODY_MAX)
        return refuse(why, 413, "body_too_large", "Send at most 1 MiB.");
    *ret = f;
    return true;
}
