/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shop: see shop.h. */
#include "shop.h"

#include "db/work.h"

/* ---- kinds of work ---- */

static enum result leave(struct work *w, const struct job *job, const char *what)
{
    return db_exec(w->tx, "INSERT INTO effect (job_id, subject_id, what) VALUES ($1, $2, $3)",
                   db_i(job->id), db_i(job->subject_id), db_z(what));
}

static struct shop *shop_of(const struct work *w)
{
    return (struct shop *)(uintptr_t)w->app;
}

static enum result run(struct work *w, struct job *job)
{
    struct shop *s = shop_of(w);
    size_t n = atomic_fetch_add(&s->runs, 1);
    if (n < RUNS_MAX)
        s->ran[n] = job->subject_id;
    enum result res = leave(w, job, "run");
    return res == OK && s->play ? s->play(s, w, job) : res;
}

static enum result then(struct work *w, const struct job *job)
{
    struct db_rows rows;
    enum result res =
        db_one(w->tx, &rows, "SELECT status FROM job WHERE workspace_id = $1 AND id = $2",
               db_i(job->workspace_id), db_i(job->id));
    if (res != OK)
        return res;
    const char *word = str_copy(w->arena, db_str(&rows, 0, 0)).ptr;
    return leave(w, job, str_printf(w->arena, "then %s", word).ptr);
}

static const struct job_kind kinds[] = {
    {.name = "plain", .run = run},
    {.name = "chained", .run = run, .then = then},
};

/* ---- life ---- */

struct job_runner *another_runner(struct shop *s, void (*step)(void *self, const char *where),
                                  void *step_self)
{
    struct job_runner_config config = {.app = &s->app,
                                       .kinds = kinds,
                                       .kind_count = count_of(kinds),
                                       .step = step,
                                       .step_self = step_self};
    return job_runner_new(&config);
}

void open_shop(struct shop *s, struct fixture *f)
{
    char error[DB_ERROR_TEXT];
    int applied = 0;
    if (db_migrate(f->db, &applied, error) != OK)
        fail_msg("%s", error);
    run_sql(f, "INSERT INTO workspace (id, slug, name, timezone, currency, created_s)"
               " VALUES (7, 'ada', 'Salon Ada', 'Europe/Berlin', 'EUR', 0),"
               " (8, 'bob', 'Barber Bob', 'Europe/Berlin', 'EUR', 0)");
    run_sql(f, "CREATE TABLE effect (job_id BIGINT NOT NULL, subject_id BIGINT NOT NULL,"
               " what TEXT NOT NULL)");
    *s = (struct shop){.f = f};
    fake_clock_init(&s->clock, BEGIN_S);
    s->app = (struct app){.db = f->db, .env = &s->clock.env};
    s->runner = another_runner(s, NULL, NULL);
}

void close_shop(struct shop *s)
{
    job_runner_free(s->runner);
}

/* ---- deeds ---- */

static enum result act_in(struct db_tx *tx, void *arg)
{
    const struct deed *d = arg;
    struct work w = {
        .arena = db_arena(tx),
        .tx = tx,
        .env = &d->s->clock.env,
        .app = &d->s->app,
        .problem = &d->s->f->problem,
        .now_s = env_now_s(&d->s->clock.env),
    };
    work_enter(&w, (struct actor){.kind = ACTOR_SYSTEM,
                                  .workspace_id = d->workspace_id ? d->workspace_id : ADA});
    return d->act(&w, d);
}

void act(struct shop *s, struct deed d)
{
    d.s = s;
    if (!d.kind)
        d.kind = "plain";
    enum result res = transact(s->f, act_in, &d);
    if (res != OK)
        fail_msg("result %d: %s", res, s->f->problem.detail);
}

enum result plans(struct work *w, const struct deed *d)
{
    struct job_plan p = {.kind = d->kind,
                         .subject_id = d->subject_id,
                         .occurrence = str_of(d->occurrence),
                         .booking_id = d->booking_id,
                         .anchor_s = d->at_s,
                         .due_s = d->at_s};
    return job_plan(w, &p);
}

enum result drops(struct work *w, const struct deed *d)
{
    return job_drop(w, d->kind, d->subject_id, str_of(d->occurrence));
}

enum result drops_of_booking(struct work *w, const struct deed *d)
{
    return job_drop_of_booking(w, d->kind, d->booking_id);
}

enum result shifts(struct work *w, const struct deed *d)
{
    return job_shift(w, d->kind, d->at_s);
}

void plan(struct shop *s, int64_t subject_id, int64_t due_s)
{
    act(s, (struct deed){.act = plans, .subject_id = subject_id, .at_s = due_s});
}

/* ---- looking ---- */

int64_t ask(struct shop *s, const char *fmt, ...)
{
    char sql[512];
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(sql, sizeof sql, fmt, ap);
    va_end(ap);
    assert_in_range(len, 1, sizeof sql - 1);
    return ask_int(s->f, sql);
}

int64_t in_state(struct shop *s, const char *status)
{
    return ask(s, "SELECT COUNT(*) FROM job WHERE status = '%s'", status);
}

int64_t effects_of(struct shop *s, int64_t subject_id)
{
    return ask(s, "SELECT COUNT(*) FROM effect WHERE what = 'run' AND subject_id = %lld",
               (long long)subject_id);
}

int64_t effects(struct shop *s, const char *what)
{
    return ask(s, "SELECT COUNT(*) FROM effect WHERE what = '%s'", what);
}

/* ---- time ---- */

int64_t now_s(struct shop *s)
{
    return env_now_s(&s->clock.env);
}

void pass(struct shop *s, int64_t seconds)
{
    fake_clock_move(&s->clock, seconds * 1000);
}

void jump(struct shop *s, int64_t seconds)
{
    fake_clock_jump(&s->clock, seconds * 1000);
}

void settle(struct shop *s)
{
    enum { STEPS_MAX = 1000 };
    for (int i = 0; i < STEPS_MAX; i++) {
        int taken = job_runner_step(s->runner);
        assert_int_not_equal(taken, -1);
        if (taken < JOB_BATCH_MAX)
            return;
    }
    fail_msg("there is always more to do");
}
