/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * migrate_embedded: the migrations that the program carries. See db.h.
 *
 * Apart from migrate.c, so that its tests link without the program's own files.
 */
#include "db/db_internal.h"

#include "base/embedded.h"

#include <stdlib.h>
#include <string.h>

/* In the order of their names, which embedded_files has already; the caller frees it. */
struct migration_file *migrations_carried(size_t *ret_count)
{
    static const struct str folder = {"migrations/", sizeof "migrations/" - 1};
    static const struct str ending = {".sql", sizeof ".sql" - 1};
    struct migration_file *files = calloc(embedded_count + 1, sizeof *files);
    size_t n = 0;
    if (!files)
        abort();
    for (size_t i = 0; i < embedded_count; i++) {
        const struct embedded_file *e = &embedded_files[i];
        struct str name = str_of(e->name);
        if (!str_starts(name, folder) || name.len < folder.len + ending.len ||
            !str_is(ending, e->name + name.len - ending.len))
            continue;
        files[n++] =
            (struct migration_file){e->name + folder.len, {(const char *)e->data, e->size}};
    }
    *ret_count = n;
    return files;
}

enum result db_migrate(struct db *db, int *ret_applied, char ret_error[static DB_ERROR_TEXT])
{
    size_t n;
    struct migration_file *files = migrations_carried(&n);
    enum result r = migrate_files(db, files, n, ret_applied, ret_error);
    free(files);
    return r;
}

enum result db_schema_compare(struct db *db, char ret_error[static DB_ERROR_TEXT])
{
    size_t n;
    struct migration_file *files = migrations_carried(&n);
    enum result r = migrate_is_current(db, files, n, ret_error);
    free(files);
    return r;
}

enum result db_schema_current(struct db *db)
{
    char error[DB_ERROR_TEXT];
    return db_schema_compare(db, error);
}

enum result migration_known(int64_t version, const char *sha256)
{
    size_t n;
    char hash[TOKEN_HASH_TEXT];
    struct migration_file *files = migrations_carried(&n);
    enum result r = INVALID;
    if (version > 0 && (uint64_t)version > n) {
        r = CONFLICT;
    } else if (version > 0) {
        struct str text = files[version - 1].text;
        token_hash(text.ptr, text.len, hash);
        r = strcmp(hash, sha256) == 0 ? OK : INVALID;
    }
    free(files);
    return r;
}

int64_t migration_newest(void)
{
    size_t n;
    free(migrations_carried(&n));
    return (int64_t)n;
}
