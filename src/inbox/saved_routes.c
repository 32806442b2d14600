/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* saved_routes: saved replies over HTTP: the owner writes them, every member uses them. */
#include "inbox/saved.h"

#include "workspace/workspace.h"

static const struct field saved_fields[] = {
    FIELD_ID(struct saved_reply, id),
    FIELD_STR(struct saved_reply, title, 0, 0),
    FIELD_STR(struct saved_reply, body, 0, 0,
              .doc = "with the fields {client}, {first_name}, {business} and {booking_link}"),
    FIELD_INT(struct saved_reply, version, 0, 0),
};
static const struct shape saved_shape = SHAPE("SavedReply", struct saved_reply, saved_fields);

struct saved_in {
    struct str title, body;
};
static const struct field new_fields[] = {
    FIELD_STR(struct saved_in, title, 1, SAVED_TITLE_MAX, .required = true),
    FIELD_STR(struct saved_in, body, 1, SAVED_BODY_MAX, .required = true, .multiline = true),
};
static const struct shape new_shape = SHAPE("SavedReplyNew", struct saved_in, new_fields);
static const struct field patch_fields[] = {
    FIELD_STR(struct saved_in, title, 1, SAVED_TITLE_MAX),
    FIELD_STR(struct saved_in, body, 1, SAVED_BODY_MAX, .multiline = true),
};
static const struct shape patch_shape = SHAPE("SavedReplyPatch", struct saved_in, patch_fields);

static enum result answer_saved(struct request *rq, struct work *w, int64_t id, int status)
{
    struct saved_reply s;
    enum result res = saved_load(w, id, &s);
    if (res != OK)
        return res;
    answer_etag(rq, s.version.value);
    answer_json(rq, status, &saved_shape, &s, w->actor.permissions);
    return OK;
}

struct saved_query {
    struct opt_int limit;
    struct str cursor;
};
static const struct field query_fields[] = {PAGE_FIELDS(struct saved_query)};
static const struct shape query_shape =
    SHAPE("SavedRepliesQuery", struct saved_query, query_fields);

static enum result list_saved(struct request *rq, struct work *w)
{
    const struct saved_query *q = rq->query_in;
    int64_t limit = q->limit.set ? q->limit.value : PAGE_LIMIT_DEFAULT, key = 0, after_id = 0;
    struct saved_reply *list;
    size_t count;
    bool paged;
    enum result res = cursor_read(w, q->cursor, &paged, &key, &after_id);
    if (res == OK)
        res = saved_list(w, after_id, limit + 1, &list, &count);
    if (res != OK)
        return res;
    struct str next = {0};
    if ((int64_t)count > limit) {
        count = (size_t)limit;
        next = cursor_write(w->arena, 0, list[count - 1].id.value);
    }
    answer_list(rq, &saved_shape, list, count, next, w->actor.permissions);
    return OK;
}

static enum result get_saved(struct request *rq, struct work *w)
{
    return answer_saved(rq, w, request_id_param(rq, 0), 200);
}

static enum result post_saved(struct request *rq, struct work *w)
{
    const struct saved_in *in = rq->in;
    int64_t id;
    enum result res = saved_make(w, in->title, in->body, &id);
    return res == OK ? answer_saved(rq, w, id, 201) : res;
}

/* The reply that a change is about, with the lock under which it is compared. */
static enum result open_saved(struct request *rq, struct work *w, struct saved_reply *ret)
{
    enum result res = workspace_lock(w);
    if (res == OK)
        res = saved_load(w, request_id_param(rq, 0), ret);
    if (res == OK)
        res = route_check_version(rq, w, ret->version.value);
    return res;
}

static enum result patch_saved(struct request *rq, struct work *w)
{
    const struct saved_in *in = rq->in;
    struct saved_reply was;
    enum result res = open_saved(rq, w, &was);
    if (res == OK)
        res = saved_change(w, &was, in->title, in->body);
    return res == OK ? answer_saved(rq, w, was.id.value, 200) : res;
}

static enum result delete_saved(struct request *rq, struct work *w)
{
    struct saved_reply was;
    enum result res = open_saved(rq, w, &was);
    return res == OK ? saved_remove(w, &was) : res;
}

struct filled_query {
    struct opt_int conversation_id;
};
static const struct field filled_query_fields[] = {
    FIELD_ID(struct filled_query, conversation_id, .required = true),
};
static const struct shape filled_query_shape =
    SHAPE("SavedReplyFilledQuery", struct filled_query, filled_query_fields);
struct filled {
    struct str body;
};
static const struct field filled_fields[] = {FIELD_STR(struct filled, body, 0, 0)};
static const struct shape filled_shape = SHAPE("SavedReplyFilled", struct filled, filled_fields);

static enum result get_filled(struct request *rq, struct work *w)
{
    const struct filled_query *q = rq->query_in;
    struct saved_reply s;
    struct conversation c;
    struct filled v;
    enum result res = saved_load(w, request_id_param(rq, 0), &s);
    if (res == OK)
        res = conversation_load(w, q->conversation_id.value, &c);
    if (res == OK)
        res = saved_fill(w, &s, &c, &v.body);
    if (res == OK)
        answer_json(rq, 200, &filled_shape, &v, w->actor.permissions);
    return res;
}

#define ONE "/api/v1/saved-replies/{id}"

static const struct route saved_routes[] = {
    {.who = WHO_STAFF,
     .tag = "inbox",
     .method = HTTP_GET_,
     .path = "/api/v1/saved-replies",
     .mode = MODE_READ,
     .query = &query_shape,
     .status = 200,
     .answer = &saved_shape,
     .answer_is_list = true,
     .handler = list_saved,
     .summary = "Replies to use again"},
    {.who = WHO_OWNER,
     .tag = "inbox",
     .method = HTTP_POST_,
     .path = "/api/v1/saved-replies",
     .mode = MODE_WRITE,
     .idempotent = true,
     .body = &new_shape,
     .status = 201,
     .answer = &saved_shape,
     .handler = post_saved,
     .summary = "Save a reply"},
    {.who = WHO_STAFF,
     .tag = "inbox",
     .method = HTTP_GET_,
     .path = ONE,
     .mode = MODE_READ,
     .status = 200,
     .answer = &saved_shape,
     .handler = get_saved,
     .summary = "One saved reply"},
    {.who = WHO_OWNER,
     .tag = "inbox",
     .method = HTTP_PATCH_,
     .path = ONE,
     .mode = MODE_WRITE,
     .body = &patch_shape,
     .status = 200,
     .answer = &saved_shape,
     .handler = patch_saved,
     .summary = "Change a saved reply"},
    {.who = WHO_OWNER,
     .tag = "inbox",
     .method = HTTP_DELETE_,
     .path = ONE,
     .mode = MODE_WRITE,
     .status = 204,
     .handler = delete_saved,
     .summary = "Delete a saved reply"},
    {.who = WHO_STAFF,
     .all_with = PERM_INBOX,
     .tag = "inbox",
     .method = HTTP_GET_,
     .path = ONE "/filled",
     .mode = MODE_READ,
     .query = &filled_query_shape,
     .status = 200,
     .answer = &filled_shape,
     .handler = get_filled,
     .summary = "A saved reply with its fields filled in for one conversation"},
};
const struct route_table saved_table = {saved_routes, sizeof saved_routes / sizeof saved_routes[0]};
