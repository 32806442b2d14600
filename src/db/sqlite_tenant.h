/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_tenant: the second lock between tenants on SQLite, which has no row-level security.
 *
 * What is read: while a statement is prepared, SQLite's authorizer tells which tables it names. For
 * each that belongs to tenants (it has a column workspace_id, or is `workspace`) the statement gets
 * a table expression in front that has the table's name and the transaction's tenant alone:
 *
 *     WITH booking AS NOT MATERIALIZED (SELECT * FROM main.booking WHERE workspace_id = $tenant) …
 *
 * So `booking` in any FROM is that, and the planner joins the two conditions into one search; only
 * the target of an INSERT, UPDATE or DELETE is still the table. What is written is therefore looked
 * at row by row in SQLite's preupdate hook: a row of another tenant, before or after, fails the
 * statement. Rows that triggers write pass there, too; what a trigger reads is not narrowed, and
 * ours ask for the workspace of the row at hand.
 *
 * A transaction that was opened for all tenants (db_across) has statements as they are written.
 * Nothing of it is a list: a table that a migration adds is covered.
 * Belongs to its connection's thread.
 */
#ifndef CAREOPS_DB_SQLITE_TENANT_H
#define CAREOPS_DB_SQLITE_TENANT_H

#include "base/buf.h"
#include "db/db_internal.h"

#include <sqlite3.h>

enum { TENANT_TABLES_MAX = 128, TENANT_NAMES_MAX = 40, TENANT_NAME_TEXT = 64 };

/* A table, once a statement has named it. */
struct tenant_table {
    char name[TENANT_NAME_TEXT];
    int column; /* the one that says whose a row is; -1: the table is nobody's */
};

/* A table that the statement at hand names. */
struct tenant_name {
    char name[TENANT_NAME_TEXT];
    bool read; /* outside the triggers */
};

struct sqlite_tenant {
    sqlite3 *handle;
    struct tenant_table tables[TENANT_TABLES_MAX];
    size_t table_count;
    bool noting; /* a statement is being prepared, whose names are wanted */
    bool too_many;
    struct tenant_name names[TENANT_NAMES_MAX];
    size_t name_count;
    const struct db_tx *tx; /* whose statement runs; NULL: one that nobody checks */
    bool trespassed;
};

/* The slot of the tenant in a narrowed statement. */
#define TENANT_PARAMETER "$tenant"

/* Installs the authorizer and the hook; an SQLite result code. */
int sqlite_tenant_open(struct sqlite_tenant *t, sqlite3 *handle) must_check;
/* Tables may have changed. */
void sqlite_tenant_forget(struct sqlite_tenant *t);

/* From here to sqlite_tenant_narrow the names in what is prepared are noted. */
void sqlite_tenant_note(struct sqlite_tenant *t);
/*
 * Whether the statement that was prepared since touches rows of tenants (*ret_touches), and its
 * text narrowed to one of them in `ret_text`, which stays empty where nothing is to narrow. An
 * SQLite result code.
 */
int sqlite_tenant_narrow(struct sqlite_tenant *t, const char *sql, bool *ret_touches,
                         struct buf *ret_text) must_check;

/* A statement of tx runs, until sqlite_tenant_done, which is false when it touched another's row.
 */
void sqlite_tenant_watch(struct sqlite_tenant *t, const struct db_tx *tx);
bool sqlite_tenant_done(struct sqlite_tenant *t) must_check;

#endif
