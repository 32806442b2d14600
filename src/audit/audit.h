/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * audit: one append-only row per change, in the transaction of the change: who, what, from which
 * request, before and after.
 *
 * The row is also what the event stream tells (live/live.h).
 *
 * `changes` is a JSON object {"field": [before, after], …}; `audit_begin` starts it in the arena,
 * `audit_*` add what really differs, `audit_end` writes the row. Secrets never go in: say
 * audit_note(&a, "password", "changed").
 */
#ifndef CAREOPS_AUDIT_AUDIT_H
#define CAREOPS_AUDIT_AUDIT_H

#include "base/buf.h"
#include "db/work.h"
#include "http/route.h"

struct audit {
    struct work *work;
    const char *entity; /* "booking", "item", … as in the API's path, singular */
    int64_t entity_id;
    const char *action; /* "created", "changed", "cancelled", … */
    struct buf changes;
    bool any;
    int64_t staff_id, other_staff_id; /* audit_staff */
};

void audit_begin(struct audit *a, struct work *w, const char *entity, int64_t entity_id,
                 const char *action);
/* Each adds [before, after] where they differ; absent or unset is null. */
void audit_str(struct audit *a, const char *field, struct str before, struct str after);
void audit_int(struct audit *a, const char *field, struct opt_int before, struct opt_int after);
void audit_bool(struct audit *a, const char *field, bool before, bool after);
void audit_qty(struct audit *a, const char *field, int64_t before, int64_t after);
void audit_instant(struct audit *a, const char *field, struct opt_int before, struct opt_int after);
/* Whom the change concerns, and from whom a visit was taken (0: nobody): they hear of it (live.h).
 */
void audit_staff(struct audit *a, int64_t staff_id, int64_t other_staff_id);
void audit_note(struct audit *a, const char *field, const char *what);
/* Writes the row; also when nothing differs, since the action itself may be the change. Frees the
 * buffer in every case. */
enum result audit_end(struct audit *a) must_check;
/* begin + end for an action without fields. */
enum result audit_action(struct work *w, const char *entity, int64_t entity_id,
                         const char *action) must_check;

/* The events of one entity, oldest first, at most `limit`. */
struct audit_event {
    struct opt_int id, at;
    struct str actor_kind, actor_name, request_id, entity, action, changes;
    struct opt_int entity_id;
};
extern const struct shape audit_event_shape;
enum result audit_of(struct work *w, const char *entity, int64_t entity_id, int limit,
                     struct audit_event **ret, size_t *ret_count) must_check;

/* What GET /audit asks, for whoever gives the same out in another form. */
struct audit_query {
    struct opt_int limit;
    struct str cursor;
    struct str entity;
    struct opt_int entity_id, actor;
    struct str from, to;
};
/* clang-format off */
#define AUDIT_FILTER_FIELDS                                                                        \
    FIELD_STR(struct audit_query, entity, 1, 40, .doc = "booking, item, service …"),               \
    FIELD_ID(struct audit_query, entity_id, .doc = "with `entity`: of this one alone"),            \
    FIELD_ID(struct audit_query, actor, .doc = "a member's id, or a user's"),                      \
    FIELD_STR(struct audit_query, from, 10, 40,                                                    \
              .doc = "a local date (from its start) or an instant"),                               \
    FIELD_STR(struct audit_query, to, 10, 40,                                                      \
              .doc = "a local date (to its end) or an instant (before it)")
/* clang-format on */
/* The newest first, below an id, at most `limit`. */
enum result audit_find(struct work *w, const struct audit_query *q, int64_t below_id, int64_t limit,
                       struct audit_event **ret, size_t *ret_count) must_check;

extern const struct route_table audit_table;

#endif
