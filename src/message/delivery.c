/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* delivery: see delivery.h. */
#include "message/delivery.h"

#include "audit/audit.h"
#include "message/letter.h"

const char *const delivery_names[] = {"accepted", "delayed",    "delivered",
                                      "bounced",  "complained", NULL};

enum result delivery_overtake(struct db_tx *tx, int64_t workspace_id, int64_t id,
                              int64_t booking_id, struct str to_address)
{
    if (booking_id == 0)
        return OK;
    return db_exec(tx,
                   "UPDATE message SET untold = 0, version = version + 1"
                   " WHERE workspace_id = $1 AND booking_id = $2 AND id < $3 AND untold = 1"
                   " AND to_address = $4",
                   db_i(workspace_id), db_i(booking_id), db_i(id), db_s(to_address));
}

/* ---- reports ---- */

/* The message as a report finds it. */
struct told_row {
    int64_t workspace_id, id, booking_id;
    struct str kind, status, to_address, provider_id;
    int rank; /* of its delivery; -1: none */
};

static int rank_of(struct str name)
{
    for (int i = 0; i < DELIVERY__MAX; i++)
        if (name.ptr && str_is(name, delivery_names[i]))
            return i;
    return -1;
}

static enum result find_message(struct work *w, const struct delivery_report *r, int64_t *ret_ws,
                                int64_t *ret_id)
{
    struct db_rows rows;
    struct db_reach before = db_across(w->tx, "a provider's report names a message, not whose");
    enum result result = db_one(w->tx, &rows,
                                "SELECT workspace_id, id FROM message WHERE provider_id = $1"
                                " ORDER BY id LIMIT 1",
                                db_s(r->provider_id));
    if (result == NOT_FOUND && r->id != 0)
        result = db_one(w->tx, &rows,
                        "SELECT workspace_id, id FROM message WHERE workspace_id = $1 AND id = $2",
                        db_i(r->workspace_id), db_i(r->id));
    db_back(w->tx, before);
    if (result != OK)
        return result;
    *ret_ws = db_int(&rows, 0, 0);
    *ret_id = db_int(&rows, 0, 1);
    return OK;
}

/* The update that changes nothing locks the row, so that two reports, or a report and the mailer,
 * follow each other. */
static enum result lock_row(struct work *w, int64_t id, struct told_row *ret)
{
    struct db_rows rows;
    enum result result = db_one(w->tx, &rows,
                                "UPDATE message SET version = version"
                                " WHERE workspace_id = $1 AND id = $2 RETURNING booking_id, kind,"
                                " status, to_address, provider_id, delivery",
                                db_i(w->actor.workspace_id), db_i(id));
    if (result != OK)
        return result;
    *ret = (struct told_row){
        .workspace_id = w->actor.workspace_id,
        .id = id,
        .booking_id = db_int(&rows, 0, 0),
        .kind = db_str(&rows, 0, 1),
        .status = db_str(&rows, 0, 2),
        .to_address = db_str(&rows, 0, 3),
        .provider_id = db_str(&rows, 0, 4),
        .rank = rank_of(db_str(&rows, 0, 5)),
    };
    return OK;
}

/* The provider has had it: so it was sent, whatever we thought. */
static enum result settle(struct work *w, const struct told_row *row,
                          const struct delivery_report *r)
{
    return db_exec(w->tx,
                   "UPDATE message SET status = 'sent', sent_s = $3, provider_id = $4,"
                   " outcome_unknown = 0, last_error = NULL, reason = NULL, lease_owner = NULL,"
                   " lease_until_s = 0, version = version + 1,"
                   " body_text = CASE WHEN $5 = 1 THEN '' ELSE body_text END,"
                   " body_html = CASE WHEN $5 = 1 THEN NULL ELSE body_html END"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(row->workspace_id), db_i(row->id), db_i(w->now_s), db_s(r->provider_id),
                   db_i(letter_is_secret(row->kind)));
}

/* What a report says of the reader: a bounce that nobody has heard of it, a delay nothing new. */
static enum result move_on(struct work *w, const struct told_row *row,
                           const struct delivery_report *r)
{
    bool lost = r->delivery == DELIVERY_BOUNCED;
    bool open = r->delivery == DELIVERY_DELAYED;
    return db_exec(w->tx,
                   "UPDATE message SET delivery = $3, delivery_s = $4,"
                   " provider_word = CASE WHEN to_address = '' THEN NULL ELSE $5 END,"
                   " untold = CASE WHEN $6 = 1 AND matters_until_s IS NOT NULL AND told_s IS NULL"
                   " THEN 1 WHEN $7 = 1 THEN untold ELSE 0 END, version = version + 1"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(row->workspace_id), db_i(row->id), db_z(delivery_names[r->delivery]),
                   db_i(r->at_s), db_s(r->word), db_i(lost), db_i(open));
}

/* Of another copy of the message, which a person had sent again after the first, or nothing new. */
static bool is_old(const struct told_row *row, const struct delivery_report *r)
{
    bool other = row->provider_id.len > 0 && !str_eq(row->provider_id, r->provider_id);
    return str_is(row->status, "sent") && (other || (int)r->delivery <= row->rank);
}

enum result delivery_take(struct work *w, const struct delivery_report *r)
{
    struct told_row row;
    int64_t ws = 0;
    int64_t id = 0;
    enum result result = find_message(w, r, &ws, &id);
    if (result != OK)
        return result == NOT_FOUND ? OK : result;
    work_enter(w, (struct actor){.kind = ACTOR_SYSTEM, .workspace_id = ws, .name = STR("Resend")});
    result = lock_row(w, id, &row);
    if (result != OK || is_old(&row, r))
        return result == NOT_FOUND ? OK : result;
    if (!str_is(row.status, "sent"))
        result = settle(w, &row, r);
    if (result == OK)
        result = move_on(w, &row, r);
    if (result == OK && r->delivery != DELIVERY_BOUNCED)
        result = delivery_overtake(w->tx, ws, id, row.booking_id, row.to_address);
    if (result == OK && r->delivery >= DELIVERY_BOUNCED)
        result = audit_action(w, "email", id, delivery_names[r->delivery]);
    return result;
}
