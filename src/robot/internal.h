/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of robot/ share and nobody else sees. */
#ifndef CAREOPS_ROBOT_INTERNAL_H
#define CAREOPS_ROBOT_INTERNAL_H

#include "message/rule.h"
#include "robot/robot.h"
#include "workspace/workspace.h"

/* The kinds of job, each named as in robot.c's table. */
enum result reminder_run(struct work *w, struct job *job) must_check;
enum result visit_end_run(struct work *w, struct job *job) must_check;
enum result visit_completion_run(struct work *w, struct job *job) must_check;
enum result follow_up_run(struct work *w, struct job *job) must_check;
enum result form_request_run(struct work *w, struct job *job) must_check;
enum result form_reminder_run(struct work *w, struct job *job) must_check;
enum result gate_review_run(struct work *w, struct job *job) must_check;
enum result digest_run(struct work *w, struct job *job) must_check;
enum result digest_then(struct work *w, const struct job *job) must_check;

/* Brings near the mornings that a clock which ran ahead has put far away. */
void digest_look_far(const struct app *app);

/* The lines of an owner's morning, "" where there is nothing to say. For the day that `at_s` is in.
 */
enum result digest_words(struct work *w, const struct workspace *ws, int64_t at_s,
                         struct str *ret) must_check;

/* How the letter of a rule looks with a booking of the business (0: its newest), or with one made
 * up where there is none. NOT_FOUND at booking_id. */
struct preview {
    struct letter_in in;
    enum letter_kind kind;
};
enum result preview_of(struct work *w, enum rule_key key, int64_t booking_id,
                       struct preview *ret) must_check;

#endif
