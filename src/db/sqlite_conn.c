/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_conn: opening, settings, fixed statements and the meaning of errors. See sqlite_conn.h.
 *
 * The settings that durability stands on (journal_mode WAL, synchronous FULL, foreign keys) are
 * read back after they were set: SQLite ignores a PRAGMA that it does not know or may not obey.
 */
#include "db/sqlite_conn.h"

#include "base/log.h"
#include "base/seeded.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROGRESS_STEPS = 2000, /* of SQLite's machine between two looks at the clock: well under 1 ms */
    VALUE_BYTES_MAX = 16 * 1024 * 1024,
    SQL_BYTES_MAX = 1024 * 1024,
};

static const char *const control_sql[CONTROL__MAX] = {
    [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_BEGIN_READ] = "BEGIN DEFERRED",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT one",
    [CONTROL_SAVEPOINT_KEEP] = "RELEASE one",
    [CONTROL_SAVEPOINT_UNDO] = "ROLLBACK TO one",
};

/* ---- errors ---- */

static bool disk_is_full(struct sqlite_conn *c, int code)
{
    if ((code & 0xff) == SQLITE_FULL)
        return true;
    /* The shared-memory index is rebuilt from the WAL, so room missing there endangers nothing. */
    if (code == SQLITE_IOERR_SHMSIZE)
        return true;
    int cause = sqlite3_system_errno(c->handle);
    return code == SQLITE_IOERR_WRITE && (cause == ENOSPC || cause == EDQUOT || cause == EFBIG);
}

enum db_fault sqlite_fault(struct sqlite_conn *c, int code, const char *sql)
{
    if (disk_is_full(c, code))
        return FAULT_STORAGE_FULL;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return FAULT_NONE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT: return FAULT_TOO_BUSY;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        log_event(LOG_ERROR,
                  c->read_only ? "database failed" : "database failed, ending the process",
                  "i:code", (int64_t)code, "s:error", sqlite3_errstr(code), "i:errno",
                  (int64_t)sqlite3_system_errno(c->handle), NULL);
        if (c->read_only)
            return FAULT_INTERNAL;
        if (SEEDED(DAMAGE_SURVIVED))
            return FAULT_TOO_BUSY;
        abort();
    default:
        /* Only a plain SQLITE_ERROR speaks of the statement; other texts could carry its data. */
        log_event(LOG_ERROR, "statement failed", "i:code", (int64_t)code, "s:error",
                  code == SQLITE_ERROR ? sqlite3_errmsg(c->handle) : sqlite3_errstr(code), "s:sql",
                  sql, NULL);
        return FAULT_INTERNAL;
    }
}

/* ---- fixed statements ---- */

