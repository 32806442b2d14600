/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup_restore: puts a backup in the place of the database. See backup.h.
 *
 * In this order, so that it may be killed at any moment:
 *
 *   1  the file is read through: its digest, SQLite's examination, its migrations; nothing touched
 *   2  the database's lock is taken, as the server takes it: nobody serves, nobody is backing up
 *   3  the file is copied to NAME.restoring beside the database, and synced
 *   4  the log of the database that is there is copied home, so that it is one file: a log that
 *      stayed behind would be read as the new database's, and that is how databases are ruined
 *   5  the two files are exchanged in one step: the database is the old or the new one, whole
 *   6  the old one, now NAME.restoring, is renamed to NAME.replaced-DATE
 *
 * Killed between 5 and 6 it lies as NAME.restoring; the next restore finds it there and keeps it as
 * replaced. What was only half copied lacks its first page (it is written last) and is begun anew.
 * A database too damaged for step 4 is kept aside with its log, which is moved before step 5.
 */
#include "db/backup_file.h"

#include "db/db_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE_BYTES_LEAST = 512, PAGE_BYTES_MOST = 65536, ASIDES_MAX = 1000 };

static const char MAGIC[16] = "SQLite format 3";

struct restore {
    const struct restore_order *order;
    struct restore_report report;
    char database[BACKUP_PATH_TEXT]; /* without symbolic links, as SQLite names its log by it */
    char coming[BACKUP_PATH_TEXT];
    int from_fd, lock_fd;
    struct stat from;
    int64_t page_bytes, bytes; /* bytes: the pages alone */
    char sum[BACKUP_SUM_TEXT + 1];
    sqlite3 *asked[2]; /* by side, once somebody has asked */
    bool coming_is_ours;
    char *error;
};

static enum result fail(struct restore *r, const char *what, const char *path)
{
    int why = errno;
    bool full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    snprintf(r->error, DB_ERROR_TEXT, "%s%s %.300s: %s", full ? "the disk is full: " : "", what,
             path, strerror(why));
    return INTERNAL;
}

static enum result refuse(struct restore *r, const char *why)
{
    snprintf(r->error, DB_ERROR_TEXT, "%.300s %s", r->order->from, why);
    return INVALID;
}

/* ---- 1: the file ---- */

/* A log beside it belongs to it, and what lies in a log is no backup. */
static bool has_log(const char *path)
{
    static const char *const endings[] = {"-wal", "-journal"};
    char beside[BACKUP_PATH_TEXT];
    struct stat st;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (path_with(path, endings[i], beside) && stat(beside, &st) == 0 && st.st_size > 0)
            return true;
    return false;
}

static enum result open_from(struct restore *r)
{
    const char *from = r->order->from;
    struct stat present;
    size_t len = strlen(from);
    r->from_fd = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (r->from_fd < 0 || fstat(r->from_fd, &r->from) != 0)
        return fail(r, "cannot read", from);
    if (!S_ISREG(r->from.st_mode))
        return refuse(r, "is no file");
    if (stat(r->database, &present) == 0 && present.st_ino == r->from.st_ino &&
        present.st_dev == r->from.st_dev)
        return refuse(r, "is the database itself");
    if (len > 5 && strcmp(from + len - 5, ".part") == 0)
        return refuse(r, "is a backup that was never finished");
    if (has_log(from))
        return refuse(r,
                      "has a log beside it: it is a database that was or is in use, copied"
                      " without stopping, or not cleanly stopped; start the program on it once, or"
                      " take a backup of it");
    return OK;
}

