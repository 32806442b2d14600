/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The SQLite file: its settings, who may open it, and what a full disk, a crash and damage do. */
#include "fixture.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

static enum result insert(struct db_tx *tx, void *arg)
{
    return db_exec(tx, "INSERT INTO t (id) VALUES ($1)", db_i(*(const int64_t *)arg));
}

static int64_t rows(struct fixture *f)
{
    return ask_int(f, "SELECT COUNT(*) FROM t");
}

static void make_table(struct fixture *f)
{
    run_sql(f, "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, filling BYTEA)");
}

/* ---- the file ---- */

static enum result read_settings(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    assert_int_equal(db_one(tx, &r, "PRAGMA journal_mode"), OK);
    assert_true(str_is(db_str(&r, 0, 0), "wal"));
    assert_int_equal(db_one(tx, &r, "PRAGMA foreign_keys"), OK);
    assert_int_equal(db_int(&r, 0, 0), 1);
    assert_int_equal(db_one(tx, &r, "PRAGMA trusted_schema"), OK);
    assert_int_equal(db_int(&r, 0, 0), 0);
    assert_int_equal(db_one(tx, &r, "PRAGMA wal_autocheckpoint"), OK);
    assert_int_equal(db_int(&r, 0, 0), 0);
    return OK;
}

static enum result read_writers_settings(struct db_tx *tx, void *arg)
{
    struct db_rows r;
    assert_int_equal(db_one(tx, &r, "PRAGMA synchronous"), OK);
    assert_int_equal(db_int(&r, 0, 0), 2); /* FULL */
    return read_settings(tx, arg);
}

static enum result edit_the_schema(struct db_tx *tx, void *arg)
{
    (void)arg;
    enum result r = db_exec(tx, "PRAGMA writable_schema = ON");
    return r == OK ? db_exec(tx, "UPDATE sqlite_master SET sql = 'CREATE TABLE t (x)'") : r;
}

