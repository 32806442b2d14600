/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* public_routes: the booking page's data: the business, its menu, free starts, and booking one. No
 * sign-in, no stock, no staff addresses. */
#include "diary/availability.h"
#include "diary/booking.h"
#include "diary/booking_view.h"
#include "diary/diary.h"
#include "diary/pick.h"
#include "diary/public.h"

#include "team/team.h"

/* ---- the business ---- */

struct hours_view {
    struct opt_int weekday, start, end;
};
static const struct field hours_fields[] = {
    FIELD_INT(struct hours_view, weekday, 1, 7, .doc = "1 = Monday"),
    FIELD_CLOCK(struct hours_view, start),
    FIELD_CLOCK(struct hours_view, end),
};
static const struct shape hours_shape = SHAPE("PublicHours", struct hours_view, hours_fields);

struct closure_view {
    struct opt_int from, to;
    struct str reason;
};
static const struct field closure_fields[] = {
    FIELD_DATE(struct closure_view, from),
    FIELD_DATE(struct closure_view, to),
    FIELD_STR(struct closure_view, reason, 0, 0),
};
static const struct shape closure_shape =
    SHAPE("PublicClosure", struct closure_view, closure_fields);

static const struct field policy_fields[] = {
    FIELD_INT(struct policy_view, slot_step_min, 0, 0),
    FIELD_INT(struct policy_view, min_notice_min, 0, 0),
    FIELD_INT(struct policy_view, max_advance_days, 0, 0),
    FIELD_INT(struct policy_view, cancel_cutoff_min, 0, 0),
};
const struct shape policy_shape = SHAPE("BookingPolicy", struct policy_view, policy_fields);

struct first_view {
    struct opt_int kind, service_id, lead_hours, valid_days;
    struct str name;
};
static const struct field first_fields[] = {
    FIELD_ENUM(struct first_view, kind, gate_kind_names),
    FIELD_ID(struct first_view, service_id),
    FIELD_STR(struct first_view, name, 0, 0),
    FIELD_INT(struct first_view, lead_hours, 0, 0, .doc = "it ends at least so long before"),
    FIELD_INT(struct first_view, valid_days, 0, 0, .maybe = true,
              .doc = "it is good for so many days; null: for ever"),
};
static const struct shape first_shape =
    SHAPE("PublicServiceFirst", struct first_view, first_fields);

struct by_view {
    struct opt_int staff_id, duration_min, price;
};
static const struct field by_fields[] = {
    FIELD_ID(struct by_view, staff_id),
    FIELD_INT(struct by_view, duration_min, 0, 0),
    FIELD_INT(struct by_view, price, 0, 0),
};
static const struct shape by_shape = SHAPE("PublicServiceBy", struct by_view, by_fields);

struct menu_view {
    struct opt_int id;
    struct str name, category, description;
    struct opt_int duration_min, price;
    struct opt_bool price_from;
    struct shape_list by;
    struct id_list staff_ids;
    struct shape_list requires;
};
static const struct field menu_fields[] = {
    FIELD_ID(struct menu_view, id),
    FIELD_STR(struct menu_view, name, 0, 0),
    FIELD_STR(struct menu_view, category, 0, 0),
    FIELD_STR(struct menu_view, description, 0, 0),
    FIELD_INT(struct menu_view, duration_min, 0, 0, .doc = "with the quickest of staff_ids"),
    FIELD_INT(struct menu_view, price, 0, 0, .doc = "with the cheapest of staff_ids"),
    FIELD_BOOL(struct menu_view, price_from, .omit = true,
               .doc = "true: some of them cost more; else absent"),
    FIELD_LIST(struct menu_view, by, by_shape, 0, 0, .omit = true,
               .doc = "one for each of staff_ids, where they differ"),
    FIELD_IDS(struct menu_view, staff_ids, 0, 0),
    FIELD_LIST(struct menu_view, requires, first_shape, 0, 0,
               .doc = "the services that have to come first"),
};
static const struct shape menu_shape = SHAPE("PublicService", struct menu_view, menu_fields);

