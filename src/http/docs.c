/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * docs: the readable page of the API, made once from the route tables, and the two routes that give
 * it and the OpenAPI document out. No script; its one style sheet is named in the page's policy by
 * its hash.
 */
#include "http/access.h"
#include "http/dispatch_internal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { DOCS_MAX = 8 * 1024 * 1024, DEPTH_MAX = 8 };

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1d2433;--soft:#566077;--line:#d9dee8;--page:#fff;"
    "--code:#f4f6fa;--accent:#1f5fbf}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6eaf2;--soft:#a3adc0;--line:#343c4d;"
    "--page:#12161f;--code:#1b2130;--accent:#8ab4ff}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--page);"
    "color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.8rem;margin:0 0 .5rem}"
    "h2{margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line);text-transform:capitalize}"
    "a{color:var(--accent)}"
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}"
    "section>section{padding:.75rem 0;border-bottom:1px solid var(--line)}"
    "h3{margin:0;font:600 1rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}"
    "p{margin:.25rem 0}.who{color:var(--soft)}"
    "summary{cursor:pointer}"
    "dl{margin:.25rem 0 .5rem 1rem}dt{font:600 .9rem ui-monospace,monospace}"
    "dd{margin:0 0 .25rem 1rem;color:var(--soft)}"
    ".table{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem}"
    "th,td{padding:.15rem .5rem;text-align:left;border-bottom:1px solid var(--line);"
    "white-space:nowrap}tbody th{font:.8rem ui-monospace,monospace}td{color:var(--soft)}"
    "td b{color:var(--ink)}";

static void put(struct buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': buf_z(out, "&lt;"); break;
        case '>': buf_z(out, "&gt;"); break;
        case '&': buf_z(out, "&amp;"); break;
        case '"': buf_z(out, "&quot;"); break;
        default: buf_byte(out, *text);
        }
    }
}

static const char *kind_text(const struct field *f)
{
    static const char *const names[] = {
        [F_STR] = "text",
        [F_INT] = "whole number",
        [F_BOOL] = "true or false",
        [F_QTY] = "number with at most 3 decimals",
        [F_ID] = "id",
        [F_IDS] = "list of ids",
        [F_INSTANT] = "instant, like 2026-11-22T09:00:00Z",
        [F_DATE] = "date, like 2026-11-22",
        [F_CLOCK] = "time of day, like 09:30",
        [F_ENUM] = "one of",
        [F_FLAGS] = "any of",
        [F_STRS] = "list of texts",
        [F_OBJECT] = "object",
        [F_LIST] = "list of objects",
        [F_RAW] = "any JSON",
    };
    if (f->kind == F_STR && f->choices)
        return names[F_ENUM];
    if (f->kind == F_RAW && f->json != RAW_ANY)
        return f->json == RAW_TEXTS ? names[F_STRS] : names[F_OBJECT];
    return names[f->kind];
}

static void write_bounds(struct buf *out, const struct field *f)
{
    bool quantity = f->kind == F_QTY;
    bool bounded = f->kind == F_STR || f->kind == F_INT || quantity || f->kind == F_LIST ||
                   f->kind == F_IDS || f->kind == F_STRS;
    if (!bounded || !f->max)
        return;
    buf_z(out, ", ");
    if (quantity) {
        jw_qty(out, f->min);
        buf_z(out, " to ");
        jw_qty(out, f->max);
    } else {
        buf_printf(out, "%lld to %lld", (long long)f->min, (long long)f->max);
    }
    if (f->kind == F_STR)
        buf_z(out, " characters");
}

static void write_shape(struct buf *out, const struct shape *shape, bool in, int depth)
{
    buf_z(out, "<dl>");
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        buf_z(out, "<dt>");
        put(out, f->name);
        buf_z(out, "</dt><dd>");
        put(out, kind_text(f));
        for (size_t k = 0; f->choices && f->choices[k]; k++) {
            buf_z(out, k ? ", " : " ");
            put(out, f->choices[k]);
        }
        if (in)
            write_bounds(out, f);
        if (in && f->required)
            buf_z(out, ", needed");
        if (f->doc) {
            buf_z(out, "; ");
            put(out, f->doc);
        }
        if (f->of && depth < DEPTH_MAX)
            write_shape(out, f->of, in, depth + 1);
        buf_z(out, "</dd>");
    }
    buf_z(out, "</dl>");
}

static void write_part(struct buf *out, const char *title, const struct shape *shape, bool in)
{
    if (!shape || shape->field_count == 0)
        return;
    buf_printf(out, "<details><summary>%s</summary>", title);
    write_shape(out, shape, in, 0);
    buf_z(out, "</details>");
}

static void write_route(struct buf *out, const struct route *r)
{
    buf_z(out, "<section><h3>");
    put(out, http_method_name(r->method));
    buf_byte(out, ' ');
    put(out, r->path);
    buf_z(out, "</h3><p>");
    put(out, r->summary);
    buf_z(out, "</p><p class=\"who\">For ");
    access_words(out, r);
    buf_printf(out, ". Answers %d.%s</p>", r->status,
               r->idempotent ? " Takes Idempotency-Key." : "");
    write_part(out, "Query", r->query, true);
    write_part(out, "Body", r->body, true);
    write_part(out, r->answer_is_list ? "Answer: a list of" : "Answer", r->answer, false);
    buf_z(out, "</section>");
}

