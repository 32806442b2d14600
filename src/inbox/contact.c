/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * contact: a visitor writes to the business, without an account.
 *
 * What they write is kept whole in the conversation of their address. The owners are told; whoever
 * writes for the first time is welcomed, once in their life, with the way to a visit. The answer is
 * the same for everybody, so nobody learns whose address is on file.
 *
 * People do not see the field `website`; a program that fills in every form does. What came with it
 * is kept and marked as doubtful, since a browser may have filled it in; but no letter is caused by
 * it, so that nobody has us write to strangers.
 */
#include "inbox/internal.h"

#include "base/app.h"
#include "message/letter.h"
#include "team/team.h"
#include "workspace/workspace.h"

struct contact_in {
    struct str name, email, phone, message, website;
};
static const struct field contact_fields[] = {
    FIELD_STR(struct contact_in, name, 1, 120, .required = true),
    FIELD_STR(struct contact_in, email, 3, 254, .required = true, .format = STR_EMAIL),
    FIELD_STR(struct contact_in, phone, 0, 32, .format = STR_PHONE),
    FIELD_STR(struct contact_in, message, 1, MESSAGE_MAX, .required = true, .multiline = true),
    FIELD_STR(struct contact_in, website, 0, 2000, .multiline = true, .raw = true,
              .doc = "leave it empty: people do not see it"),
};
static const struct shape contact_shape = SHAPE("Contact", struct contact_in, contact_fields);

static enum result tell_owners(struct work *w, const struct letter_business *business,
                               const struct letter_client *from, struct str words,
                               int64_t message_id)
{
    struct staff_member *owners;
    size_t count;
    enum result res = team_owners(w, &owners, &count);
    if (res != OK)
        return res;
    for (size_t i = 0; res == OK && i < count; i++) {
        const struct letter_in in = {
            .business = business,
            .client = from,
            .to_name = owners[i].name,
            .to_address = owners[i].email,
            .url = str_printf(w->arena, "%s/app", w->app->base_url),
            .said = words,
        };
        struct str occurrence = str_printf(w->arena, "%lld", (long long)owners[i].id);
        res = letter_send(w, LETTER_OWNER_NEW_MESSAGE, &in, message_id, occurrence);
    }
    return res;
}

static enum result welcome(struct work *w, const struct letter_business *business,
                           const struct workspace *ws, const struct letter_client *to)
{
    const struct letter_in in = {
        .business = business,
        .client = to,
        .to_name = to->name,
        .to_address = to->email,
        .url = str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws->slug)),
    };
    return letter_send(w, LETTER_CLIENT_WELCOME, &in, to->id, STR(""));
}

static enum result write_letters(struct work *w, const struct workspace *ws,
                                 const struct contact_in *in, int64_t client_id, bool created,
                                 int64_t message_id)
{
    const struct letter_business business = {
        .name = ws->name,
        .address = ws->address,
        .phone = ws->phone,
        .reply_to = ws->contact_email,
        .locale = ws->locale,
        .tz = ws->tz,
    };
    const struct letter_client from = {client_id, in->name, in->email, in->phone};
    enum result res = tell_owners(w, &business, &from, in->message, message_id);
    return res == OK && created ? welcome(w, &business, ws, &from) : res;
}

static enum result post_contact(struct request *rq, struct work *w)
{
    const struct contact_in *in = rq->in;
    bool doubtful = in->website.len > 0;
    struct workspace ws;
    struct client client;
    int64_t conversation_id, message_id;
    bool created, opened;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    w->actor.kind = ACTOR_CLIENT;
    w->actor.name = in->name;
    struct client_details details = {.name = in->name, .email = in->email};
    if (!doubtful)
        details.phone = in->phone;
    struct said said = {.direction = DIRECTION_IN, .body = in->message, .doubtful = doubtful};
    res = client_find_or_make(w, &details, &client, &created);
    if (res == OK)
        res = conversation_open(w, client.id, &conversation_id, &opened);
    if (res == OK)
        res = conversation_say(w, conversation_id, &said, &message_id);
    if (res == OK && !doubtful)
        res = write_letters(w, &ws, in, client.id, created, message_id);
    return res;
}

static const struct route contact_routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/public/{slug}/contact",
        .who = WHO_ANYONE,
        .mode = MODE_WRITE,
        .rate = RATE_CONTACT,
        .idempotent = true,
        .body = &contact_shape,
        .status = 202,
        .handler = post_contact,
        .tag = "public",
        .summary = "Write to the business",
    },
};
const struct route_table contact_table = {contact_routes,
                                          sizeof contact_routes / sizeof contact_routes[0]};