int sqlite_control(struct sqlite_conn *c, enum sqlite_control which)
{
    sqlite3_stmt *s = c->control[which];
    c->deadline_ms = INT64_MAX;
    int code = sqlite3_step(s);
    /* The reset repeats the step's error; the code of the step is the one that counts. */
    sqlite3_reset(s);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

void sqlite_undo(struct sqlite_conn *c)
{
    /* Some errors have rolled back already; then there is nothing to end. */
    if (!sqlite3_get_autocommit(c->handle)) {
        int code = sqlite_control(c, CONTROL_ROLLBACK);
        if (code != SQLITE_OK)
            sqlite_fault(c, code, control_sql[CONTROL_ROLLBACK]);
    }
    assert(sqlite3_get_autocommit(c->handle));
}

bool sqlite_owes_foreign_key(struct sqlite_conn *c)
{
    int owed = 0, highest = 0;
    sqlite3_db_status(c->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &owed, &highest, 0);
    return owed != 0;
}

/* ---- opening ---- */

static int out_of_time(void *arg)
{
    const struct sqlite_conn *c = arg;
    return c->deadline_ms != INT64_MAX && env_mono_ms(c->env) > c->deadline_ms;
}

static int note_wal(void *arg, sqlite3 *handle, const char *schema, int frames)
{
    (void)handle;
    (void)schema;
    struct sqlite_conn *c = arg;
    c->wal_frames = frames;
    return SQLITE_OK;
}

static bool pragma_is(struct sqlite_conn *c, const char *sql, const char *expected)
{
    sqlite3_stmt *s = NULL;
    bool same = false;
    if (sqlite3_prepare_v2(c->handle, sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(s, 0);
        same = text && strcmp(text, expected) == 0;
    }
    sqlite3_finalize(s);
    return same;
}

static int set_up(struct sqlite_conn *c, enum sqlite_role role)
{
    sqlite3 *h = c->handle;
    sqlite3_extended_result_codes(h, 1);
    sqlite3_busy_timeout(h, c->busy_ms);
    sqlite3_progress_handler(h, PROGRESS_STEPS, out_of_time, c);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    /* A statement keeps its plan whatever is bound to it; else STAT4 plans it anew on each use. */
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    sqlite3_limit(h, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
    sqlite3_limit(h, SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX);
    sqlite3_limit(h, SQLITE_LIMIT_VARIABLE_NUMBER, DB_PARAMS_MAX + 1); /* and the tenant */
    sqlite3_limit(h, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    sqlite3_limit(h, SQLITE_LIMIT_TRIGGER_DEPTH, 20);
    sqlite3_limit(h, SQLITE_LIMIT_WORKER_THREADS, 0);
    int code = sqlite3_exec(h, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    if (code == SQLITE_OK && role == SQLITE_WRITER)
        code = sqlite3_exec(h,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -16384;"
                            "PRAGMA secure_delete = ON", /* what is removed is overwritten */
                            NULL, NULL, NULL);
    if (code == SQLITE_OK && role == SQLITE_WRITER && SEEDED(SQLITE_NORMAL))
        code = sqlite3_exec(h, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    /* Setting this takes the place of the hook, so the writer's own hook comes after it. */
    if (code == SQLITE_OK)
        code = sqlite3_wal_autocheckpoint(h, 0);
    if (code == SQLITE_OK && role == SQLITE_WRITER)
        sqlite3_wal_hook(h, note_wal, c);
    else
        sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return code;
}

static int prepare_controls(struct sqlite_conn *c)
{
    int code = SQLITE_OK;
    for (int i = 0; i < CONTROL__MAX && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(c->handle, control_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &c->control[i], NULL);
    return code;
}

static enum result refuse(struct sqlite_conn *c, const char *path, const char *why,
                          char ret_error[static DB_ERROR_TEXT])
{
    snprintf(ret_error, DB_ERROR_TEXT, "cannot use the database %s: %s", path, why);
    sqlite_conn_close(c);
    return INTERNAL;
}

enum result sqlite_conn_open(struct sqlite_conn *c, const char *path, enum sqlite_role role,
                             const struct db *db, char ret_error[static DB_ERROR_TEXT])
{
    *c = (struct sqlite_conn){.env = db->env,
                              .busy_ms = db->busy_ms,
                              .read_only = db->read_only,
                              .deadline_ms = INT64_MAX};
    assert(!db->read_only || role == SQLITE_READER);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |=
        role == SQLITE_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (db->read_only)
        flags |= SQLITE_OPEN_URI;
    int code = sqlite3_open_v2(path, &c->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = set_up(c, role);
    if (code == SQLITE_OK)
        code = sqlite_tenant_open(&c->tenant, c->handle);
    if (code == SQLITE_OK)
        code = prepare_controls(c);
    if (code != SQLITE_OK)
        return refuse(c, path, c->handle ? sqlite3_errmsg(c->handle) : sqlite3_errstr(code),
                      ret_error);
    /* A copy that is only read may be one that has never been written to. */
    if (!db->read_only && !pragma_is(c, "PRAGMA journal_mode", "wal"))
        return refuse(c, path, "its journal cannot be a write-ahead log there", ret_error);
    if (!pragma_is(c, "PRAGMA foreign_keys", "1") ||
        (role == SQLITE_WRITER && !SEEDED(SQLITE_NORMAL) &&
         !pragma_is(c, "PRAGMA synchronous", "2" /* FULL */)))
        return refuse(c, path, "SQLite did not take its settings", ret_error);
    return OK;
}

void sqlite_conn_close(struct sqlite_conn *c)
{
    sql_cache_clear(&c->cache, sqlite_statement_drop);
    for (int i = 0; i < CONTROL__MAX; i++)
        sqlite3_finalize(c->control[i]);
    sqlite3_close_v2(c->handle);
    memset(c->control, 0, sizeof c->control);
    c->handle = NULL;
}
