/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * join: the yes of somebody who had an account before a business invited them.
 *
 * The link's token works once, within its days, and for the account that it was made for alone.
 */
#include "account/internal.h"

struct invited {
    int64_t workspace_id, staff_id, user_id;
};

static enum result dead_link(struct work *w, const char *path)
{
    return problem_field(w->problem, path, "expired_or_used",
                         "This invitation has been used, taken back, or is too old. Ask for a new "
                         "one.");
}

/* NOT_FOUND without words. */
static enum result find(struct work *w, const char *hash, struct invited *ret)
{
    struct db_rows rows;
    struct db_reach before = db_across(w->tx, "an invitation is found by its link's token alone");
    enum result r = db_one(w->tx, &rows,
                           "SELECT i.workspace_id, i.staff_id, m.user_id FROM invitation i"
                           " JOIN staff m ON m.workspace_id = i.workspace_id AND m.id = i.staff_id"
                           " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
                           " WHERE i.token_hash = $1 AND i.expires_s > $2 AND r.active = 1",
                           db_z(hash), db_i(w->now_s));
    db_back(w->tx, before);
    if (r == OK)
        *ret = (struct invited){db_int(&rows, 0, 0), db_int(&rows, 0, 1), db_int(&rows, 0, 2)};
    return r;
}

enum result account_is_invited(struct work *w, struct str token, int64_t user_id, bool *ret)
{
    char hash[TOKEN_HASH_TEXT];
    struct invited who = {0};
    token_hash(token.ptr, token.len, hash);
    enum result r = find(w, hash, &who);
    *ret = r == OK && who.user_id == user_id;
    return r == NOT_FOUND ? OK : r;
}

/* Deleting the link is using it: of two at once one finds it gone. */
static enum result write_yes(struct work *w, const struct invited *who, const char *hash,
                             int64_t *ret_used)
{
    struct db_reach before = db_across(w->tx, "who says yes is not in that business yet");
    enum result r =
        db_count(w->tx, ret_used, "DELETE FROM invitation WHERE token_hash = $1", db_z(hash));
    if (r == OK && *ret_used)
        r = db_exec(w->tx, "UPDATE staff SET confirmed = 1 WHERE workspace_id = $1 AND id = $2",
                    db_i(who->workspace_id), db_i(who->staff_id));
    if (r == OK && *ret_used)
        r = db_exec(w->tx,
                    "UPDATE resource SET version = version + 1 WHERE workspace_id = $1 AND id = $2",
                    db_i(who->workspace_id), db_i(who->staff_id));
    db_back(w->tx, before);
    return r;
}

enum result account_join(struct work *w, const char *path, struct str token, int64_t user_id,
                         int64_t *ret_workspace_id, int64_t *ret_staff_id)
{
    char hash[TOKEN_HASH_TEXT];
    struct invited who = {0};
    int64_t used = 0;
    token_hash(token.ptr, token.len, hash);
    enum result r = find(w, hash, &who);
    if (r == NOT_FOUND)
        return dead_link(w, path);
    if (r == OK && who.user_id != user_id)
        r = problem_set(w->problem, DENIED, "wrong_account",
                        "This invitation is for another account. Sign in with the address that it "
                        "was sent to.");
    if (r == OK)
        r = write_yes(w, &who, hash, &used);
    if (r == OK && used == 0)
        r = dead_link(w, path);
    if (r == OK) {
        *ret_workspace_id = who.workspace_id;
        *ret_staff_id = who.staff_id;
    }
    return r;
}