static const struct field staff_fields[] = {
    FIELD_ID(struct person_view, id),
    FIELD_STR(struct person_view, name, 0, 0),
};
static const struct shape staff_shape = SHAPE("PublicStaff", struct person_view, staff_fields);

static const struct field public_fields[] = {
    FIELD_STR(struct public_view, name, 0, 0),
    FIELD_STR(struct public_view, slug, 0, 0),
    FIELD_STR(struct public_view, timezone, 0, 0),
    FIELD_STR(struct public_view, currency, 0, 0),
    FIELD_STR(struct public_view, locale, 0, 0),
    FIELD_STR(struct public_view, address, 0, 0),
    FIELD_STR(struct public_view, phone, 0, 0),
    FIELD_STR(struct public_view, contact_email, 0, 0),
    FIELD_STR(struct public_view, accent_color, 0, 0, .maybe = true),
    FIELD_LIST(struct public_view, hours, hours_shape, 0, 0),
    FIELD_LIST(struct public_view, closures, closure_shape, 0, 0, .doc = "today and later"),
    FIELD_OBJECT(struct public_view, policy, policy_shape),
    FIELD_LIST(struct public_view, services, menu_shape, 0, 0),
    FIELD_LIST(struct public_view, staff, staff_shape, 0, 0),
    FIELD_OBJECT(struct public_view, ratings, ratings_shape, .maybe = true,
                 .doc = "null where nobody has rated a visit yet"),
};
const struct shape public_shape = SHAPE("PublicBusiness", struct public_view, public_fields);

struct policy_view *policy_view_of(struct arena *a, const struct workspace *ws)
{
    struct policy_view *v = arena_new(a, struct policy_view);
    *v = (struct policy_view){some_int(ws->slot_step_min), some_int(ws->min_notice_min),
                              some_int(ws->max_advance_days), some_int(ws->cancel_cutoff_min)};
    return v;
}

static void view_calendar(struct work *w, const struct workspace *ws, struct public_view *v)
{
    struct hours_view *hours = arena_new_array(w->arena, ws->hours_count + 1, struct hours_view);
    for (size_t i = 0; i < ws->hours_count; i++)
        hours[i] =
            (struct hours_view){some_int(ws->hours[i].weekday), some_int(ws->hours[i].start_min),
                                some_int(ws->hours[i].end_min)};
    v->hours = (struct shape_list){true, ws->hours_count, hours};
    struct closure_view *closures =
        arena_new_array(w->arena, ws->closure_count + 1, struct closure_view);
    int64_t today = tz_date(ws->tz, w->now_s);
    size_t n = 0;
    for (size_t i = 0; i < ws->closure_count; i++)
        if (ws->closures[i].to >= today)
            closures[n++] =
                (struct closure_view){some_int(ws->closures[i].from), some_int(ws->closures[i].to),
                                      ws->closures[i].reason};
    v->closures = (struct shape_list){true, n, closures};
}

static enum result bookable_staff(struct work *w, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT s.id, r.name FROM staff s JOIN resource r ON r.workspace_id = s.workspace_id AND r.id = s.id"
        " WHERE s.workspace_id = $1 AND s.bookable = 1 AND r.active = 1 ORDER BY r.name, s.id LIMIT $2",
        db_i(w->actor.workspace_id), db_i(STAFF_MAX));
}

static bool is_bookable(const struct db_rows *staff, int64_t id)
{
    for (size_t i = 0; i < staff->count; i++)
        if (db_int(staff, i, 0) == id)
            return true;
    return false;
}

/* A service that nobody can be booked for is not on the public menu; the people who cannot be
 * booked are taken out of the others. */
static size_t keep_bookable(struct service *services, size_t count, const struct db_rows *staff)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t people = 0;
        for (size_t k = 0; k < services[i].staff_count; k++)
            if (is_bookable(staff, services[i].staff_ids[k])) {
                services[i].terms[people] = services[i].terms[k];
                services[i].staff_ids[people++] = services[i].staff_ids[k];
            }
        services[i].staff_count = people;
        if (people)
            services[kept++] = services[i];
    }
    return kept;
}

