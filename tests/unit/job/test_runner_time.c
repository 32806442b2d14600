/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Work and a clock that jumps, on both engines. */
#include "shop.h"

#include <string.h>
#include <time.h>

/* Like a reminder: not before its time, and not once WINDOW_S have gone by; else once. */
enum { WINDOW_S = 2 * HOUR_S };

static enum result nothing_yet(struct work *w, const struct job *job)
{
    return db_exec(w->tx, "DELETE FROM effect WHERE job_id = $1", db_i(job->id));
}

static enum result in_its_window(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    if (w->now_s < job->anchor_s)
        job->again_s = job->anchor_s;
    job->late_s = job->anchor_s + WINDOW_S;
    job->late = w->now_s >= job->late_s;
    return job->again_s || job->late ? nothing_yet(w, job) : OK;
}

static void what_was_late_by_a_wrong_clock_is_done_by_the_right_one(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = in_its_window;
    plan(&s, 1, BEGIN_S + DAY_S);
    plan(&s, 2, BEGIN_S - DAY_S);
    jump(&s, YEAR_S);
    settle(&s);
    assert_int_equal(in_state(&s, "late"), 2);
    jump(&s, -YEAR_S);
    settle(&s);
    assert_int_equal(ask(&s, "SELECT due_s FROM job WHERE status = 'waiting' AND subject_id = 1"),
                     BEGIN_S + DAY_S);
    assert_int_equal(in_state(&s, "late"), 1); /* this one was so by any clock */
    pass(&s, DAY_S);
    settle(&s);
    assert_int_equal(effects_of(&s, 1), 1);
    assert_int_equal(effects_of(&s, 2), 0);
    close_shop(&s);
}

static enum result fail_always(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    (void)job;
    return problem_set(w->problem, INTERNAL, "no", "Not now.");
}

static void stop_at_run(void *self, const char *where)
{
    struct job_runner **r = self;
    if (strcmp(where, "run") == 0)
        job_runner_stop(*r);
}

/* One claims, and dies with what it holds. */
static void claim_and_die(struct shop *s)
{
    struct job_runner *r = NULL;
    r = another_runner(s, stop_at_run, &r);
    assert_int_not_equal(job_runner_step(r), -1);
    job_runner_free(r);
}

static void a_lease_by_a_clock_that_ran_ahead_does_not_last_a_year(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    plan(&s, 1, BEGIN_S);
    jump(&s, YEAR_S);
    claim_and_die(&s);
    jump(&s, -YEAR_S);
    pass(&s, JOB_LEASE_S);
    settle(&s);
    assert_int_equal(effects_of(&s, 1), 1);
    close_shop(&s);
}

static void a_failure_by_a_clock_that_ran_ahead_does_not_wait_a_year(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = fail_always;
    plan(&s, 1, BEGIN_S);
    plan(&s, 2, BEGIN_S + DAY_S);
    jump(&s, YEAR_S);
    settle(&s);
    jump(&s, -YEAR_S);
    s.play = in_its_window;
    settle(&s);
    assert_int_equal(effects_of(&s, 1), 1);
    assert_int_equal(ask(&s, "SELECT due_s FROM job WHERE status = 'waiting'"), BEGIN_S + DAY_S);
    close_shop(&s);
}

/* ---- a row that another program has in hand ---- */

static void *step_once(void *arg)
{
    struct shop *s = arg;
    s->arg = job_runner_step(s->runner);
    return NULL;
}

/* Takes what is late, and gives it away when somebody waits for it. */
static enum result drop_while_another_looks(struct work *w, const struct deed *d)
{
    static const struct timespec moment = {.tv_nsec = 1000000};
    enum { MOMENTS_MAX = 10000 };
    struct db_rows rows;
    pthread_t *other = (pthread_t *)(uintptr_t)d->at_s;
    enum result res = drops(w, d);
    if (res == OK)
        res = db_flush(w->tx);
    assert_int_equal(pthread_create(other, NULL, step_once, d->s), 0);
    for (int i = 0; res == OK && i < MOMENTS_MAX; i++) {
        res = db_one(w->tx, &rows,
                     "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
                     " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))");
        if (res == OK && db_int(&rows, 0, 0) > 0)
            return OK;
        nanosleep(&moment, NULL);
    }
    return res == OK ? NOT_FOUND : res;
}

