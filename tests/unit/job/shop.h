/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shop: two businesses for the robot's tests: their database, their clock, and work whose effect is
 * a row in a table of the tests' own (`effect`), so that what was done twice is seen.
 */
#ifndef CAREOPS_TESTS_JOB_SHOP_H
#define CAREOPS_TESTS_JOB_SHOP_H

#include "../db/fixture.h"
#include "../message/fake.h"

#include "base/app.h"
#include "job/runner.h"

#include <stdatomic.h>

enum {
    BEGIN_S = 1795338000,
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    YEAR_S = 365 * DAY_S,
    ADA = 7,
    BOB = 8,
    RUNS_MAX = 4096,
};

struct shop {
    struct app app; /* first: a job's function finds the rest by it */
    struct fixture *f;
    struct fake_clock clock;
    struct job_runner *runner;
    /* What a job's function does after its effect; NULL: nothing, and it is done. */
    enum result (*play)(struct shop *s, struct work *w, struct job *job);
    atomic_size_t runs;
    int64_t ran[RUNS_MAX]; /* subjects, in the order of their runs */
    int64_t arg;           /* the test's own */
};

void open_shop(struct shop *s, struct fixture *f);
void close_shop(struct shop *s);

/*
 * A runner of the kinds "plain", and "chained", whose `then` leaves an effect called by how it
 * ended. `step` may be NULL.
 */
struct job_runner *another_runner(struct shop *s, void (*step)(void *self, const char *where),
                                  void *step_self);

/* Something done in a transaction at a business. */
struct deed {
    struct shop *s;
    int64_t workspace_id; /* 0 = ADA */
    enum result (*act)(struct work *w, const struct deed *d);
    const char *kind, *occurrence; /* NULL: "plain"; absent */
    int64_t subject_id, booking_id, at_s;
};
void act(struct shop *s, struct deed d);
/* Deeds: at_s is when it is due, or by how much it is put off. */
enum result plans(struct work *w, const struct deed *d);
enum result drops(struct work *w, const struct deed *d);
enum result drops_of_booking(struct work *w, const struct deed *d);
enum result shifts(struct work *w, const struct deed *d);
/* Plans a plain job of ADA's. */
void plan(struct shop *s, int64_t subject_id, int64_t due_s);

/* The first cell of what is asked. */
int64_t ask(struct shop *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* How many jobs are in that state, and how many effects there are of a subject's job. */
int64_t in_state(struct shop *s, const char *status);
int64_t effects_of(struct shop *s, int64_t subject_id);
int64_t effects(struct shop *s, const char *what);

int64_t now_s(struct shop *s);
void pass(struct shop *s, int64_t seconds);
/* The clock on the wall alone. */
void jump(struct shop *s, int64_t seconds);
/* Steps until nothing more is due now. */
void settle(struct shop *s);

#endif
