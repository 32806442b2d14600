/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup_take: copies one snapshot, page by page, into a file. See backup.h.
 *
 * The pages come from SQLite itself (its table sqlite_dbpage) within one read transaction, so each
 * is the page of that moment, be it in the file or still in the write-ahead log. Not by SQLite's
 * own backup interface: that writes through a second database in an order of its own, while here
 * the pages come in order and once, so that one pass copies and sums, and what is unfinished can be
 * kept from looking like a database. Not by VACUUM INTO either: rebuilding every table holds the
 * snapshot several times as long, and with it the log from starting over; what it would leave out,
 * freed pages, is zeros already (secure_delete).
 */
#include "db/backup_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much may wait in the machine's memory for the disk: the server's own syncs do not queue behind
 * gigabytes of ours. */
enum { SYNC_BYTES = 32 * 1024 * 1024, PAGE_BYTES_MAX = 65536 };

struct taking {
    const struct backup_order *order;
    struct backup_report report;
    char part[BACKUP_PATH_TEXT];
    int fd, lock_fd;
    bool part_is_ours; /* so it is taken away if this fails */
    sqlite3 *source;
    crypto_generichash_state sum;
    unsigned char first[PAGE_BYTES_MAX]; /* the first page, which is written last */
    unsigned char *block;
    size_t block_len;
    off_t at, synced;
    char *error;
};

static enum result fail(struct taking *t, const char *what, const char *path)
{
    int why = errno;
    if (why == ENOSPC || why == EDQUOT || why == EFBIG)
        snprintf(t->error, DB_ERROR_TEXT, "the disk is full: %.300s could not be written: %s", path,
                 strerror(why));
    else
        snprintf(t->error, DB_ERROR_TEXT, "%s %.300s: %s", what, path, strerror(why));
    return INTERNAL;
}

/* ---- where it goes ---- */

static bool is_a_backup(const char *path)
{
    char text[BACKUP_END_BYTES];
    struct backup_end end;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool is = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
              st.st_size > BACKUP_END_BYTES &&
              read_all(fd, text, sizeof text, st.st_size - BACKUP_END_BYTES) &&
              backup_end_read(text, &end);
    if (fd >= 0)
        close(fd);
    return is;
}

static enum result choose_name(struct taking *t)
{
    const struct backup_order *o = t->order;
    char *file = t->report.file;
    char stamp[STAMP_TEXT];
    struct stat st;
    int n;
    stamp_of(t->report.end.taken_s, stamp);
    if (stat(o->to, &st) == 0 && S_ISDIR(st.st_mode))
        n = snprintf(file, BACKUP_PATH_TEXT, "%s/careops-%s.db", o->to, stamp);
    else
        n = snprintf(file, BACKUP_PATH_TEXT, "%s", o->to);
    if (n < 1 || n >= BACKUP_PATH_TEXT || !path_with(file, ".part", t->part)) {
        snprintf(t->error, DB_ERROR_TEXT, "the path of the backup is empty or too long");
        return INVALID;
    }
    if (lstat(file, &st) != 0)
        return errno == ENOENT ? OK : fail(t, "cannot look at", file);
    if (o->replace && is_a_backup(file))
        return OK;
    snprintf(t->error, DB_ERROR_TEXT, "%.300s is there already%s", file,
             o->replace ? " and is no backup: it is not replaced"
                        : "; --force replaces an older backup");
    return CONFLICT;
}

/* One writer a name. Whoever had it open may have finished meanwhile: then the name is another
 * file's, or nobody's. */
