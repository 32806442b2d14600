/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * team: the members of staff: who they are, what they may, when they work. Also sign-up, which
 * makes a business and its first member together.
 *
 * A member is a resource of kind person with the same id; its version is the member's. Invariants:
 * at least one active owner; at most STAFF_MAX active members; an inactive member is in no slot,
 * and nobody by their session; weekly spans of a day do not overlap. Who has no hours of their own
 * (never PUT) works whenever the business is open; an empty PUT means never.
 *
 * An invitation's password is generated here, hashed, and put into the letter; it is in no answer
 * and no log. Who has an account already gets a link instead, and opens nothing here before their
 * yes; the owner is not told which of the two it was. A member has joined once they have said yes
 * or chosen a password of their own.
 */
#ifndef CAREOPS_TEAM_TEAM_H
#define CAREOPS_TEAM_TEAM_H

#include "account/account.h"
#include "db/work.h"
#include "diary/slots.h"
#include "http/route.h"

enum {
    STAFF_MAX = 200,            /* active members */
    STAFF_HOURS_MAX = 70,       /* weekly spans of one */
    TIME_OFF_MAX = 200,         /* entries of one that are not over yet */
    MEMBERS_OF_A_SERVICE = 200, /* active or not */
};

struct staff_member {
    int64_t id, user_id;
    struct str name, email;
    bool owner, bookable, active, hours_own;
    bool confirmed; /* false: had an account before and has not said yes */
    bool invited;   /* has not joined yet */
    unsigned permissions;
    int64_t version;
    /* the newest invitation, where there was one */
    bool was_invited;
    struct opt_int invite_expires_s;
    struct str letter_status, letter_error; /* as the outbox has them */
};

enum result team_member(struct work *w, int64_t staff_id, struct staff_member *ret) must_check;
/* By user: who signs in. */
enum result team_member_of_user(struct work *w, int64_t workspace_id, int64_t user_id,
                                struct staff_member *ret) must_check;
/* Active owners who have joined, for mails to "the owner": at most 10. */
enum result team_owners(struct work *w, struct staff_member **ret, size_t *ret_count) must_check;

/* When some members work: what diary/ needs. One entry per id asked, in that order. */
struct staff_calendar {
    int64_t staff_id;
    bool hours_own; /* true with no spans for whoever is inactive or unknown: never works */
    size_t weekly_count;
    struct weekly_span *weekly;
    size_t off_count;
    struct span *off; /* time off that meets [from_s, to_s), sorted by start */
};
/* Three bounded queries whatever the number of ids (at most STAFF_MAX). */
enum result team_calendars(struct work *w, const int64_t *staff_ids, size_t count, int64_t from_s,
                           int64_t to_s, struct staff_calendar **ret) must_check;

/* For sign-up: the owner is a member too, bookable only when switched on. */
enum result team_add(struct work *w, int64_t user_id, struct str name, bool owner,
                     unsigned permissions, bool bookable, int64_t *ret_staff_id) must_check;

extern const struct route_table team_table;             /* /staff… */
extern const struct route_table invitation_table;       /* /invitations… */
extern const struct route_table time_off_table;         /* /staff/{id}/time-off… */
extern const struct route_table time_off_request_table; /* /time-off-requests… */
extern const struct route_table signup_table;           /* /signup */

#endif
