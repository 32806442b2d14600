/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What holds for the engine over PostgreSQL alone: reruns, lost connections, deadlines. */
#include "fixture.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

static int64_t retries(const struct fixture *f)
{
    struct db_stats s;
    db_stats(f->db, &s);
    return s.retries;
}

static void make_table(struct fixture *f)
{
    run_sql(f, "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)");
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 0), (2, 0)");
}

/* Somebody else's connection ends that of the transaction. */
static void end_connection(struct fixture *f, struct db_tx *tx)
{
    struct db_rows r;
    char sql[80];
    assert_int_equal(db_one(tx, &r, "SELECT pg_backend_pid()"), OK);
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 5000)",
             (long long)db_int(&r, 0, 0));
    pg_server_run(f->server->admin_url, sql);
}

/* ---- reruns ---- */

struct crossing {
    struct fixture *f;
    pthread_barrier_t both_have_one;
    _Atomic int started;
    _Atomic int runs;
};

struct crosser {
    struct crossing *crossing;
    int64_t first, second;
    int runs;
};

static enum result lock_two(struct db_tx *tx, void *arg)
{
    struct crosser *c = arg;
    static const char sql[] = "UPDATE t SET value = value + 1 WHERE id = $1";
    int64_t changed;
    c->crossing->runs++;
    enum result r = db_count(tx, &changed, sql, db_i(c->first));
    if (r == OK && c->runs++ == 0)
        pthread_barrier_wait(&c->crossing->both_have_one);
    return r == OK ? db_exec(tx, sql, db_i(c->second)) : r;
}

static void *cross(void *arg)
{
    struct crossing *crossing = arg;
    int me = crossing->started++;
    struct crosser c = {crossing, me ? 1 : 2, me ? 2 : 1, 0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (db_transact(crossing->f->db, &a, NULL, lock_two, &c) != OK)
        abort();
    arena_done(&a);
    return NULL;
}

static void a_function_is_run_again_after_a_deadlock(void **state)
{
    struct fixture *f = *state;
    struct crossing c = {.f = f};
    make_table(f);
    pthread_barrier_init(&c.both_have_one, NULL, 2);
    run_threads(2, cross, &c);
    pthread_barrier_destroy(&c.both_have_one);
    assert_true(c.runs >= 3);
    assert_true(retries(f) >= 1);
    assert_int_equal(ask_int(f, "SELECT SUM(value) FROM t"), 4);
}

struct losing {
    struct fixture *f;
    int runs;
    int lost_runs;
    int callbacks;
};

static void called_back(void *arg)
{
    (*(int *)arg)++;
}

static enum result lose_a_race(struct db_tx *tx, void *arg)
{
    struct losing *l = arg;
    l->runs++;
    db_after_commit(tx, called_back, &l->callbacks);
    enum result r = db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
    if (r == OK && l->runs <= l->lost_runs)
        r = db_exec(tx, "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$");
    return r;
}

static void a_serialisation_failure_at_the_commit_is_rerun_without_a_trace(void **state)
{
    struct fixture *f = *state;
    struct losing l = {.f = f, .lost_runs = 3};
    make_table(f);
    assert_int_equal(transact(f, lose_a_race, &l), OK);
    assert_int_equal(l.runs, 4);
    assert_int_equal(l.callbacks, 1);
    assert_int_equal(retries(f), 3);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 1);
}

static void who_loses_every_race_is_told_too_busy(void **state)
{
    struct fixture *f = *state;
    struct losing l = {.f = f, .lost_runs = 1000};
    make_table(f);
    assert_int_equal(transact(f, lose_a_race, &l), BUSY);
    assert_string_equal(f->problem.code, "too_busy");
    assert_int_equal(l.runs, 6);
    assert_int_equal(l.callbacks, 0);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 0);
}

/* ---- lost connections ---- */

static enum result lose_the_connection(struct db_tx *tx, void *arg)
{
    struct losing *l = arg;
    l->runs++;
    enum result r = db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
    if (r == OK && l->runs <= l->lost_runs)
        end_connection(l->f, tx);
    struct db_rows rows;
    return r == OK ? db_one(tx, &rows, "SELECT value FROM t WHERE id = 1") : r;
}

static void a_connection_lost_before_the_commit_is_rerun(void **state)
{
    struct fixture *f = *state;
    struct losing l = {.f = f, .lost_runs = 2};
    make_table(f);
    assert_int_equal(transact(f, lose_the_connection, &l), OK);
    assert_int_equal(l.runs, 3);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 1);
}

