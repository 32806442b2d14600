/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_run: statements on one SQLite connection: prepare, bind, step, read. See sqlite_conn.h.
 *
 * SQLite numbers `$1`, `$2` … by first appearance and not by their digits, so each prepared
 * statement remembers which parameter each of its slots wants. A statement is prepared once for a
 * transaction with a tenant, narrowed to it (sqlite_tenant.h), and once as it is written for one
 * that is open to all.
 */
#include "db/sqlite_conn.h"

#include "base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NARROWED_BYTES_MAX = 64 * 1024, WANTS_TENANT = DB_PARAMS_MAX };

struct prepared {
    sqlite3_stmt *stmt;
    bool of_tenants; /* it touches their rows, and wants one */
    int slots;
    unsigned char wants[DB_PARAMS_MAX + 1]; /* slot → index into the parameters, or WANTS_TENANT */
};

void sqlite_statement_drop(void *payload)
{
    struct prepared *p = payload;
    sqlite3_finalize(p->stmt);
    free(p);
}

/* ---- what refused a statement ---- */

/* Finds the unique index over exactly `columns` ("t.a, t.b"), as the error text names them. */
static void name_unique(struct db_tx *tx, const char *columns)
{
    static const char sql[] =
        "SELECT CASE l.origin WHEN 'c' THEN l.name WHEN 'pk' THEN $1 || '_pkey' ELSE $1 || '_' || "
        "  (SELECT group_concat(i.name, '_' ORDER BY i.seqno) FROM pragma_index_info(l.name) AS i)"
        "  || '_key' END "
        "FROM pragma_index_list($1) AS l WHERE l.\"unique\" = 1 AND $2 = "
        "  (SELECT group_concat($1 || '.' || i.name, ', ' ORDER BY i.seqno)"
        "   FROM pragma_index_info(l.name) AS i)";
    struct sqlite_conn *c = tx->conn;
    sqlite3_stmt *s = NULL;
    size_t table = strcspn(columns, ".");
    if (sqlite3_prepare_v2(c->handle, sql, -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, columns, table, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_text64(s, 2, columns, strlen(columns), SQLITE_STATIC, SQLITE_UTF8);
        if (sqlite3_step(s) == SQLITE_ROW)
            db_fail_conflict(tx, (const char *)sqlite3_column_text(s, 0),
                             (size_t)sqlite3_column_bytes(s, 0));
    }
    sqlite3_finalize(s);
    db_fail_conflict(tx, "", 0); /* unless it was named */
}

static void name_primary_key(struct db_tx *tx, const char *columns)
{
    char name[DB_CONFLICT_TEXT];
    int len = snprintf(name, sizeof name, "%.*s_pkey", (int)strcspn(columns, "."), columns);
    db_fail_conflict(tx, name, len > 0 ? (size_t)len : 0);
}

static const char *after(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/*
 * Reads the name out of SQLite's words, which are part of its tested behaviour: "UNIQUE constraint
 * failed: t.a, t.b", "UNIQUE constraint failed: index 'name'", "CHECK constraint failed: name", and
 * for a trigger whatever it raised.
 */
static enum db_fault refused(struct db_tx *tx, int code, const char *sql)
{
    struct sqlite_conn *c = tx->conn;
    char text[256];
    snprintf(text, sizeof text, "%s", sqlite3_errmsg(c->handle));
    const char *what;
    switch (code) {
    case SQLITE_CONSTRAINT_TRIGGER: return db_fail_conflict(tx, text, strlen(text));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return db_fail_conflict(tx, "foreign_key", strlen("foreign_key"));
    case SQLITE_CONSTRAINT_CHECK:
        what = after(text, "CHECK constraint failed: ");
        return db_fail_conflict(tx, what ? what : "", what ? strlen(what) : 0);
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        what = after(text, "UNIQUE constraint failed: index '");
        if (what)
            return db_fail_conflict(tx, what, strcspn(what, "'"));
        what = after(text, "UNIQUE constraint failed: ");
        if (!what)
            what = "";
        if (code == SQLITE_CONSTRAINT_UNIQUE)
            name_unique(tx, what);
        else
            name_primary_key(tx, what);
        return tx->fault;
    default:
        /* NOT NULL and the like: the program let something through that it should have checked. */
        log_event(LOG_ERROR, "statement refused", "i:code", (int64_t)code, "s:error", text, "s:sql",
                  sql, NULL);
        return FAULT_INTERNAL;
    }
}

static enum db_fault failed(struct db_tx *tx, int code, const char *sql)
{
    if ((code & 0xff) == SQLITE_CONSTRAINT)
        return refused(tx, code, sql);
    return sqlite_fault(tx->conn, code, sql);
}

/* ---- preparing and binding ---- */

static bool map_slots(struct prepared *p, const char *sql)
{
    p->slots = sqlite3_bind_parameter_count(p->stmt);
    for (int i = 0; i < p->slots; i++) {
        const char *name = sqlite3_bind_parameter_name(p->stmt, i + 1);
        int64_t number = 0;
        if (name && strcmp(name, TENANT_PARAMETER) == 0) {
            p->wants[i] = WANTS_TENANT;
            continue;
        }
        if (!name || name[0] != '$' || !str_int(str_of(name + 1), &number) || number < 1 ||
            number > DB_PARAMS_MAX) {
            log_event(LOG_ERROR, "parameters are $1 to $64", "s:sql", sql, NULL);
            return false;
        }
        p->wants[i] = (unsigned char)(number - 1);
    }
    return true;
}

/* Prepares it again so that it reads the rows of one tenant, where it reads rows of tenants. */
static int narrow(struct sqlite_conn *c, struct prepared *p, const char *sql)
{
    struct buf text;
    buf_init(&text, NARROWED_BYTES_MAX);
    int code = sqlite_tenant_narrow(&c->tenant, sql, &p->of_tenants, &text);
    if (code == SQLITE_OK && text.len > 0) {
        sqlite3_finalize(p->stmt);
        p->stmt = NULL;
        code =
            sqlite3_prepare_v3(c->handle, text.ptr, -1, SQLITE_PREPARE_PERSISTENT, &p->stmt, NULL);
    }
    buf_done(&text);
    return code;
}

static struct prepared *prepare(struct db_tx *tx, const char *sql)
{
    struct sqlite_conn *c = tx->conn;
    struct prepared *p = calloc(1, sizeof *p);
    const char *tail = NULL;
    if (!p)
        abort();
    sqlite_tenant_note(&c->tenant);
    int code = sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &p->stmt, &tail);
    c->tenant.noting = false;
    if (code == SQLITE_OK && p->stmt && !tx->reach.across)
        code = narrow(c, p, sql);
    if (code != SQLITE_OK)
        db_fail(tx, sqlite_fault(c, code, sql));
    else if (!p->stmt || tail[strspn(tail, " \t\r\n;")]) {
        log_event(LOG_ERROR, "one statement at a time", "s:sql", sql, NULL);
        db_fail(tx, FAULT_INTERNAL);
    } else if (!map_slots(p, sql))
        db_fail(tx, FAULT_INTERNAL);
    if (tx->fault == FAULT_NONE)
        return p;
    sqlite_statement_drop(p);
    return NULL;
}

static int bind_one(sqlite3_stmt *s, int slot, const struct db_value *v)
{
    switch (v->type) {
    case DB_INT: return sqlite3_bind_int64(s, slot, v->i);
    case DB_TEXT:
        return sqlite3_bind_text64(s, slot, v->s.ptr, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB: return sqlite3_bind_blob64(s, slot, v->s.ptr, v->s.len, SQLITE_STATIC);
    case DB_NULL: break;
    }
    return sqlite3_bind_null(s, slot);
}

static int bind(const struct prepared *p, const struct db_statement *s, int64_t tenant)
{
    int code = SQLITE_OK;
    for (int i = 0; i < p->slots && code == SQLITE_OK; i++) {
        if (p->wants[i] == WANTS_TENANT) {
            code = sqlite3_bind_int64(p->stmt, i + 1, tenant);
            continue;
        }
        assert(p->wants[i] < s->param_count);
        code = bind_one(p->stmt, i + 1, &s->params[p->wants[i]]);
    }
    return code;
}

/* ---- running ---- */

static bool read_cell(sqlite3_stmt *s, int column, struct arena *a, struct db_value *ret)
{
    size_t len;
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL: *ret = db_null(); return true;
    case SQLITE_INTEGER: *ret = db_i(sqlite3_column_int64(s, column)); return true;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(s, column);
        len = (size_t)sqlite3_column_bytes(s, column);
        *ret = db_s((struct str){arena_strndup(a, text, len), len});
        return true;
    }
    case SQLITE_BLOB: {
        const char *bytes = sqlite3_column_blob(s, column);
        len = (size_t)sqlite3_column_bytes(s, column);
        *ret = db_bytes((struct str){arena_strndup(a, bytes, len), len});
        return true;
    }
    default: return false; /* a fraction: this program has none */
    }
}

