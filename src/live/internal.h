/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of live/ share and nobody else sees. */
#ifndef CAREOPS_LIVE_INTERNAL_H
#define CAREOPS_LIVE_INTERNAL_H

#include "base/buf.h"
#include "inbox/inbox.h"
#include "live/live.h"

/* A place in the order of commits. Everything up to it is known. */
struct position {
    int64_t seq, id;
};
enum { POSITION_TEXT = 48 };
/* "812-4433…" on the wire. */
void position_format(struct position p, char ret[static POSITION_TEXT]);
bool position_parse(struct str text, struct position *ret);
/* <0, 0, >0 */
int position_compare(struct position a, struct position b);

/*
 * The place as it is told where nothing of the listener's own business stands: `own`, the last of
 * it, where that is no earlier, else `at` to the millisecond. What stands exactly there is another
 * business's row, whose id is not theirs to know.
 */
struct position position_shown(struct position at, struct position own, enum db_engine engine);

/* A row of the audit, as the stream needs it. */
struct change {
    struct position at;
    int64_t workspace_id, at_s, entity_id;
    struct str entity, action, actor_kind, request_id;
    struct opt_int staff_id, other_staff_id;
};

/* ---- feed.c: the rows ---- */

/* Now: rows behind this were not yet committed. */
enum result feed_now(struct db_tx *tx, const struct env *env, struct position *ret) must_check;
/* What every business has done since, in order, at most `limit`. */
enum result feed_since(struct db_tx *tx, struct arena *a, struct position since, int limit,
                       struct change **ret, size_t *ret_count) must_check;
/* What one business did after `since` up to `until`. */
enum result feed_between(struct work *w, struct position since, struct position until, int limit,
                         struct change **ret, size_t *ret_count) must_check;
/* Whether a business has done so much since that looking through it would keep the others waiting.
 */
enum result feed_is_long(struct work *w, struct position since, bool *ret) must_check;
/* Whether that long ago can still be told. */
bool feed_remembers(struct position p, int64_t now_s);

/* ---- event.c: who hears what ---- */

/* Adds to `out` what the caller in w->actor hears of a change; nothing, for most. */
enum result event_tell(struct work *w, const struct change *c, struct buf *out) must_check;
void event_reset(struct position at, int64_t now_s, struct buf *out);
void event_heartbeat(struct position at, struct buf *out);

/* ---- answering.c: who is writing ---- */

/* One conversation in which it is not as it was: what of `known` and `now` is about it. */
struct answering_change {
    int64_t workspace_id, conversation_id;
    size_t was, was_end, is, is_end;
};
/* The feeder's own; `now` and `changes` are of the round's arena. */
struct answering {
    struct inbox_answering known[ANSWERING_ROWS]; /* at the last look, without names */
    size_t known_count;
    struct inbox_answering *now;
    size_t now_count;
    struct answering_change *changes;
    size_t change_count;
};
/* Looks who is writing; the transaction is open to all businesses. May be run again. */
enum result answering_look(struct answering *x, struct db_tx *tx, struct arena *a,
                           int64_t now_s) must_check;
bool answering_concerns(const struct answering *x, int64_t workspace_id);
/* Adds to `out` what the caller in w->actor hears of it. */
enum result answering_tell(struct work *w, const struct answering *x, struct buf *out) must_check;
/* It was told. */
void answering_keep(struct answering *x);

/* ---- the seats: who listens, on what grounds, and how far they are ---- */

struct seat {
    struct position at, own; /* own: the last event of their business that they were told */
    bool reset;              /* what they missed cannot be told */
    int64_t workspace_id;    /* as they came */
    struct actor actor;      /* as they were seen last, without the name */
    bool greeted;            /* has been told when to come back */
    bool behind;             /* of what the others know: to be caught up with */
    int64_t checked_ms, sent_ms;
    int64_t full_ms; /* since when too much waits for them; 0: it does not */
    size_t cookie_len, bearer_len;
    char credentials[]; /* both headers, one after the other */
};

#endif
