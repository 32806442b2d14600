/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * accept: the yes of somebody who had an account before a business invited them.
 *
 * The session goes on in that business, under a new token. Who is not signed in says yes by
 * signing in with the link's token (account/sign_in.c): it may be that nothing else lets them in.
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

static enum result post_accept(struct request *rq, struct work *w)
{
    const struct accept_in *in = rq->in;
    char token[TOKEN_TEXT];
    int64_t workspace_id = 0, staff_id = 0;
    enum result r = account_need_session(w);
    if (r == OK)
        r = account_join(w, "token", in->token, w->actor.user_id, &workspace_id, &staff_id);
    if (r == OK)
        r = account_switch(w, rq, workspace_id, token);
    if (r == OK)
        r = audit_action(w, "staff", staff_id, "joined");
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
