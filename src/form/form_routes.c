/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* form_routes: forms over HTTP. */
#include "form/form.h"

#include "form/internal.h"

/* What POST and PATCH share; they differ in what must be there. */
#define FORM_FIELDS(must)                                                                       \
    FIELD_STR(struct form_in, name, 1, 120, .required = (must)),                                \
        FIELD_ENUM(struct form_in, kind, form_kinds, .doc = "intake when absent"),              \
        FIELD_LIST(struct form_in, fields, form_field_shape, 0, FORM_FIELDS_MAX,                \
                   .doc = "from top to bottom; replaced whole, which makes the next revision; " \
                          "needed unless there is an external_url"),                            \
        FIELD_BOOL(struct form_in, active, .doc = "asked of clients; true when absent"),        \
        FIELD_BOOL(struct form_in, every_visit,                                                 \
                   .doc = "of the kind intake alone: asked for with every visit, as long as "   \
                          "no service names it; true when absent in a new one"),                \
        FIELD_BOOL(struct form_in, clinical,                                                    \
                   .doc = "its answers need the permission clinical, and each reading is "      \
                          "written down"),                                                      \
        FIELD_BOOL(struct form_in, staff_reads,                                                 \
                   .doc = "whoever does the visit may read its answers"),                       \
        {.name = "public",                                                                      \
         .kind = F_BOOL,                                                                        \
         .offset = offsetof(struct form_in, is_public),                                         \
         .doc = "on a page of its own, for leads; of the kind contact alone"},                  \
        FIELD_STR(struct form_in, external_url, 8, 2000, .format = STR_URL, .nullable = true,   \
                  .nullable_offset = offsetof(struct form_in, no_external_url),                 \
                  .doc = "where it is filled in instead; null takes it away"),                  \
        FIELD_STR(struct form_in, thanks, 0, FORM_THANKS_MAX, .multiline = true,                \
                  .doc = "said when it is filled in")

static const struct field form_new_fields[] = {FORM_FIELDS(true)};
static const struct shape form_new_shape = SHAPE("FormNew", struct form_in, form_new_fields);
static const struct field form_patch_fields[] = {FORM_FIELDS(false)};
static const struct shape form_patch_shape = SHAPE("FormPatch", struct form_in, form_patch_fields);

struct form_view {
    struct opt_int id;
    struct str name, kind;
    struct shape_list fields;
    struct opt_int revision;
    struct opt_bool active, every_visit, clinical, staff_reads, is_public;
    struct str external_url, thanks;
    struct opt_int version;
};
static const struct field form_fields[] = {
    FIELD_ID(struct form_view, id),
    FIELD_STR(struct form_view, name, 0, 0),
    FIELD_WORD(struct form_view, kind, form_kinds),
    FIELD_LIST(struct form_view, fields, form_field_shape, 0, 0),
    FIELD_INT(struct form_view, revision, 0, 0, .doc = "of the fields; a submission keeps its own"),
    FIELD_BOOL(struct form_view, active),
    FIELD_BOOL(struct form_view, every_visit),
    FIELD_BOOL(struct form_view, clinical),
    FIELD_BOOL(struct form_view, staff_reads),
    {.name = "public", .kind = F_BOOL, .offset = offsetof(struct form_view, is_public)},
    FIELD_STR(struct form_view, external_url, 0, 0, .maybe = true),
    FIELD_STR(struct form_view, thanks, 0, 0),
    FIELD_INT(struct form_view, version, 0, 0),
};
static const struct shape form_shape = SHAPE("Form", struct form_view, form_fields);

static const struct field page_fields[] = {PAGE_FIELDS(struct page_in)};
static const struct shape forms_query_shape = SHAPE("FormsQuery", struct page_in, page_fields);

struct form_query {
    struct opt_int revision;
};
static const struct field form_query_fields[] = {
    FIELD_INT(struct form_query, revision, 1, 0,
              .doc = "the fields as they were; absent: as they are"),
};
static const struct shape form_query_shape =
    SHAPE("FormQuery", struct form_query, form_query_fields);

