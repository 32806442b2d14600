/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_conn: one connection to an SQLite file, its settings, statements and errors.
 *
 * Belongs to one thread at a time (SQLite is compiled with THREADSAFE=2). The writer's is opened
 * first and closed last; readers are read-only and never checkpoint.
 */
#ifndef CAREOPS_DB_SQLITE_CONN_H
#define CAREOPS_DB_SQLITE_CONN_H

#include "db/db_internal.h"
#include "db/sql_cache.h"
#include "db/sqlite_tenant.h"

#include <sqlite3.h>

/* 3.7.0 to 3.51.2 can lose commits when two connections write and checkpoint at once. */
enum { SQLITE_LEAST_VERSION = 3051003 };

enum sqlite_control {
    CONTROL_BEGIN_WRITE,
    CONTROL_BEGIN_READ,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_SAVEPOINT_KEEP,
    CONTROL_SAVEPOINT_UNDO,
    CONTROL__MAX
};

struct sqlite_conn {
    sqlite3 *handle;
    const struct env *env;
    int busy_ms;
    bool read_only;      /* beside whoever uses the file (db.h): errors do not end the process */
    int64_t deadline_ms; /* of the running statement, on the monotonic clock */
    int wal_frames;      /* in the WAL after this connection's last commit */
    sqlite3_stmt *control[CONTROL__MAX];
    struct sql_cache cache;
    struct sqlite_tenant tenant;
};

enum sqlite_role { SQLITE_WRITER, SQLITE_READER };

/* `path` is an URI where the database is opened read-only. On failure one line in ret_error, and
 * nothing to close. */
enum result sqlite_conn_open(struct sqlite_conn *c, const char *path, enum sqlite_role role,
                             const struct db *db, char ret_error[static DB_ERROR_TEXT]) must_check;
void sqlite_conn_close(struct sqlite_conn *c);

/* Runs a fixed statement; an SQLite result code. */
int sqlite_control(struct sqlite_conn *c, enum sqlite_control which) must_check;
/* Ends a transaction, whatever state it is in. */
void sqlite_undo(struct sqlite_conn *c);

/*
 * What an SQLite result code means for a transaction. Ends the process on an I/O or corruption
 * error: after a failed fsync nobody knows what the disk holds, and only a restart reads it again.
 */
enum db_fault sqlite_fault(struct sqlite_conn *c, int code, const char *sql);

/* db_ops.run and db_ops.script; tx->conn is a struct sqlite_conn. */
enum db_fault sqlite_run(struct db_tx *tx, const struct db_statement *s);
enum db_fault sqlite_script(struct db_tx *tx, const char *text,
                            char ret_error[static DB_ERROR_TEXT]);

/* Gives back what sqlite_run keeps in the cache. */
void sqlite_statement_drop(void *payload);

/* Whether a deferred foreign key is still broken, which would fail the whole group's COMMIT. */
bool sqlite_owes_foreign_key(struct sqlite_conn *c);

#endif
