/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * job: work that is due by time is a row, made in the transaction that makes it necessary.
 *
 * Invariants
 * - a job is unique by (workspace, kind, subject_id, occurrence): what asks twice for the same one
 *   gets one, also when the first is done long ago;
 * - it is run by one worker at a time (runner.h), and its effect and the word that it is done are
 *   one transaction;
 * - whether it is due is the wall clock's to say; what it was for may have changed by then, so its
 *   function looks again.
 *
 *     waiting ──▶ done       its outcome says what came of it
 *       │ ▲ ▲
 *       │ │ └─── late        its time had passed; waits again where the clock was wrong
 *       │ └───── parked      failed too often; a person may retry it
 *       └──────▶ dropped     no longer wanted; wanting it again makes it wait again
 */
#ifndef CAREOPS_JOB_JOB_H
#define CAREOPS_JOB_JOB_H

#include "db/work.h"
#include "http/route.h"

extern const char *const job_status_names[]; /* NULL-terminated */

struct job_plan {
    const char *kind; /* of the runner's table; "booking_reminder" */
    int64_t subject_id;
    struct str occurrence;         /* which of several; absent: the only one */
    int64_t booking_id, client_id; /* whom it concerns, for lists; 0 = nobody */
    int64_t anchor_s;              /* the moment from which its delay counts */
    int64_t due_s;                 /* anchor_s and the delay */
};

/*
 * Plans it, in the caller's transaction. One that waits under the same key gets the new times, one
 * that was dropped waits again, and so does one that was late where its new time is still to come;
 * one that is done or parked stays as it is.
 */
enum result job_plan(struct work *w, const struct job_plan *p) must_check;

/* Drops what waits, is late or is parked: of one kind about a subject, but the occurrence `keep`
 * (absent: all of them). Not the job that this work is a run of. */
enum result job_drop(struct work *w, const char *kind, int64_t subject_id,
                     struct str keep) must_check;

/* The same of all that is about a booking, whatever the subject. */
enum result job_drop_of_booking(struct work *w, const char *kind, int64_t booking_id) must_check;

/* The delay of a kind has changed: all that waits in this business is due at its anchor plus
 * `offset_s`. Those that a worker has in hand are left to it. */
enum result job_shift(struct work *w, const char *kind, int64_t offset_s) must_check;

/* What waits about a booking, by time; for lists of what a client will get. At most `limit`. */
struct job_waiting {
    struct str kind;
    int64_t booking_id, due_s;
};
enum result job_of_booking(struct work *w, int64_t booking_id, int limit, struct job_waiting **ret,
                           size_t *ret_count) must_check;

extern const struct route_table job_table; /* /jobs… */

#endif
