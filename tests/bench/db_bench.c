/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * db_bench URL [SECONDS]: transactions a second of the shape of a booking, through db_transact with
 * 1, 6 and 64 threads, beside a bare loop of the same SQL on one raw connection in the same run.
 *
 * The database must be empty. Each line is `NAME PER_SECOND` and words for a person. Each
 * transaction looks for a clash, takes a hold, moves stock and writes a message and an audit event:
 * one read and five writes, made durable.
 */
#include "db/db.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 64, RESOURCES = 50, SLOT_S = 1800, NUMBER_TEXT = 24, STEPS = 6 };

static const char *const tables[] = {
    ("CREATE TABLE hold (resource_id BIGINT NOT NULL, start_s BIGINT NOT NULL,"
     " end_s BIGINT NOT NULL, PRIMARY KEY (resource_id, start_s))"),
    ("CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY, on_hand BIGINT NOT NULL,"
     " reserved BIGINT NOT NULL, CHECK (on_hand >= 0 AND reserved >= 0))"),
    ("CREATE TABLE stock_move (id BIGINT NOT NULL PRIMARY KEY, item_id BIGINT NOT NULL,"
     " quantity BIGINT NOT NULL)"),
    "CREATE TABLE message (id BIGINT NOT NULL PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE audit_event (id BIGINT NOT NULL PRIMARY KEY, change TEXT NOT NULL)",
};

/* The parameters of each step: $1 is the number of the transaction, $2 and $3 come of it. */
static const char *const steps[STEPS] = {
    ("SELECT COUNT(*) FROM hold WHERE resource_id = $1 AND start_s >= $2 - 7200 AND start_s < $3"
     " AND end_s > $2"),
    "INSERT INTO hold (resource_id, start_s, end_s) VALUES ($1, $2, $3)",
    "UPDATE item SET reserved = reserved + 1 WHERE id = $1",
    "INSERT INTO stock_move (id, item_id, quantity) VALUES ($1, $2, 1)",
    "INSERT INTO message (id, body) VALUES ($1, 'Your visit is confirmed. We look forward to it.')",
    "INSERT INTO audit_event (id, change) VALUES ($1, 'booking created')",
};

struct numbers {
    size_t count;
    int64_t value[3];
};

static struct numbers numbers_of(size_t step, int64_t n)
{
    int64_t resource = n % RESOURCES, start = n / RESOURCES * SLOT_S;
    switch (step) {
    case 0:
    case 1: return (struct numbers){3, {resource, start, start + SLOT_S}};
    case 2: return (struct numbers){1, {resource}};
    case 3: return (struct numbers){2, {n, resource}};
    default: return (struct numbers){1, {n}};
    }
}

struct bench {
    struct env env;
    struct db *db;
    const char *url;
    int64_t measure_ms;
    _Atomic int64_t next;
    _Atomic int64_t done;
    _Atomic bool over;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "db_bench: %s\n", what);
    exit(1);
}

/* ---- through db_transact ---- */

static enum result make_tables(struct db_tx *tx, void *arg)
{
    (void)arg;
    enum result r = OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && r == OK; i++)
        r = db_exec(tx, tables[i]);
    for (int64_t i = 0; i < RESOURCES && r == OK; i++)
        r = db_exec(tx, "INSERT INTO item (id, on_hand, reserved) VALUES ($1, 1000, 0)", db_i(i));
    return r;
}

static enum result book(struct db_tx *tx, void *arg)
{
    int64_t n = *(const int64_t *)arg;
    enum result r = OK;
    for (size_t i = 0; i < STEPS && r == OK; i++) {
        struct numbers p = numbers_of(i, n);
        struct db_value values[3] = {db_i(p.value[0]), db_i(p.value[1]), db_i(p.value[2])};
        struct db_rows rows;
        r = i == 0 ? db_one_values(tx, &rows, steps[i], values, p.count)
                   : db_exec_values(tx, steps[i], values, p.count);
    }
    return r;
}

static void *book_until_over(void *arg)
{
    struct bench *b = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    while (!b->over) {
        int64_t n = b->next++;
        struct problem p = {0};
        if (db_transact(b->db, &a, &p, book, &n) != OK)
            give_up(p.detail);
        b->done++;
        arena_reset(&a);
    }
    arena_done(&a);
    return NULL;
}

static void measure_threads(struct bench *b, size_t threads)
{
    pthread_t thread[THREADS_MAX];
    struct db_stats before, after;
    db_stats(b->db, &before);
    b->done = 0;
    b->over = false;
    int64_t start = env_mono_ms(&b->env);
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&thread[i], NULL, book_until_over, b) != 0)
            give_up("no thread");
    struct timespec whole = {b->measure_ms / 1000, b->measure_ms % 1000 * 1000000};
    nanosleep(&whole, NULL);
    b->over = true;
    for (size_t i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    double seconds = (double)(env_mono_ms(&b->env) - start) / 1000;
    db_stats(b->db, &after);
    printf("transact_%zu %.1f transactions a second, %.1f to a commit\n", threads,
           (double)b->done / seconds,
           (double)(after.commits - before.commits) / (double)(after.groups - before.groups));
    fflush(stdout);
}

/* ---- the bare loops ---- */

