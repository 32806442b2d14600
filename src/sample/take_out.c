/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * take_out: all that belongs to a sample client goes, as if it had never been.
 *
 * The tables stand in the order in which they must go: what names a row goes before the row. A new
 * table with a client's data gets its line here; a test counts the rows of every table before and
 * after.
 */
#include "sample/internal.h"

#include "audit/audit.h"
#include "inbox/inbox.h"

#define OF_CLIENT                            \
    " WHERE workspace_id = $1 AND client_id" \
    " IN (SELECT id FROM client WHERE workspace_id = $1 AND sample = 1)"
#define IN_BOOKINGS \
    " WHERE workspace_id = $1 AND booking_id IN (SELECT id FROM booking" OF_CLIENT ")"
#define IN_CONVERSATIONS \
    " WHERE workspace_id = $1 AND conversation_id IN (SELECT id FROM conversation" OF_CLIENT ")"
#define IN_SUBMISSIONS \
    " WHERE workspace_id = $1 AND submission_id IN (SELECT id FROM form_submission" OF_CLIENT ")"

#define OURS db_i(w->actor.workspace_id)

static enum result drop_talk(struct work *w)
{
    enum result res =
        db_exec(w->tx,
                "DELETE FROM conversation_attachment WHERE workspace_id = $1 AND message_id IN"
                " (SELECT m.id FROM conversation_message m WHERE m.workspace_id = $1"
                "  AND m.conversation_id IN (SELECT id FROM conversation" OF_CLIENT "))",
                OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM conversation_message" IN_CONVERSATIONS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM conversation_read" IN_CONVERSATIONS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM conversation_answering" IN_CONVERSATIONS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM conversation" OF_CLIENT, OURS);
    return res == OK ? db_exec(w->tx, "DELETE FROM reply_token" OF_CLIENT, OURS) : res;
}

/* What hangs on a visit and is not the diary's. */
static enum result drop_papers(struct work *w)
{
    enum result res = db_exec(w->tx, "DELETE FROM form_link" IN_SUBMISSIONS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM form_submission" OF_CLIENT, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM rating" OF_CLIENT, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM feedback_link" OF_CLIENT, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM job" IN_BOOKINGS, OURS);
    return res == OK ? db_exec(w->tx, "DELETE FROM message" OF_CLIENT, OURS) : res;
}

static enum result drop_visits(struct work *w)
{
    enum result res = db_exec(w->tx, "DELETE FROM booking_link" IN_BOOKINGS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM booking_undo" IN_BOOKINGS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM booking_material" IN_BOOKINGS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM booking_service" IN_BOOKINGS, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM hold" IN_BOOKINGS, OURS);
    return res == OK ? db_exec(w->tx, "DELETE FROM booking" OF_CLIENT, OURS) : res;
}

static enum result drop_people(struct work *w)
{
    enum result res = db_exec(w->tx, "DELETE FROM client_clinical" OF_CLIENT, OURS);
    if (res == OK)
        res = db_exec(w->tx,
                      "DELETE FROM client_merge_row WHERE workspace_id = $1"
                      " AND merge_id IN (SELECT id FROM client_merge" OF_CLIENT ")",
                      OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM client_merge" OF_CLIENT, OURS);
    if (res == OK)
        res = db_exec(w->tx, "DELETE FROM client_erasure" OF_CLIENT, OURS);
    return res == OK
               ? db_exec(w->tx, "DELETE FROM client WHERE workspace_id = $1 AND sample = 1", OURS)
               : res;
}

/* Words and terms are their own features' to forget, before the rows that they were made of. */
static enum result forget_words(struct work *w)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 "SELECT v.id FROM client c JOIN conversation v ON v.workspace_id = c.workspace_id"
                 " AND v.client_id = c.id WHERE c.workspace_id = $1 AND c.sample = 1",
                 OURS);
    for (size_t i = 0; res == OK && i < r.count; i++)
        res = inbox_forget_words(w, db_int(&r, i, 0));
    if (res == OK)
        res = db_query(w->tx, &r,
                       "SELECT id FROM client WHERE workspace_id = $1 AND sample = 1 ORDER BY id",
                       OURS);
    for (size_t i = 0; res == OK && i < r.count; i++)
        res = client_forget_terms(w, db_int(&r, i, 0));
    return res;
}

static enum result tell(struct work *w, const struct sample_counts *gone)
{
    struct audit a;
    audit_begin(&a, w, "workspace", w->actor.workspace_id, "sample_removed");
    audit_int(&a, "clients", some_int(gone->clients), some_int(0));
    audit_int(&a, "bookings", some_int(gone->bookings), some_int(0));
    return audit_end(&a);
}

enum result sample_take_out(struct work *w)
{
    struct sample_counts there;
    enum result res = diary_lock(w);
    if (res == OK)
        res = sample_count(w, &there);
    if (res != OK || there.clients == 0)
        return res;
    res = forget_words(w);
    if (res == OK)
        res = drop_talk(w);
    if (res == OK)
        res = drop_papers(w);
    if (res == OK)
        res = drop_visits(w);
    if (res == OK)
        res = drop_people(w);
    return res == OK ? tell(w, &there) : res;
}

/* ---- how much there is ---- */

enum result sample_count(struct work *w, struct sample_counts *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT (SELECT COUNT(*) FROM client WHERE workspace_id = $1"
                             "  AND sample = 1),"
                             " (SELECT COUNT(*) FROM booking" OF_CLIENT "),"
                             " (SELECT COUNT(*) FROM conversation" OF_CLIENT "),"
                             " (SELECT COUNT(*) FROM rating" OF_CLIENT ")",
                             OURS);
    if (res == OK)
        *ret = (struct sample_counts){db_int(&r, 0, 0), db_int(&r, 0, 1), db_int(&r, 0, 2),
                                      db_int(&r, 0, 3)};
    return res;
}
