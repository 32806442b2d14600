/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * migrate: numbered SQL files, applied once each, in order. See db.h and migrations/README.md.
 *
 * Each file is one transaction that looks again, under the lock, whether the file is still to be
 * applied: several processes may start at once on one PostgreSQL. What was applied is written down
 * with the file's SHA-256, so that a file that was edited afterwards is noticed.
 */
#include "db/db_internal.h"

#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MIGRATIONS_MAX = 9999, DIGITS = 4, TEXT_MAX = 4 * 1024 * 1024 };

/* Any number that nobody else takes: "careops" read as base 36, shortened to fit. */
static const int64_t ADVISORY_LOCK = 26924735104;

struct step {
    const struct migration_file *file;
    int64_t version;
    bool applied; /* by this call */
    char hash[TOKEN_HASH_TEXT];
    char error[DB_ERROR_TEXT];
};

/* ---- the text ---- */

static bool take(struct str *line, const char *marker)
{
    struct str m = str_of(marker);
    if (!str_starts(*line, m))
        return false;
    line->ptr += m.len;
    line->len -= m.len;
    return true;
}

const char *migration_text(struct arena *a, struct str text, enum db_engine engine)
{
    const char *marker = engine == DB_SQLITE ? "--sqlite:" : "--postgres:";
    struct buf out;
    buf_init(&out, TEXT_MAX);
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct str line = {text.ptr, end ? (size_t)(end - text.ptr) + 1 : text.len};
        text.ptr += line.len;
        text.len -= line.len;
        take(&line, marker);
        buf_str(&out, line);
    }
    assert(!out.overflow); /* the files are part of the program */
    const char *copy = str_z(a, buf_view(&out));
    buf_done(&out);
    return copy;
}

/* "0012_x.sql" → 12; 0 where the name is no such. */
static int64_t version_of(const char *name)
{
    int64_t version = 0;
    if (strlen(name) <= DIGITS || name[DIGITS] != '_' ||
        !str_int((struct str){name, DIGITS}, &version) || version < 1)
        return 0;
    return version;
}

/* ---- one file ---- */

static enum result lock_schema(struct db_tx *tx)
{
    struct db_rows rows;
    tx->patient = true;
    struct db_reach before = db_across(tx, "a migration changes every tenant's rows");
    (void)before; /* so it stays, to the end of the transaction */
    if (db_tx_engine(tx) == DB_SQLITE)
        return OK; /* the writer runs one at a time */
    enum result r = db_query(tx, &rows,
                             "SELECT set_config('statement_timeout', '0', true),"
                             " set_config('lock_timeout', '0', true)");
    return r == OK ? db_query(tx, &rows, "SELECT pg_advisory_xact_lock($1)", db_i(ADVISORY_LOCK))
                   : r;
}

static enum result apply(struct db_tx *tx, void *arg)
{
    struct step *s = arg;
    struct db_rows rows;
    s->applied = false;
    enum result r = lock_schema(tx);
    if (r != OK)
        return r;
    r = db_one(tx, &rows, "SELECT sha256 FROM schema_migration WHERE version = $1",
               db_i(s->version));
    if (r == OK && !str_is(db_str(&rows, 0, 0), s->hash)) {
        snprintf(s->error, sizeof s->error, "it was applied with another content");
        return CONFLICT;
    }
    if (r != NOT_FOUND)
        return r;
    const char *text = migration_text(tx->arena, s->file->text, db_tx_engine(tx));
    if (db_fail(tx, tx->db->ops->script(tx, text, s->error)) != FAULT_NONE)
        return INTERNAL;
    s->applied = true;
    return db_exec(tx,
                   "INSERT INTO schema_migration (version, name, sha256, applied_s)"
                   " VALUES ($1, $2, $3, $4)",
                   db_i(s->version), db_z(s->file->name), db_z(s->hash),
                   db_i(env_now_s(tx->db->env)));
}

/* ---- the whole ---- */

static enum result make_table(struct db_tx *tx, void *arg)
{
    (void)arg;
    enum result r = lock_schema(tx);
    return r == OK ? db_exec(tx, "CREATE TABLE IF NOT EXISTS schema_migration ("
                                 " version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
                                 " sha256 TEXT NOT NULL, applied_s BIGINT NOT NULL)")
                   : r;
}

struct recorded {
    bool exists;
    struct db_rows rows; /* version, sha256, in order */
};