/* Whether route i is the first visible one of its tag. */
static bool begins_tag(const struct dispatcher *d, size_t i)
{
    if (d->endpoints[i].route->hidden)
        return false;
    for (size_t k = 0; k < i; k++)
        if (!d->endpoints[k].route->hidden &&
            strcmp(d->endpoints[k].route->tag, d->endpoints[i].route->tag) == 0)
            return false;
    return true;
}

/* Who may call what, in one table: the same question that the dispatcher asks. */
static void write_access(const struct dispatcher *d, struct buf *out)
{
    buf_z(out,
          "<section id=\"access\"><h2>Who may call what</h2>"
          "<p>Yes: everything of the business. Own: what is the caller's own, and the rest looks "
          "absent. A token holds what its scopes say: each permission is a scope, with "
          "<code>:read</code> behind it for reading alone; <code>admin</code> is the last "
          "column. It owns nothing, so where a column says own it is refused.</p>"
          "<div class=\"table\" role=\"region\" aria-label=\"Who may call what\" "
          "tabindex=\"0\"><table>");
    access_head(out);
    buf_z(out, "<tbody>");
    for (size_t i = 0; i < d->endpoint_count; i++)
        if (!d->endpoints[i].route->hidden)
            access_row(out, d->endpoints[i].route);
    buf_z(out, "</tbody></table></div></section>");
}

static void write_page(const struct dispatcher *d, struct buf *out)
{
    buf_z(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
               "<title>CareOps API</title><style>");
    buf_z(out, style);
    buf_z(out,
          "</style></head><body><header><h1>CareOps API</h1>"
          "<p>Version " CAREOPS_VERSION ". For programs: "
          "<a href=\"/api/openapi.json\">OpenAPI 3.1</a>. Bodies are JSON in UTF-8; errors are "
          "RFC 9457 problems with a stable <code>code</code>, and one entry in "
          "<code>errors</code> for each wrong field.</p></header><nav aria-label=\"Parts\"><ul>");
    for (size_t i = 0; i < d->endpoint_count; i++) {
        if (!begins_tag(d, i))
            continue;
        buf_z(out, "<li><a href=\"#");
        put(out, d->endpoints[i].route->tag);
        buf_z(out, "\">");
        put(out, d->endpoints[i].route->tag);
        buf_z(out, "</a></li>");
    }
    buf_z(out, "<li><a href=\"#access\">who may call what</a></li></ul></nav><main>");
    for (size_t i = 0; i < d->endpoint_count; i++) {
        if (!begins_tag(d, i))
            continue;
        const char *tag = d->endpoints[i].route->tag;
        buf_z(out, "<section id=\"");
        put(out, tag);
        buf_z(out, "\"><h2>");
        put(out, tag);
        buf_z(out, "</h2>");
        for (size_t k = i; k < d->endpoint_count; k++)
            if (!d->endpoints[k].route->hidden && strcmp(d->endpoints[k].route->tag, tag) == 0)
                write_route(out, d->endpoints[k].route);
        buf_z(out, "</section>");
    }
    write_access(d, out);
    buf_z(out, "</main></body></html>\n");
}

static struct str style_policy(struct arena *a)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof digest, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(digest, (const unsigned char *)style, sizeof style - 1);
    sodium_bin2base64(text, sizeof text, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    return str_printf(a,
                      "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
                      "form-action 'none'; frame-ancestors 'none'",
                      text);
}

void docs_build(struct dispatcher *d)
{
    struct buf out;
    buf_init(&out, DOCS_MAX);
    write_page(d, &out);
    assert(!out.overflow);
    d->docs = str_copy(&d->memory, buf_view(&out));
    d->docs_policy = style_policy(&d->memory);
    buf_done(&out);
}

static enum result get_openapi(struct request *rq, struct work *w)
{
    (void)w;
    rq->status = 200;
    answer_header(rq, "Content-Type", STR("application/json; charset=utf-8"));
    answer_header(rq, "Cache-Control", STR("no-cache"));
    rq->static_body = rq->dispatcher->openapi;
    return OK;
}

static enum result get_docs(struct request *rq, struct work *w)
{
    (void)w;
    rq->status = 200;
    answer_header(rq, "Content-Type", STR("text/html; charset=utf-8"));
    answer_header(rq, "Cache-Control", STR("no-cache"));
    answer_header(rq, "Content-Security-Policy", rq->dispatcher->docs_policy);
    rq->static_body = rq->dispatcher->docs;
    return OK;
}

static const struct route docs_routes[] = {
    {.method = HTTP_GET_,
     .path = "/api/openapi.json",
     .who = WHO_ANYONE,
     .mode = MODE_FREE,
     .hidden = true,
     .status = 200,
     .handler = get_openapi,
     .tag = "api",
     .summary = "The OpenAPI document"},
    {.method = HTTP_GET_,
     .path = "/api/docs",
     .who = WHO_ANYONE,
     .mode = MODE_FREE,
     .hidden = true,
     .status = 200,
     .handler = get_docs,
     .tag = "api",
     .summary = "The API's readable page"},
};
const struct route_table docs_table = {docs_routes, sizeof docs_routes / sizeof docs_routes[0]};
