/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of today/ share. */
#ifndef CAREOPS_TODAY_INTERNAL_H
#define CAREOPS_TODAY_INTERNAL_H

#include "http/route.h"
#include "today/today.h"
#include "workspace/workspace.h"

enum { MINUTE_S = 60, HOUR_S = 3600 };

/* ---- a visit, as a line of a list ---- */

struct visit_row {
    int64_t id, version, start_s, end_s, outer_from_s, outer_to_s;
    int64_t client_id, staff_id, price, gates_unmet;
    bool staff_active;
    struct str status, client_name, client_phone, staff_name, services;
};

/* visit_rows reads them: of a booking b, its client c and its person r. */
#define VISIT_COLUMNS                                                                      \
    "SELECT b.id, b.version, b.status, b.start_s, b.end_s, b.outer_from_s, b.outer_to_s,"  \
    " b.client_id, b.staff_id, b.price, b.gates_unmet, c.name, c.phone, r.name, r.active," \
    " (SELECT string_agg(y.name, ' + ') FROM (SELECT x.name FROM booking_service x"        \
    "  WHERE x.workspace_id = b.workspace_id AND x.booking_id = b.id ORDER BY x.position) y)"
/* The usual way to them; after it the statement's own joins and WHERE. */
#define VISIT_SELECT                                                           \
    VISIT_COLUMNS                                                              \
    " FROM booking b"                                                          \
    " JOIN client c ON c.workspace_id = b.workspace_id AND c.id = b.client_id" \
    " JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id"

struct visit_row *visit_rows(struct arena *a, const struct db_rows *r);

/* ---- whether the people of some visits are there (fit.c) ---- */

enum misfit { FIT, MISFIT_INACTIVE, MISFIT_OFF, MISFIT_CLOSED, MISFIT_HOURS, MISFIT__MAX };
extern const char *const misfit_codes[]; /* by enum misfit; "" for FIT */

struct fit {
    enum misfit why;
    int64_t minutes; /* of the visit's work, buffers inside, that do not fit; rounded up */
};

/* One for each visit, by start, all within [from_s, to_s); at most DAY_VISITS_MAX. */
enum result fit_of(struct work *w, const struct workspace *ws, const struct visit_row *visits,
                   size_t count, struct fit **ret) must_check;

/* ---- the parts of the dashboard ---- */

struct day_figures { /* of visits by their start */
    int64_t date;
    int64_t count[5]; /* by enum booking_status's order: pending, confirmed, cancelled … */
    int64_t booked;   /* money: of all that are neither cancelled nor missed */
    int64_t completed;
    int64_t by_now;  /* booked, of those that have ended */
    int64_t minutes; /* of all that are neither cancelled nor missed */
};

struct figures_view;
extern const struct shape figures_shape;
const struct figures_view *figures_view(struct arena *a, const struct day_figures *f);
struct shape_list figures_list(struct arena *a, const struct day_figures *f, size_t count);
int64_t figures_no_shows(const struct day_figures *f);

/* The days from `date` on, seven of them. */
enum { WEEK_DAYS = 7 };
enum result figures_week(struct work *w, const struct workspace *ws, int64_t date,
                         struct day_figures ret[static WEEK_DAYS]) must_check;
enum result figures_span(struct work *w, int64_t from_s, int64_t to_s,
                         struct day_figures *ret) must_check;

struct counts {
    int64_t unanswered, pending_forms, overdue_forms, low_stock, failed_emails, not_told,
        unconfirmed, unmarked, low_ratings, parked_jobs, time_off_requests;
};
enum result figures_counts(struct work *w, struct counts *ret) must_check;

extern const struct shape attention_shape;
/* By severity, then in the order of the codes. */
enum result attention_list(struct work *w, const struct workspace *ws,
                           struct shape_list *ret) must_check;

extern const struct shape next_person_shape;
enum result next_list(struct work *w, const struct workspace *ws,
                      struct shape_list *ret) must_check;

extern const struct shape recent_shape;
enum result recent_list(struct work *w, struct shape_list *ret) must_check;

/* ---- routes ---- */

extern const struct shape dashboard_shape, health_shape, health_query_shape;
enum result dashboard_get(struct request *rq, struct work *w) must_check;
enum result health_get(struct request *rq, struct work *w) must_check;

#endif
