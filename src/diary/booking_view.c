/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_view: see booking_view.h. */
#include "diary/booking_view.h"

static const struct field person_fields[] = {
    FIELD_ID(struct person_view, id),
    FIELD_STR(struct person_view, name, 0, 0),
};
static const struct shape person_shape = SHAPE("Person", struct person_view, person_fields);

static const struct field client_fields[] = {
    FIELD_ID(struct client_in_booking_view, id),
    FIELD_STR(struct client_in_booking_view, name, 0, 0),
    FIELD_STR(struct client_in_booking_view, email, 0, 0, .maybe = true,
              .visible_to = SEES_CONTACTS),
    FIELD_STR(struct client_in_booking_view, phone, 0, 0, .visible_to = SEES_CONTACTS),
};
static const struct shape client_shape =
    SHAPE("BookingClient", struct client_in_booking_view, client_fields);

static const struct field service_fields[] = {
    FIELD_ID(struct booked_service_view, id),
    FIELD_STR(struct booked_service_view, name, 0, 0),
    FIELD_INT(struct booked_service_view, duration_min, 0, 0),
    FIELD_INT(struct booked_service_view, price, 0, 0),
};
static const struct shape service_shape =
    SHAPE("BookedService", struct booked_service_view, service_fields);

struct material_view {
    struct opt_int item_id;
    struct str name, unit;
    struct opt_int quantity, used;
};
static const struct field material_fields[] = {
    FIELD_ID(struct material_view, item_id),
    FIELD_STR(struct material_view, name, 0, 0),
    FIELD_STR(struct material_view, unit, 0, 0),
    FIELD_QTY(struct material_view, quantity, 0, 0, .doc = "reserved while the booking is open"),
    FIELD_QTY(struct material_view, used, 0, 0, .maybe = true,
              .doc = "what completing it really took"),
};
static const struct shape material_shape =
    SHAPE("BookedMaterial", struct material_view, material_fields);

static const char *const test_results[] = {"passed", "failed", NULL};
static const char *const booking_sources[] = {"public", "staff", NULL};

static const struct field booking_fields[] = {
    FIELD_ID(struct booking_view, id),
    FIELD_ENUM(struct booking_view, status, booking_status_names),
    FIELD_INSTANT(struct booking_view, start),
    FIELD_INSTANT(struct booking_view, end),
    FIELD_STR(struct booking_view, local, 0, 0,
              .doc = "the start as the business's clock shows it"),
    FIELD_STR(struct booking_view, local_end, 0, 0, .doc = "the end as that clock shows it"),
    FIELD_INSTANT(struct booking_view, started_at, .maybe = true,
                  .doc = "when the visit began; null: not yet"),
    FIELD_IDS(struct booking_view, service_ids, 0, 0),
    FIELD_LIST(struct booking_view, services, service_shape, 0, 0),
    FIELD_ID(struct booking_view, staff_id),
    FIELD_OBJECT(struct booking_view, staff, person_shape),
    FIELD_OBJECT(struct booking_view, client, client_shape),
    FIELD_RAW(struct booking_view, client_alerts, .json = RAW_TEXTS,
              .doc = "what to mind with this client"),
    FIELD_INT(struct booking_view, price, 0, 0),
    FIELD_LIST(struct booking_view, materials, material_shape, 0, 0),
    FIELD_LIST(struct booking_view, resources, person_shape, 0, 0, .doc = "rooms and devices"),
    FIELD_STR(struct booking_view, notes, 0, 0),
    FIELD_BOOL(struct booking_view, gates_ok,
               .doc = "nothing is missing that its services ask for first; see its gates"),
    FIELD_BOOL(struct booking_view, is_test, .doc = "a patch test for another service"),
    FIELD_WORD(struct booking_view, test_result, test_results, .maybe = true,
               .doc = "of a patch test, once it is written down"),
    FIELD_WORD(struct booking_view, source, booking_sources),
    FIELD_INSTANT(struct booking_view, created_at),
    FIELD_INT(struct booking_view, version, 0, 0),
};
const struct shape booking_shape = SHAPE("Booking", struct booking_view, booking_fields);

