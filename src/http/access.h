/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * access: the matrix of who may call what. It is declared in the routes (`who`, `permissions`,
 * `all_with`, `no_token`) and read in one place, here: the dispatcher asks it for each request, and
 * the documents ask it for every kind of caller.
 *
 *                    nobody   staff                              owner
 *   WHO_ANYONE       all      all                                all
 *   WHO_SIGNED_IN    no       all (their own account)            all
 *   WHO_STAFF        no       all; with `all_with`: who has one  all
 *                             of them all, the others their own
 *   WHO_OWNER        no       all with one of `permissions`      all
 *
 * A token is its maker, cut down to its scopes. It owns nothing: where a member without the
 * permission sees their own, a token without the scope is refused, since whoever hands out a token
 * for the stock does not mean their diary. Without `admin` it may read what every member may read,
 * and change nothing but what a scope opens. WHO_SIGNED_IN and `no_token` are closed to it.
 */
#ifndef CAREOPS_HTTP_ACCESS_H
#define CAREOPS_HTTP_ACCESS_H

#include "http/json_write.h"
#include "http/route.h"

enum access { ACCESS_NO, ACCESS_OWN, ACCESS_ALL };

/* What this caller may do on this route; `own` is what belongs to actor.staff_id. */
enum access route_access(const struct route *r, const struct actor *a);

/* ---- for the documents ---- */

/* "owner and staff; without bookings only their own" */
void access_words(struct buf *out, const struct route *r);
/* The members x-who and x-access of an operation: {who, permissions, own_without, tokens}. */
void access_members(struct json_out *j, const struct route *r);
/* ["clients","bookings"]: permissions and rights by name. */
void access_names(struct json_out *j, unsigned permissions);
/* The head and a row of an HTML table with a column for each kind of caller. */
void access_head(struct buf *html);
void access_row(struct buf *html, const struct route *r);

#endif
