/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Migrations, on both engines. */
#include "fixture.h"

#include <string.h>

#define TEXT(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static const struct migration_file first = {
    "0001_ground.sql",
    TEXT("-- A semicolon; in a comment, and 'quotes'.\n"
         "CREATE TABLE room (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL DEFAULT 'a;b');\n"
         "/* another; one */ CREATE TABLE log (note TEXT);\n"
         "--sqlite: CREATE TRIGGER room_new AFTER INSERT ON room BEGIN\n"
         "--sqlite:   INSERT INTO log (note) VALUES ('begin; end;');\n"
         "--sqlite: END;\n"
         "--postgres: CREATE FUNCTION room_new() RETURNS trigger LANGUAGE plpgsql AS $$\n"
         "--postgres: BEGIN INSERT INTO log (note) VALUES ('begin; end;'); RETURN NEW; END $$;\n"
         "--postgres: CREATE TRIGGER room_new AFTER INSERT ON room\n"
         "--postgres:   FOR EACH ROW EXECUTE FUNCTION room_new();\n"
         "INSERT INTO room (id) VALUES (1)")};
static const struct migration_file second = {
    "0002_more.sql",
    TEXT("ALTER TABLE room ADD COLUMN size BIGINT;\n\nUPDATE room SET size = 5;\n")};
static const struct migration_file second_edited = {
    "0002_more.sql",
    TEXT("ALTER TABLE room ADD COLUMN size BIGINT;\n\nUPDATE room SET size = 6;\n")};
static const struct migration_file second_broken = {
    "0002_more.sql", TEXT("CREATE TABLE other (id BIGINT);\nINSERT INTO other (nope) VALUES (1);\n"
                          "CREATE TABLE third (id BIGINT);\n")};

static void files_are_applied_once_and_in_order(void **state)
{
    struct fixture *f = *state;
    struct migration_file files[] = {first, second};
    char error[DB_ERROR_TEXT];
    int applied = -1;
    assert_int_equal(migrate_is_current(f->db, files, 2, error), CONFLICT);
    assert_int_equal(migrate_files(f->db, files, 1, &applied, error), OK);
    assert_int_equal(applied, 1);
    assert_int_equal(migrate_is_current(f->db, files, 1, error), OK);
    assert_int_equal(migrate_is_current(f->db, files, 2, error), CONFLICT);
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    assert_int_equal(applied, 1);
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    assert_int_equal(applied, 0);
    assert_int_equal(migrate_is_current(f->db, files, 2, error), OK);
    assert_int_equal(ask_int(f, "SELECT size FROM room WHERE name = 'a;b'"), 5);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM log WHERE note = 'begin; end;'"), 1);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM schema_migration WHERE length(sha256) = 64"),
                     2);
}

static void a_failing_file_leaves_nothing_of_itself(void **state)
{
    struct fixture *f = *state;
    struct migration_file files[] = {first, second_broken};
    char error[DB_ERROR_TEXT];
    int applied = -1;
    assert_int_not_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    assert_int_equal(applied, -1);
    assert_non_null(strstr(error, "0002_more.sql"));
    assert_non_null(strstr(error, "nope"));
    assert_null(strchr(error, '\n'));
    files[1] = second;
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    assert_int_equal(applied, 1);
    /* Neither the table before nor the one after the fault is there. */
    run_sql(f, "CREATE TABLE other (id BIGINT)");
    run_sql(f, "CREATE TABLE third (id BIGINT)");
}

static void an_edited_file_is_refused(void **state)
{
    struct fixture *f = *state;
    struct migration_file files[] = {first, second};
    char error[DB_ERROR_TEXT];
    int applied = -1;
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    files[1] = second_edited;
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), CONFLICT);
    assert_non_null(strstr(error, "0002_more.sql"));
    assert_int_equal(migrate_is_current(f->db, files, 2, error), CONFLICT);
    assert_int_equal(ask_int(f, "SELECT size FROM room"), 5);
}

static void a_database_that_is_newer_than_the_program_is_refused(void **state)
{
    struct fixture *f = *state;
    struct migration_file files[] = {first, second};
    char error[DB_ERROR_TEXT];
    int applied = -1;
    assert_int_equal(migrate_files(f->db, files, 2, &applied, error), OK);
    assert_int_equal(migrate_files(f->db, files, 1, &applied, error), CONFLICT);
    assert_non_null(strstr(error, "newer"));
    assert_int_equal(migrate_is_current(f->db, files, 1, error), CONFLICT);
}

static void *migrate_too(void *arg)
{
    struct fixture *f = arg;
    const struct migration_file files[] = {first, second};
    char error[DB_ERROR_TEXT];
    int applied;
    if (migrate_files(f->db, files, 2, &applied, error) != OK)
        abort();
    return NULL;
}

static void several_may_start_at_once(void **state)
{
    struct fixture *f = *state;
    run_threads(6, migrate_too, f);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM room"), 1);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM schema_migration"), 2);
}

static void the_programs_own_migrations_apply(void **state)
{
    struct fixture *f = *state;
    char error[DB_ERROR_TEXT];
    int applied = 0;
    enum result r = db_migrate(f->db, &applied, error);
    if (r != OK)
        fail_msg("%s", error);
    assert_true(applied > 0);
    assert_int_equal(db_schema_current(f->db), OK);
    assert_int_equal(db_migrate(f->db, &applied, error), OK);
    assert_int_equal(applied, 0);
}

static void lines_of_one_engine_are_comments_for_the_other(void **state)
{
    (void)state;
    struct arena a;
    struct str text = TEXT("--sqlite: one;\n--postgres: two;\n-- sqlite: three\nfour --sqlite: no");
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    assert_string_equal(migration_text(&a, text, DB_SQLITE),
                        " one;\n--postgres: two;\n-- sqlite: three\nfour --sqlite: no");
    assert_string_equal(migration_text(&a, text, DB_POSTGRES),
                        "--sqlite: one;\n two;\n-- sqlite: three\nfour --sqlite: no");
    assert_string_equal(migration_text(&a, (struct str){"", 0}, DB_SQLITE), "");
    arena_done(&a);
}

int main(void)
{
    static const struct engine_test tests[] = {
        {"files_are_applied_once_and_in_order", files_are_applied_once_and_in_order},
        {"a_failing_file_leaves_nothing_of_itself", a_failing_file_leaves_nothing_of_itself},
        {"an_edited_file_is_refused", an_edited_file_is_refused},
        {"a_database_that_is_newer_than_the_program_is_refused",
         a_database_that_is_newer_than_the_program_is_refused},
        {"several_may_start_at_once", several_may_start_at_once},
        {"the_programs_own_migrations_apply", the_programs_own_migrations_apply},
        {"lines_of_one_engine_are_comments_for_the_other",
         lines_of_one_engine_are_comments_for_the_other},
    };
    return run_group_on_both("migrations", tests);
}
