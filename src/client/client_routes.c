/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* client_routes: clients over HTTP. */
#include "client/internal.h"

enum { NAME_MAX = 120, EMAIL_MAX = 254, PHONE_MAX = 32, NOTES_MAX = 5000 };

static const struct field details_fields[] = {
    FIELD_STR(struct client_details, name, 1, NAME_MAX, .required = true),
    FIELD_STR(struct client_details, email, 0, EMAIL_MAX, .format = STR_EMAIL),
    FIELD_STR(struct client_details, phone, 0, PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_details_shape =
    SHAPE("ClientDetails", struct client_details, details_fields);

static const struct field details_public_fields[] = {
    FIELD_STR(struct client_details, name, 1, NAME_MAX, .required = true),
    FIELD_STR(struct client_details, email, 3, EMAIL_MAX, .required = true, .format = STR_EMAIL),
    FIELD_STR(struct client_details, phone, 0, PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_details_public_shape =
    SHAPE("ClientDetailsPublic", struct client_details, details_public_fields);

static const struct field correction_fields[] = {
    FIELD_STR(struct client_correction, name, 1, NAME_MAX),
    FIELD_STR(struct client_correction, email, 1, EMAIL_MAX, .format = STR_EMAIL),
    FIELD_STR(struct client_correction, phone, 0, PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_correction_shape =
    SHAPE("ClientCorrection", struct client_correction, correction_fields);

#define CLIENT_FIELDS                                                               \
    FIELD_STR(struct client_in, phone, 0, PHONE_MAX, .format = STR_PHONE),          \
        FIELD_STR(struct client_in, notes, 0, NOTES_MAX, .multiline = true),        \
        FIELD_STRS(struct client_in, tags, 0, TAGS_MAX),                            \
        FIELD_STRS(struct client_in, alerts, 0, ALERTS_MAX,                         \
                   .doc = "what whoever serves them must know, such as allergies"), \
        FIELD_ENUM(struct client_in, status, client_statuses)

static const struct field client_new_fields[] = {
    FIELD_STR(struct client_in, name, 1, NAME_MAX, .required = true),
    FIELD_STR(struct client_in, email, 0, EMAIL_MAX, .format = STR_EMAIL),
    CLIENT_FIELDS,
};
static const struct shape client_new_shape =
    SHAPE("ClientNew", struct client_in, client_new_fields);

static const struct field client_patch_fields[] = {
    FIELD_STR(struct client_in, name, 1, NAME_MAX),
    FIELD_STR(struct client_in, email, 0, EMAIL_MAX, .format = STR_EMAIL, .nullable = true,
              .nullable_offset = offsetof(struct client_in, email_null)),
    CLIENT_FIELDS,
};
static const struct shape client_patch_shape =
    SHAPE("ClientPatch", struct client_in, client_patch_fields);

static const struct field client_query_fields[] = {
    FIELD_STR(struct client_query, q, 1, 100,
              .doc = "the beginning of a name, an e-mail address or a phone number"),
    FIELD_ENUM(struct client_query, status, client_statuses),
    PAGE_FIELDS(struct client_query),
};
static const struct shape client_query_shape =
    SHAPE("ClientQuery", struct client_query, client_query_fields);

struct client_out {
    struct opt_int id;
    struct str name, email, phone, notes, tags, alerts, status;
    struct opt_int version;
};

static const struct field client_fields[] = {
    FIELD_ID(struct client_out, id),
    FIELD_STR(struct client_out, name, 0, NAME_MAX),
    FIELD_STR(struct client_out, email, 0, EMAIL_MAX, .maybe = true,
              .doc = "null where none is known"),
    FIELD_STR(struct client_out, phone, 0, PHONE_MAX),
    FIELD_STR(struct client_out, notes, 0, NOTES_MAX),
    FIELD_RAW(struct client_out, tags, .json = RAW_TEXTS),
    FIELD_RAW(struct client_out, alerts, .json = RAW_TEXTS),
    FIELD_WORD(struct client_out, status, client_statuses),
    FIELD_INT(struct client_out, version, 0, 0),
};
static const struct shape client_shape = SHAPE("Client", struct client_out, client_fields);

static struct client_out show(const struct client *c)
{
    return (struct client_out){
        .id = some_int(c->id),
        .name = c->name,
        .email = c->email,
        .phone = c->phone,
        .notes = c->notes,
        .tags = c->tags,
        .alerts = c->alerts,
        .status = c->status,
        .version = some_int(c->version),
    };
}

static enum result answer(struct request *rq, struct work *w, int status, int64_t id)
{
    struct client c;
    enum result r = client_load(w, id, &c);
    if (r != OK)
        return r;
    struct client_out out = show(&c);
    answer_etag(rq, c.version);
    answer_json(rq, status, &client_shape, &out, w->actor.permissions);
    return OK;
}

static enum result get_clients(struct request *rq, struct work *w)
{
    const struct client_query *q = rq->query_in;
    size_t limit = q->limit.set ? (size_t)q->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, before_id = INT64_MAX;
    struct client *list;
    size_t count;
    enum result r = cursor_read(w, q->cursor, &given, &key, &before_id);
    if (r == OK)
        r = client_page(w, q, before_id, limit + 1, &list, &count);
    if (r != OK)
        return r;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, list[count - 1].id);
    }
    struct client_out *out = arena_new_array(w->arena, count, struct client_out);
    for (size_t i = 0; i < count; i++)
        out[i] = show(&list[i]);
    answer_list(rq, &client_shape, out, count, next, w->actor.permissions);
    return OK;
}

static enum result get_client(struct request *rq, struct work *w)
{
    return answer(rq, w, 200, request_id_param(rq, 0));
}

static enum result post_client(struct request *rq, struct work *w)
{
    int64_t id;
    enum result r = client_create(w, rq->in, &id);
    return r == OK ? answer(rq, w, 201, id) : r;
}

static enum result patch_client(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result r = client_change(rq, w, id, rq->in);
    return r == OK ? answer(rq, w, 200, id) : r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .query = &client_query_shape,
        .status = 200,
        .answer = &client_shape,
        .answer_is_list = true,
        .handler = get_clients,
        .tag = "client",
        .summary = "Clients, newest first",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/clients",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &client_new_shape,
        .status = 201,
        .answer = &client_shape,
        .handler = post_client,
        .tag = "client",
        .summary = "Add a client; 409 with client_id where the e-mail address has one",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients/{id}",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .status = 200,
        .answer = &client_shape,
        .handler = get_client,
        .tag = "client",
        .summary = "One client",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/clients/{id}",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .body = &client_patch_shape,
        .status = 200,
        .answer = &client_shape,
        .handler = patch_client,
        .tag = "client",
        .summary = "Change a client",
    },
};
const struct route_table client_table = {routes, sizeof routes / sizeof routes[0]};
