/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * form: what a business asks its clients before a visit, and what they answered.
 *
 * Invariants
 * - the fields of a form are a revision that never changes; changing them makes the next one, and a
 *   submission keeps the revision that it was given;
 * - a submission that is not completed is unique by (booking, form); it becomes completed once,
 * with answers that its revision allows, and stays so, though one that a visit has left behind
 * (moved, or another client's) may be asked for again;
 * - what was answered is shown to the owner alone: no link, letter or audit event repeats it.
 *
 *     pending ──▶ completed      by the client's link, until the visit has ended, and on until it
 * is marked where it could not be without (gate/gate.h) │ ▲ ▼ │ dropped                    the
 * visit is off, or is on again
 *
 * A service names the forms that are asked after it is booked (catalog); an intake form that none
 * names may be asked for with every visit. Who books calls form_ask,
 * who cancels form_drop, and who writes the letters form_link and form_requested: nothing here
 * plans or sends anything. Everything works in the caller's transaction, at the actor's workspace.
 *
 * form knows client, workspace, gate and audit; diary, catalog and robot lie above it.
 */
#ifndef CAREOPS_FORM_FORM_H
#define CAREOPS_FORM_FORM_H

#include "db/work.h"
#include "http/route.h"
#include "workspace/workspace.h"

enum {
    FORMS_MAX = 200,               /* of a business, those switched off too */
    FORM_FIELDS_MAX = 60,          /* of a form */
    FORM_OPTIONS_MAX = 50,         /* of a field */
    FORM_JSON_MAX = 48 * 1024,     /* bytes of a form's fields */
    FORM_ANSWERS_MAX = 112 * 1024, /* of one set of answers as they come, drawings too */
    FORM_THANKS_MAX = 1000,
    FORM_ASKED_MAX = 100,                     /* pending ones of a booking that form_ask tells */
    FORM_OVERDUE_S = 24 * 3600,               /* after so long an unanswered request is overdue */
    FORM_DRAFT_LIFE_S = 90 * SECONDS_PER_DAY, /* nobody has typed on: it is forgotten */
    FORM_GOOD_FOR_S = 365 * SECONDS_PER_DAY,  /* what was answered is not asked again for so long */
};

/* ---- for those who book, cancel and write letters ---- */

/* One that waits for its client. */
struct form_asked {
    int64_t id, form_id;
    struct str name;            /* of the form */
    struct opt_int requested_s; /* unset: no letter has asked for it */
};

/*
 * Makes the submissions that a booking and its services ask for and that are missing, makes those
 * that were dropped pending again, and tells all that are pending for this booking, oldest first. A
 * form that the client has completed less than FORM_GOOD_FOR_S ago is not asked again, nor is one
 * that is switched off. An unknown service asks for nothing.
 */
enum result form_ask(struct work *w, int64_t booking_id, int64_t client_id,
                     const int64_t *service_ids, size_t count, struct form_asked **ret,
                     size_t *ret_count) must_check;

/* The same of one form that the visit cannot take place without (gate/gate.h), whenever the client
 * last answered it; nothing where it is switched off. */
enum result form_ask_for(struct work *w, int64_t booking_id, int64_t client_id,
                         int64_t form_id) must_check;

/* For who looks again before a letter. `pending` false: completed, dropped, or the form is switched
 * off; the visit and its time are the asker's to look at. NOT_FOUND (with words) where there is no
 * such submission. */
struct form_pending {
    bool pending;
    struct str form_name;
    int64_t booking_id, client_id;
    struct opt_int requested_s;
};
enum result form_pending(struct work *w, int64_t submission_id,
                         struct form_pending *ret) must_check;
/* The same for a member who asks for it by hand: NOT_FOUND also where they may not see it, CONFLICT
 * (with words) where it is not waited for any more. */
enum result form_waits(struct work *w, int64_t submission_id, struct form_pending *ret) must_check;

/* A fresh link to the submission's page, for one letter. Only the token's hash is kept; the links
 * of earlier letters go on working. */
enum result form_link(struct work *w, int64_t submission_id, struct str *ret_url) must_check;

/* A letter that asks for it is written. The first time counts. */
enum result form_requested(struct work *w, int64_t submission_id) must_check;

/* The booking is off: what was not answered is dropped. */
enum result form_drop(struct work *w, int64_t booking_id) must_check;

/* The booking is now somebody else's: the links that were given out work no more, and what is not
 * answered is asked of them. */
enum result form_hand_over(struct work *w, int64_t booking_id, int64_t client_id) must_check;

/* For the janitor, in a transaction that is open to every business: forgets the oldest drafts. */
enum result form_sweep(struct work *w) must_check;

/* ---- the client's page ---- */

struct form_found; /* a submission with its form, as its client's link opens it */

/* By the token alone; enters its business as its client. The link works until a week after the
 * visit; NOT_FOUND (with words) otherwise. */
enum result form_find(struct work *w, struct str token, struct workspace *ret_ws,
                      struct form_found **ret) must_check;

/* What stands on the page, for shape_write with form_page_shape: never what was answered. */
struct form_page;
extern const struct shape form_page_shape;
struct form_page *form_page_of(struct work *w, const struct workspace *ws,
                               const struct form_found *f);

/* ---- a public form: anyone may fill it in, and becomes a lead ---- */

extern const struct shape form_field_shape; /* of each of `fields` */

struct form_open {
    int64_t id, revision;
    struct str name, thanks;
    bool clinical;
    struct shape_list fields;
};
/* NOT_FOUND (with words) unless it is public and not switched off. w is entered at the business. */
enum result form_open(struct work *w, int64_t id, struct form_open *ret) must_check;

/* What somebody has filled in, checked; the rest is for form_open_keep. */
struct form_lead {
    struct str name, email, phone; /* phone absent: none */
    struct str text;               /* readable, line by line; of a clinical form no answer */
    struct str answers, signatures;
};
/* INVALID with errors at "answers.<key>". */
enum result form_open_check(struct work *w, const struct form_open *f, struct str answers,
                            struct form_lead *ret) must_check;
/* Keeps it as a completed submission of the client, without a visit. */
enum result form_open_keep(struct work *w, const struct form_open *f, int64_t client_id,
                           const struct form_lead *lead) must_check;

/* For the page before its script runs. */
enum form_state { FORM_PENDING, FORM_COMPLETED, FORM_CLOSED };
enum form_state form_state_of(const struct form_found *f);
struct str form_name_of(const struct form_found *f);

extern const struct route_table form_table;            /* /forms… */
extern const struct route_table form_submission_table; /* /submissions…, and those of a booking */
extern const struct route_table form_print_table;      /* /submissions/{id}/form.pdf */
extern const struct route_table form_desk_table;       /* /submissions/{id}/link and /complete */
extern const struct route_table form_public_table;     /* /public/forms/{token} */

#endif
