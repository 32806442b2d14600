/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * api: the features behind the real dispatcher and a real database, without sockets.
 *
 * A test calls routes as a program would, and reads JSON. The clock stands still until it is moved.
 * One thread.
 */
#ifndef CAREOPS_TESTS_FEATURES_API_H
#define CAREOPS_TESTS_FEATURES_API_H

#include "../db/fixture.h"

#include "base/app.h"
#include "http/route.h"

#include <jansson.h>

/* Someone who calls: their address, the cookies they were given, and an Authorization header. */
struct caller {
    char address[ADDRESS_TEXT];
    char cookie[256];
    char device[128]; /* the cookie of a known device */
    char authorization[128];
};

struct api {
    struct fixture *fixture;
    struct env env;
    int64_t now_ms;
    _Atomic int64_t last_id;
    struct app app;
    struct seal *seal;
    struct limiter *limiter;
    struct dispatcher *dispatcher;
    struct arena arena;
    struct request rq; /* the last exchange */
    json_t *body;      /* its answer, NULL where there was none */
    const char *if_match;
    const char *idempotency_key;
    struct caller owner; /* of the business that api_business made */
};

/* cmocka's setup and teardown on each engine; *state is a struct ground and becomes a struct api.
 */
int api_setup(void **state);
int api_teardown(void **state);

/* Calls a route; `json` may be NULL. The status. */
int call(struct api *a, struct caller *who, const char *method, const char *target,
         const char *json);
/* The same, and asserts the status, telling the answer where it is another. */
void expect(struct api *a, struct caller *who, const char *method, const char *target,
            const char *json, int status);
/* Text at a dotted path of the last answer ("errors.0.path"); fails where there is none. */
const char *text_at(const struct api *a, const char *path);
int64_t int_at(const struct api *a, const char *path);
bool bool_at(const struct api *a, const char *path);
size_t count_at(const struct api *a, const char *path);
bool absent_at(const struct api *a, const char *path);
/* The last answer is a problem of that code, and at that field where one is named. */
void expect_problem(const struct api *a, const char *code, const char *field);

/* printf into the test's memory. */
const char *text(struct api *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Signs a business up; `who` is its owner, signed in. */
void api_business(struct api *a, struct caller *who, const char *name, const char *email);
/* An item of the owner's business, written past the API. Its id. */
int64_t api_item(struct api *a, struct caller *owner);
/* The text of the newest message of that kind. */
const char *newest_letter(struct api *a, const char *kind);
/* The first password in the newest invitation. */
const char *invited_password(struct api *a);

/* Runs each test on SQLite and on PostgreSQL; the exit status of the program. */
int run_features(const char *name, const struct CMUnitTest *tests, size_t count);

#endif