static int64_t big_endian(const unsigned char *p, int n)
{
    int64_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* What the first bytes and the last say; the digest comes later. */
static enum result read_frame(struct restore *r)
{
    unsigned char head[SQLITE_HEADER_BYTES];
    char text[BACKUP_END_BYTES];
    struct restore_report *report = &r->report;
    int64_t size = r->from.st_size;
    if (size < PAGE_BYTES_LEAST)
        return refuse(r, size == 0 ? "is empty" : "is no SQLite database");
    if (!read_all(r->from_fd, head, sizeof head, 0))
        return fail(r, "cannot read", r->order->from);
    if (memcmp(head, MAGIC, sizeof MAGIC) != 0)
        return refuse(r, "is no SQLite database");
    r->page_bytes = big_endian(head + 16, 2);
    if (r->page_bytes == 1)
        r->page_bytes = PAGE_BYTES_MOST;
    if (r->page_bytes < PAGE_BYTES_LEAST || (r->page_bytes & (r->page_bytes - 1)) != 0)
        return refuse(r, "is damaged: its pages have no size");
    r->bytes = big_endian(head + 28, 4) * r->page_bytes;
    if (size == r->bytes)
        report->end =
            (struct backup_end){.pages = r->bytes / r->page_bytes, .page_bytes = r->page_bytes};
    if (size == r->bytes)
        return OK;
    if (size != r->bytes + BACKUP_END_BYTES)
        return refuse(r, size < r->bytes ? "is cut short" : "is damaged: it has no proper end");
    if (!read_all(r->from_fd, text, sizeof text, r->bytes))
        return fail(r, "cannot read", r->order->from);
    if (!backup_end_read(text, &report->end) || report->end.page_bytes != r->page_bytes ||
        report->end.pages * r->page_bytes != r->bytes)
        return refuse(r, "is damaged: it has no proper end");
    report->has_end = true;
    return OK;
}

/* Reads the pages through, and writes them where `to_fd` is not -1: the first block last. */
static enum result pass(struct restore *r, int to_fd, char ret_sum[static BACKUP_SUM_TEXT + 1])
{
    crypto_generichash_state sum;
    char text[BACKUP_END_BYTES];
    unsigned char *block = malloc(COPY_BLOCK_BYTES);
    enum result res = OK;
    if (!block)
        abort();
    crypto_generichash_init(&sum, NULL, 0, BACKUP_SUM_TEXT / 2);
    for (int64_t at = 0; at < r->bytes && res == OK; at += COPY_BLOCK_BYTES) {
        int64_t left = r->bytes - at;
        size_t n = left < COPY_BLOCK_BYTES ? (size_t)left : COPY_BLOCK_BYTES;
        if (!read_all(r->from_fd, block, n, at))
            res = fail(r, "cannot read", r->order->from);
        else
            crypto_generichash_update(&sum, block, n);
        if (res == OK && to_fd >= 0 && at > 0 && !write_all(to_fd, block, n, at))
            res = fail(r, "cannot write", r->coming);
    }
    if (res == OK && r->report.has_end) {
        if (!read_all(r->from_fd, text, sizeof text, r->bytes))
            res = fail(r, "cannot read", r->order->from);
        crypto_generichash_update(&sum, (const unsigned char *)text, BACKUP_SUM_AT);
    }
    if (res == OK)
        sum_text(&sum, ret_sum);
    size_t first = r->bytes < COPY_BLOCK_BYTES ? (size_t)r->bytes : COPY_BLOCK_BYTES;
    if (res == OK && to_fd >= 0 &&
        (fdatasync(to_fd) != 0 || !read_all(r->from_fd, block, first, 0) ||
         !write_all(to_fd, block, first, 0) || fsync(to_fd) != 0))
        res = fail(r, "cannot write", r->coming);
    free(block);
    return res;
}

static enum result examine(struct restore *r)
{
    sqlite3 *handle;
    enum result res = pass(r, -1, r->sum);
    if (res == OK && r->report.has_end && memcmp(r->sum, r->report.end.sum, BACKUP_SUM_TEXT) != 0)
        res = refuse(r, "is damaged: its digest is another");
    if (res != OK)
        return res;
    res = still_open(r->order->from, &handle, r->error);
    if (res != OK)
        return res;
    int64_t schema = 0;
    res = sqlite_recognise(handle, r->order->from, &schema, r->error);
    /* Without a digest all that can be asked is whether it hangs together. */
    if (res == OK)
        res = sqlite_examine(handle, r->order->from, !r->report.has_end, r->error);
    sqlite3_close_v2(handle);
    r->report.end.schema = schema;
    r->report.schema_newest = migration_newest();
    return res;
}

/* ---- 2: the lock ---- */

/* A folder's or a file's owner, where root acts for them. */
static void give_to_owner(int fd, const char *like)
{
    struct stat st;
    char folder[BACKUP_PATH_TEXT];
    if (geteuid() != 0)
        return;
    folder_of(like, folder);
    if (stat(like, &st) != 0 && stat(folder, &st) != 0)
        return;
    if (fchown(fd, st.st_uid, st.st_gid) != 0)
        return; /* where that cannot be, the owner hears of it at the start */
}

/* An existing lock only, or one that is made. */
static enum result take_lock(struct restore *r, bool make)
{
    char name[BACKUP_PATH_TEXT];
    if (!path_with(r->order->database, ".lock", name))
        return refuse(r, "cannot be restored: the database's path is too long");
    if (r->lock_fd < 0)
        r->lock_fd = open(name, O_RDWR | O_CLOEXEC | (make ? O_CREAT : 0), 0600);
    if (r->lock_fd < 0)
        return errno == ENOENT && !make ? OK : fail(r, "cannot open", name);
    if (make)
        give_to_owner(r->lock_fd, r->database);
    if (flock(r->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(r->error, DB_ERROR_TEXT,
                 "the database %.300s is in use: stop the program first (systemctl stop careops)",
                 r->order->database);
        return CONFLICT;
    }
    if (backup_is_marked(r->lock_fd)) {
        snprintf(r->error, DB_ERROR_TEXT, "a backup of the database %.300s is under way",
                 r->order->database);
        return CONFLICT;
    }
    return OK;
}

/* ---- 3: the copy ---- */

/* A name beside the database that nobody has. */
static enum result choose_aside(struct restore *r)
{
    char stamp[STAMP_TEXT];
    struct stat st;
    stamp_of(env_now_s(r->order->env), stamp);
    for (int i = 1; i < ASIDES_MAX; i++) {
        int n = i == 1 ? snprintf(r->report.aside, BACKUP_PATH_TEXT, "%s.replaced-%s", r->database,
                                  stamp)
                       : snprintf(r->report.aside, BACKUP_PATH_TEXT, "%s.replaced-%s-%d",
                                  r->database, stamp, i);
        if (n < 1 || n >= BACKUP_PATH_TEXT - 16)
            break;
        if (lstat(r->report.aside, &st) != 0 && errno == ENOENT)
            return OK;
    }
    return refuse(r, "cannot be restored: no name is left for what it replaces");
}

/* Left by one that was killed: whole, it may be the database that was replaced. */
static enum result keep_leftover(struct restore *r)
{
    char head[sizeof MAGIC] = "";
    struct stat st;
    int fd = open(r->coming, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? OK : fail(r, "cannot read", r->coming);
    bool whole = fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof head &&
                 read_all(fd, head, sizeof head, 0) && memcmp(head, MAGIC, sizeof MAGIC) == 0;
    close(fd);
    if (!whole)
        return OK;
    enum result res = choose_aside(r);
    if (res == OK && (rename(r->coming, r->report.aside) != 0 || !sync_folder_of(r->coming)))
        res = fail(r, "cannot rename", r->coming);
    return res;
}

static enum result copy(struct restore *r)
{
    char sum[BACKUP_SUM_TEXT + 1];
    enum result res = keep_leftover(r);
    if (res == OK && !has_room(r->coming, r->bytes, r->error))
        res = INTERNAL;
    if (res != OK)
        return res;
    int fd = open(r->coming, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(r, "cannot write", r->coming);
    r->coming_is_ours = true;
    give_to_owner(fd, r->database);
    res = fchmod(fd, 0600) == 0 ? pass(r, fd, sum) : fail(r, "cannot write", r->coming);
    if (res == OK && strcmp(sum, r->sum) != 0)
        res = refuse(r, "has changed while it was being read");
    close(fd);
    return res;
}

/* ---- 4: the database that is there ---- */

static enum result settle(struct restore *r)
{
    struct stat st;
    sqlite3 *handle = NULL;
    r->report.had_database = lstat(r->database, &st) == 0;
    if (!r->report.had_database && errno != ENOENT)
        return fail(r, "cannot look at", r->database);
    if (!r->report.had_database || st.st_size == 0) {
        r->report.was_damaged = has_log(r->database); /* a log without its database */
        return OK;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(r->database, &handle, flags, NULL), frames = 0, copied = 0;
    /* A log that could not be copied home stays as it is. */
    if (code == SQLITE_OK)
        code = sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "SELECT COUNT(*) FROM sqlite_master", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &copied);
    sqlite3_close_v2(handle);
    int kind = code & 0xff;
    r->report.was_damaged = kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT;
    if (r->report.was_damaged || (code == SQLITE_OK && !has_log(r->database)))
        return OK;
    bool busy = kind == SQLITE_BUSY || kind == SQLITE_LOCKED || code == SQLITE_OK;
    snprintf(r->error, DB_ERROR_TEXT, "%s %.300s%s: %s", busy ? "the database" : "cannot settle",
             r->database, busy ? " is in use" : "", sqlite3_errstr(code));
    return busy ? CONFLICT : INTERNAL;
}

enum result restore_begin(const struct restore_order *order, struct restore **ret,
                          char ret_error[static DB_ERROR_TEXT])
{
    struct restore *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    *r = (struct restore){.order = order, .from_fd = -1, .lock_fd = -1, .error = ret_error};
    enum result res = OK;
    char *real = realpath(order->database, NULL);
    if (!path_with(real ? real : order->database, "", r->database) ||
        !path_with(r->database, ".restoring", r->coming))
        res = refuse(r, "cannot be restored: the database's path is too long");
    free(real);
    if (res == OK)
        res = open_from(r);
    if (res == OK)
        res = read_frame(r);
    if (res == OK)
        res = take_lock(r, false);
    if (res == OK)
        res = examine(r);
    if (res == OK)
        res = take_lock(r, true);
    if (res == OK)
        res = copy(r);
    if (res == OK)
        res = settle(r);
    if (res == OK)
        *ret = r;
    else
        restore_end(r);
    return res;
}

/* ---- asking ---- */

static enum result read_rows(sqlite3_stmt *s, struct arena *a, struct db_rows *ret)
{
    struct row_sink sink;
    size_t columns = (size_t)sqlite3_column_count(s);
    int code;
    row_sink_init(&sink, a, columns, RUN_ALL);
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        struct db_value *cells = row_sink_next(&sink);
        if (!cells)
            return INTERNAL;
        for (size_t i = 0; i < columns; i++)
            cells[i] = sqlite3_column_type(s, (int)i) == SQLITE_INTEGER
                           ? db_i(sqlite3_column_int64(s, (int)i))
                           : db_null();
    }
    if (code != SQLITE_DONE)
        return INTERNAL;
    row_sink_finish(&sink, ret);
    return OK;
}

enum result restore_ask(struct restore *r, enum restore_side side, struct arena *a, const char *sql,
                        const struct db_value *params, size_t n, struct db_rows *ret)
{
    char error[DB_ERROR_TEXT];
    sqlite3_stmt *s = NULL;
    *ret = (struct db_rows){0};
    bool none = !r->report.had_database || r->report.was_damaged;
    if (side == RESTORE_OLD && none)
        return OK;
    enum result res = OK;
    if (!r->asked[side])
        res = still_open(side == RESTORE_OLD ? r->database : r->coming, &r->asked[side], error);
    if (res != OK)
        return res;
    int code = sqlite3_prepare_v2(r->asked[side], sql, -1, &s, NULL);
    for (size_t i = 0; i < n && code == SQLITE_OK; i++) {
        assert(params[i].type == DB_INT);
        code = sqlite3_bind_int64(s, (int)i + 1, params[i].i);
    }
    /* An older schema has no such table or column. */
    res = code == SQLITE_OK ? read_rows(s, a, ret) : NOT_FOUND;
    sqlite3_finalize(s);
    return res;
}

static void stop_asking(struct restore *r)
{
    for (size_t i = 0; i < sizeof r->asked / sizeof r->asked[0]; i++) {
        sqlite3_close_v2(r->asked[i]);
        r->asked[i] = NULL;
    }
}

/* ---- 5 and 6 ---- */

static enum result move_beside(struct restore *r, const char *ending)
{
    char from[BACKUP_PATH_TEXT], to[BACKUP_PATH_TEXT];
    if (!path_with(r->database, ending, from) || !path_with(r->report.aside, ending, to))
        return refuse(r, "cannot be restored: the database's path is too long");
    return rename(from, to) == 0 || errno == ENOENT ? OK : fail(r, "cannot rename", from);
}

/* What is left of a log is empty, and its index means nothing without it. */
static enum result remove_beside(struct restore *r)
{
    static const char *const endings[] = {"-shm", "-wal", "-journal"};
    char name[BACKUP_PATH_TEXT];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (!path_with(r->database, endings[i], name))
            return refuse(r, "cannot be restored: the database's path is too long");
        if (unlink(name) != 0 && errno != ENOENT)
            return fail(r, "cannot remove", name);
    }
    return OK;
}

/*
 * Not every file system exchanges two names. There the old database gets its second name first; a
 * kill before the next step leaves it with two, which the next restore does not mind.
 */
static enum result exchange(struct restore *r)
{
    if (renameat2(AT_FDCWD, r->coming, AT_FDCWD, r->database, RENAME_EXCHANGE) == 0) {
        r->coming_is_ours = false; /* it is the old database now */
        if (!sync_folder_of(r->database) || rename(r->coming, r->report.aside) != 0)
            return fail(r, "the database is restored, but the one before still bears the name",
                        r->coming);
        return OK;
    }
    if (errno != EINVAL && errno != ENOSYS)
        return fail(r, "cannot exchange", r->database);
    if (link(r->database, r->report.aside) != 0)
        return fail(r, "cannot keep what is replaced as", r->report.aside);
    if (!sync_folder_of(r->database) || rename(r->coming, r->database) != 0)
        return fail(r, "cannot exchange", r->database);
    r->coming_is_ours = false;
    return OK;
}

enum result restore_switch(struct restore *r, struct restore_report *ret,
                           char ret_error[static DB_ERROR_TEXT])
{
    r->error = ret_error;
    stop_asking(r);
    bool had = r->report.had_database || r->report.was_damaged;
    enum result res = choose_aside(r);
    if (res == OK && r->report.was_damaged) {
        res = move_beside(r, "-wal");
        if (res == OK)
            res = move_beside(r, "-journal");
    }
    if (res == OK)
        res = remove_beside(r);
    if (res == OK && r->report.had_database) {
        res = exchange(r);
    } else if (res == OK) {
        if (rename(r->coming, r->database) != 0)
            res = fail(r, "cannot rename", r->coming);
        else
            r->coming_is_ours = false;
    }
    if (res == OK && !sync_folder_of(r->database))
        res = fail(r, "cannot make durable", r->database);
    if (!had)
        r->report.aside[0] = '\0';
    if (res == OK)
        *ret = r->report;
    return res;
}

void restore_end(struct restore *r)
{
    stop_asking(r);
    if (r->coming_is_ours)
        unlink(r->coming);
    if (r->from_fd >= 0)
        close(r->from_fd);
    if (r->lock_fd >= 0)
        close(r->lock_fd);
    free(r);
}
