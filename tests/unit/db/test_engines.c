/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What holds on both engines: each test here runs on SQLite and on PostgreSQL. */
#include "fixture.h"

#include <string.h>

/* ---- commit and rollback ---- */

struct put {
    int64_t id, value;
    enum result then;
    int runs;
};

static enum result put(struct db_tx *tx, void *arg)
{
    struct put *p = arg;
    p->runs++;
    enum result r =
        db_exec(tx, "INSERT INTO t (id, value) VALUES ($1, $2)", db_i(p->id), db_i(p->value));
    return r == OK ? p->then : r;
}

static void make_table(struct fixture *f)
{
    run_sql(f, "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, value BIGINT)");
}

static void what_one_transaction_wrote_the_next_reads(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    assert_int_equal(transact(f, put, &(struct put){.id = 1, .value = 7}), OK);
    assert_int_equal(ask_int(f, "SELECT value FROM t WHERE id = 1"), 7);
}

static void a_transaction_that_returns_an_error_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    struct db_stats before, after;
    make_table(f);
    db_stats(f->db, &before);
    static const enum result errors[] = {NOT_FOUND, CONFLICT, INVALID, DENIED, BUSY, INTERNAL};
    for (size_t i = 0; i < count_of(errors); i++) {
        struct put p = {.id = 1, .then = errors[i]};
        assert_int_equal(transact(f, put, &p), errors[i]);
        assert_null(f->problem.code); /* fn said nothing, and nothing went wrong beside it */
    }
    db_stats(f->db, &after);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 0);
    assert_int_equal(after.rollbacks - before.rollbacks, count_of(errors));
    assert_int_equal(after.commits, before.commits);
}

static enum result say_slot_taken(struct db_tx *tx, void *arg)
{
    struct fixture *f = arg;
    enum result r = db_exec(tx, "INSERT INTO t (id, value) VALUES (5, 5)");
    return r == OK ? problem_set(&f->problem, CONFLICT, "slot_taken", "Taken.") : r;
}

static void the_words_of_the_function_stay(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    assert_int_equal(transact(f, say_slot_taken, f), CONFLICT);
    assert_string_equal(f->problem.code, "slot_taken");
}

/* ---- concurrency ---- */

static enum result increment(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "UPDATE t SET value = value + 1 WHERE id = 1");
}

enum { COUNTING_THREADS = 64, COUNTS_EACH = 8 };

static void *count_a_while(void *arg)
{
    struct fixture *f = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (int i = 0; i < COUNTS_EACH; i++)
        if (db_transact(f->db, &a, NULL, increment, NULL) != OK)
            abort();
    arena_done(&a);
    return NULL;
}

static void sixty_four_threads_that_increment_a_counter_lose_nothing(void **state)
{
    struct fixture *f = *state;
    struct db_stats before, after;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 0)");
    db_stats(f->db, &before);
    run_threads(COUNTING_THREADS, count_a_while, f);
    db_stats(f->db, &after);
    assert_int_equal(ask_int(f, "SELECT value FROM t"), COUNTING_THREADS * COUNTS_EACH);
    assert_int_equal(after.commits - before.commits, COUNTING_THREADS * COUNTS_EACH);
    assert_int_equal(after.queue_length, 0);
    /* On SQLite they share commits; on PostgreSQL the server does that, unseen. */
    if (db_engine_of(f->db) == DB_SQLITE)
        assert_true((after.groups - before.groups) * 2 < after.commits - before.commits);
}

struct snapshot {
    struct fixture *f;
    int64_t first, second;
};

static void *add_one_row(void *arg)
{
    struct fixture *f = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (db_transact(f->db, &a, NULL, put, &(struct put){.id = 2}) != OK)
        abort();
    arena_done(&a);
    return NULL;
}

static enum result look_twice(struct db_tx *tx, void *arg)
{
    struct snapshot *s = arg;
    struct db_rows rows;
    enum result r = db_one(tx, &rows, "SELECT COUNT(*) FROM t");
    if (r != OK)
        return r;
    s->first = db_int(&rows, 0, 0);
    run_threads(1, add_one_row, s->f); /* another thread's write is durable when this returns */
    r = db_one(tx, &rows, "SELECT COUNT(*) FROM t");
    if (r == OK)
        s->second = db_int(&rows, 0, 0);
    return r;
}

