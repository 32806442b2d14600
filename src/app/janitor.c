/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* janitor: see janitor.h. */
#include "app/janitor.h"

#include "account/account.h"
#include "base/log.h"
#include "base/nap.h"
#include "client/client.h"
#include "diary/pick.h"
#include "form/form.h"
#include "http/idempotency.h"
#include "inbox/inbox.h"
#include "mailin/mailin.h"
#include "message/message_routes.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <uv.h>

enum { PAUSE_MS = 60 * 1000, ROUNDS_MAX = 20, INDEX_REST_MS = 2 };

struct janitor {
    const struct app *app;
    uv_thread_t thread;
    struct nap nap;
    atomic_bool stopping;
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
    if (r == OK)
        r = form_sweep(&w);
    if (r == OK)
        r = mailin_sweep(&w);
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

static enum result index_once(struct db_tx *tx, void *arg)
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
    struct db_reach before = db_across(tx, "what has no words to be found by is, whosever it is");
    (void)before; /* so it stays, to the end of the transaction */
    int64_t messages = 0;
    enum result r = client_index_sweep(&w, &s->removed);
    if (r == OK)
        r = inbox_index_sweep(&w, &messages);
    s->removed += messages;
    return r;
}

/* Until none is left: after an update there may be a million. */
static void index_all(struct janitor *j)
{
    for (bool more = true; more && !atomic_load(&j->stopping);) {
        struct arena arena;
        struct problem problem = {0};
        arena_init(&arena, ARENA_DEFAULT_LIMIT);
        struct sweep s = {.app = j->app, .arena = &arena, .problem = &problem};
        enum result r = db_transact(j->app->db, &arena, &problem, index_once, &s);
        arena_done(&arena);
        if (r != OK)
            log_event(LOG_WARN, "clients and messages not made findable", "s:code", problem.code,
                      NULL);
        more = r == OK && s.removed > 0;
        if (more)
            nap_for(&j->nap, INDEX_REST_MS);
    }
}

static void run(void *arg)
{
    struct janitor *j = arg;
    for (;;) {
        index_all(j);
        if (atomic_load(&j->stopping))
            return;
        nap_for(&j->nap, PAUSE_MS);
        if (atomic_load(&j->stopping))
            return;
        sweep(j->app);
    }
}

struct janitor *janitor_start(const struct app *app)
{
    struct janitor *j = calloc(1, sizeof *j);
    if (!j)
        abort();
    j->app = app;
    nap_init(&j->nap);
    if (uv_thread_create(&j->thread, run, j) != 0)
        abort();
    return j;
}

void janitor_stop(struct janitor *j)
{
    if (!j)
        return;
    atomic_store(&j->stopping, true);
    nap_wake(&j->nap);
    uv_thread_join(&j->thread);
    nap_done(&j->nap);
    free(j);
}
