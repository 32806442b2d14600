/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * undo: taking back the last change of a booking.
 *
 * Whoever changes a booking on somebody's behalf marks where it stood before (undo_mark) and keeps
 * that afterwards (undo_keep). One row a booking is kept, of its last change; it counts while the
 * booking has the version that this change gave it, and for UNDO_LIFE_S. Any other change, kept or
 * not, makes another version and so ends it; what has run out goes with the next change of that
 * business. The row says where to go back to and nothing else: what happened, the audit says.
 *
 * Going back is a change like any other: under the diary's lock, with the database's word on
 * overlap, with stock by new rows of the ledger, the client's gates looked at, an event of its own
 * and letters by what each reader believes. It cannot itself be taken back.
 */
#ifndef CAREOPS_DIARY_UNDO_H
#define CAREOPS_DIARY_UNDO_H

#include "diary/booking.h"

enum { UNDO_LIFE_S = 86400 };

struct undo_point {
    struct booking before;
    struct str holds; /* as the row has them */
};
/* In the transaction of the change, once the diary is locked. */
enum result undo_mark(struct work *w, const struct booking *b, struct undo_point *ret) must_check;
/* Nothing where the change came to nothing. `action`: which it was, for the pages. */
enum result undo_keep(struct work *w, const struct undo_point *from, const struct booking *after,
                      const char *action) must_check;

/* Whether there is something to take back, for lists. */
enum result undo_possible(struct work *w, const struct booking *b, bool *ret) must_check;

/* CONFLICT invalid_transition where `version` is not the last one or nothing is kept of it;
 * slot_taken, out_of_stock, gate_unmet where what was is not to be had any more. */
enum result booking_undo(struct work *w, const struct workspace *ws, struct booking *b,
                         int64_t version, bool quiet) must_check;

/* Takes back the letters of the last change that still wait. CONFLICT invalid_transition where none
 * does. */
enum result booking_hush(struct work *w, const struct booking *b, int64_t version) must_check;

#endif
