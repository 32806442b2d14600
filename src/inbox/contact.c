/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * contact: a visitor writes to the business, without an account.
 *
 * What they write is kept whole in the conversation of their address. The owners are told; whoever
 * writes for the first time is welcomed, once in their life, with the way to a visit (receive.c).
 * The answer is the same for everybody, so nobody learns whose address is on file, or who was taken
 * for a machine (doubt.h).
 */
#include "inbox/doubt.h"
#include "inbox/internal.h"

#include "workspace/workspace.h"

struct contact_in {
    struct str name, email, phone, message, website, opened_at_token;
    struct visitor visitor; /* by count_visitor */
};
static const struct field contact_fields[] = {
    FIELD_STR(struct contact_in, name, 1, 120, .required = true),
    FIELD_STR(struct contact_in, email, 3, 254, .required = true, .format = STR_EMAIL),
    FIELD_STR(struct contact_in, phone, 0, 32, .format = STR_PHONE),
    FIELD_STR(struct contact_in, message, 1, INBOX_TEXT_MAX, .required = true, .multiline = true),
    VISITOR_FIELDS(struct contact_in),
};
static const struct shape contact_shape = SHAPE("Contact", struct contact_in, contact_fields);

/* Once a request, however often its transaction runs. */
static enum result count_visitor(struct request *rq, struct work *w)
{
    struct contact_in *in = rq->in;
    in->visitor = (struct visitor){
        .website = in->website, .opened_at_token = in->opened_at_token, .text = in->message};
    visitor_count(rq, w->app, rq->params[0], &in->visitor);
    return OK;
}

static enum result post_contact(struct request *rq, struct work *w)
{
    const struct contact_in *in = rq->in;
    struct workspace ws;
    struct client client;
    struct inbox_place place;
    bool created;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    w->actor.kind = ACTOR_CLIENT;
    w->actor.name = in->name;
    struct client_details details = {
        .name = in->name, .email = in->email, .source = CLIENT_FROM_CONTACT};
    if (visitor_doubt_of_page(w, &in->visitor) == DOUBT_NONE) /* no machine fills in a number */
        details.phone = in->phone;
    struct inbox_received received = {
        .via = VIA_CONTACT,
        .text = in->message,
        .email = in->email,
        .phone = in->phone,
    };
    res = client_find_or_make(w, &details, &client, &created);
    if (res == OK)
        res = visitor_doubt(w, &in->visitor, client.id, created, &received.doubt);
    if (res != OK)
        return res;
    received.client_id = client.id;
    received.created = created;
    return inbox_receive(w, &received, &place);
}

struct contact_page {
    struct str token;
    struct workspace_card *business;
};
static const struct field page_fields[] = {
    FIELD_STR(struct contact_page, token, 0, 0, .doc = "send it back as opened_at_token"),
    FIELD_OBJECT(struct contact_page, business, workspace_card_shape),
};
static const struct shape page_shape = SHAPE("ContactPage", struct contact_page, page_fields);

static enum result get_contact(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    const struct contact_page page = {visitor_token(w), workspace_card_of(w->arena, &ws)};
    answer_json(rq, 200, &page_shape, &page, PERM_ALL);
    return OK;
}

static const struct route contact_routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/public/{slug}/contact",
        .who = WHO_ANYONE,
        .mode = MODE_READ,
        .rate = RATE_PUBLIC_READ,
        .status = 200,
        .answer = &page_shape,
        .handler = get_contact,
        .tag = "public",
        .summary = "What the contact page shows of the business",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/public/{slug}/contact",
        .who = WHO_ANYONE,
        .mode = MODE_WRITE,
        .rate = RATE_CONTACT,
        .idempotent = true,
        .body = &contact_shape,
        .status = 202,
        .before = count_visitor,
        .handler = post_contact,
        .tag = "public",
        .summary = "Write to the business",
    },
};
const struct route_table contact_table = {contact_routes,
                                          sizeof contact_routes / sizeof contact_routes[0]};
