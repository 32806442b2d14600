/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * visit_jobs: what is due about a visit: the reminder, its end, its completion, the thanks.
 *
 * Each looks again at the visit, at the rule and at the clock: what was planned may not hold any
 * more. A job that comes before its time waits for it; the one word of its outcome says what came
 * of it, and where a letter was held back, so does the letter's row.
 */
#include "robot/visit_look.h"

#include "audit/audit.h"
#include "base/seeded.h"
#include "diary/gates.h"
#include "diary/undo.h"
#include "feedback/feedback.h"

enum {
    SECONDS_PER_MIN = 60,
    THANKS_UNTIL_S = 7 * SECONDS_PER_DAY,
    COMPLETION_UNTIL_S = 7 * SECONDS_PER_DAY,
};

/* ---- the reminder ---- */

enum result reminder_run(struct work *w, struct job *job)
{
    struct visit_look v;
    const char *why;
    enum result res = visit_look(w, job->subject_id, RULE_BOOKING_REMINDER, &v);
    if (res != OK)
        return res;
    if (v.gone)
        return visit_job_end(job, "gone");
    if (!visit_is_for(w, job, &v.b))
        return visit_job_end(job, "moved");
    if (w->now_s >= v.b.start_s)
        return visit_job_late(job, v.b.start_s);
    int64_t due_s = v.b.start_s - (int64_t)v.rule.delay_min * SECONDS_PER_MIN;
    if (due_s > w->now_s) {
        job->again_s = due_s;
        return OK;
    }
    if (v.b.status != BOOKING_CONFIRMED && !SEEDED(REMIND_CANCELLED)) {
        /* Where the clock ran ahead and goes back, it may be confirmed before this is due. */
        job->late = true;
        job->late_s = due_s;
        return visit_job_end(job, booking_status_names[v.b.status]);
    }
    if (!v.rule.enabled)
        return visit_job_end(job, "off");
    int64_t wait_s = visit_wait_until(w, &v, due_s);
    if (wait_s && wait_s < v.b.start_s) { /* quiet until it begins: then better now than never */
        job->again_s = wait_s;
        return OK;
    }
    res = visit_withheld(w, &v.b, false, &why);
    if (res == OK)
        res = booking_remind(w, &v.ws, &v.b, why);
    return res == OK ? visit_job_end(job, why ? why : "sent") : res;
}

/* ---- the end of a visit ---- */

static bool is_open(const struct booking *b)
{
    return b->status == BOOKING_PENDING || b->status == BOOKING_CONFIRMED;
}

/* It is in the list of what needs a hand from its end on; this tells whoever listens. */
enum result visit_end_run(struct work *w, struct job *job)
{
    struct visit_look v;
    enum result res = visit_look(w, job->subject_id, RULE_VISIT_COMPLETION, &v);
    if (res != OK)
        return res;
    if (v.gone)
        return visit_job_end(job, "gone");
    if (!is_open(&v.b) || !visit_is_for(w, job, &v.b))
        return visit_job_end(job, "marked");
    if (w->now_s < v.b.end_s) {
        job->again_s = v.b.end_s;
        return OK;
    }
    struct job_plan p = {
        .kind = "visit_completion",
        .subject_id = v.b.id,
        .occurrence = job->occurrence,
        .booking_id = v.b.id,
        .client_id = v.b.client_id,
        .anchor_s = v.b.end_s,
        .due_s = v.b.end_s + (int64_t)v.rule.delay_min * SECONDS_PER_MIN,
    };
    res = job_plan(w, &p);
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "booking", v.b.id, "unmarked");
    audit_staff(&a, v.b.staff_id, 0);
    res = audit_end(&a);
    return res == OK ? visit_job_end(job, "unmarked") : res;
}

/*
 * Only where the owner wants it, and never for a visit to which nobody has said yes. What should
 * have been completed long ago is left to a person: nothing takes a completion back, and a clock
 * that is a year ahead would end all visits that are still to come.
 */
enum result visit_completion_run(struct work *w, struct job *job)
{
    struct visit_look v;
    enum result res = visit_look(w, job->subject_id, RULE_VISIT_COMPLETION, &v);
    if (res != OK)
        return res;
    if (v.gone)
        return visit_job_end(job, "gone");
    if (!is_open(&v.b) || !visit_is_for(w, job, &v.b))
        return visit_job_end(job, "marked");
    int64_t due_s = v.b.end_s + (int64_t)v.rule.delay_min * SECONDS_PER_MIN;
    if (due_s > w->now_s) {
        job->again_s = due_s;
        return OK;
    }
    if (w->now_s > due_s + COMPLETION_UNTIL_S)
        return visit_job_late(job, due_s + COMPLETION_UNTIL_S);
    if (!v.rule.enabled)
        return visit_job_end(job, "off");
    if (v.b.status != BOOKING_CONFIRMED)
        return visit_job_end(job, booking_status_names[v.b.status]);
    /* Something is missing that had to come first: what really happened, a person knows. */
    bool done;
    res = booking_gates_done(w, &v.b, &done);
    if (res != OK || !done)
        return res == OK ? visit_job_end(job, "gate_unmet") : res;
    struct undo_point before;
    res = undo_mark(w, &v.b, &before);
    if (res == OK)
        res = booking_complete(w, &v.b, NULL, 0);
    if (res == OK)
        res = undo_keep(w, &before, &v.b, "completed");
    return res == OK ? visit_job_end(job, "completed") : res;
}

/* ---- thanks ---- */

enum result follow_up_run(struct work *w, struct job *job)
{
    struct visit_look v;
    struct booking_thanks thanks = {0};
    enum result res = visit_look(w, job->subject_id, RULE_FOLLOW_UP, &v);
    if (res != OK)
        return res;
    if (v.gone)
        return visit_job_end(job, "gone");
    if (v.b.status != BOOKING_COMPLETED)
        return visit_job_end(job, booking_status_names[v.b.status]);
    if (w->now_s > v.b.end_s + THANKS_UNTIL_S)
        return visit_job_late(job, v.b.end_s + THANKS_UNTIL_S);
    if (!v.rule.enabled)
        return visit_job_end(job, "off");
    job->again_s = visit_wait_until(w, &v, v.b.end_s + (int64_t)v.rule.delay_min * SECONDS_PER_MIN);
    if (job->again_s)
        return OK;
    struct feedback_links links = {0};
    res = visit_withheld(w, &v.b, true, &thanks.withheld);
    if (res == OK && !thanks.withheld)
        res = feedback_mint(w, v.b.id, v.b.client_id, &links);
    thanks.rate_url = links.rate_url;
    thanks.unsubscribe_url = links.unsubscribe_url;
    if (res == OK)
        res = booking_thank(w, &v.ws, &v.b, &thanks);
    return res == OK ? visit_job_end(job, thanks.withheld ? thanks.withheld : "sent") : res;
}
