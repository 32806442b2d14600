/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The real mailer on a real database, killed by SIGKILL before each of its steps and before each of
 * its statements, one after the other: what it leaves behind is finished by another, and every
 * message is one e-mail. "Each" is meant: the place to die moves on by one until a whole run ends
 * before it.
 */
#include "salon.h"
#include "shared_mail.h"

#include <stdatomic.h>

enum { MESSAGES = 6, PER_SECOND = 40, ROUNDS_MAX = 3000, KILLS_MAX = 1000, ROUND_MS = 100 };

/* What a child is to do. */
struct errand {
    struct fixture *f;
    struct shared_mail *shared;
    int64_t kill_at; /* the step before which it dies; 0: it lives */
};

/* ---- in the child: no assertion of cmocka, whose jumps lead into the parent's frames ---- */

static void count_step(void *self)
{
    struct errand *e = self;
    if (e->kill_at > 0 && atomic_fetch_add(&e->shared->steps, 1) + 1 == e->kill_at)
        kill(getpid(), SIGKILL);
}

static void at_step(void *self, const char *where)
{
    (void)where;
    count_step(self);
}

static void at_statement(void *self, const char *sql, const struct db_value *params, size_t n)
{
    (void)sql;
    (void)params;
    (void)n;
    count_step(self);
}

static enum result count_queued(struct db_tx *tx, void *arg)
{
    struct db_rows r;
    int64_t *ret = arg;
    db_tenant(tx, WORKSPACE);
    enum result result = db_one(tx, &r,
                                "SELECT COUNT(*) FROM message WHERE workspace_id = $1"
                                " AND status = 'queued'",
                                db_i(WORKSPACE));
    if (result == OK)
        *ret = db_int(&r, 0, 0);
    return result;
}

/* Works until nothing is queued. Never returns. */
static void deliver(struct errand *e)
{
    struct shared_client client;
    struct env real = env_real();
    char error[DB_ERROR_TEXT];
    struct db *db = NULL;
    struct arena arena;
    shared_client_init(&client, e->shared, PER_SECOND);
    struct db_config db_config = {
        .url = e->f->url, .connections = 3, .env = &real, .busy_ms = 10000};
    if (db_open(&db_config, &db, error) != OK)
        _exit(2);
    db_watch(db, at_statement, e);
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct mailer_config config = {
        .db = db,
        .env = &client.env,
        .provider = client.provider,
        .from = "bookings@careops.example",
        .step = at_step,
        .step_self = e,
    };
    struct mailer *m = mailer_new(&config);
    int64_t queued = 1;
    for (int i = 0; i < ROUNDS_MAX && queued > 0; i++) {
        mailer_step(m, 0);
        shared_clock_move(e->shared, ROUND_MS);
        if (i % 8 == 7 && db_view(db, &arena, NULL, count_queued, &queued) != OK)
            queued = 1;
        arena_reset(&arena);
    }
    _exit(queued > 0 ? 3 : 0);
}

/* ---- in the parent ---- */

static pid_t start(struct errand *e)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        deliver(e);
    return child;
}

