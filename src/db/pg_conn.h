/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pg_conn: one connection to PostgreSQL, always in pipeline mode.
 *
 * What is sent is remembered in a queue of what must be answered, in order. Nothing is awaited
 * until pg_drain, which puts a sync point behind it all and reads to the end of the queue. So the
 * queue is empty between two drains except for what was sent since. One drain reads at most one set
 * of rows.
 *
 * Every wait has a deadline of its own beside the server's statement_timeout: a server that went
 * away without a word must not hold a worker. A connection on which anything unexpected happened is
 * `lost`: it is never used again, only closed and opened anew.
 * Belongs to one thread at a time.
 */
#ifndef CAREOPS_DB_PG_CONN_H
#define CAREOPS_DB_PG_CONN_H

#include "db/db_internal.h"
#include "db/sql_cache.h"

#include <libpq-fe.h>

enum { PG_LEAST_VERSION = 150000, PG_PENDING_MAX = 256, PG_DRAIN_AT = 128 };

enum pg_kind {
    PG_PREPARE, /* of the statement that follows it */
    PG_RUN,     /* its rows, if any, are dropped */
    PG_ROWS,    /* its result is handed out by pg_drain */
    PG_COMMIT,  /* as PG_RUN, and its answer decides */
    PG_SYNC,
};

enum pg_prepared_state {
    PG_UNPREPARED,
    PG_ASKED, /* queued or sent, not answered */
    PG_READY,
};

struct pg_prepared {
    char name[16]; /* "s<number>", unique on its connection */
    enum pg_prepared_state state;
};

struct pg_pending {
    enum pg_kind kind;
    const char *sql;
    struct pg_prepared *prepared; /* PG_PREPARE */
};

/* The first error that was read since pg_conn_begin. */
struct pg_error {
    bool set;
    bool lost;     /* it says that the connection is gone, and nothing of the statement */
    char state[6]; /* SQLSTATE; "" where libpq itself found the fault */
    char constraint[DB_CONFLICT_TEXT];
    char message[256];
    const char *sql;
};

struct pg_conn {
    PGconn *pq; /* NULL = not connected */
    const struct env *env;
    int busy_ms;
    bool lost;
    bool late;      /* lost because a deadline passed */
    bool began;     /* BEGIN was queued: there is a transaction to end */
    bool committed; /* the server has answered COMMIT */
    bool warned;    /* the server has answered it with a WARNING */
    enum pg_kind reading;
    struct pg_error error;
    unsigned prepared_count;
    size_t pending_first, pending_count;
    struct pg_pending pending[PG_PENDING_MAX];
    struct sql_cache cache;
};

/* Connects and sets the session up. On failure one line (without secrets) in ret_error. */
enum result pg_conn_open(struct pg_conn *c, const char *url,
                         char ret_error[static DB_ERROR_TEXT]) must_check;
void pg_conn_close(struct pg_conn *c);
/* Ready for a transaction? Notices an idle connection that the server has closed meanwhile. */
bool pg_conn_alive(struct pg_conn *c);
/* Forgets the last transaction's outcome. Nothing may be pending. */
void pg_conn_begin(struct pg_conn *c);

/* Queues a statement. False when the connection is lost. */
bool pg_send(struct pg_conn *c, enum pg_kind kind, const char *sql, const struct db_value *params,
             size_t n) must_check;
/* Queues a sync point: what stands behind it runs even where something before it failed. */
bool pg_sync(struct pg_conn *c) must_check;
/*
 * Sends what is queued behind a sync point and reads every answer. The result of the PG_ROWS
 * statement, if it succeeded, goes to *ret_rows (NULL: there is none) and is the caller's to clear.
 * False when the connection is lost; errors of statements are in c->error.
 */
bool pg_drain(struct pg_conn *c, int wait_ms, PGresult **ret_rows) must_check;
/* Sends what is queued behind a sync point without waiting for the answers. */
bool pg_push(struct pg_conn *c) must_check;

/* Several statements in one text (simple protocol). Nothing may be pending. */
bool pg_script(struct pg_conn *c, const char *text, int wait_ms) must_check;

/* ---- pg_values.c ---- */

/* Parameters in binary form, each with the type that PostgreSQL shall take it for. */
struct pg_params {
    int count;
    Oid types[DB_PARAMS_MAX];
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    uint64_t integers[DB_PARAMS_MAX]; /* big-endian: what `values` of integers point at */
};
void pg_params_fill(struct pg_params *p, const struct db_value *params, size_t n);

/* False where a value is neither integer, text nor bytes, or there are too many rows. */
bool pg_rows_read(const PGresult *result, enum db_run_mode mode, struct arena *a,
                  struct db_rows *ret) must_check;

#endif