static void a_view_sees_one_snapshot_while_writers_go_on(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 0)");
    struct snapshot s = {.f = f};
    assert_int_equal(view(f, look_twice, &s), OK);
    assert_int_equal(s.first, 1);
    assert_int_equal(s.second, 1);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 2);
}

static void a_view_cannot_write(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    struct put p = {.id = 1};
    assert_int_equal(view(f, put, &p), INTERNAL);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 0);
}

static enum result nap(struct db_tx *tx, void *arg)
{
    pthread_barrier_t *all_inside = arg;
    struct db_rows rows;
    enum result r = db_one(tx, &rows, "SELECT 1");
    pthread_barrier_wait(all_inside);
    pthread_barrier_wait(all_inside);
    return r;
}

struct crowd {
    struct fixture *f;
    pthread_barrier_t all_inside;
};

static void *nap_in_a_view(void *arg)
{
    struct crowd *c = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (db_view(c->f->db, &a, NULL, nap, &c->all_inside) != OK)
        abort();
    arena_done(&a);
    return NULL;
}

static enum result nothing(struct db_tx *tx, void *arg)
{
    (void)tx;
    (void)arg;
    return OK;
}

/* Waits until two connections are taken, asks for a third, and lets the two go. */
static void *ask_for_a_third(void *arg)
{
    struct crowd *c = arg;
    struct problem p = {0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    pthread_barrier_wait(&c->all_inside);
    enum result r = db_view(c->f->db, &a, &p, nothing, NULL);
    bool right = r == BUSY && p.code && strcmp(p.code, "too_busy") == 0;
    pthread_barrier_wait(&c->all_inside);
    arena_done(&a);
    return right ? arg : NULL;
}

static void who_gets_no_connection_in_time_is_told_too_busy(void **state)
{
    struct fixture *f = *state;
    struct crowd c = {.f = f};
    pthread_t third;
    void *right = NULL;
    db_close(f->db);
    f->db = fixture_open(f, 2, 100);
    pthread_barrier_init(&c.all_inside, NULL, 3);
    assert_int_equal(pthread_create(&third, NULL, ask_for_a_third, &c), 0);
    run_threads(2, nap_in_a_view, &c);
    pthread_join(third, &right);
    pthread_barrier_destroy(&c.all_inside);
    assert_non_null(right);
}

/* ---- what refuses ---- */

struct refusal {
    const char *sql;
    const char *name;
    char seen[DB_CONFLICT_TEXT];
};

static enum result be_refused(struct db_tx *tx, void *arg)
{
    struct refusal *r = arg;
    enum result first = db_exec_values(tx, r->sql, NULL, 0);
    enum result flushed = db_flush(tx);
    assert_true(first == OK || first == flushed);
    snprintf(r->seen, sizeof r->seen, "%s", db_conflict(tx));
    struct db_rows rows;
    /* The transaction is dead now, on both engines. */
    assert_int_equal(db_one(tx, &rows, "SELECT 1"), flushed);
    return flushed;
}

static void make_refusing_tables(struct fixture *f)
{
    run_sql(f, "CREATE TABLE room (id BIGINT NOT NULL PRIMARY KEY, workspace_id BIGINT NOT NULL,"
               " name TEXT NOT NULL, nick TEXT, code TEXT, UNIQUE (workspace_id, code))");
    run_sql(f, "CREATE UNIQUE INDEX room_by_name ON room (workspace_id, name) WHERE name <> ''");
    run_sql(f, "CREATE UNIQUE INDEX room_by_nick ON room (lower(nick))");
    run_sql(f, "CREATE TABLE hold (room_id BIGINT NOT NULL REFERENCES room (id),"
               " start_s BIGINT NOT NULL, end_s BIGINT NOT NULL, units BIGINT NOT NULL DEFAULT 0,"
               " PRIMARY KEY (room_id, start_s), CONSTRAINT hold_span CHECK (start_s < end_s))");
    if (db_engine_of(f->db) == DB_SQLITE)
        run_sql(f, "CREATE TRIGGER hold_insert BEFORE INSERT ON hold BEGIN"
                   " SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (SELECT 1 FROM hold WHERE"
                   " room_id = NEW.room_id AND start_s < NEW.end_s AND end_s > NEW.start_s); END");
    else {
        run_sql(f, "CREATE EXTENSION btree_gist");
        run_sql(f, "ALTER TABLE hold ADD CONSTRAINT hold_no_overlap EXCLUDE USING gist"
                   " (room_id WITH =, int8range(start_s, end_s) WITH &&)");
    }
    run_sql(f,
            "INSERT INTO room (id, workspace_id, name, nick, code) VALUES (1, 1, 'Red', 'N', 'R')");
    run_sql(f, "INSERT INTO hold (room_id, start_s, end_s) VALUES (1, 100, 200)");
}

static void each_refusal_has_the_same_name_on_both_engines(void **state)
{
    struct fixture *f = *state;
    make_refusing_tables(f);
    struct refusal all[] = {
        {"INSERT INTO hold (room_id, start_s, end_s) VALUES (1, 199, 300)", "hold_no_overlap", ""},
        {"INSERT INTO hold (room_id, start_s, end_s) VALUES (1, 400, 400)", "hold_span", ""},
        {"INSERT INTO hold (room_id, start_s, end_s) VALUES (9, 1, 2)", "foreign_key", ""},
        {"DELETE FROM room", "foreign_key", ""},
        {"INSERT INTO room (id, workspace_id, name) VALUES (1, 1, 'x')", "room_pkey", ""},
        {"INSERT INTO room (id, workspace_id, name) VALUES (2, 1, 'Red')", "room_by_name", ""},
        {"INSERT INTO room (id, workspace_id, name, nick) VALUES (2, 2, 'y', 'n')", "room_by_nick",
         ""},
        {"INSERT INTO room (id, workspace_id, name, code) VALUES (2, 1, 'x', 'R')",
         "room_workspace_id_code_key", ""},
    };
    for (size_t i = 0; i < count_of(all); i++) {
        assert_int_equal(transact(f, be_refused, &all[i]), CONFLICT);
        assert_string_equal(all[i].seen, all[i].name);
    }
    struct refusal null = {"INSERT INTO room (id, workspace_id) VALUES (3, 1)", "", ""};
    assert_int_equal(transact(f, be_refused, &null), INTERNAL); /* input is checked before */
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM hold"), 1);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM room"), 1);
}

