/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * merge: two clients who turn out to be one person, and back.
 *
 * Everything of `other` becomes the client's: visits, letters, jobs, ratings, forms, what was said,
 * tags, alerts, notes, and whatever detail the client has not. The row of `other` stays, hidden
 * (client.h: merged_into): links in letters belong to visits and go on working, whoever writes from
 * the old address is the client, and GET /clients/{other} is 404 client_merged with who they are.
 *
 * Each row that changes hands is written down, so that undoing gives back exactly those. What came
 * since stays with the client: a later visit, a message, a detail that somebody has changed. It is
 * refused (409, in words) where somebody else has the address by now, or where the client has been
 * merged on, which must be undone first.
 *
 * Clinical notes are joined, too, sealed as ever (privacy/privacy.h); those of `other` stay where
 * they are, so that they come apart again. Addresses for answers (reply_token) belong to a client
 * and lead on to whom they became (mailin).
 *
 * This folder knows visits, letters, ratings, forms and conversations by their rows: rows.c has one
 * place for each table that names a client, and a test walks the schema for one that was forgotten.
 * Whoever merges takes workspace_lock() first.
 */
#ifndef CAREOPS_MERGE_MERGE_H
#define CAREOPS_MERGE_MERGE_H

#include "http/route.h"

extern const struct route_table merge_table; /* /clients/{id}/merge, /client-merges… */

#endif
