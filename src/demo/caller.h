/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * caller: one person's conversation with the program's own API, in process. It builds the requests
 * that a browser would send, and keeps the session cookie that sign-up gives.
 *
 * Owns its arena and its request. One thread at a time.
 */
#ifndef CAREOPS_DEMO_CALLER_H
#define CAREOPS_DEMO_CALLER_H

#include "http/dispatch.h"

#include <jansson.h>

enum { CALLER_TARGET_MAX = 512, CALLER_COOKIE_MAX = 128 };

struct caller {
    struct dispatcher *dispatcher;
    const struct env *env;
    struct arena arena; /* of the request under way */
    struct request rq;
    char cookie[CALLER_COOKIE_MAX]; /* "careops_session=…", empty before sign-up */
    int status;                     /* of the last answer */
};

void caller_init(struct caller *c, struct dispatcher *d, const struct env *env);
void caller_done(struct caller *c);

struct ask {
    enum http_method method;
    const json_t *body; /* borrowed; NULL: none */
    int status;         /* the only good one; 0: any but a server's error, see caller->status */
    bool as_visitor;    /* without the cookie */
};

/*
 * `target` is a path below /api/v1, with its query; what is put into it needs no escaping. The
 * answer goes to `ret` (json_decref it; NULL: not wanted), NULL where there is no body. Another
 * status than the one asked for is logged with what the API said: BUSY for 503, else INTERNAL.
 */
enum result caller_ask(struct caller *c, const struct ask *ask, json_t **ret, const char *target,
                       ...) __attribute__((format(printf, 4, 5), warn_unused_result));

#endif
