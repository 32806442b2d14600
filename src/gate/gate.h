/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * gate: what must be so before a visit may take place: a form that is signed, a patch test, another
 * service that comes first.
 *
 * A service declares its gates (catalog writes them, gate_declare). They are judged for one client
 * and one start:
 * - a form must have been completed by that client, however late, and on the business's calendar
 * not more than valid_days before the visit's date;
 * - a patch test or prerequisite is a visit of the asked service by that client which ends at least
 *   lead_hours before the start, and not more than valid_days before its date. One that is booked
 *   counts until somebody says that it did not take place; the visit that asks never counts for
 *   itself;
 * - after a test that failed only a later one that is written down as passed counts.
 *
 * Nothing of this depends on the clock, so what is missing changes with rows alone. Two questions
 * are asked of it: may it be booked there (GATE_PLANNED), and may it take place (GATE_DONE: what is
 * booked and not completed does not count any more). Nobody can answer either by hand.
 *
 * Invariant: booking.gates_unmet of each open booking is what the judge says of it. Whoever changes
 * a client's visits or completed forms calls gate_review() in the same transaction, under
 * workspace_lock(); after a change of what a service asks, or of the zone, gate_review_all() plans
 * a job that goes through the open bookings. Decisions (booking, moving, starting …) are made by
 * the judge, never by the column, which is for lists.
 *
 * gate knows workspace, audit and job; form, catalog, client and diary lie above it.
 */
#ifndef CAREOPS_GATE_GATE_H
#define CAREOPS_GATE_GATE_H

#include "base/tz.h"
#include "db/work.h"
#include "http/shape.h"
#include "workspace/workspace.h"

enum {
    GATES_OF_SERVICE_MAX = 10,
    GATES_OF_VISIT_MAX = 100,
    GATE_LEAD_HOURS_MAX = 24 * 60,
    GATE_VALID_DAYS_MAX = 3660,
};

enum gate_kind { GATE_FORM, GATE_PATCH_TEST, GATE_PREREQUISITE };
extern const char *const gate_kind_names[]; /* NULL-terminated */
enum gate_kind gate_kind_of(struct str name);

/* ---- judge.c: pure ---- */

struct gate_rule {
    enum gate_kind kind;
    int64_t asked_id; /* the form's or the service's */
    int lead_hours;
    struct opt_int valid_days;
    struct str name;    /* of what is asked; in rules that were loaded */
    struct str service; /* that asks */
    bool offered;       /* the form is switched on, the service can be booked */
};

enum gate_result { GATE_NO_RESULT, GATE_PASSED, GATE_FAILED };

/* A visit of the asked service: open or completed, never the one that asks. */
struct gate_visit {
    int64_t start_s, end_s;
    bool completed;
    enum gate_result result;
};

struct gate_facts {
    size_t visit_count; /* in any order; one may stand twice */
    struct gate_visit *visits;
    struct opt_int answered_s; /* when the form was last completed */
};

enum gate_why {
    GATE_OK,
    GATE_MISSING, /* no visit that counts, or no form */
    GATE_FAILED_TEST,
    GATE_NOT_DONE, /* GATE_DONE: it is booked and not completed */
    GATE_TOO_SOON, /* it is there, and ends too late */
    GATE_EXPIRED,  /* it is there, and too long ago */
    GATE_WHY__MAX
};
extern const char *const gate_why_codes[]; /* NULL-terminated, in the enum's order */

enum gate_stage { GATE_PLANNED, GATE_DONE };

struct gate_verdict {
    enum gate_why why;
    struct opt_int earliest_s; /* the first later start at which, as things are, it would be met */
    struct opt_int about_s; /* the end of the visit, or the moment of the form, that it is about */
};

struct gate_verdict gate_judge(const struct tz *tz, const struct gate_rule *rule,
                               const struct gate_facts *facts, int64_t start_s,
                               enum gate_stage stage);

/* Whether services that ask for each other (edges from → to) form a circle through `from`. Pure. */
struct gate_edge {
    int64_t from_id, to_id;
};
bool gate_circle(struct arena *a, const struct gate_edge *edges, size_t count, int64_t from_id);

/* ---- declare.c: what a service asks ---- */

struct gate_io {
    struct opt_int kind, form_id, service_id, lead_hours, valid_days;
};
extern const struct shape gate_io_shape;

/* What can be said of the list alone: INVALID at requires.N.… */
enum result gate_check(struct work *w, int64_t service_id, const struct gate_io *list,
                       size_t count) must_check;
/* Replaces what the service asks. NOT_FOUND or INVALID at requires.N for what is not there, is not
 * offered, or asks for this service in turn. The caller has the workspace's lock. */
enum result gate_declare(struct work *w, int64_t service_id, const struct gate_io *list,
                         size_t count) must_check;
struct str gate_text(struct arena *a, const struct gate_io *list, size_t count); /* for the audit */

/* ---- load.c ---- */

/* What the services of a booking, or one of these services, ask, in their order. Of a client who
 * was erased nothing is asked: what they had signed is gone with them, and a visit of theirs that
 * has been is still to be marked. */
enum result gate_rules_of_booking(struct work *w, int64_t booking_id, struct gate_rule **ret,
                                  size_t *ret_count) must_check;
enum result gate_rules_of(struct work *w, const int64_t *service_ids, size_t count,
                          struct gate_rule **ret, size_t *ret_count) must_check;

/* What the judge needs of a client for starts from_s … to_s (of the most recent visits, and of
 * forms); the visits of `except_booking_id` are left out. */
enum result gate_facts(struct work *w, const struct gate_rule *rule, int64_t client_id,
                       int64_t except_booking_id, int64_t from_s, int64_t to_s,
                       struct gate_facts *ret) must_check;

/* ---- review.c ---- */

/* Judges all open bookings of a client anew, and keeps what is missing. *ret_any (may be NULL): one
 * of them has a service that asks for something, or had one. */
enum result gate_review(struct work *w, int64_t client_id, bool *ret_any) must_check;
/* One page of a business's open bookings after a place, which it moves on; *ret_more: there are
 * more. For the job. */
struct gate_place {
    int64_t end_s, id;
};
enum result gate_review_page(struct work *w, struct gate_place *at, bool *ret_more) must_check;
/* Plans the job that judges all of them, in the caller's transaction. */
enum result gate_review_all(struct work *w) must_check;
/* The next page of a review, which its job's occurrence names with the place. */
enum result gate_review_on(struct work *w, struct str review, struct gate_place at) must_check;
bool gate_place_read(struct arena *a, struct str occurrence, struct str *ret_review,
                     struct gate_place *ret);

/* ---- words.c ---- */

/* What is wrong, and what to do: one sentence or two. Only where the verdict is not OK. */
struct str gate_words(struct arena *a, const struct tz *tz, const struct gate_rule *rule,
                      const struct gate_verdict *verdict);
/* The same for whoever has said only an address: of no client in particular. `phone` may be empty.
 */
struct str gate_words_for_anyone(struct arena *a, const struct gate_rule *rule,
                                 const struct workspace *ws);

#endif
