/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Claiming, running, failing and dying, on both engines, with a clock that the test moves. */
#include "shop.h"

#include <string.h>
#include <time.h>

/* ---- running ---- */

static void a_job_runs_once_when_it_is_due(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    plan(&s, 1, BEGIN_S + 10);
    settle(&s);
    pass(&s, 9);
    settle(&s);
    assert_int_equal(effects(&s, "run"), 0);
    pass(&s, 1);
    for (int i = 0; i < 20; i++) {
        settle(&s);
        pass(&s, HOUR_S);
    }
    assert_int_equal(effects(&s, "run"), 1);
    assert_int_equal(ask(&s,
                         "SELECT COUNT(*) FROM job WHERE status = 'done' AND ended_s = %d"
                         " AND outcome = 'done' AND lease_owner IS NULL AND attempts = 1",
                         BEGIN_S + 10),
                     1);
    close_shop(&s);
}

static void the_longest_due_go_first(void **state)
{
    enum { JOBS = 40 };
    struct shop s;
    struct numbers numbers = {7};
    open_shop(&s, *state);
    for (int i = 0; i < JOBS; i++) {
        int64_t age_s = numbers_between(&numbers, 1, 100000);
        plan(&s, age_s, BEGIN_S - age_s);
    }
    settle(&s);
    assert_int_equal(s.runs, JOBS);
    for (int i = 1; i < JOBS; i++)
        assert_true(s.ran[i] < s.ran[i - 1]);
    close_shop(&s);
}

static enum result fail_after_writing(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    (void)job;
    return problem_set(w->problem, INVALID, "no", "The moon is in the wrong house.");
}

static void the_effect_of_what_fails_is_undone(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = fail_after_writing;
    plan(&s, 1, BEGIN_S);
    settle(&s);
    assert_int_equal(s.runs, 1);
    assert_int_equal(effects(&s, "run"), 0);
    assert_int_equal(in_state(&s, "waiting"), 1);
    s.play = NULL;
    pass(&s, MINUTE_S);
    settle(&s);
    assert_int_equal(effects(&s, "run"), 1);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE last_error IS NOT NULL"), 0);
    close_shop(&s);
}

/* Undoes its effect, as what does nothing yet would have left none. */
static enum result not_yet(struct shop *s, struct work *w, struct job *job)
{
    if (w->now_s < s->arg)
        job->again_s = s->arg;
    return db_exec(w->tx, "DELETE FROM effect WHERE what = 'run' AND job_id = $1 AND $2 > $3",
                   db_i(job->id), db_i(s->arg), db_i(w->now_s));
}

static void what_comes_too_early_waits_until_then(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = not_yet;
    s.arg = BEGIN_S + 2 * HOUR_S;
    act(&s, (struct deed){.act = plans, .kind = "chained", .subject_id = 1, .at_s = BEGIN_S});
    settle(&s);
    assert_int_equal(ask(&s, "SELECT due_s FROM job WHERE status = 'waiting' AND attempts = 0"
                             " AND outcome IS NULL AND ended_s IS NULL"),
                     s.arg);
    assert_int_equal(job_runner_stats(s.runner).done, 0);
    pass(&s, 2 * HOUR_S - 1);
    settle(&s);
    assert_int_equal(effects(&s, "run") + effects(&s, "then waiting") + effects(&s, "then done"),
                     0);
    pass(&s, 1);
    settle(&s);
    assert_int_equal(effects(&s, "run"), 1);
    assert_int_equal(effects(&s, "then done"), 1);
    close_shop(&s);
}

static enum result by_subject(struct shop *s, struct work *w, struct job *job)
{
    job->late = job->subject_id == 2;
    return job->subject_id == 3 ? fail_after_writing(s, w, job) : OK;
}

static void what_follows_is_planned_however_it_ends(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = by_subject;
    for (int i = 1; i <= 3; i++)
        act(&s, (struct deed){.act = plans, .kind = "chained", .subject_id = i, .at_s = BEGIN_S});
    for (int i = 0; i < JOB_ATTEMPTS_MAX + 2; i++) {
        settle(&s);
        pass(&s, 2 * HOUR_S);
    }
    assert_int_equal(effects(&s, "then done"), 1);
    assert_int_equal(effects(&s, "then late"), 1);
    assert_int_equal(effects(&s, "then parked"), 1);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM effect WHERE what LIKE 'then%%'"), 3);
    close_shop(&s);
}