static enum result ignore_a_refusal(struct db_tx *tx, void *arg)
{
    (void)arg;
    enum result r = db_exec(tx, "INSERT INTO t (id) VALUES (2)");
    enum result again = db_exec(tx, "INSERT INTO t (id) VALUES (1)"); /* there already */
    (void)r;
    (void)again;
    return OK;
}

static void a_refusal_that_the_function_ignores_is_told_at_the_commit(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id) VALUES (1)");
    assert_int_equal(transact(f, ignore_a_refusal, NULL), CONFLICT);
    assert_string_equal(f->problem.code, "conflict");
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 1);
}

static enum result read_after_a_refusal(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    enum result r = db_exec(tx, "INSERT INTO t (id) VALUES (1)");
    if (r == OK)
        r = db_one(tx, &rows, "SELECT 1");
    snprintf(arg, DB_CONFLICT_TEXT, "%s", db_conflict(tx));
    return r;
}

static void a_queued_refusal_surfaces_at_the_next_read(void **state)
{
    struct fixture *f = *state;
    char name[DB_CONFLICT_TEXT];
    make_table(f);
    run_sql(f, "INSERT INTO t (id) VALUES (1)");
    assert_int_equal(transact(f, read_after_a_refusal, name), CONFLICT);
    assert_string_equal(name, "t_pkey");
}

static enum result refused_and_translated(struct db_tx *tx, void *arg)
{
    enum result r = db_exec(tx, "INSERT INTO t (id) VALUES (1)");
    if (r == OK)
        r = db_flush(tx);
    assert_int_equal(r, CONFLICT);
    return problem_set(arg, INVALID, "already_exists", "It exists.");
}

static void a_function_may_say_what_a_refusal_means(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id) VALUES (1)");
    assert_int_equal(transact(f, refused_and_translated, &f->problem), INVALID);
    assert_string_equal(f->problem.code, "already_exists");
}

/* ---- after the commit ---- */

struct callbacks {
    struct fixture *f;
    enum result then;
    int called;
    int64_t rows_seen;
    pthread_t thread;
};

