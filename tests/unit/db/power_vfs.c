/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* power_vfs: see power_vfs.h. */
#include "power_vfs.h"

#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

/* A disk writes whole sectors: what is smaller than one arrives or does not. */
enum { FILES_MAX = 8, SECTOR = 512, FILE_BYTES_MAX = 256 * 1024 * 1024 };

/* One write, or a file's new size where `bytes` is NULL. */
struct op {
    int64_t at;
    size_t len;
    unsigned char *bytes;
    struct op *next;
};

struct image {
    unsigned char *bytes;
    size_t size, room;
};

struct disk_file {
    char path[PATH_MAX];
    struct image synced;
    struct op *first, *last; /* since then, in the order of their coming */
};

/* An open file of SQLite; the real one follows it in memory. */
struct open_file {
    sqlite3_file base;
    struct disk_file *disk; /* NULL: of a kind that no crash needs */
    sqlite3_file *real;
};

/* The lock is held during each change, so that a cut finds none half done. */
static struct {
    pthread_mutex_t lock;
    struct disk_file files[FILES_MAX];
    sqlite3_vfs vfs, *real;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- images ---- */

static void image_resize(struct image *m, size_t size)
{
    assert_true(size <= FILE_BYTES_MAX);
    if (size > m->room) {
        m->room = size * 2;
        m->bytes = realloc(m->bytes, m->room);
        assert_non_null(m->bytes);
    }
    if (size > m->size)
        memset(m->bytes + m->size, 0, size - m->size);
    m->size = size;
}

static void image_write(struct image *m, const unsigned char *bytes, size_t at, size_t len)
{
    if (at + len > m->size)
        image_resize(m, at + len);
    memcpy(m->bytes + at, bytes, len);
}

static void image_apply(struct image *m, const struct op *op)
{
    if (op->bytes)
        image_write(m, op->bytes, (size_t)op->at, op->len);
    else
        image_resize(m, (size_t)op->at);
}

/* Each sector that the write touches is the new one or the old one. */
static void image_tear(struct image *m, const struct op *op, struct numbers *chance)
{
    size_t at = (size_t)op->at, end = at + op->len;
    while (at < end) {
        size_t next = (at / SECTOR + 1) * SECTOR;
        size_t len = (next < end ? next : end) - at;
        if (numbers_next(chance) % 2)
            image_write(m, op->bytes + (at - (size_t)op->at), at, len);
        at += len;
    }
}

/* ---- what is on the disk ---- */

static struct disk_file *find(const char *path, bool make)
{
    struct disk_file *unused = NULL;
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (disk.files[i].path[0] == '\0')
            unused = unused ? unused : &disk.files[i];
        else if (strcmp(disk.files[i].path, path) == 0)
            return &disk.files[i];
    }
    if (!make)
        return NULL;
    assert_non_null(unused);
    snprintf(unused->path, sizeof unused->path, "%s", path);
    return unused;
}

static void drop_ops(struct disk_file *f)
{
    for (struct op *op = f->first, *next; op; op = next) {
        next = op->next;
        free(op->bytes);
        free(op);
    }
    f->first = f->last = NULL;
}

static void drop_file(struct disk_file *f)
{
    drop_ops(f);
    free(f->synced.bytes);
    *f = (struct disk_file){0};
}

static void keep_op(struct disk_file *f, const void *bytes, int64_t at, size_t len)
{
    struct op *op = calloc(1, sizeof *op);
    assert_non_null(op);
    op->at = at;
    op->len = len;
    if (bytes) {
        op->bytes = malloc(len);
        assert_non_null(op->bytes);
        memcpy(op->bytes, bytes, len);
    }
    if (f->last)
        f->last->next = op;
    else
        f->first = op;
    f->last = op;
}

static void sync_file(struct disk_file *f)
{
    for (const struct op *op = f->first; op; op = op->next)
        image_apply(&f->synced, op);
    drop_ops(f);
}

static struct image found_after(const struct disk_file *f, struct numbers *chance,
                                struct power_cut *count)
{
    struct image m = {0};
    image_resize(&m, f->synced.size);
    if (f->synced.size)
        memcpy(m.bytes, f->synced.bytes, f->synced.size);
    /* Some cuts find next to nothing written, others nearly all. */
    uint64_t arrives_of_8 = numbers_next(chance) % 9;
    for (const struct op *op = f->first; op; op = op->next) {
        count->pending++;
        if (numbers_next(chance) % 8 < arrives_of_8) {
            image_apply(&m, op);
        } else if (op->bytes && op->len > SECTOR && numbers_next(chance) % 4 == 0) {
            image_tear(&m, op, chance);
            count->torn++;
        } else {
            count->lost++;
        }
    }
    return m;
}

