/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * addresses: how many connections each client address has open. I/O thread only. Bounded by the
 * number of connections: an address without any is forgotten.
 */
#ifndef CAREOPS_HTTP_ADDRESSES_H
#define CAREOPS_HTTP_ADDRESSES_H

#include "http/forwarded.h"

enum { ADDRESS_BUCKETS = 4096 };

struct address_count;

struct addresses {
    unsigned char key[16]; /* of the hash, so that nobody can choose colliding addresses */
    struct address_count *buckets[ADDRESS_BUCKETS];
};

void addresses_init(struct addresses *t, const struct env *env);
void addresses_done(struct addresses *t);
/* Counts one more; false (and counts nothing) when there are `max` already. */
bool addresses_enter(struct addresses *t, const struct address *a, int max) must_check;
void addresses_leave(struct addresses *t, const struct address *a);

#endif