static void the_settings_are_those_that_keep_what_was_acknowledged(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    assert_int_equal(transact(f, read_writers_settings, NULL), OK);
    assert_int_equal(view(f, read_settings, NULL), OK);
    assert_int_equal(transact(f, edit_the_schema, NULL), INTERNAL); /* defensive */
    struct stat st;
    assert_int_equal(stat(f->url + sizeof "sqlite:" - 1, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* it holds people's data */
}

static enum result open_url(const struct fixture *f, const char *url, char ret_error[DB_ERROR_TEXT])
{
    struct db *db = NULL;
    struct db_config config = {.url = url, .connections = 1, .env = &f->env};
    enum result r = db_open(&config, &db, ret_error);
    if (r == OK)
        db_close(db);
    else
        assert_true(ret_error[0] && !strchr(ret_error, '\n'));
    return r;
}

static void a_second_process_is_refused(void **state)
{
    struct fixture *f = *state;
    char error[DB_ERROR_TEXT] = "";
    assert_int_equal(open_url(f, f->url, error), CONFLICT);
    assert_non_null(strstr(error, "another process"));
    /* A child holds the file and says so; after its end, however hard, the file is free. */
    int told[2];
    db_close(f->db);
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        struct db *db = NULL;
        struct db_config config = {.url = f->url, .connections = 1, .env = &f->env};
        bool held = db_open(&config, &db, error) == OK;
        if (!held || write(told[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char byte;
    close(told[1]);
    assert_int_equal(read(told[0], &byte, 1), 1);
    close(told[0]);
    assert_int_equal(open_url(f, f->url, error), CONFLICT);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    f->db = fixture_open(f, 1, 0);
}

static void what_is_no_database_is_refused_in_one_line(void **state)
{
    struct fixture *f = *state;
    char url[PG_URL_TEXT], error[DB_ERROR_TEXT];
    snprintf(url, sizeof url, "sqlite:%s/text", f->folder);
    FILE *text = fopen(url + sizeof "sqlite:" - 1, "w");
    assert_non_null(text);
    for (int i = 0; i < 1000; i++)
        fputs("This is a letter and not a database.\n", text);
    fclose(text);
    assert_int_equal(open_url(f, url, error), INTERNAL);
    assert_non_null(strstr(error, "not a database"));
    snprintf(url, sizeof url, "sqlite:%s/no/such/folder.db", f->folder);
    assert_int_equal(open_url(f, url, error), INTERNAL);
    snprintf(url, sizeof url, "sqlite:%s/folder", f->folder);
    assert_int_equal(mkdir(url + sizeof "sqlite:" - 1, 0700), 0);
    assert_int_equal(open_url(f, url, error), INTERNAL);
    assert_int_equal(open_url(f, "sqlite:", error), INVALID);
    assert_int_equal(open_url(f, "mysql://localhost/x", error), INVALID);
    assert_int_equal(open_url(f, "", error), INVALID);
}

/* ---- the disk ---- */

static enum result add_filling(struct db_tx *tx, void *arg)
{
    return db_exec(tx, "INSERT INTO t (id, filling) VALUES ($1, randomblob(20000))",
                   db_i(*(const int64_t *)arg));
}

/* Writes until the disk is full; how many rows were acknowledged. */
static int64_t fill_the_disk(struct fixture *f, struct db *db)
{
    int64_t id = 0;
    enum result r = OK;
    while (r == OK && id < 10000) {
        id++;
        problem_clear(&f->problem);
        r = db_transact(db, &f->arena, &f->problem, add_filling, &id);
    }
    assert_int_equal(r, BUSY);
    assert_string_equal(f->problem.code, "storage_full");
    assert_true(id > 10);
    return id - 1;
}

static void check_and_go_on(struct fixture *f, struct db *db, int64_t acknowledged)
{
    struct db *before = f->db;
    f->db = db;
    assert_int_equal(rows(f), acknowledged);
    for (int64_t id = 20000; id < 20020; id++)
        assert_int_equal(transact(f, add_filling, &id), OK);
    assert_int_equal(rows(f), acknowledged + 20);
    f->db = before;
}

static struct db *open_in(struct fixture *f, const char *folder)
{
    char url[PG_URL_TEXT];
    snprintf(url, sizeof url, "sqlite:%s/full.db", folder);
    struct db *db = fixture_open_url(f, url, 2, 5000);
    struct db *before = f->db;
    f->db = db;
    make_table(f);
    f->db = before;
    return db;
}

static void a_full_disk_answers_storage_full_and_later_writes_go_on(void **state)
{
    struct fixture *f = *state;
    char folder[64];
    make_folder(folder);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=3m") != 0) {
        remove_folder(folder);
        assert_true(errno == EPERM || errno == EACCES);
        skip(); /* only root may mount; the next test fills a file instead */
    }
    struct db *db = open_in(f, folder);
    int64_t acknowledged = fill_the_disk(f, db);
    assert_int_equal(mount("tmpfs", folder, "tmpfs", MS_REMOUNT, "size=60m"), 0);
    check_and_go_on(f, db, acknowledged);
    db_close(db);
    assert_int_equal(umount(folder), 0);
    remove_folder(folder);
}

static void a_file_at_its_largest_answers_storage_full_and_later_writes_go_on(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, small;
    char folder[64];
    make_folder(folder);
    struct db *db = open_in(f, folder);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1024 * 1024;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int64_t acknowledged = fill_the_disk(f, db);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    check_and_go_on(f, db, acknowledged);
    db_close(db);
    remove_folder(folder);
}

/* ---- the crash ---- */

enum { CRASHES = 4, WRITERS = 8, ACKNOWLEDGED_AT_LEAST = 150 };

struct doomed {
    struct db *db;
    int told;
    _Atomic int64_t next;
};

static void *write_and_tell(void *arg)
{
    struct doomed *d = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    for (;;) {
        int64_t id = d->next++;
        if (db_transact(d->db, &a, NULL, insert, &id) != OK ||
            write(d->told, &id, sizeof id) != (ssize_t)sizeof id)
            abort();
        arena_reset(&a);
    }
    return NULL;
}

static _Noreturn void be_killed(const struct fixture *f, int told, int64_t first_id)
{
    struct doomed d = {.db = fixture_open(f, 1, 5000), .told = told, .next = first_id};
    run_threads(WRITERS, write_and_tell, &d);
    _exit(1);
}

static enum result is_there(struct db_tx *tx, void *arg)
{
    struct db_rows r;
    return db_one(tx, &r, "SELECT 1 FROM t WHERE id = $1", db_i(*(const int64_t *)arg));
}

static void acknowledged_commits_survive_a_kill(void **state)
{
    struct fixture *f = *state;
    static int64_t acknowledged[100000];
    size_t n = 0;
    make_table(f);
    db_close(f->db);
    for (int crash = 0; crash < CRASHES; crash++) {
        int told[2];
        size_t enough = n + ACKNOWLEDGED_AT_LEAST;
        assert_int_equal(pipe(told), 0);
        pid_t child = fork();
        if (child == 0)
            be_killed(f, told[1], (crash + 1) * INT64_C(1000000));
        close(told[1]);
        while (n < count_of(acknowledged) &&
               read(told[0], &acknowledged[n], sizeof *acknowledged) == sizeof *acknowledged)
            if (++n == enough)
                kill(child, SIGKILL);
        close(told[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_true(n >= enough && n < count_of(acknowledged));
    }
    f->db = fixture_open(f, 2, 5000);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(view(f, is_there, &acknowledged[i]), OK);
}

/* ---- damage ---- */

static enum result add_many(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "INSERT INTO t (id, filling) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
                       " SELECT i + 1 FROM n WHERE i < 2000) SELECT i, randomblob(500) FROM n");
}

static void damage(const char *path)
{
    struct stat st;
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    assert_int_equal(fseek(file, 8192, SEEK_SET), 0); /* the first page has the schema */
    for (off_t at = 8192; at < st.st_size; at++)
        fputc(0xA5, file);
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_file_ends_the_process(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    assert_int_equal(transact(f, add_many, NULL), OK);
    db_close(f->db);
    damage(f->url + sizeof "sqlite:" - 1);
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        f->db = fixture_open(f, 1, 5000);
        _exit(rows(f) == 2000);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    f->db = NULL;
}

int main(void)
{
    struct ground ground = {.engine = DB_SQLITE};
    const struct CMUnitTest tests[] = {
        ON(ground, acknowledged_commits_survive_a_kill),
        ON(ground, a_damaged_file_ends_the_process),
        ON(ground, a_second_process_is_refused),
        ON(ground, what_is_no_database_is_refused_in_one_line),
        ON(ground, the_settings_are_those_that_keep_what_was_acknowledged),
        ON(ground, a_full_disk_answers_storage_full_and_later_writes_go_on),
        ON(ground, a_file_at_its_largest_answers_storage_full_and_later_writes_go_on),
    };
    return cmocka_run_group_tests_name("SQLite's file", tests, NULL, NULL);
}
