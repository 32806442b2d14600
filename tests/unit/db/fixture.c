/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fixture: see fixture.h. */
#include "fixture.h"

#include <ftw.h>
#include <string.h>

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void make_folder(char ret[static 64])
{
    snprintf(ret, 64, "/tmp/careops-unit-XXXXXX");
    assert_non_null(mkdtemp(ret));
}

void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct db *fixture_open_url(const struct fixture *f, const char *url, int connections, int busy_ms)
{
    char error[DB_ERROR_TEXT];
    struct db *db = NULL;
    struct db_config config = {
        .url = url, .connections = connections, .env = &f->env, .busy_ms = busy_ms};
    enum result r = db_open(&config, &db, error);
    if (r != OK)
        fail_msg("%s", error);
    return db;
}

struct db *fixture_open(const struct fixture *f, int connections, int busy_ms)
{
    return fixture_open_url(f, f->url, connections, busy_ms);
}

int fixture_setup(void **state)
{
    const struct ground *g = *state;
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    log_to(getenv("UNIT_LOG") ? STDERR_FILENO : -1, LOG_INFO);
    f->env = env_real();
    arena_init(&f->arena, ARENA_DEFAULT_LIMIT);
    make_folder(f->folder);
    if (g->engine == DB_SQLITE)
        snprintf(f->url, sizeof f->url, "sqlite:%s/unit.db", f->folder);
    else
        pg_server_database(g->server, f->url);
    f->server = g->server;
    f->db = fixture_open(f, g->connections ? g->connections : 8, g->busy_ms ? g->busy_ms : 5000);
    *state = f;
    return 0;
}

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    arena_done(&f->arena);
    remove_folder(f->folder);
    free((void *)f->env.last_id);
    free(f);
    return 0;
}

enum result transact(struct fixture *f, db_fn fn, void *arg)
{
    problem_clear(&f->problem);
    return db_transact(f->db, &f->arena, &f->problem, fn, arg);
}

enum result view(struct fixture *f, db_fn fn, void *arg)
{
    problem_clear(&f->problem);
    return db_view(f->db, &f->arena, &f->problem, fn, arg);
}

void look_at_all(struct db_tx *tx)
{
    struct db_reach before = db_across(tx, "a test looks at everything");
    (void)before; /* so it stays */
}

static enum result run_text(struct db_tx *tx, void *arg)
{
    look_at_all(tx);
    return db_exec(tx, (const char *)arg);
}

void run_sql(struct fixture *f, const char *sql)
{
    enum result r = transact(f, run_text, (void *)(uintptr_t)sql);
    if (r != OK)
        fail_msg("%s: %s", sql, f->problem.detail);
}

struct asked {
    const char *sql;
    int64_t answer;
};

static enum result ask(struct db_tx *tx, void *arg)
{
    struct asked *a = arg;
    struct db_rows rows;
    look_at_all(tx);
    enum result r = db_one(tx, &rows, a->sql);
    if (r == OK)
        a->answer = db_int(&rows, 0, 0);
    return r;
}

int64_t ask_int(struct fixture *f, const char *sql)
{
    struct asked a = {.sql = sql};
    enum result r = view(f, ask, &a);
    if (r != OK)
        fail_msg("%s: %s", sql, f->problem.detail);
    return a.answer;
}

void run_threads(size_t n, void *(*fn)(void *), void *arg)
{
    static const size_t stack = 256 * 1024;
    pthread_t *threads = calloc(n, sizeof *threads);
    pthread_attr_t attr;
    assert_non_null(threads);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, stack);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_create(&threads[i], &attr, fn, arg), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_attr_destroy(&attr);
    free(threads);
}

int run_on_both(const char *group, const struct engine_test *tests, size_t n)
{
    enum { ENGINES = 2, TESTS_MAX = 40, NAME_TEXT = 160 };
    struct pg_server server;
    struct ground grounds[ENGINES] = {{.engine = DB_SQLITE},
                                      {.engine = DB_POSTGRES, .server = &server}};
    static const char *const engines[ENGINES] = {"SQLite", "PostgreSQL"};
    struct CMUnitTest all[ENGINES * TESTS_MAX] = {{0}};
    char names[ENGINES * TESTS_MAX][NAME_TEXT];
    assert_true(n <= TESTS_MAX);
    pg_server_start(&server, false);
    for (size_t i = 0; i < ENGINES * n; i++) {
        const struct engine_test *t = &tests[i % n];
        snprintf(names[i], NAME_TEXT, "%s: %s", engines[i / n], t->name);
        all[i] =
            (struct CMUnitTest){names[i], t->fn, fixture_setup, fixture_teardown, &grounds[i / n]};
    }
    /* Called without its macro, which would count the unused places as well. */
    int failed = _cmocka_run_group_tests(group, all, ENGINES * n, NULL, NULL);
    pg_server_stop(&server);
    return failed;
}
