/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * routes: the lookup from a path to its routes. Built once, never changed. A program has some
 * hundred patterns, so they are compared one after the other: the number of segments decides almost
 * always.
 */
#include "http/dispatch_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int method_index(enum http_method m)
{
    return __builtin_ctz((unsigned)m);
}

/* Cuts the first segment off "/a/b"; `rest` begins with a slash or is empty. */
static struct str next_segment(struct str *rest)
{
    const char *slash = rest->len > 1 ? memchr(rest->ptr + 1, '/', rest->len - 1) : NULL;
    size_t len = slash ? (size_t)(slash - rest->ptr) : rest->len;
    struct str segment = {rest->ptr + 1, len - 1};
    *rest = (struct str){rest->ptr + len, rest->len - len};
    return segment;
}

size_t path_segments(const char *path, struct segment ret[static ROUTE_SEGMENTS_MAX])
{
    struct str rest = str_of(path);
    size_t n = 0, params = 0;
    assert(rest.len > 0 && rest.ptr[0] == '/');
    while (rest.len) {
        struct str s = next_segment(&rest);
        assert(n < ROUTE_SEGMENTS_MAX);
        bool param = s.len > 2 && s.ptr[0] == '{' && s.ptr[s.len - 1] == '}';
        bool tail = param && s.ptr[1] == '*';
        assert(!tail || rest.len == 0);
        params += param;
        assert(params <= PATH_PARAMS_MAX);
        ret[n].kind = tail ? SEGMENT_TAIL : param ? SEGMENT_PARAM : SEGMENT_LITERAL;
        ret[n].text = tail    ? (struct str){s.ptr + 2, s.len - 3}
                      : param ? (struct str){s.ptr + 1, s.len - 2}
                              : s;
        n++;
    }
    return n;
}

/* Whether the path matches; params are filled as far as it goes. */
static bool matches(const struct pattern *p, struct request *rq)
{
    struct str rest = rq->path;
    size_t params = 0;
    for (size_t i = 0; i < p->segment_count; i++) {
        if (rest.len == 0)
            return false;
        if (p->segments[i].kind == SEGMENT_TAIL) {
            rq->params[params] = (struct str){rest.ptr + 1, rest.len - 1};
            return rest.len > 1;
        }
        struct str s = next_segment(&rest);
        if (p->segments[i].kind == SEGMENT_LITERAL) {
            if (!str_eq(s, p->segments[i].text))
                return false;
        } else if (s.len == 0) {
            return false;
        } else {
            rq->params[params++] = s;
        }
    }
    return rest.len == 0;
}

const struct pattern *routes_find(const struct dispatcher *d, struct request *rq)
{
    if (rq->path.len == 0 || rq->path.ptr[0] != '/')
        return NULL;
    for (size_t i = 0; i < d->pattern_count; i++)
        if (matches(&d->patterns[i], rq))
            return &d->patterns[i];
    memset(rq->params, 0, sizeof rq->params);
    return NULL;
}

struct str pattern_allow(struct arena *a, const struct pattern *p)
{
    static const enum http_method order[] = {HTTP_GET_, HTTP_POST_, HTTP_PUT_, HTTP_PATCH_,
                                             HTTP_DELETE_};
    const char *text = "";
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (!p->by_method[method_index(order[i])])
            continue;
        text = arena_printf(a, "%s%s, ", text, http_method_name(order[i]));
        if (order[i] == HTTP_GET_)
            text = arena_printf(a, "%sHEAD, ", text);
    }
    return str_printf(a, "%sOPTIONS", text);
}

/* ---- building ---- */

static int compare_segments(const struct segment *a, const struct segment *b)
{
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    if (a->kind != SEGMENT_LITERAL)
        return 0;
    size_t n = a->text.len < b->text.len ? a->text.len : b->text.len;
    int difference = memcmp(a->text.ptr, b->text.ptr, n);
    return difference ? difference : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

/* Literals before parameters before tails, at the first segment that differs. Equal: they match the
 * same paths. */
static int compare_patterns(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    for (size_t i = 0; i < a->segment_count && i < b->segment_count; i++) {
        int order = compare_segments(&a->segments[i], &b->segments[i]);
        if (order)
            return order;
    }
    return (a->segment_count > b->segment_count) - (a->segment_count < b->segment_count);
}

static void check_shape(const struct shape *s)
{
    if (!s)
        return;
    assert(s->name && s->field_count <= SHAPE_FIELDS_MAX);
    for (size_t i = 0; i < s->field_count; i++) {
        const struct field *f = &s->fields[i];
        assert((f->kind != F_ENUM && f->kind != F_FLAGS) || f->choices);
        assert((f->kind != F_OBJECT && f->kind != F_LIST) || f->of);
    }
}

static void check_route(const struct route *r)
{
    assert(r->path && r->handler && r->summary && r->tag);
    assert(r->method == HTTP_GET_ || r->method == HTTP_POST_ || r->method == HTTP_PUT_ ||
           r->method == HTTP_PATCH_ || r->method == HTTP_DELETE_);
    assert(r->method != HTTP_GET_ || (r->mode == MODE_WRITE) == r->written_down);
    assert(r->method != HTTP_GET_ || !(r->body || r->body_raw));
    assert(!r->body || !r->body_raw);
    assert(!r->idempotent || (r->mode == MODE_WRITE && !r->after));
    assert(r->status >= 200 && r->status < 400);
    assert(!r->permissions || r->who == WHO_OWNER);
    assert(!r->all_with || r->who == WHO_STAFF);
    assert(!r->no_token || r->who != WHO_ANYONE);
    check_shape(r->query);
    check_shape(r->body);
    check_shape(r->answer);
    for (size_t i = 0; r->query && i < r->query->field_count; i++) {
        enum field_kind kind = r->query->fields[i].kind;
        assert(kind != F_OBJECT && kind != F_LIST && kind != F_RAW);
    }
}

static void add_route(struct dispatcher *d, const struct route *r)
{
    check_route(r);
    struct endpoint *e = &d->endpoints[d->endpoint_count++];
    e->route = r;
    struct pattern fresh = {0};
    fresh.segment_count = path_segments(r->path, fresh.segments);
    struct pattern *p = d->patterns;
    while (p < d->patterns + d->pattern_count && compare_patterns(p, &fresh) != 0)
        p++;
    if (p == d->patterns + d->pattern_count) {
        *p = fresh;
        d->pattern_count++;
    }
    int m = method_index(r->method);
    assert(!p->by_method[m]); /* two routes alike */
    p->by_method[m] = e;
}

void routes_compile(struct dispatcher *d)
{
    size_t total = 0;
    for (size_t t = 0; t < d->config.table_count; t++)
        total += d->config.tables[t].count;
    d->endpoints = arena_new_array(&d->memory, total, struct endpoint);
    d->patterns = arena_new_array(&d->memory, total, struct pattern);
    for (size_t t = 0; t < d->config.table_count; t++)
        for (size_t i = 0; i < d->config.tables[t].count; i++)
            add_route(d, &d->config.tables[t].routes[i]);
    qsort(d->patterns, d->pattern_count, sizeof *d->patterns, compare_patterns);
}
