/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sqlite: the engine over one SQLite file: the lock beside it, the writer, and the pool of readers.
 *
 * A view holds a reader from its beginning to its end; its snapshot keeps the WAL from starting
 * over, so views are short.
 */
#include "db/idle_pool.h"
#include "db/sqlite_writer.h"

#include "base/buf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct sqlite_db {
    struct db base;
    int lock_fd;
    char *path;
    bool unchanging;       /* opened read-only, and nobody used it then */
    struct stat as_opened; /* of an unchanging one */
    struct sqlite_writer writer;
    bool writing; /* the writer runs */
    struct sqlite_conn *readers;
    size_t reader_count;
    struct idle_pool pool;
};

static struct sqlite_db *of(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* ---- views ---- */

static enum result view(struct sqlite_db *s, struct db_tx *tx, db_fn fn, void *arg)
{
    enum result r = BUSY;
    size_t number;
    if (!idle_pool_take(&s->pool, s->base.busy_ms, &number)) {
        db_fail(tx, FAULT_TOO_BUSY);
        return db_verdict(tx, r);
    }
    struct sqlite_conn *c = &s->readers[number];
    tx->conn = c;
    int code = sqlite_control(c, CONTROL_BEGIN_READ);
    if (code == SQLITE_OK)
        r = fn(tx, arg);
    else
        db_fail(tx, sqlite_fault(c, code, "BEGIN"));
    sqlite_undo(c); /* it changed nothing, so ending it either way is the same */
    idle_pool_give(&s->pool, number);
    return db_verdict(tx, r);
}

static enum result transact(struct db_tx *tx, db_fn fn, void *arg)
{
    struct sqlite_db *s = of(tx->db);
    return tx->read_only ? view(s, tx, fn, arg) : sqlite_write(&s->writer, tx, fn, arg);
}

/* Statements run when they are given, so nothing is ever outstanding. */
static enum db_fault flush(struct db_tx *tx)
{
    (void)tx;
    return FAULT_NONE;
}

/* ---- beside whoever uses it ---- */

/* A log that is empty holds nothing, and whoever made it may be at work. */
static bool has_log(const char *path)
{
    char name[4096];
    int n = snprintf(name, sizeof name, "%s-wal", path);
    return n > 0 && (size_t)n < sizeof name && access(name, F_OK) == 0;
}

/* The path as an URI, with what it may not hold written as %XX. */
static void write_uri(const char *path, bool unchanging, struct buf *ret)
{
    buf_init(ret, 16384);
    buf_z(ret, "file:");
    for (const char *c = path; *c; c++)
        if (strchr("%?#", *c))
            buf_printf(ret, "%%%02X", (unsigned)(unsigned char)*c);
        else
            buf_byte(ret, *c);
    buf_z(ret, unchanging ? "?immutable=1" : "?mode=ro");
    buf_byte(ret, '\0');
}

/* ---- life ---- */

static void free_all(struct sqlite_db *s)
{
    for (size_t i = 0; i < s->reader_count; i++)
        sqlite_conn_close(&s->readers[i]);
    /* The writer is the last to leave, and with it the WAL is copied home. */
    if (s->writing)
        sqlite_writer_stop(&s->writer);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    idle_pool_done(&s->pool);
    free(s->readers);
    free(s->path);
    free(s);
}

static void sqlite_close(struct db *db)
{
    struct sqlite_db *s = of(db);
    assert(s->pool.count == s->reader_count); /* nobody is at work any more */
    free_all(s);
}

static enum result nothing(struct db_tx *tx, void *arg)
{
    (void)tx, (void)arg;
    return OK;
}

/* The writer does it behind its next group, which an empty transaction is. */
static enum result forget_log(struct db *db)
{
    struct arena a;
    struct problem p = {0};
    sqlite_writer_forget(&of(db)->writer);
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    enum result r = db_transact(db, &a, &p, nothing, NULL);
    arena_done(&a);
    return r;
}

static enum result scrub(struct db *db, char ret_error[static DB_ERROR_TEXT])
{
    struct sqlite_db *s = of(db);
    sqlite3 *handle = NULL;
    int code = sqlite3_open_v2(s->path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(handle, db->busy_ms);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "PRAGMA secure_delete = ON; VACUUM", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code != SQLITE_OK)
        snprintf(ret_error, DB_ERROR_TEXT, "%s",
                 handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    sqlite3_close_v2(handle);
    return code == SQLITE_OK ? OK : INTERNAL;
}

static bool was_disturbed(const struct db *db)
{
    const struct sqlite_db *s = (const struct sqlite_db *)db;
    struct stat now;
    if (!s->unchanging)
        return false;
    return has_log(s->path) || stat(s->path, &now) != 0 || now.st_ino != s->as_opened.st_ino ||
           now.st_size != s->as_opened.st_size ||
           now.st_mtim.tv_sec != s->as_opened.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != s->as_opened.st_mtim.tv_nsec;
}

static const struct db_ops sqlite_ops = {
    .transact = transact,
    .run = sqlite_run,
    .flush = flush,
    .script = sqlite_script,
    .close = sqlite_close,
    .was_disturbed = was_disturbed,
    .forget_log = forget_log,
    .scrub = scrub,
};

/* One process a file: the lock goes with the process, however it ends. */
static enum result lock_file(struct sqlite_db *s, const char *path,
                             char ret_error[static DB_ERROR_TEXT])
{
    char name[4096];
    int n = snprintf(name, sizeof name, "%s.lock", path);
    if (n < 0 || (size_t)n >= sizeof name) {
        snprintf(ret_error, DB_ERROR_TEXT, "the database's path is too long");
        return INVALID;
    }
    s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_fd < 0) {
        snprintf(ret_error, DB_ERROR_TEXT, "cannot open %.300s: %s", name, strerror(errno));
        return INTERNAL;
    }
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(ret_error, DB_ERROR_TEXT, "another process uses the database %.300s", path);
        return CONFLICT;
    }
    /* Made here and not by SQLite, which would let everybody read it. */
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        snprintf(ret_error, DB_ERROR_TEXT, "cannot open the database %.300s: %s", path,
                 strerror(errno));
        return INTERNAL;
    }
    close(fd);
    return OK;
}

