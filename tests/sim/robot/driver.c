/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * robot_sim: one life of the program over a virtual clock: the real dispatcher, robot, mailer and
 * database; the people who use it; and a provider that fails. run.mjs gives it one life after the
 * other, and judge.mjs judges what came of all.
 *
 *   robot_sim FOLDER DB_URL open START_MS END_MS SEED       makes the world and its salons
 *   robot_sim FOLDER DB_URL live SEAT DIES_AT SEED [forget] goes on, until it dies or all is quiet
 *
 * It dies before the DIES_AT-th of its steps: a statement of the database, a step of the mailer, a
 * call of the provider, an answer to somebody. 0: only of what comes from outside. Exit 0: the end
 * of time has come and nothing waits any more; 9: it died.
 */
#include "account/account.h"
#include "app/routes.h"
#include "base/log.h"
#include "base/seal.h"
#include "db/db.h"
#include "http/limit.h"
#include "job/runner.h"
#include "live/live.h"
#include "message/mailer.h"
#include "people.h"
#include "provider.h"
#include "robot/internal.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    MS = 1000,
    IDLE_MS = 15 * 60 * MS,
    BUSY_MAX_MS = 32 * MS,
    LOOK_FAR_MS = 60 * MS,
    BETWEEN_ACTS_S = 40 * 60, /* twice the mean */
    QUIET_AFTER_MS = 26 * 3600 * MS,
    ROUNDS_OF_MAIL = 4,
    HASTE = 3,
    KEYS = 1000,
};
static const int64_t DRAIN_MS = INT64_C(60) * 86400 * MS;

struct program {
    struct life life;
    struct env real;
    struct app app;
    struct seal *seal;
    struct sim_provider provider;
    struct mailer *mailer;
    struct job_runner *runner;
    struct people people;
    int64_t look_far_at_ms, act_at_ms, busy_ms;
    bool hasty; /* people act most while letters are on their way: SIM_HASTE, or SQLite */
};

static void at_statement(void *self, const char *sql, const struct db_value *params, size_t n)
{
    (void)sql;
    (void)params;
    (void)n;
    may_die(self);
}

static void at_step(void *self, const char *where)
{
    (void)where;
    may_die(self);
}

/* ---- opening ---- */

static bool open_database(struct program *p, const char *url)
{
    char error[DB_ERROR_TEXT] = "";
    int applied;
    p->real = env_real(); /* how long the database may take is not virtual */
    struct db_config config = {.url = url, .connections = 3, .env = &p->real};
    if (db_open(&config, &p->app.db, error) != OK || db_migrate(p->app.db, &applied, error) != OK ||
        live_continue_ids(p->app.db, &p->life.env) != OK) {
        fprintf(stderr, "robot_sim: %s\n", error);
        return false;
    }
    db_watch(p->app.db, at_statement, &p->life);
    return true;
}

static void open_features(struct program *p)
{
    struct route_table tables[64];
    for (size_t i = 0; i < all_table_count; i++)
        tables[i] = *all_tables[i];
    p->seal = seal_new(&p->life.env, STR("the key of this simulation, long enough"));
    p->app.env = &p->life.env;
    p->app.seal = p->seal;
    p->app.base_url = "http://127.0.0.1:8080";
    p->app.limiter = limiter_new(&p->life.env, KEYS, false);
    p->app.account = account_new(&p->life.env, p->app.limiter, false);
    sim_provider_init(&p->provider, &p->life);
    struct mailer_config mail = {
        .db = p->app.db,
        .env = &p->life.env,
        .provider = p->provider.provider,
        .from = "CareOps <bookings@careops.example>",
        .seal = p->seal,
        .step = at_step,
        .step_self = &p->life,
    };
    p->app.mailer = p->mailer = mailer_new(&mail);
    struct job_runner_config jobs = {
        .app = &p->app, .kinds = robot_kinds, .kind_count = robot_kind_count};
    p->runner = job_runner_new(&jobs);
    struct dispatcher_config config = {
        .tables = tables,
        .table_count = all_table_count,
        .db = p->app.db,
        .env = &p->life.env,
        .guard = {p->app.account, account_identify, account_seen},
        .limiter = p->app.limiter,
        .base_url = p->app.base_url,
        .app = &p->app,
    };
    p->app.dispatcher = dispatcher_new(&config);
    people_init(&p->people, &p->life, &p->app, p->app.dispatcher);
}

static void close_all(struct program *p)
{
    people_done(&p->people);
    job_runner_free(p->runner);
    mailer_free(p->mailer);
    dispatcher_free(p->app.dispatcher);
    account_free(p->app.account);
    limiter_free(p->app.limiter);
    seal_free(p->seal);
    db_close(p->app.db);
    free(p->provider.keys);
    free((void *)p->real.last_id);
}

/* ---- what waits ---- */

struct waiting {
    struct opt_int job_s, message_s; /* the first that waits, by the wall clock */
    int64_t jobs, messages;          /* how many; mornings do not count, there is always one */
};