static enum db_fault read_row(struct row_sink *sink, sqlite3_stmt *s, const char *sql)
{
    struct db_value *cells = row_sink_next(sink);
    if (!cells) {
        log_event(LOG_ERROR, "too many rows: say LIMIT", "s:sql", sql, NULL);
        return FAULT_INTERNAL;
    }
    for (size_t i = 0; i < sink->columns; i++) {
        if (!read_cell(s, (int)i, sink->arena, &cells[i])) {
            log_event(LOG_ERROR, "neither integer, text nor bytes", "s:sql", sql, NULL);
            return FAULT_INTERNAL;
        }
    }
    return FAULT_NONE;
}

static enum db_fault step(struct db_tx *tx, sqlite3_stmt *stmt, const struct db_statement *s)
{
    struct sqlite_conn *c = tx->conn;
    struct row_sink sink;
    int code;
    row_sink_init(&sink, tx->arena, (size_t)sqlite3_column_count(stmt), s->mode);
    bool wants_rows = s->mode == RUN_ALL || s->mode == RUN_ONE;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (!wants_rows || (s->mode == RUN_ONE && sink.count == 1))
            continue;
        enum db_fault fault = read_row(&sink, stmt, s->sql);
        if (fault != FAULT_NONE)
            return fault;
        /* A statement that writes is run to its end, where its constraints are checked. */
        if (s->mode == RUN_ONE && sqlite3_stmt_readonly(stmt)) {
            code = SQLITE_DONE;
            break;
        }
    }
    if (code != SQLITE_DONE)
        return failed(tx, code, s->sql);
    if (wants_rows)
        row_sink_finish(&sink, s->rows);
    if (s->mode == RUN_COUNT)
        *s->changed = sqlite3_stmt_readonly(stmt) ? 0 : sqlite3_changes64(c->handle);
    return FAULT_NONE;
}

