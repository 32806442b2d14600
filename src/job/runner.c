/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* runner: claims, runs, and settles what failed. See runner.h. */
#include "job/runner.h"

#include "base/log.h"
#include "base/seeded.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { OWNER_TEXT = 48, OPEN_AGAIN_MAX = 64, JOB_FAR_S = 2 * JOB_BACKOFF_MAX_S };

struct job_runner {
    const struct app *app;
    const struct job_kind *kinds;
    size_t kind_count;
    int lease_s;
    void (*step)(void *self, const char *where);
    void *step_self;
    atomic_bool stopping;
    uint64_t self;   /* random: in each claim's name */
    unsigned claims; /* counts them: a name is never used twice */
    char owner[OWNER_TEXT];
    struct arena arena; /* of the claim */
    struct job claimed[JOB_BATCH_MAX];
    size_t count;
    _Atomic int64_t done, late, retried, parked, lost;
};

static void step(const struct job_runner *r, const char *where)
{
    if (r->step)
        r->step(r->step_self, where);
}

static const struct job_kind *kind_of(const struct job_runner *r, struct str name)
{
    for (size_t i = 0; i < r->kind_count; i++)
        if (str_is(name, r->kinds[i].name))
            return &r->kinds[i];
    return NULL;
}

/* ---- claiming ---- */

#define DUE_JOBS                                                                                \
    "SELECT workspace_id, id, kind, occurrence, subject_id, anchor_s, due_s, attempts FROM job" \
    " WHERE status = 'waiting' AND due_s <= $1 ORDER BY due_s, id LIMIT $2"

/* What was too late by a clock that ran ahead is not: it is looked at again, and waits by itself
 * where its time is still to come. The state is asked for twice: PostgreSQL looks at the outer
 * question again where it had to wait for a row, and not at the inner one. */
static enum result open_again(struct db_tx *tx, int64_t now_s)
{
    return db_exec(tx,
                   "UPDATE job SET status = 'waiting', due_s = $1, outcome = NULL, ended_s = NULL,"
                   " version = version + 1 WHERE status = 'late' AND due_s > $1"
                   " AND (workspace_id, id) IN"
                   " (SELECT workspace_id, id FROM job WHERE status = 'late' AND due_s > $1"
                   " ORDER BY due_s, id LIMIT $2)",
                   db_i(now_s), db_i(OPEN_AGAIN_MAX));
}

/* No lease and no pause after a failure is as long as this: what has one was given it by a clock
 * that ran ahead. An hour and more, since the clocks of several programs differ a little. */
static enum result bring_near(struct db_tx *tx, int64_t now_s)
{
    return db_exec(
        tx,
        "UPDATE job SET due_s = $1, version = version + 1"
        " WHERE status = 'waiting' AND (lease_owner IS NOT NULL OR last_error IS NOT NULL)"
        " AND due_s > $2 AND (workspace_id, id) IN"
        " (SELECT workspace_id, id FROM job WHERE status = 'waiting'"
        " AND (lease_owner IS NOT NULL OR last_error IS NOT NULL) AND due_s > $2"
        " ORDER BY due_s, id LIMIT $3)",
        db_i(now_s), db_i(now_s + JOB_FAR_S), db_i(OPEN_AGAIN_MAX));
}

static enum result take_lease(struct db_tx *tx, const struct job_runner *r, const struct job *j,
                              int64_t now_s)
{
    return db_exec(tx,
                   "UPDATE job SET due_s = $3, lease_owner = $4, attempts = $5,"
                   " version = version + 1 WHERE workspace_id = $1 AND id = $2",
                   db_i(j->workspace_id), db_i(j->id),
                   db_i(SEEDED(LEASE_TOO_SHORT) ? now_s : now_s + r->lease_s), db_z(r->owner),
                   db_i(j->attempts));
}

/* Where the statistics are older than what has become due, PostgreSQL takes all of it for a few
 * rows and puts it in order at each claim, instead of reading the first of an index. */
static enum result by_index(struct db_tx *tx)
{
    if (db_tx_engine(tx) == DB_SQLITE)
        return OK;
    return db_exec(tx, "SELECT set_config('enable_sort', 'off', true)");
}

static enum result claim_in(struct db_tx *tx, void *arg)
{
    struct job_runner *r = arg;
    struct db_rows rows;
    int64_t now_s = env_now_s(r->app->env);
    r->count = 0;
    struct db_reach before = db_across(tx, "the robot runs what is due, whosever it is");
    enum result res = open_again(tx, now_s);
    if (res == OK)
        res = bring_near(tx, now_s);
    if (res == OK)
        res = by_index(tx);
    if (res == OK)
        res = db_query(tx, &rows, db_sql(tx, DUE_JOBS, DUE_JOBS " FOR UPDATE SKIP LOCKED"),
                       db_i(now_s), db_i(JOB_BATCH_MAX));
    db_back(tx, before);
    for (size_t i = 0; res == OK && i < rows.count; i++) {
        struct job j = {
            .workspace_id = db_int(&rows, i, 0),
            .id = db_int(&rows, i, 1),
            .kind = db_str(&rows, i, 2),
            .occurrence = db_str(&rows, i, 3),
            .subject_id = db_int(&rows, i, 4),
            .anchor_s = db_int(&rows, i, 5),
            .due_s = db_int(&rows, i, 6),
            .attempts = db_int(&rows, i, 7) + 1,
        };
        db_tenant(tx, j.workspace_id);
        res = take_lease(tx, r, &j, now_s);
        r->claimed[r->count++] = j;
    }
    return res;
}

