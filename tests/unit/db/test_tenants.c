/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The second lock between tenants, on the program's own schema and with a role that is no
 * superuser: what a transaction of one business can see and change of another's, whatever its
 * statements ask for.
 */
#include "fixture.h"

#include "base/buf.h"

#include <string.h>

enum { A = 11, B = 22, EACH = 3 };

/* ---- two businesses ---- */

static void migrate(struct fixture *f)
{
    char error[DB_ERROR_TEXT];
    int applied;
    if (db_migrate(f->db, &applied, error) != OK)
        fail_msg("%s", error);
}

static enum result make_business(struct db_tx *tx, void *arg)
{
    static const char *const statements[] = {
        "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
        " VALUES ($1, CAST($1 AS TEXT), 'Salon', 'UTC', 'EUR', 0)",
        "INSERT INTO user_account (id, email, name, password_hash, created_s)"
        " VALUES ($1, CAST($1 AS TEXT), 'Mia', '', 0)",
        "INSERT INTO resource (workspace_id, id, kind, name, created_s)"
        " VALUES ($1, 1, 'person', 'Mia', 0)",
        "INSERT INTO staff (workspace_id, id, user_id, role) VALUES ($1, 1, $1, 'owner')",
        "INSERT INTO item (workspace_id, id, name, unit, created_s)"
        " VALUES ($1, 1, 'Dye', 'ml', 0)",
        "INSERT INTO session (token_hash, id, workspace_id, user_id, created_s, expires_s)"
        " VALUES (CAST($1 AS TEXT), $1, $1, $1, 0, 9)",
    };
    int64_t id = *(const int64_t *)arg;
    enum result r = OK;
    db_tenant(tx, id);
    for (size_t i = 0; i < count_of(statements) && r == OK; i++)
        r = db_exec(tx, statements[i], db_i(id));
    for (int64_t i = 1; i <= EACH && r == OK; i++)
        r = db_exec(tx,
                    "INSERT INTO client (workspace_id, id, name, created_s)"
                    " VALUES ($1, $2, 'Cleo', 0)",
                    db_i(id), db_i(i));
    return r;
}

static void make_both(struct fixture *f)
{
    migrate(f);
    for (int64_t id = A; id <= B; id += B - A)
        if (transact(f, make_business, &id) != OK)
            fail_msg("%s", f->problem.detail);
}

/* ---- one statement as a tenant ---- */

enum { NOBODY = 0, EVERYBODY = -1 };

struct attempt {
    int64_t tenant; /* or NOBODY, EVERYBODY */
    const char *sql;
    int64_t first;   /* the first cell of its first row */
    int64_t changed; /* rows */
    bool reads;
};

static enum result try_it(struct db_tx *tx, void *arg)
{
    struct attempt *t = arg;
    struct db_rows rows;
    if (t->tenant == EVERYBODY)
        look_at_all(tx);
    else if (t->tenant != NOBODY)
        db_tenant(tx, t->tenant);
    if (!t->reads)
        return db_count(tx, &t->changed, t->sql);
    enum result r = db_one(tx, &rows, t->sql);
    t->first = r == OK ? db_int(&rows, 0, 0) : 0;
    return r;
}

static enum result seen_by(struct fixture *f, int64_t tenant, const char *sql, int64_t *ret)
{
    struct attempt in_view = {.tenant = tenant, .sql = sql, .reads = true};
    struct attempt in_change = in_view;
    enum result r = view(f, try_it, &in_view);
    /* The connection that writes reads alike. */
    assert_int_equal(transact(f, try_it, &in_change), r);
    assert_int_equal(in_view.first, in_change.first);
    *ret = in_view.first;
    return r;
}

static void sees(struct fixture *f, int64_t tenant, const char *sql, int64_t expected)
{
    int64_t found;
    enum result r = seen_by(f, tenant, sql, &found);
    if (r != OK || found != expected)
        fail_msg("%s: %d, %lld instead of %lld", sql, r, (long long)found, (long long)expected);
}