static enum result die_in_the_commit(struct db_tx *tx, void *arg)
{
    struct losing *l = arg;
    l->runs++;
    return db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
}

static void a_commit_whose_answer_is_lost_is_unknown_and_never_rerun(void **state)
{
    struct fixture *f = *state;
    struct losing l = {.f = f};
    make_table(f);
    run_sql(f, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
               " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5);"
               " RETURN NULL; END $$");
    run_sql(f, "CREATE CONSTRAINT TRIGGER t_die AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED"
               " FOR EACH ROW EXECUTE FUNCTION die()");
    assert_int_equal(transact(f, die_in_the_commit, &l), BUSY);
    assert_string_equal(f->problem.code, "commit_unknown");
    assert_int_equal(l.runs, 1);
    assert_int_equal(retries(f), 0);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 0);
}

static enum result update_first(struct db_tx *tx, void *arg)
{
    (*(int *)arg)++;
    return db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
}

static void connections_that_the_server_closed_meanwhile_are_opened_anew(void **state)
{
    struct fixture *f = *state;
    int runs = 0;
    make_table(f);
    for (int round = 1; round <= 3; round++) {
        pg_server_run(f->server->admin_url,
                      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      " WHERE application_name = 'careops'");
        /* A transaction that only writes sends its COMMIT at once: it must not become unknown. */
        assert_int_equal(transact(f, update_first, &runs), OK);
        assert_int_equal(runs, round);
    }
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 3);
}

static enum result read_whole_rows(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    (*(int *)arg)++;
    return db_query(tx, &rows, "SELECT * FROM t");
}

static enum result queue_whole_rows(struct db_tx *tx, void *arg)
{
    (*(int *)arg)++;
    enum result r = db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
    return r == OK ? db_exec(tx, "SELECT * FROM t WHERE id = 1") : r;
}

static void a_plan_that_a_migration_made_stale_is_made_anew(void **state)
{
    struct fixture *f = *state;
    int reads = 0, writes = 0;
    db_close(f->db);
    f->db = fixture_open(f, 1, 5000);
    make_table(f);
    assert_int_equal(view(f, read_whole_rows, &reads), OK);
    run_sql(f, "ALTER TABLE t ADD COLUMN more BIGINT");
    assert_int_equal(view(f, read_whole_rows, &reads), OK);
    assert_int_equal(reads, 3);
    assert_int_equal(transact(f, queue_whole_rows, &writes), OK);
    run_sql(f, "ALTER TABLE t DROP COLUMN more");
    /* The fault comes with the commit's answer, and is certain all the same. */
    assert_int_equal(transact(f, queue_whole_rows, &writes), OK);
    assert_int_equal(writes, 3);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 2);
}

/* ---- deadlines ---- */

struct holder {
    struct fixture *f;
    sem_t locked, release;
};

static enum result hold_a_lock(struct db_tx *tx, void *arg)
{
    struct holder *h = arg;
    int64_t changed;
    enum result r = db_count(tx, &changed, "UPDATE t SET value = 5 WHERE id = 1");
    sem_post(&h->locked);
    while (sem_wait(&h->release) != 0)
        continue;
    return r;
}

static void *hold(void *arg)
{
    struct holder *h = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (db_transact(h->f->db, &a, NULL, hold_a_lock, h) != OK)
        abort();
    arena_done(&a);
    return NULL;
}

static void a_lock_that_is_not_had_in_time_is_too_busy(void **state)
{
    struct fixture *f = *state;
    struct holder h = {.f = f};
    pthread_t thread;
    int runs = 0;
    db_close(f->db);
    f->db = fixture_open(f, 4, 500);
    make_table(f);
    sem_init(&h.locked, 0, 0);
    sem_init(&h.release, 0, 0);
    assert_int_equal(pthread_create(&thread, NULL, hold, &h), 0);
    while (sem_wait(&h.locked) != 0)
        continue;
    assert_int_equal(transact(f, update_first, &runs), BUSY);
    assert_string_equal(f->problem.code, "too_busy");
    assert_int_equal(runs, 1);
    sem_post(&h.release);
    pthread_join(thread, NULL);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 5);
}

struct frozen {
    pid_t backend;
};

