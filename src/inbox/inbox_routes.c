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
static const struct shape assigned_shape =
    SHAPE("ConversationMember", struct person_view, person_fields);

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

struct match_view {
    struct opt_int message_id;
    struct str excerpt;
};
static const struct field match_fields[] = {
    FIELD_ID(struct match_view, message_id),
    FIELD_STR(struct match_view, excerpt, 0, 0, .doc = "the words around it, on one line"),
};
static const struct shape match_shape = SHAPE("ConversationMatch", struct match_view, match_fields);

struct conversation_view {
    struct match_view *match;
    struct opt_int id, folder;
    struct person_view *client, *assigned_to;
    struct last_view *last_message;
    struct opt_bool unanswered;
    struct opt_int unread, version;
    struct shape_list answering;
};
static const struct field conversation_fields[] = {
    FIELD_ID(struct conversation_view, id),
    FIELD_OBJECT(struct conversation_view, client, person_shape),
    FIELD_OBJECT(struct conversation_view, assigned_to, assigned_shape, .maybe = true,
                 .doc = "the member who looks after it; null: nobody in particular"),
    FIELD_ENUM(struct conversation_view, folder, folder_names),
    FIELD_OBJECT(struct conversation_view, last_message, last_shape, .maybe = true,
                 .doc = "null while there is none"),
    FIELD_BOOL(struct conversation_view, unanswered,
               .doc = "the client has written and nobody has answered"),
    FIELD_INT(struct conversation_view, unread, 0, UNREAD_MAX,
              .doc = "the client's messages that you have not read; 100 stands for more"),
    FIELD_LIST(struct conversation_view, answering, inbox_person_shape, 0, 0,
               .doc = "the others who are writing an answer just now"),
    FIELD_OBJECT(struct conversation_view, match, match_shape, .omit = true,
                 .doc = "of a search: the newest message that has the words; left out where the"
                        " client's name has them"),
    FIELD_INT(struct conversation_view, version, 0, 0),
};
static const struct shape conversation_shape =
    SHAPE("Conversation", struct conversation_view, conversation_fields);

static struct conversation_view view_of(struct arena *a, const struct conversation *c)
{
    struct person_view *client = arena_new(a, struct person_view);
    *client = (struct person_view){some_int(c->client_id), c->client_name};
    struct person_view *assigned = NULL;
    if (c->assigned_id) {
        assigned = arena_new(a, struct person_view);
        *assigned = (struct person_view){some_int(c->assigned_id), c->assigned_name};
    }
    struct match_view *match = NULL;
    if (c->match_id) {
        match = arena_new(a, struct match_view);
        *match = (struct match_view){some_int(c->match_id), c->match_excerpt};
    }
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
        .folder = some_int(c->folder),
        .client = client,
        .assigned_to = assigned,
        .last_message = last,
        .unanswered = {true, c->unanswered},
        .unread = some_int(c->unread),
        .answering = c->answering,
        .match = match,
        .version = some_int(c->version),
    };
}

static enum result answer_conversation(struct request *rq, struct work *w, int64_t id)
{
    struct conversation c;
    enum result res = conversation_load(w, id, &c);
    if (res == OK)
        res = answering_of(w, &c, 1);
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
    FIELD_ENUM(struct conversation_query, filter, conversation_filters,
               .doc = "mine: assigned to you; unassigned: to nobody"),
    FIELD_ENUM(struct conversation_query, folder, folder_names,
               .doc = "inbox unless said; with client_id any"),
    FIELD_ID(struct conversation_query, assigned_to, .doc = "the member who looks after it"),
    FIELD_STR(struct conversation_query, q, 1, 200,
              .doc = "words of messages, all of which one must have, or of the client's name; the"
                     " last may be a beginning. By name first, then by the newest message that has"
                     " them, in any folder. A page may be short and still have a next_cursor"),
    PAGE_FIELDS(struct conversation_query),
};
static const struct shape query_shape =
    SHAPE("ConversationsQuery", struct conversation_query, query_fields);

