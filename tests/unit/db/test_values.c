/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Parameters, cells and limits: each test here runs on SQLite and on PostgreSQL. */
#include "fixture.h"

#include <string.h>

static void make_table(struct fixture *f)
{
    run_sql(f, "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, value BIGINT)");
}

static const char odd_text[] = "O'Hara \"\\ $1 ; -- Zoë \xF0\x9F\x92\x87\n\t%s";
static const char odd_bytes[] = "\0\x01\xFF'\\x00\0";

static enum result store_values(struct db_tx *tx, void *arg)
{
    (void)arg;
    static const char sql[] = "INSERT INTO v (id, n, s, b) VALUES ($1, $2, $3, $4)";
    struct str bytes = {odd_bytes, sizeof odd_bytes - 1};
    enum result r = db_exec(tx, sql, db_i(1), db_i(INT64_MIN), db_z(odd_text), db_bytes(bytes));
    if (r == OK)
        r = db_exec(tx, sql, db_i(2), db_i(INT64_MAX), db_s(STR("")), db_bytes(STR("")));
    if (r == OK)
        r = db_exec(tx, sql, db_i(3), db_null(), db_null(), db_null());
    if (r == OK)
        r = db_exec(tx, sql, db_i(4), db_opt((struct opt_int){0}), db_s((struct str){0}),
                    db_bytes((struct str){0}));
    return r;
}

static enum result read_values(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    assert_int_equal(db_query(tx, &r, "SELECT n, s, b FROM v ORDER BY id"), OK);
    assert_int_equal(r.count, 4);
    assert_int_equal(r.columns, 3);
    assert_true(db_int(&r, 0, 0) == INT64_MIN);
    assert_true(str_is(db_str(&r, 0, 1), odd_text));
    assert_int_equal(db_str(&r, 0, 2).len, sizeof odd_bytes - 1);
    assert_memory_equal(db_str(&r, 0, 2).ptr, odd_bytes, sizeof odd_bytes - 1);
    assert_true(db_int(&r, 1, 0) == INT64_MAX);
    for (size_t column = 1; column < 3; column++) {
        assert_false(db_is_null(&r, 1, column));
        assert_non_null(db_str(&r, 1, column).ptr);
        assert_int_equal(db_str(&r, 1, column).len, 0);
    }
    for (size_t row = 2; row < 4; row++) {
        for (size_t column = 0; column < 3; column++)
            assert_true(db_is_null(&r, row, column));
        assert_int_equal(db_int(&r, row, 0), 0);
        assert_false(db_opt_int(&r, row, 0).set);
        assert_null(db_str(&r, row, 1).ptr);
    }
    return OK;
}

static void values_come_back_as_they_were_stored(void **state)
{
    struct fixture *f = *state;
    run_sql(f, "CREATE TABLE v (id BIGINT NOT NULL PRIMARY KEY, n BIGINT, s TEXT, b BYTEA)");
    assert_int_equal(transact(f, store_values, NULL), OK);
    assert_int_equal(view(f, read_values, NULL), OK);
    assert_int_equal(transact(f, read_values, NULL), OK);
}

static enum result ask_expressions(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    /* Parameters go by their number, whatever their order in the text. */
    assert_int_equal(
        db_one(tx, &r, "SELECT $2 - $1, $1, $1 * 2, $3", db_i(5), db_i(12), db_z("three")), OK);
    assert_int_equal(db_int(&r, 0, 0), 7);
    assert_int_equal(db_int(&r, 0, 1), 5);
    assert_int_equal(db_int(&r, 0, 2), 10);
    assert_true(str_is(db_str(&r, 0, 3), "three"));
    /* Truth is 0 or 1, and a sum is an integer. */
    assert_int_equal(db_one(tx, &r, "SELECT 1 < 2, 2 < 1, SUM(value), COUNT(*) FROM t"), OK);
    assert_int_equal(db_int(&r, 0, 0), 1);
    assert_int_equal(db_int(&r, 0, 1), 0);
    assert_int_equal(db_int(&r, 0, 2), 30);
    assert_int_equal(db_int(&r, 0, 3), 2);
    return OK;
}

static void expressions_give_integers_and_parameters_go_by_number(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20)");
    assert_int_equal(view(f, ask_expressions, NULL), OK);
}

static enum result filter(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    static const char sql[] =
        "SELECT id FROM t WHERE ($1 IS NULL OR value = $1) AND ($2 IS NULL OR $2 <> '') ORDER BY id";
    /* Absent first and present later, so that one prepared statement must serve both. */
    for (int round = 0; round < 2; round++) {
        assert_int_equal(db_query(tx, &r, sql, db_opt((struct opt_int){0}), db_s((struct str){0})),
                         OK);
        assert_int_equal(r.count, 2);
        assert_int_equal(db_query(tx, &r, sql, db_opt(some_int(20)), db_z("x")), OK);
        assert_int_equal(r.count, 1);
        assert_int_equal(db_int(&r, 0, 0), 2);
    }
    return OK;
}

static void an_absent_parameter_may_be_asked_whether_it_is_null(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20)");
    assert_int_equal(view(f, filter, NULL), OK);
}

