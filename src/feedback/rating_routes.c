/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rating_routes: the ratings as the owner has them: which wait for an answer, which are shown. */
#include "feedback/internal.h"

struct who_view {
    struct opt_int id;
    struct str name;
};
static const struct field who_fields[] = {
    FIELD_ID(struct who_view, id),
    FIELD_STR(struct who_view, name, 0, 0),
};
static const struct shape who_shape = SHAPE("RatingPerson", struct who_view, who_fields);

struct rating_view {
    struct opt_int id, booking_id, stars, handled_at, at, changed_at, version;
    struct who_view *client, *staff;
    struct str services, comment, handled_by;
    struct opt_bool may_show, shown;
};
static const struct field rating_fields[] = {
    FIELD_ID(struct rating_view, id),
    FIELD_ID(struct rating_view, booking_id),
    FIELD_OBJECT(struct rating_view, client, who_shape),
    FIELD_OBJECT(struct rating_view, staff, who_shape),
    FIELD_RAW(struct rating_view, services, .json = RAW_TEXTS),
    FIELD_INT(struct rating_view, stars, 0, 0),
    FIELD_STR(struct rating_view, comment, 0, 0),
    FIELD_BOOL(struct rating_view, may_show, .doc = "the client agreed"),
    FIELD_BOOL(struct rating_view, shown, .doc = "stands on the booking page"),
    FIELD_INSTANT(struct rating_view, handled_at, .maybe = true),
    FIELD_STR(struct rating_view, handled_by, 0, 0, .maybe = true),
    FIELD_INSTANT(struct rating_view, at, .doc = "when it was first given"),
    FIELD_INSTANT(struct rating_view, changed_at, .doc = "when its client last changed it"),
    FIELD_INT(struct rating_view, version, 0, 0),
};
static const struct shape rating_shape = SHAPE("Rating", struct rating_view, rating_fields);

static struct who_view *who(struct arena *a, int64_t id, struct str name)
{
    struct who_view *v = arena_new(a, struct who_view);
    *v = (struct who_view){some_int(id), name};
    return v;
}

static struct rating_view view_of(struct arena *a, const struct rating *r)
{
    return (struct rating_view){
        .id = some_int(r->id),
        .booking_id = some_int(r->booking_id),
        .client = who(a, r->client_id, r->client_name),
        .staff = who(a, r->staff_id, r->staff_name),
        .services = r->services,
        .stars = some_int(r->stars),
        .comment = r->comment,
        .may_show = some_bool(r->may_show),
        .shown = some_bool(rating_is_shown(r)),
        .handled_at = r->handled_s,
        .handled_by = r->handled_by,
        .at = some_int(r->created_s),
        .changed_at = some_int(r->changed_s),
        .version = some_int(r->version),
    };
}

/* ---- the list ---- */

struct ratings_query {
    struct opt_bool attention;
    struct opt_int staff_id, client_id, limit;
    struct str cursor;
};
static const struct field ratings_query_fields[] = {
    FIELD_BOOL(struct ratings_query, attention,
               .doc = "true: only those of 3 stars or less that nobody has handled"),
    FIELD_ID(struct ratings_query, staff_id),
    FIELD_ID(struct ratings_query, client_id),
    PAGE_FIELDS(struct ratings_query),
};
static const struct shape ratings_query_shape =
    SHAPE("RatingsQuery", struct ratings_query, ratings_query_fields);

static enum result list_ratings(struct request *rq, struct work *w)
{
    const struct ratings_query *in = rq->query_in;
    size_t limit = in->limit.set ? (size_t)in->limit.value : PAGE_LIMIT_DEFAULT;
    bool paged;
    int64_t key = 0, before_id = INT64_MAX;
    enum result res = cursor_read(w, in->cursor, &paged, &key, &before_id);
    const struct rating_range q = {
        .attention = in->attention.set && in->attention.value,
        .staff_id = in->staff_id.value,
        .client_id = in->client_id.value,
        .before_id = paged ? before_id : INT64_MAX,
        .limit = (int64_t)limit + 1,
    };
    struct rating *list = NULL;
    size_t count = 0;
    /* What can be no id has no ratings; it is not a filter that is left out. */
    bool nobody = (in->staff_id.set && in->staff_id.value == 0) ||
                  (in->client_id.set && in->client_id.value == 0);
    if (res == OK && !nobody)
        res = rating_page(w, &q, &list, &count);
    if (res != OK)
        return res;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, list[count - 1].id);
    }
    struct rating_view *views = arena_new_array(w->arena, count + 1, struct rating_view);
    for (size_t i = 0; i < count; i++)
        views[i] = view_of(w->arena, &list[i]);
    answer_list(rq, &rating_shape, views, count, next, w->actor.permissions);
    return OK;
}

/* ---- one ---- */

static enum result answer_rating(struct request *rq, struct work *w, int64_t id)
{
    struct rating r;
    enum result res = rating_load(w, id, &r);
    if (res != OK)
        return res;
    struct rating_view v = view_of(w->arena, &r);
    answer_etag(rq, r.version);
    answer_json(rq, 200, &rating_shape, &v, w->actor.permissions);
    return OK;
}

static enum result get_rating(struct request *rq, struct work *w)
{
    return answer_rating(rq, w, request_id_param(rq, 0));
}

struct rating_patch {
    struct opt_bool handled, shown;
};
static const struct field rating_patch_fields[] = {
    FIELD_BOOL(struct rating_patch, handled, .doc = "somebody has seen to it"),
    FIELD_BOOL(struct rating_patch, shown, .doc = "false: hide it from the booking page"),
};
static const struct shape rating_patch_shape =
    SHAPE("RatingPatch", struct rating_patch, rating_patch_fields);

static enum result patch_rating(struct request *rq, struct work *w)
{
    const struct rating_patch *in = rq->in;
    struct rating was;
    enum result res = workspace_lock(w);
    if (res == OK)
        res = rating_load(w, request_id_param(rq, 0), &was);
    if (res == OK)
        res = route_check_version(rq, w, was.version);
    if (res == OK)
        res = rating_decide(w, &was, in->handled, in->shown);
    return res == OK ? answer_rating(rq, w, was.id) : res;
}

#define RATING_ROUTE .who = WHO_OWNER, .status = 200, .answer = &rating_shape, .tag = "ratings"

static const struct route rating_routes[] = {
    {RATING_ROUTE, .method = HTTP_GET_, .path = "/api/v1/ratings", .mode = MODE_READ,
     .query = &ratings_query_shape, .answer_is_list = true, .handler = list_ratings,
     .summary = "What clients said of their visits, newest first"},
    {RATING_ROUTE, .method = HTTP_GET_, .path = "/api/v1/ratings/{id}", .mode = MODE_READ,
     .handler = get_rating, .summary = "One rating"},
    {RATING_ROUTE, .method = HTTP_PATCH_, .path = "/api/v1/ratings/{id}", .mode = MODE_WRITE,
     .body = &rating_patch_shape, .handler = patch_rating,
     .summary = "Say that it is handled; show or hide it on the booking page"},
};
const struct route_table rating_table = {rating_routes,
                                         sizeof rating_routes / sizeof rating_routes[0]};
