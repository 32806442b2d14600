/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of team/ share and nobody else sees. */
#ifndef CAREOPS_TEAM_INTERNAL_H
#define CAREOPS_TEAM_INTERNAL_H

#include "team/team.h"

/* ---- reading and showing ---- */

/* Members by id, those after `after_id`. */
enum result team_page(struct work *w, int64_t after_id, size_t limit, struct staff_member **ret,
                      size_t *ret_count) must_check;

struct staff_hours_out {
    struct opt_bool inherits;
    struct shape_list weekly; /* struct hours_span */
    struct opt_int version;
};
extern const struct shape staff_hours_shape;

struct booking_left {
    struct opt_int id, start, end;
    struct str client_name;
};

extern const struct shape booking_left_shape;

/* How an invitation fares; the same for people who had an account and for those who had none. */
struct invitation_out {
    struct opt_int status, expires_at;
    struct str last_error;
};

struct staff_out {
    struct opt_int id;
    struct str name, email;
    struct opt_int role, permissions;
    struct opt_bool bookable, active, invited;
    struct id_list service_ids;
    struct invitation_out *invitation; /* NULL: never invited */
    struct staff_hours_out *hours;
    struct shape_list bookings_left; /* set by deactivation alone */
    struct opt_int version;
};
extern const struct shape staff_shape;

/* With services and hours; a fixed number of queries for each VIEW_CHUNK of members. */
enum result team_view(struct work *w, const struct staff_member *members, size_t count,
                      struct staff_out **ret) must_check;

/* The member that the path names. Whoever may see only themselves finds nobody else. */
enum result member_asked(const struct request *rq, struct work *w, int64_t *ret_id) must_check;

/* ---- changing: under the workspace's lock, so that the rules over several members hold ---- */

/* 103 bits. */
enum { FIRST_PASSWORD_LETTERS = 24, FIRST_PASSWORD_TEXT = READABLE_TEXT(24) };
enum { SERVICES_OF_A_MEMBER = 500 };

struct staff_in {
    struct str name, email; /* email: invitations alone */
    struct opt_int role, permissions;
    struct opt_bool bookable;
    struct id_list service_ids;
    /* Made before the transaction, for invitations. */
    char password[FIRST_PASSWORD_TEXT];
    char hash[PASSWORD_HASH_TEXT];
};

/* Locks, reads, and checks If-Match. The version goes up with what is written. */
enum result member_open(struct request *rq, struct work *w, int64_t staff_id,
                        struct staff_member *ret) must_check;
/* Replaces the services that a member performs. */
enum result member_assign(struct work *w, int64_t staff_id, struct id_list service_ids) must_check;
/* CONFLICT limit_reached when one more would be too many. */
enum result team_room_for_one(struct work *w) must_check;
enum result member_change(struct request *rq, struct work *w, int64_t staff_id,
                          const struct staff_in *in) must_check;
/* OK also when they are already: then nothing changes. */
enum result member_deactivate(struct request *rq, struct work *w, int64_t staff_id,
                              struct shape_list *ret_bookings_left) must_check;
enum result member_reactivate(struct request *rq, struct work *w, int64_t staff_id) must_check;

/* Own weekly hours, or back to the business's. */
struct staff_hours_in {
    struct opt_bool inherits;
    struct shape_list weekly;
};
enum result member_hours(struct request *rq, struct work *w, int64_t staff_id,
                         const struct staff_hours_in *in) must_check;

/* ---- time off: the caller holds the workspace's lock ---- */

enum { TIME_OFF_LONGEST_S = 2 * 366 * SECONDS_PER_DAY };

struct time_off {
    struct opt_int id, start, end;
    struct str local_start, local_end; /* in answers */
    struct str reason;
};
/* INVALID at "end" where the two are in the wrong order or too far apart. */
/* "2026-11-22T09:00" on the business's clock, or what work_bound() reads. INVALID at `path`. */
enum { TIME_OFF_WHEN_MAX = 40 };
enum result time_off_when(struct work *w, const struct tz *tz, struct str text, bool end,
                          const char *path, int64_t *ret) must_check;
enum result time_off_check(struct work *w, int64_t start_s, int64_t end_s) must_check;
/* Gives it an id. CONFLICT limit_reached when the member has too many ahead. */
enum result time_off_add(struct work *w, int64_t staff_id, struct time_off *t) must_check;

/* ---- inviting ---- */

extern const struct shape staff_new_shape;
extern const struct shape staff_reinvite_shape; /* no fields: only room for the new password */

/* `before` of both routes: generates and hashes the password. */
enum result invite_prepare(struct request *rq, struct work *w);
enum result invite(struct work *w, const struct staff_in *in, int64_t *ret_staff_id) must_check;
/* Open links of a member who is not to join any more. */
enum result invitations_end(struct work *w, int64_t staff_id) must_check;
enum result invite_again(struct request *rq, struct work *w, int64_t staff_id,
                         const struct staff_in *in) must_check;

#endif
