/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* public: what the public page shows, for its API and for the page's shell alike. */
#ifndef CAREOPS_DIARY_PUBLIC_H
#define CAREOPS_DIARY_PUBLIC_H

#include "diary/booking.h"
#include "feedback/feedback.h"

struct policy_view {
    struct opt_int slot_step_min, min_notice_min, max_advance_days, cancel_cutoff_min;
};
extern const struct shape policy_shape;
struct policy_view *policy_view_of(struct arena *a, const struct workspace *ws);

struct public_view {
    struct str name, slug, timezone, currency, locale, address, phone, contact_email, accent_color;
    struct shape_list hours, closures, services, staff;
    struct policy_view *policy;
    struct ratings_view *ratings; /* NULL: none yet */
    struct service *shown;        /* the services on the menu, for the page without JavaScript */
    size_t shown_count;
};
extern const struct shape public_shape;
enum result public_view_of(struct work *w, const struct workspace *ws,
                           struct public_view **ret) must_check;

/* The client's own booking by the token of their link; sets the actor. NOT_FOUND when unknown or
 * long past. */
struct manage_view;
extern const struct shape manage_shape;
enum result manage_find(struct work *w, struct str token, struct workspace *ret_ws,
                        struct booking *ret) must_check;
struct manage_view *manage_view_of(struct work *w, const struct workspace *ws,
                                   const struct booking *b);

#endif
