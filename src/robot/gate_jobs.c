/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * gate_jobs: what services ask has changed, so the open bookings of the business are judged anew, a
 * page a job.
 */
#include "gate/gate.h"
#include "robot/visit_look.h"

enum result gate_review_run(struct work *w, struct job *job)
{
    struct str review;
    struct gate_place at;
    bool more = false;
    if (!gate_place_read(w->arena, job->occurrence, &review, &at))
        return visit_job_end(job, "gone");
    enum result res = gate_review_page(w, &at, &more);
    if (res == OK && more)
        res = gate_review_on(w, review, at);
    return res == OK ? visit_job_end(job, more ? "more" : "done") : res;
}