/* `menu` holds those that can be booked; a service that cannot is nothing to point at. */
static struct shape_list view_first(struct arena *a, const struct service *s,
                                    const struct service *menu, size_t count)
{
    struct first_view *list = arena_new_array(a, s->require_count + 1, struct first_view);
    size_t n = 0;
    for (size_t i = 0; i < s->require_count; i++)
        for (size_t k = 0; k < count && s->requires[i].service_id.set; k++)
            if (menu[k].id == s->requires[i].service_id.value)
                list[n++] = (struct first_view){
                    .kind = s->requires[i].kind,
                    .service_id = s->requires[i].service_id,
                    .name = menu[k].name,
                    .lead_hours = s->requires[i].lead_hours,
                    .valid_days = s->requires[i].valid_days,
                };
    return (struct shape_list){true, n, list};
}

static void view_people(struct arena *a, const struct db_rows *staff, struct public_view *v)
{
    struct person_view *people = arena_new_array(a, staff->count + 1, struct person_view);
    for (size_t i = 0; i < staff->count; i++)
        people[i] = (struct person_view){some_int(db_int(staff, i, 0)), db_str(staff, i, 1)};
    v->staff = (struct shape_list){true, staff->count, people};
}

/* What each of its people takes, the least of it as what the menu says. */
static void view_terms(struct arena *a, const struct service *s, struct menu_view *v)
{
    struct by_view *by = arena_new_array(a, s->staff_count + 1, struct by_view);
    bool differ = false;
    for (size_t i = 0; i < s->staff_count; i++) {
        struct visit_service shape;
        int64_t price;
        service_by(s, s->staff_ids[i], &shape, &price);
        by[i] = (struct by_view){some_int(s->staff_ids[i]), some_int(shape.duration_min),
                                 some_int(price)};
        if (by[i].price.value != by[0].price.value)
            v->price_from = some_bool(true);
        differ = differ || by[i].duration_min.value != by[0].duration_min.value;
        if (i == 0 || price < v->price.value)
            v->price = by[i].price;
        if (i == 0 || shape.duration_min < v->duration_min.value)
            v->duration_min = by[i].duration_min;
    }
    if (differ || v->price_from.set)
        v->by = (struct shape_list){true, s->staff_count, by};
}

static enum result view_menu(struct work *w, struct public_view *v)
{
    struct db_rows staff;
    enum result res = catalog_active(w, &v->shown, &v->shown_count);
    if (res == OK)
        res = bookable_staff(w, &staff);
    if (res != OK)
        return res;
    v->shown_count = keep_bookable(v->shown, v->shown_count, &staff);
    struct menu_view *menu = arena_new_array(w->arena, v->shown_count + 1, struct menu_view);
    for (size_t i = 0; i < v->shown_count; i++) {
        const struct service *s = &v->shown[i];
        menu[i] = (struct menu_view){
            .id = some_int(s->id),
            .name = s->name,
            .category = s->category,
            .description = s->description,
            .staff_ids = {true, s->staff_count, s->staff_ids},
            .requires = view_first(w->arena, s, v->shown, v->shown_count),
        };
        view_terms(w->arena, s, &menu[i]);
    }
    v->services = (struct shape_list){true, v->shown_count, menu};
    view_people(w->arena, &staff, v);
    return OK;
}

enum result public_view_of(struct work *w, const struct workspace *ws, struct public_view **ret)
{
    struct public_view *v = arena_new(w->arena, struct public_view);
    *v = (struct public_view){
        .name = ws->name,
        .slug = ws->slug,
        .timezone = ws->timezone,
        .currency = ws->currency,
        .locale = ws->locale,
        .address = ws->address,
        .phone = ws->phone,
        .contact_email = ws->contact_email,
        .accent_color = ws->accent_color,
        .policy = policy_view_of(w->arena, ws),
    };
    view_calendar(w, ws, v);
    enum result res = view_menu(w, v);
    if (res == OK)
        res = ratings_of_business(w, ws, &v->ratings);
    if (res == OK)
        *ret = v;
    return res;
}

