/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of merge/ share and nobody else sees. */
#ifndef CAREOPS_MERGE_INTERNAL_H
#define CAREOPS_MERGE_INTERNAL_H

#include "client/client.h"
#include "merge/merge.h"

/* What people have decided about a conversation. */
struct talk_state {
    struct str folder;
    struct opt_int assigned, set_aside, unwelcomed;
};

struct merge {
    struct opt_int id, client_id, at, undone_at;
    int64_t other_id;
    struct str by, undone_by;
    struct str before, after;                  /* JSON of the client's details */
    struct talk_state talk_before, talk_after; /* of the conversation that stays */
};

/* ---- the rows that change hands (rows.c, talk.c) ---- */

enum result rows_move(struct work *w, const struct merge *m) must_check;
enum result rows_back(struct work *w, const struct merge *m) must_check;
/* What was said, and with whom it stands; fills talk_before and talk_after. Going back has them
 * from details_read. */
enum result talk_move(struct work *w, struct merge *m) must_check;
enum result talk_back(struct work *w, const struct merge *m) must_check;

/* ---- the details (details.c) ---- */

/* Fills the client's gaps from the other and joins lists and notes; before and after go into *m.
 * The other has become the client by then. CONFLICT merge_too_long where a list or the notes would
 * be too long together. */
enum result details_join(struct work *w, const struct client *c, const struct client *other,
                         struct merge *m) must_check;
/* talk_before and talk_after of a merge that is to be undone. */
enum result details_read_talk(struct work *w, struct merge *m) must_check;
/* What the merge did to them and nobody has changed since is as it was. */
enum result details_part(struct work *w, const struct merge *m,
                         const struct client *other) must_check;

#endif
