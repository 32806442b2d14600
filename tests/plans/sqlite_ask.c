/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite_ask FILE: runs the statements on standard input, each ended by a NUL byte, with the very
 * SQLite that the program is built with, and prints each one's rows: columns apart by a tab, rows
 * by a line's end, a NUL byte after the last. Parameters stay NULL. The first statement that fails
 * ends it with status 1 and the reason on standard error.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static int ask(sqlite3 *db, const char *sql)
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
    if (code != SQLITE_DONE)
        fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(db), sql);
    sqlite3_finalize(statement);
    putchar('\0');
    return code == SQLITE_DONE ? 0 : 1;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    char *sql = NULL;
    size_t size = 0;
    int failed = argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL);
    if (failed)
        fprintf(stderr, "usage: sqlite_ask FILE, which has to exist\n");
    while (!failed && getdelim(&sql, &size, '\0', stdin) > 0)
        failed = ask(db, sql);
    free(sql);
    sqlite3_close(db);
    return failed;
}
