/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_ask FILE run|plan|narrowed: takes the statements on standard input, each ended by a NUL
 * byte, with the very SQLite that the program is built with. `run` runs each and prints its rows:
 * columns apart by a tab, rows by a line's end, a NUL byte after the last; parameters stay NULL.
 * `plan` prints the rows of its EXPLAIN QUERY PLAN, `narrowed` those of the statement as a tenant's
 * transaction runs it. The first that fails ends it with status 1 and the reason on standard error.
 */
#include "db/sqlite_tenant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024 };

static int narrow(struct sqlite_tenant *t, const char *sql, struct buf *ret)
{
    sqlite3_stmt *statement = NULL;
    bool touches;
    sqlite_tenant_note(t);
    int code = sqlite3_prepare_v2(t->handle, sql, -1, &statement, NULL);
    sqlite3_finalize(statement);
    return code == SQLITE_OK ? sqlite_tenant_narrow(t, sql, &touches, ret) : code;
}

static int step_through(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW)
            break;
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *text = sqlite3_column_text(statement, i);
            printf("%s%s", i > 0 ? "\t" : "", text ? (const char *)text : "");
        }
        putchar('\n');
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int ask(sqlite3 *db, struct sqlite_tenant *t, const char *how, const char *sql)
{
    struct buf narrowed, text;
    buf_init(&narrowed, TEXT_MAX);
    buf_init(&text, TEXT_MAX);
    int code = strcmp(how, "narrowed") == 0 ? narrow(t, sql, &narrowed) : SQLITE_OK;
    buf_z(&text, strcmp(how, "run") == 0 ? "" : "EXPLAIN QUERY PLAN ");
    buf_z(&text, narrowed.len > 0 ? narrowed.ptr : sql);
    buf_byte(&text, '\0');
    if (code == SQLITE_OK)
        code = step_through(db, text.ptr);
    if (code != SQLITE_OK)
        fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(db), text.ptr);
    putchar('\0');
    buf_done(&narrowed);
    buf_done(&text);
    return code != SQLITE_OK;
}

int main(int argc, char **argv)
{
    static struct sqlite_tenant tenant;
    sqlite3 *db = NULL;
    char *sql = NULL;
    size_t size = 0;
    int failed = argc != 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) ||
                 sqlite_tenant_open(&tenant, db);
    if (failed)
        fprintf(stderr, "usage: sqlite_ask FILE run|plan|narrowed; the file has to exist\n");
    while (!failed && getdelim(&sql, &size, '\0', stdin) > 0)
        failed = ask(db, &tenant, argv[2], sql);
    free(sql);
    sqlite3_close(db);
    return failed;
}