static enum result count_jobs(struct shop *s, struct work *w, struct job *job)
{
    struct db_rows rows;
    enum result res = db_one(w->tx, &rows, "SELECT COUNT(*), MIN(workspace_id) FROM job");
    if (res != OK)
        return res;
    assert_int_equal(db_int(&rows, 0, 1), job->workspace_id);
    assert_int_equal(w->actor.workspace_id, job->workspace_id);
    assert_int_equal(w->actor.kind, ACTOR_SYSTEM);
    s->arg += db_int(&rows, 0, 0) * (job->workspace_id == ADA ? 1 : 100);
    return OK;
}

static void a_function_sees_its_own_business_alone(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = count_jobs;
    for (int i = 1; i <= 5; i++)
        act(&s, (struct deed){.act = plans,
                              .workspace_id = i <= 2 ? ADA : BOB,
                              .subject_id = i,
                              .at_s = BEGIN_S});
    settle(&s);
    assert_int_equal(s.arg, 2 * 2 + 3 * 3 * 100);
    close_shop(&s);
}

/* ---- failing ---- */

static void failures_wait_twice_as_long_each_time_and_are_parked_with_their_reason(void **state)
{
    struct shop s;
    int64_t least_s = JOB_BACKOFF_MIN_S, jitter_s = 0;
    open_shop(&s, *state);
    s.play = fail_after_writing;
    plan(&s, 1, BEGIN_S);
    for (int i = 1; i < JOB_ATTEMPTS_MAX; i++) {
        settle(&s);
        assert_int_equal(ask(&s, "SELECT attempts FROM job WHERE status = 'waiting'"), i);
        int64_t wait_s = ask(&s, "SELECT due_s FROM job") - now_s(&s);
        assert_in_range(wait_s, least_s, least_s + least_s / 4);
        jitter_s += wait_s - least_s;
        least_s *= 2;
        pass(&s, wait_s - 1);
        settle(&s);
        assert_int_equal(s.runs, i);
        pass(&s, 1);
    }
    assert_true(jitter_s > 0);
    settle(&s);
    assert_int_equal(ask(&s,
                         "SELECT COUNT(*) FROM job WHERE status = 'parked' AND attempts = %d"
                         " AND last_error = 'The moon is in the wrong house.' AND ended_s = %lld",
                         JOB_ATTEMPTS_MAX, (long long)now_s(&s)),
                     1);
    pass(&s, DAY_S);
    settle(&s);
    assert_int_equal(s.runs, JOB_ATTEMPTS_MAX);
    assert_int_equal(job_runner_stats(s.runner).parked, 1);
    assert_int_equal(job_runner_stats(s.runner).retried, JOB_ATTEMPTS_MAX - 1);
    close_shop(&s);
}

static enum result away(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    (void)job;
    return problem_set(w->problem, BUSY, "database_unavailable", "It is away.");
}

static void a_database_that_is_away_is_nobodys_fault(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = away;
    plan(&s, 1, BEGIN_S);
    for (int i = 0; i < 3 * JOB_ATTEMPTS_MAX; i++) {
        settle(&s);
        assert_int_equal(s.runs, i + 1);
        assert_int_equal(ask(&s, "SELECT attempts FROM job WHERE status = 'waiting'"), 0);
        assert_true(ask(&s, "SELECT due_s FROM job") > now_s(&s));
        pass(&s, 2 * JOB_BACKOFF_MIN_S);
    }
    s.play = NULL;
    settle(&s);
    assert_int_equal(effects(&s, "run"), 1);
    close_shop(&s);
}

static void work_of_a_kind_that_nobody_knows_is_parked_at_once(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    act(&s, (struct deed){.act = plans, .kind = "unheard_of", .subject_id = 1, .at_s = BEGIN_S});
    plan(&s, 2, BEGIN_S);
    settle(&s);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE status = 'parked' AND attempts = 1"
                             " AND last_error LIKE '%%does not know%%'"),
                     1);
    assert_int_equal(effects(&s, "run"), 1);
    close_shop(&s);
}

