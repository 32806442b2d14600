/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* dispatch_internal: what the dispatcher's files share: the lookup, the counters, the documents. */
#ifndef CAREOPS_HTTP_DISPATCH_INTERNAL_H
#define CAREOPS_HTTP_DISPATCH_INTERNAL_H

#include "http/dispatch.h"

#include <stdatomic.h>

enum segment_kind { SEGMENT_LITERAL, SEGMENT_PARAM, SEGMENT_TAIL };

struct segment {
    enum segment_kind kind;
    struct str text; /* the literal, or the parameter's name */
};

enum { METHODS_MAX = 8, STATUS_CLASSES = 6, TIME_BUCKETS = 12 };

/* One route and what became of its requests. */
struct endpoint {
    const struct route *route;
    _Atomic int64_t answers[STATUS_CLASSES]; /* by status / 100 */
};

/* All routes of one path. */
struct pattern {
    size_t segment_count;
    struct segment segments[ROUTE_SEGMENTS_MAX];
    struct endpoint *by_method[METHODS_MAX]; /* indexed by the bit of enum http_method */
};

struct histogram {
    _Atomic int64_t buckets[TIME_BUCKETS + 1]; /* the last one is +Inf; not cumulative */
    _Atomic int64_t sum_ms;
};

struct dispatcher {
    struct dispatcher_config config;
    struct arena memory;        /* everything below lives in it */
    struct endpoint *endpoints; /* in the order of the tables */
    size_t endpoint_count;
    struct pattern *patterns; /* literals before parameters */
    size_t pattern_count;
    struct endpoint unmatched;
    struct histogram times;
    struct str origin; /* of base_url: "https://example.com" */
    struct str openapi;
    struct str docs;
    struct str docs_policy; /* Content-Security-Policy of the docs page */
};

/* Fills endpoints and patterns; asserts what route.h promises. */
void routes_compile(struct dispatcher *d);
/* The pattern that a path matches, or NULL; fills rq->params. */
const struct pattern *routes_find(const struct dispatcher *d, struct request *rq);
/* "GET, HEAD, OPTIONS" */
struct str pattern_allow(struct arena *a, const struct pattern *p);
/* Parts of a route's path; returns how many. */
size_t path_segments(const char *path, struct segment ret[static ROUTE_SEGMENTS_MAX]);
int method_index(enum http_method m);

void metrics_count(struct dispatcher *d, struct endpoint *e, int status, int64_t ms);

/* Whether the caller shows something by which they could be known. */
bool request_has_credentials(const struct request *rq);
/* False: another site's page made the browser send this (API.md, `cross_site`). */
bool request_same_site(const struct dispatcher *d, const struct request *rq);

/* Both documents, from the endpoints. */
struct str openapi_build(struct dispatcher *d);
void docs_build(struct dispatcher *d);

#endif