/* Refused on SQLite, where that is our mistake; no row on PostgreSQL. */
static void nobody_sees(struct fixture *f, const char *count_sql)
{
    int64_t found;
    enum result r = seen_by(f, NOBODY, count_sql, &found);
    assert_int_equal(r, db_engine_of(f->db) == DB_SQLITE ? INTERNAL : OK);
    assert_int_equal(found, 0);
}

/* The statement changes nothing: it finds no row, or is refused whole. */
static void changes_nothing(struct fixture *f, int64_t tenant, const char *sql)
{
    static const char sums[] =
        "SELECT (SELECT COUNT(*) + SUM(workspace_id) + SUM(LENGTH(name)) FROM client) * 1000"
        " + (SELECT COUNT(*) + SUM(LENGTH(name)) FROM workspace) * 100"
        " + (SELECT COUNT(*) FROM session) * 10 + (SELECT COUNT(*) FROM idempotency)";
    int64_t before = ask_int(f, sums);
    struct attempt t = {.tenant = tenant, .sql = sql};
    enum result r = transact(f, try_it, &t);
    if (r != INTERNAL && (r != OK || t.changed != 0))
        fail_msg("%s: %d, %lld rows", sql, r, (long long)t.changed);
    assert_int_equal(ask_int(f, sums), before);
}

static void changes(struct fixture *f, int64_t tenant, const char *sql, int64_t rows)
{
    struct attempt t = {.tenant = tenant, .sql = sql};
    if (transact(f, try_it, &t) != OK)
        fail_msg("%s: %s", sql, f->problem.detail);
    assert_int_equal(t.changed, rows);
}

/* ---- reading ---- */

static void the_role_is_one_that_policies_bind(void **state)
{
    struct fixture *f = *state;
    if (db_engine_of(f->db) == DB_POSTGRES)
        assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM pg_roles WHERE rolname = current_user"
                                    " AND NOT rolsuper AND NOT rolbypassrls"),
                         1);
}

/* Each counts rows of A by its own words, and would find B's if nothing but the words held. */
static const char *const readings[] = {
    "SELECT COUNT(*) FROM client",
    "SELECT COUNT(*) FROM client WHERE workspace_id = 11",
    "SELECT COUNT(*) FROM client c WHERE c.workspace_id IN (11, 22)",
    "SELECT COUNT(*) FROM staff m JOIN client c ON c.workspace_id >= 0",
    "SELECT COUNT(*) FROM staff m LEFT JOIN client c ON c.workspace_id = m.workspace_id",
    "SELECT COUNT(*) FROM (SELECT id FROM client UNION ALL SELECT id FROM client WHERE id < 0) x",
    "SELECT COUNT(*) FROM client c WHERE EXISTS (SELECT 1 FROM staff WHERE id = 1)",
    "SELECT (SELECT COUNT(*) FROM client)",
    "WITH x AS (SELECT workspace_id, id FROM client) SELECT COUNT(*) FROM x",
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 2)"
    " SELECT COUNT(*) FROM client c JOIN n ON n.i = 1",
    "SELECT COUNT(*) FROM user_account u JOIN client c ON c.workspace_id = u.id",
};

static void another_tenants_rows_are_not_there(void **state)
{
    struct fixture *f = *state;
    make_both(f);
    for (size_t i = 0; i < count_of(readings); i++) {
        sees(f, A, readings[i], EACH);
        nobody_sees(f, readings[i]);
    }
    sees(f, B, "SELECT COUNT(*) FROM client WHERE workspace_id = 11", 0);
    sees(f, B, "SELECT COUNT(*) FROM workspace WHERE id = 11", 0);
    sees(f, B, "SELECT COUNT(*) FROM workspace", 1);
    sees(f, B, "SELECT COUNT(*) FROM session WHERE token_hash = '11'", 0);
    sees(f, B, "SELECT COUNT(*) FROM session WHERE token_hash = '22'", 1);
    sees(f, B, "SELECT COUNT(*) FROM staff m LEFT JOIN client c ON c.workspace_id = 11", 1);
    sees(f, EVERYBODY, "SELECT COUNT(*) FROM client", 2 * EACH);
    sees(f, EVERYBODY, "SELECT COUNT(*) FROM workspace", 2);
    /* A person is not a tenant's: accounts have a lock of their own, the session. */
    sees(f, B, "SELECT COUNT(*) FROM user_account", 2);
}

