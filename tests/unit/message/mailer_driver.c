/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailer_driver: outbox and mailer as a program of their own, for a test that kills it at random
 * moments.
 *
 *   mailer_driver DB_URL put FIRST LAST    migrates, makes the workspace, puts messages FIRST …
 * LAST mailer_driver DB_URL count             prints
 * {"queued":n,"sent":n,"failed":n,"suppressed":n} mailer_driver DB_URL run MAIL_URL      delivers
 * until SIGTERM
 *
 * RESEND_KEY, RESEND_URL, CA_FILE come from the environment. Time runs SPEED times as fast (default
 * 1), so that backoff and leases of minutes pass in a test's seconds; a delivery has TIMEOUT_MS of
 * real time.
 */
#include "message/mailer.h"
#include "message/outbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKSPACE = 1, PUT_AT_ONCE = 50, GRACE_REAL_MS = 800 };

struct fast_clock {
    struct env real;
    int64_t speed, began_now_ms;
};

static int64_t fast_mono_ms(void *self)
{
    const struct fast_clock *c = self;
    return c->real.mono_ms(c->real.self) * c->speed;
}

/* Counted from one instant for all runs, so that a restarted program goes on in the same virtual
 * time. */
static int64_t fast_now_ms(void *self)
{
    static const int64_t origin_ms = 1795338000000;
    const struct fast_clock *c = self;
    return origin_ms + (c->real.now_ms(c->real.self) - c->began_now_ms) * c->speed;
}

static void real_random(void *self, void *ret, size_t len)
{
    const struct fast_clock *c = self;
    c->real.random(c->real.self, ret, len);
}

static long number_from_env(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : otherwise;
}

/* ---- put and count ---- */

struct put {
    const struct env *env;
    int64_t first, last;
};

static enum result make_workspace(struct db_tx *tx, void *arg)
{
    (void)arg;
    db_tenant(tx, WORKSPACE);
    return db_exec(tx, "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
                       " VALUES (1, 'ada', 'Salon Ada', 'UTC', 'EUR', 0) ON CONFLICT DO NOTHING");
}

static enum result put_in(struct db_tx *tx, void *arg)
{
    const struct put *p = arg;
    struct problem problem = {0};
    struct work w = {
        .arena = db_arena(tx),
        .tx = tx,
        .env = p->env,
        .problem = &problem,
        .now_s = env_now_s(p->env),
        .actor = {.kind = ACTOR_SYSTEM, .workspace_id = WORKSPACE},
    };
    enum result r = OK;
    db_tenant(tx, WORKSPACE);
    for (int64_t i = p->first; r == OK && i <= p->last; i++) {
        struct outbox_message m = {
            .kind = "booking_confirmation",
            .subject_id = i,
            .occurrence = STR("1"),
            .to_name = STR("Bea"),
            .to_address = str_printf(w.arena, "client%lld@client.example", (long long)i),
            .subject = str_printf(w.arena, "Booking %lld is confirmed", (long long)i),
            .body_text = STR("See you."),
        };
        r = outbox_put(&w, &m);
    }
    return r;
}

static enum result count_in(struct db_tx *tx, void *arg)
{
    (void)arg;
    struct db_rows r;
    db_tenant(tx, WORKSPACE);
    enum result result =
        db_one(tx, &r,
               "SELECT COALESCE(SUM(CASE WHEN status = 'queued' THEN 1 ELSE 0 END), 0),"
               " COALESCE(SUM(CASE WHEN status = 'sent' THEN 1 ELSE 0 END), 0),"
               " COALESCE(SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), 0),"
               " COALESCE(SUM(CASE WHEN status = 'suppressed' THEN 1 ELSE 0 END), 0)"
               " FROM message");
    if (result == OK)
        printf("{\"queued\":%lld,\"sent\":%lld,\"failed\":%lld,\"suppressed\":%lld}\n",
               (long long)db_int(&r, 0, 0), (long long)db_int(&r, 0, 1),
               (long long)db_int(&r, 0, 2), (long long)db_int(&r, 0, 3));
    return result;
}

static int put_all(struct db *db, const struct env *env, char **args)
{
    char error[DB_ERROR_TEXT];
    int applied = 0;
    struct arena arena;
    if (db_migrate(db, &applied, error) != OK) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result r = db_transact(db, &arena, NULL, make_workspace, NULL);
    int64_t last = strtoll(args[1], NULL, 10);
    for (int64_t i = strtoll(args[0], NULL, 10); r == OK && i <= last; i += PUT_AT_ONCE) {
        struct put p = {env, i, i + PUT_AT_ONCE - 1 < last ? i + PUT_AT_ONCE - 1 : last};
        r = db_transact(db, &arena, NULL, put_in, &p);
        arena_reset(&arena);
    }
    arena_done(&arena);
    return r == OK ? 0 : 1;
}

static int count(struct db *db)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result r = db_view(db, &arena, NULL, count_in, NULL);
    arena_done(&arena);
    return r == OK ? 0 : 1;
}

/* ---- run ---- */

/* `grace_ms` is fast time, as all that the mailer sees. */
static int run(struct db *db, const struct env *env, const struct mail_provider *provider,
               int grace_ms)
{
    struct mailer_config config = {
        .db = db,
        .env = env,
        .provider = *provider,
        .from = "Salon Ada <bookings@careops.example>",
        .lease_s = (int)number_from_env("LEASE_S", 0),
    };
    struct mailer *mailer = mailer_new(&config);
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, NULL);
    mailer_start(mailer);
    puts("running");
    fflush(stdout);
    int got;
    sigwait(&term, &got);
    mailer_stop(mailer, grace_ms);
    mailer_free(mailer);
    return 0;
}

static bool open_provider(const char *url, const struct env *env, struct mail_provider *ret)
{
    char error[MAIL_SETTING_TEXT];
    struct mail_provider_config config = {
        .url = url,
        .resend_api_key = getenv("RESEND_KEY"),
        .resend_url = getenv("RESEND_URL"),
        .resend_per_second = (int)number_from_env("PER_SECOND", 0),
        .ca_file = getenv("CA_FILE"),
        .timeout_ms = (int)number_from_env("TIMEOUT_MS", 0),
        .env = env,
    };
    if (mail_provider_new(&config, ret, error) == OK)
        return true;
    fprintf(stderr, "%s\n", error);
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    struct fast_clock clock = {.real = env_real(), .speed = number_from_env("SPEED", 1)};
    clock.began_now_ms = number_from_env("BEGAN_MS", (long)clock.real.now_ms(clock.real.self));
    struct env env = {&clock, fast_now_ms, fast_mono_ms, real_random, clock.real.last_id};

    struct mail_provider provider;
    bool running = strcmp(argv[2], "run") == 0 && argc == 4;
    if (running && !open_provider(argv[3], &env, &provider))
        return 2;
    char error[DB_ERROR_TEXT];
    struct db *db = NULL;
    struct db_config config = {
        .url = argv[1], .connections = 4, .env = &clock.real, .busy_ms = 10000};
    if (db_open(&config, &db, error) != OK) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    int status = 64;
    if (running)
        status = run(db, &env, &provider, (int)(GRACE_REAL_MS * clock.speed));
    else if (strcmp(argv[2], "put") == 0 && argc == 5)
        status = put_all(db, &env, argv + 3);
    else if (strcmp(argv[2], "count") == 0)
        status = count(db);
    db_close(db);
    free((void *)clock.real.last_id);
    return status;
}
