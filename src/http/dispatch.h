/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * dispatch: the one place where requests meet routes; route.h tells the way of a request. The app
 * makes one dispatcher from all tables and gives dispatch_request() to the server.
 */
#ifndef CAREOPS_HTTP_DISPATCH_H
#define CAREOPS_HTTP_DISPATCH_H

#include "http/route.h"

/* What lies above this floor, given by the app at start. */
struct guard {
    void *self;
    /*
     * Fills w->actor from the session cookie or the bearer token; OK also when there is none or it
     * is worth nothing (ACTOR_NOBODY). Called only when one of the two was sent; w->tx is NULL for
     * MODE_FREE. On WHO_ANYONE routes a known caller is told to the handler as well, except in
     * MODE_FREE, where it is not asked.
     */
    enum result (*identify)(void *self, struct request *rq, struct work *w);
    /* After an answer that went well, outside any transaction: this caller was here. May be NULL.
     */
    void (*seen)(void *self, const struct app *app, const struct actor *actor);
};

struct limiter;

struct dispatcher_config {
    const struct route_table *tables;
    size_t table_count;
    struct db *
        db; /* NULL where only the documents are wanted, or every request is to a MODE_FREE route */
    const struct env *env;
    struct guard guard;
    struct limiter *limiter; /* NULL: nothing is limited */
    /* The only origin that links are made from; its origin may also be the Origin header. */
    const char *base_url;
    /* Answers in HTML what failed on a hidden route or outside /api (a person followed a wrong
     * link); NULL: problem+json everywhere. */
    void (*page_problem)(const struct app *app, struct request *rq, enum result result,
                         const struct problem *p);
    const struct app *app; /* handlers reach it through w->app */
};

/*
 * Checks the tables (no two routes alike, a GET that does not write, names, params …; our mistakes
 * are asserts) and builds the lookup, the OpenAPI document and the docs page. The config is copied,
 * the tables are not. Everything in it is immutable or atomic: any thread.
 */
struct dispatcher *dispatcher_new(const struct dispatcher_config *config);
void dispatcher_free(struct dispatcher *d);
/* Whether the request is to a slow route (route.h); any thread, before dispatch_request(). */
bool dispatch_is_slow(const struct dispatcher *d, struct request *rq);
/* Answers completely, logs one line, never fails. */
void dispatch_request(struct dispatcher *d, struct request *rq);
/* Counters per route and class of status, and a histogram of times, as Prometheus text. */
void dispatcher_metrics(struct dispatcher *d, struct buf *out);

/* The OpenAPI 3.1 document of all routes that are not hidden. Lives as long as the dispatcher. */
struct str dispatcher_openapi(struct dispatcher *d);

/* GET /api/openapi.json and GET /api/docs, the readable page: one of the tables that an app gives.
 */
extern const struct route_table docs_table;

#endif
