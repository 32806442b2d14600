/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * schema_faults: what the migrations make, held against what is there. See db.h.
 *
 * Both sides are lists of objects with a content each ("index item_sku_key" is "unique"). What the
 * migrations make is asked of an SQLite database in memory, to which they are applied; so nothing
 * here lists what they hold, and a new one is covered. PostgreSQL's lines have no twin in SQLite:
 * its exclusion, its triggers and its row-level security are named or follow from the columns.
 */
#include "db/db_internal.h"

#include "base/log.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the migrations make ---- */

/* A table of the program's own, made before the first of them. */
#define OF_MIGRATIONS "m.name NOT LIKE 'sqlite_stat%' AND m.tbl_name <> 'schema_migration'"

#define SQLITE_LINES \
    "SELECT m.type || ' ' || m.name, COALESCE(m.sql, '') FROM sqlite_schema m WHERE " OF_MIGRATIONS

/* A CHECK stands in the text of its table alone, so it is counted there. */
#define CHECKS_IN "(LENGTH(m.sql) - LENGTH(REPLACE(m.sql, 'CHECK (', ''))) / 7"
#define OF_TABLES "FROM sqlite_schema m WHERE m.type = 'table' AND " OF_MIGRATIONS
#define PORTABLE_LINES                                                                                   \
    "SELECT 'table ' || m.name, CAST(" CHECKS_IN " AS TEXT) || ' checks' " OF_TABLES                     \
    " UNION ALL SELECT 'column ' || m.name || '.' || c.name,"                                            \
    " CASE WHEN c.\"notnull\" = 1 THEN 'not null' ELSE '' END"                                           \
    " FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND " OF_MIGRATIONS       \
    " UNION ALL SELECT 'primary key of ' || m.name, CAST(COUNT(*) AS TEXT) || ' columns'"                \
    " FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0"             \
    " AND " OF_MIGRATIONS " GROUP BY m.name"                                                             \
    " UNION ALL SELECT 'references of ' || m.name || ' to ' || f.\"table\","                             \
    " CAST(COUNT(DISTINCT f.id) AS TEXT)"                                                                \
    " FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND " OF_MIGRATIONS \
    " GROUP BY m.name, f.\"table\""                                                                      \
    " UNION ALL SELECT 'index ' || m.name, CASE WHEN m.sql LIKE 'CREATE UNIQUE%' THEN 'unique'"          \
    " ELSE '' END FROM sqlite_schema m WHERE m.type = 'index' AND m.sql IS NOT NULL AND " OF_MIGRATIONS  \
    " UNION ALL SELECT 'row-level security of ' || m.name, 'forced'"                                     \
    " FROM sqlite_schema m WHERE m.type = 'table' AND " OF_MIGRATIONS                                    \
    " AND (m.name = 'workspace' OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) c"                    \
    " WHERE c.name = 'workspace_id'))"                                                                   \
    " UNION ALL SELECT column1, column2 FROM (VALUES"                                                    \
    " ('exclusion hold_no_overlap', 'of hold'), ('trigger audit_event_fixed', 'of audit_event'),"        \
    " ('trigger audit_event_only_erased', 'of audit_event'),"                                            \
    " ('trigger stock_move_fixed', 'of stock_move'),"                                                    \
    " ('trigger stock_move_only_erased', 'of stock_move'))"

#define OURS                                                              \
    "r.relnamespace = current_schema()::regnamespace AND r.relkind = 'r'" \
    " AND r.relname <> 'schema_migration'"
#define POSTGRES_LINES                                                                              \
    "SELECT 'table ' || r.relname, (SELECT COUNT(*) FROM pg_constraint n"                           \
    " WHERE n.conrelid = r.oid AND n.contype = 'c')::text || ' checks' FROM pg_class r WHERE " OURS \
    " UNION ALL SELECT 'column ' || r.relname || '.' || a.attname,"                                 \
    " CASE WHEN a.attnotnull THEN 'not null' ELSE '' END FROM pg_class r JOIN pg_attribute a"       \
    " ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE " OURS                    \
    " UNION ALL SELECT 'primary key of ' || r.relname, cardinality(n.conkey)::text || ' columns'"   \
    " FROM pg_class r JOIN pg_constraint n ON n.conrelid = r.oid AND n.contype = 'p' WHERE " OURS   \
    " UNION ALL SELECT 'references of ' || r.relname || ' to ' || t.relname, COUNT(*)::text"        \
    " FROM pg_class r JOIN pg_constraint n ON n.conrelid = r.oid AND n.contype = 'f'"               \
    " JOIN pg_class t ON t.oid = n.confrelid WHERE " OURS " GROUP BY r.relname, t.relname"          \
    " UNION ALL SELECT 'index ' || x.relname, CASE WHEN i.indisunique THEN 'unique' ELSE '' END"    \
    " FROM pg_class r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x"                        \
    " ON x.oid = i.indexrelid WHERE " OURS                                                          \
    " UNION ALL SELECT 'row-level security of ' || r.relname, CASE WHEN r.relrowsecurity"           \
    " AND r.relforcerowsecurity THEN 'forced' ELSE '' END FROM pg_class r JOIN pg_policy p"         \
    " ON p.polrelid = r.oid AND p.polname = 'tenant' WHERE " OURS                                   \
    " UNION ALL SELECT 'exclusion ' || n.conname, 'of ' || r.relname FROM pg_class r"               \
    " JOIN pg_constraint n ON n.conrelid = r.oid AND n.contype = 'x' WHERE " OURS                   \
    " UNION ALL SELECT 'trigger ' || g.tgname, CASE WHEN g.tgenabled = 'D' THEN 'switched off'"     \
    " ELSE 'of ' || r.relname END FROM pg_class r JOIN pg_trigger g"                                \
    " ON g.tgrelid = r.oid AND NOT g.tgisinternal WHERE " OURS

