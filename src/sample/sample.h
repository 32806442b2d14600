/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sample: an invented week, to look around in before there is a real one. One click of the owner's
 * puts it in, another takes it out.
 *
 * What is invented are clients (client.sample), and all that belongs to one is sample data: visits
 * in the business's own services and hours, conversations, ratings, and whatever is added on them
 * later by whomever.
 * Invariants
 * - nothing real becomes a sample client's, nor they anybody real (client_keep_apart), so that
 *   taking out by the client takes all that came in and nothing else;
 * - nothing leaves: letters about them are withheld, to the business too; nothing is planned; the
 *   owner's morning does not count them; the public page's average does not know their stars;
 * - their visits hold time as any, since the calendar shall be true, and take no stock, since
 *   movements of stock are never removed;
 * - coming in and going are one event of the audit each, and one transaction under the business's
 *   lock. What members did to them meanwhile stays in the audit, as all they do.
 *
 * The demo of `careops demo` is another thing: a business of its own.
 */
#ifndef CAREOPS_SAMPLE_SAMPLE_H
#define CAREOPS_SAMPLE_SAMPLE_H

#include "http/route.h"

extern const struct route_table sample_table; /* /workspace/sample */

#endif
