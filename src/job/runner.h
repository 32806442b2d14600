/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * runner: takes due jobs and runs them.
 *
 * In one transaction it claims a few due rows: each gets this claim's own name and a lease, its due
 * time becoming the lease's end. Then each job has a transaction of its own: the row is marked done
 * under the claim's name, which fails when somebody else has taken it meanwhile, and the job's
 * function does its work. Both are committed or neither is. So a worker that was stopped past its
 * lease does nothing when it wakes, and one that was killed leaves a row that is due again.
 *
 * A job whose function fails waits longer each time (JOB_BACKOFF_MIN_S doubling to
 * JOB_BACKOFF_MAX_S, with jitter) and is parked after JOB_ATTEMPTS_MAX; BUSY (the database is away
 * or full) is nobody's fault and counts as no attempt. Jobs of one claim run one after another, and
 * between them bookings have their turn.
 *
 * A lease and a pause after a failure end by the wall clock. Where it ran ahead and has gone back,
 * those ends lie far away: a claim brings near what waits longer than any of them can.
 *
 * Not bound to a thread; each runner belongs to one at a time.
 */
#ifndef CAREOPS_JOB_RUNNER_H
#define CAREOPS_JOB_RUNNER_H

#include "job/job.h"

enum {
    JOB_BATCH_MAX = 16,
    JOB_LEASE_S = 60,
    JOB_ATTEMPTS_MAX = 8,
    JOB_BACKOFF_MIN_S = 10,
    JOB_BACKOFF_MAX_S = 3600,
};

struct job {
    int64_t workspace_id, id;
    struct str kind, occurrence;
    int64_t subject_id;
    int64_t anchor_s, due_s; /* due_s: as it was planned or last put off to */
    int64_t attempts;        /* with this one */
    /* The function's answer: */
    const char *outcome; /* one word: "sent", "paused"; NULL = "done" */
    bool late;           /* its time has passed: nothing was done */
    int64_t late_s;      /* with late: since when it has; before that, by a clock that has gone
                          * back, it is run again. 0 = due_s */
    int64_t again_s;     /* not yet: waits until then; nothing was done. 0 = it is done */
};

struct job_kind {
    const char *name;
    /* Runs inside the job's transaction, at its business as the robot (ACTOR_SYSTEM); may be run
     * again, so it has no effect outside the database. Anything but OK rolls it back. */
    enum result (*run)(struct work *w, struct job *job);
    /* Plans what follows, in the transaction that ends the job, however it ends (done, late,
     * parked). NULL: nothing does. */
    enum result (*then)(struct work *w, const struct job *job);
};

struct job_runner;

struct job_runner_config {
    const struct app *app;
    const struct job_kind *kinds;
    size_t kind_count;
    int lease_s; /* 0 = JOB_LEASE_S; at most JOB_BACKOFF_MAX_S */
    /* For tests that stop the runner between two steps: called before each, outside transactions,
     * with its name: "claim", "run", "settled". NULL: nobody asks. */
    void (*step)(void *self, const char *where);
    void *step_self;
};

struct job_runner *job_runner_new(const struct job_runner_config *config) must_check;
void job_runner_free(struct job_runner *r);

/* Claims and runs at most JOB_BATCH_MAX jobs; how many it claimed. Fewer than that: nothing more is
 * due now. -1: the database did not answer. */
int job_runner_step(struct job_runner *r);

/* The job in hand is the last one; what else was claimed is due when its lease is over. Any
 * thread. */
void job_runner_stop(struct job_runner *r);

struct job_runner_stats {
    int64_t done, late, retried, parked, lost; /* lost: somebody else had taken it */
};
/* Since start. Any thread. */
struct job_runner_stats job_runner_stats(const struct job_runner *r);

#endif