static void write_image(const char *folder, const char *path, const struct image *m)
{
    char name[PATH_MAX + 64];
    snprintf(name, sizeof name, "%s/%s", folder, strrchr(path, '/') + 1);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(m->bytes, 1, m->size, file), m->size);
    assert_int_equal(fclose(file), 0);
}

void power_cut(const char *folder, struct numbers *chance, void (*at_cut)(void *self), void *self,
               struct power_cut *ret)
{
    struct image found[FILES_MAX] = {0};
    char paths[FILES_MAX][PATH_MAX] = {0};
    *ret = (struct power_cut){0};
    pthread_mutex_lock(&disk.lock);
    at_cut(self);
    for (size_t i = 0; i < FILES_MAX; i++)
        if (disk.files[i].path[0]) {
            memcpy(paths[i], disk.files[i].path, PATH_MAX);
            found[i] = found_after(&disk.files[i], chance, ret);
        }
    pthread_mutex_unlock(&disk.lock);
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (paths[i][0])
            write_image(folder, paths[i], &found[i]);
        free(found[i].bytes);
    }
}

void power_vfs_settle(void)
{
    pthread_mutex_lock(&disk.lock);
    for (size_t i = 0; i < FILES_MAX; i++)
        sync_file(&disk.files[i]);
    pthread_mutex_unlock(&disk.lock);
}

void power_vfs_forget(void)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        drop_file(&disk.files[i]);
}

/* ---- an open file ---- */

static struct open_file *of(sqlite3_file *file)
{
    return (struct open_file *)file;
}

static int file_close(sqlite3_file *file)
{
    return of(file)->real->pMethods->xClose(of(file)->real);
}

static int file_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    return of(file)->real->pMethods->xRead(of(file)->real, to, len, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct open_file *f = of(file);
    pthread_mutex_lock(&disk.lock);
    int code = f->real->pMethods->xWrite(f->real, bytes, len, at);
    if (code == SQLITE_OK && f->disk)
        keep_op(f->disk, bytes, at, (size_t)len);
    pthread_mutex_unlock(&disk.lock);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct open_file *f = of(file);
    pthread_mutex_lock(&disk.lock);
    int code = f->real->pMethods->xTruncate(f->real, size);
    if (code == SQLITE_OK && f->disk)
        keep_op(f->disk, NULL, size, 0);
    pthread_mutex_unlock(&disk.lock);
    return code;
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct open_file *f = of(file);
    (void)flags;
    pthread_mutex_lock(&disk.lock);
    if (f->disk)
        sync_file(f->disk);
    pthread_mutex_unlock(&disk.lock);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return of(file)->real->pMethods->xFileSize(of(file)->real, ret);
}

static int file_lock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int file_check_lock(sqlite3_file *file, int *ret)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, ret);
}

static int file_control(sqlite3_file *file, int what, void *arg)
{
    /* Bytes that appear by themselves would pass by what is kept. */
    if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_NOTFOUND;
    return of(file)->real->pMethods->xFileControl(of(file)->real, what, arg);
}

static int file_sector(sqlite3_file *file)
{
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int file_traits(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return of(file)->real->pMethods->xShmLock(of(file)->real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    of(file)->real->pMethods->xShmBarrier(of(file)->real);
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

/* Version 2: no memory-mapped reading, which nothing here uses. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- the layer ---- */

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    (void)vfs;
    struct open_file *f = of(file);
    *f = (struct open_file){.real = (sqlite3_file *)(f + 1)};
    int code = disk.real->xOpen(disk.real, name, f->real, flags, ret_flags);
    if (code != SQLITE_OK)
        return code;
    f->base.pMethods = &methods;
    if (name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))) {
        pthread_mutex_lock(&disk.lock);
        f->disk = find(name, true);
        pthread_mutex_unlock(&disk.lock);
    }
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    pthread_mutex_lock(&disk.lock);
    struct disk_file *f = find(name, false);
    if (f)
        drop_file(f);
    int code = disk.real->xDelete(disk.real, name, sync_folder);
    pthread_mutex_unlock(&disk.lock);
    return code;
}

void power_vfs_use(bool cuttable)
{
    if (!disk.real) {
        disk.real = sqlite3_vfs_find(NULL);
        assert_non_null(disk.real);
        disk.vfs = *disk.real;
        disk.vfs.pNext = NULL;
        disk.vfs.zName = "power";
        disk.vfs.szOsFile = (int)sizeof(struct open_file) + disk.real->szOsFile;
        disk.vfs.xOpen = vfs_open;
        disk.vfs.xDelete = vfs_delete;
    }
    assert_int_equal(sqlite3_vfs_register(cuttable ? &disk.vfs : disk.real, 1), SQLITE_OK);
}