/* Whether it was killed; anything but that and a good end fails the test. */
static bool finish(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return true;
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

struct ordeal {
    struct salon salon;
    struct shared_mail *shared;
    int64_t messages;
};

static void begin_ordeal(struct ordeal *o, struct fixture *f)
{
    char error[DB_ERROR_TEXT];
    int applied = 0;
    if (db_migrate(f->db, &applied, error) != OK)
        fail_msg("%s", error);
    run_sql(f, "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
               " VALUES (7, 'ada', 'Salon Ada', 'Europe/Berlin', 'EUR', 0)");
    *o = (struct ordeal){.salon = {.f = f}, .shared = shared_mail_new(BEGIN_S)};
    o->shared->lose_each = 5;
    fake_clock_init(&o->salon.clock, BEGIN_S);
}

/* New messages, and a database that no process has open. */
static void put_and_close(struct ordeal *o)
{
    int64_t now_ms = atomic_load(&o->shared->now_ms);
    fake_clock_jump(&o->salon.clock, now_ms - o->salon.clock.now_ms);
    put(&o->salon, o->messages + 1, o->messages + MESSAGES);
    o->messages += MESSAGES;
    db_close(o->salon.f->db);
    o->salon.f->db = NULL;
}

static void judge(struct ordeal *o, int64_t kill_at)
{
    o->salon.f->db = fixture_open(o->salon.f, 2, 5000);
    int64_t sent = count_status(&o->salon, "sent");
    int64_t emails = atomic_load(&o->shared->emails);
    if (sent != o->messages || emails != o->messages)
        fail_msg("killed before step %lld: %lld messages, %lld sent, %lld e-mails",
                 (long long)kill_at, (long long)o->messages, (long long)sent, (long long)emails);
    for (size_t i = 0; i < SHARED_KEYS_MAX; i++)
        assert_true(atomic_load(&o->shared->keys[i].emails) <= 1);
    assert_int_equal(atomic_load(&o->shared->other_bytes), 0);
}

static void end_ordeal(struct ordeal *o, const char *what, int64_t kills)
{
    print_message("%s: %lld kills, %lld messages, %lld e-mails, %lld answers lost\n", what,
                  (long long)kills, (long long)o->messages,
                  (long long)atomic_load(&o->shared->emails),
                  (long long)atomic_load(&o->shared->lost));
    assert_true(atomic_load(&o->shared->lost) > 0);
    shared_mail_free(o->shared);
}

/* One mailer dies at its k-th step, beside `others` that live; then one more ends the work. */
static bool die_at(struct ordeal *o, int64_t kill_at, int others)
{
    struct errand doomed = {o->salon.f, o->shared, kill_at}, living = {o->salon.f, o->shared, 0};
    put_and_close(o);
    atomic_store(&o->shared->steps, 0);
    pid_t first = start(&doomed);
    pid_t second = others > 0 ? start(&living) : 0;
    bool killed = finish(first);
    if (second)
        assert_false(finish(second));
    assert_false(finish(start(&living)));
    judge(o, kill_at);
    return killed;
}

static void killed_before_any_step_it_loses_nothing_and_doubles_nothing(void **state)
{
    struct ordeal o;
    begin_ordeal(&o, *state);
    int64_t kills = 0;
    while (kills < KILLS_MAX && die_at(&o, kills + 1, 0))
        kills++;
    assert_in_range(kills, 40, KILLS_MAX - 1);
    end_ordeal(&o, "one mailer", kills);
}

/* Beside another, how many steps the doomed one has is a matter of luck, so it dies at each place
 * that the one alone has, as far as it comes. */
static void killed_beside_another_it_loses_nothing_and_doubles_nothing(void **state)
{
    enum { PLACES = 60, STRIDE = 2 };
    struct ordeal o;
    begin_ordeal(&o, *state);
    int64_t kills = 0;
    for (int64_t k = 1; k <= PLACES; k += STRIDE)
        kills += die_at(&o, k, 1);
    assert_true(kills >= PLACES / STRIDE / 3);
    end_ordeal(&o, "two mailers", kills);
}

int main(void)
{
    static struct pg_server server;
    static struct ground sqlite = {.engine = DB_SQLITE, .connections = 2};
    static struct ground postgres = {.engine = DB_POSTGRES, .server = &server, .connections = 2};
    pg_server_start(&server, false);
    const struct CMUnitTest tests[] = {
        {"SQLite: killed before any step, a mailer loses nothing and doubles nothing",
         killed_before_any_step_it_loses_nothing_and_doubles_nothing, fixture_setup,
         fixture_teardown, &sqlite},
        {"PostgreSQL: killed before any step, a mailer loses nothing and doubles nothing",
         killed_before_any_step_it_loses_nothing_and_doubles_nothing, fixture_setup,
         fixture_teardown, &postgres},
        {"PostgreSQL: killed beside another, a mailer loses nothing and doubles nothing",
         killed_beside_another_it_loses_nothing_and_doubles_nothing, fixture_setup,
         fixture_teardown, &postgres},
    };
    int failed = cmocka_run_group_tests_name("a mailer that is killed", tests, NULL, NULL);
    pg_server_stop(&server);
    return failed;
}