static enum result waiting_in(struct db_tx *tx, void *arg)
{
    struct waiting *w = arg;
    struct db_rows r;
    struct db_reach before = db_across(tx, "the simulation looks for what is next");
    enum result res = db_one(
        tx, &r,
        "SELECT (SELECT MIN(due_s) FROM job WHERE status = 'waiting'),"
        " (SELECT MIN(due_s) FROM message WHERE status = 'queued'),"
        " (SELECT COUNT(*) FROM job WHERE status = 'waiting' AND kind <> 'owner_daily_digest'),"
        " (SELECT COUNT(*) FROM message WHERE status = 'queued')");
    db_back(tx, before);
    if (res == OK)
        *w = (struct waiting){db_opt_int(&r, 0, 0), db_opt_int(&r, 0, 1), db_int(&r, 0, 2),
                              db_int(&r, 0, 3)};
    return res;
}

static bool look(struct program *p, struct waiting *ret)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(p->app.db, &arena, NULL, waiting_in, ret);
    arena_done(&arena);
    return res == OK;
}

/* ---- living ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void plan_act(struct program *p)
{
    p->act_at_ms = right_ms(&p->life) + (1 + (int64_t)chance_of(&p->life, BETWEEN_ACTS_S)) * MS;
}

/* In right time. What is due already is waited for in small steps, which grow while it stays. */
static int64_t when(struct program *p, struct opt_int due_s, int64_t now)
{
    if (!due_s.set)
        return INT64_MAX;
    int64_t ahead_ms = due_s.value * MS - wall_at(&p->life, now);
    return now + (ahead_ms > 0 ? ahead_ms : p->busy_ms);
}

static void move_on(struct program *p, const struct waiting *w, int64_t now)
{
    int64_t wall_s = wall_at(&p->life, now) / MS;
    bool due = (w->message_s.set && w->message_s.value <= wall_s) ||
               (w->job_s.set && w->job_s.value <= wall_s);
    p->busy_ms = due ? earlier(p->busy_ms * 2, BUSY_MAX_MS) : MS;
    int64_t next = earlier(now + IDLE_MS, p->act_at_ms);
    next = earlier(next, when(p, w->job_s, now));
    next = earlier(next, when(p, w->message_s, now));
    next = earlier(next, sim_provider_next_ms(&p->provider));
    next = next > now + MS ? next : now + MS;
    move_to(&p->life, earlier(next, next_jump_ms(&p->life, now)));
}

static void work(struct program *p, int64_t now)
{
    if (now >= p->look_far_at_ms) {
        digest_look_far(&p->app);
        p->look_far_at_ms = now + LOOK_FAR_MS;
    }
    while (job_runner_step(p->runner) == JOB_BATCH_MAX)
        continue;
    struct mailer_stats before = mailer_stats(p->mailer);
    for (int i = 0; i < ROUNDS_OF_MAIL; i++)
        mailer_step(p->mailer, 0);
    if (mailer_stats(p->mailer).sent > before.sent)
        p->busy_ms = MS / 2;
}

static bool is_over(const struct program *p, const struct waiting *w, int64_t now)
{
    int64_t end = atomic_load(&p->life.world->end_ms);
    return now > end + QUIET_AFTER_MS && w->jobs == 0 && w->messages == 0;
}

static int live(struct program *p)
{
    struct world *world = p->life.world;
    int64_t end = atomic_load(&world->end_ms);
    p->busy_ms = MS;
    p->hasty = db_engine_of(p->app.db) == DB_SQLITE || getenv("SIM_HASTE");
    plan_act(p);
    for (;;) {
        struct waiting w = {0};
        int64_t now = right_ms(&p->life);
        work(p, now);
        if (now >= p->act_at_ms) {
            if (now < end)
                people_act(&p->people);
            plan_act(p);
            work(p, right_ms(&p->life));
        }
        if (!look(p, &w))
            continue;
        if (is_over(p, &w, now))
            return 0;
        if (w.messages > 0 && p->hasty && chance_of(&p->life, HASTE) == 0)
            p->act_at_ms = right_ms(&p->life) + MS; /* people are quick where it hurts */
        if (now > end + DRAIN_MS) {
            fprintf(stderr, "robot_sim: %lld jobs and %lld messages wait for ever\n",
                    (long long)w.jobs, (long long)w.messages);
            return 3;
        }
        move_on(p, &w, now);
    }
}

int main(int argc, char **argv)
{
    static struct program p;
    if (argc < 7)
        return 64;
    bool opens = str_is(str_of(argv[3]), "open");
    uint64_t seed = strtoull(argv[6], NULL, 10);
    log_to(getenv("SIM_LOG") ? STDERR_FILENO : -1, LOG_INFO);
    if (!life_begin(&p.life, argv[1], opens ? 0 : (int)strtol(argv[4], NULL, 10), seed))
        return 1;
    if (opens) {
        atomic_store(&p.life.world->right_ms, strtoll(argv[4], NULL, 10));
        atomic_store(&p.life.world->end_ms, strtoll(argv[5], NULL, 10));
    } else {
        atomic_store(&p.life.dies_at, strtoll(argv[5], NULL, 10));
    }
    p.life.forgets_keys = argc > 7;
    if (!open_database(&p, argv[2]))
        return 1;
    open_features(&p);
    int status = opens ? !people_open_salons(&p.people) : live(&p);
    atomic_store(&p.life.world->seats[p.life.seat].pid, 0);
    close_all(&p);
    return status;
}
