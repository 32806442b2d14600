/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * time_off_request: a member asks to be away; an owner decides.
 *
 *     pending ──approve──▶ approved      its time off is made in the same transaction
 *        ├──────decline──▶ declined
 *        └─────withdraw──▶ withdrawn     by who asked
 *
 * Invariants: a request is decided once; an approved one made exactly one row of time_off; a
 * member's pending requests do not overlap, and are at most TIME_OFF_REQUESTS_OPEN. The words of
 * who asked and of who decided are never rewritten. Bookings in that time stay: the request shows
 * them, so that whoever decides can move them.
 *
 * Whoever changes a request takes workspace_lock() first.
 */
#ifndef CAREOPS_TEAM_TIME_OFF_REQUEST_H
#define CAREOPS_TEAM_TIME_OFF_REQUEST_H

#include "team/internal.h"
#include "workspace/workspace.h"

enum { TIME_OFF_REQUESTS_OPEN = 20, TIME_OFF_BOOKINGS_SHOWN = 200 };

enum request_status {
    REQUEST_PENDING,
    REQUEST_APPROVED,
    REQUEST_DECLINED,
    REQUEST_WITHDRAWN,
    REQUEST_STATUS__MAX
};
extern const char *const request_status_names[]; /* NULL-terminated, in the enum's order */

struct time_off_request {
    int64_t id, staff_id;
    struct str staff_name;
    int64_t start_s, end_s, created_s, version;
    struct str reason, note, decided_by; /* decided_by: absent while nobody has */
    struct opt_int decided_s;
    enum request_status status;
};

/* NOT_FOUND with words. */
enum result request_load(struct work *w, int64_t id, struct time_off_request *ret) must_check;

/* Newest first, those older than `before_id`. */
struct request_range {
    int64_t staff_id;   /* 0: everybody's */
    const char *status; /* "": any */
    int64_t before_id, limit;
};
enum result request_page(struct work *w, const struct request_range *q,
                         struct time_off_request **ret, size_t *ret_count) must_check;

/* The member's open bookings that meet the time asked for, by start, at most
 * TIME_OFF_BOOKINGS_SHOWN: struct booking_left. */
enum result request_bookings(struct work *w, const struct time_off_request *t,
                             struct shape_list *ret) must_check;

/* For the caller themselves. INVALID at "start" or "end"; CONFLICT already_exists where a pending
 * one overlaps, limit_reached. Tells the owners. */
enum result request_make(struct work *w, const struct workspace *ws, int64_t start_s, int64_t end_s,
                         struct str reason, struct time_off_request *ret) must_check;

/* To approved or declined; tells who asked. OK also where it is that already: then nothing
 * changes. CONFLICT invalid_transition. */
enum result request_decide(struct work *w, const struct workspace *ws, struct time_off_request *t,
                           enum request_status to, struct str note) must_check;
enum result request_withdraw(struct work *w, struct time_off_request *t) must_check;

#endif
