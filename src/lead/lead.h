/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * lead: a public form, filled in by somebody whom the business need not know.
 *
 * They become a client by their address, their answers a completed form of that client and a
 * message in their conversation, in one transaction. What keeps machines off is the contact
 * page's (inbox/doubt.h): what is doubtful is kept and causes nothing.
 *
 * lead knows form, inbox, client and workspace; it stands apart from them so that neither form nor
 * inbox has to know the other.
 */
#ifndef CAREOPS_LEAD_LEAD_H
#define CAREOPS_LEAD_LEAD_H

#include "http/route.h"

extern const struct route_table lead_table; /* /public/{slug}/forms/{form_id} */

#endif
