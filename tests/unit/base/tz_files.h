/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz_files: time zone files for tests: the names of all that are installed, the bytes of one, and
 * small ones made to measure.
 */
#ifndef CAREOPS_TESTS_TZ_FILES_H
#define CAREOPS_TESTS_TZ_FILES_H

#include "../unit.h"

#include "base/buf.h"
#include "base/tz_zone.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { ZONES_MAX = 2000, PATH_TEXT = 1200 };

struct zone_names {
    size_t count;
    char name[ZONES_MAX][TZ_NAME_MAX + 1];
};

static inline const char *tz_folder(void)
{
    const char *folder = getenv("TZDIR");
    return folder && *folder ? folder : "/usr/share/zoneinfo";
}

/*
 * Adds the zones under `prefix` ("" or "Europe/"). The folders "posix" and "right" repeat all
 * names, the second with leap seconds; what is no zone has a dot, begins in lower
 * case, or is called Factory.
 */
static inline void zone_names_add(struct zone_names *z, const char *prefix)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "%s/%s", tz_folder(), prefix);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        struct stat st;
        char name[TZ_NAME_MAX + 1];
        if (e->d_name[0] < 'A' || e->d_name[0] > 'Z' || strchr(e->d_name, '.') ||
            strcmp(e->d_name, "Factory") == 0)
            continue;
        int n = snprintf(name, sizeof name, "%s%s", prefix, e->d_name);
        assert_true(n > 0 && (size_t)n < sizeof name - 1);
        snprintf(path, sizeof path, "%s/%s", tz_folder(), name);
        assert_int_equal(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            name[n] = '/';
            name[n + 1] = '\0';
            zone_names_add(z, name);
        } else {
            assert_true(z->count < ZONES_MAX);
            memcpy(z->name[z->count++], name, sizeof name);
        }
    }
    closedir(dir);
}

/* A file's bytes; `ret` is the caller's to finish. */
static inline void file_read(const char *path, struct buf *ret)
{
    FILE *f = fopen(path, "rbe");
    assert_non_null(f);
    buf_init(ret, TZ_FILE_MAX);
    for (int c; (c = fgetc(f)) != EOF;)
        buf_byte(ret, (char)c);
    fclose(f);
}

/* An installed zone's. */
static inline void tz_file_read(const char *name, struct buf *ret)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "%s/%s", tz_folder(), name);
    file_read(path, ret);
}

struct made_change {
    int64_t at_s;
    unsigned char type;
};

static inline void put_big(struct buf *b, uint64_t v, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        buf_byte(b, (char)(v >> shift));
}

/* A file with these types (offsets in seconds) and changes, and a footer unless it is NULL. */
static inline void tz_file_make(struct buf *ret, const int32_t *offsets, size_t types,
                                const struct made_change *changes, size_t count, const char *footer)
{
    buf_init(ret, 16 * 1024 * 1024);
    for (int version = 1; version <= 2; version++) {
        const uint32_t counts[] = {
            0, 0, 0, version == 1 ? 0 : (uint32_t)count, version == 1 ? 1 : (uint32_t)types, 4,
        };
        buf_z(ret, "TZif2");
        put_big(ret, 0, 8);
        put_big(ret, 0, 7);
        for (size_t i = 0; i < count_of(counts); i++)
            put_big(ret, counts[i], 4);
        for (size_t i = 0; version == 2 && i < count; i++)
            put_big(ret, (uint64_t)changes[i].at_s, 8);
        for (size_t i = 0; version == 2 && i < count; i++)
            buf_byte(ret, (char)changes[i].type);
        for (size_t i = 0; i < (version == 1 ? 1 : types); i++) {
            put_big(ret, version == 1 ? 0 : (uint32_t)offsets[i], 4);
            put_big(ret, 0, 2);
        }
        buf_add(ret, "LMT", 4);
    }
    if (footer)
        buf_printf(ret, "\n%s\n", footer);
}

/* Reads from memory of exactly that size, so that the address sanitizer sees each byte too many. */
static inline struct tz *tz_read_exactly(const void *bytes, size_t size)
{
    unsigned char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    if (size)
        memcpy(copy, bytes, size);
    struct tz *tz = tz_read(copy, size);
    free(copy);
    return tz;
}

#endif
