/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * manage: the client's own link: see, cancel until the cut-off, take that back within ten minutes,
 * move, add to the calendar.
 *
 * A token is 32 random bytes, only its hash is stored; it works until a week after the visit. It
 * opens one booking and nothing else, and signs nobody in.
 */
#include "diary/availability.h"
#include "diary/booking_parts.h"
#include "diary/booking_view.h"
#include "diary/diary.h"
#include "diary/public.h"
#include "mail/mail.h"

enum { UNDO_CANCEL_S = 600, LINK_LIFE_S = 7 * SECONDS_PER_DAY };

enum result booking_link(struct work *w, int64_t booking_id, struct str *ret_url)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    enum result res = db_exec(
        w->tx,
        "INSERT INTO booking_link (token_hash, workspace_id, booking_id, created_s) VALUES ($1, $2, $3, $4)",
        db_s(str_copy(w->arena, str_of(hash))), db_i(w->actor.workspace_id), db_i(booking_id),
        db_i(w->now_s));
    *ret_url = str_printf(w->arena, "%s/manage/%s", w->app->base_url, token);
    return res;
}

enum result manage_find(struct work *w, struct str token, struct workspace *ret_ws,
                        struct booking *ret)
{
    char hash[TOKEN_HASH_TEXT];
    token_hash(token.ptr, token.len, hash);
    struct db_rows r;
    struct db_reach before = db_across(w->tx, "a booking is found by its link's token alone");
    enum result res =
        db_one(w->tx, &r, "SELECT workspace_id, booking_id FROM booking_link WHERE token_hash = $1",
               db_s(str_copy(w->arena, str_of(hash))));
    db_back(w->tx, before);
    if (res == NOT_FOUND)
        return work_missing(w, "booking link");
    if (res != OK)
        return res;
    work_enter(w, (struct actor){.kind = ACTOR_CLIENT, .workspace_id = db_int(&r, 0, 0)});
    res = workspace_load(w, w->actor.workspace_id, ret_ws);
    if (res == OK)
        res = booking_load(w, db_int(&r, 0, 1), ret);
    if (res == OK && ret->end_s + LINK_LIFE_S < w->now_s)
        return work_missing(w, "booking link");
    if (res == OK)
        w->actor.name = ret->client.name;
    return res;
}

/* ---- the view ---- */

struct manage_business {
    struct str name, slug, timezone, currency, locale, address, phone, contact_email, accent_color;
    struct policy_view *policy;
};
static const struct field business_fields[] = {
    FIELD_STR(struct manage_business, name, 0, 0),
    FIELD_STR(struct manage_business, slug, 0, 0),
    FIELD_STR(struct manage_business, timezone, 0, 0),
    FIELD_STR(struct manage_business, currency, 0, 0),
    FIELD_STR(struct manage_business, locale, 0, 0),
    FIELD_STR(struct manage_business, address, 0, 0),
    FIELD_STR(struct manage_business, phone, 0, 0),
    FIELD_STR(struct manage_business, contact_email, 0, 0),
    FIELD_STR(struct manage_business, accent_color, 0, 0, .maybe = true),
    FIELD_OBJECT(struct manage_business, policy, policy_shape),
};
static const struct shape business_shape =
    SHAPE("ManageBusiness", struct manage_business, business_fields);

struct manage_view {
    struct booking_view *booking;
    struct opt_bool can_cancel, can_reschedule, can_restore;
    struct opt_int cancel_until;
    struct manage_business *business;
};
static const struct field manage_fields[] = {
    FIELD_OBJECT(struct manage_view, booking, client_booking_shape),
    FIELD_BOOL(struct manage_view, can_cancel),
    FIELD_BOOL(struct manage_view, can_reschedule),
    FIELD_BOOL(struct manage_view, can_restore,
               .doc = "within ten minutes of the client's own cancelling"),
    FIELD_INSTANT(struct manage_view, cancel_until, .doc = "the last moment to cancel or move it"),
    FIELD_OBJECT(struct manage_view, business, business_shape),
};
const struct shape manage_shape = SHAPE("ManagedBooking", struct manage_view, manage_fields);