static enum result count_and_find(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    int64_t changed = -1;
    assert_int_equal(db_count(tx, &changed, "UPDATE t SET value = 0 WHERE id > $1", db_i(1)), OK);
    assert_int_equal(changed, 2);
    assert_int_equal(db_count(tx, &changed, "DELETE FROM t WHERE id = 77"), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(db_one(tx, &r, "SELECT id FROM t WHERE id = 77"), NOT_FOUND);
    assert_int_equal(db_one(tx, &r, "SELECT id FROM t ORDER BY id DESC"), OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(db_int(&r, 0, 0), 3);
    assert_int_equal(
        db_one(tx, &r, "UPDATE t SET value = value + 1 WHERE id >= 2 RETURNING id, value"), OK);
    assert_int_equal(db_int(&r, 0, 1), 1);
    return OK;
}

static void statements_tell_how_much_they_changed_and_go_on_after_not_found(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    run_sql(f, "INSERT INTO t (id, value) VALUES (1, 10), (2, 20), (3, 30)");
    assert_int_equal(transact(f, count_and_find, NULL), OK);
    assert_int_equal(ask_int(f, "SELECT SUM(value) FROM t"), 12);
}

static enum result insert_many(struct db_tx *tx, void *arg)
{
    int64_t n = *(int64_t *)arg;
    enum result r = OK;
    for (int64_t i = 0; i < n && r == OK; i++)
        r = db_exec(tx, "INSERT INTO t (id, value) VALUES ($1, $2)", db_i(i), db_i(i));
    return r;
}

static void thousands_of_queued_statements_all_arrive(void **state)
{
    struct fixture *f = *state;
    int64_t n = 5000;
    make_table(f);
    assert_int_equal(transact(f, insert_many, &n), OK);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), n);
    assert_int_equal(ask_int(f, "SELECT SUM(value) FROM t"), n * (n - 1) / 2);
}

/* ---- our own mistakes, and limits ---- */

static enum result ask_text(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    return db_query(tx, &rows, (const char *)arg);
}

static void a_wrong_statement_is_internal_and_the_next_one_works(void **state)
{
    struct fixture *f = *state;
    make_table(f);
    static const char *const wrong[] = {"SELEC 1", "SELECT nope FROM t", "SELECT 1; SELECT 2",
                                        "SELECT 0.5 + 1.0"};
    for (size_t i = 0; i < count_of(wrong); i++) {
        for (int again = 0; again < 2; again++) {
            assert_int_equal(transact(f, ask_text, (void *)(uintptr_t)wrong[i]), INTERNAL);
            assert_string_equal(f->problem.code, "internal");
            assert_null(strstr(f->problem.detail, "SELEC"));
        }
        assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM t"), 0);
    }
}

static enum result ask_rows(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    int64_t n = *(int64_t *)arg;
    enum result r = db_query(tx, &rows,
                             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                             " WHERE i < $1) SELECT i FROM n",
                             db_i(n));
    if (r == OK)
        assert_int_equal(rows.count, n);
    return r;
}

static void more_rows_than_the_limit_are_refused(void **state)
{
    struct fixture *f = *state;
    int64_t most = DB_ROWS_MAX, more = DB_ROWS_MAX + 1;
    assert_int_equal(view(f, ask_rows, &most), OK);
    assert_int_equal(view(f, ask_rows, &more), INTERNAL);
    assert_int_equal(view(f, ask_rows, &most), OK);
}

static enum result count_for_ages(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows rows;
    return db_one(tx, &rows,
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                  " WHERE i < 2000000000) SELECT COUNT(*) FROM n WHERE i % 7 = 3");
}

static void a_statement_that_takes_too_long_is_cut_off(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    f->db = fixture_open(f, 2, 300);
    for (int i = 0; i < 2; i++) {
        assert_int_equal((i ? view : transact)(f, count_for_ages, NULL), BUSY);
        assert_string_equal(f->problem.code, "too_busy");
        assert_true(f->problem.retry_after_s > 0);
        assert_int_equal(ask_int(f, "SELECT 1"), 1);
    }
}

int main(void)
{
    static const struct engine_test tests[] = {
        {"values_come_back_as_they_were_stored", values_come_back_as_they_were_stored},
        {"expressions_give_integers_and_parameters_go_by_number",
         expressions_give_integers_and_parameters_go_by_number},
        {"an_absent_parameter_may_be_asked_whether_it_is_null",
         an_absent_parameter_may_be_asked_whether_it_is_null},
        {"statements_tell_how_much_they_changed_and_go_on_after_not_found",
         statements_tell_how_much_they_changed_and_go_on_after_not_found},
        {"thousands_of_queued_statements_all_arrive", thousands_of_queued_statements_all_arrive},
        {"a_wrong_statement_is_internal_and_the_next_one_works",
         a_wrong_statement_is_internal_and_the_next_one_works},
        {"more_rows_than_the_limit_are_refused", more_rows_than_the_limit_are_refused},
        {"a_statement_that_takes_too_long_is_cut_off", a_statement_that_takes_too_long_is_cut_off},
    };
    return run_group_on_both("values on both engines", tests);
}
