/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* public_routes: a form as its client sees it, and filling it in. By the link's token alone. */
#include "form/form.h"

#include "audit/audit.h"
#include "base/seal.h"
#include "form/internal.h"
#include "gate/gate.h"

static const char *const states[] = {
    [FORM_PENDING] = "pending",
    [FORM_COMPLETED] = "completed",
    [FORM_CLOSED] = "closed",
    NULL,
};

/* ---- the view ---- */

struct form_page {
    struct workspace_card *business;
    struct str name, status, local, answers, thanks, external_url;
    struct opt_int start;
    struct shape_list fields;
    struct opt_int saved_at, completed_at;
};
static const struct field form_page_fields[] = {
    FIELD_OBJECT(struct form_page, business, workspace_card_shape),
    FIELD_STR(struct form_page, name, 0, 0, .doc = "of the form"),
    FIELD_WORD(struct form_page, status, states,
               .doc = "closed: the visit has ended or is off, and nothing was answered"),
    FIELD_INSTANT(struct form_page, start, .doc = "of the visit"),
    FIELD_STR(struct form_page, local, 0, 0, .doc = "the start on the business's clock"),
    FIELD_LIST(struct form_page, fields, form_field_shape, 0, 0,
               .doc = "as they were when it was asked; none unless it is pending"),
    FIELD_RAW(struct form_page, answers, .json = RAW_ANSWERS,
              .doc = "what has been typed so far, else what the business knows already; never what "
                     "was answered"),
    FIELD_INSTANT(struct form_page, saved_at, .maybe = true,
                  .doc = "when what has been typed was last saved"),
    FIELD_STR(struct form_page, external_url, 0, 0, .maybe = true,
              .doc = "where it is filled in instead: then there are no fields"),
    FIELD_STR(struct form_page, thanks, 0, 0,
              .doc = "what the business says to who has filled it in; empty before"),
    FIELD_INSTANT(struct form_page, completed_at, .maybe = true),
};
const struct shape form_page_shape = SHAPE("FormPage", struct form_page, form_page_fields);

struct form_page *form_page_of(struct work *w, const struct workspace *ws,
                               const struct form_found *f)
{
    struct form_page *page = arena_new(w->arena, struct form_page);
    char local[LOCAL_TEXT];
    tz_local_format(ws->tz, f->start_s, local);
    bool pending = f->state == FORM_PENDING;
    *page = (struct form_page){
        .business = workspace_card_of(w->arena, ws),
        .name = f->name,
        .status = str_of(states[f->state]),
        .start = some_int(f->start_s),
        .local = str_copy(w->arena, str_of(local)),
        .fields = {true, pending ? f->fields.count : 0, f->fields.items},
        .answers = pending ? answers_begun(w->arena, &f->fields, &f->client, f->draft) : STR("{}"),
        .saved_at = pending ? f->draft_s : (struct opt_int){0},
        .external_url = pending ? f->external_url : (struct str){0},
        .thanks = f->state == FORM_COMPLETED ? f->thanks : STR(""),
        .completed_at = f->completed_s,
    };
    return page;
}

static enum result answer_page(struct request *rq, struct work *w, const struct workspace *ws,
                               const struct form_found *f)
{
    answer_json(rq, 200, &form_page_shape, form_page_of(w, ws, f), 0);
    return OK;
}

static enum result get_form(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct form_found *f;
    enum result res = form_find(w, rq->params[0], &ws, &f);
    return res == OK ? answer_page(rq, w, &ws, f) : res;
}

/* ---- filling it in ---- */

struct answers_in {
    struct str answers;
};
static const struct field answers_fields[] = {
    FIELD_RAW(struct answers_in, answers, .json = RAW_ANSWERS, .required = true,
              .doc = "by the fields' keys; what is left blank may be left out"),
};
static const struct shape answers_shape = SHAPE("FormAnswers", struct answers_in, answers_fields);

static enum result refuse(struct work *w, const struct workspace *ws, enum form_state state)
{
    if (state == FORM_COMPLETED)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "This form is filled in already. If something has changed, please "
                           "tell %s.",
                           str_z(w->arena, ws->name));
    return problem_set(w->problem, CONFLICT, "invalid_transition",
                       "The visit that this form was for is over or cancelled, so there is "
                       "nothing to fill in.");
}

