/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * form_jobs: the letters that ask a client for a form, and once more a day later. Neither goes once
 * it is filled in, or for a visit that is off or over.
 */
#include "form/form.h"
#include "robot/visit_look.h"

enum { SECONDS_PER_MIN = 60 };

struct form_job {
    struct form_pending form;
    struct visit_look visit;
    const char *over; /* why there is nothing to do any more; NULL: there is */
    bool past;        /* because the visit has begun, by this clock */
};

static enum result look(struct work *w, const struct job *job, enum rule_key key,
                        struct form_job *ret)
{
    *ret = (struct form_job){0};
    enum result res = form_pending(w, job->subject_id, &ret->form);
    if (res == NOT_FOUND) {
        problem_clear(w->problem);
        ret->over = "gone";
        return OK;
    }
    if (res == OK)
        res = visit_look(w, ret->form.booking_id, key, &ret->visit);
    if (res == OK) /* again, now that nobody changes it */
        res = form_pending(w, job->subject_id, &ret->form);
    if (res != OK)
        return res;
    struct str client = str_printf(w->arena, "%lld", (long long)ret->form.client_id);
    ret->over = !ret->form.pending                         ? "closed"
                : !str_eq(job->occurrence, client)         ? "handed_over"
                : ret->visit.b.status != BOOKING_CONFIRMED ? "not_confirmed"
                : !ret->visit.rule.enabled                 ? "off"
                                                           : NULL;
    if (!ret->over && w->now_s >= ret->visit.b.start_s) {
        ret->over = "late";
        ret->past = true;
    }
    return OK;
}

/* A visit that has begun may be still to come by a clock that is put right. */
static enum result nothing_to_do(struct job *job, const struct form_job *f)
{
    return f->past ? visit_job_late(job, f->visit.b.start_s) : visit_job_end(job, f->over);
}

static enum result send(struct work *w, struct job *job, const struct form_job *f, bool again)
{
    struct booking_form form = {
        .submission_id = job->subject_id, .name = f->form.form_name, .again = again};
    enum result res = visit_withheld(w, &f->visit.b, false, &form.withheld);
    if (res == OK && !form.withheld)
        res = form_link(w, job->subject_id, &form.url);
    if (res == OK)
        res = booking_ask_form(w, &f->visit.ws, &f->visit.b, &form);
    return res == OK ? visit_job_end(job, form.withheld ? form.withheld : "sent") : res;
}

/* Due from its anchor on. Where that is behind the visit, which after a clock that went back is
 * still to come, it waits all the same and is late then. What is due waits for the end of the quiet
 * hours, unless the visit has begun by then. Whether it has to wait. */
static bool waits(struct work *w, struct job *job, const struct visit_look *v)
{
    int64_t due_s = job->anchor_s + (int64_t)v->rule.delay_min * SECONDS_PER_MIN;
    int64_t until_s = visit_wait_until(w, v, due_s);
    if (until_s == 0 || (due_s <= w->now_s && until_s >= v->b.start_s))
        return false;
    job->again_s = until_s;
    return true;
}

/* A request that was held back counts as made: its reminder asks for the form later. */
static enum result plan_reminder(struct work *w, const struct job *job, const struct form_job *f)
{
    struct rule rule;
    enum result res = rule_load(w, RULE_FORM_REMINDER, &rule);
    if (res != OK)
        return res;
    struct job_plan p = {
        .kind = "form_reminder",
        .subject_id = job->subject_id,
        .occurrence = job->occurrence,
        .booking_id = f->form.booking_id,
        .client_id = f->form.client_id,
        .anchor_s = w->now_s,
        .due_s = w->now_s + (int64_t)rule.delay_min * SECONDS_PER_MIN,
    };
    return job_plan(w, &p);
}

enum result form_request_run(struct work *w, struct job *job)
{
    struct form_job f;
    enum result res = look(w, job, RULE_FORM_REQUEST, &f);
    if (res != OK || f.over)
        return res == OK ? nothing_to_do(job, &f) : res;
    if (waits(w, job, &f.visit))
        return OK;
    res = send(w, job, &f, false);
    if (res == OK)
        res = form_requested(w, job->subject_id);
    return res == OK ? plan_reminder(w, job, &f) : res;
}

enum result form_reminder_run(struct work *w, struct job *job)
{
    struct form_job f;
    enum result res = look(w, job, RULE_FORM_REMINDER, &f);
    if (res != OK || f.over)
        return res == OK ? nothing_to_do(job, &f) : res;
    if (waits(w, job, &f.visit))
        return OK;
    return send(w, job, &f, true);
}
