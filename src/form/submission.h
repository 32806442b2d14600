/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * submission: one form that one client was asked, as the business sees it, and who of it may.
 *
 *                      that it is there, and its state       what was answered
 *   owner              all                                   all
 *   `bookings`         those of visits                       of their own visits, as below
 *   any other member   those of their own visits             where the form says staff_reads
 *
 * What is clinical besides needs the permission `clinical`, stands in no list, and each reading of
 * it is an event of the audit. internal to form/.
 */
#ifndef CAREOPS_FORM_SUBMISSION_H
#define CAREOPS_FORM_SUBMISSION_H

#include "form/internal.h"

extern const char *const submission_statuses[]; /* pending, completed, dropped; NULL-terminated */

struct submission_view;
extern const struct shape submission_shape;      /* in lists */
extern const struct shape submission_full_shape; /* one, with its fields */

/* What a list is asked for; ids 0: of all. */
struct submission_query {
    int64_t form_id, booking_id, client_id;
    const char *status; /* NULL: any */
    bool overdue;       /* then in the order of the letters that asked, the last first */
    int64_t below_requested_s, below_id;
    size_t limit;
};
/* Newest first, as the caller may see them. */
enum result submission_list(struct work *w, const struct submission_query *q,
                            struct submission_view **ret, size_t *ret_count) must_check;
/* Of the page after this one, where `last` is the list's item at which to stop. */
struct str submission_cursor(struct work *w, const struct submission_query *q,
                             const struct submission_view *last);
const struct submission_view *submission_at(const struct submission_view *list, size_t i);

struct submission {
    int64_t id, form_id, revision, booking_id, client_id; /* booking_id 0: a lead's */
    struct str status, form_name, client_name;
    bool clinical, readable; /* readable: this caller may have the answers */
    bool open;               /* it waits for its client, and can still be filled in */
    bool elsewhere;          /* without fields: filled in by an external link */
    struct opt_int visit_start_s, requested_s, completed_s;
    struct form_fields fields;
    struct submission_view *view; /* without answers */
};
/* NOT_FOUND (with words) also where the caller may not see it. */
enum result submission_load(struct work *w, int64_t id, struct submission *ret) must_check;

/*
 * Its answers for this caller, put into the view as well, and written down as read where they are
 * clinical. `what`: the action of the audit ("read", "printed"). DENIED with words where they may
 * not be had; an absent text where there are none.
 */
enum result submission_answers(struct work *w, struct submission *s, const char *what,
                               struct str *ret) must_check;

#endif
