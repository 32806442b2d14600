/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * accept: the yes of somebody who had an account before a business invited them.
 *
 * The link's token works once, within its days, and for the account that it was made for alone. The
 * session goes on in that business, under a new token.
 */
#include "team/internal.h"

#include "audit/audit.h"

struct accept_in {
    struct str token;
};
static const struct field accept_fields[] = {
    FIELD_STR(struct accept_in, token, 1, 200, .required = true, .doc = "of the letter's link"),
};
static const struct shape accept_shape = SHAPE("InvitationAccept", struct accept_in, accept_fields);

struct invited {
    int64_t workspace_id, staff_id, user_id;
};

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
    if (r == NOT_FOUND)
        return problem_field(w->problem, "token", "expired_or_used",
                             "This invitation has been used, taken back, or is too old. Ask for a "
                             "new one.");
    if (r == OK)
        *ret = (struct invited){db_int(&rows, 0, 0), db_int(&rows, 0, 1), db_int(&rows, 0, 2)};
    return r;
}

static enum result join(struct work *w, const struct invited *who, const char *hash)
{
    int64_t used = 0;
    struct db_reach before = db_across(w->tx, "from one business into another");
    /* Deleting it is using it: of two at once one finds it gone. */
    enum result r =
        db_count(w->tx, &used, "DELETE FROM invitation WHERE token_hash = $1", db_z(hash));
    if (r == OK && used == 0)
        r = problem_field(w->problem, "token", "expired_or_used",
                          "This invitation has been used already.");
    if (r == OK)
        r = db_exec(w->tx, "UPDATE staff SET confirmed = 1 WHERE workspace_id = $1 AND id = $2",
                    db_i(who->workspace_id), db_i(who->staff_id));
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE resource SET version = version + 1"
                    " WHERE workspace_id = $1 AND id = $2",
                    db_i(who->workspace_id), db_i(who->staff_id));
    db_back(w->tx, before);
    return r;
}

static enum result post_accept(struct request *rq, struct work *w)
{
    const struct accept_in *in = rq->in;
    char hash[TOKEN_HASH_TEXT], token[TOKEN_TEXT];
    struct invited who = {0};
    token_hash(in->token.ptr, in->token.len, hash);
    enum result r = account_need_session(w);
    if (r == OK)
        r = find(w, hash, &who);
    if (r == OK && who.user_id != w->actor.user_id)
        r = problem_set(w->problem, DENIED, "wrong_account",
                        "This invitation is for another account. Sign in with the address that it "
                        "was sent to.");
    if (r == OK)
        r = join(w, &who, hash);
    if (r == OK)
        r = account_switch(w, rq, who.workspace_id, token);
    if (r == OK)
        r = audit_action(w, "staff", who.staff_id, "joined");
    if (r == OK)
        r = account_answer_session(rq, w);
    if (r == OK)
        account_cookie(rq, w, token);
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/invitations/accept",
        .who = WHO_SIGNED_IN,
        .mode = MODE_WRITE,
        .body = &accept_shape,
        .status = 200,
        .answer = &session_shape,
        .handler = post_accept,
        .tag = "team",
        .summary = "Say yes to a business that invited the caller; the session goes on there",
    },
};
const struct route_table invitation_table = {routes, sizeof routes / sizeof routes[0]};
