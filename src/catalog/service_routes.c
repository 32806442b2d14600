/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* service_routes: services over HTTP. */
#include "catalog/internal.h"

enum {
    DURATION_MIN = 5,
    DURATION_MAX = 720,
    BUFFER_MAX = 240,
    PRICE_MAX = 1000000000,
    QUANTITY_MAX = 1000000000, /* thousandths: a million of the unit */
};

static const char *const segment_kinds[] = {"work", "processing", NULL};

static const struct field segment_fields[] = {
    FIELD_ENUM(struct segment_io, kind, segment_kinds, .required = true,
               .doc = "while processing the person is free"),
    FIELD_INT(struct segment_io, minutes, 1, DURATION_MAX, .required = true),
};
const struct shape segment_shape = SHAPE("Segment", struct segment_io, segment_fields);

static const struct field material_fields[] = {
    FIELD_ID(struct material_io, item_id, .required = true),
    FIELD_QTY(struct material_io, quantity, 1, QUANTITY_MAX, .required = true,
              .doc = "in the item's unit"),
};
const struct shape material_shape = SHAPE("Material", struct material_io, material_fields);

static const struct field need_fields[] = {
    FIELD_IDS(struct need_io, any_of, 1, NEED_CHOICES_MAX, .required = true,
              .doc = "one of these rooms or devices is held"),
};
const struct shape need_shape = SHAPE("Need", struct need_io, need_fields);

static const struct field terms_fields[] = {
    FIELD_ID(struct terms_io, staff_id, .required = true),
    FIELD_INT(struct terms_io, price, 0, PRICE_MAX, .maybe = true,
              .doc = "minor units; null: as the service says"),
    FIELD_INT(struct terms_io, duration_min, DURATION_MIN, DURATION_MAX, .maybe = true,
              .doc = "null: as the service says. The work that comes last takes the difference"),
};
const struct shape terms_shape = SHAPE("StaffTerms", struct terms_io, terms_fields);

/* What POST and PATCH share; they differ in what must be there. */
#define SERVICE_FIELDS(must)                                                                     \
    FIELD_STR(struct service_in, name, 1, 120, .required = (must)),                              \
        FIELD_STR(struct service_in, category, 0, 80),                                           \
        FIELD_STR(struct service_in, description, 0, 2000, .multiline = true),                   \
        FIELD_INT(struct service_in, duration_min, DURATION_MIN, DURATION_MAX,                   \
                  .required = (must)),                                                           \
        FIELD_LIST(struct service_in, segments, segment_shape, 0, SERVICE_SEGMENTS_MAX,          \
                   .doc = "in order; they sum to duration_min; empty: work throughout"),         \
        FIELD_INT(struct service_in, buffer_before_min, 0, BUFFER_MAX),                          \
        FIELD_INT(struct service_in, buffer_after_min, 0, BUFFER_MAX),                           \
        FIELD_INT(struct service_in, price, 0, PRICE_MAX, .required = (must),                    \
                  .doc = "minor units of the business's currency"),                              \
        FIELD_IDS(struct service_in, staff_ids, 0, SERVICE_STAFF_MAX,                            \
                  .doc = "who performs it; replaced whole"),                                     \
        FIELD_LIST(struct service_in, staff_terms, terms_shape, 0, SERVICE_STAFF_MAX,            \
                   .doc = "who takes another price or time; replaced whole, and kept for those " \
                          "who stay where only staff_ids is given"),                             \
        FIELD_LIST(struct service_in, materials, material_shape, 0, SERVICE_MATERIALS_MAX,       \
                   .doc = "what one visit uses; replaced whole"),                                \
        FIELD_LIST(struct service_in, needs, need_shape, 0, SERVICE_NEEDS_MAX,                   \
                   .doc = "rooms and devices; replaced whole"),                                  \
        FIELD_IDS(                                                                               \
            struct service_in, form_ids, 0, SERVICE_FORMS_MAX,                                   \
            .doc = "forms that its clients are asked to fill in after booking; replaced whole"), \
        FIELD_LIST(struct service_in, requires, gate_io_shape, 0, GATES_OF_SERVICE_MAX,          \
                   .doc = "what must be so before a visit; nobody can override it; replaced "    \
                          "whole"),                                                              \
        FIELD_BOOL(struct service_in, active, .doc = "offered to clients; true when absent")

static const struct field service_new_fields[] = {SERVICE_FIELDS(true)};
static const struct shape service_new_shape =
    SHAPE("ServiceNew", struct service_in, service_new_fields);
