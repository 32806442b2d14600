/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_look: what every job about a visit does first and last. Private to robot/. */
#ifndef CAREOPS_ROBOT_VISIT_LOOK_H
#define CAREOPS_ROBOT_VISIT_LOOK_H

#include "diary/booking.h"
#include "robot/internal.h"

struct visit_look {
    struct workspace ws;
    struct booking b;
    struct rule rule;
    bool gone; /* there is no such booking */
};

/* The booking under its lock, as it is now, with one of the owner's rules. */
enum result visit_look(struct work *w, int64_t booking_id, enum rule_key key,
                       struct visit_look *ret) must_check;

/* The job was planned for the start that the booking has now. */
bool visit_is_for(struct work *w, const struct job *job, const struct booking *b);

/* Until when a letter that is due at `due_s` has to wait: for that, or for the end of the quiet
 * hours; 0: it may go. */
int64_t visit_wait_until(const struct work *w, const struct visit_look *v, int64_t due_s);

/* Why a letter to the client is kept back; NULL: it is not. `thanks`: one that they can do without.
 */
enum result visit_withheld(struct work *w, const struct booking *b, bool thanks,
                           const char **ret) must_check;

enum result visit_job_end(struct job *job, const char *outcome);
enum result visit_job_late(struct job *job, int64_t since_s);

#endif
