/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * desk: what a member does about a form that a client has not filled in: hands them the page on the
 * salon's tablet, or says that it is filled in elsewhere.
 *
 * The link is the client's own, as a letter's is: it opens the form and nothing else, so that the
 * tablet can be given out of one's hands. Who asked for it is written down.
 */
#include "form/form.h"

#include "audit/audit.h"
#include "form/submission.h"
#include "gate/gate.h"

static enum result not_waited_for(struct work *w, const struct submission *s)
{
    if (s->completed_s.set)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "This form is filled in already.");
    return problem_set(w->problem, CONFLICT, "invalid_transition",
                       "The visit that this form is for is over or cancelled.");
}

enum result form_waits(struct work *w, int64_t submission_id, struct form_pending *ret)
{
    struct submission s;
    enum result res = submission_load(w, submission_id, &s);
    if (res == OK && !s.open)
        return not_waited_for(w, &s);
    if (res == OK)
        *ret = (struct form_pending){
            .pending = true,
            .form_name = s.form_name,
            .booking_id = s.booking_id,
            .client_id = s.client_id,
            .requested_s = s.requested_s,
        };
    return res;
}

static enum result write_down(struct work *w, const struct submission *s, const char *action)
{
    struct audit a;
    audit_begin(&a, w, "form_submission", s->id, action);
    audit_str(&a, "form", (struct str){0}, s->form_name);
    audit_str(&a, "booking_id", (struct str){0},
              str_printf(w->arena, "%lld", (long long)s->booking_id));
    return audit_end(&a);
}

/* ---- the tablet ---- */

struct link_view {
    struct str url;
};
static const struct field link_fields[] = {
    FIELD_STR(struct link_view, url, 0, 0,
              .doc = "of the form's page, until a week after the visit"),
};
static const struct shape link_shape = SHAPE("FormLink", struct link_view, link_fields);

static enum result post_link(struct request *rq, struct work *w)
{
    struct submission s;
    struct link_view v;
    enum result res = submission_load(w, request_id_param(rq, 0), &s);
    if (res == OK && !s.open)
        return not_waited_for(w, &s);
    if (res == OK)
        res = form_link(w, s.id, &v.url);
    if (res == OK)
        res = write_down(w, &s, "link_made");
    if (res == OK)
        answer_json(rq, 200, &link_shape, &v, w->actor.permissions);
    return res;
}

/* ---- by hand ---- */

static enum result complete(struct work *w, const struct submission *s)
{
    int64_t changed = 0;
    enum result res = workspace_lock(w); /* visits may wait for it (gate/gate.h) */
    if (res == OK)
        res =
            db_count(w->tx, &changed,
                     "UPDATE form_submission SET status = 'completed', answers = '{}',"
                     " completed_s = $3, completed_by = $4, draft = NULL, draft_s = NULL,"
                     " version = version + 1"
                     " WHERE workspace_id = $1 AND id = $2 AND status = 'pending'",
                     db_i(w->actor.workspace_id), db_i(s->id), db_i(w->now_s), db_s(w->actor.name));
    return res == OK && changed == 0 ? not_waited_for(w, s) : res;
}

static enum result post_complete(struct request *rq, struct work *w)
{
    struct submission s;
    enum result res = submission_load(w, request_id_param(rq, 0), &s);
    if (res == OK && !s.open)
        return not_waited_for(w, &s);
    if (res == OK && !s.elsewhere)
        return problem_set(w->problem, CONFLICT, "not_external",
                           "This form is filled in here, by its client. Open it on your tablet, "
                           "or send it once more.");
    if (res == OK)
        res = complete(w, &s);
    if (res == OK)
        res = write_down(w, &s, "completed");
    if (res == OK)
        res = gate_review(w, s.client_id, NULL);
    if (res == OK)
        res = submission_load(w, s.id, &s);
    if (res == OK)
        answer_json(rq, 200, &submission_full_shape, s.view, w->actor.permissions);
    return res;
}

#define OF_VISITS .who = WHO_STAFF, .all_with = PERM_BOOKINGS, .tag = "forms", .mode = MODE_WRITE

static const struct route routes[] = {
    {OF_VISITS, .method = HTTP_POST_, .path = "/api/v1/submissions/{id}/link", .status = 200,
     .answer = &link_shape, .handler = post_link,
     .summary = "The form's page for the client to fill in here and now"},
    {OF_VISITS, .method = HTTP_POST_, .path = "/api/v1/submissions/{id}/complete", .status = 200,
     .answer = &submission_full_shape, .handler = post_complete,
     .summary = "A form that is filled in elsewhere has been filled in"},
};
const struct route_table form_desk_table = {routes, sizeof routes / sizeof routes[0]};
