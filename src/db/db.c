/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * db: the part that is the same on both engines. See db.h and db_internal.h.
 *
 * Owns the rule that a transaction is dead after its first fault, the table of faults, the
 * callbacks after the commit, and the reading of cells.
 */
#include "db/db_internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_FIRST = 16, RETRY_AFTER_S = 2 };

static const struct {
    enum result result;
    const char *code;
    const char *detail;
    int retry_after_s;
} faults[FAULT__MAX] = {
    [FAULT_NONE] = {OK, NULL, NULL, 0},
    [FAULT_CONFLICT] = {CONFLICT, "conflict", "This contradicts what is stored.", 0},
    [FAULT_TOO_BUSY] = {BUSY, "too_busy", "Too much is going on. Please try again.", RETRY_AFTER_S},
    [FAULT_STORAGE_FULL] = {BUSY, "storage_full",
                            "The disk of the database is full. Nothing was changed.",
                            RETRY_AFTER_S},
    [FAULT_UNAVAILABLE] = {BUSY, "database_unavailable", "The database does not answer.",
                           RETRY_AFTER_S},
    [FAULT_COMMIT_UNKNOWN] = {BUSY, "commit_unknown",
                              "The database's answer was lost: the change may have been made. "
                              "Repeat the request with the same idempotency key.",
                              RETRY_AFTER_S},
    /* These two reach a caller only when every rerun met them again. */
    [FAULT_RERUN] = {BUSY, "too_busy", "Too much is going on. Please try again.", RETRY_AFTER_S},
    [FAULT_LOST] = {BUSY, "database_unavailable", "The database does not answer.", RETRY_AFTER_S},
    [FAULT_INTERNAL] = {INTERNAL, "internal", "Something went wrong on our side.", 0},
};

/* ---- faults ---- */

enum db_fault db_fail(struct db_tx *tx, enum db_fault fault)
{
    if (tx->fault == FAULT_NONE)
        tx->fault = fault;
    return tx->fault;
}

