/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Transactions, refusals and callbacks: each test here runs on SQLite and on PostgreSQL. */
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
    look_at_all(tx);
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

int main(void)
{
    static const struct engine_test tests[] = {
        {"what_one_transaction_wrote_the_next_reads", what_one_transaction_wrote_the_next_reads},
        {"a_transaction_that_returns_an_error_leaves_no_trace",
         a_transaction_that_returns_an_error_leaves_no_trace},
        {"the_words_of_the_function_stay", the_words_of_the_function_stay},
        {"sixty_four_threads_that_increment_a_counter_lose_nothing",
         sixty_four_threads_that_increment_a_counter_lose_nothing},
        {"a_view_sees_one_snapshot_while_writers_go_on",
         a_view_sees_one_snapshot_while_writers_go_on},
        {"a_view_cannot_write", a_view_cannot_write},
        {"who_gets_no_connection_in_time_is_told_too_busy",
         who_gets_no_connection_in_time_is_told_too_busy},
        {"each_refusal_has_the_same_name_on_both_engines",
         each_refusal_has_the_same_name_on_both_engines},
        {"a_refusal_that_the_function_ignores_is_told_at_the_commit",
         a_refusal_that_the_function_ignores_is_told_at_the_commit},
        {"a_queued_refusal_surfaces_at_the_next_read", a_queued_refusal_surfaces_at_the_next_read},
        {"a_function_may_say_what_a_refusal_means", a_function_may_say_what_a_refusal_means},
        {"callbacks_run_once_and_only_after_the_commit",
         callbacks_run_once_and_only_after_the_commit},
    };
    return run_group_on_both("transactions on both engines", tests);
}
