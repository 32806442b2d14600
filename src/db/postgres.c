/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * postgres: the engine over PostgreSQL: the pool, transactions, and what an SQLSTATE means.
 *
 * A transaction's BEGIN travels with its first statement, and its COMMIT with whatever is still
 * queued; the end of a view or of a failed transaction is sent and not awaited. So a view with one
 * query costs one round trip, and so does a transaction that only writes.
 *
 * Reruns: a lost race (40001, 40P01) or a connection lost before COMMIT was sent. Once COMMIT is on
 * its way and no answer comes, nobody knows, and the caller is told exactly that.
 */
#include "db/idle_pool.h"
#include "db/pg_conn.h"

#include "base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RERUNS_MAX = 5,
    PAUSE_FIRST_MS = 2,
    /* How much longer than the server's own limits an answer may take to arrive. */
    GRACE_MS = 3000,
    PATIENT_MS = 60 * 60 * 1000,
};

struct postgres_db {
    struct db base;
    char *url;
    struct pg_conn *conns;
    size_t conn_count;
    struct idle_pool pool;
};

static struct postgres_db *of(struct db *db)
{
    return (struct postgres_db *)db;
}

static int wait_ms(const struct db_tx *tx)
{
    return tx->patient ? PATIENT_MS : tx->db->busy_ms + GRACE_MS;
}

/* ---- what went wrong ---- */

static bool is_state(const struct pg_error *e, const char *state)
{
    return strcmp(e->state, state) == 0;
}

static bool in_class(const struct pg_error *e, const char *class)
{
    return strncmp(e->state, class, strlen(class)) == 0;
}

static enum db_fault conflict(struct db_tx *tx, const struct pg_error *e)
{
    /* By the name that SQLite can give as well. */
    const char *name = is_state(e, "23503") ? "foreign_key" : e->constraint;
    return db_fail_conflict(tx, name, strlen(name));
}

static enum db_fault fault_of(struct db_tx *tx, struct pg_conn *c)
{
    const struct pg_error *e = &c->error;
    if (is_state(e, "40001") || is_state(e, "40P01"))
        return FAULT_RERUN;
    if (is_state(e, "55P03") || is_state(e, "57014"))
        return FAULT_TOO_BUSY;
    if (is_state(e, "53100"))
        return FAULT_STORAGE_FULL;
    if (in_class(e, "53"))
        return FAULT_TOO_BUSY;
    if (in_class(e, "23") && !is_state(e, "23502"))
        return conflict(tx, e);
    if (c->lost)
        return FAULT_LOST;
    /* A primary that became a standby; a plan or a prepared statement that the server dropped. A
     * new connection puts these right. */
    if ((is_state(e, "25006") && !tx->read_only) || is_state(e, "0A000") || is_state(e, "26000")) {
        c->lost = true;
        return FAULT_LOST;
    }
    /* Only errors of class 42 speak of the statement alone; other texts could carry its data. */
    log_event(LOG_ERROR, "statement failed", "s:sqlstate", e->state, "s:error",
              in_class(e, "42") ? e->message : NULL, "s:sql", e->sql, NULL);
    return FAULT_INTERNAL;
}

static enum db_fault outcome(struct db_tx *tx, struct pg_conn *c)
{
    if (c->error.set)
        return fault_of(tx, c);
    if (c->late)
        return FAULT_UNAVAILABLE;
    return c->lost ? FAULT_LOST : FAULT_NONE;
}

/* ---- statements ---- */

static bool begin(struct db_tx *tx, struct pg_conn *c)
{
    if (c->began)
        return true;
    c->began = true;
    return pg_send(c, PG_RUN,
                   tx->read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                                 : "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE",
                   NULL, 0);
}

/*
 * Tells the server whose rows the next statements may touch, where it does not know yet. A setting
 * of the transaction: it ends with it, so no pooled connection keeps a tenant.
 */
static bool tell_reach(struct db_tx *tx, struct pg_conn *c)
{
    char text[24] = "";
    if (db_reach_same(&tx->reach, &tx->told))
        return true;
    if (tx->reach.across)
        snprintf(text, sizeof text, "all");
    else if (tx->reach.tenant)
        snprintf(text, sizeof text, "%lld", (long long)tx->reach.tenant);
    tx->told = tx->reach;
    return pg_send(c, PG_RUN, "SELECT set_config('careops.tenant', $1, true)",
                   (struct db_value[]){db_z(text)}, 1);
}

