/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_plan: the jobs that a booking makes necessary, as it is after a change.
 *
 * Each is named by the start that it is for, so a visit that is moved has new ones, and one that is
 * moved back has its old ones again; the thanks are once in a booking's life, and a form is asked
 * for once of a client. Whether they are still
 * wanted when they are due, and by which rule, is looked at again then (robot/visit_jobs.c).
 */
#include "diary/booking_parts.h"

#include "base/seeded.h"
#include "diary/gates.h"
#include "form/form.h"
#include "job/job.h"
#include "message/outbox.h"
#include "message/rule.h"

enum {
    UNMARKED_AFTER_S = 15 * 60,           /* a visit's end is given a moment to be marked */
    THANKS_UNTIL_S = 7 * SECONDS_PER_DAY, /* nobody is thanked for what is longer ago */
    SECONDS_PER_MIN = 60,
};

static struct job_plan plan_of(const struct booking *b, const char *kind, struct str occurrence)
{
    return (struct job_plan){.kind = kind,
                             .subject_id = b->id,
                             .occurrence = occurrence,
                             .booking_id = b->id,
                             .client_id = b->client_id};
}

/* Not for a visit that is nearer than the reminder would be. */
static enum result plan_reminder(struct work *w, const struct booking *b, struct str occurrence)
{
    struct rule rule;
    enum result res = rule_load(w, RULE_BOOKING_REMINDER, &rule);
    if (res != OK)
        return res;
    struct job_plan p = plan_of(b, "booking_reminder", occurrence);
    p.anchor_s = b->start_s;
    p.due_s = b->start_s - (int64_t)rule.delay_min * SECONDS_PER_MIN;
    return p.due_s > w->now_s ? job_plan(w, &p)
                              : job_drop(w, "booking_reminder", b->id, (struct str){0});
}

/* Both letters of one form: its request, and once that has gone, its reminder. */
static enum result plan_form(struct work *w, const struct booking *b, const struct form_asked *f)
{
    bool asked = f->requested_s.set;
    struct rule rule;
    enum result res = rule_load(w, asked ? RULE_FORM_REMINDER : RULE_FORM_REQUEST, &rule);
    if (res != OK)
        return res;
    struct job_plan p = plan_of(b, asked ? "form_reminder" : "form_request",
                                str_printf(w->arena, "%lld", (long long)b->client_id));
    p.subject_id = f->id;
    p.anchor_s = asked ? f->requested_s.value : w->now_s;
    p.due_s = p.anchor_s + (int64_t)rule.delay_min * SECONDS_PER_MIN;
    return job_plan(w, &p);
}

/* What the visit cannot take place without. It is asked also of one that is over and was not
 * marked: without it, it could never be. */
static enum result ask_gates(struct work *w, const struct booking *b)
{
    int64_t ids[FORM_ASKED_MAX];
    size_t count = 0;
    enum result res = booking_gate_forms(w, b, ids, FORM_ASKED_MAX, &count);
    for (size_t i = 0; i < count && res == OK; i++)
        res = form_ask_for(w, b->id, b->client_id, ids[i]);
    return res;
}

/* Asked for once the visit is confirmed; nobody is written to for what is over. */
static enum result plan_forms(struct work *w, const struct booking *b, bool gated)
{
    struct form_asked *asked;
    size_t count = 0;
    if (b->status != BOOKING_CONFIRMED)
        return OK;
    enum result res = gated ? ask_gates(w, b) : OK;
    if (res != OK || b->end_s <= w->now_s)
        return res;
    int64_t *ids = arena_new_array(w->arena, b->service_count + 1, int64_t);
    for (size_t i = 0; i < b->service_count; i++)
        ids[i] = b->services[i].service_id;
    res = form_ask(w, b->id, b->client_id, ids, b->service_count, &asked, &count);
    for (size_t i = 0; res == OK && i < count; i++)
        res = plan_form(w, b, &asked[i]);
    return res;
}

static enum result drop_forms(struct work *w, const struct booking *b)
{
    enum result res = form_drop(w, b->id);
    if (res == OK)
        res = job_drop_of_booking(w, "form_request", b->id);
    return res == OK ? job_drop_of_booking(w, "form_reminder", b->id) : res;
}

static enum result plan_open(struct work *w, const struct booking *b, bool gated)
{
    struct str occurrence = str_printf(w->arena, "%lld", (long long)b->start_s);
    struct job_plan end = plan_of(b, "visit_end", occurrence);
    end.anchor_s = b->end_s;
    end.due_s = b->end_s + UNMARKED_AFTER_S;
    enum result res = plan_reminder(w, b, occurrence);
    if (res == OK)
        res = plan_forms(w, b, gated);
    if (res == OK)
        res = job_plan(w, &end);
    if (res != OK || b->revision == 0)
        return res;
    res = job_drop(w, "booking_reminder", b->id, occurrence);
    if (res == OK)
        res = outbox_take_back(w, "booking_reminder", b->id, occurrence);
    if (res == OK)
        res = job_drop(w, "visit_end", b->id, occurrence);
    return res == OK ? job_drop(w, "visit_completion", b->id, occurrence) : res;
}

static enum result drop_open(struct work *w, const struct booking *b)
{
    static const char *const kinds[] = {"booking_reminder", "visit_end", "visit_completion"};
    enum result res = OK;
    for (size_t i = SEEDED(REMIND_CANCELLED); i < sizeof kinds / sizeof *kinds && res == OK; i++)
        res = job_drop(w, kinds[i], b->id, (struct str){0});
    return res;
}

static enum result plan_thanks(struct work *w, const struct booking *b)
{
    struct rule rule;
    enum result res = rule_load(w, RULE_FOLLOW_UP, &rule);
    if (res != OK || b->end_s + THANKS_UNTIL_S < w->now_s)
        return res;
    struct job_plan p = plan_of(b, "follow_up", (struct str){0});
    p.anchor_s = b->end_s;
    p.due_s = b->end_s + (int64_t)rule.delay_min * SECONDS_PER_MIN;
    return job_plan(w, &p);
}

/* Nothing is due about an invented visit; what it asks for is answered at the desk or not at all.
 */
static enum result plan_invented(struct work *w, const struct booking *b, bool gated)
{
    if (b->status == BOOKING_CONFIRMED)
        return gated ? ask_gates(w, b) : OK;
    return b->status == BOOKING_PENDING ? OK : form_drop(w, b->id);
}

/* `gated`: this client has open visits whose services ask for something. */
static enum result plan(struct work *w, const struct booking *b, bool gated)
{
    if (b->client.sample)
        return plan_invented(w, b, gated);
    if (b->status == BOOKING_PENDING || b->status == BOOKING_CONFIRMED)
        return plan_open(w, b, gated);
    enum result res = drop_open(w, b);
    if (res == OK)
        res = drop_forms(w, b);
    return res == OK && b->status == BOOKING_COMPLETED ? plan_thanks(w, b) : res;
}

enum result booking_settle(struct work *w, struct booking *b)
{
    bool gated;
    struct db_rows r;
    enum result res = gate_review(w, b->client_id, &gated);
    if (res == OK)
        res = plan(w, b, gated);
    b->gates_ok = true;
    if (res != OK || !gated || (b->status != BOOKING_PENDING && b->status != BOOKING_CONFIRMED))
        return res;
    res = db_one(w->tx, &r, "SELECT gates_unmet FROM booking WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(b->id));
    if (res == OK)
        b->gates_ok = db_int(&r, 0, 0) == 0;
    return res;
}