static const struct field service_patch_fields[] = {SERVICE_FIELDS(false)};
static const struct shape service_patch_shape =
    SHAPE("ServicePatch", struct service_in, service_patch_fields);

struct service_out {
    struct opt_int id;
    struct str name, category, description;
    struct opt_int duration_min, buffer_before_min, buffer_after_min, price;
    struct opt_bool active, retired;
    struct shape_list segments, materials, needs, requires, staff_terms;
    struct id_list staff_ids, form_ids;
    struct opt_int position, version;
};

static const struct field service_fields[] = {
    FIELD_ID(struct service_out, id),
    FIELD_STR(struct service_out, name, 0, 120),
    FIELD_STR(struct service_out, category, 0, 80),
    FIELD_STR(struct service_out, description, 0, 2000),
    FIELD_INT(struct service_out, duration_min, 0, 0),
    FIELD_LIST(struct service_out, segments, segment_shape, 0, SERVICE_SEGMENTS_MAX),
    FIELD_INT(struct service_out, buffer_before_min, 0, 0),
    FIELD_INT(struct service_out, buffer_after_min, 0, 0),
    FIELD_INT(struct service_out, price, 0, 0),
    FIELD_IDS(struct service_out, staff_ids, 0, SERVICE_STAFF_MAX),
    FIELD_LIST(struct service_out, staff_terms, terms_shape, 0, SERVICE_STAFF_MAX,
               .doc = "of staff_ids, those who take another price or time"),
    FIELD_LIST(struct service_out, materials, material_shape, 0, SERVICE_MATERIALS_MAX),
    FIELD_LIST(struct service_out, needs, need_shape, 0, SERVICE_NEEDS_MAX),
    FIELD_IDS(struct service_out, form_ids, 0, SERVICE_FORMS_MAX,
              .doc = "asked after booking, but those that are switched off"),
    FIELD_LIST(struct service_out, requires, gate_io_shape, 0, GATES_OF_SERVICE_MAX,
               .doc = "what must be so before a visit"),
    FIELD_BOOL(struct service_out, active),
    FIELD_BOOL(struct service_out, retired, .doc = "past bookings keep it; it can be restored"),
    FIELD_INT(struct service_out, position, 0, 0,
              .doc = "rises along the menu; 0 where nobody has put it in order: by name then"),
    FIELD_INT(struct service_out, version, 0, 0),
};
const struct shape service_shape = SHAPE("Service", struct service_out, service_fields);

struct service_query {
    struct opt_int limit;
    struct str cursor;
    struct opt_bool active;
};
static const struct field service_query_fields[] = {
    PAGE_FIELDS(struct service_query),
    FIELD_BOOL(struct service_query, active,
               .doc = "false: those that are not offered, retired ones too"),
};
static const struct shape service_query_shape =
    SHAPE("ServiceQuery", struct service_query, service_query_fields);

static struct shape_list show_segments(struct arena *a, const struct visit_service *shape)
{
    struct segment_io *list = arena_new_array(a, shape->segment_count, struct segment_io);
    for (size_t i = 0; i < shape->segment_count; i++)
        list[i] = (struct segment_io){
            .kind = some_int(shape->segments[i].processing ? 1 : 0),
            .minutes = some_int(shape->segments[i].minutes),
        };
    return (struct shape_list){true, shape->segment_count, list};
}

static struct shape_list show_materials(struct arena *a, const struct service *s)
{
    struct material_io *list = arena_new_array(a, s->material_count, struct material_io);
    for (size_t i = 0; i < s->material_count; i++)
        list[i] = (struct material_io){
            .item_id = some_int(s->materials[i].item_id),
            .quantity = some_int(s->materials[i].quantity),
        };
    return (struct shape_list){true, s->material_count, list};
}

static struct shape_list show_needs(struct arena *a, const struct visit_service *shape)
{
    struct need_io *list = arena_new_array(a, shape->need_count, struct need_io);
    for (size_t i = 0; i < shape->need_count; i++) {
        const struct need *need = &shape->needs[i];
        struct id_list ids = {true, need->count, arena_new_array(a, need->count, int64_t)};
        for (size_t k = 0; k < need->count; k++)
            ids.ids[k] = need->any_of[k];
        list[i].any_of = ids;
    }
    return (struct shape_list){true, shape->need_count, list};
}