static enum db_fault take_result(struct db_tx *tx, const struct db_statement *s, PGresult *result)
{
    if (!result)
        return outcome(tx, tx->conn);
    int64_t changed = 0;
    if (s->mode == RUN_COUNT) {
        str_int(str_of(PQcmdTuples(result)), &changed); /* "" where a count makes no sense */
        *s->changed = changed;
    } else if (!pg_rows_read(result, s->mode, tx->arena, s->rows)) {
        log_event(LOG_ERROR, "too many rows, or neither integer, text nor bytes", "s:sql", s->sql,
                  NULL);
        return FAULT_INTERNAL;
    }
    return FAULT_NONE;
}

static enum db_fault run(struct db_tx *tx, const struct db_statement *s)
{
    struct pg_conn *c = tx->conn;
    enum pg_kind kind = s->mode == RUN_EXEC ? PG_RUN : PG_ROWS;
    PGresult *result = NULL;
    if (!begin(tx, c) || !tell_reach(tx, c) || !pg_send(c, kind, s->sql, s->params, s->param_count))
        return outcome(tx, c);
    /* A view's end is not awaited, so nothing of it may be left to the end. */
    if (kind == PG_RUN && !tx->read_only && c->pending_count < PG_DRAIN_AT)
        return FAULT_NONE;
    if (!pg_drain(c, wait_ms(tx), &result) || kind == PG_RUN)
        return outcome(tx, c);
    enum db_fault fault = take_result(tx, s, result);
    PQclear(result);
    return fault;
}

static enum db_fault flush(struct db_tx *tx)
{
    struct pg_conn *c = tx->conn;
    /* A lost connection shows in the outcome. */
    bool drained = c->pending_count == 0 || pg_drain(c, wait_ms(tx), NULL);
    (void)drained;
    return outcome(tx, c);
}

static enum db_fault script(struct db_tx *tx, const char *text,
                            char ret_error[static DB_ERROR_TEXT])
{
    struct pg_conn *c = tx->conn;
    if (begin(tx, c) && tell_reach(tx, c) && pg_drain(c, wait_ms(tx), NULL) && !c->error.set &&
        pg_script(c, text, wait_ms(tx)) && !c->error.set)
        return FAULT_NONE;
    snprintf(ret_error, DB_ERROR_TEXT, "%s",
             c->error.set ? c->error.message : "the connection was lost");
    return outcome(tx, c);
}

/* ---- the end of a transaction ---- */

/* Whatever is still queued does not matter any more; the server shall only be done with it. */
static void leave(struct db_tx *tx, struct pg_conn *c)
{
    if (!c->began || c->lost)
        return;
    const char *sql = tx->read_only && tx->fault == FAULT_NONE ? "COMMIT" : "ROLLBACK";
    bool sent =
        (c->pending_count == 0 || pg_sync(c)) && pg_send(c, PG_RUN, sql, NULL, 0) && pg_push(c);
    (void)sent; /* else the connection is lost, and the transaction with it */
}

static enum db_fault commit(struct db_tx *tx, struct pg_conn *c)
{
    if (!c->began)
        return FAULT_NONE;
    if (c->lost)
        return outcome(tx, c);
    bool answered = pg_send(c, PG_COMMIT, "COMMIT", NULL, 0) && pg_drain(c, wait_ms(tx), NULL);
    if (c->committed)
        return c->warned ? FAULT_COMMIT_UNKNOWN : FAULT_NONE;
    /* A statement that failed is a certain answer: the COMMIT behind it was skipped. */
    if (c->error.set && !c->error.lost)
        return fault_of(tx, c);
    if (answered) {
        log_event(LOG_ERROR, "COMMIT was answered with something else", NULL);
        return FAULT_INTERNAL;
    }
    log_event(LOG_WARN, "the answer to COMMIT was lost", NULL);
    return FAULT_COMMIT_UNKNOWN;
}