static enum result get_conversations(struct request *rq, struct work *w)
{
    struct conversation *list;
    size_t count;
    struct str next;
    const struct conversation_query *q = rq->query_in;
    enum result res = q->q.len ? conversation_search(w, q, &list, &count, &next)
                               : conversation_page(w, q, &list, &count, &next);
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
        res = conversation_open(w, in->client_id.value, false, &id, &created);
    return res == OK ? answer_conversation(rq, w, id) : res;
}

static enum result get_conversation(struct request *rq, struct work *w)
{
    return answer_conversation(rq, w, request_id_param(rq, 0));
}

struct conversation_in {
    struct opt_int assigned_to, folder;
    bool assigned_null;
};
static const struct field in_fields[] = {
    FIELD_ID(struct conversation_in, assigned_to, .nullable = true,
             .nullable_offset = offsetof(struct conversation_in, assigned_null),
             .doc = "a member of staff; null: nobody in particular"),
    FIELD_ENUM(struct conversation_in, folder, folder_names,
               .doc = "inbox: it is no spam, and what its client wrote is told of; doubtful: all"
                      " that this client writes waits there"),
};
static const struct shape in_shape = SHAPE("ConversationChange", struct conversation_in, in_fields);

static enum result patch_conversation(struct request *rq, struct work *w)
{
    const struct conversation_in *in = rq->in;
    struct conversation_change to = {in->assigned_to, in->folder};
    struct conversation c;
    if (in->assigned_null)
        to.assigned_to = some_int(0);
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = route_check_version(rq, w, c.version);
    /* What is no id at all reads as 0, and 0 is nobody in particular. */
    if (res == OK && in->assigned_to.set && in->assigned_to.value == 0 && !in->assigned_null)
        return work_missing_at(w, "assigned_to", "member of staff");
    if (res == OK)
        res = conversation_change(w, &c, &to);
    return res == OK ? answer_conversation(rq, w, c.id) : res;
}

struct counts_view {
    struct opt_int unanswered, unread, mine, unassigned, doubtful;
};
static const struct field counts_fields[] = {
    FIELD_INT(struct counts_view, unanswered, 0, COUNT_MAX),
    FIELD_INT(struct counts_view, unread, 0, COUNT_MAX,
              .doc = "of the newest, those in which you have not read all that the client wrote"),
    FIELD_INT(struct counts_view, mine, 0, COUNT_MAX, .doc = "unanswered and assigned to you"),
    FIELD_INT(struct counts_view, unassigned, 0, COUNT_MAX,
              .doc = "unanswered and assigned to nobody"),
    FIELD_INT(struct counts_view, doubtful, 0, COUNT_MAX, .doc = "all in the folder"),
};
static const struct shape counts_shape =
    SHAPE("ConversationCounts", struct counts_view, counts_fields);

static enum result get_counts(struct request *rq, struct work *w)
{
    struct conversation_counts n;
    enum result res = conversation_counts(w, &n);
    if (res != OK)
        return res;
    const struct counts_view v = {some_int(n.unanswered), some_int(n.unread), some_int(n.mine),
                                  some_int(n.unassigned), some_int(n.doubtful)};
    answer_json(rq, 200, &counts_shape, &v, w->actor.permissions);
    return OK;
}

static enum result post_read(struct request *rq, struct work *w)
{
    struct conversation c;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = route_check_version(rq, w, c.version);
    return res == OK ? conversation_read(w, &c) : res;
}

struct answering_in {
    struct opt_bool answering;
};
static const struct field answering_fields[] = {
    FIELD_BOOL(struct answering_in, answering, .required = true),
};
static const struct shape answering_shape =
    SHAPE("ConversationAnswering", struct answering_in, answering_fields);

static enum result post_answering(struct request *rq, struct work *w)
{
    const struct answering_in *in = rq->in;
    struct conversation c;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    return res == OK ? answering_set(w, c.id, in->answering.value) : res;
}

/* ---- messages ---- */

