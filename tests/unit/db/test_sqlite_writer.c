/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SQLite's one writer: the group that shares a commit, the queue, and the log's length. */
#include "fixture.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

/* ---- helpers ---- */

/* One transaction on a thread of its own. */
struct caller {
    struct fixture *f;
    db_fn fn;
    void *arg;
    enum result result;
    const char *code;
    pthread_t thread;
};

static void *call(void *arg)
{
    struct caller *c = arg;
    struct problem p = {0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    c->result = db_transact(c->f->db, &a, &p, c->fn, c->arg);
    c->code = p.code ? p.code : "";
    arena_done(&a);
    return NULL;
}

static void start(struct caller *c)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    assert_int_equal(pthread_create(&c->thread, &attr, call, c), 0);
    pthread_attr_destroy(&attr);
}

static void finish(struct caller *c)
{
    assert_int_equal(pthread_join(c->thread, NULL), 0);
}

static int64_t queue_length(const struct fixture *f)
{
    struct db_stats s;
    db_stats(f->db, &s);
    return s.queue_length;
}

/* Inserts row `id` and keeps the writer at it until `others` more wait in the queue. */
struct gate {
    struct fixture *f;
    int64_t id;
    int64_t others;
    _Atomic bool inside;
};

static enum result hold_the_writer(struct db_tx *tx, void *arg)
{
    struct gate *g = arg;
    enum result r = db_exec(tx, "INSERT INTO t (id) VALUES ($1)", db_i(g->id));
    g->inside = true;
    while (queue_length(g->f) < g->others)
        sched_yield();
    return r;
}

static void await(const _Atomic bool *flag)
{
    while (!*flag)
        sched_yield();
}

static enum result insert(struct db_tx *tx, void *arg)
{
    return db_exec(tx, "INSERT INTO t (id) VALUES ($1)", db_i(*(const int64_t *)arg));
}

static int64_t rows(struct fixture *f)
{
    return ask_int(f, "SELECT COUNT(*) FROM t");
}

static void make_table(struct fixture *f)
{
    run_sql(f, "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, filling BYTEA)");
}

/* ---- the group ---- */

static void who_is_refused_in_a_group_does_not_harm_the_others(void **state)
{
    struct fixture *f = *state;
    struct db_stats before, after;
    int64_t one = 1, two = 2;
    make_table(f);
    struct gate g = {.f = f, .id = 1, .others = 2};
    struct caller first = {f, hold_the_writer, &g, OK, NULL, 0};
    struct caller same = {f, insert, &one, OK, NULL, 0}, other = {f, insert, &two, OK, NULL, 0};
    db_stats(f->db, &before);
    start(&first);
    await(&g.inside);
    start(&same);
    start(&other);
    finish(&first);
    finish(&same);
    finish(&other);
    db_stats(f->db, &after);
    assert_int_equal(first.result, OK);
    assert_int_equal(same.result, CONFLICT);
    assert_int_equal(other.result, OK);
    assert_int_equal(rows(f), 2);
    assert_int_equal(after.groups - before.groups, 1); /* one commit made both durable */
    assert_int_equal(after.commits - before.commits, 2);
}

static enum result insert_for_ages(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "INSERT INTO t (id) WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL"
                       " SELECT i + 1 FROM n WHERE i < 2000000000) SELECT i FROM n");
}

static void when_the_engine_gives_up_a_group_everybody_in_it_is_told(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    f->db = fixture_open(f, 2, 1000);
    make_table(f);
    struct gate g = {.f = f, .id = 1, .others = 1};
    struct caller first = {f, hold_the_writer, &g, OK, NULL, 0};
    struct caller slow = {f, insert_for_ages, NULL, OK, NULL, 0};
    start(&first);
    await(&g.inside);
    start(&slow);
    finish(&first);
    finish(&slow);
    assert_int_equal(slow.result, BUSY);
    assert_int_equal(first.result, BUSY); /* it had returned OK, and its row is gone */
    assert_string_equal(first.code, "too_busy");
    assert_int_equal(rows(f), 0);
    int64_t id = 3;
    assert_int_equal(transact(f, insert, &id), OK);
    assert_int_equal(rows(f), 1);
}

static enum result owe_a_key(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "INSERT INTO child (t_id) VALUES (77)");
}

static void a_broken_deferred_key_is_its_own_transactions_fault_alone(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "CREATE TABLE child (t_id BIGINT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)");
    struct gate g = {.f = f, .id = 1, .others = 1};
    struct caller first = {f, hold_the_writer, &g, OK, NULL, 0};
    struct caller owing = {f, owe_a_key, NULL, OK, NULL, 0};
    start(&first);
    await(&g.inside);
    start(&owing);
    finish(&first);
    finish(&owing);
    assert_int_equal(first.result, OK);
    assert_int_equal(owing.result, CONFLICT);
    assert_int_equal(rows(f), 1);
}

enum { ONE_TOO_MANY = 1024 + 1 };

struct crush {
    struct fixture *f;
    _Atomic int64_t next;
    _Atomic int refused;
};