/* ---- dying and sleeping ---- */

struct sleeper {
    struct shop *s;
    struct job_runner *r;
    int64_t sleeps_s; /* before its first job; 0: it dies there */
    bool slept;
};

static void sleep_once(void *self, const char *where)
{
    struct sleeper *z = self;
    if (strcmp(where, "run") != 0 || z->slept)
        return;
    z->slept = true;
    if (z->sleeps_s == 0) {
        job_runner_stop(z->r);
        return;
    }
    pass(z->s, z->sleeps_s);
    settle(z->s);
}

static void a_worker_that_slept_past_its_lease_does_nothing_when_it_wakes(void **state)
{
    enum { JOBS = 3 };
    struct shop s;
    open_shop(&s, *state);
    struct sleeper z = {.s = &s, .sleeps_s = JOB_LEASE_S};
    z.r = another_runner(&s, sleep_once, &z);
    for (int i = 1; i <= JOBS; i++)
        plan(&s, i, BEGIN_S);
    assert_int_equal(job_runner_step(z.r), JOBS);
    assert_int_equal(s.runs, 2 * JOBS); /* it has tried, and nothing of it is left */
    assert_int_equal(effects(&s, "run"), JOBS);
    assert_int_equal(job_runner_stats(s.runner).done, JOBS);
    assert_int_equal(job_runner_stats(z.r).lost, JOBS);
    assert_int_equal(job_runner_stats(z.r).done, 0);
    assert_int_equal(in_state(&s, "done"), JOBS);
    job_runner_free(z.r);
    close_shop(&s);
}

static void a_worker_that_slept_within_its_lease_goes_on(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    struct sleeper z = {.s = &s, .sleeps_s = JOB_LEASE_S - 1};
    z.r = another_runner(&s, sleep_once, &z);
    plan(&s, 1, BEGIN_S);
    assert_int_equal(job_runner_step(z.r), 1);
    assert_int_equal(job_runner_stats(z.r).done, 1);
    assert_int_equal(s.runs, 1);
    job_runner_free(z.r);
    close_shop(&s);
}

static void a_failure_after_the_lease_is_not_written_over_what_another_did(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    struct sleeper z = {.s = &s, .sleeps_s = JOB_LEASE_S};
    z.r = another_runner(&s, sleep_once, &z);
    act(&s, (struct deed){.act = plans, .kind = "unheard_of", .subject_id = 1, .at_s = BEGIN_S});
    plan(&s, 2, BEGIN_S);
    assert_int_equal(job_runner_step(z.r), 2);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE kind = 'unheard_of' AND"
                             " status = 'parked' AND attempts = 2"),
                     1);
    assert_int_equal(job_runner_stats(z.r).lost, 2);
    assert_int_equal(job_runner_stats(z.r).parked, 0);
    job_runner_free(z.r);
    close_shop(&s);
}

static void what_a_dead_worker_held_is_due_after_its_lease(void **state)
{
    enum { JOBS = 20 };
    struct shop s;
    open_shop(&s, *state);
    struct sleeper z = {.s = &s};
    z.r = another_runner(&s, sleep_once, &z);
    for (int i = 1; i <= JOBS; i++)
        plan(&s, i, BEGIN_S);
    assert_int_equal(job_runner_step(z.r), JOB_BATCH_MAX);
    job_runner_free(z.r);
    settle(&s);
    assert_int_equal(effects(&s, "run"), JOBS - JOB_BATCH_MAX);
    pass(&s, JOB_LEASE_S - 1);
    settle(&s);
    assert_int_equal(effects(&s, "run"), JOBS - JOB_BATCH_MAX);
    pass(&s, 1);
    settle(&s);
    assert_int_equal(effects(&s, "run"), JOBS);
    assert_int_equal(in_state(&s, "done"), JOBS);
    close_shop(&s);
}

/* ---- several at once ---- */

struct crew {
    struct shop *s;
    pthread_barrier_t together;
    atomic_int next;
    int64_t done[2];
};

struct hand {
    struct crew *crew;
    bool met;
};

