/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of client/ share and nobody else sees. */
#ifndef CAREOPS_CLIENT_INTERNAL_H
#define CAREOPS_CLIENT_INTERNAL_H

#include "client/client.h"

extern const char *const client_statuses[]; /* "new", "contacted", "booked" */

/* Create and change alike: what is absent is empty or stays. */
struct client_in {
    struct str name, email, phone, notes;
    bool email_null; /* PATCH: take the address away */
    struct str_list tags, alerts;
    struct opt_int status;
};

/* CONFLICT already_exists, with {client_id} in the problem, where the address has a client. */
enum result client_create(struct work *w, const struct client_in *in, int64_t *ret_id) must_check;
/* Under If-Match of the request; without a request (rq NULL) the caller has checked its own. */
enum result client_change(struct request *rq, struct work *w, int64_t id,
                          const struct client_in *in) must_check;

struct client_query {
    struct str q; /* begins the name, a word of it, the address or the phone number */
    struct opt_int status;
    struct opt_int limit;
    struct str cursor;
};
/* Newest first, those older than `before_id`. */
enum result client_page(struct work *w, const struct client_query *q, int64_t before_id,
                        size_t limit, struct client **ret, size_t *ret_count) must_check;

#endif
