/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tenant_bench URL URL [ROUNDS]: what the second lock between tenants costs, as a ratio found in
 * one run. Two empty databases of one engine get the program's schema and the same rows; the second
 * does without the lock (PostgreSQL: row-level security off, and no setting told; SQLite:
 * statements as they are written, and no look at what is written). Slices with and without take
 * turns, so that whatever else the machine does falls on both.
 *
 * Each line is `NAME RATIO` and words for a person; 0.95 means 95 with it where there were 100. A
 * booking is seven reads and eight writes in one durable transaction, a week is a page of the diary
 * read with its joins.
 */
#include "db/db.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, SLICE_MS = 400, BUSINESSES = 20, MEMBERS = 10, VISITS = 2000, HOUR_S = 3600 };
enum { ROUNDS_DEFAULT = 11, ROUNDS_MAX = 101 };

struct side {
    struct db *db;
    bool locked;
    _Atomic int64_t next; /* number of the next booking */
    _Atomic int64_t done;
    _Atomic bool over;
    db_fn work;
};

struct turn {
    struct side *side;
    int64_t n;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "tenant_bench: %s\n", what);
    exit(1);
}

/* ---- rows ---- */

#define EACH                                                                                \
    "WITH RECURSIVE n AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1), w" \
    " AS (SELECT 1 AS w UNION ALL SELECT w + 1 FROM w WHERE w < $2) "

static const struct {
    const char *sql;
    int64_t each;
} rows[] = {
    {EACH "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
          " SELECT w, 's' || w, 'Salon', 'Europe/Paris', 'EUR', 0 FROM w, n",
     1},
    {EACH "INSERT INTO user_account (id, email, name, password_hash, created_s)"
          " SELECT w * 1000 + i, w || '-' || i, 'Mia', '', 0 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO workspace_hours SELECT w, i + 1, 540, 1080 FROM w, n", 7},
    {EACH "INSERT INTO resource (workspace_id, id, kind, name, created_s)"
          " SELECT w, i + 1, 'person', 'Mia', 0 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO staff (workspace_id, id, user_id, role, bookable)"
          " SELECT w, i + 1, w * 1000 + i, 'staff', 1 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO service (workspace_id, id, name, duration_min, price, created_s)"
          " SELECT w, i + 1, 'Cut', 45, 4500, 0 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO service_segment SELECT w, i + 1, 0, 'work', 45 FROM w, n", MEMBERS},
    {EACH "INSERT INTO service_staff SELECT w, 1, i + 1 FROM w, n", MEMBERS},
    {EACH "INSERT INTO item (workspace_id, id, name, unit, on_hand, created_s)"
          " SELECT w, i + 1, 'Dye', 'ml', 100000000, 0 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO client (workspace_id, id, name, created_s)"
          " SELECT w, i + 1, 'Cleo', 0 FROM w, n",
     MEMBERS},
    {EACH "INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s, end_s,"
          " outer_from_s, outer_to_s, price, source, created_s) SELECT w, i + 1, i % 10 + 1,"
          " i % 10 + 1, 'confirmed', i / 10 * 3600, i / 10 * 3600 + 1800, i / 10 * 3600,"
          " i / 10 * 3600 + 1800, 1, 'staff', 0 FROM w, n",
     VISITS},
    {EACH "INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, active)"
          " SELECT w, i % 10 + 1, i / 10 * 3600, i + 1, i / 10 * 3600 + 1800, i + 1, 1 FROM w, n",
     VISITS},
};

static enum result fill(struct db_tx *tx, void *arg)
{
    const struct side *s = arg;
    enum result r = OK;
    struct db_reach before = db_across(tx, "the bench fills every business");
    (void)before;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && r == OK; i++)
        r = db_exec(tx, rows[i].sql, db_i(rows[i].each), db_i(BUSINESSES));
    if (r != OK || s->locked || db_tx_engine(tx) == DB_SQLITE)
        return r;
    return db_exec(tx,
                   "DO $$ DECLARE t record; BEGIN FOR t IN SELECT c.oid::regclass AS name FROM"
                   " pg_class c WHERE c.relrowsecurity LOOP EXECUTE format('ALTER TABLE %s DISABLE"
                   " ROW LEVEL SECURITY', t.name); END LOOP; END $$");
}

static enum result analyze(struct db_tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx, "ANALYZE");
}

/* ---- the work ---- */