/* Nobody runs before both have claimed, so that neither does all. */
static void meet(void *self, const char *where)
{
    struct hand *h = self;
    if (h->met || strcmp(where, "run") != 0)
        return;
    h->met = true;
    pthread_barrier_wait(&h->crew->together);
}

static void *work_until_done(void *arg)
{
    struct crew *c = arg;
    struct hand h = {.crew = c};
    struct job_runner *r = another_runner(c->s, meet, &h);
    while (job_runner_step(r) != 0)
        ;
    struct job_runner_stats stats = job_runner_stats(r);
    c->done[atomic_fetch_add(&c->next, 1)] = stats.done;
    job_runner_free(r);
    return NULL;
}

static void two_workers_at_once_do_each_of_500_jobs_once(void **state)
{
    enum { JOBS = 500 };
    struct shop s;
    open_shop(&s, *state);
    struct crew c = {.s = &s};
    pthread_barrier_init(&c.together, NULL, 2);
    for (int i = 1; i <= JOBS; i++)
        plan(&s, i, BEGIN_S - i % 7);
    run_threads(2, work_until_done, &c);
    pthread_barrier_destroy(&c.together);
    assert_int_equal(in_state(&s, "done"), JOBS);
    assert_int_equal(effects(&s, "run"), JOBS);
    assert_int_equal(ask(&s, "SELECT COUNT(DISTINCT job_id) FROM effect"), JOBS);
    assert_int_equal(c.done[0] + c.done[1], JOBS);
    assert_true(c.done[0] >= JOB_BATCH_MAX && c.done[1] >= JOB_BATCH_MAX);
    close_shop(&s);
}

/* ---- much that is due ---- */

/* As far as its index of what is due was read by sessions that have ended. */
static int64_t read_of_due(struct shop *s)
{
    return ask(s, "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'job_due'");
}

static void a_claim_reads_what_it_takes_and_not_all_that_is_due(void **state)
{
    static const struct timespec moment = {.tv_nsec = 10000000};
    enum { JOBS = 20000, MOMENTS_MAX = 1000 };
    struct shop s;
    open_shop(&s, *state);
    char sql[400];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO job (workspace_id, id, kind, subject_id, status, anchor_s, due_s,"
             " created_s) SELECT 7, i, 'plain', i, 'waiting', 0, 0, 0 FROM n",
             JOBS);
    run_sql(s.f, sql);
    if (db_engine_of(s.f->db) == DB_SQLITE) {
        assert_int_equal(job_runner_step(s.runner), JOB_BATCH_MAX);
    } else {
        s.app.db = fixture_open(s.f, 1, 5000);
        assert_int_equal(job_runner_step(s.runner), JOB_BATCH_MAX);
        db_close(s.app.db); /* its session tells what it read when it ends */
        for (int i = 0; i < MOMENTS_MAX && read_of_due(&s) == 0; i++)
            nanosleep(&moment, NULL);
        assert_in_range(read_of_due(&s), JOB_BATCH_MAX, JOBS / 10);
    }
    close_shop(&s);
}

#define T(name)     \
    {               \
#name, name \
    }

static const struct engine_test tests[] = {
    T(a_job_runs_once_when_it_is_due),
    T(the_longest_due_go_first),
    T(the_effect_of_what_fails_is_undone),
    T(what_comes_too_early_waits_until_then),
    T(what_follows_is_planned_however_it_ends),
    T(a_function_sees_its_own_business_alone),
    T(failures_wait_twice_as_long_each_time_and_are_parked_with_their_reason),
    T(a_database_that_is_away_is_nobodys_fault),
    T(work_of_a_kind_that_nobody_knows_is_parked_at_once),
    T(a_worker_that_slept_past_its_lease_does_nothing_when_it_wakes),
    T(a_worker_that_slept_within_its_lease_goes_on),
    T(a_failure_after_the_lease_is_not_written_over_what_another_did),
    T(what_a_dead_worker_held_is_due_after_its_lease),
    T(two_workers_at_once_do_each_of_500_jobs_once),
    T(a_claim_reads_what_it_takes_and_not_all_that_is_due),
};

int main(void)
{
    return run_group_on_both("the robot's work", tests);
}
