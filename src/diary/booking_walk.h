/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_walk: bookings by start, either way, that fulfil what no index has in that order: a
 * client's name, a service, a room.
 *
 * A walk goes along the index that the question leads with (a client's, a person's, a state's, or
 * the start alone) and looks at so many bookings at the most, whatever it finds. So a page may hold
 * fewer than were asked for, even none, and there may be more behind it: the cursor says so. Where
 * a name fits a few clients only, each of them is walked instead.
 */
#ifndef CAREOPS_DIARY_BOOKING_WALK_H
#define CAREOPS_DIARY_BOOKING_WALK_H

#include "client/terms.h"
#include "db/work.h"

struct booking_walk {
    int64_t from_s, to_s;
    bool newest_first;
    bool resumed; /* after this one: */
    int64_t after_start_s, after_id;
    int64_t staff_id, client_id, service_id, resource_id; /* 0: any */
    const char *status;                                   /* "": any */
    struct str q;
    size_t limit;
};

struct walked {
    int64_t id, start_s;
};

/* At most `limit`, in order. *ret_more: there may be more behind *ret_last. */
enum result booking_walk(struct work *w, const struct booking_walk *q, struct walked **ret,
                         size_t *ret_count, bool *ret_more, struct walked *ret_last) must_check;

#endif