static enum result open_readers(struct sqlite_db *s, const char *path, size_t n,
                                char ret_error[static DB_ERROR_TEXT])
{
    enum result r = OK;
    for (; s->reader_count < n && r == OK; s->reader_count += r == OK)
        r = sqlite_conn_open(&s->readers[s->reader_count], path, SQLITE_READER, &s->base,
                             ret_error);
    return r;
}

static enum result open_to_look(struct sqlite_db *s, const char *path, size_t n,
                                char ret_error[static DB_ERROR_TEXT])
{
    struct buf uri;
    s->unchanging = !has_log(path);
    if (stat(path, &s->as_opened) != 0) {
        snprintf(ret_error, DB_ERROR_TEXT, "cannot open the database %.300s: %s", path,
                 strerror(errno));
        return INTERNAL;
    }
    write_uri(path, s->unchanging, &uri);
    enum result r = open_readers(s, uri.ptr, n, ret_error);
    buf_done(&uri);
    return r;
}

static enum result open_to_work(struct sqlite_db *s, const char *path, size_t n,
                                char ret_error[static DB_ERROR_TEXT])
{
    enum result r = lock_file(s, path, ret_error);
    s->writer.lock_fd = s->lock_fd;
    if (r == OK)
        r = sqlite_writer_start(&s->writer, &s->base, path, ret_error);
    s->writing = r == OK;
    return r == OK ? open_readers(s, path, n, ret_error) : r;
}

enum result sqlite_open(const struct db_config *config, const char *path, struct db **ret,
                        char ret_error[static DB_ERROR_TEXT])
{
    if (sqlite3_libversion_number() < SQLITE_LEAST_VERSION) {
        snprintf(ret_error, DB_ERROR_TEXT, "SQLite %s is too old: 3.51.3 is the first that is safe",
                 sqlite3_libversion());
        return INTERNAL;
    }
    struct sqlite_db *s = calloc(1, sizeof *s);
    size_t n = (size_t)config->connections;
    if (!s)
        abort();
    s->lock_fd = -1;
    s->path = strdup(path);
    if (!s->path)
        abort();
    s->base = (struct db){.engine = DB_SQLITE, .ops = &sqlite_ops, .env = config->env};
    s->base.busy_ms = config->busy_ms > 0 ? config->busy_ms : DB_BUSY_MS_DEFAULT;
    s->readers = calloc(n, sizeof *s->readers);
    if (!s->readers)
        abort();
    idle_pool_init(&s->pool, n);
    s->base.read_only = config->read_only;
    enum result r = config->read_only ? open_to_look(s, path, n, ret_error)
                                      : open_to_work(s, path, n, ret_error);
    if (r != OK) {
        free_all(s);
        return r;
    }
    *ret = &s->base;
    return OK;
}