static void after_commit(void *arg)
{
    struct callbacks *c = arg;
    c->called++;
    c->thread = pthread_self();
    c->rows_seen = ask_int(c->f, "SELECT COUNT(*) FROM t");
}

static enum result with_callback(struct db_tx *tx, void *arg)
{
    struct callbacks *c = arg;
    db_after_commit(tx, after_commit, c);
    enum result r = db_exec(tx, "INSERT INTO t (id) VALUES (1)");
    assert_int_equal(c->called, 0);
    return r == OK ? c->then : r;
}

static void callbacks_run_once_and_only_after_the_commit(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    struct callbacks undone = {.f = f, .then = DENIED}, done = {.f = f};
    assert_int_equal(transact(f, with_callback, &undone), DENIED);
    assert_int_equal(undone.called, 0);
    assert_int_equal(transact(f, with_callback, &done), OK);
    assert_int_equal(done.called, 1);
    assert_int_equal(done.rows_seen, 1);
    assert_true(pthread_equal(done.thread, pthread_self()));
    struct callbacks refused = {.f = f};
    assert_int_equal(transact(f, with_callback, &refused), CONFLICT);
    assert_int_equal(refused.called, 0);
}

/* ---- values ---- */

static const char odd_text[] = "O'Hara \"\\ $1 ; -- Zoë \xF0\x9F\x92\x87\n\t%s";
static const char odd_bytes[] = "\0\x01\xFF'\\x00\0";

static enum result store_values(struct db_tx *tx, void *arg)
{
    (void)arg;
    static const char sql[] = "INSERT INTO v (id, n, s, b) VALUES ($1, $2, $3, $4)";
    struct str bytes = {odd_bytes, sizeof odd_bytes - 1};
    enum result r = db_exec(tx, sql, db_i(1), db_i(INT64_MIN), db_z(odd_text), db_bytes(bytes));
    if (r == OK)
        r = db_exec(tx, sql, db_i(2), db_i(INT64_MAX), db_s(STR("")), db_bytes(STR("")));
    if (r == OK)
        r = db_exec(tx, sql, db_i(3), db_null(), db_null(), db_null());
    if (r == OK)
        r = db_exec(tx, sql, db_i(4), db_opt((struct opt_int){0}), db_s((struct str){0}),
                    db_bytes((struct str){0}));
    return r;
}

static enum result read_values(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    assert_int_equal(db_query(tx, &r, "SELECT n, s, b FROM v ORDER BY id"), OK);
    assert_int_equal(r.count, 4);
    assert_int_equal(r.columns, 3);
    assert_true(db_int(&r, 0, 0) == INT64_MIN);
    assert_true(str_is(db_str(&r, 0, 1), odd_text));
    assert_int_equal(db_str(&r, 0, 2).len, sizeof odd_bytes - 1);
    assert_memory_equal(db_str(&r, 0, 2).ptr, odd_bytes, sizeof odd_bytes - 1);
    assert_true(db_int(&r, 1, 0) == INT64_MAX);
    for (size_t column = 1; column < 3; column++) {
        assert_false(db_is_null(&r, 1, column));
        assert_non_null(db_str(&r, 1, column).ptr);
        assert_int_equal(db_str(&r, 1, column).len, 0);
    }
    for (size_t row = 2; row < 4; row++) {
        for (size_t column = 0; column < 3; column++)
            assert_true(db_is_null(&r, row, column));
        assert_int_equal(db_int(&r, row, 0), 0);
        assert_false(db_opt_int(&r, row, 0).set);
        assert_null(db_str(&r, row, 1).ptr);
    }
    return OK;
}

static void values_come_back_as_they_were_stored(void **state)
{
    struct fixture *f = *state;
    run_sql(f, "CREATE TABLE v (id BIGINT NOT NULL PRIMARY KEY, n BIGINT, s TEXT, b BYTEA)");
    assert_int_equal(transact(f, store_values, NULL), OK);
    assert_int_equal(view(f, read_values, NULL), OK);
    assert_int_equal(transact(f, read_values, NULL), OK);
}