static int64_t cancel_until(const struct workspace *ws, const struct booking *b)
{
    return b->start_s - (int64_t)ws->cancel_cutoff_min * 60;
}

static bool may_change(const struct work *w, const struct workspace *ws, const struct booking *b)
{
    return (b->status == BOOKING_PENDING || b->status == BOOKING_CONFIRMED) &&
           w->now_s <= cancel_until(ws, b);
}

static bool may_restore(const struct work *w, const struct booking *b)
{
    return b->status == BOOKING_CANCELLED && str_is(b->cancelled_by, "client") &&
           b->start_s > w->now_s && w->now_s - b->cancelled_s.value <= UNDO_CANCEL_S;
}

struct manage_view *manage_view_of(struct work *w, const struct workspace *ws,
                                   const struct booking *b)
{
    struct manage_view *v = arena_new(w->arena, struct manage_view);
    struct manage_business *business = arena_new(w->arena, struct manage_business);
    *business = (struct manage_business){
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
    bool changeable = may_change(w, ws, b);
    *v = (struct manage_view){
        .booking = booking_view_of(w->arena, ws, b),
        .can_cancel = some_bool(changeable),
        .can_reschedule = some_bool(changeable),
        .can_restore = some_bool(may_restore(w, b)),
        .cancel_until = some_int(cancel_until(ws, b)),
        .business = business,
    };
    return v;
}

static enum result answer_managed(struct request *rq, struct work *w, const struct workspace *ws,
                                  const struct booking *b)
{
    answer_etag(rq, b->version);
    answer_json(rq, 200, &manage_shape, manage_view_of(w, ws, b), 0);
    return OK;
}

/* ---- handlers ---- */

static enum result get_managed(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = manage_find(w, rq->params[0], &ws, &b);
    return res == OK ? answer_managed(rq, w, &ws, &b) : res;
}

/* The booking as it is once the diary is ours: found by its token, locked, and read again. */
static enum result find_to_change(struct request *rq, struct work *w, struct workspace *ws,
                                  struct booking *b)
{
    enum result res = manage_find(w, rq->params[0], ws, b);
    if (res == OK)
        res = diary_lock(w);
    if (res == OK)
        res = booking_load(w, b->id, b);
    return res == OK ? route_check_version(rq, w, b->version) : res;
}

static enum result refuse_late(struct work *w, const struct workspace *ws, const struct booking *b,
                               const char *verb)
{
    if (b->status != BOOKING_PENDING && b->status != BOOKING_CONFIRMED)
        return booking_refuse_transition(w, b, verb);
    return problem_set(w->problem, CONFLICT, "invalid_transition",
                       "It is too late to change this visit online. Please call %s.",
                       str_z(w->arena, ws->name));
}

static enum result cancel(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = find_to_change(rq, w, &ws, &b);
    if (res != OK)
        return res;
    if (!may_change(w, &ws, &b))
        return refuse_late(w, &ws, &b, "cancelled");
    res = booking_cancel(w, &ws, &b, true, false);
    return res == OK ? answer_managed(rq, w, &ws, &b) : res;
}

static enum result restore(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = find_to_change(rq, w, &ws, &b);
    if (res != OK)
        return res;
    if (!may_restore(w, &b))
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "This visit can no longer be taken back. Please book a new one.");
    res = booking_restore(w, &ws, &b, false);
    return res == OK ? answer_managed(rq, w, &ws, &b) : res;
}

struct reschedule_in {
    struct opt_int start, staff_id;
};
static const struct field reschedule_fields[] = {
    FIELD_INSTANT(struct reschedule_in, start, .required = true,
                  .doc = "one of the offered starts"),
    FIELD_ID(struct reschedule_in, staff_id,
             .doc = "absent: the same person where free, else anyone"),
};
static const struct shape reschedule_shape =
    SHAPE("ManageReschedule", struct reschedule_in, reschedule_fields);