static enum result read_recorded(struct db_tx *tx, void *arg)
{
    struct recorded *ret = arg;
    struct db_rows rows;
    *ret = (struct recorded){.exists = false};
    enum result r = db_one(
        tx, &rows,
        db_sql(tx, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
               "SELECT 1 WHERE to_regclass('schema_migration') IS NOT NULL"));
    if (r != OK)
        return r == NOT_FOUND ? OK : r;
    ret->exists = true;
    return db_query(tx, &ret->rows,
                    "SELECT version, sha256 FROM schema_migration ORDER BY version LIMIT $1",
                    db_i(MIGRATIONS_MAX + 1));
}

/* Nothing that the program does not know, and what it knows unchanged. */
static enum result check_known(const struct recorded *r, const struct migration_file *files,
                               size_t n, char ret_error[static DB_ERROR_TEXT])
{
    char hash[TOKEN_HASH_TEXT];
    for (size_t i = 0; i < r->rows.count; i++) {
        int64_t version = db_int(&r->rows, i, 0);
        if (version < 1 || (size_t)version > n) {
            snprintf(ret_error, DB_ERROR_TEXT,
                     "the database is newer than this program: it has migration %04lld",
                     (long long)version);
            return CONFLICT;
        }
        struct str text = files[version - 1].text;
        token_hash(text.ptr, text.len, hash);
        if (!str_is(db_str(&r->rows, i, 1), hash)) {
            snprintf(ret_error, DB_ERROR_TEXT,
                     "migration %.100s was applied to the database with another content",
                     files[version - 1].name);
            return CONFLICT;
        }
    }
    return OK;
}

static enum result apply_all(struct db *db, struct arena *a, const struct migration_file *files,
                             size_t n, int *ret_applied, char ret_error[static DB_ERROR_TEXT])
{
    struct step s;
    int applied = 0;
    for (size_t i = 0; i < n; i++) {
        s = (struct step){.file = &files[i], .version = (int64_t)i + 1};
        token_hash(s.file->text.ptr, s.file->text.len, s.hash);
        struct problem p = {0};
        enum result r = db_transact(db, a, &p, apply, &s);
        if (r != OK) {
            snprintf(ret_error, DB_ERROR_TEXT, "migration %.100s: %.380s", s.file->name,
                     s.error[0] ? s.error : p.detail);
            return r;
        }
        applied += s.applied;
    }
    *ret_applied = applied;
    return OK;
}

enum result migrate_files(struct db *db, const struct migration_file *files, size_t n,
                          int *ret_applied, char ret_error[static DB_ERROR_TEXT])
{
    struct recorded recorded;
    struct problem p = {0};
    struct arena a;
    assert(n <= MIGRATIONS_MAX);
    for (size_t i = 0; i < n; i++)
        assert(version_of(files[i].name) == (int64_t)i + 1); /* no gap, no second of a number */
    ret_error[0] = '\0';
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result r = db_view(db, &a, &p, read_recorded, &recorded);
    if (r == OK)
        r = check_known(&recorded, files, n, ret_error);
    if (r == OK && !recorded.exists)
        r = db_transact(db, &a, &p, make_table, NULL);
    if (r == OK)
        r = apply_all(db, &a, files, n, ret_applied, ret_error);
    if (r != OK && !ret_error[0])
        snprintf(ret_error, DB_ERROR_TEXT, "cannot read the schema's version: %.400s", p.detail);
    arena_done(&a);
    return r;
}

enum result migrate_is_current(struct db *db, const struct migration_file *files, size_t n,
                               char ret_error[static DB_ERROR_TEXT])
{
    struct recorded recorded;
    struct problem p = {0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result r = db_view(db, &a, &p, read_recorded, &recorded);
    if (r != OK)
        snprintf(ret_error, DB_ERROR_TEXT, "cannot read the schema's version: %.400s", p.detail);
    if (r == OK && !recorded.exists) {
        snprintf(ret_error, DB_ERROR_TEXT, "it is no database of this program: it has no schema");
        r = CONFLICT;
    }
    if (r == OK)
        r = check_known(&recorded, files, n, ret_error);
    if (r == OK && recorded.rows.count != n) {
        snprintf(ret_error, DB_ERROR_TEXT,
                 "the database is older than this program: it has migration %04zu of %04zu; bring "
                 "it up with `careops migrate`, or ask the program that it belongs to",
                 recorded.rows.count, n);
        r = CONFLICT;
    }
    arena_done(&a);
    return r;
}