enum db_fault db_fail_conflict(struct db_tx *tx, const char *name, size_t len)
{
    if (tx->fault != FAULT_NONE)
        return tx->fault;
    bool plain = len > 0 && len < sizeof tx->conflict;
    for (size_t i = 0; plain && i < len; i++) {
        char c = name[i];
        plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    if (plain)
        memcpy(tx->conflict, name, len);
    tx->conflict[plain ? len : 0] = '\0';
    tx->fault = FAULT_CONFLICT;
    return tx->fault;
}

void db_restart(struct db_tx *tx)
{
    tx->fault = FAULT_NONE;
    tx->conflict[0] = '\0';
    tx->after_count = 0;
    tx->reach = tx->told = (struct db_reach){0};
    tx->conn = NULL;
    if (!tx->problem_was_set)
        problem_clear(tx->problem);
}

enum result db_verdict(struct db_tx *tx, enum result of_fn)
{
    if (tx->fault == FAULT_NONE)
        return of_fn;
    enum result of_fault = faults[tx->fault].result;
    /* fn may know better what a refusal means ("slot_taken", "not found"); of trouble it cannot. */
    enum result r = of_fault == CONFLICT && of_fn != OK ? of_fn : of_fault;
    if (r != of_fn && !tx->problem_was_set)
        problem_clear(tx->problem); /* said about something that is not the outcome */
    if (r == of_fault && !tx->problem->code) {
        problem_set(tx->problem, r, faults[tx->fault].code, "%s", faults[tx->fault].detail);
        tx->problem->retry_after_s = faults[tx->fault].retry_after_s;
    }
    return r;
}

void db_count_up(_Atomic int64_t *counter, int64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

/* ---- statements ---- */

static enum result run(struct db_tx *tx, const struct db_statement *s)
{
    assert(s->param_count <= DB_PARAMS_MAX);
    struct db *db = tx->db;
    if (db->watch)
        db->watch(db->watch_self, s->sql, s->params, s->param_count);
    if (tx->fault == FAULT_NONE)
        db_fail(tx, db->ops->run(tx, s));
    return faults[tx->fault].result;
}

enum result db_exec_values(struct db_tx *tx, const char *sql, const struct db_value *params,
                           size_t n)
{
    return run(tx, &(struct db_statement){RUN_EXEC, sql, params, n, NULL, NULL});
}

enum result db_count_values(struct db_tx *tx, int64_t *ret_changed, const char *sql,
                            const struct db_value *params, size_t n)
{
    return run(tx, &(struct db_statement){RUN_COUNT, sql, params, n, NULL, ret_changed});
}

enum result db_query_values(struct db_tx *tx, struct db_rows *ret, const char *sql,
                            const struct db_value *params, size_t n)
{
    return run(tx, &(struct db_statement){RUN_ALL, sql, params, n, ret, NULL});
}

enum result db_one_values(struct db_tx *tx, struct db_rows *ret, const char *sql,
                          const struct db_value *params, size_t n)
{
    struct db_rows rows;
    enum result r = run(tx, &(struct db_statement){RUN_ONE, sql, params, n, &rows, NULL});
    if (r != OK)
        return r;
    if (rows.count == 0)
        return NOT_FOUND;
    *ret = rows;
    return OK;
}

enum result db_flush(struct db_tx *tx)
{
    if (tx->fault == FAULT_NONE)
        db_fail(tx, tx->db->ops->flush(tx));
    return faults[tx->fault].result;
}

/* ---- whose rows ---- */

void db_tenant(struct db_tx *tx, int64_t workspace_id)
{
    tx->reach = (struct db_reach){.tenant = workspace_id};
}

struct db_reach db_across(struct db_tx *tx, const char *reason)
{
    assert(reason && *reason);
    struct db_reach before = tx->reach;
    tx->reach = (struct db_reach){.across = reason};
    return before;
}

void db_back(struct db_tx *tx, struct db_reach before)
{
    tx->reach = before;
}

bool db_reach_same(const struct db_reach *a, const struct db_reach *b)
{
    return (a->across != NULL) == (b->across != NULL) && (a->across || a->tenant == b->tenant);
}

/* ---- rows ---- */

void row_sink_init(struct row_sink *sink, struct arena *a, size_t columns, enum db_run_mode mode)
{
    size_t first = mode == RUN_ONE ? 1 : ROWS_FIRST;
    *sink = (struct row_sink){.arena = a, .columns = columns, .first = first};
}

struct db_value *row_sink_next(struct row_sink *sink)
{
    if (sink->count == DB_ROWS_MAX)
        return NULL;
    if (sink->count == sink->capacity) {
        size_t capacity = sink->capacity ? sink->capacity * 2 : sink->first;
        struct db_value *grown =
            arena_new_array(sink->arena, capacity * sink->columns, struct db_value);
        if (sink->count)
            memcpy(grown, sink->cells, sink->count * sink->columns * sizeof *grown);
        sink->cells = grown;
        sink->capacity = capacity;
    }
    return sink->cells + sink->count++ * sink->columns;
}

void row_sink_finish(const struct row_sink *sink, struct db_rows *ret)
{
    *ret = (struct db_rows){sink->count, sink->columns, sink->cells};
}

static const struct db_value *cell(const struct db_rows *r, size_t row, size_t column)
{
    assert(row < r->count && column < r->columns);
    return &r->cells[row * r->columns + column];
}

int64_t db_int(const struct db_rows *r, size_t row, size_t column)
{
    const struct db_value *v = cell(r, row, column);
    assert(v->type == DB_INT || v->type == DB_NULL);
    return v->i;
}

struct opt_int db_opt_int(const struct db_rows *r, size_t row, size_t column)
{
    const struct db_value *v = cell(r, row, column);
    assert(v->type == DB_INT || v->type == DB_NULL);
    return (struct opt_int){v->type == DB_INT, v->i};
}

struct str db_str(const struct db_rows *r, size_t row, size_t column)
{
    const struct db_value *v = cell(r, row, column);
    assert(v->type != DB_INT);
    return v->s;
}

bool db_is_null(const struct db_rows *r, size_t row, size_t column)
{
    return cell(r, row, column)->type == DB_NULL;
}

/* ---- the transaction ---- */

const char *db_sql(const struct db_tx *tx, const char *sqlite, const char *postgres)
{
    return db_tx_engine(tx) == DB_SQLITE ? sqlite : postgres;
}

enum db_engine db_tx_engine(const struct db_tx *tx)
{
    return tx->db->engine;
}

struct arena *db_arena(struct db_tx *tx)
{
    return tx->arena;
}

const char *db_conflict(const struct db_tx *tx)
{
    return tx->conflict;
}

void db_after_commit(struct db_tx *tx, void (*fn)(void *), void *arg)
{
    for (size_t i = 0; i < tx->after_count; i++)
        if (tx->after[i].fn == fn && tx->after[i].arg == arg)
            return;
    assert(!tx->read_only && tx->after_count < DB_AFTER_COMMIT_MAX);
    tx->after[tx->after_count++] = (struct db_after){fn, arg};
}

static enum result perform(struct db *db, struct arena *a, struct problem *p, db_fn fn, void *arg,
                           bool read_only)
{
    struct problem unheard;
    if (!p) {
        p = &unheard;
        problem_clear(p);
    }
    assert(read_only || !db->read_only);
    struct db_tx tx = {.db = db, .arena = a, .problem = p, .read_only = read_only};
    tx.problem_was_set = p->code != NULL;
    enum result r = db->ops->transact(&tx, fn, arg);
    for (size_t i = 0; r == OK && i < tx.after_count; i++)
        tx.after[i].fn(tx.after[i].arg);
    return r;
}

enum result db_transact(struct db *db, struct arena *a, struct problem *p, db_fn fn, void *arg)
{
    return perform(db, a, p, fn, arg, false);
}

enum result db_view(struct db *db, struct arena *a, struct problem *p, db_fn fn, void *arg)
{
    return perform(db, a, p, fn, arg, true);
}

/* ---- life ---- */

enum result db_open(const struct db_config *config, struct db **ret,
                    char ret_error[static DB_ERROR_TEXT])
{
    assert(config->url && config->env);
    assert(config->connections > 0 && config->connections <= DB_CONNECTIONS_MAX);
    struct str url = str_of(config->url);
    ret_error[0] = '\0';
    if (str_starts(url, STR("sqlite:")) && url.len > sizeof "sqlite:" - 1)
        return sqlite_open(config, config->url + sizeof "sqlite:" - 1, ret, ret_error);
    if (str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://")))
        return postgres_open(config, ret, ret_error);
    snprintf(ret_error, DB_ERROR_TEXT, "the database must be sqlite:PATH or a postgres:// address");
    return INVALID;
}

void db_close(struct db *db)
{
    if (db)
        db->ops->close(db);
}

bool db_was_disturbed(const struct db *db)
{
    return db->ops->was_disturbed && db->ops->was_disturbed(db);
}

enum result db_forget_log(struct db *db)
{
    return db->ops->forget_log(db);
}

enum result db_scrub(struct db *db, char ret_error[static DB_ERROR_TEXT])
{
    return db->ops->scrub(db, ret_error);
}

enum db_engine db_engine_of(const struct db *db)
{
    return db->engine;
}

static int64_t counted(const _Atomic int64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void db_stats(const struct db *db, struct db_stats *ret)
{
    const struct db_counters *c = &db->counters;
    *ret = (struct db_stats){
        .commits = counted(&c->commits),
        .groups = counted(&c->groups),
        .retries = counted(&c->retries),
        .rollbacks = counted(&c->rollbacks),
        .queue_length = counted(&c->queue_length),
    };
}

void db_watch(struct db *db, db_watch_fn fn, void *self)
{
    db->watch = fn;
    db->watch_self = self;
}