static enum result run_once(struct db_tx *tx, struct pg_conn *c, db_fn fn, void *arg)
{
    char error[DB_ERROR_TEXT];
    if (!pg_conn_alive(c)) {
        pg_conn_close(c);
        if (pg_conn_open(c, of(tx->db)->url, error) != OK) {
            log_event(LOG_WARN, "database unavailable", "s:error", error, NULL);
            db_fail(tx, FAULT_UNAVAILABLE);
            return BUSY;
        }
    }
    pg_conn_begin(c);
    tx->conn = c;
    enum result r = fn(tx, arg);
    bool keep = r == OK && tx->fault == FAULT_NONE;
    if (keep && !tx->read_only) {
        db_fail(tx, commit(tx, c));
        keep = tx->fault == FAULT_NONE;
    }
    if (!keep || tx->read_only)
        leave(tx, c);
    if (!tx->read_only) {
        db_count_up(&tx->db->counters.commits, keep);
        db_count_up(&tx->db->counters.groups, keep);
        db_count_up(&tx->db->counters.rollbacks, !keep);
    }
    if (c->lost)
        pg_conn_close(c);
    return r;
}

/* Full jitter: two that met in a deadlock shall not meet again in step. */
static void pause_before_rerun(const struct env *env, int attempt)
{
    uint32_t noise;
    env_random(env, &noise, sizeof noise);
    uint32_t most_ms = (uint32_t)PAUSE_FIRST_MS << attempt * 2;
    long us = (long)(noise % (most_ms * 1000 + 1));
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

static enum result transact(struct db_tx *tx, db_fn fn, void *arg)
{
    struct postgres_db *pg = of(tx->db);
    enum result r = BUSY;
    for (int attempt = 0;; attempt++) {
        size_t number;
        if (!idle_pool_take(&pg->pool, tx->db->busy_ms, &number)) {
            db_fail(tx, FAULT_TOO_BUSY);
            return db_verdict(tx, BUSY);
        }
        r = run_once(tx, &pg->conns[number], fn, arg);
        idle_pool_give(&pg->pool, number);
        bool again = tx->fault == FAULT_RERUN || tx->fault == FAULT_LOST;
        if (!again || attempt == RERUNS_MAX)
            return db_verdict(tx, r);
        db_count_up(&tx->db->counters.retries, 1);
        pause_before_rerun(tx->db->env, attempt);
        db_restart(tx);
    }
}

/* ---- life ---- */

/* The second lock is none for a role that passes by it; the program works all the same. */
static void warn_of_bypass(struct pg_conn *c)
{
    static const char sql[] = "SELECT 1 FROM pg_roles WHERE rolname = current_user"
                              " AND (rolsuper OR rolbypassrls)";
    PGresult *result = NULL;
    if (pg_send(c, PG_ROWS, sql, NULL, 0) && pg_drain(c, c->busy_ms, &result) && result &&
        PQntuples(result) > 0)
        log_event(LOG_WARN,
                  "the database role passes by row-level security: give the program a role of its "
                  "own that is no superuser",
                  NULL);
    PQclear(result);
}

static void postgres_close(struct db *db)
{
    struct postgres_db *pg = of(db);
    for (size_t i = 0; i < pg->conn_count; i++)
        pg_conn_close(&pg->conns[i]);
    idle_pool_done(&pg->pool);
    free(pg->conns);
    free(pg->url);
    free(pg);
}

/* The server keeps its log, and how long is its operator's to say. */
static enum result forget_log(struct db *db)
{
    (void)db;
    return OK;
}

/*
 * Who began before us keeps alive what is dead by now: a reader of this database, the server's own
 * ANALYZE, and a writer of any database of the server, since our snapshots go back to it. A minute
 * for each of them to end.
 */
#define WAIT_FOR_OTHERS                                                                    \
    "DO $$ DECLARE early text[]; mine bigint := txid_current(); BEGIN"                     \
    " SELECT array_agg(pid || ' ' || backend_xmin) INTO early FROM pg_stat_activity"       \
    " WHERE (datid IS NULL OR datname = current_database()) AND pid <> pg_backend_pid()"   \
    " AND backend_xmin IS NOT NULL;"                                                       \
    " FOR i IN 1..600 LOOP"                                                                \
    " PERFORM pg_stat_clear_snapshot();"                                                   \
    " IF txid_snapshot_xmin(txid_current_snapshot()) >= mine AND NOT EXISTS"               \
    " (SELECT FROM pg_stat_activity WHERE pid || ' ' || backend_xmin = ANY (early))"       \
    " THEN RETURN; END IF;"                                                                \
    " PERFORM pg_sleep(0.1); END LOOP;"                                                    \
    " RAISE EXCEPTION 'another session of this server still runs: end it, and try again';" \
    " END $$"

/*
 * An ANALYZE leaves the statistics of a table that has become empty as they were, with what it
 * held. They go with the type of a column, also where it stays the same type: free of cost without
 * rows. A column that something else depends on keeps its own, and is a key or a state, nobody's
 * words.
 */
#define FORGET_STATISTICS                                                                               \
    "DO $$ DECLARE c record; BEGIN"                                                                     \
    " FOR c IN SELECT r.oid::regclass AS t, a.attname AS n, format_type(a.atttypid, a.atttypmod) AS k," \
    " CASE WHEN a.attcollation = y.typcollation THEN '' ELSE ' COLLATE ' ||"                            \
    " a.attcollation::regcollation::text END AS o"                                                      \
    " FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type y ON y.oid = a.atttypid"   \
    " WHERE r.relkind = 'r' AND r.relnamespace = current_schema()::regnamespace"                        \
    " AND pg_relation_size(r.oid) = 0 AND a.attnum > 0 AND NOT a.attisdropped"                          \
    " AND y.typcategory = 'S' LOOP"                                                                     \
    " BEGIN EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s%s', c.t, c.n, c.k, c.o);"            \
    " EXCEPTION WHEN feature_not_supported THEN NULL; END; END LOOP; END $$"

/* Outside any transaction, and for as long as it takes. Each table is locked while it is written.
 * The planner's statistics keep values of the tables, and are replaced as each is written: so their
 * own table comes last. */
static enum result scrub(struct db *db, char ret_error[static DB_ERROR_TEXT])
{
    struct postgres_db *pg = of(db);
    size_t number;
    if (!idle_pool_take(&pg->pool, db->busy_ms, &number)) {
        snprintf(ret_error, DB_ERROR_TEXT, "no connection is free");
        return BUSY;
    }
    struct pg_conn *c = &pg->conns[number];
    pg_conn_begin(c);
    bool done = pg_conn_alive(c) && pg_script(c, "SET statement_timeout = 0", PATIENT_MS) &&
                !c->error.set && pg_script(c, "SET lock_timeout = 0", PATIENT_MS) &&
                !c->error.set && pg_script(c, WAIT_FOR_OTHERS, PATIENT_MS) && !c->error.set &&
                pg_script(c, "VACUUM (FULL, ANALYZE)", PATIENT_MS) && !c->error.set &&
                pg_script(c, FORGET_STATISTICS, PATIENT_MS) && !c->error.set &&
                pg_script(c, WAIT_FOR_OTHERS, PATIENT_MS) && !c->error.set &&
                pg_script(c, "VACUUM (FULL) pg_catalog.pg_statistic", PATIENT_MS) && !c->error.set;
    if (!done)
        snprintf(ret_error, DB_ERROR_TEXT, "%s",
                 c->error.set ? c->error.message : "the connection was lost");
    pg_conn_close(c); /* its settings are not those of the others */
    idle_pool_give(&pg->pool, number);
    return done ? OK : INTERNAL;
}

static const struct db_ops postgres_ops = {
    .transact = transact,
    .run = run,
    .flush = flush,
    .script = script,
    .close = postgres_close,
    .forget_log = forget_log,
    .scrub = scrub,
};

enum result postgres_open(const struct db_config *config, struct db **ret,
                          char ret_error[static DB_ERROR_TEXT])
{
    struct postgres_db *pg = calloc(1, sizeof *pg);
    size_t n = (size_t)config->connections;
    if (!pg)
        abort();
    pg->base = (struct db){.engine = DB_POSTGRES, .ops = &postgres_ops, .env = config->env};
    pg->base.busy_ms = config->busy_ms > 0 ? config->busy_ms : DB_BUSY_MS_DEFAULT;
    pg->url = strdup(config->url);
    pg->conns = calloc(n, sizeof *pg->conns);
    if (!pg->url || !pg->conns)
        abort();
    pg->conn_count = n;
    for (size_t i = 0; i < n; i++) {
        pg->conns[i].env = config->env;
        pg->conns[i].busy_ms = pg->base.busy_ms;
    }
    idle_pool_init(&pg->pool, n);
    /* One is opened to see that it works; the others follow when they are needed. */
    enum result r = pg_conn_open(&pg->conns[0], pg->url, ret_error);
    if (r != OK) {
        postgres_close(&pg->base);
        return r;
    }
    pg->base.read_only = config->read_only;
    if (!config->read_only)
        warn_of_bypass(&pg->conns[0]);
    *ret = &pg->base;
    return OK;
}