/* ---- writing ---- */

static void another_tenants_rows_are_neither_changed_nor_made(void **state)
{
    static const char *const of_a[] = {
        "UPDATE client SET name = 'changed' WHERE workspace_id = 11",
        "UPDATE client SET name = 'changed' WHERE workspace_id = 11 AND id = 2",
        "UPDATE workspace SET name = 'changed' WHERE id = 11",
        "DELETE FROM client WHERE workspace_id = 11",
        "DELETE FROM session WHERE user_id = 11",
        "INSERT INTO client (workspace_id, id, name, created_s) VALUES (11, 9, 'x', 0)",
        "INSERT INTO client (workspace_id, id, name, created_s) VALUES (11, 1, 'changed', 0)"
        " ON CONFLICT (workspace_id, id) DO UPDATE SET name = 'changed'",
        "INSERT INTO client (workspace_id, id, name, created_s)"
        " SELECT 11, id + 50, name, 0 FROM client",
        "INSERT INTO idempotency VALUES (11, 's', 'k', 'h', 201, '', '', 0)",
        "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
        " VALUES (33, 'c', 'C', 'UTC', 'EUR', 0)",
    };
    struct fixture *f = *state;
    make_both(f);
    for (size_t i = 0; i < count_of(of_a); i++) {
        changes_nothing(f, B, of_a[i]);
        changes_nothing(f, NOBODY, of_a[i]);
    }
    /* Its own rows cannot be given away. */
    changes_nothing(f, A,
                    "UPDATE client SET workspace_id = 22, id = id + 50 WHERE workspace_id = 11");
    changes(f, A, of_a[0], EACH);
    changes(f, A, of_a[6], 1);
    changes(f, A, of_a[5], 1);
    changes(f, EVERYBODY, "DELETE FROM client WHERE id <= 2", 4);
}

static void a_statement_that_asks_for_all_changes_its_own_alone(void **state)
{
    struct fixture *f = *state;
    make_both(f);
    struct attempt t = {.tenant = A, .sql = "UPDATE client SET name = 'mine'"};
    enum result r = transact(f, try_it, &t);
    /* SQLite does not leave rows out: it refuses the statement. */
    assert_int_equal(r, db_engine_of(f->db) == DB_SQLITE ? INTERNAL : OK);
    assert_int_equal(
        ask_int(f, "SELECT COUNT(*) FROM client WHERE name = 'mine' AND workspace_id = 22"), 0);
}

static void keys_and_triggers_hold_under_it(void **state)
{
    struct fixture *f = *state;
    make_both(f);
    static const char hold[] = "INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s,"
                               " pick_hash, expires_s, active)"
                               " VALUES (11, 1, 100, 1, 200, 'p', 9, 1)";
    struct attempt over = {.tenant = A,
                           .sql = "INSERT INTO hold (workspace_id, resource_id,"
                                  " start_s, id, end_s, pick_hash, expires_s, active)"
                                  " VALUES (11, 1, 150, 2, 250, 'p', 9, 1)"};
    struct attempt orphan = {.tenant = A,
                             .sql = "INSERT INTO staff_hours VALUES (11, 7, 1, 0, 60)"};
    struct attempt parent = {.tenant = A, .sql = "DELETE FROM resource WHERE workspace_id = 11"};
    struct attempt fixed = {.tenant = A,
                            .sql = "UPDATE stock_move SET reason = 'x'"
                                   " WHERE workspace_id = 11"};
    changes(f, A, hold, 1);
    assert_int_equal(transact(f, try_it, &over), CONFLICT);
    assert_int_equal(transact(f, try_it, &orphan), CONFLICT);
    assert_int_equal(transact(f, try_it, &parent), CONFLICT);
    changes(f, A,
            "INSERT INTO stock_move (workspace_id, item_id, id, kind, on_hand_delta,"
            " reserved_delta, on_hand_after, reserved_after, cause_kind, cause_id, step,"
            " actor_kind, at_s) VALUES (11, 1, 1, 'receive', 1, 0, 1, 0, 'hand', 1, 0, 'owner', 0)",
            1);
    assert_int_equal(transact(f, try_it, &fixed), CONFLICT);
}