static enum result get_business(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct public_view *view;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res == OK)
        res = public_view_of(w, &ws, &view);
    if (res == OK)
        answer_json(rq, 200, &public_shape, view, 0);
    return res;
}

/* ---- when, and booking ---- */

static enum result get_availability(struct request *rq, struct work *w)
{
    struct workspace ws;
    enum result res = workspace_public(w, rq->params[0], &ws);
    return res == OK ? availability_answer(rq, w, &ws, rq->query_in) : res;
}

struct public_booking_in {
    struct id_list service_ids;
    struct opt_int start, staff_id;
    struct client_details *client;
    struct str notes, hold_token;
};
static const struct field public_booking_in_fields[] = {
    FIELD_IDS(struct public_booking_in, service_ids, 1, VISIT_SERVICES_MAX, .required = true),
    FIELD_INSTANT(struct public_booking_in, start, .required = true,
                  .doc = "one of the offered starts"),
    FIELD_ID(struct public_booking_in, staff_id, .doc = "absent: anyone"),
    FIELD_OBJECT(struct public_booking_in, client, client_details_public_shape, .required = true),
    FIELD_STR(struct public_booking_in, notes, 0, 2000, .multiline = true),
    FIELD_STR(struct public_booking_in, hold_token, 1, PICK_TOKEN_MAX,
              .doc = "the hold that this booking takes over; one that has run out is no error"),
};
static const struct shape public_booking_in_shape =
    SHAPE("PublicBookingNew", struct public_booking_in, public_booking_in_fields);

struct booked_view {
    struct booking_view *booking;
    struct str manage_url;
};
static const struct field booked_fields[] = {
    FIELD_OBJECT(struct booked_view, booking, client_booking_shape),
    FIELD_STR(struct booked_view, manage_url, 0, 0,
              .doc = "the client's own link: see, move, cancel"),
};
static const struct shape booked_shape = SHAPE("PublicBooked", struct booked_view, booked_fields);

static enum result post_booking(struct request *rq, struct work *w)
{
    const struct public_booking_in *in = rq->in;
    struct workspace ws;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    w->actor.kind = ACTOR_CLIENT;
    w->actor.name = in->client->name;
    struct booking_new new = {
        .service_ids = in->service_ids.ids,
        .service_count = in->service_ids.count,
        .staff_id = in->staff_id.value,
        .start_s = in->start.value,
        .client = *in->client,
        .notes = in->notes,
        .hold_token = in->hold_token,
    };
    struct booking b;
    struct booked_view view;
    res = booking_create(w, &ws, &new, &b, &view.manage_url);
    if (res != OK)
        return res;
    view.booking = booking_view_of(w->arena, &ws, &b);
    answer_json(rq, 201, &booked_shape, &view, 0);
    return OK;
}

#define PUBLIC_ROUTE .who = WHO_ANYONE, .tag = "public"

static const struct route public_routes[] = {
    {PUBLIC_ROUTE, .method = HTTP_GET_, .path = "/api/v1/public/{slug}", .mode = MODE_READ,
     .rate = RATE_PUBLIC_READ, .status = 200, .answer = &public_shape, .handler = get_business,
     .summary = "The business and its menu"},
    {PUBLIC_ROUTE, .method = HTTP_GET_, .path = "/api/v1/public/{slug}/availability",
     .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .query = &availability_query_shape, .status = 200,
     .answer = &availability_shape, .handler = get_availability,
     .summary = "Free starts, day by day"},
    {PUBLIC_ROUTE, .method = HTTP_POST_, .path = "/api/v1/public/{slug}/bookings",
     .mode = MODE_WRITE, .rate = RATE_PUBLIC_WRITE, .idempotent = true,
     .body = &public_booking_in_shape, .status = 201, .answer = &booked_shape,
     .handler = post_booking, .summary = "Book an offered start"},
};
const struct route_table public_table = {public_routes,
                                         sizeof public_routes / sizeof public_routes[0]};
