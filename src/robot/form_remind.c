/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * form_remind: a member asks a client for a form once more, now.
 *
 * It goes whatever the automations say and whatever the client has been told today, since a person
 * means it; but not twice in one breath.
 */
#include "robot/robot.h"

#include "audit/audit.h"
#include "form/form.h"
#include "job/job.h"
#include "robot/visit_look.h"

enum { PAUSE_S = 10 * 60 };

struct reminded_view {
    struct opt_int email_id;
    struct str to_address;
};
static const struct field reminded_fields[] = {
    FIELD_ID(struct reminded_view, email_id),
    FIELD_STR(struct reminded_view, to_address, 0, 0, .visible_to = SEES_CONTACTS),
};
static const struct shape reminded_shape =
    SHAPE("FormReminded", struct reminded_view, reminded_fields);

/* Of either letter, by its key (kind, submission, …). */
static enum result check_pause(struct work *w, int64_t submission_id)
{
    static const char *const kinds[] = {"form_request", "form_reminder"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct db_rows r;
        enum result res =
            db_one(w->tx, &r,
                   "SELECT 1 FROM message WHERE workspace_id = $1 AND kind = $2"
                   " AND subject_id = $3 AND created_s > $4 AND status <> 'suppressed' LIMIT 1",
                   db_i(w->actor.workspace_id), db_z(kinds[i]), db_i(submission_id),
                   db_i(w->now_s - PAUSE_S));
        if (res == OK)
            return problem_set(w->problem, CONFLICT, "reminded_just_now",
                               "This client was asked less than ten minutes ago. Wait a little.");
        if (res != NOT_FOUND)
            return res;
    }
    return OK;
}

static enum result send(struct work *w, int64_t submission_id, const struct form_pending *f,
                        struct reminded_view *ret)
{
    struct visit_look v;
    struct booking_form form = {.submission_id = submission_id,
                                .name = f->form_name,
                                .again = f->requested_s.set,
                                .by_hand = true,
                                .ret_message_id = &ret->email_id.value};
    enum result res = visit_look(w, f->booking_id, RULE_FORM_REMINDER, &v);
    if (res == OK && v.gone)
        return work_missing(w, "booking");
    if (res == OK && v.b.client.email.len == 0)
        return problem_set(w->problem, CONFLICT, "no_email_address",
                           "This client has no e-mail address. Open the form on your tablet.");
    if (res == OK)
        res = form_link(w, submission_id, &form.url);
    if (res == OK)
        res = booking_ask_form(w, &v.ws, &v.b, &form);
    ret->email_id.set = true;
    ret->to_address = v.b.client.email;
    return res;
}

static enum result post_remind(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    struct form_pending f;
    struct reminded_view v = {0};
    enum result res = diary_lock(w); /* two who ask at once ask once */
    if (res == OK)
        res = form_waits(w, id, &f);
    if (res == OK)
        res = check_pause(w, id);
    if (res == OK)
        res = send(w, id, &f, &v);
    if (res == OK) /* the robot's own request would be the same letter again */
        res = job_drop(w, "form_request", id, (struct str){0});
    if (res == OK)
        res = form_requested(w, id);
    if (res == OK)
        res = audit_action(w, "form_submission", id, "reminded");
    if (res == OK)
        answer_json(rq, 202, &reminded_shape, &v, w->actor.permissions);
    return res;
}

static const struct route routes[] = {
    {.method = HTTP_POST_,
     .path = "/api/v1/submissions/{id}/remind",
     .who = WHO_STAFF,
     .all_with = PERM_BOOKINGS,
     .mode = MODE_WRITE,
     .status = 202,
     .answer = &reminded_shape,
     .handler = post_remind,
     .tag = "forms",
     .summary = "Ask the client for a form once more, by letter, now"},
};
const struct route_table form_remind_table = {routes, sizeof routes / sizeof routes[0]};