/* The business is found by its address, as a page's visitor finds it. */
static enum result enter(struct db_tx *tx, const struct side *s, int64_t workspace_id)
{
    struct db_rows found;
    struct str slug = str_printf(db_arena(tx), "s%lld", (long long)workspace_id);
    bool on_sqlite = db_tx_engine(tx) == DB_SQLITE;
    struct db_reach before = {0};
    if (s->locked || on_sqlite)
        before = db_across(tx, "a business is found by its address");
    enum result r = db_one(tx, &found, "SELECT id FROM workspace WHERE slug = $1", db_s(slug));
    if (s->locked) {
        db_back(tx, before);
        db_tenant(tx, workspace_id);
    }
    return r;
}

static const struct step {
    const char *sql;
    int params; /* the first of: workspace, member, start, end, number, text */
    bool reads;
} steps[] = {
    {"SELECT name, timezone, currency, locale, min_notice_min FROM workspace WHERE id = $1", 1,
     true},
    {"SELECT weekday, start_min, end_min FROM workspace_hours WHERE workspace_id = $1"
     " ORDER BY weekday, start_min LIMIT 70",
     1, true},
    {"SELECT from_day, to_day FROM closure WHERE workspace_id = $1 ORDER BY from_day LIMIT 400", 1,
     true},
    {"SELECT s.id, s.name, g.minutes FROM service s JOIN service_segment g"
     " ON g.workspace_id = s.workspace_id AND g.service_id = s.id"
     " WHERE s.workspace_id = $1 AND s.id = 1",
     1, true},
    {"SELECT m.id, r.name FROM service_staff p JOIN staff m ON m.workspace_id = p.workspace_id"
     " AND m.id = p.staff_id JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
     " WHERE p.workspace_id = $1 AND p.service_id = 1 AND r.active = 1",
     1, true},
    {"SELECT start_s, end_s FROM hold WHERE workspace_id = $1 AND resource_id = $2"
     " AND start_s > $3 - 86400 AND start_s < $4 AND end_s > $3 AND active = 1",
     4, true},
    {"INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s, end_s,"
     " outer_from_s, outer_to_s, price, source, created_s)"
     " VALUES ($1, $5, $2, $2, 'confirmed', $3, $4, $3, $4, 4500, 'public', 0)",
     5, false},
    {"INSERT INTO booking_service VALUES ($1, $2, 0, 1, 'Cut', 45, 4500)", -2, false},
    {"INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, active)"
     " VALUES ($1, $2, $3, $5, $4, $5, 1)",
     5, false},
    {"UPDATE item SET reserved = reserved + 1 WHERE workspace_id = $1 AND id = $2", 2, false},
    {"INSERT INTO stock_move (workspace_id, item_id, id, kind, on_hand_delta, reserved_delta,"
     " on_hand_after, reserved_after, cause_kind, cause_id, step, actor_kind, at_s)"
     " VALUES ($1, $2, $5, 'reserve', 0, 1, $4, 1, 'booking', $5, 0, 'client', $3)",
     5, false},
    {"INSERT INTO message (workspace_id, id, kind, subject_id, occurrence, to_address, subject,"
     " body_text, message_id, status, due_s, created_s) VALUES ($1, $2, 'booking_confirmation', $2,"
     " '0', 'cleo@client.example', 'Confirmed', 'We look forward to it.', '', 'suppressed', 0, 0)",
     -2, false},
    {"INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action,"
     " changes) VALUES ($1, $2, 0, 'client', 'booking', $2, 'created', '{}')",
     -2, false},
};

static enum result book(struct db_tx *tx, void *arg)
{
    const struct turn *t = arg;
    int64_t workspace = t->n % BUSINESSES + 1, member = t->n / BUSINESSES % MEMBERS + 1;
    int64_t start = (VISITS + t->n / BUSINESSES / MEMBERS) * HOUR_S, id = VISITS + 1 + t->n;
    struct db_value all[] = {db_i(workspace), db_i(member), db_i(start), db_i(start + HOUR_S / 2),
                             db_i(id)};
    struct db_value with_id[] = {db_i(workspace), db_i(id)};
    enum result r = enter(tx, t->side, workspace);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && r == OK; i++) {
        const struct step *s = &steps[i];
        const struct db_value *values = s->params < 0 ? with_id : all;
        size_t n = (size_t)abs(s->params);
        struct db_rows found;
        r = s->reads ? db_query_values(tx, &found, s->sql, values, n)
                     : db_exec_values(tx, s->sql, values, n);
    }
    return r;
}

