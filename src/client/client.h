/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * client: the people who come. One client per e-mail address and workspace, compared without case.
 *
 * A client has a name; an e-mail address may be absent (a walk-in), and then nobody is ever the
 * same. Tags are at most TAGS_MAX short words, alerts at most ALERTS_MAX sentences that whoever
 * serves the client must know (allergies, aids); both are kept as the JSON array that answers show.
 */
#ifndef CAREOPS_CLIENT_CLIENT_H
#define CAREOPS_CLIENT_CLIENT_H

#include "db/work.h"
#include "http/route.h"

enum { TAGS_MAX = 20, TAG_LENGTH_MAX = 40, ALERTS_MAX = 20 /* of STRS_ITEM_MAX characters */ };

struct client {
    int64_t id;
    struct str name, email /* absent: none */, phone, notes, tags /* JSON array */, status;
    struct str alerts; /* JSON array */
    int64_t version;
};

enum result client_load(struct work *w, int64_t id, struct client *ret) must_check;

/*
 * A visitor's details → the client of that address, made where there is none (*ret_created). An
 * existing client's name and phone are kept where present (a stranger must not rewrite them); an
 * absent phone is filled. Without e-mail always a new client. Safe against two at once: the unique
 * key decides.
 */
struct client_details {
    struct str name, email, phone;
};
extern const struct shape client_details_shape;        /* name required, email?, phone? (staff) */
extern const struct shape client_details_public_shape; /* name and email required */
enum result client_find_or_make(struct work *w, const struct client_details *in, struct client *ret,
                                bool *ret_created) must_check;
/* Corrects a client's details from a booking (audited); what is absent stays. CONFLICT
 * already_exists where the address is another client's. */
struct client_correction {
    struct str name, email, phone;
};
extern const struct shape client_correction_shape;
enum result client_correct(struct work *w, int64_t client_id,
                           const struct client_correction *in) must_check;
/* The business's first answer moves `new` to `contacted`. */
enum result client_contacted(struct work *w, int64_t client_id) must_check;
/* A booking moves `new` and `contacted` to `booked`. */
enum result client_booked(struct work *w, int64_t client_id) must_check;

extern const struct route_table client_table;

#endif
