/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * feedback: what clients say after their visit, what the business makes of it, and the clients who
 * want no more letters.
 *
 * Invariants
 * - a link is 32 random bytes, of which only the hash is stored. It opens the rating of one visit,
 *   as long as that visit is the client's to whom it was sent, and the client's own wish about
 *   letters. It signs nobody in, and several of one visit work side by side;
 * - a visit has one rating, from its client, once it is completed. It may be changed for
 *   RATING_OPEN_S after it was first given;
 * - it is shown to all where its client agreed, it has RATING_SHOWN_STARS or more, and the owner
 * has not hidden it. The average and the count are over all ratings, shown or not;
 * - one of RATING_LOW_STARS or less waits for the owner until somebody has handled it. The owners
 *   get one letter about it, however often it is changed.
 *
 * Whoever writes a rating takes workspace_lock() first. This folder knows bookings by their rows
 * alone: the diary, which shows ratings on its public page, lies above it.
 */
#ifndef CAREOPS_FEEDBACK_FEEDBACK_H
#define CAREOPS_FEEDBACK_FEEDBACK_H

#include "db/work.h"
#include "http/route.h"
#include "workspace/workspace.h"

enum {
    RATING_STARS_MAX = 5,
    RATING_LOW_STARS = 3,
    RATING_SHOWN_STARS = 4,
    RATING_COMMENT_MAX = 2000,
    RATING_OPEN_S = 30 * SECONDS_PER_DAY,
    RATINGS_SHOWN_MAX = 10,
};

/* ---- links, for the letter after a visit ---- */

struct feedback_links {
    struct str rate_url, unsubscribe_url; /* in the arena */
};
/* Mints links of this visit for this client; earlier ones keep working. */
enum result feedback_mint(struct work *w, int64_t booking_id, int64_t client_id,
                          struct feedback_links *ret) must_check;

/* ---- sample data (sample/sample.h) ---- */

/* What a sample client says of a visit: it is shown to nobody but the business, and counts in no
 * total that others see. Nobody is told. */
enum result feedback_invent(struct work *w, int64_t booking_id, int stars,
                            struct str comment) must_check;

/* ---- what the pages behind a link show ---- */

struct given_view {
    struct opt_int stars, at;
    struct str comment;
    struct opt_bool may_show;
};

struct rate_view {
    struct workspace_card *business;
    struct opt_int start;
    struct str local, services /* JSON array */, staff_name;
    struct opt_bool can_rate;
    struct opt_int change_until;
    struct given_view *rating; /* NULL: none yet */
};
extern const struct shape rate_shape;

/* By the token of a link; sets the actor to its client. NOT_FOUND with words. */
enum result rate_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct rate_view **ret) must_check;

struct unsubscribe_view {
    struct workspace_card *business;
    struct opt_bool subscribed;
};
extern const struct shape unsubscribe_shape;

enum result unsubscribe_find(struct work *w, struct str token, struct workspace *ret_ws,
                             struct unsubscribe_view *ret) must_check;
/*
 * For routes with a raw body: {"subscribed"?: bool} as JSON, or the one-click form of RFC 8058, in
 * either of a form's two encodings, or nothing. `unsubscribe_read` is the route's `before` and
 * leaves the wish in rq->in, where `unsubscribe_do` finds it.
 */
enum result unsubscribe_read(struct request *rq, struct work *w) must_check;
enum result unsubscribe_do(struct request *rq, struct work *w, struct workspace *ret_ws,
                           struct unsubscribe_view *ret) must_check;

/* ---- what a business shows of its ratings ---- */

struct shown_rating {
    struct opt_int stars, date;
    struct str comment, name; /* the client's first name; absent where it reads like none */
};
struct ratings_view {
    struct opt_int count, average_tenths;
    struct shape_list recent; /* struct shown_rating, newest first, at most RATINGS_SHOWN_MAX */
};
extern const struct shape ratings_shape;
/* *ret NULL where nobody has rated yet. */
enum result ratings_of_business(struct work *w, const struct workspace *ws,
                                struct ratings_view **ret) must_check;

extern const struct route_table rate_table;        /* /public/rate/{token} */
extern const struct route_table unsubscribe_table; /* /public/unsubscribe/{token} */
extern const struct route_table rating_table;      /* /ratings… */

#endif