static struct shape_list show_terms(struct arena *a, const struct service *s)
{
    struct terms_io *list = arena_new_array(a, s->staff_count, struct terms_io);
    size_t n = 0;
    for (size_t i = 0; i < s->staff_count; i++)
        if (s->terms[i].price.set || s->terms[i].duration_min.set)
            list[n++] = (struct terms_io){
                .staff_id = some_int(s->staff_ids[i]),
                .price = s->terms[i].price,
                .duration_min = s->terms[i].duration_min,
            };
    return (struct shape_list){true, n, list};
}

static struct service_out show(struct arena *a, const struct service *s)
{
    return (struct service_out){
        .id = some_int(s->id),
        .name = s->name,
        .category = s->category,
        .description = s->description,
        .duration_min = some_int(s->shape.duration_min),
        .buffer_before_min = some_int(s->shape.buffer_before_min),
        .buffer_after_min = some_int(s->shape.buffer_after_min),
        .price = some_int(s->price),
        .active = some_bool(s->active),
        .retired = some_bool(s->retired),
        .position = some_int(s->position),
        .staff_terms = show_terms(a, s),
        .segments = show_segments(a, &s->shape),
        .materials = show_materials(a, s),
        .needs = show_needs(a, &s->shape),
        .staff_ids = {true, s->staff_count, s->staff_ids},
        .form_ids = {true, s->form_count, s->form_ids},
        .requires = {true, s->require_count, s->requires},
        .version = some_int(s->version),
    };
}

enum result service_answer(struct request *rq, struct work *w, int status, int64_t id)
{
    struct service s;
    enum result r = service_load(w, id, &s);
    if (r != OK)
        return r;
    struct service_out out = show(w->arena, &s);
    answer_etag(rq, s.version);
    answer_json(rq, status, &service_shape, &out, w->actor.permissions);
    return OK;
}

static enum result get_services(struct request *rq, struct work *w)
{
    const struct service_query *page = rq->query_in;
    size_t limit = page->limit.set ? (size_t)page->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, after_id = 0;
    struct service *list;
    size_t count;
    enum result r = cursor_read(w, page->cursor, &given, &key, &after_id);
    if (r == OK)
        r = page->active.set && !page->active.value
                ? service_shelf(w, after_id, limit + 1, &list, &count)
                : service_page(w, after_id, page->active.set, limit + 1, &list, &count);
    if (r != OK)
        return r;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, list[count - 1].id);
    }
    struct service_out *out = arena_new_array(w->arena, count, struct service_out);
    for (size_t i = 0; i < count; i++)
        out[i] = show(w->arena, &list[i]);
    answer_list(rq, &service_shape, out, count, next, w->actor.permissions);
    return OK;
}

static enum result get_service(struct request *rq, struct work *w)
{
    return service_answer(rq, w, 200, request_id_param(rq, 0));
}

static enum result post_service(struct request *rq, struct work *w)
{
    int64_t id;
    enum result r = service_create(w, rq->in, &id);
    return r == OK ? service_answer(rq, w, 201, id) : r;
}

static enum result patch_service(struct request *rq, struct work *w)
{
    int64_t id = request_id_param(rq, 0);
    enum result r = service_change(rq, w, id, rq->in);
    return r == OK ? service_answer(rq, w, 200, id) : r;
}

static enum result delete_service(struct request *rq, struct work *w)
{
    enum result r = service_retire(rq, w, request_id_param(rq, 0));
    if (r == OK)
        answer_empty(rq, 204);
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/services",
        .who = WHO_STAFF,
        .mode = MODE_READ,
        .query = &service_query_shape,
        .status = 200,
        .answer = &service_shape,
        .answer_is_list = true,
        .handler = get_services,
        .tag = "catalog",
        .summary = "Services, oldest first; without `active` all but retired ones",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/services",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &service_new_shape,
        .status = 201,
        .answer = &service_shape,
        .handler = post_service,
        .tag = "catalog",
        .summary = "Add a service",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/services/{id}",
        .who = WHO_STAFF,
        .mode = MODE_READ,
        .status = 200,
        .answer = &service_shape,
        .handler = get_service,
        .tag = "catalog",
        .summary = "One service",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/services/{id}",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .body = &service_patch_shape,
        .status = 200,
        .answer = &service_shape,
        .handler = patch_service,
        .tag = "catalog",
        .summary = "Change a service; what is booked keeps its name, time and price",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/services/{id}",
        .who = WHO_OWNER,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_service,
        .tag = "catalog",
        .summary = "Retire a service: past bookings keep it, nothing new is offered",
    },
};
const struct route_table catalog_table = {routes, sizeof routes / sizeof routes[0]};
