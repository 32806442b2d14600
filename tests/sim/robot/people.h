/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * people: owners and clients of the salons, who call the program's API as browsers do.
 *
 * They go by the right time, whatever the program's clock says. Each action has a number, which is
 * also the request's id and so stands in the audit of what it did: "sim-00000042". Two lines of
 * actions.log tell of it: that it begins, and how it was answered. Where the second is missing, the
 * program died meanwhile, and only its database knows what came of it.
 */
#ifndef CAREOPS_SIM_ROBOT_PEOPLE_H
#define CAREOPS_SIM_ROBOT_PEOPLE_H

#include "base/app.h"
#include "http/dispatch.h"
#include "world.h"

#include <jansson.h>

struct people {
    struct life *life;
    const struct app *app;
    struct dispatcher *dispatcher;
    struct arena arena;
    struct request rq;
    json_t *answer;
};

void people_init(struct people *p, struct life *l, const struct app *app, struct dispatcher *d);
void people_done(struct people *p);

/* Signs the salons up and makes them ready to be booked. False where the program refuses. */
bool people_open_salons(struct people *p);

/* One of them does something. */
void people_act(struct people *p);

#endif
