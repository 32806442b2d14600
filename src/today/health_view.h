/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* health_view: a cause and the list of them. Private to today/; what each costs is in today.h. */
#ifndef CAREOPS_TODAY_HEALTH_VIEW_H
#define CAREOPS_TODAY_HEALTH_VIEW_H

#include "today/internal.h"

/* In the order of the answer. */
enum cause_group {
    GROUP_STAFF,
    GROUP_ROOM,
    GROUP_STOCK,
    GROUP_FORMS,
    GROUP_MESSAGES,
    GROUP_VISITS,
    GROUP__MAX
};
extern const char *const cause_groups[]; /* NULL-terminated, in the enum's order */

enum cause_code {
    CAUSE_STAFF_INACTIVE,
    CAUSE_STAFF_OFF,
    CAUSE_CLOSED,
    CAUSE_OUTSIDE_HOURS,
    CAUSE_ROOM_INACTIVE,
    CAUSE_ROOM_DOUBLE,
    CAUSE_STOCK_SHORT,
    CAUSE_STOCK_INACTIVE,
    CAUSE_STOCK_LOW,
    CAUSE_GATE_VISIT,
    CAUSE_GATE_FORM,
    CAUSE_FORM_PENDING,
    CAUSE_NOT_TOLD,
    CAUSE_UNCONFIRMED,
    CAUSE__MAX
};

/* What a cause has no use for is left out of the answer. */
struct cause {
    struct str code, group, message, action, fix_url;
    struct opt_int points, minutes;
    struct opt_int booking_id, version, start, end, client_id, staff_id;
    struct str client_name, client_phone, staff_name, services;
    struct opt_int resource_id;
    struct str resource_name;
    struct opt_int item_id, needed, on_hand, left, reorder_point;
    struct str item_name, unit;
    struct opt_int email_id, submission_id;
    struct str form_name;
};
extern const struct shape cause_shape;

/* The day that is looked at. */
struct health {
    struct work *w;
    const struct workspace *ws;
    int64_t date, from_s, to_s;
    size_t visit_count;
    const struct visit_row *visits;
    int64_t points;
    size_t count, left_off;
    struct cause *causes; /* CAUSES_MAX */
};

/* A line with its points, and NULL once the list is full: by then the score is 0. */
struct cause *health_cause(struct health *h, enum cause_code code, int64_t minutes);
/* The same about one visit. */
struct cause *health_visit(struct health *h, enum cause_code code, int64_t minutes,
                           const struct visit_row *v);
const struct visit_row *health_find(const struct health *h, int64_t booking_id);

/* Each looks for the causes of a group. */
enum result health_staff(struct health *h) must_check;
enum result health_rooms(struct health *h) must_check;
enum result health_stock(struct health *h) must_check;
enum result health_forms(struct health *h) must_check;
enum result health_messages(struct health *h) must_check;
enum result health_unconfirmed(struct health *h) must_check;

#endif
