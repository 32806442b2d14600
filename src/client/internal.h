/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of client/ share and nobody else sees. */
#ifndef CAREOPS_CLIENT_INTERNAL_H
#define CAREOPS_CLIENT_INTERNAL_H

#include "client/client.h"

/* ---- rows ---- */

#define CLIENT_COLUMNS                                                                           \
    "c.id, c.name, c.email, c.phone, c.notes, c.tags, c.status, c.version, c.alerts,"            \
    " c.paused_until_s, c.unsubscribed_s, c.source, c.created_s, c.merged_into, c.terms_made,"   \
    " c.erased_s, EXISTS (SELECT 1 FROM client_clinical n WHERE n.workspace_id = c.workspace_id" \
    "  AND n.client_id = c.id AND n.notes <> ''), c.paused_by, c.sample"

enum { CLIENT_COLUMN_COUNT = 19 };

struct client client_of(const struct db_rows *rows, size_t i);

/* ---- being found (index.c) ---- */

/* A client that was just made, with all its terms and tags. */
enum result client_index_new(struct work *w, const struct client *c,
                             struct client_tally *tally) must_check;
/* Only its status has changed. */
enum result client_index_status(struct work *w, int64_t id, struct str was,
                                struct str is) must_check;
/* Tags, as JSON, that a client had and has: how many have each. Absent: none. */
enum result client_count_tags(struct work *w, struct str had, struct str has,
                              struct client_tally *tally) must_check;

/* ---- lists of clients (search.c) ---- */

struct client_query {
    struct str q;
    struct str tag;
    struct opt_int status, source;
    struct opt_int limit;
    struct str cursor;
};
/* Newest first, those older than `before_id`. */
enum result client_page(struct work *w, const struct client_query *q, int64_t before_id,
                        size_t limit, struct client **ret, size_t *ret_count) must_check;

/* ---- one at a glance ---- */

enum { DUPLICATES_MAX = 10 };
struct client_duplicate {
    struct client client;
    const char *why; /* "similar_email", "same_phone", "same_name" */
};
struct client_duplicates {
    size_t count;
    struct client_duplicate items[DUPLICATES_MAX];
};
enum result client_find_duplicates(struct work *w, const struct client *of,
                                   struct client_duplicates *ret) must_check;
extern const struct shape client_overview_shape;
enum result client_get_overview(struct request *rq, struct work *w) must_check;

#endif
