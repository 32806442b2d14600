/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* backup_file: see backup_file.h. */
#include "db/backup_file.h"

#include "base/civil.h"
#include "db/db_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- the mark ---- */

bool backup_mark(int lock_fd)
{
    struct flock byte = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(lock_fd, F_OFD_SETLK, &byte) == 0;
}

bool backup_is_marked(int lock_fd)
{
    struct flock byte = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(lock_fd, F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK;
}

/* ---- SQLite files ---- */

/* "file:PATH?immutable=1", with what has a meaning in it percent-encoded. */
static bool still_uri(const char *path, char ret[static 3 * BACKUP_PATH_TEXT])
{
    static const char hex[] = "0123456789ABCDEF";
    size_t at = 0;
    if (strlen(path) >= BACKUP_PATH_TEXT - 64)
        return false;
    memcpy(ret, "file:", 5);
    at = 5;
    for (const char *p = path; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '/' || *p == '.' || *p == '-' || *p == '_';
        if (plain) {
            ret[at++] = *p;
        } else {
            ret[at++] = '%';
            ret[at++] = hex[(unsigned char)*p >> 4];
            ret[at++] = hex[(unsigned char)*p & 15];
        }
    }
    memcpy(ret + at, "?immutable=1", sizeof "?immutable=1");
    return true;
}

enum result still_open(const char *path, sqlite3 **ret, char ret_error[static DB_ERROR_TEXT])
{
    char uri[3 * BACKUP_PATH_TEXT];
    sqlite3 *handle = NULL;
    if (!still_uri(path, uri)) {
        snprintf(ret_error, DB_ERROR_TEXT, "the path %.200s… is too long", path);
        return INVALID;
    }
    int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(uri, &handle, flags, NULL);
    if (code == SQLITE_OK) {
        /* It may come from anybody: nothing that its schema says is run. */
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
        code = sqlite3_exec(handle, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY", NULL,
                            NULL, NULL);
    }
    if (code == SQLITE_OK) {
        *ret = handle;
        return OK;
    }
    snprintf(ret_error, DB_ERROR_TEXT, "cannot read %.300s: %.150s", path,
             handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    sqlite3_close_v2(handle);
    return (code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT ? INVALID : INTERNAL;
}

static enum result refuse(sqlite3 *handle, const char *path, int code,
                          char ret_error[static DB_ERROR_TEXT])
{
    int kind = code & 0xff;
    const char *why = kind == SQLITE_NOTADB    ? "is no SQLite database"
                      : kind == SQLITE_CORRUPT ? "is damaged"
                      : kind == SQLITE_ERROR   ? "is no database of CareOps"
                                               : "cannot be read";
    snprintf(ret_error, DB_ERROR_TEXT, "%.300s %s (%.150s)", path, why, sqlite3_errmsg(handle));
    return kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT || kind == SQLITE_ERROR ? INVALID
                                                                                   : INTERNAL;
}

static enum result recognise_one(sqlite3_stmt *s, int64_t expected, const char *path,
                                 char ret_error[static DB_ERROR_TEXT])
{
    int64_t version = sqlite3_column_int64(s, 0);
    const char *hash = (const char *)sqlite3_column_text(s, 1);
    enum result r = version == expected && hash ? migration_known(version, hash) : INVALID;
    if (r == CONFLICT)
        snprintf(ret_error, DB_ERROR_TEXT,
                 "%.300s is newer than this program: it has migration %04lld", path,
                 (long long)version);
    else if (r != OK)
        snprintf(ret_error, DB_ERROR_TEXT,
                 "%.300s is no database of this program: its migration %04lld is another", path,
                 (long long)version);
    return r == OK ? OK : INVALID;
}

enum result sqlite_recognise(sqlite3 *handle, const char *path, int64_t *ret_schema,
                             char ret_error[static DB_ERROR_TEXT])
{
    sqlite3_stmt *s = NULL;
    int64_t schema = 0;
    int code = sqlite3_prepare_v2(
        handle, "SELECT version, sha256 FROM schema_migration ORDER BY version", -1, &s, NULL);
    if (code != SQLITE_OK)
        return refuse(handle, path, code, ret_error);
    enum result r = OK;
    while (r == OK && (code = sqlite3_step(s)) == SQLITE_ROW)
        r = recognise_one(s, ++schema, path, ret_error);
    if (r == OK && code != SQLITE_DONE)
        r = refuse(handle, path, code, ret_error);
    if (r == OK && schema == 0) {
        snprintf(ret_error, DB_ERROR_TEXT, "%.300s is no database of CareOps: it is empty", path);
        r = INVALID;
    }
    sqlite3_finalize(s);
    if (r == OK)
        *ret_schema = schema;
    return r;
}

/* SQLite takes several lines for it. */
static void tell_damage(const char *path, const char *says, char ret_error[static DB_ERROR_TEXT])
{
    snprintf(ret_error, DB_ERROR_TEXT, "%.300s is damaged: %.150s", path, says);
    for (char *p = ret_error; *p; p++)
        if (*p == '\n')
            *p = ' ';
}

enum result sqlite_examine(sqlite3 *handle, const char *path, bool thorough,
                           char ret_error[static DB_ERROR_TEXT])
{
    sqlite3_stmt *s = NULL;
    const char *sql = thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
    int code = sqlite3_prepare_v2(handle, sql, -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    const char *says = code == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    enum result r = INVALID;
    if (says && strcmp(says, "ok") == 0)
        r = OK;
    else if (says)
        tell_damage(path, says, ret_error);
    else
        r = refuse(handle, path, code, ret_error);
    sqlite3_finalize(s);
    return r;
}

int64_t sqlite_number(sqlite3 *handle, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *s = NULL;
    int64_t v = otherwise;
    if (sqlite3_prepare_v2(handle, sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) == SQLITE_INTEGER)
        v = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return v;
}

/* ---- files ---- */

bool path_with(const char *path, const char *ending, char ret[static BACKUP_PATH_TEXT])
{
    int n = snprintf(ret, BACKUP_PATH_TEXT, "%s%s", path, ending);
    return n > 0 && n < BACKUP_PATH_TEXT;
}

void folder_of(const char *path, char ret[static BACKUP_PATH_TEXT])
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(ret, BACKUP_PATH_TEXT, ".");
    else
        snprintf(ret, BACKUP_PATH_TEXT, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

bool sync_folder_of(const char *path)
{
    char folder[BACKUP_PATH_TEXT];
    folder_of(path, folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return ok;
}

bool write_all(int fd, const void *data, size_t len, off_t at)
{
    const char *from = data;
    while (len > 0) {
        ssize_t n = pwrite(fd, from, len, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
        at += n;
    }
    return true;
}

bool read_all(int fd, void *ret, size_t len, off_t at)
{
    char *to = ret;
    while (len > 0) {
        ssize_t n = pread(fd, to, len, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO; /* it has become shorter */
        if (n <= 0)
            return false;
        to += n;
        len -= (size_t)n;
        at += n;
    }
    return true;
}

bool has_room(const char *path, int64_t bytes, char ret_error[static DB_ERROR_TEXT])
{
    char folder[BACKUP_PATH_TEXT];
    struct statvfs v;
    folder_of(path, folder);
    if (statvfs(folder, &v) != 0)
        return true; /* then the writing will tell */
    int64_t room = (int64_t)(v.f_bavail * v.f_frsize);
    if (bytes <= room)
        return true;
    snprintf(ret_error, DB_ERROR_TEXT,
             "not enough room in %.300s: %lld bytes are needed, %lld are free", folder,
             (long long)bytes, (long long)room);
    return false;
}

void stamp_of(int64_t s, char ret[static STAMP_TEXT])
{
    char instant[INSTANT_TEXT];
    size_t at = 0;
    instant_format(s, instant);
    for (const char *p = instant; *p && at < STAMP_TEXT - 1; p++)
        if (*p != '-' && *p != ':')
            ret[at++] = *p;
    ret[at] = '\0';
}

void sum_text(crypto_generichash_state *sum, char ret[static BACKUP_SUM_TEXT + 1])
{
    unsigned char raw[BACKUP_SUM_TEXT / 2];
    crypto_generichash_final(sum, raw, sizeof raw);
    sodium_bin2hex(ret, BACKUP_SUM_TEXT + 1, raw, sizeof raw);
}
