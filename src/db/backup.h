/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup: an SQLite database in one file, taken while the program runs, and the way back.
 *
 * A backup is the pages of the database as one read transaction saw them, so it holds a prefix of
 * the commits: everything that was acknowledged before it began, nothing from after its moment. It
 * is an SQLite file that any tool opens, with a digest behind the pages (backup_end.h). The key
 * that seals secrets is not in it, and neither is the list of the erased: those two are kept apart.
 *
 * backup_take may run in another process than the one that serves. It never checkpoints and never
 * writes to the database; the writer does not wait for it (sqlite_writer.c), only the write-ahead
 * log grows by what is committed while the pages are being copied. Under its final name the file
 * is whole or not there: it grows as NAME.part, whose first page (without it nobody takes it for a
 * database) is written last.
 *
 * A restore looks at everything before it touches anything, needs the database to be nobody's, and
 * exchanges the files in one step. What it replaces stays beside it as NAME.replaced-DATE.
 *
 * One thread. Errors are one clear line.
 */
#ifndef CAREOPS_DB_BACKUP_H
#define CAREOPS_DB_BACKUP_H

#include "db/backup_end.h"
#include "db/db.h"

enum { BACKUP_PATH_TEXT = 4096 };

struct backup_order {
    const char *database; /* the path of the SQLite file */
    const char *to;       /* the file to be made, or a folder, where its name is made of the date */
    const char *key;      /* the name of the key that seals its secrets (seal_name); "" unknown */
    bool replace;         /* an older backup of that name; nothing else is ever replaced */
    const struct env *env;
};

struct backup_report {
    char file[BACKUP_PATH_TEXT];
    struct backup_end end;
    int64_t bytes;
    int64_t read_ms;  /* how long the snapshot was held */
    int64_t total_ms; /* with syncing and looking at the copy */
};

/* CONFLICT: `to` is there already, or another backup is being written to it. INVALID: the database
 * is none of ours, or damaged. INTERNAL: the world (a full disk, no permission). */
enum result backup_take(const struct backup_order *order, struct backup_report *ret,
                        char ret_error[static DB_ERROR_TEXT]) must_check;

/* ---- restoring ---- */

struct restore_order {
    const char *from;
    const char *database;
    const struct env *env;
};

struct restore_report {
    bool has_end;          /* false: a plain SQLite file, whose pages have no digest */
    struct backup_end end; /* of a plain file the pages and the schema alone */
    int64_t schema_newest; /* this program's: higher than the backup's means that it will migrate */
    bool had_database;     /* there was one before */
    bool was_damaged;      /* and it could not be read: it is kept as it was, with its log */
    char aside[BACKUP_PATH_TEXT]; /* where it lies now */
};

struct restore;

/*
 * Looks at the file and copies it beside the database, which others cannot open from here on. On
 * failure nothing was changed and nothing is left. CONFLICT: the database is in use. INVALID: the
 * file is refused. INTERNAL: the world.
 */
enum result restore_begin(const struct restore_order *order, struct restore **ret,
                          char ret_error[static DB_ERROR_TEXT]) must_check;

/* Asks the database that is there (OLD: no rows where there is none or it is damaged) or the one
 * that is coming. Rows of integers. NOT_FOUND: it does not know what is asked for. */
enum restore_side { RESTORE_OLD, RESTORE_COMING };
enum result restore_ask(struct restore *r, enum restore_side side, struct arena *a, const char *sql,
                        const struct db_value *params, size_t n, struct db_rows *ret) must_check;

/* The step after which the other one is the database. */
enum result restore_switch(struct restore *r, struct restore_report *ret,
                           char ret_error[static DB_ERROR_TEXT]) must_check;
/* Gives the database free, and takes the copy away if it was never switched to. */
void restore_end(struct restore *r);

#endif
