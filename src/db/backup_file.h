/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup_file: what taking and restoring share: looking at an SQLite file that lies still, and
 * the small things one does with files.
 */
#ifndef CAREOPS_DB_BACKUP_FILE_H
#define CAREOPS_DB_BACKUP_FILE_H

#include "db/backup.h"

#include <sodium.h>
#include <sqlite3.h>
#include <sys/types.h>

enum { SQLITE_HEADER_BYTES = 100, COPY_BLOCK_BYTES = 1024 * 1024 };

/*
 * The copy under way is known by a lock on the first byte of PATH.lock (fcntl, shared), which goes
 * with the process; the server's flock on the same file is another kind and does not meet it.
 */
bool backup_mark(int lock_fd);
/* Whether any other process holds it. Costs one system call. */
bool backup_is_marked(int lock_fd);

/* ---- SQLite files ---- */

/* Reads a file that nobody writes, and leaves nothing beside it. */
enum result still_open(const char *path, sqlite3 **ret, char ret_error[static DB_ERROR_TEXT]);
/* Whether its migrations are this program's, from the first on without a gap: how many. INVALID
 * where it is no SQLite file, none of ours, damaged, or newer than the program. */
enum result sqlite_recognise(sqlite3 *handle, const char *path, int64_t *ret_schema,
                             char ret_error[static DB_ERROR_TEXT]);
/* SQLite's own examination; thorough: the indexes' contents, too. INVALID where it finds fault. */
enum result sqlite_examine(sqlite3 *handle, const char *path, bool thorough,
                           char ret_error[static DB_ERROR_TEXT]);
/* The first column of the first row, or `otherwise`. */
int64_t sqlite_number(sqlite3 *handle, const char *sql, int64_t otherwise);

/* ---- files ---- */

/* "PATHending"; false where that is too long. */
bool path_with(const char *path, const char *ending, char ret[static BACKUP_PATH_TEXT]);
/* The folder of a path: "." where it names none. */
void folder_of(const char *path, char ret[static BACKUP_PATH_TEXT]);
/* Makes names durable: fsync of the folder that holds `path`. */
bool sync_folder_of(const char *path);
/* All of it, at `at`; errno says why not. */
bool write_all(int fd, const void *data, size_t len, off_t at);
/* Exactly so many bytes. */
bool read_all(int fd, void *ret, size_t len, off_t at);
/* Whether the folder of `path` has room for so many bytes; a line with both figures where not. */
bool has_room(const char *path, int64_t bytes, char ret_error[static DB_ERROR_TEXT]);
/* "20261127T081502Z" */
enum { STAMP_TEXT = 17 };
void stamp_of(int64_t s, char ret[static STAMP_TEXT]);
/* The digest in hexadecimal digits. */
void sum_text(crypto_generichash_state *sum, char ret[static BACKUP_SUM_TEXT + 1]);

#endif
