/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * bare_bench URL [SECONDS]: how often a second one connection, without the program, gets through
 * the statements that the program runs for a booking, and for an answer of free times.
 *
 * The database must be empty. The statements are recorded from the program's own routes (record.h)
 * and run again in their order, one by one, each booking in a transaction that is made durable. A
 * later one is the first with other ids, another hour and another client. Each line is
 * `NAME PER_SECOND` and words for a person.
 */
#include "record.h"

#include "base/log.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VALUE_TEXT = 24, SLOT_S = 15 * 60, HORIZON_S = 40 * 24 * 3600, HASH_TAIL = 16 };

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bare_bench: %s\n", what);
    exit(1);
}

/* ---- the n-th booking's parameters ---- */

static bool is_hash(struct str s)
{
    return s.len == TOKEN_HASH_TEXT - 1 && strspn(s.ptr, "0123456789abcdef") >= s.len;
}

/* `buffer` holds what a text becomes; what is no id, no time of the visit and no key stays. */
static struct db_value turn(const struct recordings *all, const struct recording *r,
                            const struct db_value *v, int64_t n, char *buffer, size_t size)
{
    struct db_value turned = *v;
    bool is_id = v->type == DB_INT && v->i > r->first_id && v->i < r->last_id;
    bool is_time =
        v->type == DB_INT && v->i > all->start_s - HORIZON_S && v->i < all->start_s + HORIZON_S;
    if (is_id)
        turned.i += n * (r->last_id - r->first_id);
    else if (is_time)
        turned.i += n * SLOT_S;
    if (v->type != DB_TEXT || v->s.len >= size)
        return turned;
    if (is_hash(v->s))
        snprintf(buffer, size, "%.*s%0*llx", TOKEN_HASH_TEXT - 1 - HASH_TAIL, v->s.ptr, HASH_TAIL,
                 (unsigned long long)n);
    else if (str_eq(v->s, all->email))
        snprintf(buffer, size, "c%lld." STR_FMT, (long long)n, STR_ARG(v->s));
    else
        return turned;
    turned.s = str_of(buffer);
    return turned;
}

/* ---- SQLite ---- */

struct raw {
    sqlite3 *lite;
    PGconn *pg;
    sqlite3_stmt *lite_statements[STATEMENTS_MAX];
    sqlite3_stmt *lite_begin, *lite_commit;
};

static void lite_check(struct raw *raw, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        give_up(raw->lite ? sqlite3_errmsg(raw->lite) : "SQLite cannot be opened");
}

static void lite_prepare(struct raw *raw, const char *sql, sqlite3_stmt **ret)
{
    lite_check(raw, sqlite3_prepare_v3(raw->lite, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL));
}

static void lite_run(struct raw *raw, sqlite3_stmt *s)
{
    int code;
    while ((code = sqlite3_step(s)) == SQLITE_ROW)
        continue;
    lite_check(raw, code);
    lite_check(raw, sqlite3_reset(s));
}

static void lite_bind(struct raw *raw, sqlite3_stmt *s, size_t number, const struct db_value *v)
{
    char name[VALUE_TEXT];
    snprintf(name, sizeof name, "$%zu", number);
    int slot = sqlite3_bind_parameter_index(s, name);
    if (slot == 0)
        return;
    if (v->type == DB_INT)
        lite_check(raw, sqlite3_bind_int64(s, slot, v->i));
    else if (v->type == DB_TEXT)
        lite_check(raw,
                   sqlite3_bind_text64(s, slot, v->s.ptr, v->s.len, SQLITE_TRANSIENT, SQLITE_UTF8));
    else
        lite_check(raw, sqlite3_bind_null(s, slot));
}

static void lite_open(struct raw *raw, const char *path)
{
    lite_check(raw, sqlite3_open(path, &raw->lite));
    lite_check(raw, sqlite3_exec(raw->lite,
                                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                 "PRAGMA foreign_keys = ON",
                                 NULL, NULL, NULL));
    lite_prepare(raw, "BEGIN IMMEDIATE", &raw->lite_begin);
    lite_prepare(raw, "COMMIT", &raw->lite_commit);
}

static void lite_close(struct raw *raw)
{
    sqlite3_finalize(raw->lite_begin);
    sqlite3_finalize(raw->lite_commit);
    lite_check(raw, sqlite3_close(raw->lite));
}

/* ---- PostgreSQL ---- */

static void pg_check(struct raw *raw, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up(PQerrorMessage(raw->pg));
    PQclear(result);
}

static void pg_prepare(struct raw *raw, const char *name, const struct statement *s)
{
    enum { OID_INT8 = 20, OID_TEXT = 25 };
    Oid types[DB_PARAMS_MAX] = {0};
    for (size_t i = 0; i < s->count; i++) {
        const struct db_value *v = &s->params[i];
        enum db_type type = v->type == DB_NULL ? v->null_of : v->type;
        types[i] = type == DB_INT ? OID_INT8 : type == DB_TEXT ? OID_TEXT : 0;
    }
    pg_check(raw, PQprepare(raw->pg, name, s->sql, (int)s->count, types));
}

