/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * unsubscribe_routes: a client wants no more letters but those about their own visits, or wants
 * them again.
 *
 * A letter's List-Unsubscribe header names the page of the link; a mail program posts there the
 * form `List-Unsubscribe=One-Click` (RFC 8058), with no cookie and no page of ours before it. So
 * the body is read here: that form in either of its encodings, our own JSON, or nothing at all.
 */
#include "feedback/internal.h"

#include <string.h>

static const struct field unsubscribe_fields[] = {
    FIELD_OBJECT(struct unsubscribe_view, business, workspace_card_shape),
    FIELD_BOOL(struct unsubscribe_view, subscribed,
               .doc = "false: only letters about their own visits are sent"),
};
const struct shape unsubscribe_shape =
    SHAPE("Subscription", struct unsubscribe_view, unsubscribe_fields);

enum { WISH_MAX = 8 * 1024 };

struct wish_in {
    struct opt_bool subscribed;
};
static const struct field wish_fields[] = {
    FIELD_BOOL(struct wish_in, subscribed, .doc = "true: send them again"),
};
static const struct shape wish_shape = SHAPE("SubscriptionWish", struct wish_in, wish_fields);

static bool is_type(struct str type, const char *wanted)
{
    const char *semicolon = type.len ? memchr(type.ptr, ';', type.len) : NULL;
    size_t len = semicolon ? (size_t)(semicolon - type.ptr) : type.len;
    return str_is_nocase(str_trim((struct str){type.ptr, len}), wanted);
}

static bool contains(struct str s, const char *part)
{
    return s.len > 0 && memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

/* A form can say one thing only, so that it says it is enough. */
static enum result read_form(const struct request *rq, struct work *w, bool parts)
{
    bool said =
        parts ? contains(rq->body, "name=\"List-Unsubscribe\"") && contains(rq->body, "One-Click")
              : contains(rq->body, "List-Unsubscribe=One-Click");
    if (said)
        return OK;
    return problem_set(w->problem, INVALID, "validation_failed",
                       "The form wanted is List-Unsubscribe=One-Click.");
}

enum result unsubscribe_read(struct request *rq, struct work *w)
{
    struct str type = request_header(rq, "Content-Type");
    struct wish_in *in = arena_new(rq->arena, struct wish_in);
    rq->in = in;
    if (rq->body.len == 0)
        return OK;
    if (rq->body.len > WISH_MAX) {
        w->problem->status = 413;
        return problem_set(w->problem, INVALID, "body_too_large",
                           "This takes a body of at most %d KiB.", WISH_MAX / 1024);
    }
    if (is_type(type, "application/json"))
        return shape_read(rq->arena, w->problem, &wish_shape, rq->body, in);
    bool parts = is_type(type, "multipart/form-data");
    if (parts || is_type(type, "application/x-www-form-urlencoded"))
        return read_form(rq, w, parts);
    w->problem->status = 415;
    return problem_set(w->problem, INVALID, "unsupported_media_type",
                       "Send the body as application/json, or the form of a mail program.");
}

enum result unsubscribe_find(struct work *w, struct str token, struct workspace *ret_ws,
                             struct unsubscribe_view *ret)
{
    struct feedback_link link;
    struct client_peace peace;
    enum result res = link_find(w, token, ret_ws, &link);
    if (res == OK)
        res = client_peace(w, link.client.id, &peace);
    if (res == OK)
        *ret = (struct unsubscribe_view){workspace_card_of(w->arena, ret_ws),
                                         some_bool(!peace.unsubscribed)};
    return res;
}

enum result unsubscribe_do(struct request *rq, struct work *w, struct workspace *ret_ws,
                           struct unsubscribe_view *ret)
{
    const struct wish_in *in = rq->in;
    struct feedback_link link;
    bool subscribed = in->subscribed.set && in->subscribed.value;
    enum result res = link_find(w, rq->params[0], ret_ws, &link);
    if (res == OK)
        res = client_subscribe(w, link.client.id, subscribed);
    if (res == OK)
        *ret =
            (struct unsubscribe_view){workspace_card_of(w->arena, ret_ws), some_bool(subscribed)};
    return res;
}

static enum result answer(struct request *rq, enum result res, const struct unsubscribe_view *v)
{
    if (res == OK)
        answer_json(rq, 200, &unsubscribe_shape, v, 0);
    return res;
}

static enum result get_subscription(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct unsubscribe_view v;
    enum result res = unsubscribe_find(w, rq->params[0], &ws, &v);
    return answer(rq, res, &v);
}

static enum result post_subscription(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct unsubscribe_view v;
    enum result res = unsubscribe_do(rq, w, &ws, &v);
    return answer(rq, res, &v);
}

#define UNSUBSCRIBE_ROUTE                                                            \
    .who = WHO_ANYONE, .tag = "public", .status = 200, .answer = &unsubscribe_shape, \
    .path = "/api/v1/public/unsubscribe/{token}"

static const struct route unsubscribe_routes[] = {
    {UNSUBSCRIBE_ROUTE, .method = HTTP_GET_, .mode = MODE_READ, .rate = RATE_PUBLIC_READ,
     .handler = get_subscription, .summary = "Whether the client behind the link gets letters"},
    {UNSUBSCRIBE_ROUTE, .method = HTTP_POST_, .mode = MODE_WRITE, .rate = RATE_PUBLIC_WRITE,
     .body_raw = true, .body_optional = true, .also = {415}, .before = unsubscribe_read,
     .handler = post_subscription,
     .summary = "Stop the letters, or with {\"subscribed\": true} have them again; also one-click"},
};
const struct route_table unsubscribe_table = {unsubscribe_routes, sizeof unsubscribe_routes /
                                                                      sizeof unsubscribe_routes[0]};
