/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * rows: what names a client, table by table. The numbers of the rows that move are written down
 * first; going back, of those only what is still the client's.
 */
#include "merge/internal.h"

/* $1 the business, $2 the merge, $3 the other, $4 the client. */
static enum result move(struct work *w, const struct merge *m, const char *record, const char *take)
{
    int64_t ws = w->actor.workspace_id;
    enum result r = db_exec(w->tx, record, db_i(ws), db_i(m->id.value), db_i(m->other_id));
    if (r == OK)
        r = db_exec(w->tx, take, db_i(ws), db_i(m->other_id), db_i(m->client_id.value));
    return r;
}

static enum result give_back(struct work *w, const struct merge *m, const char *give)
{
    return db_exec(w->tx, give, db_i(w->actor.workspace_id), db_i(m->id.value),
                   db_i(m->client_id.value), db_i(m->other_id));
}

#define RECORD \
    "INSERT INTO client_merge_row (workspace_id, merge_id, kind, row_id) SELECT workspace_id, $2, "
#define OF_OTHER " WHERE workspace_id = $1 AND client_id = $3"
#define TAKEN    "client_id = $3 WHERE workspace_id = $1 AND client_id = $2"
#define GIVEN                                                             \
    "client_id = $4 WHERE workspace_id = $1 AND client_id = $3 AND id IN" \
    " (SELECT row_id FROM client_merge_row WHERE workspace_id = $1 AND merge_id = $2 AND kind = "

/* A visit's jobs are found by the visit. Those of forms are named by their client, too. */
static enum result move_jobs(struct work *w, const struct merge *m, int64_t from_id, int64_t to_id)
{
    return db_exec(w->tx,
                   "UPDATE job SET client_id = $4, version = version + 1, occurrence = CASE WHEN"
                   " kind IN ('form_request', 'form_reminder') AND occurrence = CAST($3 AS TEXT)"
                   " THEN CAST($4 AS TEXT) ELSE occurrence END"
                   " WHERE workspace_id = $1 AND client_id = $3 AND booking_id IN"
                   " (SELECT row_id FROM client_merge_row WHERE workspace_id = $1 AND merge_id = $2"
                   "  AND kind = 'booking')",
                   db_i(w->actor.workspace_id), db_i(m->id.value), db_i(from_id), db_i(to_id));
}

/* A letter's link opens the visit while both are the same client's. */
static enum result move_links(struct work *w, const struct merge *m, int64_t from_id, int64_t to_id)
{
    return db_exec(w->tx,
                   "UPDATE feedback_link SET client_id = $4"
                   " WHERE workspace_id = $1 AND client_id = $3 AND booking_id IN"
                   " (SELECT row_id FROM client_merge_row WHERE workspace_id = $1 AND merge_id = $2"
                   "  AND kind = 'booking')",
                   db_i(w->actor.workspace_id), db_i(m->id.value), db_i(from_id), db_i(to_id));
}

enum result rows_move(struct work *w, const struct merge *m)
{
    enum result r = move(w, m, RECORD "'booking', id FROM booking" OF_OTHER,
                         "UPDATE booking SET version = version + 1, " TAKEN);
    if (r == OK)
        r = move_jobs(w, m, m->other_id, m->client_id.value);
    if (r == OK)
        r = move_links(w, m, m->other_id, m->client_id.value);
    if (r == OK)
        r = move(w, m, RECORD "'message', id FROM message" OF_OTHER, "UPDATE message SET " TAKEN);
    if (r == OK)
        r = move(w, m, RECORD "'rating', id FROM rating" OF_OTHER, "UPDATE rating SET " TAKEN);
    if (r == OK)
        r = move(w, m, RECORD "'form_submission', id FROM form_submission" OF_OTHER,
                 "UPDATE form_submission SET " TAKEN);
    /* Who had turned out to be the other is the client as well. */
    if (r == OK)
        r = move(w, m,
                 RECORD "'client', id FROM client WHERE workspace_id = $1 AND merged_into = $3",
                 "UPDATE client SET merged_into = $3 WHERE workspace_id = $1 AND merged_into = $2");
    return r;
}

enum result rows_back(struct work *w, const struct merge *m)
{
    enum result r = move_jobs(w, m, m->client_id.value, m->other_id);
    if (r == OK)
        r = move_links(w, m, m->client_id.value, m->other_id);
    if (r == OK)
        r = give_back(w, m, "UPDATE booking SET version = version + 1, " GIVEN "'booking')");
    if (r == OK)
        r = give_back(w, m, "UPDATE message SET " GIVEN "'message')");
    if (r == OK)
        r = give_back(w, m, "UPDATE rating SET " GIVEN "'rating')");
    if (r == OK)
        r = give_back(w, m, "UPDATE form_submission SET " GIVEN "'form_submission')");
    if (r == OK)
        r = give_back(w, m,
                      "UPDATE client SET merged_into = $4 WHERE workspace_id = $1 AND"
                      " merged_into = $3 AND id IN (SELECT row_id FROM client_merge_row"
                      " WHERE workspace_id = $1 AND merge_id = $2 AND kind = 'client')");
    return r;
}