static enum result hold_until_one_is_refused(struct db_tx *tx, void *arg)
{
    struct crush *c = arg;
    (void)tx;
    c->next = 1;
    while (c->refused == 0)
        sched_yield();
    return OK;
}

static void *queue_up(void *arg)
{
    struct crush *c = arg;
    struct problem p = {0};
    struct arena a;
    int64_t id = c->next++;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result r = db_transact(c->f->db, &a, &p, insert, &id);
    if (r == BUSY && strcmp(p.code, "too_busy") == 0 && p.retry_after_s > 0)
        c->refused++;
    else if (r != OK)
        abort();
    arena_done(&a);
    return NULL;
}

static void a_full_queue_answers_too_busy_at_once(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    f->db = fixture_open(f, 1, 120000);
    make_table(f);
    struct crush c = {.f = f};
    struct caller first = {f, hold_until_one_is_refused, &c, OK, NULL, 0};
    start(&first);
    while (c.next == 0)
        sched_yield();
    run_threads(ONE_TOO_MANY, queue_up, &c);
    finish(&first);
    assert_int_equal(c.refused, 1);
    assert_int_equal(rows(f), ONE_TOO_MANY - 1);
}

/* ---- the write-ahead log ---- */

enum { FILLING = 200 * 1000, FILLINGS = 500, WAL_LIMIT = 64 * 1024 * 1024, VIEW_MS = 20 };

/*
 * Two slow readers that take turns so that each view ends only when the next has begun: whenever
 * the writer looks, somebody reads an older state, so copying without waiting never comes to its
 * end.
 */
struct relay {
    struct fixture *f;
    sem_t may_begin[2], may_end[2];
    _Atomic bool over;
    _Atomic int next;
    _Atomic int views;
};

struct runner {
    struct relay *relay;
    int me;
};

static void wait_for(sem_t *sem)
{
    while (sem_wait(sem) != 0)
        assert_int_equal(errno, EINTR);
}

static enum result read_and_pass_on(struct db_tx *tx, void *arg)
{
    struct runner *runner = arg;
    struct relay *relay = runner->relay;
    struct db_rows r;
    enum result result = db_one(tx, &r, "SELECT COUNT(*) FROM t");
    if (relay->views++ > 0)
        sem_post(&relay->may_end[!runner->me]);
    nanosleep(&(struct timespec){0, VIEW_MS * 1000000L}, NULL);
    sem_post(&relay->may_begin[!runner->me]);
    wait_for(&relay->may_end[runner->me]);
    return result;
}

static void *run_in_relay(void *arg)
{
    struct relay *relay = arg;
    struct runner runner = {relay, relay->next++};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (;;) {
        wait_for(&relay->may_begin[runner.me]);
        if (relay->over)
            break;
        if (db_view(relay->f->db, &a, NULL, read_and_pass_on, &runner) != OK)
            abort();
        arena_reset(&a);
    }
    sem_post(&relay->may_end[!runner.me]);
    sem_post(&relay->may_begin[!runner.me]);
    arena_done(&a);
    return NULL;
}

static enum result write_filling(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "UPDATE t SET filling = randomblob(200000) WHERE id = 1");
}

static void the_log_stays_bounded_under_readers_that_always_overlap(void **state)
{
    struct fixture *f = *state;
    struct relay relay = {.f = f};
    pthread_t runners[2];
    struct stat st;
    char wal[PG_URL_TEXT];
    int64_t largest = 0;
    make_table(f);
    run_sql(f, "INSERT INTO t (id) VALUES (1)");
    snprintf(wal, sizeof wal, "%s/unit.db-wal", f->folder);
    for (int i = 0; i < 2; i++) {
        sem_init(&relay.may_begin[i], 0, i == 0);
        sem_init(&relay.may_end[i], 0, 0);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&runners[i], NULL, run_in_relay, &relay), 0);
    for (int i = 0; i < FILLINGS; i++) {
        assert_int_equal(transact(f, write_filling, NULL), OK);
        assert_int_equal(stat(wal, &st), 0);
        largest = st.st_size > largest ? st.st_size : largest;
    }
    relay.over = true;
    for (int i = 0; i < 2; i++)
        pthread_join(runners[i], NULL);
    assert_true(relay.views > 10);
    assert_true((int64_t)FILLINGS * FILLING > WAL_LIMIT); /* unbounded it would have been larger */
    assert_true(largest < WAL_LIMIT);
}

int main(void)
{
    struct ground ground = {.engine = DB_SQLITE};
    const struct CMUnitTest tests[] = {
        ON(ground, who_is_refused_in_a_group_does_not_harm_the_others),
        ON(ground, when_the_engine_gives_up_a_group_everybody_in_it_is_told),
        ON(ground, a_broken_deferred_key_is_its_own_transactions_fault_alone),
        ON(ground, a_full_queue_answers_too_busy_at_once),
        ON(ground, the_log_stays_bounded_under_readers_that_always_overlap),
    };
    return cmocka_run_group_tests_name("SQLite's writer", tests, NULL, NULL);
}