static enum result ask_expressions(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    /* Parameters go by their number, whatever their order in the text. */
    assert_int_equal(
        db_one(tx, &r, "SELECT $2 - $1, $1, $1 * 2, $3", db_i(5), db_i(12), db_z("three")), OK);
    assert_int_equal(db_int(&r, 0, 0), 7);
    assert_int_equal(db_int(&r, 0, 1), 5);
    assert_int_equal(db_int(&r, 0, 2), 10);
    assert_true(str_is(db_str(&r, 0, 3), "three"));
    /* Truth is 0 or 1, and a sum is an integer. */
    assert_int_equal(db_one(tx, &r, "SELECT 1 < 2, 2 < 1, SUM(value), COUNT(*) FROM t"), OK);
    assert_int_equal(db_int(&r, 0, 0), 1);
    assert_int_equal(db_int(&r, 0, 1), 0);
    assert_int_equal(db_int(&r, 0, 2), 30);
    assert_int_equal(db_int(&r, 0, 3), 2);
    return OK;
}

static void expressions_give_integers_and_parameters_go_by_number(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20)");
    assert_int_equal(view(f, ask_expressions, NULL), OK);
}

static enum result filter(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    static const char sql[] =
        "SELECT id FROM t WHERE ($1 IS NULL OR value = $1) AND ($2 IS NULL OR $2 <> '') ORDER BY id";
    /* Absent first and present later, so that one prepared statement must serve both. */
    for (int round = 0; round < 2; round++) {
        assert_int_equal(db_query(tx, &r, sql, db_opt((struct opt_int){0}), db_s((struct str){0})),
                         OK);
        assert_int_equal(r.count, 2);
        assert_int_equal(db_query(tx, &r, sql, db_opt(some_int(20)), db_z("x")), OK);
        assert_int_equal(r.count, 1);
        assert_int_equal(db_int(&r, 0, 0), 2);
    }
    return OK;
}

static void an_absent_parameter_may_be_asked_whether_it_is_null(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20)");
    assert_int_equal(view(f, filter, NULL), OK);
}

static enum result count_and_find(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    int64_t changed = -1;
    assert_int_equal(db_count(tx, &changed, "UPDATE t SET value = 0 WHERE id > $1", db_i(1)), OK);
    assert_int_equal(changed, 2);
    assert_int_equal(db_count(tx, &changed, "DELETE FROM t WHERE id = 77"), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(db_one(tx, &r, "SELECT id FROM t WHERE id = 77"), NOT_FOUND);
    assert_int_equal(db_one(tx, &r, "SELECT id FROM t ORDER BY id DESC"), OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(db_int(&r, 0, 0), 3);
    assert_int_equal(
        db_one(tx, &r, "UPDATE t SET value = value + 1 WHERE id >= 2 RETURNING id, value"), OK);
    assert_int_equal(db_int(&r, 0, 1), 1);
    return OK;
}

static void statements_tell_how_much_they_changed_and_go_on_after_not_found(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20), (3, 30)");
    assert_int_equal(transact(f, count_and_find, NULL), OK);
    assert_int_equal(ask_int(f, "SELECT SUM(value) FROM t"), 12);
}

static enum result insert_many(struct db_tx *tx, void *arg)
{
    int64_t n = *(int64_t *)arg;
    enum result r = OK;
    for (int64_t i = 0; i < n && r == OK; i++)
        r = db_exec(tx, "INSERT INTO t (id, value) VALUES ($1, $2)", db_i(i), db_i(i));
    return r;
}

static void thousands_of_queued_statements_all_arrive(void **state)
{
    struct fixture *f = *state;
    int64_t n = 5000;
    make_table(f);
    assert_int_equal(transact(f, insert_many, &n), OK);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), n);
    assert_int_equal(ask_int(f, "SELECT SUM(value) FROM t"), n * (n - 1) / 2);
}

/* ---- our own mistakes, and limits ---- */

static enum result ask_text(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    return db_query(tx, &rows, (const char *)arg);
}

static void a_wrong_statement_is_internal_and_the_next_one_works(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    static const char *const wrong[] = {"SELEC 1", "SELECT nope FROM t", "SELECT 1; SELECT 2",
                                        "SELECT 0.5 + 1.0"};
    for (size_t i = 0; i < count_of(wrong); i++) {
        for (int again = 0; again < 2; again++) {
            assert_int_equal(transact(f, ask_text, (void *)(uintptr_t)wrong[i]), INTERNAL);
            assert_string_equal(f->problem.code, "internal");
            assert_null(strstr(f->problem.detail, "SELEC"));
        }
        assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 0);
    }
}