/* ---- running one ---- */

struct run {
    struct job_runner *r;
    const struct job_kind *kind;
    const struct job *as_claimed;
    struct job job;
    struct arena *arena;
    struct problem problem;
    bool lost;
};

static struct work work_of(struct run *run, struct db_tx *tx)
{
    const struct app *app = run->r->app;
    return (struct work){
        .arena = run->arena,
        .tx = tx,
        .env = app->env,
        .app = app,
        .problem = &run->problem,
        .now_s = env_now_s(app->env),
        .job_id = run->as_claimed->id,
        .request_id = str_printf(run->arena, "job-%lld", (long long)run->as_claimed->id),
    };
}

static void enter(struct work *w, const struct job *j)
{
    work_enter(w, (struct actor){.kind = ACTOR_SYSTEM,
                                 .workspace_id = j->workspace_id,
                                 .permissions = PERM_ALL | RIGHT_OWNER,
                                 .name = STR("Robot")});
    w->sees_all = true;
}

/* Counts 0 where somebody else has taken the job, or nobody wants it any more. */
static enum result settle(struct work *w, const struct run *run, int64_t *ret_changed)
{
    const struct job *j = &run->job;
    const char *status = j->again_s ? "waiting" : j->late ? "late" : "done";
    /* A late one keeps the time since which it is: by that a clock that was wrong shows. */
    int64_t due_s = j->again_s ? j->again_s : j->late && j->late_s ? j->late_s : j->due_s;
    return db_count(w->tx, ret_changed,
                    "UPDATE job SET status = $4, due_s = $5, lease_owner = NULL, outcome = $6,"
                    " last_error = NULL, ended_s = $7,"
                    " attempts = CASE WHEN $4 = 'waiting' THEN 0 ELSE attempts END,"
                    " version = version + 1"
                    " WHERE workspace_id = $1 AND id = $2 AND lease_owner = $3"
                    " AND status = 'waiting'",
                    db_i(j->workspace_id), db_i(j->id), db_z(run->r->owner), db_z(status),
                    db_i(due_s), j->again_s ? db_null() : db_z(j->outcome ? j->outcome : status),
                    j->again_s ? db_null() : db_i(w->now_s));
}

/*
 * The work first and then the mark: a business's lock is taken before its rows, here as everywhere.
 * Where the mark finds the job gone, all of it is rolled back.
 */
static enum result run_in(struct db_tx *tx, void *arg)
{
    struct run *run = arg;
    int64_t changed = 0;
    run->job = *run->as_claimed;
    run->lost = false;
    problem_clear(&run->problem);
    struct work w = work_of(run, tx);
    enter(&w, &run->job);
    enum result res = run->kind->run(&w, &run->job);
    if (res == OK)
        res = settle(&w, run, &changed);
    if (res == OK && changed == 0 && !SEEDED(LEASE_TOO_SHORT)) {
        run->lost = true;
        return CONFLICT;
    }
    if (res == OK && run->kind->then && !run->job.again_s)
        res = run->kind->then(&w, &run->job);
    return res;
}

/* ---- what failed ---- */

static int64_t backoff_s(const struct env *env, int64_t attempts)
{
    int64_t delay = JOB_BACKOFF_MIN_S;
    uint32_t chance;
    for (int64_t i = 1; i < attempts && delay < JOB_BACKOFF_MAX_S; i++)
        delay *= 2;
    env_random(env, &chance, sizeof chance);
    delay += delay / 4 * (chance % 1000) / 1000;
    return delay < JOB_BACKOFF_MAX_S ? delay : JOB_BACKOFF_MAX_S;
}

struct failure {
    struct run *run;
    bool parks, counts;
    struct str why;
    int64_t changed; /* 0: somebody else had taken it, and nothing is recorded */
};

static enum result fail_in(struct db_tx *tx, void *arg)
{
    struct failure *f = arg;
    struct run *run = f->run;
    const struct job *j = run->as_claimed;
    struct work w = work_of(run, tx);
    enter(&w, j);
    int64_t due_s = f->parks ? j->due_s : w.now_s + backoff_s(w.env, j->attempts);
    enum result res = db_count(
        tx, &f->changed,
        "UPDATE job SET status = $4, due_s = $5, lease_owner = NULL, last_error = $6,"
        " attempts = $7, ended_s = $8, version = version + 1"
        " WHERE workspace_id = $1 AND id = $2 AND lease_owner = $3"
        " AND status = 'waiting'",
        db_i(j->workspace_id), db_i(j->id), db_z(run->r->owner),
        db_z(f->parks ? "parked" : "waiting"), db_i(due_s), db_s(f->why),
        db_i(f->counts ? j->attempts : j->attempts - 1), f->parks ? db_i(w.now_s) : db_null());
    if (res == OK && f->changed && f->parks && run->kind && run->kind->then)
        res = run->kind->then(&w, j);
    return res;
}