static struct form_view view_of(struct arena *a, const struct form *f)
{
    struct form_fields fields = fields_read(a, f->fields);
    return (struct form_view){
        .id = some_int(f->id),
        .name = f->name,
        .kind = f->kind,
        .fields = {true, fields.count, fields.items},
        .revision = some_int(f->revision),
        .active = some_bool(f->active),
        .every_visit = some_bool(f->every_visit),
        .clinical = some_bool(f->clinical),
        .staff_reads = some_bool(f->staff_reads),
        .is_public = some_bool(f->is_public),
        .external_url = f->external_url,
        .thanks = f->thanks,
        .version = some_int(f->version),
    };
}

static enum result answer(struct request *rq, struct work *w, int status, int64_t id,
                          int64_t revision)
{
    struct form f;
    enum result res = form_load(w, id, &f);
    if (res == OK && revision != 0) {
        f.revision = revision;
        res = form_fields_at(w, id, revision, &f.fields);
    }
    if (res != OK)
        return res;
    struct form_view v = view_of(w->arena, &f);
    answer_etag(rq, f.version);
    answer_json(rq, status, &form_shape, &v, w->actor.permissions);
    return OK;
}

static enum result get_forms(struct request *rq, struct work *w)
{
    const struct page_in *page = rq->query_in;
    size_t limit = page->limit.set ? (size_t)page->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, after_id = 0;
    struct form *list;
    size_t count;
    enum result res = cursor_read(w, page->cursor, &given, &key, &after_id);
    if (res == OK)
        res = form_list(w, after_id, limit + 1, &list, &count);
    if (res != OK)
        return res;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, list[count - 1].id);
    }
    struct form_view *views = arena_new_array(w->arena, count, struct form_view);
    for (size_t i = 0; i < count; i++)
        views[i] = view_of(w->arena, &list[i]);
    answer_list(rq, &form_shape, views, count, next, w->actor.permissions);
    return OK;
}

static enum result get_form(struct request *rq, struct work *w)
{
    const struct form_query *q = rq->query_in;
    return answer(rq, w, 200, request_id_param(rq, 0), q->revision.value);
}

static enum result post_form(struct request *rq, struct work *w)
{
    int64_t id;
    enum result res = form_create(w, rq->in, &id);
    return res == OK ? answer(rq, w, 201, id, 0) : res;
}

static enum result patch_form(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result res = form_change(rq, w, id, rq->in);
    return res == OK ? answer(rq, w, 200, id, 0) : res;
}

static enum result delete_form(struct request *rq, struct work *w)
{
    static const struct form_in off = {.active = {.set = true, .value = false}};
    enum result res = form_change(rq, w, request_id_param(rq, 0), &off);
    if (res == OK)
        answer_empty(rq, 204);
    return res;
}

#define FORM_ROUTE .who = WHO_OWNER, .tag = "forms"
#define ONE_FORM   "/api/v1/forms/{id}"

static const struct route routes[] = {
    {FORM_ROUTE, .method = HTTP_GET_, .path = "/api/v1/forms", .mode = MODE_READ,
     .query = &forms_query_shape, .status = 200, .answer = &form_shape, .answer_is_list = true,
     .handler = get_forms, .summary = "Forms, inactive ones too, oldest first"},
    {FORM_ROUTE, .method = HTTP_POST_, .path = "/api/v1/forms", .mode = MODE_WRITE,
     .idempotent = true, .body = &form_new_shape, .status = 201, .answer = &form_shape,
     .handler = post_form, .summary = "Add a form; services say after which of them it is asked"},
    {FORM_ROUTE, .method = HTTP_GET_, .path = ONE_FORM, .mode = MODE_READ,
     .query = &form_query_shape, .status = 200, .answer = &form_shape, .handler = get_form,
     .summary = "One form"},
    {FORM_ROUTE, .method = HTTP_PATCH_, .path = ONE_FORM, .mode = MODE_WRITE,
     .body = &form_patch_shape, .status = 200, .answer = &form_shape, .handler = patch_form,
     .summary = "Change a form; whoever was asked already gets it as it was"},
    {FORM_ROUTE, .method = HTTP_DELETE_, .path = ONE_FORM, .mode = MODE_WRITE, .status = 204,
     .handler = delete_form,
     .summary = "Switch a form off: answers stay, nobody is asked any more"},
};
const struct route_table form_table = {routes, sizeof routes / sizeof routes[0]};
