/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of feedback/ share and nobody else sees. */
#ifndef CAREOPS_FEEDBACK_INTERNAL_H
#define CAREOPS_FEEDBACK_INTERNAL_H

#include "feedback/feedback.h"

#include "client/client.h"

/* ---- links ---- */

struct feedback_link {
    int64_t booking_id;
    struct client client;
};
/* Whose the link is: sets the actor to that client, at their business. NOT_FOUND with words. */
enum result link_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct feedback_link *ret) must_check;

/* ---- the visit that is rated ---- */

struct rated_visit {
    int64_t booking_id, client_id, staff_id;
    int64_t start_s, end_s;
    struct str status, staff_name;
    struct str client_name;
    struct str services;       /* JSON array of their names */
    struct str services_words; /* "Cut, Colour" */
};
/* NOT_FOUND without words where there is none. */
enum result rated_visit_load(struct work *w, int64_t booking_id,
                             struct rated_visit *ret) must_check;

/* ---- ratings ---- */

struct rating {
    int64_t id, booking_id, client_id, staff_id;
    int stars;
    struct str client_name, staff_name, services, comment;
    bool may_show, hidden;
    struct opt_int handled_s;
    struct str handled_by;
    int64_t created_s, changed_s, version;
};

static inline bool rating_is_shown(const struct rating *r)
{
    return r->may_show && !r->hidden;
}

/* NOT_FOUND with words. */
enum result rating_load(struct work *w, int64_t id, struct rating *ret) must_check;
/* NOT_FOUND without words: nobody has rated it yet. */
enum result rating_of_booking(struct work *w, int64_t booking_id, struct rating *ret) must_check;

struct rating_range {
    bool attention;    /* low ones that nobody has handled */
    int64_t client_id; /* 0: everybody's */
    int64_t staff_id;  /* 0: everybody's */
    int64_t before_id, limit;
};
/* Newest first. */
enum result rating_page(struct work *w, const struct rating_range *q, struct rating **ret,
                        size_t *ret_count) must_check;

/* What the client says; *was NULL the first time. Under the lock; keeps the total, and tells the
 * owners of a low one. */
struct rating_words {
    int stars;
    struct str comment;
    bool may_show;
};
enum result rating_put(struct work *w, const struct workspace *ws, const struct rated_visit *v,
                       const struct rating *was, const struct rating_words *words,
                       struct rating *ret) must_check;

/* What the owner decides; under the lock. */
enum result rating_decide(struct work *w, const struct rating *was, struct opt_bool handled,
                          struct opt_bool shown) must_check;

/* To every owner, once a rating. */
enum result low_rating_tell(struct work *w, const struct workspace *ws, const struct rated_visit *v,
                            const struct rating *r) must_check;

#endif
