/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * robot: the employee who does by itself what is due: reminders, visits that ended, thanks, the
 * owner's morning.
 *
 * What it does is the jobs' to say (job/job.h): this is the thread that takes them, and the list of
 * their kinds. Several programs on one PostgreSQL have a robot each; a job is taken by one of them.
 */
#ifndef CAREOPS_ROBOT_ROBOT_H
#define CAREOPS_ROBOT_ROBOT_H

#include "http/route.h"
#include "job/runner.h"

/* All that the robot can do; for tests that step a runner themselves. */
extern const struct job_kind robot_kinds[];
extern const size_t robot_kind_count;

struct robot;
/* The thread runs until robot_stop(), which ends the job in hand and frees it; NULL is fine. */
struct robot *robot_start(const struct app *app) must_check;
void robot_stop(struct robot *r);

extern const struct route_table automation_table;  /* /automations… */
extern const struct route_table form_remind_table; /* /submissions/{id}/remind */

#endif