static enum result open_part(struct taking *t)
{
    struct stat mine, named;
    for (int tries = 0; tries < 10; tries++) {
        t->fd = open(t->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (t->fd < 0)
            return fail(t, "cannot write", t->part);
        if (flock(t->fd, LOCK_EX | LOCK_NB) != 0)
            break;
        if (fstat(t->fd, &mine) != 0 || !S_ISREG(mine.st_mode)) {
            errno = EINVAL;
            return fail(t, "cannot write", t->part);
        }
        if (stat(t->part, &named) == 0 && named.st_ino == mine.st_ino &&
            named.st_dev == mine.st_dev) {
            t->part_is_ours = true;
            /* What a killed backup left is begun anew. */
            return ftruncate(t->fd, 0) == 0 && fchmod(t->fd, 0600) == 0
                       ? OK
                       : fail(t, "cannot write", t->part);
        }
        close(t->fd);
        t->fd = -1;
    }
    snprintf(t->error, DB_ERROR_TEXT, "another backup is being written to %.300s", t->report.file);
    return CONFLICT;
}

/* ---- the source ---- */

/* Before the snapshot, so that the writer knows of it as long as it is there. */
static enum result open_source(struct taking *t)
{
    const char *path = t->order->database;
    char lock[BACKUP_PATH_TEXT];
    if (!path_with(path, ".lock", lock)) {
        snprintf(t->error, DB_ERROR_TEXT, "the database's path is too long");
        return INVALID;
    }
    t->lock_fd = open(lock, O_RDONLY | O_CLOEXEC);
    if (t->lock_fd >= 0 && !backup_mark(t->lock_fd))
        return fail(t, "cannot mark", lock);
    if (t->lock_fd < 0 && errno != ENOENT) /* none: it was never served under this name */
        return fail(t, "cannot open", lock);
    if (access(path, R_OK) != 0)
        return fail(t, "cannot read the database", path);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &t->source, flags, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(t->source, DB_BUSY_MS_DEFAULT);
        sqlite3_db_config(t->source, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(t->source, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        /* Should the server end meanwhile, the log stays for its next start. */
        sqlite3_db_config(t->source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_wal_autocheckpoint(t->source, 0);
        code = sqlite3_exec(t->source, "BEGIN", NULL, NULL, NULL);
    }
    if (code == SQLITE_OK)
        return OK;
    snprintf(t->error, DB_ERROR_TEXT, "cannot open the database %.300s: %.150s", path,
             t->source ? sqlite3_errmsg(t->source) : sqlite3_errstr(code));
    return INTERNAL;
}

/* An id alone says which event of all businesses is the newest: ids rise with time (base/env.h). */
static const char newest_event[] =
    "SELECT MAX((SELECT MAX(e.id) FROM audit_event e WHERE e.workspace_id = w.id)) FROM workspace w";
static const char newest_event_s[] =
    "SELECT e.at_s FROM workspace w JOIN audit_event e ON e.workspace_id = w.id AND e.id ="
    " (SELECT MAX(x.id) FROM audit_event x WHERE x.workspace_id = w.id) ORDER BY e.id DESC LIMIT 1";

/* The first of these reads begins the snapshot. */
static enum result read_facts(struct taking *t)
{
    struct backup_end *end = &t->report.end;
    enum result r = sqlite_recognise(t->source, t->order->database, &end->schema, t->error);
    if (r != OK)
        return r;
    end->event = sqlite_number(t->source, newest_event, 0);
    end->event_s = sqlite_number(t->source, newest_event_s, 0);
    end->pages = sqlite_number(t->source, "PRAGMA page_count", 0);
    end->page_bytes = sqlite_number(t->source, "PRAGMA page_size", 0);
    snprintf(end->key, sizeof end->key, "%s", t->order->key);
    assert(end->page_bytes > 0 && end->page_bytes <= PAGE_BYTES_MAX);
    t->report.bytes = end->pages * end->page_bytes + BACKUP_END_BYTES;
    return OK;
}

/* ---- the pages ---- */

static enum result write_block(struct taking *t)
{
    if (!write_all(t->fd, t->block, t->block_len, t->at))
        return fail(t, "cannot write", t->part);
    t->at += (off_t)t->block_len;
    t->block_len = 0;
    if (t->at - t->synced < SYNC_BYTES)
        return OK;
    t->synced = t->at;
    return fdatasync(t->fd) == 0 ? OK : fail(t, "cannot write", t->part);
}

static enum result add_page(struct taking *t, int64_t number, const void *data)
{
    size_t len = (size_t)t->report.end.page_bytes;
    unsigned char *to = t->block + t->block_len;
    memcpy(to, data, len);
    if (number == 1) {
        /* A file with a write-ahead log cannot be read without making one beside it: the copy has
         * none, and says so. The server changes that back when it opens it. */
        to[18] = to[19] = 1;
        memcpy(t->first, to, len);
    }
    crypto_generichash_update(&t->sum, to, len);
    if (number == 1)
        memset(to, 0, len);
    t->block_len += len;
    return t->block_len + PAGE_BYTES_MAX > COPY_BLOCK_BYTES ? write_block(t) : OK;
}

static enum result copy_pages(struct taking *t)
{
    const struct backup_end *end = &t->report.end;
    sqlite3_stmt *s = NULL;
    int64_t number = 0;
    enum result r = OK;
    crypto_generichash_init(&t->sum, NULL, 0, BACKUP_SUM_TEXT / 2);
    int code = sqlite3_prepare_v2(t->source, "SELECT pgno, data FROM sqlite_dbpage", -1, &s, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        if (code != SQLITE_ROW)
            break;
        const void *data = sqlite3_column_blob(s, 1);
        bool fits = sqlite3_column_int64(s, 0) == ++number && data &&
                    sqlite3_column_bytes(s, 1) == end->page_bytes;
        r = fits ? add_page(t, number, data) : INTERNAL;
        if (!fits)
            snprintf(t->error, DB_ERROR_TEXT, "page %lld of the database could not be read",
                     (long long)number);
        if (r != OK)
            break;
    }
    if (r == OK && (code != SQLITE_DONE || number != end->pages)) {
        snprintf(t->error, DB_ERROR_TEXT, "page %lld of the database could not be read: %.200s",
                 (long long)number + 1, sqlite3_errmsg(t->source));
        r = INTERNAL;
    }
    sqlite3_finalize(s);
    return r == OK ? write_block(t) : r;
}

static void close_source(struct taking *t)
{
    sqlite3_close_v2(t->source);
    t->source = NULL;
    if (t->lock_fd >= 0)
        close(t->lock_fd);
    t->lock_fd = -1;
}

/* ---- the end of it ---- */

static enum result write_end(struct taking *t)
{
    char text[BACKUP_END_BYTES];
    struct backup_end *end = &t->report.end;
    backup_end_write(end, text);
    crypto_generichash_update(&t->sum, (const unsigned char *)text, BACKUP_SUM_AT);
    sum_text(&t->sum, end->sum);
    memcpy(text + BACKUP_SUM_AT, end->sum, BACKUP_SUM_TEXT);
    if (!write_all(t->fd, text, sizeof text, t->at) || fsync(t->fd) != 0 ||
        !write_all(t->fd, t->first, (size_t)end->page_bytes, 0) || fsync(t->fd) != 0)
        return fail(t, "cannot write", t->part);
    return OK;
}

/* A damaged database gives a damaged copy: better to hear of it now than on the day it is needed.
 */
static enum result examine(struct taking *t)
{
    sqlite3 *copy;
    enum result r = still_open(t->part, &copy, t->error);
    if (r != OK)
        return r;
    r = sqlite_examine(copy, "the copy, and with it the database,", false, t->error);
    sqlite3_close_v2(copy);
    return r;
}

static enum result give_name(struct taking *t)
{
    const char *file = t->report.file;
    int done = t->order->replace ? rename(t->part, file)
                                 : renameat2(AT_FDCWD, t->part, AT_FDCWD, file, RENAME_NOREPLACE);
    /* Not every file system can refuse to replace; a second name can never replace either. */
    if (done != 0 && (errno == EINVAL || errno == ENOSYS) && link(t->part, file) == 0)
        done = unlink(t->part);
    if (done != 0)
        return fail(t, "cannot make", file);
    t->part_is_ours = false;
    return sync_folder_of(file) ? OK : fail(t, "cannot make durable", file);
}

enum result backup_take(const struct backup_order *order, struct backup_report *ret,
                        char ret_error[static DB_ERROR_TEXT])
{
    struct taking *t = calloc(1, sizeof *t);
    unsigned char *block = malloc(COPY_BLOCK_BYTES);
    if (!t || !block)
        abort();
    int64_t since_ms = env_mono_ms(order->env);
    *t = (struct taking){.order = order, .fd = -1, .lock_fd = -1, .block = block};
    t->error = ret_error;
    t->report.end.taken_s = env_now_s(order->env);
    enum result r = choose_name(t);
    if (r == OK)
        r = open_source(t);
    int64_t from_ms = env_mono_ms(order->env);
    if (r == OK)
        r = read_facts(t);
    if (r == OK)
        r = open_part(t);
    if (r == OK && !has_room(t->part, t->report.bytes, t->error))
        r = INTERNAL;
    if (r == OK)
        r = copy_pages(t);
    close_source(t);
    t->report.read_ms = env_mono_ms(order->env) - from_ms;
    if (r == OK)
        r = write_end(t);
    if (r == OK)
        r = examine(t);
    if (r == OK)
        r = give_name(t);
    if (t->part_is_ours)
        unlink(t->part);
    if (t->fd >= 0)
        close(t->fd);
    t->report.total_ms = env_mono_ms(order->env) - since_ms;
    if (r == OK)
        *ret = t->report;
    free(block);
    free(t);
    return r;
}
