/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * signup: a business, its owner's account and the owner's membership, made together or not at all.
 *
 * It takes no Idempotency-Key: the record of one would keep a plain hash of a body that holds a
 * password. A second try is answered already_exists, which says what the first one did.
 */
#include "account/account.h"
#include "base/app.h"
#include "team/team.h"
#include "workspace/slug.h"
#include "workspace/workspace.h"

struct owner_in {
    struct str name, email, password;
};

static const struct field owner_fields[] = {
    FIELD_STR(struct owner_in, name, 1, 120, .required = true),
    FIELD_STR(struct owner_in, email, 3, 254, .required = true, .format = STR_EMAIL),
    FIELD_STR(struct owner_in, password, PASSWORD_MIN, PASSWORD_MAX, .required = true, .raw = true),
};
static const struct shape owner_shape = SHAPE("SignUpOwner", struct owner_in, owner_fields);

static const struct field business_fields[] = {
    FIELD_STR(struct workspace_new, name, 1, 120, .required = true),
    FIELD_STR(struct workspace_new, timezone, 1, 64, .required = true, .format = STR_TIMEZONE,
              .doc = "IANA time zone"),
    FIELD_STR(struct workspace_new, currency, 3, 3, .required = true, .format = STR_CURRENCY,
              .doc = "ISO 4217"),
    FIELD_STR(struct workspace_new, slug, 2, SLUG_MAX, .format = STR_SLUG,
              .doc = "made from the name when absent"),
    FIELD_STR(struct workspace_new, locale, 2, 35, .format = STR_LOCALE),
};
static const struct shape business_shape =
    SHAPE("SignUpBusiness", struct workspace_new, business_fields);

struct signup_in {
    struct workspace_new *business;
    struct owner_in *owner;
    char hash[PASSWORD_HASH_TEXT]; /* made before the transaction */
};

static const struct field signup_fields[] = {
    FIELD_OBJECT(struct signup_in, business, business_shape, .required = true),
    FIELD_OBJECT(struct signup_in, owner, owner_shape, .required = true),
};
static const struct shape signup_shape = SHAPE("SignUp", struct signup_in, signup_fields);

struct signup_out {
    const void *workspace;
    struct user_out *user;
};

static const struct field signed_up_fields[] = {
    FIELD_OBJECT(struct signup_out, workspace, workspace_shape),
    FIELD_OBJECT(struct signup_out, user, user_shape),
};
static const struct shape signed_up_shape = SHAPE("SignedUp", struct signup_out, signed_up_fields);

static enum result hash_password(struct request *rq, struct work *w)
{
    struct signup_in *in = rq->in;
    const struct str words[] = {in->owner->email, in->owner->name, in->business->name};
    enum result r = account_check_password(w, "owner.password", in->owner->password, words, 3);
    if (r == OK)
        r = account_hash_password(w->app->account, w->problem, in->owner->password, in->hash);
    return r;
}

static enum result post_signup(struct request *rq, struct work *w)
{
    const struct signup_in *in = rq->in;
    int64_t user_id, workspace_id, staff_id;
    char token[TOKEN_TEXT];
    struct workspace ws;
    struct user_out user;

    /* The events of a business's first moment are its owner's, who has no id until then. */
    w->actor = (struct actor){.kind = ACTOR_OWNER, .name = in->owner->name};
    enum result r = account_create_user(w, in->owner->name, in->owner->email, in->hash, &user_id);
    w->actor.user_id = r == OK ? user_id : 0;
    if (r == OK)
        r = workspace_create(w, in->business, &workspace_id);
    if (r == OK)
        r = team_add(w, user_id, in->owner->name, true, 0, false, &staff_id);
    if (r == OK)
        r = account_open_session(w, rq, workspace_id, user_id, token);
    if (r == OK)
        r = account_know_device(rq, w, user_id);
    if (r == OK)
        r = account_user(w, &user);
    if (r == OK)
        r = workspace_load(w, workspace_id, &ws);
    if (r != OK)
        return r;
    account_cookie(rq, w, token);
    struct signup_out out = {workspace_view(w->arena, &ws), &user};
    answer_json(rq, 201, &signed_up_shape, &out, w->actor.permissions);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/signup",
        .slow = true,
        .who = WHO_ANYONE,
        .mode = MODE_WRITE,
        .rate = RATE_SIGNUP,
        .body = &signup_shape,
        .status = 201,
        .answer = &signed_up_shape,
        .before = hash_password,
        .handler = post_signup,
        .tag = "account",
        .summary = "Make a business and its owner; the session cookie is set",
    },
};
const struct route_table signup_table = {routes, sizeof routes / sizeof routes[0]};