static const struct field client_booking_fields[] = {
    FIELD_ID(struct booking_view, id),
    FIELD_ENUM(struct booking_view, status, booking_status_names),
    FIELD_INSTANT(struct booking_view, start),
    FIELD_INSTANT(struct booking_view, end),
    FIELD_STR(struct booking_view, local, 0, 0,
              .doc = "the start as the business's clock shows it"),
    FIELD_IDS(struct booking_view, service_ids, 0, 0),
    FIELD_LIST(struct booking_view, services, service_shape, 0, 0),
    FIELD_ID(struct booking_view, staff_id),
    FIELD_OBJECT(struct booking_view, staff, person_shape),
    FIELD_INT(struct booking_view, price, 0, 0),
    FIELD_STR(struct booking_view, notes, 0, 0),
    FIELD_INT(struct booking_view, version, 0, 0),
};
const struct shape client_booking_shape =
    SHAPE("ClientBooking", struct booking_view, client_booking_fields);

static struct shape_list services_of(struct arena *a, const struct booking *b)
{
    struct booked_service_view *views =
        arena_new_array(a, b->service_count + 1, struct booked_service_view);
    for (size_t i = 0; i < b->service_count; i++)
        views[i] = (struct booked_service_view){
            some_int(b->services[i].service_id), b->services[i].name,
            some_int(b->services[i].duration_min), some_int(b->services[i].price)};
    return (struct shape_list){true, b->service_count, views};
}

static struct id_list service_ids_of(struct arena *a, const struct booking *b)
{
    int64_t *ids = arena_new_array(a, b->service_count + 1, int64_t);
    for (size_t i = 0; i < b->service_count; i++)
        ids[i] = b->services[i].service_id;
    return (struct id_list){true, b->service_count, ids};
}

static struct shape_list materials_of(struct arena *a, const struct booking *b)
{
    struct material_view *views = arena_new_array(a, b->material_count + 1, struct material_view);
    for (size_t i = 0; i < b->material_count; i++)
        views[i] = (struct material_view){some_int(b->materials[i].item_id), b->materials[i].name,
                                          b->materials[i].unit, some_int(b->materials[i].quantity),
                                          b->materials[i].used};
    return (struct shape_list){true, b->material_count, views};
}

static struct shape_list things_of(struct arena *a, const struct booking *b)
{
    struct person_view *views = arena_new_array(a, b->thing_count + 1, struct person_view);
    for (size_t i = 0; i < b->thing_count; i++)
        views[i] = (struct person_view){some_int(b->things[i].id), b->things[i].name};
    return (struct shape_list){true, b->thing_count, views};
}

struct booking_view *booking_view_of(struct arena *a, const struct workspace *ws,
                                     const struct booking *b)
{
    struct booking_view *v = arena_new(a, struct booking_view);
    char local[LOCAL_TEXT], local_end[LOCAL_TEXT];
    tz_local_format(ws->tz, b->start_s, local);
    tz_local_format(ws->tz, b->end_s, local_end);
    *v = (struct booking_view){
        .id = some_int(b->id),
        .status = some_int(b->status),
        .start = some_int(b->start_s),
        .end = some_int(b->end_s),
        .local = str_copy(a, str_of(local)),
        .local_end = str_copy(a, str_of(local_end)),
        .started_at = b->started_s,
        .service_ids = service_ids_of(a, b),
        .services = services_of(a, b),
        .staff_id = some_int(b->staff_id),
        .staff = arena_new(a, struct person_view),
        .client = arena_new(a, struct client_in_booking_view),
        .price = some_int(b->price),
        .materials = materials_of(a, b),
        .resources = things_of(a, b),
        .client_alerts = b->client.alerts,
        .notes = b->notes,
        .gates_ok = some_bool(b->gates_ok),
        .is_test = some_bool(b->is_test),
        .test_result = b->test_result,
        .source = b->source,
        .created_at = some_int(b->created_s),
        .version = some_int(b->version),
    };
    *v->staff = (struct person_view){some_int(b->staff_id), b->staff_name};
    *v->client = (struct client_in_booking_view){some_int(b->client_id), b->client.name,
                                                 b->client.email, b->client.phone};
    return v;
}