static enum result ask_rows(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    int64_t n = *(int64_t *)arg;
    enum result r = db_query(tx, &rows,
                             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                             " WHERE i < $1) SELECT i FROM n",
                             db_i(n));
    if (r == OK)
        assert_int_equal(rows.count, n);
    return r;
}

static void more_rows_than_the_limit_are_refused(void **state)
{
    struct fixture *f = *state;
    int64_t most = DB_ROWS_MAX, more = DB_ROWS_MAX + 1;
    assert_int_equal(view(f, ask_rows, &most), OK);
    assert_int_equal(view(f, ask_rows, &more), INTERNAL);
    assert_int_equal(view(f, ask_rows, &most), OK);
}

static enum result count_for_ages(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows rows;
    return db_one(tx, &rows,
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                  " WHERE i < 2000000000) SELECT COUNT(*) FROM n WHERE i % 7 = 3");
}

static void a_statement_that_takes_too_long_is_cut_off(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    f->db = fixture_open(f, 2, 150);
    for (int i = 0; i < 2; i++) {
        assert_int_equal((i ? view : transact)(f, count_for_ages, NULL), BUSY);
        assert_string_equal(f->problem.code, "too_busy");
        assert_true(f->problem.retry_after_s > 0);
        assert_int_equal(ask_int(f, "SELECT 1"), 1);
    }
}

/* ---- running all on both ---- */

#define ENGINE_TEST(fn) \
    {                   \
#fn, fn         \
    }

static const struct {
    const char *name;
    CMUnitTestFunction fn;
} tests[] = {
    ENGINE_TEST(what_one_transaction_wrote_the_next_reads),
    ENGINE_TEST(a_transaction_that_returns_an_error_leaves_no_trace),
    ENGINE_TEST(the_words_of_the_function_stay),
    ENGINE_TEST(sixty_four_threads_that_increment_a_counter_lose_nothing),
    ENGINE_TEST(a_view_sees_one_snapshot_while_writers_go_on),
    ENGINE_TEST(a_view_cannot_write),
    ENGINE_TEST(who_gets_no_connection_in_time_is_told_too_busy),
    ENGINE_TEST(each_refusal_has_the_same_name_on_both_engines),
    ENGINE_TEST(a_refusal_that_the_function_ignores_is_told_at_the_commit),
    ENGINE_TEST(a_queued_refusal_surfaces_at_the_next_read),
    ENGINE_TEST(a_function_may_say_what_a_refusal_means),
    ENGINE_TEST(callbacks_run_once_and_only_after_the_commit),
    ENGINE_TEST(values_come_back_as_they_were_stored),
    ENGINE_TEST(expressions_give_integers_and_parameters_go_by_number),
    ENGINE_TEST(an_absent_parameter_may_be_asked_whether_it_is_null),
    ENGINE_TEST(statements_tell_how_much_they_changed_and_go_on_after_not_found),
    ENGINE_TEST(thousands_of_queued_statements_all_arrive),
    ENGINE_TEST(a_wrong_statement_is_internal_and_the_next_one_works),
    ENGINE_TEST(more_rows_than_the_limit_are_refused),
    ENGINE_TEST(a_statement_that_takes_too_long_is_cut_off),
};

int main(void)
{
    enum { EACH = count_of(tests), NAME_MAX_LEN = 160 };
    struct pg_server server;
    struct ground grounds[2] = {{.engine = DB_SQLITE}, {.engine = DB_POSTGRES, .server = &server}};
    struct CMUnitTest all[2 * EACH];
    char names[2 * EACH][NAME_MAX_LEN];
    pg_server_start(&server, false);
    for (size_t i = 0; i < count_of(all); i++) {
        const char *engine = i < EACH ? "SQLite" : "PostgreSQL";
        snprintf(names[i], NAME_MAX_LEN, "%s: %s", engine, tests[i % EACH].name);
        all[i] = (struct CMUnitTest){names[i], tests[i % EACH].fn, fixture_setup, fixture_teardown,
                                     &grounds[i / EACH]};
    }
    int failed = cmocka_run_group_tests_name("both engines", all, NULL, NULL);
    pg_server_stop(&server);
    return failed;
}
