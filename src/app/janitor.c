/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* janitor: see janitor.h. */
#include "app/janitor.h"

#include "account/account.h"
#include "base/log.h"
#include "diary/pick.h"
#include "http/idempotency.h"
#include "message/message_routes.h"

#include <stdlib.h>
#include <uv.h>

enum { PAUSE_S = 60, ROUNDS_MAX = 20 };
static const uint64_t NS_PER_S = 1000000000;

struct janitor {
    const struct app *app;
    uv_thread_t thread;
    uv_mutex_t mutex;
    uv_cond_t wake;
    bool stopping; /* under `mutex` */
};

struct sweep {
    const struct app *app;
    struct arena *arena;
    struct problem *problem;
    int64_t removed;
};

static enum result sweep_once(struct db_tx *tx, void *arg)
{
    struct sweep *s = arg;
    struct work w = {
        .arena = s->arena,
        .tx = tx,
        .env = s->app->env,
        .app = s->app,
        .problem = s->problem,
        .now_s = env_now_s(s->app->env),
        .actor = {.kind = ACTOR_SYSTEM},
    };
    struct db_reach before = db_across(tx, "the janitor sweeps what is over, whosever it was");
    (void)before; /* so it stays, to the end of the transaction */
    enum result r = idempotency_sweep(&w, &s->removed);
    if (r == OK)
        r = account_sweep(&w);
    if (r == OK)
        r = webhook_sweep(&w);
    return r == OK ? pick_sweep(&w) : r;
}

static void sweep(const struct app *app)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct arena arena;
        struct problem problem = {0};
        arena_init(&arena, ARENA_DEFAULT_LIMIT);
        struct sweep s = {.app = app, .arena = &arena, .problem = &problem};
        enum result r = db_transact(app->db, &arena, &problem, sweep_once, &s);
        arena_done(&arena);
        if (r != OK) {
            log_event(LOG_WARN, "sweep failed", "s:code", problem.code, NULL);
            return;
        }
        if (s.removed < IDEMPOTENCY_SWEEP_ROWS)
            return;
    }
}

static void run(void *arg)
{
    struct janitor *j = arg;
    uv_mutex_lock(&j->mutex);
    while (!j->stopping) {
        uv_cond_timedwait(&j->wake, &j->mutex, PAUSE_S * NS_PER_S);
        if (j->stopping)
            break;
        uv_mutex_unlock(&j->mutex);
        sweep(j->app);
        uv_mutex_lock(&j->mutex);
    }
    uv_mutex_unlock(&j->mutex);
}

struct janitor *janitor_start(const struct app *app)
{
    struct janitor *j = calloc(1, sizeof *j);
    if (!j)
        abort();
    j->app = app;
    if (uv_mutex_init(&j->mutex) != 0 || uv_cond_init(&j->wake) != 0 ||
        uv_thread_create(&j->thread, run, j) != 0)
        abort();
    return j;
}

void janitor_stop(struct janitor *j)
{
    if (!j)
        return;
    uv_mutex_lock(&j->mutex);
    j->stopping = true;
    uv_cond_signal(&j->wake);
    uv_mutex_unlock(&j->mutex);
    uv_thread_join(&j->thread);
    uv_cond_destroy(&j->wake);
    uv_mutex_destroy(&j->mutex);
    free(j);
}
