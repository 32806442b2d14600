/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_view: a booking as it is answered, to staff and to the client. */
#ifndef CAREOPS_DIARY_BOOKING_VIEW_H
#define CAREOPS_DIARY_BOOKING_VIEW_H

#include "diary/booking.h"

struct booking_view;
extern const struct shape booking_shape; /* for staff */
extern const struct shape
    client_booking_shape; /* for the client: no stock, no other people's details */

struct person_view {
    struct opt_int id;
    struct str name;
};
struct client_in_booking_view {
    struct opt_int id;
    struct str name, email, phone;
};
struct booked_service_view {
    struct opt_int id;
    struct str name;
    struct opt_int duration_min, price;
};
struct booking_view {
    struct opt_int id, status, start, end;
    struct str local, local_end;
    struct id_list service_ids;
    struct shape_list services;
    struct opt_int staff_id;
    struct person_view *staff;
    struct client_in_booking_view *client;
    struct opt_int price;
    struct shape_list materials, resources;
    struct str notes, source;
    struct str client_alerts; /* JSON array */
    struct opt_bool gates_ok, is_test;
    struct str test_result;
    struct opt_int started_at, created_at, version;
};

/* The struct behind both shapes, in the arena. */
struct booking_view *booking_view_of(struct arena *a, const struct workspace *ws,
                                     const struct booking *b);

#endif