#define doubt_words (doubt_names + 1)

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
    FIELD_WORD(struct message_view, doubt, doubt_words, .maybe = true,
               .doc = "why it was taken for doubtful; stays when a person has said that it is not"),
    FIELD_WORD(struct message_view, via, via_names, .doc = "the way it came or went"),
    FIELD_STR(struct message_view, quoted, 0, 0,
              .doc = "by mail: the history below the words, which pages fold"),
    FIELD_OBJECT(struct message_view, from, sender_shape, .maybe = true,
                 .doc = "by mail: who wrote it, where that is not the client's address"),
    FIELD_LIST(struct message_view, attachments, attachment_shape, 0, 0),
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
    struct opt_int seen_id;
};
static const struct field message_new_fields[] = {
    FIELD_STR(struct message_new, body, 1, INBOX_TEXT_MAX, .required = true, .multiline = true),
    FIELD_BOOL(struct message_new, internal_note, .doc = "for the team alone; nothing is sent"),
    FIELD_ID(struct message_new, seen_id,
             .doc = "the newest message that you have seen: where somebody else has written to the"
                    " client since, or the client has, 409 answered_meanwhile names them in newer,"
                    " and nothing is sent"),
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
    const struct letter_business business = workspace_letterhead(&ws);
    const struct letter_client to = {client->id, client->name, client->email, client->phone};
    struct letter_in in = {
        .business = &business,
        .client = &to,
        .converses = true,
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
    struct said said = {
        .direction = note ? DIRECTION_NOTE : DIRECTION_OUT,
        .body = in->body,
        .seen_id = in->seen_id,
        .via = w->actor.kind == ACTOR_OWNER ? VIA_OFFICE : VIA_PORTAL,
    };
    struct spoken spoken;
    struct conversation c;
    struct client client;
    struct message_view v;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = client_load(w, c.client_id, &client);
    if (res == OK && !note && client.email.len == 0)
        return problem_set(w->problem, CONFLICT, "no_email_address",
                           "This client has no e-mail address. Add one, or write a note.");
    if (res == OK)
        res = conversation_say(w, c.id, &said, &spoken);
    if (res == OK)
        res = answering_set(w, c.id, false);
    if (res == OK && !note)
        res = send_letter(w, &client, spoken.message_id, in->body);
    if (res == OK && !note)
        res = client_contacted(w, client.id);
    if (res == OK && !note) /* a person speaks: the robot does not speak over them */
        res = client_pause(w, client.id);
    if (res == OK)
        res = conversation_message(w, c.id, spoken.message_id, &v);
    if (res == OK)
        answer_json(rq, 201, &message_shape, &v, w->actor.permissions);
    return res;
}

#define MEMBERS .who = WHO_STAFF, .all_with = PERM_INBOX, .tag = "inbox"

static const struct route inbox_routes[] = {
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations", .mode = MODE_READ,
     .query = &query_shape, .status = 200, .answer = &conversation_shape, .answer_is_list = true,
     .handler = get_conversations,
     .summary = "Conversations with clients, unanswered ones first; or a search in them"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations", .mode = MODE_WRITE,
     .idempotent = true, .body = &new_shape, .status = 200, .answer = &conversation_shape,
     .handler = post_conversation,
     .summary = "The conversation with a client, begun where there is none"},
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations/counts", .mode = MODE_READ,
     .status = 200, .answer = &counts_shape, .handler = get_counts,
     .summary = "How many conversations wait; 100 stands for more"},
    {MEMBERS, .method = HTTP_GET_, .path = "/api/v1/conversations/{id}", .mode = MODE_READ,
     .status = 200, .answer = &conversation_shape, .handler = get_conversation,
     .summary = "One conversation"},
    {.who = WHO_OWNER,
     .permissions = PERM_INBOX,
     .tag = "inbox",
     .method = HTTP_PATCH_,
     .path = "/api/v1/conversations/{id}",
     .mode = MODE_WRITE,
     .body = &in_shape,
     .status = 200,
     .answer = &conversation_shape,
     .handler = patch_conversation,
     .summary = "Assign a conversation, or put it into a folder"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations/{id}/read", .mode = MODE_WRITE,
     .status = 204, .handler = post_read, .summary = "You have read it up to now"},
    {MEMBERS, .method = HTTP_POST_, .path = "/api/v1/conversations/{id}/answering",
     .mode = MODE_WRITE, .body = &answering_shape, .status = 204, .handler = post_answering,
     .summary = "You are writing an answer, for the next 15 s, or not any more"},
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