static enum result week(struct db_tx *tx, void *arg)
{
    const struct turn *t = arg;
    int64_t workspace = t->n % BUSINESSES + 1, start = t->n % 100 * HOUR_S;
    struct db_rows found;
    enum result r = enter(tx, t->side, workspace);
    if (r == OK)
        r = db_query(tx, &found,
                     "SELECT b.id, b.start_s, c.name, r.name FROM booking b JOIN client c"
                     " ON c.workspace_id = b.workspace_id AND c.id = b.client_id JOIN resource r"
                     " ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"
                     " WHERE b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"
                     " ORDER BY b.start_s, b.id LIMIT 200",
                     db_i(workspace), db_i(start), db_i(start + 20 * HOUR_S));
    return r == OK && found.count != 200 ? INTERNAL : r;
}

/* ---- measuring ---- */

static void *work_until_over(void *arg)
{
    struct side *s = arg;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    while (!s->over) {
        struct turn t = {s, s->next++};
        struct problem p = {0};
        enum result r = s->work == book ? db_transact(s->db, &a, &p, book, &t)
                                        : db_view(s->db, &a, &p, week, &t);
        if (r != OK)
            give_up(p.code ? p.detail : "a page is not what it should be");
        s->done++;
        arena_reset(&a);
    }
    arena_done(&a);
    return NULL;
}

/* Both sides at the same time, with as many threads each: whatever else the machine does falls on
 * both alike. */
static void slice(struct side sides[2], const struct env *env, double ret_per_s[2])
{
    pthread_t thread[2 * THREADS];
    int64_t start = env_mono_ms(env);
    for (size_t i = 0; i < 2; i++) {
        sides[i].done = 0;
        sides[i].over = false;
    }
    for (size_t i = 0; i < 2 * THREADS; i++)
        if (pthread_create(&thread[i], NULL, work_until_over, &sides[i % 2]) != 0)
            give_up("no thread");
    nanosleep(&(struct timespec){SLICE_MS / 1000, SLICE_MS % 1000 * 1000000}, NULL);
    sides[0].over = sides[1].over = true;
    double seconds = (double)(env_mono_ms(env) - start) / 1000;
    for (size_t i = 0; i < 2; i++)
        ret_per_s[i] = (double)sides[i].done / seconds;
    for (size_t i = 0; i < 2 * THREADS; i++)
        pthread_join(thread[i], NULL);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void compare(struct side sides[2], const struct env *env, db_fn work, const char *name,
                    int rounds)
{
    double with[ROUNDS_MAX], without[ROUNDS_MAX], ratio[ROUNDS_MAX];
    sides[0].work = sides[1].work = work;
    for (int i = -1; i < rounds; i++) { /* the first round warms up */
        double per_s[2];
        slice(sides, env, per_s);
        if (i < 0)
            continue;
        with[i] = per_s[0];
        without[i] = per_s[1];
        ratio[i] = per_s[0] / per_s[1];
    }
    qsort(with, (size_t)rounds, sizeof *with, by_size);
    qsort(without, (size_t)rounds, sizeof *without, by_size);
    qsort(ratio, (size_t)rounds, sizeof *ratio, by_size);
    printf(
        "%s %.3f median of %d rounds (%.3f to %.3f): %.0f a second with the lock, %.0f without\n",
        name, ratio[rounds / 2], rounds, ratio[0], ratio[rounds - 1], with[rounds / 2],
        without[rounds / 2]);
    fflush(stdout);
}

static void open_side(struct side *s, const char *url, const struct env *env)
{
    char error[DB_ERROR_TEXT];
    int applied;
    struct db_config config = {.url = url, .connections = THREADS, .env = env};
    struct problem p = {0};
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (db_open(&config, &s->db, error) != OK || db_migrate(s->db, &applied, error) != OK)
        give_up(error);
    if (db_transact(s->db, &a, &p, fill, s) != OK || db_transact(s->db, &a, &p, analyze, s) != OK)
        give_up(p.detail);
    arena_done(&a);
}

int main(int argc, char **argv)
{
    int64_t rounds = ROUNDS_DEFAULT;
    if (argc < 3 || argc > 4 || (argc == 4 && !str_int(str_of(argv[3]), &rounds)) || rounds < 1 ||
        rounds > ROUNDS_MAX)
        give_up("usage: tenant_bench URL URL [ROUNDS]");
    struct env env = env_real();
    struct side sides[2] = {{.locked = true}, {.locked = false}};
    for (int i = 0; i < 2; i++)
        open_side(&sides[i], argv[1 + i], &env);
    compare(sides, &env, week, "week", (int)rounds);
    compare(sides, &env, book, "booking", (int)rounds);
    for (int i = 0; i < 2; i++)
        db_close(sides[i].db);
    return 0;
}
