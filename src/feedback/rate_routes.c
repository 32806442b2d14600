/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rate_routes: a client rates their visit, and changes their mind, by the link of a letter. */
#include "feedback/internal.h"

static const struct field given_fields[] = {
    FIELD_INT(struct given_view, stars, 0, 0),
    FIELD_STR(struct given_view, comment, 0, 0),
    FIELD_BOOL(struct given_view, may_show),
    FIELD_INSTANT(struct given_view, at, .doc = "when it was first given"),
};
static const struct shape given_shape = SHAPE("GivenRating", struct given_view, given_fields);

static const struct field rate_fields[] = {
    FIELD_OBJECT(struct rate_view, business, workspace_card_shape),
    FIELD_INSTANT(struct rate_view, start),
    FIELD_STR(struct rate_view, local, 0, 0, .doc = "the start as the business's clock shows it"),
    FIELD_RAW(struct rate_view, services, .json = RAW_TEXTS),
    FIELD_STR(struct rate_view, staff_name, 0, 0),
    FIELD_BOOL(struct rate_view, can_rate,
               .doc = "the visit has taken place, and a rating of it can still be changed"),
    FIELD_INSTANT(struct rate_view, change_until, .maybe = true,
                  .doc = "until when the rating given can be changed"),
    FIELD_OBJECT(struct rate_view, rating, given_shape, .maybe = true),
};
const struct shape rate_shape = SHAPE("VisitToRate", struct rate_view, rate_fields);

/* What stands behind one link, as it is now. */
struct rate {
    struct workspace ws;
    struct rated_visit visit;
    bool rated;
    struct rating rating;
};

static int64_t change_until(const struct rating *r)
{
    return r->created_s + RATING_OPEN_S;
}

static bool took_place(const struct rated_visit *v)
{
    return str_is(v->status, "completed");
}

static struct rate_view *view_of(struct work *w, const struct rate *r)
{
    struct rate_view *v = arena_new(w->arena, struct rate_view);
    char local[LOCAL_TEXT];
    tz_local_format(r->ws.tz, r->visit.start_s, local);
    *v = (struct rate_view){
        .business = workspace_card_of(w->arena, &r->ws),
        .start = some_int(r->visit.start_s),
        .local = str_copy(w->arena, str_of(local)),
        .services = r->visit.services,
        .staff_name = r->visit.staff_name,
        .can_rate =
            some_bool(took_place(&r->visit) && (!r->rated || w->now_s <= change_until(&r->rating))),
    };
    if (!r->rated)
        return v;
    v->change_until = some_int(change_until(&r->rating));
    v->rating = arena_new(w->arena, struct given_view);
    *v->rating = (struct given_view){
        .stars = some_int(r->rating.stars),
        .at = some_int(r->rating.created_s),
        .comment = r->rating.comment,
        .may_show = some_bool(r->rating.may_show),
    };
    return v;
}

/* `lock`: nobody else writes a rating here until the end of the transaction. */
static enum result open_link(struct work *w, struct str token, bool lock, struct rate *ret)
{
    struct feedback_link link;
    enum result res = link_find(w, token, &ret->ws, &link);
    if (res == OK && lock)
        res = workspace_lock(w);
    if (res != OK)
        return res;
    res = rated_visit_load(w, link.booking_id, &ret->visit);
    /* A visit that was handed to somebody else is theirs to rate. */
    if (res == NOT_FOUND || (res == OK && ret->visit.client_id != link.client.id))
        return work_missing(w, "link");
    if (res == OK)
        res = rating_of_booking(w, link.booking_id, &ret->rating);
    ret->rated = res == OK;
    return res == NOT_FOUND ? OK : res;
}

enum result rate_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct rate_view **ret)
{
    struct rate r;
    enum result res = open_link(w, token, false, &r);
    if (res != OK)
        return res;
    *ret_ws = r.ws;
    *ret = view_of(w, &r);
    return OK;
}

static enum result get_rate(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct rate_view *view;
    enum result res = rate_find(w, rq->params[0], &ws, &view);
    if (res == OK)
        answer_json(rq, 200, &rate_shape, view, 0);
    return res;
}

struct rate_in {
    struct opt_int stars;
    struct str comment;
    struct opt_bool may_show;
};
static const struct field rate_in_fields[] = {
    FIELD_INT(struct rate_in, stars, 1, RATING_STARS_MAX, .required = true),
    FIELD_STR(struct rate_in, comment, 0, RATING_COMMENT_MAX, .multiline = true),
    FIELD_BOOL(struct rate_in, may_show,
               .doc = "on the booking page, with the first name; counts with 4 stars or more"),
};
static const struct shape rate_in_shape = SHAPE("VisitRated", struct rate_in, rate_in_fields);

static enum result refuse(struct work *w, const struct rate *r)
{
    if (took_place(&r->visit)) {
        struct civil c = civil_from_days(tz_date(r->ws.tz, change_until(&r->rating)));
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "Your rating could be changed until %04d-%02d-%02d. It stays as it is.",
                           c.year, c.month, c.day);
    }
    bool ahead = str_is(r->visit.status, "pending") || str_is(r->visit.status, "confirmed");
    return problem_set(w->problem, CONFLICT, "invalid_transition", "%s",
                       ahead ? "This visit can be rated once it has taken place."
                             : "This visit did not take place, so it cannot be rated.");
}

static enum result post_rate(struct request *rq, struct work *w)
{
    const struct rate_in *in = rq->in;
    struct rate r;
    enum result res = open_link(w, rq->params[0], true, &r);
    if (res != OK)
        return res;
    if (!took_place(&r.visit) || (r.rated && w->now_s > change_until(&r.rating)))
        return refuse(w, &r);
    const struct rating_words words = {
        .stars = (int)in->stars.value,
        .comment = in->comment,
        .may_show = in->may_show.set && in->may_show.value,
    };
    struct rating was = r.rating;
    res = rating_put(w, &r.ws, &r.visit, r.rated ? &was : NULL, &words, &r.rating);
    if (res != OK)
        return res;
    r.rated = true;
    answer_json(rq, 200, &rate_shape, view_of(w, &r), 0);
    return OK;
}

#define RATE_ROUTE                                                                            \
    .who = WHO_ANYONE, .tag = "public", .status = 200, .path = "/api/v1/public/rate/{token}", \
    .answer = &rate_shape

static const struct route rate_routes[] = {
    {RATE_ROUTE, .method = HTTP_GET_, .mode = MODE_READ, .rate = RATE_PUBLIC_READ,
     .handler = get_rate, .summary = "The visit behind the link, and the rating given so far"},
    {RATE_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .rate = RATE_PUBLIC_WRITE,
     .body = &rate_in_shape, .handler = post_rate,
     .summary = "Rate it, or change the rating within 30 days"},
};
const struct route_table rate_table = {rate_routes, sizeof rate_routes / sizeof rate_routes[0]};
