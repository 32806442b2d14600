/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * forwarded: who the client is, when a proxy stands in between.
 *
 * X-Forwarded-For is believed only from peers that the operator named, and only as far back as
 * those reach: of "spoofed, client, proxy2" behind two trusted proxies the client is "client".
 * Addresses are compared as 16 bytes, IPv4 as ::ffff:a.b.c.d. Immutable after parsing: any thread.
 */
#ifndef CAREOPS_HTTP_FORWARDED_H
#define CAREOPS_HTTP_FORWARDED_H

#include "http/request.h"

enum { TRUSTED_MAX = 64 };

struct address {
    unsigned char bytes[16];
};

/* "192.0.2.1", "2001:db8::1" or "::ffff:192.0.2.1". */
bool address_parse(struct str s, struct address *ret) must_check;
/* IPv4 is written as such. */
void address_format(const struct address *a, char ret[static ADDRESS_TEXT]);
/* Whoever has one IPv6 address has its whole /64: the lower half becomes zero. IPv4 stays. */
struct address address_group(struct address a);

struct trusted {
    size_t count;
    struct {
        struct address net;
        int bits; /* of 128 */
    } nets[TRUSTED_MAX];
};

/* Comma-separated addresses or CIDR ("127.0.0.1, 10.0.0.0/8, ::1"); "" or NULL: none. */
bool trusted_parse(const char *list, struct trusted *ret) must_check;
bool trusted_has(const struct trusted *t, const struct address *a);

/* Sets rq->client from the peer and, where that is trusted, from X-Forwarded-For; takes over its
 * X-Request-Id then, too. The headers must be read already. */
void request_set_client(struct request *rq, const struct trusted *t, const struct address *peer);

#endif
