/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * inbox: conversations with clients.
 *
 * One conversation with each client. Its messages are what the client wrote (`in`), what the
 * business answered (`out`, which goes to the client by e-mail) and notes that stay inside.
 * Invariants
 * - a message is kept whole and never changed; its row, the letter it causes and the audit event
 * are of one transaction;
 * - unanswered: since the client's last message nobody has answered; a note is no answer;
 * - the owner and who holds `inbox` see all; any other member those of the clients with whom they
 *   have, or had, a visit; the rest looks absent.
 * Each member has read up to a message of their own.
 *
 * inbox knows client, message, team, workspace and audit.
 */
#ifndef CAREOPS_INBOX_INBOX_H
#define CAREOPS_INBOX_INBOX_H

#include "db/work.h"
#include "http/route.h"

/* Whether this conversation is one that the member may see without `inbox`: for whoever tells of it
 * (live). */
enum result inbox_owns(struct work *w, int64_t conversation_id, bool *ret) must_check;

extern const struct route_table inbox_table;   /* /conversations… */
extern const struct route_table contact_table; /* /public/{slug}/contact */

#endif
