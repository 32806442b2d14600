/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* client_routes: clients over HTTP. */
#include "client/internal.h"

#include "client/terms.h"

static const struct field details_fields[] = {
    FIELD_STR(struct client_details, name, 1, CLIENT_NAME_MAX, .required = true),
    FIELD_STR(struct client_details, email, 0, CLIENT_EMAIL_MAX, .format = STR_EMAIL),
    FIELD_STR(struct client_details, phone, 0, CLIENT_PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_details_shape =
    SHAPE("ClientDetails", struct client_details, details_fields);

static const struct field details_public_fields[] = {
    FIELD_STR(struct client_details, name, 1, CLIENT_NAME_MAX, .required = true),
    FIELD_STR(struct client_details, email, 3, CLIENT_EMAIL_MAX, .required = true,
              .format = STR_EMAIL),
    FIELD_STR(struct client_details, phone, 0, CLIENT_PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_details_public_shape =
    SHAPE("ClientDetailsPublic", struct client_details, details_public_fields);

static const struct field correction_fields[] = {
    FIELD_STR(struct client_correction, name, 1, CLIENT_NAME_MAX),
    FIELD_STR(struct client_correction, email, 1, CLIENT_EMAIL_MAX, .format = STR_EMAIL),
    FIELD_STR(struct client_correction, phone, 0, CLIENT_PHONE_MAX, .format = STR_PHONE),
};
const struct shape client_correction_shape =
    SHAPE("ClientCorrection", struct client_correction, correction_fields);

#define CLIENT_FIELDS                                                               \
    FIELD_STR(struct client_in, phone, 0, CLIENT_PHONE_MAX, .format = STR_PHONE),   \
        FIELD_STR(struct client_in, notes, 0, CLIENT_NOTES_MAX, .multiline = true), \
        FIELD_STRS(struct client_in, tags, 0, TAGS_MAX),                            \
        FIELD_STRS(struct client_in, alerts, 0, ALERTS_MAX,                         \
                   .doc = "what whoever serves them must know, such as allergies"), \
        FIELD_ENUM(struct client_in, status, client_statuses)

static const struct field client_new_fields[] = {
    FIELD_STR(struct client_in, name, 1, CLIENT_NAME_MAX, .required = true),
    FIELD_STR(struct client_in, email, 0, CLIENT_EMAIL_MAX, .format = STR_EMAIL),
    CLIENT_FIELDS,
};
static const struct shape client_new_shape =
    SHAPE("ClientNew", struct client_in, client_new_fields);

static const struct field client_patch_fields[] = {
    FIELD_STR(struct client_in, name, 1, CLIENT_NAME_MAX),
    FIELD_STR(struct client_in, email, 0, CLIENT_EMAIL_MAX, .format = STR_EMAIL, .nullable = true,
              .nullable_offset = offsetof(struct client_in, email_null)),
    CLIENT_FIELDS,
};
static const struct shape client_patch_shape =
    SHAPE("ClientPatch", struct client_in, client_patch_fields);

static const struct field client_query_fields[] = {
    FIELD_STR(struct client_query, q, 1, 100,
              .doc = "words, each of which begins a word of the name or the e-mail address, or the"
                     " phone number, however it is written; without case and accents"),
    FIELD_ENUM(struct client_query, status, client_statuses),
    FIELD_STR(struct client_query, tag, 1, TAG_LENGTH_MAX, .doc = "without case and accents"),
    FIELD_ENUM(struct client_query, source, client_sources),
    PAGE_FIELDS(struct client_query),
};
static const struct shape client_query_shape =
    SHAPE("ClientQuery", struct client_query, client_query_fields);

static const struct field client_fields[] = {
    FIELD_ID(struct client_out, id),
    FIELD_STR(struct client_out, name, 0, CLIENT_NAME_MAX),
    FIELD_STR(struct client_out, email, 0, CLIENT_EMAIL_MAX, .maybe = true,
              .doc = "null where none is known"),
    FIELD_STR(struct client_out, phone, 0, CLIENT_PHONE_MAX),
    FIELD_STR(struct client_out, notes, 0, CLIENT_NOTES_MAX),
    FIELD_RAW(struct client_out, tags, .json = RAW_TEXTS),
    FIELD_RAW(struct client_out, alerts, .json = RAW_TEXTS),
    FIELD_WORD(struct client_out, status, client_statuses),
    FIELD_WORD(struct client_out, source, client_sources, .doc = "whence they came first"),
    FIELD_INSTANT(struct client_out, created_at),
    FIELD_INSTANT(struct client_out, paused_until, .maybe = true,
                  .doc = "until then nothing goes to them by itself but about their own visits"),
    FIELD_INSTANT(struct client_out, unsubscribed_at, .maybe = true,
                  .doc = "they want no thank-yous since then"),
    FIELD_BOOL(struct client_out, has_clinical_notes,
               .doc = "what stands in them is told by /clients/{id}/clinical-notes"),
    FIELD_INT(struct client_out, version, 0, 0),
};
const struct shape client_view_shape = SHAPE("Client", struct client_out, client_fields);

struct client_out client_show(const struct work *w, const struct client *c)
{
    bool paused = client_paused(c, w->now_s);
    return (struct client_out){
        .id = some_int(c->id),
        .name = c->name,
        .email = c->email,
        .phone = c->phone,
        .notes = c->notes,
        .tags = c->tags,
        .alerts = c->alerts,
        .status = c->status,
        .source = c->source,
        .created_at = some_int(c->created_s),
        .paused_until = paused ? c->paused_until_s : (struct opt_int){0},
        .unsubscribed_at = c->unsubscribed_s,
        .has_clinical_notes = some_bool(c->has_clinical_notes),
        .version = some_int(c->version),
    };
}

static enum result answer(struct request *rq, struct work *w, int status, int64_t id)
{
    struct client c;
    enum result r = client_load_known(w, id, &c);
    if (r != OK)
        return r;
    struct client_out out = client_show(w, &c);
    answer_etag(rq, c.version);
    answer_json(rq, status, &client_view_shape, &out, w->actor.permissions);
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
        out[i] = client_show(w, &list[i]);
    answer_list(rq, &client_view_shape, out, count, next, w->actor.permissions);
    return OK;
}

static enum result get_client(struct request *rq, struct work *w)
{
    return answer(rq, w, 200, request_id_param(rq, 0));
}

static enum result post_client(struct request *rq, struct work *w)
{
    struct client_in *in = rq->in;
    int64_t id;
    in->source = CLIENT_FROM_STAFF;
    enum result r = client_create(w, in, &id);
    return r == OK ? answer(rq, w, 201, id) : r;
}

static enum result patch_client(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result r = client_change(rq, w, id, rq->in);
    return r == OK ? answer(rq, w, 200, id) : r;
}

/* ---- tags ---- */

enum { TAGS_LISTED = 200 };

struct tags_query {
    struct str q;
};
static const struct field tags_query_fields[] = {
    FIELD_STR(struct tags_query, q, 1, TAG_LENGTH_MAX, .doc = "how the tag begins"),
};
static const struct shape tags_query_shape =
    SHAPE("ClientTagsQuery", struct tags_query, tags_query_fields);

struct tag_out {
    struct str tag;
    struct opt_int count;
};
static const struct field tag_fields[] = {
    FIELD_STR(struct tag_out, tag, 0, TAG_LENGTH_MAX),
    FIELD_INT(struct tag_out, count, 0, 0, .doc = "clients who have it"),
};
static const struct shape tag_shape = SHAPE("ClientTag", struct tag_out, tag_fields);

static enum result get_tags(struct request *rq, struct work *w)
{
    const struct tags_query *in = rq->query_in;
    struct db_rows rows;
    struct asked x = asked_label(w->arena, 't', in->q.len ? in->q : STR(""));
    struct str last = str_printf(w->arena, STR_FMT "\xF4\x8F\xBF\xBF", STR_ARG(x.lo));
    enum result r =
        in->q.len ? db_query(w->tx, &rows,
                             "SELECT tag, uses FROM client_tag WHERE workspace_id = $1"
                             " AND key >= $2 AND key <= $3 ORDER BY key LIMIT $4",
                             db_i(w->actor.workspace_id), db_s(x.lo), db_s(last), db_i(TAGS_LISTED))
                  : db_query(w->tx, &rows,
                             "SELECT tag, uses FROM client_tag WHERE workspace_id = $1"
                             " ORDER BY uses DESC, key DESC LIMIT $2",
                             db_i(w->actor.workspace_id), db_i(TAGS_LISTED));
    if (r != OK)
        return r;
    struct tag_out *out = arena_new_array(w->arena, rows.count, struct tag_out);
    for (size_t i = 0; i < rows.count; i++)
        out[i] = (struct tag_out){db_str(&rows, i, 0), some_int(db_int(&rows, i, 1))};
    answer_list(rq, &tag_shape, out, rows.count, (struct str){0}, w->actor.permissions);
    return OK;
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
        .answer = &client_view_shape,
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
        .answer = &client_view_shape,
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
        .answer = &client_view_shape,
        .handler = get_client,
        .tag = "client",
        .summary = "One client",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients/{id}/overview",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .status = 200,
        .answer = &client_overview_shape,
        .handler = client_get_overview,
        .tag = "client",
        .summary = "One client at a glance: visits, spend, ratings, forms, possible duplicates",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/clients/{id}",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .body = &client_patch_shape,
        .status = 200,
        .answer = &client_view_shape,
        .handler = patch_client,
        .tag = "client",
        .summary = "Change a client",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/client-tags",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .query = &tags_query_shape,
        .status = 200,
        .answer = &tag_shape,
        .answer_is_list = true,
        .handler = get_tags,
        .tag = "client",
        .summary = "The tags that clients have, the most used first; 200 at most",
    },
};
const struct route_table client_table = {routes, sizeof routes / sizeof routes[0]};
