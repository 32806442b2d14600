/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * session_routes: signing in and out.
 *
 * Signing in reads, verifies outside every transaction, then writes. What was verified is the hash,
 * so the writing transaction begins by finding that hash still in place: a password changed in
 * between does not let the old one in.
 */
#include "account/internal.h"

#include "audit/audit.h"
#include "base/app.h"
#include "workspace/workspace.h"

/* A guess every half minute for one account from one address; more for an address that many share.
 */
static const struct limit_rule pair_rule = {.burst = 10, .refill_ms = 30 * 1000};
static const struct limit_rule address_rule = {.burst = 60, .refill_ms = 5 * 1000};

struct sign_in {
    struct str email, password;
};

static const struct field sign_in_fields[] = {
    FIELD_STR(struct sign_in, email, 1, 254, .required = true),
    FIELD_STR(struct sign_in, password, 1, PASSWORD_MAX, .required = true, .raw = true),
};
static const struct shape sign_in_shape = SHAPE("SignIn", struct sign_in, sign_in_fields);

struct session_out {
    struct user_out *user;
    const void *workspace;
    struct opt_int staff_id, role, permissions;
    struct str home;
};

static const struct field session_fields[] = {
    FIELD_OBJECT(struct session_out, user, user_shape),
    FIELD_OBJECT(struct session_out, workspace, workspace_shape),
    FIELD_ID(struct session_out, staff_id, .doc = "the member's own id in bookings"),
    FIELD_ENUM(struct session_out, role, role_names),
    FIELD_FLAGS(struct session_out, permissions, permission_names, .doc = "an owner has all"),
    FIELD_STR(struct session_out, home, 0, 40, .doc = "the page to go to: /app or /staff"),
};
static const struct shape session_shape = SHAPE("Session", struct session_out, session_fields);

/* The answer for w->actor. */
static enum result session_read(struct work *w, struct session_out *ret)
{
    struct workspace ws;
    struct user_out *user = arena_new(w->arena, struct user_out);
    enum result r = account_user(w, user);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r != OK)
        return r;
    bool owner = w->actor.kind == ACTOR_OWNER;
    *ret = (struct session_out){
        .user = user,
        .workspace = workspace_view(w->arena, &ws),
        .staff_id = {w->actor.staff_id != 0, w->actor.staff_id},
        .role = some_int(owner ? 0 : 1),
        .permissions = some_int(w->actor.permissions & PERM_ALL),
        .home = owner ? STR("/app") : STR("/staff"),
    };
    return OK;
}

/* What one attempt to sign in finds out and brings about. */
struct attempt {
    struct str email;
    bool known; /* an account that is an active member somewhere */
    int64_t user_id, workspace_id;
    const char *hash;   /* NULL: no such account */
    const char *rehash; /* a better one to keep, or the same */
    unsigned member_permissions;
    char token[TOKEN_TEXT];
    struct session_out out;
};

/* Of several workspaces the oldest membership: its id is the smallest. */
static enum result find_account(struct work *w, void *arg)
{
    struct attempt *t = arg;
    t->known = false;
    t->hash = NULL;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT u.id, u.password_hash, m.workspace_id FROM user_account u"
                           " LEFT JOIN (SELECT s.id, s.user_id, s.workspace_id FROM staff s"
                           "   JOIN resource r ON r.workspace_id = s.workspace_id AND r.id = s.id"
                           "   WHERE r.active = 1) m ON m.user_id = u.id"
                           " WHERE u.email = $1 ORDER BY m.id LIMIT 1",
                           db_s(t->email));
    if (r == NOT_FOUND)
        return OK;
    if (r != OK)
        return r;
    t->user_id = db_int(&rows, 0, 0);
    t->hash = str_z(w->arena, db_str(&rows, 0, 1));
    t->workspace_id = db_int(&rows, 0, 2);
    t->known = !db_is_null(&rows, 0, 2);
    return OK;
}

static enum result open_session(struct work *w, void *arg)
{
    struct attempt *t = arg;
    int64_t same = 0;
    enum result r = db_count(w->tx, &same,
                             "UPDATE user_account SET password_hash = $3"
                             " WHERE id = $1 AND password_hash = $2",
                             db_i(t->user_id), db_z(t->hash), db_z(t->rehash));
    if (r == OK && same == 0)
        r = bad_credentials(w);
    if (r == OK)
        r = account_open_session(w, t->workspace_id, t->user_id, t->token);
    if (r == OK)
        r = audit_action(w, "session", w->actor.session_id, "created");
    if (r == OK)
        r = session_read(w, &t->out);
    t->member_permissions = w->actor.permissions;
    return r;
}