/* ---- how long a reach lasts ---- */

static enum result cross_and_come_back(struct db_tx *tx, void *arg)
{
    int64_t *counts = arg;
    struct db_rows rows;
    static const char sql[] = "SELECT COUNT(*) FROM client";
    enum result r = OK;
    db_tenant(tx, A);
    for (int i = 0; i < 3 && r == OK; i++) {
        struct db_reach before = {0};
        if (i == 1)
            before = db_across(tx, "the test's reason");
        r = db_one(tx, &rows, sql);
        counts[i] = r == OK ? db_int(&rows, 0, 0) : -1;
        if (i == 1)
            db_back(tx, before);
    }
    db_tenant(tx, B);
    return r == OK ? db_exec(tx, "UPDATE client SET name = 'B' WHERE workspace_id = 22") : r;
}

static void crossing_ends_where_it_is_said_to_end(void **state)
{
    struct fixture *f = *state;
    int64_t counts[3];
    make_both(f);
    assert_int_equal(transact(f, cross_and_come_back, counts), OK);
    assert_int_equal(counts[0], EACH);
    assert_int_equal(counts[1], 2 * EACH);
    assert_int_equal(counts[2], EACH);
    assert_int_equal(ask_int(f, "SELECT COUNT(*) FROM client WHERE name = 'B'"), EACH);
}

static enum result give_up(struct db_tx *tx, void *arg)
{
    struct db_rows rows;
    (void)arg;
    db_tenant(tx, A);
    enum result r = db_one(tx, &rows, "SELECT COUNT(*) FROM client");
    return r == OK ? DENIED : r;
}

static enum result fail_in_it(struct db_tx *tx, void *arg)
{
    (void)arg;
    db_tenant(tx, A);
    return db_exec(tx, "INSERT INTO client (workspace_id, id, name, created_s)"
                       " VALUES (11, 1, 'again', 0)");
}

/* On a fixture with one connection, so that it is always the same. */
static void a_pooled_connection_keeps_no_tenant(void **state)
{
    struct fixture *f = *state;
    static const char sql[] = "SELECT COUNT(*) FROM client";
    make_both(f);
    db_close(f->db);
    f->db = fixture_open(f, 1, 0);
    sees(f, A, sql, EACH);
    nobody_sees(f, sql);
    sees(f, EVERYBODY, sql, 2 * EACH);
    nobody_sees(f, sql);
    assert_int_equal(transact(f, give_up, NULL), DENIED);
    nobody_sees(f, sql);
    assert_int_equal(view(f, give_up, NULL), DENIED);
    nobody_sees(f, sql);
    assert_int_equal(transact(f, fail_in_it, NULL), CONFLICT);
    nobody_sees(f, sql);
    sees(f, B, "SELECT COUNT(*) FROM client WHERE workspace_id = 22", EACH);
}

struct runs {
    int count;
    int64_t seen;
};