static void say_raw(const struct bench *b, int64_t count, int64_t start)
{
    printf("raw_1 %.1f transactions a second, one raw connection\n",
           (double)count * 1000 / (double)(env_mono_ms(&b->env) - start));
    fflush(stdout);
}

static void sqlite_check(sqlite3 *raw, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        give_up(sqlite3_errmsg(raw));
}

static void sqlite_step(sqlite3 *raw, sqlite3_stmt *s)
{
    sqlite_check(raw, sqlite3_step(s));
    sqlite_check(raw, sqlite3_reset(s));
}

static void raw_sqlite(struct bench *b)
{
    sqlite3 *raw;
    sqlite3_stmt *begin, *commit, *step[STEPS];
    sqlite_check(NULL, sqlite3_open(b->url + sizeof "sqlite:" - 1, &raw));
    sqlite_check(raw, sqlite3_exec(raw, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                                   NULL, NULL, NULL));
    sqlite_check(raw, sqlite3_prepare_v2(raw, "BEGIN IMMEDIATE", -1, &begin, NULL));
    sqlite_check(raw, sqlite3_prepare_v2(raw, "COMMIT", -1, &commit, NULL));
    for (size_t i = 0; i < STEPS; i++)
        sqlite_check(raw, sqlite3_prepare_v2(raw, steps[i], -1, &step[i], NULL));
    int64_t start = env_mono_ms(&b->env), count = 0;
    for (; env_mono_ms(&b->env) - start < b->measure_ms; count++) {
        int64_t n = b->next++;
        sqlite_step(raw, begin);
        for (size_t i = 0; i < STEPS; i++) {
            struct numbers p = numbers_of(i, n);
            for (size_t k = 0; k < p.count; k++) {
                static const char *const names[] = {"$1", "$2", "$3"};
                int slot = sqlite3_bind_parameter_index(step[i], names[k]);
                sqlite_check(raw, sqlite3_bind_int64(step[i], slot, p.value[k]));
            }
            sqlite_step(raw, step[i]);
        }
        sqlite_step(raw, commit);
    }
    say_raw(b, count, start);
    for (size_t i = 0; i < STEPS; i++)
        sqlite3_finalize(step[i]);
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    sqlite3_close(raw);
}

static void pg_check(PGconn *raw, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up(PQerrorMessage(raw));
    PQclear(result);
}

static void raw_postgres(struct bench *b)
{
    static const Oid int8s[3] = {20, 20, 20};
    static const char *const names[STEPS] = {"a", "b", "c", "d", "e", "f"};
    PGconn *raw = PQconnectdb(b->url);
    for (size_t i = 0; i < STEPS; i++)
        pg_check(raw, PQprepare(raw, names[i], steps[i], (int)numbers_of(i, 0).count, int8s));
    pg_check(raw, PQprepare(raw, "begin", "BEGIN", 0, NULL));
    pg_check(raw, PQprepare(raw, "commit", "COMMIT", 0, NULL));
    int64_t start = env_mono_ms(&b->env), count = 0;
    for (; env_mono_ms(&b->env) - start < b->measure_ms; count++) {
        int64_t n = b->next++;
        pg_check(raw, PQexecPrepared(raw, "begin", 0, NULL, NULL, NULL, 0));
        for (size_t i = 0; i < STEPS; i++) {
            struct numbers p = numbers_of(i, n);
            char text[3][NUMBER_TEXT];
            const char *values[3] = {text[0], text[1], text[2]};
            for (size_t k = 0; k < 3; k++)
                snprintf(text[k], NUMBER_TEXT, "%lld", (long long)p.value[k]);
            pg_check(raw, PQexecPrepared(raw, names[i], (int)p.count, values, NULL, NULL, 0));
        }
        pg_check(raw, PQexecPrepared(raw, "commit", 0, NULL, NULL, NULL, 0));
    }
    say_raw(b, count, start);
    PQfinish(raw);
}

static void open_db(struct bench *b)
{
    char error[DB_ERROR_TEXT];
    struct db_config config = {.url = b->url, .connections = THREADS_MAX, .env = &b->env};
    if (db_open(&config, &b->db, error) != OK)
        give_up(error);
}

int main(int argc, char **argv)
{
    int64_t seconds = 3;
    if (argc < 2 || argc > 3 || (argc == 3 && !str_int(str_of(argv[2]), &seconds)) || seconds < 1 ||
        seconds > 3600)
        give_up("usage: db_bench URL [SECONDS]");
    struct bench b = {.env = env_real(), .url = argv[1], .measure_ms = seconds * 1000};
    struct problem p = {0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    open_db(&b);
    bool on_sqlite = db_engine_of(b.db) == DB_SQLITE;
    if (db_transact(b.db, &a, &p, make_tables, NULL) != OK)
        give_up(p.detail);
    db_close(b.db); /* so that the raw connection has the file for itself, as it deserves */
    if (on_sqlite)
        raw_sqlite(&b);
    else
        raw_postgres(&b);
    open_db(&b);
    measure_threads(&b, 1);
    measure_threads(&b, 6);
    measure_threads(&b, THREADS_MAX);
    db_close(b.db);
    arena_done(&a);
    return 0;
}