/* Of two at the same moment one finds it pending. */
static enum result complete(struct work *w, const struct workspace *ws, const struct form_found *f,
                            struct str answers, struct str signatures)
{
    if (signatures.ptr)
        signatures = seal_close(w->app->seal, w->arena, signatures);
    int64_t changed = 0;
    enum result res = workspace_lock(w); /* visits may wait for it (gate/gate.h) */
    if (res == OK)
        res = db_count(w->tx, &changed,
                       "UPDATE form_submission SET status = 'completed', answers = $3,"
                       " completed_s = $4, signatures = $5, draft = NULL, draft_s = NULL,"
                       " version = version + 1"
                       " WHERE workspace_id = $1 AND id = $2 AND status = 'pending'",
                       db_i(w->actor.workspace_id), db_i(f->id),
                       db_s(seal_close(w->app->seal, w->arena, answers)), db_i(w->now_s),
                       db_s(signatures));
    if (res == OK && changed == 0)
        return refuse(w, ws, FORM_COMPLETED);
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "form_submission", f->id, "completed");
    audit_staff(&a, f->staff_id, 0);
    audit_str(&a, "form", (struct str){0}, f->name);
    audit_str(&a, "booking_id", (struct str){0},
              str_printf(w->arena, "%lld", (long long)f->booking_id));
    res = audit_end(&a);
    return res == OK ? gate_review(w, f->client.id, NULL) : res;
}

/* The form behind the link, where it waits to be filled in. */
static enum result find_pending(struct request *rq, struct work *w, struct workspace *ret_ws,
                                struct form_found **ret)
{
    enum result res = form_find(w, rq->params[0], ret_ws, ret);
    if (res != OK)
        return res;
    if ((*ret)->state != FORM_PENDING)
        return refuse(w, ret_ws, (*ret)->state);
    if ((*ret)->fields.count == 0)
        return problem_set(w->problem, CONFLICT, "filled_in_elsewhere",
                           "This form is filled in at another place. Follow its link.");
    return OK;
}

static enum result post_form(struct request *rq, struct work *w)
{
    const struct answers_in *in = rq->in;
    struct workspace ws;
    struct form_found *f;
    struct str answers, signatures;
    enum result res = find_pending(rq, w, &ws, &f);
    if (res == OK)
        res = answers_check(w->arena, w->problem, &f->fields, in->answers, w->now_s, &answers,
                            &signatures);
    if (res == OK)
        res = complete(w, &ws, f, answers, signatures);
    if (res != OK)
        return res;
    f->state = FORM_COMPLETED;
    f->completed_s = some_int(w->now_s);
    return answer_page(rq, w, &ws, f);
}

/* What is being typed: nobody is told, and nothing is written down about it but itself. */
static enum result put_draft(struct request *rq, struct work *w)
{
    const struct answers_in *in = rq->in;
    struct workspace ws;
    struct form_found *f;
    struct str answers;
    enum result res = find_pending(rq, w, &ws, &f);
    if (res == OK)
        res = answers_check_draft(w->arena, w->problem, &f->fields, in->answers, &answers);
    if (res != OK)
        return res;
    return db_exec(w->tx,
                   "UPDATE form_submission SET draft = $3, draft_s = $4"
                   " WHERE workspace_id = $1 AND id = $2 AND status = 'pending'",
                   db_i(w->actor.workspace_id), db_i(f->id),
                   db_s(seal_close(w->app->seal, w->arena, answers)), db_i(w->now_s));
}

#define PUBLIC_FORM .who = WHO_ANYONE, .tag = "public"
#define FORM_PATH   "/api/v1/public/forms/{token}"
static const struct route routes[] = {
    {PUBLIC_FORM, .method = HTTP_GET_, .path = FORM_PATH, .mode = MODE_READ,
     .rate = RATE_PUBLIC_READ, .status = 200, .answer = &form_page_shape, .handler = get_form,
     .summary = "A form that a client is asked to fill in"},
    {PUBLIC_FORM, .method = HTTP_PUT_, .path = FORM_PATH "/draft", .mode = MODE_WRITE,
     .rate = RATE_PUBLIC_WRITE, .body = &answers_shape, .status = 204, .handler = put_draft,
     .summary = "Save what is being typed: half an answer is fine"},
    {PUBLIC_FORM, .method = HTTP_POST_, .path = FORM_PATH, .mode = MODE_WRITE,
     .rate = RATE_PUBLIC_WRITE, .body = &answers_shape, .status = 200, .answer = &form_page_shape,
     .handler = post_form, .summary = "Fill it in, once, until the visit has ended"},
};
const struct route_table form_public_table = {routes, sizeof routes / sizeof routes[0]};