/* Binds and steps, and sees to it that no row of another tenant was touched. */
static enum db_fault run_watched(struct db_tx *tx, const struct prepared *p,
                                 const struct db_statement *s)
{
    struct sqlite_conn *c = tx->conn;
    if (p->of_tenants && !tx->reach.tenant && !tx->reach.across) {
        log_event(LOG_ERROR, "a statement on rows of tenants in a transaction without one", "s:sql",
                  s->sql, NULL);
        return FAULT_INTERNAL;
    }
    c->deadline_ms = tx->patient ? INT64_MAX : env_mono_ms(c->env) + c->busy_ms;
    sqlite_tenant_watch(&c->tenant, tx);
    int code = bind(p, s, tx->reach.tenant);
    enum db_fault fault = code == SQLITE_OK ? step(tx, p->stmt, s) : failed(tx, code, s->sql);
    sqlite3_reset(p->stmt);
    if (sqlite_tenant_done(&c->tenant))
        return fault;
    /* What else it met does not matter: another tenant's row is not told by a conflict either. */
    tx->fault = FAULT_NONE;
    tx->conflict[0] = '\0';
    log_event(LOG_ERROR, "a statement would have written another tenant's row", "s:sql", s->sql,
              NULL);
    return FAULT_INTERNAL;
}

enum db_fault sqlite_run(struct db_tx *tx, const struct db_statement *s)
{
    struct sqlite_conn *c = tx->conn;
    /* SQLite's statements have no parameter types: in their place stands which of the two it is. */
    const struct sql_types which = {{tx->reach.across ? 1 : 0}};
    bool kept = true;
    struct prepared *p = sql_cache_find(&c->cache, s->sql, which);
    if (!p) {
        p = prepare(tx, s->sql);
        if (!p)
            return tx->fault;
        kept = sql_cache_add(&c->cache, s->sql, which, p);
    }
    enum db_fault fault = run_watched(tx, p, s);
    if (!kept)
        sqlite_statement_drop(p);
    return fault;
}

enum db_fault sqlite_script(struct db_tx *tx, const char *text,
                            char ret_error[static DB_ERROR_TEXT])
{
    struct sqlite_conn *c = tx->conn;
    int code = SQLITE_OK;
    c->deadline_ms = INT64_MAX;
    /* What was prepared may know tables that will not be the same. */
    sql_cache_clear(&c->cache, sqlite_statement_drop);
    sqlite_tenant_forget(&c->tenant);
    /* SQLite itself finds each statement's end, with its strings, comments and trigger bodies. */
    while (*text && code == SQLITE_OK) {
        sqlite3_stmt *s = NULL;
        code = sqlite3_prepare_v2(c->handle, text, -1, &s, &text);
        while (s && (code = sqlite3_step(s)) == SQLITE_ROW)
            continue;
        if (code == SQLITE_DONE)
            code = SQLITE_OK;
        if (code != SQLITE_OK)
            snprintf(ret_error, DB_ERROR_TEXT, "%s", sqlite3_errmsg(c->handle));
        sqlite3_finalize(s);
    }
    return code == SQLITE_OK ? FAULT_NONE : failed(tx, code, "(a migration)");
}
