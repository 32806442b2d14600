/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lead_routes: see lead.h. */
#include "lead/lead.h"

#include "client/client.h"
#include "form/form.h"
#include "inbox/doubt.h"
#include "workspace/workspace.h"

enum { ID_AT = 1 }; /* of the path: {slug}, {form_id} */

struct lead_page {
    struct workspace_card *business;
    struct opt_int id;
    struct str name;
    struct shape_list fields;
    struct str token;
};
static const struct field page_fields[] = {
    FIELD_OBJECT(struct lead_page, business, workspace_card_shape),
    FIELD_ID(struct lead_page, id),
    FIELD_STR(struct lead_page, name, 0, 0),
    FIELD_LIST(struct lead_page, fields, form_field_shape, 0, 0),
    FIELD_STR(struct lead_page, token, 0, 0, .doc = "send it back as opened_at_token"),
};
static const struct shape page_shape = SHAPE("PublicForm", struct lead_page, page_fields);

static enum result get_form(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct form_open form;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res == OK)
        res = form_open(w, request_id_param(rq, ID_AT), &form);
    if (res != OK)
        return res;
    const struct lead_page page = {
        .business = workspace_card_of(w->arena, &ws),
        .id = some_int(form.id),
        .name = form.name,
        .fields = form.fields,
        .token = visitor_token(w),
    };
    answer_json(rq, 200, &page_shape, &page, PERM_ALL);
    return OK;
}

struct lead_in {
    struct str answers, website, opened_at_token;
    struct visitor visitor; /* by count_visitor */
};
static const struct field in_fields[] = {
    FIELD_RAW(struct lead_in, answers, .json = RAW_ANSWERS, .required = true,
              .doc = "by the fields' keys; what is left blank may be left out"),
    VISITOR_FIELDS(struct lead_in),
};
static const struct shape in_shape = SHAPE("PublicFormAnswers", struct lead_in, in_fields);

struct thanks_view {
    struct str thanks;
};
static const struct field thanks_fields[] = {
    FIELD_STR(struct thanks_view, thanks, 0, 0, .doc = "in the business's words; may be empty"),
};
static const struct shape thanks_shape =
    SHAPE("PublicFormThanks", struct thanks_view, thanks_fields);

/* Once a request, however often its transaction runs. Before the form is known, the answers as they
 * came are what can be the same again. */
static enum result count_visitor(struct request *rq, struct work *w)
{
    struct lead_in *in = rq->in;
    in->visitor = (struct visitor){
        .website = in->website, .opened_at_token = in->opened_at_token, .text = in->answers};
    visitor_count(rq, w->app, rq->params[0], &in->visitor);
    return OK;
}

static enum result receive(struct work *w, const struct form_open *form,
                           const struct form_lead *lead, const struct visitor *visitor)
{
    struct client client;
    struct inbox_place place;
    bool created;
    struct client_details details = {
        .name = lead->name, .email = lead->email, .source = CLIENT_FROM_FORM};
    if (visitor_doubt_of_page(w, visitor) == DOUBT_NONE) /* no machine fills in a number */
        details.phone = lead->phone;
    struct inbox_received received = {
        .via = VIA_FORM, .text = lead->text, .email = lead->email, .phone = lead->phone};
    enum result res = client_find_or_make(w, &details, &client, &created);
    if (res == OK)
        res = visitor_doubt(w, visitor, client.id, created, &received.doubt);
    if (res == OK)
        res = form_open_keep(w, form, client.id, lead);
    if (res != OK)
        return res;
    received.client_id = client.id;
    received.created = created;
    return inbox_receive(w, &received, &place);
}

static enum result post_form(struct request *rq, struct work *w)
{
    const struct lead_in *in = rq->in;
    struct workspace ws;
    struct form_open form;
    struct form_lead lead;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res == OK)
        res = form_open(w, request_id_param(rq, ID_AT), &form);
    if (res == OK)
        res = form_open_check(w, &form, in->answers, &lead);
    if (res != OK)
        return res;
    w->actor.kind = ACTOR_CLIENT;
    w->actor.name = lead.name;
    struct visitor visitor = in->visitor;
    visitor.text = lead.text;
    res = receive(w, &form, &lead, &visitor);
    if (res != OK)
        return res;
    answer_json(rq, 202, &thanks_shape, &(struct thanks_view){form.thanks}, PERM_ALL);
    return OK;
}

#define PUBLIC_FORM \
    .who = WHO_ANYONE, .path = "/api/v1/public/{slug}/forms/{form_id}", .tag = "public"

static const struct route routes[] = {
    {PUBLIC_FORM, .method = HTTP_GET_, .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .status = 200,
     .answer = &page_shape, .handler = get_form, .summary = "A form that anyone may fill in"},
    {PUBLIC_FORM, .method = HTTP_POST_, .mode = MODE_WRITE, .rate = RATE_CONTACT,
     .idempotent = true, .body = &in_shape, .status = 202, .answer = &thanks_shape,
     .before = count_visitor, .handler = post_form,
     .summary = "Fill it in: the business hears of it as of a message"},
};
const struct route_table lead_table = {routes, sizeof routes / sizeof routes[0]};
