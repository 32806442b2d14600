/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * receive: what follows from a client's word, by whatever way it came. See inbox.h.
 *
 * A doubtful message causes no letter, so that nobody has us write to strangers. The client whom it
 * made is remembered as not yet welcomed, so that a person who was doubted is welcomed when the
 * doubt is over.
 */
#include "inbox/internal.h"

#include "base/app.h"
#include "message/letter.h"
#include "team/team.h"
#include "workspace/workspace.h"

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
                           const struct workspace *ws, const struct client *to)
{
    const struct letter_client client = {to->id, to->name, to->email, to->phone};
    const struct letter_in in = {
        .business = business,
        .client = &client,
        .converses = true,
        .to_name = to->name,
        .to_address = to->email,
        .url = str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws->slug)),
    };
    if (to->email.len == 0)
        return OK;
    return letter_send(w, LETTER_CLIENT_WELCOME, &in, to->id, STR(""));
}

enum result received_follows(struct work *w, const struct received *what)
{
    struct workspace ws;
    struct client client;
    enum result res = client_resume(w, what->client_id);
    if (res == OK)
        res = client_load(w, what->client_id, &client);
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    const struct letter_business business = workspace_letterhead(&ws);
    const struct letter_client from = {
        client.id,
        what->name.len ? what->name : client.name,
        what->email.len ? what->email : client.email,
        what->phone.len ? what->phone : client.phone,
    };
    res = tell_owners(w, &business, &from, what->text, what->message_id);
    /* Who has booked by now knows the way. */
    if (res == OK && what->welcome && !str_is(client.status, "booked"))
        res = welcome(w, &business, &ws, &client);
    return res;
}

enum result inbox_receive(struct work *w, const struct inbox_received *in, struct inbox_place *ret)
{
    struct said said = {
        .direction = DIRECTION_IN, .body = in->text, .via = in->via, .doubt = in->doubt};
    struct inbox_place place = {0};
    struct spoken spoken;
    bool opened;
    enum result res = conversation_open(w, in->client_id, in->doubt != DOUBT_NONE,
                                        &place.conversation_id, &opened);
    if (res == OK)
        res = conversation_say(w, place.conversation_id, &said, &spoken);
    if (res == OK && in->annex)
        res = annex_keep(w, place.conversation_id, spoken.message_id, in->annex);
    if (res != OK)
        return res;
    place.message_id = spoken.message_id;
    place.doubtful = spoken.doubtful;
    if (spoken.doubtful && in->created) {
        res = conversation_unwelcomed(w, place.conversation_id, true);
    } else if (!spoken.doubtful) {
        const struct received what = {
            .client_id = in->client_id,
            .message_id = place.message_id,
            .name = w->actor.name,
            .email = in->email,
            .phone = in->phone,
            .text = in->text,
            .welcome = in->created || spoken.unwelcomed,
        };
        if (spoken.unwelcomed)
            res = conversation_unwelcomed(w, place.conversation_id, false);
        if (res == OK)
            res = received_follows(w, &what);
    }
    if (res == OK)
        *ret = place;
    return res;
}