static void what_is_dropped_while_it_is_opened_again_stays_dropped(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = in_its_window;
    plan(&s, 1, BEGIN_S);
    jump(&s, YEAR_S);
    settle(&s);
    assert_int_equal(in_state(&s, "late"), 1);
    jump(&s, -YEAR_S);
    if (db_engine_of(s.f->db) == DB_POSTGRES) {
        pthread_t other;
        act(&s, (struct deed){.act = drop_while_another_looks,
                              .subject_id = 1,
                              .at_s = (int64_t)(uintptr_t)&other});
        pthread_join(other, NULL);
        assert_int_equal(s.arg, 0);
    } else { /* where one writes at a time, it is one after another */
        act(&s, (struct deed){.act = drops, .subject_id = 1});
        settle(&s);
    }
    assert_int_equal(in_state(&s, "dropped"), 1);
    assert_int_equal(effects(&s, "run"), 0);
    close_shop(&s);
}

/* ±1 s … ±1 year at any moment, failures and deaths among them; then the right clock goes by. */
static enum result at_times(struct shop *s, struct work *w, struct job *job)
{
    struct numbers *numbers = (struct numbers *)(uintptr_t)s->arg;
    if (numbers && numbers_between(numbers, 0, 9) == 0)
        return fail_always(s, w, job);
    return in_its_window(s, w, job);
}

static void jumps_neither_repeat_nor_lose_anything(void **state)
{
    enum { JOBS = 60, ROUNDS = 60, SPREAD_S = 2 * DAY_S };
    static const int64_t jumps_s[] = {1, MINUTE_S, HOUR_S, DAY_S, 30 * DAY_S, YEAR_S};
    struct shop s;
    struct numbers numbers = {2026};
    open_shop(&s, *state);
    s.play = at_times;
    s.arg = (int64_t)(uintptr_t)&numbers;
    for (int i = 1; i <= JOBS; i++)
        plan(&s, i, BEGIN_S + SPREAD_S + numbers_between(&numbers, 0, SPREAD_S));
    for (int i = 0; i < ROUNDS; i++) {
        int64_t by_s = jumps_s[numbers_between(&numbers, 0, count_of(jumps_s) - 1)];
        if (numbers_between(&numbers, 0, 1))
            by_s = -by_s;
        jump(&s, by_s);
        if (i % 4 == 0)
            claim_and_die(&s);
        settle(&s);
        if (i % 3 == 0)
            jump(&s, -by_s);
    }
    jump(&s, BEGIN_S - now_s(&s));
    s.arg = 0;
    int64_t already = effects(&s, "run");
    for (int64_t t = 0; t <= 2 * SPREAD_S + WINDOW_S; t += HOUR_S / 2) {
        settle(&s);
        pass(&s, HOUR_S / 2);
    }
    assert_true(already < JOBS);
    assert_int_equal(effects(&s, "run"), JOBS);
    assert_int_equal(ask(&s, "SELECT COUNT(DISTINCT subject_id) FROM effect"), JOBS);
    assert_int_equal(in_state(&s, "done"), JOBS);
    close_shop(&s);
}

#define T(name)     \
    {               \
#name, name \
    }

static const struct engine_test tests[] = {
    T(what_was_late_by_a_wrong_clock_is_done_by_the_right_one),
    T(a_lease_by_a_clock_that_ran_ahead_does_not_last_a_year),
    T(a_failure_by_a_clock_that_ran_ahead_does_not_wait_a_year),
    T(what_is_dropped_while_it_is_opened_again_stays_dropped),
    T(jumps_neither_repeat_nor_lose_anything),
};

int main(void)
{
    return run_group_on_both("the robot's work and a clock that jumps", tests);
}