static enum result freeze_the_server(struct db_tx *tx, void *arg)
{
    struct frozen *frozen = arg;
    struct db_rows r;
    enum result result = db_one(tx, &r, "SELECT pg_backend_pid()");
    if (result != OK)
        return result;
    frozen->backend = (pid_t)db_int(&r, 0, 0);
    assert_int_equal(kill(frozen->backend, SIGSTOP), 0);
    return db_one(tx, &r, "SELECT 1");
}

static void a_server_that_falls_silent_holds_nobody_for_long(void **state)
{
    struct fixture *f = *state;
    struct frozen frozen = {0};
    if (!f->server->folder[0])
        skip(); /* another's server must not be stopped */
    db_close(f->db);
    f->db = fixture_open(f, 2, 300);
    int64_t before = env_mono_ms(&f->env);
    assert_int_equal(transact(f, freeze_the_server, &frozen), BUSY);
    int64_t took = env_mono_ms(&f->env) - before;
    kill(frozen.backend, SIGCONT);
    assert_string_equal(f->problem.code, "database_unavailable");
    assert_true(took < 10000);
    assert_int_equal(ask_int(f, "SELECT 1"), 1);
}

/* ---- opening ---- */

static void an_address_that_does_not_work_is_refused_in_one_line_without_the_password(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = {
        "postgres://u:geheim@127.0.0.1:1/x?connect_timeout=2",
        "postgres://u:geheim@[::1/x",
        "postgres://u:geheim@127.0.0.1:nope/x",
        "postgres://u:geheim@/x?host=/no/such/folder&nonsense=1",
        "postgresql://u:geheim@/x?host=/no/such/folder",
    };
    for (size_t i = 0; i < count_of(wrong); i++) {
        char error[DB_ERROR_TEXT];
        struct db *db = NULL;
        struct db_config config = {.url = wrong[i], .connections = 2, .env = &f->env};
        assert_int_equal(db_open(&config, &db, error), BUSY);
        assert_null(db);
        assert_true(error[0] && !strchr(error, '\n'));
        assert_null(strstr(error, "geheim"));
    }
}

static enum result read_settings(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    assert_int_equal(db_one(tx, &r,
                            "SELECT current_setting('TimeZone'), current_setting('lock_timeout'),"
                            " current_setting('statement_timeout'),"
                            " current_setting('synchronous_commit'),"
                            " current_setting('transaction_isolation')"),
                     OK);
    assert_true(str_is(db_str(&r, 0, 0), "UTC"));
    assert_true(str_is(db_str(&r, 0, 1), "5s"));
    assert_true(str_is(db_str(&r, 0, 2), "5s"));
    assert_true(str_is(db_str(&r, 0, 3), "on"));
    assert_true(str_is(db_str(&r, 0, 4), "read committed"));
    return OK;
}

static void the_session_is_durable_and_has_its_limits(void **state)
{
    struct fixture *f = *state;
    char sql[160];
    int64_t database = ask_int(f, "SELECT oid FROM pg_database WHERE datname = current_database()");
    assert_true(database > 0);
    /* An operator's default does not make an acknowledged commit forgettable. */
    run_sql(f, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) ||"
               " ' SET synchronous_commit = off'; END $$");
    snprintf(sql, sizeof sql,
             "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datid = %lld",
             (long long)database);
    pg_server_run(f->server->admin_url, sql);
    assert_int_equal(transact(f, read_settings, NULL), OK);
}

int main(void)
{
    struct pg_server server;
    struct ground ground = {.engine = DB_POSTGRES, .server = &server};
    const struct CMUnitTest tests[] = {
        ON(ground, a_function_is_run_again_after_a_deadlock),
        ON(ground, a_serialisation_failure_at_the_commit_is_rerun_without_a_trace),
        ON(ground, who_loses_every_race_is_told_too_busy),
        ON(ground, a_connection_lost_before_the_commit_is_rerun),
        ON(ground, a_commit_whose_answer_is_lost_is_unknown_and_never_rerun),
        ON(ground, connections_that_the_server_closed_meanwhile_are_opened_anew),
        ON(ground, a_plan_that_a_migration_made_stale_is_made_anew),
        ON(ground, a_lock_that_is_not_had_in_time_is_too_busy),
        ON(ground, a_server_that_falls_silent_holds_nobody_for_long),
        ON(ground, an_address_that_does_not_work_is_refused_in_one_line_without_the_password),
        ON(ground, the_session_is_durable_and_has_its_limits),
    };
    pg_server_start(&server, false);
    int failed = cmocka_run_group_tests_name("PostgreSQL", tests, NULL, NULL);
    pg_server_stop(&server);
    return failed;
}
