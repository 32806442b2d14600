/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* backup: see backup.h. */
#include "app/backup.h"

#include "app/config.h"
#include "base/civil.h"
#include "base/seal.h"
#include "db/backup.h"
#include "privacy/privacy.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS_MAX = 64, ROWS_AT_ONCE = 1000, STATUS_FAILED = 1, STATUS_WORDS = 2 };

struct job {
    struct arena arena;
    struct env env;
    struct config config;
    const char *file;
    const char *database; /* the path behind sqlite: */
    bool force;
    bool made_data; /* its folder was not there before */
    char error[DB_ERROR_TEXT];
};

static int fail(const char *what, int status)
{
    fprintf(stderr, "careops: %s\n", what);
    return status;
}

/* ---- the words ---- */

static void print_usage(const char *command, FILE *out)
{
    bool backup = strcmp(command, "backup") == 0;
    fprintf(out, "usage: careops %s [--setting value]…\n",
            backup ? "backup FILE|FOLDER [--force]" : "restore FILE");
}

static int usage(const char *command)
{
    print_usage(command, stderr);
    return STATUS_WORDS;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static const char *name_in_url(const char *url, struct arena *a)
{
    const char *slash = strchr(strstr(url, "://") + 3, '/');
    size_t len = slash ? strcspn(slash + 1, "?") : 0;
    return len ? arena_strndup(a, slash + 1, len) : "careops";
}

/* Without the URL, which may hold a password. */
static int explain_postgres(struct job *j, const char *command)
{
    const char *name = name_in_url(j->config.db, &j->arena);
    fprintf(stderr,
            "careops: %s is for SQLite; this database is PostgreSQL's. There, with the same URL in"
            " CAREOPS_DB:\n",
            command);
    if (strcmp(command, "backup") == 0)
        fprintf(stderr,
                "  PGOPTIONS='-c careops.tenant=all' pg_dump --enable-row-security --format=custom"
                " --file=%s.dump --dbname=\"$CAREOPS_DB\"\n"
                "or as a superuser, of the whole server, with the way back to any moment:\n"
                "  pg_basebackup --pgdata=FOLDER --checkpoint=fast --wal-method=stream\n",
                name);
    else
        fprintf(stderr,
                "  createdb --owner=careops %s_restored\n"
                "  pg_restore --exit-on-error --no-owner --single-transaction --dbname=\"$NEW_DB\""
                " %s.dump\n",
                name, name);
    fprintf(stderr, "docs/operators.md, \"Backups\", has both from end to end.\n");
    return STATUS_WORDS;
}

/* `careops COMMAND FILE [--force] [--setting value]…`: what is not a word of ours is a setting. */
static int read_words(struct job *j, int argc, char **argv, bool may_force)
{
    char *words[WORDS_MAX];
    const char *rest[3];
    size_t rest_count;
    char error[CONFIG_ERROR_TEXT] = "";
    int n = 0;
    if (argc > WORDS_MAX)
        return usage(argv[1]);
    for (int i = 0; i < argc; i++) {
        if (may_force && strcmp(argv[i], "--force") == 0)
            j->force = true;
        else
            words[n++] = argv[i];
    }
    if (config_read(&j->arena, n, words, &j->config, rest, 3, &rest_count, error) != OK)
        return fail(error, STATUS_WORDS);
    if (rest_count != 2 || !*rest[1])
        return usage(argv[1]);
    j->file = rest[1];
    if (strncmp(j->config.db, "sqlite:", 7) != 0)
        return explain_postgres(j, argv[1]);
    j->database = j->config.db + 7;
    return 0;
}

/* ---- the key ---- */

/* The name of the key that this machine has; "" where there is none yet. Makes none. */
static bool key_here(struct job *j, char ret[static SEAL_NAME_TEXT])
{
    struct seal *seal = NULL;
    const char *path = arena_printf(&j->arena, "%s/secret.key", j->config.data);
    ret[0] = '\0';
    if (*j->config.secret_key)
        seal = seal_new(&j->env, str_of(j->config.secret_key));
    else if (access(path, F_OK) == 0 && seal_from_file(&j->env, path, &seal, j->error) != OK)
        return false;
    if (seal)
        seal_name(seal, ret);
    seal_free(seal);
    return true;
}

/* ---- backup ---- */

static int print_report(const struct backup_report *r)
{
    const struct backup_end *e = &r->end;
    char taken[INSTANT_TEXT], event[INSTANT_TEXT];
    instant_format(e->taken_s, taken);
    instant_format(e->event_s, event);
    json_t *line =
        json_pack("{s:s, s:I, s:I, s:I, s:s, s:o, s:o, s:s?, s:I, s:I}", "file", r->file, "bytes",
                  (json_int_t)r->bytes, "pages", (json_int_t)e->pages, "schema",
                  (json_int_t)e->schema, "taken_at", taken, "newest_event",
                  e->event ? json_sprintf("%" PRId64, e->event) : json_null(), "newest_event_at",
                  e->event ? json_string(event) : json_null(), "key", e->key[0] ? e->key : NULL,
                  "snapshot_ms", (json_int_t)r->read_ms, "total_ms", (json_int_t)r->total_ms);
    if (!line)
        return fail("the file's name is not UTF-8, so it cannot be told; the backup is there", 0);
    int written = json_dumpf(line, stdout, JSON_COMPACT);
    json_decref(line);
    return written == 0 && putchar('\n') == '\n' && fflush(stdout) == 0
               ? 0
               : fail("the backup is there, but its report could not be printed", STATUS_FAILED);
}

int backup_command(int argc, char **argv)
{
    if (asks_for_help(argc, argv)) {
        print_usage(argv[1], stdout);
        return 0;
    }
    struct job j = {.env = env_real()};
    struct backup_report report;
    char key[SEAL_NAME_TEXT];
    arena_init(&j.arena, ARENA_DEFAULT_LIMIT);
    int status = read_words(&j, argc, argv, true);
    if (status == 0 && !key_here(&j, key))
        status = fail(j.error, STATUS_FAILED);
    if (status == 0) {
        struct backup_order order = {
            .database = j.database, .to = j.file, .key = key, .replace = j.force, .env = &j.env};
        status = backup_take(&order, &report, j.error) == OK ? print_report(&report)
                                                             : fail(j.error, STATUS_FAILED);
    }
    arena_done(&j.arena);
    free(j.env.last_id);
    return status;
}

/* ---- the erased ---- */

struct erased {
    int64_t listed; /* new in the list of the data folder */
    int64_t back;   /* in the list, and not erased in what is restored */
};

static int by_line(const void *x, const void *y)
{
    const struct erasure_line *a = x, *b = y;
    if (a->workspace_id != b->workspace_id)
        return a->workspace_id < b->workspace_id ? -1 : 1;
    return (a->client_id > b->client_id) - (a->client_id < b->client_id);
}

/* Whom the database that goes has erased and the list does not have: from another machine, or a
 * list that was lost. Their erasure has to outlive this, too. */
static enum result list_the_erased(struct job *j, struct restore *r, struct erasure_line *lines,
                                   size_t count, struct erased *ret)
{
    struct arena a;
    int64_t workspace = 0, client = 0;
    enum result res = OK;
    size_t rows = ROWS_AT_ONCE;
    while (res == OK && rows == ROWS_AT_ONCE) {
        struct db_rows found;
        arena_init(&a, ARENA_DEFAULT_LIMIT);
        const struct db_value params[] = {db_i(workspace), db_i(client), db_i(ROWS_AT_ONCE)};
        res = restore_ask(r, RESTORE_OLD, &a,
                          "SELECT workspace_id, id, erased_s FROM client"
                          " WHERE erased_s IS NOT NULL AND (workspace_id, id) > ($1, $2)"
                          " ORDER BY workspace_id, id LIMIT $3",
                          params, 3, &found);
        rows = res == OK ? found.count : 0;
        for (size_t i = 0; i < rows && res == OK; i++) {
            struct erasure_line line = {db_int(&found, i, 0), db_int(&found, i, 1),
                                        db_int(&found, i, 2)};
            workspace = line.workspace_id;
            client = line.client_id;
            if (bsearch(&line, lines, count, sizeof *lines, by_line))
                continue;
            res = erasures_append(j->config.data, line);
            ret->listed += res == OK;
        }
        arena_done(&a);
    }
    return res == NOT_FOUND ? OK : res; /* a schema that knows no erasure */
}

static enum result count_the_back(struct restore *r, const struct erasure_line *lines, size_t count,
                                  struct erased *ret)
{
    struct arena a;
    enum result res = OK;
    for (size_t i = 0; i < count && res == OK; i++) {
        struct db_rows found;
        const struct db_value params[] = {db_i(lines[i].workspace_id), db_i(lines[i].client_id)};
        if (i > 0 && by_line(&lines[i - 1], &lines[i]) == 0)
            continue;
        arena_init(&a, ARENA_DEFAULT_LIMIT);
        res = restore_ask(r, RESTORE_COMING, &a,
                          "SELECT 1 FROM client WHERE workspace_id = $1 AND id = $2"
                          " AND erased_s IS NULL",
                          params, 2, &found);
        ret->back += res == OK && found.count > 0;
        if (res == NOT_FOUND) /* older than erasing: everybody whom it has is back */
            res = restore_ask(r, RESTORE_COMING, &a,
                              "SELECT 1 FROM client WHERE workspace_id = $1 AND id = $2", params, 2,
                              &found);
        arena_done(&a);
    }
    return res;
}

/* The list may have been made just now, by root for a service that is not. */
static void give_list_to_owner(const struct job *j)
{
    struct stat folder;
    if (geteuid() != 0 || stat(j->config.data, &folder) != 0)
        return;
    const char *path = arena_printf((struct arena *)&j->arena, "%s/erasures", j->config.data);
    if (lchown(path, folder.st_uid, folder.st_gid) != 0 && errno != ENOENT)
        fail("the list of the erased belongs to root: give it to the service's user", 0);
}

static bool care_for_the_erased(struct job *j, struct restore *r, struct erased *ret)
{
    struct erasure_line *lines;
    size_t count;
    *ret = (struct erased){0};
    enum result res = erasures_read(&j->arena, j->config.data, &lines, &count);
    if (res == OK && count > 0)
        qsort(lines, count, sizeof *lines, by_line);
    if (res == OK)
        res = list_the_erased(j, r, lines, count, ret);
    if (res == OK && ret->listed > 0) {
        give_list_to_owner(j);
        res = erasures_read(&j->arena, j->config.data, &lines, &count);
        if (res == OK)
            qsort(lines, count, sizeof *lines, by_line);
    }
    if (res == OK)
        res = count_the_back(r, lines, count, ret);
    if (res != OK)
        snprintf(j->error, sizeof j->error, "cannot read or write the list %s/erasures",
                 j->config.data);
    return res == OK;
}

/* ---- restore ---- */

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static void print_restored(struct job *j, const struct restore_report *r, const struct erased *e)
{
    char taken[INSTANT_TEXT];
    instant_format(r->end.taken_s, taken);
    printf("restored %s from %s: %" PRId64 " pages%s%s\n", j->database, j->file, r->end.pages,
           r->has_end ? ", taken at " : "", r->has_end ? taken : "");
    if (!r->has_end)
        printf("it is a plain SQLite file without a digest: SQLite finds no fault with it, but a"
               " changed byte within a text would not show\n");
    if (r->aside[0])
        printf("the database before is %s%s; remove it when you no longer need it\n", r->aside,
               r->was_damaged ? " (damaged, kept as it was, with its log)" : "");
    if (r->end.schema < r->schema_newest)
        printf("its schema is %" PRId64 ", this program's %" PRId64
               ": the next start migrates it\n",
               r->end.schema, r->schema_newest);
    if (e->listed > 0)
        printf("%" PRId64 " erasure%s of the database before %s new in %s/erasures\n", e->listed,
               plural(e->listed), e->listed == 1 ? "is" : "are", j->config.data);
    if (e->back > 0)
        printf("%" PRId64 " %s erased after this backup was taken, %s in it again: the next start"
               " erases %s by %s/erasures\n",
               e->back, e->back == 1 ? "client, who was" : "clients, who were",
               e->back == 1 ? "is" : "are", e->back == 1 ? "them" : "each of them", j->config.data);
}

/* The most usual way to lose what is sealed is to forget the key. */
static void print_key(struct job *j, const struct restore_report *r)
{
    char here[SEAL_NAME_TEXT];
    if (!key_here(j, here))
        fprintf(stderr, "careops: warning: %s\n", j->error);
    else if (!here[0])
        fprintf(stderr,
                "careops: warning: there is no key here. Put back CAREOPS_SECRET_KEY or"
                " %s/secret.key before the next start, or a new one is made and what is sealed"
                " (letters with passwords, authenticator apps, forms, clinical notes) is not"
                " readable\n",
                j->config.data);
    else if (r->end.key[0] && strcmp(here, r->end.key) != 0)
        fprintf(stderr,
                "careops: warning: the backup was sealed with the key %s, and the key here is %s."
                " Put back the other one: without it what is sealed is not readable\n",
                r->end.key, here);
}

/* Where the settings lead into a data folder that is not there yet: a new machine. */
static bool make_data(struct job *j)
{
    size_t n = strlen(j->config.data);
    if (strncmp(j->database, j->config.data, n) != 0 || j->database[n] != '/')
        return true;
    j->made_data = mkdir(j->config.data, 0700) == 0;
    if (j->made_data || errno == EEXIST)
        return true;
    snprintf(j->error, sizeof j->error, "cannot make the data folder %.300s: %s", j->config.data,
             strerror(errno));
    return false;
}

static int restore(struct job *j)
{
    struct restore_order order = {.from = j->file, .database = j->database, .env = &j->env};
    struct restore_report report;
    struct restore *r;
    struct erased erased;
    if (!make_data(j) || restore_begin(&order, &r, j->error) != OK) {
        if (j->made_data)
            rmdir(j->config.data); /* what is refused leaves nothing; what is in it stays */
        return fail(j->error, STATUS_FAILED);
    }
    bool ok = care_for_the_erased(j, r, &erased) && restore_switch(r, &report, j->error) == OK;
    restore_end(r);
    if (!ok)
        return fail(j->error, STATUS_FAILED);
    print_restored(j, &report, &erased);
    print_key(j, &report);
    return fflush(stdout) == 0 && !ferror(stdout)
               ? 0
               : fail("the database is restored, but what came of it could not be printed",
                      STATUS_FAILED);
}

int restore_command(int argc, char **argv)
{
    if (asks_for_help(argc, argv)) {
        print_usage(argv[1], stdout);
        return 0;
    }
    struct job j = {.env = env_real()};
    arena_init(&j.arena, ARENA_DEFAULT_LIMIT);
    int status = read_words(&j, argc, argv, false);
    if (status == 0)
        status = restore(&j);
    arena_done(&j.arena);
    free(j.env.last_id);
    return status;
}