/* The first run breaks its own connection, after it has said whose it is. */
static enum result lose_the_connection(struct db_tx *tx, void *arg)
{
    struct runs *runs = arg;
    struct db_rows rows;
    enum result r = OK;
    if (runs->count++ == 0) {
        db_tenant(tx, A);
        r = db_one(tx, &rows, "SELECT pg_terminate_backend(pg_backend_pid())");
    }
    if (r == OK)
        r = db_one(tx, &rows, "SELECT COUNT(*) FROM client");
    runs->seen = r == OK ? db_int(&rows, 0, 0) : -1;
    return r;
}

static void a_rerun_begins_without_a_tenant(void **state)
{
    struct fixture *f = *state;
    if (db_engine_of(f->db) == DB_SQLITE)
        return; /* it has no reruns */
    struct runs runs = {0};
    make_both(f);
    assert_int_equal(transact(f, lose_the_connection, &runs), OK);
    assert_int_equal(runs.count, 2);
    assert_int_equal(runs.seen, 0);
}

static void no_setting_of_the_connection_opens_it(void **state)
{
    struct fixture *f = *state;
    if (db_engine_of(f->db) == DB_SQLITE)
        return; /* it has no settings */
    char url[PG_URL_TEXT + 64];
    make_both(f);
    db_close(f->db);
    snprintf(url, sizeof url, "%s&options=-c%%20careops.tenant%%3Dall", f->url);
    f->db = fixture_open_url(f, url, 1, 0);
    nobody_sees(f, "SELECT COUNT(*) FROM client");
}

/* ---- many at once ---- */

enum { CALLERS = 8, ROUNDS = 40 };

struct crowd {
    struct fixture *f;
    _Atomic int64_t next;
    _Atomic int wrong;
};

static void *look_in_turn(void *arg)
{
    struct crowd *c = arg;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t turn = c->next++;
        int64_t tenant = turn % 2 ? A : B;
        struct attempt count = {
            .tenant = tenant, .sql = "SELECT SUM(workspace_id) FROM client", .reads = true};
        struct attempt write = {
            .tenant = tenant,
            .sql = "UPDATE client SET version = version + 1 WHERE workspace_id = 11"};
        enum result r = turn % 4 < 2 ? db_view(c->f->db, &arena, NULL, try_it, &count)
                                     : db_transact(c->f->db, &arena, NULL, try_it, &count);
        if (r != OK || count.first != tenant * EACH)
            c->wrong++;
        r = db_transact(c->f->db, &arena, NULL, try_it, &write);
        /* B's has no effect: not there on PostgreSQL, refused on SQLite. */
        if (tenant == A ? r != OK || write.changed != EACH : r == OK && write.changed != 0)
            c->wrong++;
        arena_reset(&arena);
    }
    arena_done(&arena);
    return NULL;
}

static void neighbours_in_one_commit_keep_to_their_own(void **state)
{
    struct fixture *f = *state;
    struct crowd crowd = {.f = f};
    make_both(f);
    run_threads(CALLERS, look_in_turn, &crowd);
    assert_int_equal(crowd.wrong, 0);
    assert_int_equal(ask_int(f, "SELECT MIN(version) FROM client WHERE workspace_id = 11"),
                     1 + CALLERS * ROUNDS / 2);
    assert_int_equal(ask_int(f, "SELECT MAX(version) FROM client WHERE workspace_id = 22"), 1);
}

/* ---- no table is forgotten ---- */

struct table_list {
    struct db_rows names;
};

static enum result list_tables(struct db_tx *tx, void *arg)
{
    struct table_list *list = arg;
    return db_query(
        tx, &list->names,
        db_sql(tx,
               "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND (m.name = 'workspace'"
               " OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'workspace_id'))",
               "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
               " AND NOT a.attisdropped AND a.attname = CASE c.relname WHEN 'workspace' THEN 'id'"
               " ELSE 'workspace_id' END WHERE c.relkind IN ('r', 'p')"
               " AND c.relnamespace = 'public'::regnamespace"));
}

