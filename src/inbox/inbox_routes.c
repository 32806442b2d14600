/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* inbox_routes: conversations over HTTP. */
#include "inbox/internal.h"

#include "base/app.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "workspace/workspace.h"

/* ---- what a conversation looks like ---- */

struct person_view {
    struct opt_int id;
    struct str name;
};
static const struct field person_fields[] = {
    FIELD_ID(struct person_view, id),
    FIELD_STR(struct person_view, name, 0, 0),
};
static const struct shape person_shape =
    SHAPE("ConversationClient", struct person_view, person_fields);

struct last_view {
    struct str preview;
    struct opt_int direction, at;
    struct opt_bool doubtful;
};
static const struct field last_fields[] = {
    FIELD_STR(struct last_view, preview, 0, 0, .doc = "its beginning, on one line"),
    FIELD_ENUM(struct last_view, direction, direction_names),
    FIELD_INSTANT(struct last_view, at),
    FIELD_BOOL(struct last_view, doubtful),
};
static const struct shape last_shape = SHAPE("LastMessage", struct last_view, last_fields);

struct conversation_view {
    struct opt_int id;
    struct person_view *client;
    struct last_view *last_message;
    struct opt_bool unanswered;
    struct opt_int unread, version;
};
static const struct field conversation_fields[] = {
    FIELD_ID(struct conversation_view, id),
    FIELD_OBJECT(struct conversation_view, client, person_shape),
    FIELD_OBJECT(struct conversation_view, last_message, last_shape, .maybe = true,
                 .doc = "null while there is none"),
    FIELD_BOOL(struct conversation_view, unanswered,
               .doc = "the client has written and nobody has answered"),
    FIELD_INT(struct conversation_view, unread, 0, UNREAD_MAX,
              .doc = "the client's messages that you have not read; 100 stands for more"),
    FIELD_INT(struct conversation_view, version, 0, 0),
};
static const struct shape conversation_shape =
    SHAPE("Conversation", struct conversation_view, conversation_fields);

static struct conversation_view view_of(struct arena *a, const struct conversation *c)
{
    struct person_view *client = arena_new(a, struct person_view);
    *client = (struct person_view){some_int(c->client_id), c->client_name};
    struct last_view *last = NULL;
    if (c->spoken) {
        last = arena_new(a, struct last_view);
        *last = (struct last_view){
            .preview = c->last_preview,
            .direction = some_int(c->last_direction),
            .at = some_int(c->last_at_s),
            .doubtful = {true, c->last_doubtful},
        };
    }
    return (struct conversation_view){
        .id = some_int(c->id),
        .client = client,
        .last_message = last,
        .unanswered = {true, c->unanswered},
        .unread = some_int(c->unread),
        .version = some_int(c->version),
    };
}

static enum result answer_conversation(struct request *rq, struct work *w, int64_t id)
{
    struct conversation c;
    enum result res = conversation_load(w, id, &c);
    if (res != OK)
        return res;
    struct conversation_view v = view_of(w->arena, &c);
    answer_etag(rq, c.version);
    answer_json(rq, 200, &conversation_shape, &v, w->actor.permissions);
    return OK;
}

/* ---- conversations ---- */

static const struct field query_fields[] = {
    FIELD_ID(struct conversation_query, client_id),
    FIELD_ENUM(struct conversation_query, filter, conversation_filters),
    PAGE_FIELDS(struct conversation_query),
};
static const struct shape query_shape =
    SHAPE("ConversationsQuery", struct conversation_query, query_fields);

static enum result get_conversations(struct request *rq, struct work *w)
{
    struct conversation *list;
    size_t count;
    struct str next;
    enum result res = conversation_page(w, rq->query_in, &list, &count, &next);
    if (res != OK)
        return res;
    struct conversation_view *views =
        arena_new_array(w->arena, count + 1, struct conversation_view);
    for (size_t i = 0; i < count; i++)
        views[i] = view_of(w->arena, &list[i]);
    answer_list(rq, &conversation_shape, views, count, next, w->actor.permissions);
    return OK;
}

struct conversation_new {
    struct opt_int client_id;
};
static const struct field new_fields[] = {
    FIELD_ID(struct conversation_new, client_id, .required = true),
};
static const struct shape new_shape = SHAPE("ConversationNew", struct conversation_new, new_fields);

static enum result post_conversation(struct request *rq, struct work *w)
{
    const struct conversation_new *in = rq->in;
    int64_t id;
    bool created;
    enum result res = conversation_may_open(w, in->client_id.value);
    if (res == OK)
        res = conversation_open(w, in->client_id.value, &id, &created);
    return res == OK ? answer_conversation(rq, w, id) : res;
}

static enum result get_conversation(struct request *rq, struct work *w)
{
    return answer_conversation(rq, w, request_id_param(rq, 0));
}

static enum result post_read(struct request *rq, struct work *w)
{
    struct conversation c;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = route_check_version(rq, w, c.version);
    return res == OK ? conversation_read(w, &c) : res;
}

/* ---- messages ---- */