static enum result reschedule(struct request *rq, struct work *w)
{
    const struct reschedule_in *in = rq->in;
    struct workspace ws;
    struct booking b;
    enum result res = find_to_change(rq, w, &ws, &b);
    if (res != OK)
        return res;
    if (in->staff_id.set && in->staff_id.value == 0)
        return work_missing_at(w, "staff_id", "member of staff");
    if (!may_change(w, &ws, &b))
        return refuse_late(w, &ws, &b, "moved");
    struct booking_move move = {
        .start = in->start,
        .staff_id = in->staff_id.value,
        .any_staff = !in->staff_id.set,
        .as_client = true,
    };
    res = booking_reschedule(w, &ws, &b, &move);
    return res == OK ? answer_managed(rq, w, &ws, &b) : res;
}

static enum result get_availability(struct request *rq, struct work *w)
{
    const struct availability_query *q = rq->query_in;
    struct workspace ws;
    struct booking b;
    enum result res = manage_find(w, rq->params[0], &ws, &b);
    return res == OK ? availability_answer_for(rq, w, &ws, &b, q) : res;
}

static enum result get_calendar(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = manage_find(w, rq->params[0], &ws, &b);
    if (res != OK)
        return res;
    struct buf ics;
    buf_init(&ics, 64 * 1024);
    struct ics_event event;
    struct str url =
        str_printf(w->arena, "%s/manage/" STR_FMT, w->app->base_url, STR_ARG(rq->params[0]));
    booking_event(w, &ws, &b, url, &event);
    ics_write(&ics, event.cancelled ? "CANCEL" : "PUBLISH", &event);
    struct str text = str_copy(w->arena, buf_view(&ics));
    buf_done(&ics);
    answer_header(rq, "Content-Disposition", STR("attachment; filename=\"visit.ics\""));
    answer_text(rq, 200, "text/calendar; charset=utf-8", text);
    return OK;
}

static const struct field nothing_fields[] = {{.name = NULL}};
static const struct shape nothing_shape = {
    .name = "ManageNothing", .size = 1, .fields = nothing_fields, .field_count = 0};

#define MANAGE_ROUTE .who = WHO_ANYONE, .tag = "public", .status = 200
#define MANAGE_STEP                                                                    \
    MANAGE_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .rate = RATE_PUBLIC_WRITE, \
                  .answer = &manage_shape

static const struct route manage_routes[] = {
    {MANAGE_ROUTE, .method = HTTP_GET_, .path = "/api/v1/public/manage/{token}", .mode = MODE_READ,
     .rate = RATE_PUBLIC_READ, .answer = &manage_shape, .handler = get_managed,
     .summary = "The client's own booking"},
    {MANAGE_STEP, .path = "/api/v1/public/manage/{token}/cancel", .body = &nothing_shape,
     .body_optional = true, .handler = cancel, .summary = "Cancel it, until the cut-off"},
    {MANAGE_STEP, .path = "/api/v1/public/manage/{token}/restore", .body = &nothing_shape,
     .body_optional = true, .handler = restore,
     .summary = "Take back one's own cancelling within ten minutes"},
    {MANAGE_STEP, .path = "/api/v1/public/manage/{token}/reschedule", .body = &reschedule_shape,
     .handler = reschedule, .summary = "Move it to an offered start"},
    {MANAGE_ROUTE, .method = HTTP_GET_, .path = "/api/v1/public/manage/{token}/availability",
     .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .query = &manage_availability_query_shape,
     .answer = &availability_shape, .handler = get_availability,
     .summary = "Where it could be moved: its own time counts as free"},
    {MANAGE_ROUTE, .method = HTTP_GET_, .path = "/api/v1/public/manage/{token}/calendar.ics",
     .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .answer_is_file = true, .handler = get_calendar,
     .summary = "The visit as an iCalendar file"},
};
const struct route_table manage_table = {manage_routes,
                                         sizeof manage_routes / sizeof manage_routes[0]};