static struct db_rows tables_of_tenants(struct fixture *f)
{
    struct table_list list;
    assert_int_equal(view(f, list_tables, &list), OK);
    assert_true(list.names.count >= 24);
    return list.names;
}

/* On SQLite: who reads any of them without a tenant is refused, and the narrowing is general. */
static void every_table_with_a_workspace_is_guarded(void **state)
{
    struct fixture *f = *state;
    make_both(f);
    struct db_rows names = tables_of_tenants(f);
    for (size_t i = 0; i < names.count; i++) {
        struct str name = db_str(&names, i, 0);
        struct buf sql;
        buf_init(&sql, 256);
        buf_z(&sql, "SELECT COUNT(*) FROM ");
        buf_str(&sql, name);
        buf_byte(&sql, '\0');
        nobody_sees(f, sql.ptr);
        /* A tenant that has nothing sees nothing; the one that has it, what is its own. */
        sees(f, 33, sql.ptr, 0);
        int64_t all, a, b;
        assert_int_equal(seen_by(f, EVERYBODY, sql.ptr, &all), OK);
        assert_int_equal(seen_by(f, A, sql.ptr, &a), OK);
        assert_int_equal(seen_by(f, B, sql.ptr, &b), OK);
        assert_int_equal(a + b, all);
        buf_done(&sql);
    }
    if (db_engine_of(f->db) == DB_POSTGRES)
        assert_int_equal(
            ask_int(f, "SELECT COUNT(*) FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
                       " AND p.polname = 'tenant' AND p.polpermissive AND p.polcmd = '*'"
                       " AND p.polroles = '{0}' WHERE c.relrowsecurity AND c.relforcerowsecurity"),
            (int64_t)names.count);
}

static enum result add_table(struct db_tx *tx, void *arg)
{
    (void)arg;
    look_at_all(tx);
    enum result r = db_exec(tx, "CREATE TABLE later (workspace_id BIGINT NOT NULL, note TEXT)");
    if (r == OK && db_tx_engine(tx) == DB_POSTGRES) {
        struct db_rows rows;
        r = db_query(tx, &rows, "SELECT 1 WHERE careops_guard_tenants() IS NOT NULL");
    }
    if (r == OK)
        r = db_exec(tx, "INSERT INTO later VALUES (11, 'a'), (22, 'b'), (22, 'c')");
    return r;
}

static void a_table_of_a_later_migration_is_guarded_too(void **state)
{
    struct fixture *f = *state;
    make_both(f);
    assert_int_equal(transact(f, add_table, NULL), OK);
    sees(f, A, "SELECT COUNT(*) FROM later", 1);
    sees(f, B, "SELECT COUNT(*) FROM later", 2);
    nobody_sees(f, "SELECT COUNT(*) FROM later");
}

int main(void)
{
    static const struct engine_test tests[] = {
        {"the role is one that policies bind", the_role_is_one_that_policies_bind},
        {"another tenant's rows are not there", another_tenants_rows_are_not_there},
        {"another tenant's rows are neither changed nor made",
         another_tenants_rows_are_neither_changed_nor_made},
        {"a statement that asks for all changes its own alone",
         a_statement_that_asks_for_all_changes_its_own_alone},
        {"keys and triggers hold under it", keys_and_triggers_hold_under_it},
        {"crossing ends where it is said to end", crossing_ends_where_it_is_said_to_end},
        {"a pooled connection keeps no tenant", a_pooled_connection_keeps_no_tenant},
        {"a rerun begins without a tenant", a_rerun_begins_without_a_tenant},
        {"no setting of the connection opens it", no_setting_of_the_connection_opens_it},
        {"neighbours in one commit keep to their own", neighbours_in_one_commit_keep_to_their_own},
        {"every table with a workspace is guarded", every_table_with_a_workspace_is_guarded},
        {"a table of a later migration is guarded too",
         a_table_of_a_later_migration_is_guarded_too},
    };
    return run_group_on_both("db_tenants", tests);
}