static void pg_run(struct raw *raw, const char *name, const struct db_value *values, size_t count)
{
    char numbers[DB_PARAMS_MAX][VALUE_TEXT];
    const char *texts[DB_PARAMS_MAX];
    for (size_t i = 0; i < count; i++) {
        snprintf(numbers[i], VALUE_TEXT, "%lld", (long long)values[i].i);
        texts[i] = values[i].type == DB_NULL  ? NULL
                   : values[i].type == DB_INT ? numbers[i]
                                              : values[i].s.ptr;
    }
    pg_check(raw, PQexecPrepared(raw->pg, name, (int)count, texts, NULL, NULL, 0));
}

/* ---- the loop ---- */

static void prepare_all(struct raw *raw, const struct recording *r)
{
    for (size_t i = 0; i < r->count; i++) {
        char name[VALUE_TEXT];
        snprintf(name, sizeof name, "s%zu", i);
        if (raw->lite)
            lite_prepare(raw, r->statements[i].sql, &raw->lite_statements[i]);
        else
            pg_prepare(raw, name, &r->statements[i]);
    }
    if (raw->pg)
        pg_check(raw, PQprepare(raw->pg, "begin", "BEGIN", 0, NULL));
    if (raw->pg)
        pg_check(raw, PQprepare(raw->pg, "commit", "COMMIT", 0, NULL));
}

static void drop_all(struct raw *raw, const struct recording *r)
{
    for (size_t i = 0; raw->lite && i < r->count; i++)
        sqlite3_finalize(raw->lite_statements[i]);
    if (raw->pg)
        pg_check(raw, PQexec(raw->pg, "DEALLOCATE ALL"));
}

static void run_one(struct raw *raw, const struct recordings *all, const struct recording *r,
                    size_t i, int64_t n)
{
    const struct statement *s = &r->statements[i];
    char name[VALUE_TEXT], buffers[DB_PARAMS_MAX][128];
    struct db_value values[DB_PARAMS_MAX];
    for (size_t k = 0; k < s->count; k++)
        values[k] = turn(all, r, &s->params[k], n, buffers[k], sizeof buffers[k]);
    if (raw->lite) {
        for (size_t k = 0; k < s->count; k++)
            lite_bind(raw, raw->lite_statements[i], k + 1, &values[k]);
        lite_run(raw, raw->lite_statements[i]);
        return;
    }
    snprintf(name, sizeof name, "s%zu", i);
    pg_run(raw, name, values, s->count);
}

static void frame(struct raw *raw, const char *name, sqlite3_stmt *statement)
{
    if (raw->lite)
        lite_run(raw, statement);
    else
        pg_run(raw, name, NULL, 0);
}

static void measure(struct raw *raw, const struct env *env, const struct recordings *all,
                    const struct recording *r, const char *what, int64_t measure_ms)
{
    prepare_all(raw, r);
    int64_t begin_ms = env_mono_ms(env), count = 0;
    while (env_mono_ms(env) - begin_ms < measure_ms) {
        int64_t n = ++count;
        frame(raw, "begin", raw->lite_begin);
        for (size_t i = 0; i < r->count; i++)
            run_one(raw, all, r, i, n);
        frame(raw, "commit", raw->lite_commit);
    }
    printf("%s %.1f a second, %zu statements each, one raw connection\n", what,
           (double)count * 1000 / (double)(env_mono_ms(env) - begin_ms), r->count);
    fflush(stdout);
    drop_all(raw, r);
}

int main(int argc, char **argv)
{
    int64_t seconds = 3;
    if (argc < 2 || argc > 3 || (argc == 3 && !str_int(str_of(argv[2]), &seconds)) || seconds < 1 ||
        seconds > 3600)
        give_up("usage: bare_bench URL [SECONDS]");
    struct env env = env_real();
    struct db *db;
    struct arena a;
    char error[DB_ERROR_TEXT];
    struct db_config config = {.url = argv[1], .connections = 2, .env = &env};
    if (db_open(&config, &db, error) != OK)
        give_up(error);
    log_to(STDERR_FILENO, LOG_WARN);
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct recordings *all = arena_new(&a, struct recordings);
    record_all(&env, db, &a, all);
    bool on_sqlite = db_engine_of(db) == DB_SQLITE;
    db_close(db); /* so that the raw connection has the file for itself */

    struct raw raw = {0};
    if (on_sqlite)
        lite_open(&raw, argv[1] + sizeof "sqlite:" - 1);
    else
        raw.pg = PQconnectdb(argv[1]);
    measure(&raw, &env, all, &all->availability, "availability", seconds * 1000);
    measure(&raw, &env, all, &all->booking, "booking", seconds * 1000);
    if (on_sqlite)
        lite_close(&raw);
    else
        PQfinish(raw.pg);
    arena_done(&a);
    return 0;
}
