/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* robot: the thread, and the kinds of its work. See robot.h. */
#include "robot/robot.h"

#include "base/nap.h"
#include "robot/internal.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <uv.h>

enum { POLL_MS = 1000, AWAY_MS = 5000, LOOK_FAR_MS = 60 * 1000 };

const struct job_kind robot_kinds[] = {
    {.name = "booking_reminder", .run = reminder_run},
    {.name = "visit_end", .run = visit_end_run},
    {.name = "visit_completion", .run = visit_completion_run},
    {.name = "follow_up", .run = follow_up_run},
    {.name = "form_request", .run = form_request_run},
    {.name = "form_reminder", .run = form_reminder_run},
    {.name = "gate_review", .run = gate_review_run},
    {.name = "owner_daily_digest", .run = digest_run, .then = digest_then},
};
const size_t robot_kind_count = sizeof robot_kinds / sizeof *robot_kinds;

struct robot {
    const struct app *app;
    struct job_runner *runner;
    int64_t look_far_at_ms; /* as env_mono_ms counts */
    struct nap nap;
    uv_thread_t thread;
    atomic_bool stopping;
};

/* A full batch says that more is due: the next follows at once, and other people's transactions
 * between its jobs. */
static void run(void *arg)
{
    struct robot *r = arg;
    while (!atomic_load(&r->stopping)) {
        int64_t now_ms = env_mono_ms(r->app->env);
        if (now_ms >= r->look_far_at_ms) {
            digest_look_far(r->app);
            r->look_far_at_ms = now_ms + LOOK_FAR_MS;
        }
        int taken = job_runner_step(r->runner);
        if (taken < JOB_BATCH_MAX)
            nap_for(&r->nap, taken < 0 ? AWAY_MS : POLL_MS);
    }
}

struct robot *robot_start(const struct app *app)
{
    struct robot *r = calloc(1, sizeof *r);
    if (!r)
        abort(); /* at start: no memory for the first things */
    r->app = app;
    struct job_runner_config config = {
        .app = app, .kinds = robot_kinds, .kind_count = robot_kind_count};
    r->runner = job_runner_new(&config);
    nap_init(&r->nap);
    /* Signals are for the thread that the program gave them to. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (uv_thread_create(&r->thread, run, r) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r;
}

void robot_stop(struct robot *r)
{
    if (!r)
        return;
    atomic_store(&r->stopping, true);
    job_runner_stop(r->runner);
    nap_wake(&r->nap);
    uv_thread_join(&r->thread);
    job_runner_free(r->runner);
    nap_done(&r->nap);
    free(r);
}