static void fail(struct job_runner *r, struct run *run, enum result res)
{
    static const char UNKNOWN[] = "This program does not know this kind of work.";
    struct failure f = {.run = run, .counts = res != BUSY};
    f.parks = !run->kind || (f.counts && run->as_claimed->attempts >= JOB_ATTEMPTS_MAX);
    static const char FATAL[] = "It never came to an end. Whoever keeps the server should see why.";
    const char *why = !run->kind                                     ? UNKNOWN
                      : run->as_claimed->attempts > JOB_ATTEMPTS_MAX ? FATAL
                      : *run->problem.detail                         ? run->problem.detail
                                             : "It failed; the program's log says more.";
    f.why = str_copy(run->arena, str_of(why));
    const char *code = run->problem.code;
    problem_clear(&run->problem);
    enum result told = db_transact(r->app->db, run->arena, &run->problem, fail_in, &f);
    if (told == OK && f.changed == 0) {
        atomic_fetch_add(&r->lost, 1);
        return;
    }
    log_event(f.parks ? LOG_ERROR : LOG_WARN, f.parks ? "job parked" : "job failed",
              "i:workspace_id", run->as_claimed->workspace_id, "i:job_id", run->as_claimed->id,
              "s:kind", run->kind ? run->kind->name : "unknown", "i:attempts",
              run->as_claimed->attempts, "s:code", code, NULL);
    if (told != OK) /* its lease runs out, and it is due again */
        log_event(LOG_WARN, "job's failure not recorded", "i:job_id", run->as_claimed->id, NULL);
    atomic_fetch_add(f.parks && told == OK ? &r->parked : &r->retried, 1);
}

static void run_one(struct job_runner *r, const struct job *job)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct run run = {.r = r, .kind = kind_of(r, job->kind), .as_claimed = job, .arena = &arena};
    enum result res = INTERNAL;
    /* One that was claimed so often and never settled has ended its program each time. */
    bool fatal = job->attempts > JOB_ATTEMPTS_MAX;
    if (run.kind && !fatal)
        res = db_transact(r->app->db, &arena, &run.problem, run_in, &run);
    if (run.lost && res != OK) {
        atomic_fetch_add(&r->lost, 1);
    } else if (res != OK) {
        fail(r, &run, res);
    } else if (!run.job.again_s) {
        atomic_fetch_add(run.job.late ? &r->late : &r->done, 1);
        log_event(LOG_INFO, run.job.late ? "job late" : "job done", "i:workspace_id",
                  job->workspace_id, "i:job_id", job->id, "s:kind", run.kind->name, "s:outcome",
                  run.job.outcome, NULL);
    }
    arena_done(&arena);
}

int job_runner_step(struct job_runner *r)
{
    snprintf(r->owner, sizeof r->owner, "%016llx.%u", (unsigned long long)r->self, ++r->claims);
    step(r, "claim");
    enum result res = db_transact(r->app->db, &r->arena, NULL, claim_in, r);
    if (res != OK) {
        log_event(LOG_WARN, "robot cannot read its jobs", "i:result", (int64_t)res, NULL);
        arena_reset(&r->arena);
        return -1;
    }
    for (size_t i = 0; i < r->count; i++) {
        step(r, "run");
        if (atomic_load(&r->stopping))
            break;
        run_one(r, &r->claimed[i]);
        step(r, "settled");
    }
    arena_reset(&r->arena);
    return (int)r->count;
}

void job_runner_stop(struct job_runner *r)
{
    atomic_store(&r->stopping, true);
}

/* ---- life ---- */

struct job_runner *job_runner_new(const struct job_runner_config *config)
{
    struct job_runner *r = calloc(1, sizeof *r);
    if (!r)
        abort(); /* at start: no memory for the first things */
    r->app = config->app;
    r->kinds = config->kinds;
    r->kind_count = config->kind_count;
    r->lease_s = config->lease_s > 0 ? config->lease_s : JOB_LEASE_S;
    assert(r->lease_s <= JOB_BACKOFF_MAX_S);
    r->step = config->step;
    r->step_self = config->step_self;
    env_random(r->app->env, &r->self, sizeof r->self);
    arena_init(&r->arena, ARENA_DEFAULT_LIMIT);
    return r;
}

void job_runner_free(struct job_runner *r)
{
    if (!r)
        return;
    arena_done(&r->arena);
    free(r);
}

struct job_runner_stats job_runner_stats(const struct job_runner *r)
{
    return (struct job_runner_stats){
        .done = atomic_load(&r->done),
        .late = atomic_load(&r->late),
        .retried = atomic_load(&r->retried),
        .parked = atomic_load(&r->parked),
        .lost = atomic_load(&r->lost),
    };
}