static enum result verify(struct work *w, const struct sign_in *in, struct attempt *t)
{
    struct account *a = w->app->account;
    bool same;
    enum result r = password_verify(a, w->problem, in->password, t->hash, &same);
    if (r != OK)
        return r;
    if (!same || !t->known)
        return bad_credentials(w);
    t->rehash = t->hash;
    if (!password_outdated(t->hash))
        return OK;
    char *better = arena_alloc(w->arena, PASSWORD_HASH_TEXT);
    t->rehash = better;
    return account_hash_password(a, w->problem, in->password, better);
}

static enum result post_session(struct request *rq, struct work *w)
{
    const struct sign_in *in = rq->in;
    struct attempt t = {.email = str_lower(w->arena, in->email)};
    struct str address = str_of(rq->client);
    struct str pair = str_printf(w->arena, STR_FMT " %s", STR_ARG(t.email), rq->client);

    enum result r = throttle(w, LIMIT_SIGN_IN_ADDRESS, address_rule, address);
    if (r == OK)
        r = throttle(w, LIMIT_SIGN_IN_PAIR, pair_rule, pair);
    if (r == OK)
        r = run_read(w, find_account, &t);
    if (r == OK)
        r = verify(w, in, &t);
    if (r == OK)
        r = run_write(w, open_session, &t);
    if (r != OK)
        return r;
    limiter_reset(account_limiter(w->app->account), LIMIT_SIGN_IN_PAIR, pair);
    account_cookie(rq, w, t.token);
    answer_json(rq, 200, &session_shape, &t.out, t.member_permissions);
    return OK;
}

static enum result get_session(struct request *rq, struct work *w)
{
    struct session_out out;
    enum result r = session_read(w, &out);
    if (r == OK)
        answer_json(rq, 200, &session_shape, &out, w->actor.permissions);
    return r;
}

enum result account_session_json(struct work *w, struct str *ret)
{
    struct session_out out;
    enum result r = session_read(w, &out);
    if (r != OK)
        return r;
    struct buf json;
    buf_init(&json, 64 * 1024);
    shape_write(&json, &session_shape, &out, w->actor.permissions);
    *ret = str_copy(w->arena, buf_view(&json));
    buf_done(&json);
    return OK;
}

static enum result delete_session(struct request *rq, struct work *w)
{
    enum result r = db_exec(w->tx, "DELETE FROM session WHERE user_id = $1 AND id = $2",
                            db_i(w->actor.user_id), db_i(w->actor.session_id));
    if (r == OK)
        r = audit_action(w, "session", w->actor.session_id, "ended");
    if (r != OK)
        return r;
    account_cookie(rq, w, "");
    answer_empty(rq, 204);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/session",
        .who = WHO_ANYONE,
        .mode = MODE_FREE,
        .body = &sign_in_shape,
        .also = {401, 429},
        .status = 200,
        .answer = &session_shape,
        .handler = post_session,
        .tag = "account",
        .summary = "Sign in; the session cookie is set",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/session",
        .who = WHO_SIGNED_IN,
        .mode = MODE_READ,
        .status = 200,
        .answer = &session_shape,
        .handler = get_session,
        .tag = "account",
        .summary = "Who is signed in, where, and what they may do",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/session",
        .who = WHO_SIGNED_IN,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_session,
        .tag = "account",
        .summary = "Sign out",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/password/change",
        .who = WHO_SIGNED_IN,
        .mode = MODE_FREE,
        .body = &password_change_shape,
        .status = 204,
        .handler = post_password_change,
        .tag = "account",
        .summary = "Change the own password; other sessions end",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/password/forgot",
        .who = WHO_ANYONE,
        .mode = MODE_WRITE,
        .rate = RATE_SIGNIN,
        .body = &password_forgot_shape,
        .status = 202,
        .handler = post_password_forgot,
        .tag = "account",
        .summary = "Ask for a link to set a new password; the answer never says who has an account",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/password/reset",
        .who = WHO_ANYONE,
        .mode = MODE_FREE,
        .rate = RATE_SIGNIN,
        .body = &password_reset_shape,
        .status = 204,
        .handler = post_password_reset,
        .tag = "account",
        .summary = "Set a new password by the link's token; every session ends",
    },
};
const struct route_table account_table = {routes, sizeof routes / sizeof routes[0]};