static int apply_all(sqlite3 *memory, struct arena *a)
{
    size_t n;
    struct migration_file *files = migrations_carried(&n);
    int code = SQLITE_OK;
    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = sqlite3_exec(memory, migration_text(a, files[i].text, DB_SQLITE), NULL, NULL, NULL);
    free(files);
    return code;
}

static struct str copied(struct arena *a, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    return str_copy(a, str_of(text ? text : ""));
}

struct line {
    struct str object, content;
};
enum { LINES_MAX = 4096 };

static int read_lines(sqlite3 *memory, const char *sql, struct arena *a, struct line *ret,
                      size_t *ret_count)
{
    sqlite3_stmt *s = NULL;
    size_t n = 0;
    int code = sqlite3_prepare_v2(memory, sql, -1, &s, NULL);
    if (code == SQLITE_OK)
        while ((code = sqlite3_step(s)) == SQLITE_ROW && n < LINES_MAX) {
            ret[n].object = copied(a, s, 0);
            ret[n++].content = copied(a, s, 1);
        }
    sqlite3_finalize(s);
    *ret_count = n;
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* INTERNAL is ours: the migrations are part of the program. */
static enum result read_wanted(struct db_tx *tx, struct line *ret, size_t *ret_count)
{
    sqlite3 *memory = NULL;
    const char *sql = db_tx_engine(tx) == DB_SQLITE ? SQLITE_LINES : PORTABLE_LINES;
    int code = sqlite3_open(":memory:", &memory);
    if (code == SQLITE_OK)
        code = apply_all(memory, tx->arena);
    if (code == SQLITE_OK)
        code = read_lines(memory, sql, tx->arena, ret, ret_count);
    if (code != SQLITE_OK)
        log_event(LOG_ERROR, "the migrations cannot be applied in memory", "s:error",
                  memory ? sqlite3_errmsg(memory) : sqlite3_errstr(code), NULL);
    sqlite3_close(memory);
    return code == SQLITE_OK ? OK : INTERNAL;
}

/* ---- against what is there ---- */

static const struct line *find(const struct line *lines, size_t count, struct str object)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(lines[i].object, object))
            return &lines[i];
    return NULL;
}

static size_t compare(const struct line *wanted, size_t wanted_count, const struct line *there,
                      size_t there_count, struct db_schema_fault *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < wanted_count; i++) {
        const struct line *found = find(there, there_count, wanted[i].object);
        if (!found || !str_eq(found->content, wanted[i].content))
            ret[n++] = (struct db_schema_fault){
                wanted[i].object, found ? "is not as the migrations make it" : "is missing"};
    }
    /* A table or an index more does no harm; a trigger does what nobody knows. */
    for (size_t i = 0; i < there_count; i++)
        if (str_starts(there[i].object, STR("trigger ")) &&
            !find(wanted, wanted_count, there[i].object))
            ret[n++] = (struct db_schema_fault){there[i].object, "is none of ours"};
    return n;
}

enum result db_schema_faults(struct db_tx *tx, int64_t *ret_looked_at, struct db_schema_fault **ret,
                             size_t *ret_count)
{
    struct line *wanted = arena_new_array(tx->arena, LINES_MAX, struct line);
    size_t count = 0;
    struct db_rows r;
    enum result res = read_wanted(tx, wanted, &count);
    if (res == OK)
        res = db_query(tx, &r, db_sql(tx, SQLITE_LINES, POSTGRES_LINES));
    if (res != OK)
        return res;
    struct line *there = arena_new_array(tx->arena, r.count + 1, struct line);
    for (size_t i = 0; i < r.count; i++)
        there[i] = (struct line){db_str(&r, i, 0), db_str(&r, i, 1)};
    *ret = arena_new_array(tx->arena, count + r.count + 1, struct db_schema_fault);
    *ret_count = compare(wanted, count, there, r.count, *ret);
    *ret_looked_at = (int64_t)count;
    return OK;
}