static const struct field message_fields[] = {
    FIELD_ID(struct message_view, id),
    FIELD_ENUM(struct message_view, direction, direction_names,
               .doc = "in: from the client; out: to them; note: stays inside"),
    FIELD_STR(struct message_view, body, 0, 0),
    FIELD_STR(struct message_view, author, 0, 0, .doc = "a name"),
    FIELD_WORD(struct message_view, author_kind, actor_kind_names),
    FIELD_INSTANT(struct message_view, at),
    FIELD_WORD(struct message_view, email_status, outbox_status_names, .maybe = true,
               .doc = "of the letter that an answer causes; null for the others"),
    FIELD_BOOL(struct message_view, doubtful,
               .doc = "it looks as if a program had filled in the form"),
};
static const struct shape message_shape =
    SHAPE("ConversationMessage", struct message_view, message_fields);

struct messages_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field messages_query_fields[] = {PAGE_FIELDS(struct messages_query)};
static const struct shape messages_query_shape =
    SHAPE("MessagesQuery", struct messages_query, messages_query_fields);

static enum result get_messages(struct request *rq, struct work *w)
{
    const struct messages_query *q = rq->query_in;
    struct conversation c;
    bool paged, more;
    int64_t key = 0, below_id = INT64_MAX;
    struct message_view *list;
    size_t count;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &below_id);
    if (res == OK)
        res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = conversation_messages(w, c.id, below_id,
                                    q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT, &list,
                                    &count, &more);
    if (res != OK)
        return res;
    struct str next = more ? cursor_write(w->arena, 0, list[0].id.value) : (struct str){0};
    answer_list(rq, &message_shape, list, count, next, w->actor.permissions);
    return OK;
}

struct message_new {
    struct str body;
    struct opt_bool internal_note;
};
static const struct field message_new_fields[] = {
    FIELD_STR(struct message_new, body, 1, MESSAGE_MAX, .required = true, .multiline = true),
    FIELD_BOOL(struct message_new, internal_note, .doc = "for the team alone; nothing is sent"),
};
static const struct shape message_new_shape =
    SHAPE("ConversationMessageNew", struct message_new, message_new_fields);

static enum result send_letter(struct work *w, const struct client *client, int64_t message_id,
                               struct str body)
{
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    const struct letter_business business = {
        .name = ws.name,
        .address = ws.address,
        .phone = ws.phone,
        .reply_to = ws.contact_email,
        .locale = ws.locale,
        .tz = ws.tz,
    };
    const struct letter_client to = {client->id, client->name, client->email, client->phone};
    struct letter_in in = {
        .business = &business,
        .client = &to,
        .to_name = client->name,
        .to_address = client->email,
        .said = body,
    };
    if (ws.published)
        in.url = str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws.slug));
    return letter_send(w, LETTER_MESSAGE, &in, message_id, STR(""));
}

static enum result post_message(struct request *rq, struct work *w)
{
    const struct message_new *in = rq->in;
    bool note = in->internal_note.set && in->internal_note.value;
    struct said said = {.direction = note ? DIRECTION_NOTE : DIRECTION_OUT, .body = in->body};
    struct conversation c;
    struct client client;
    struct message_view v;
    int64_t message_id;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = client_load(w, c.client_id, &client);
    if (res == OK && !note && client.email.len == 0)
        return problem_set(w->problem, CONFLICT, "no_email_address",
                           "This client has no e-mail address. Add one, or write a note.");
    if (res == OK)
        res = conversation_say(w, c.id, &said, &message_id);
    if (res == OK && !note)
        res = send_letter(w, &client, message_id, in->body);
    if (res == OK && !note)
        res = client_contacted(w, client.id);
    if (res == OK)
        res = conversation_message(w, c.id, message_id, &v);
    if (res == OK)
        answer_json(rq, 201, &message_shape, &v, w->actor.permissions);
    return res;
}

#define MEMBERS .who = WHO_STAFF, .all_with = PERM_INBOX, .tag = "inbox"

static const struct route inbox_routes[] = {
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations", .mode = MODE_READ,
     .query = &query_shape, .status = 200, .answer = &conversation_shape, .answer_is_list = true,
     .handler = get_conversations, .summary = "Conversations with clients, unanswered ones first"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations", .mode = MODE_WRITE,
     .idempotent = true, .body = &new_shape, .status = 200, .answer = &conversation_shape,
     .handler = post_conversation,
     .summary = "The conversation with a client, begun where there is none"},
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations/{id}", .mode = MODE_READ,
     .status = 200, .answer = &conversation_shape, .handler = get_conversation,
     .summary = "One conversation"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations/{id}/read", .mode = MODE_WRITE,
     .status = 204, .handler = post_read, .summary = "You have read it up to now"},
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations/{id}/messages", .mode = MODE_READ,
     .query = &messages_query_shape, .status = 200, .answer = &message_shape,
     .answer_is_list = true, .handler = get_messages,
     .summary = "Its messages in the order of time: first the newest page, then the ones before"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations/{id}/messages",
     .mode = MODE_WRITE, .idempotent = true, .body = &message_new_shape, .status = 201,
     .answer = &message_shape, .handler = post_message,
     .summary = "Answer the client by e-mail, or write a note"},
};
const struct route_table inbox_table = {inbox_routes, sizeof inbox_routes / sizeof inbox_routes[0]};
