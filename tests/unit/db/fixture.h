/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fixture: an open database for one test, on the engine that the test's initial state names, and
 * helpers that say a transaction in a line.
 */
#ifndef CAREOPS_TESTS_DB_FIXTURE_H
#define CAREOPS_TESTS_DB_FIXTURE_H

#include "../unit.h"

#include "base/log.h"
#include "db/db_internal.h"
#include "pg_server.h"

#include <pthread.h>

struct fixture {
    struct env env;
    struct db *db;
    struct arena arena;
    struct problem problem;
    struct pg_server *server;
    char folder[64];
    char url[PG_URL_TEXT];
};

/* What a test is given: the engine, and a server where that is PostgreSQL. */
struct ground {
    enum db_engine engine;
    struct pg_server *server;
    int busy_ms;     /* 0 = 5,000 */
    int connections; /* 0 = 8 */
};

/* cmocka's setup and teardown; *state is a struct ground and becomes a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A cmocka test on one ground. */
#define ON(ground, fn) \
    cmocka_unit_test_prestate_setup_teardown(fn, fixture_setup, fixture_teardown, &(ground))

/* Opens a handle on the fixture's database, or on another. */
struct db *fixture_open(const struct fixture *f, int connections, int busy_ms);
struct db *fixture_open_url(const struct fixture *f, const char *url, int connections, int busy_ms);

/* From here on the transaction sees every tenant's rows; run_sql and ask_int do anyhow. */
void look_at_all(struct db_tx *tx);
/* Runs one statement in a transaction of its own and asserts that it worked. */
void run_sql(struct fixture *f, const char *sql);
/* The first cell of a query in a view of its own. */
int64_t ask_int(struct fixture *f, const char *sql);

/* db_transact with the fixture's arena and a cleared problem. */
enum result transact(struct fixture *f, db_fn fn, void *arg);
enum result view(struct fixture *f, db_fn fn, void *arg);

/* Starts n threads that run fn(arg), and waits for all. */
void run_threads(size_t n, void *(*fn)(void *), void *arg);

/* Runs each test on SQLite and on a PostgreSQL that lives for the group; as cmocka's own runner. */
struct engine_test {
    const char *name;
    CMUnitTestFunction fn;
};
int run_on_both(const char *group, const struct engine_test *tests, size_t n);
#define run_group_on_both(group, tests) run_on_both((group), (tests), count_of(tests))

/* An empty folder, gone at the end; and a file's whole name in it. */
void make_folder(char ret[static 64]);
void remove_folder(const char *folder);

#endif
