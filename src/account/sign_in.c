/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sign_in: from an address and a password to a session.
 *
 * Signing in reads, verifies outside every transaction, then writes. What was verified is the hash,
 * so the writing transaction begins by finding that hash still in place, and a second factor or
 * none as before: neither a password changed nor a factor switched on in between is passed by. What
 * there is to know about the account itself (a first password that is used or too old, a second
 * factor) is told only to who has given its password.
 *
 * Attempts are counted by account and address together, by address, and by account; what was right
 * is given back. An account counts by the address that is typed, whether it exists or not. A
 * browser in which the person has signed in before is counted by itself alone, so that guesses from
 * elsewhere, or by a neighbour at the same address, never keep its person out.
 */
#include "account/two_factor.h"

#include "audit/audit.h"
#include "base/app.h"

/* A guess every half minute for one account from one address; more for an address that many share.
 */
static const struct limit_rule pair_rule = {.burst = 10, .refill_ms = 30 * 1000};
static const struct limit_rule address_rule = {.burst = 60, .refill_ms = 5 * 1000};
/* Guesses from many addresses: eighty in the first hour, then sixty an hour. */
static const struct limit_rule account_rule = {.burst = 20, .refill_ms = 60 * 1000};

struct sign_in {
    struct str email, password, code, invitation;
};

static const struct field sign_in_fields[] = {
    FIELD_STR(struct sign_in, email, 1, 254, .required = true),
    FIELD_STR(struct sign_in, password, 1, PASSWORD_MAX, .required = true, .raw = true),
    FIELD_STR(struct sign_in, code, 1, 40,
              .doc =
                  "the second factor, where the account has one: of the app, or a recovery code"),
    FIELD_STR(struct sign_in, invitation, 1, 200,
              .doc = "the token of a link to join a team: the session is opened there"),
};
const struct shape sign_in_shape = SHAPE("SignIn", struct sign_in, sign_in_fields);

/* What one attempt to sign in finds out and brings about. */
struct attempt {
    const struct request *rq;
    struct str email;
    struct str invitation; /* absent: none */
    bool known;            /* an account that is an active member somewhere */
    int64_t user_id, workspace_id;
    const char *hash;   /* NULL: no such account */
    const char *rehash; /* a better one to keep, or the same */
    bool first_used;    /* a mailed password that has let in already */
    struct opt_int first_expires_s;
    struct factor factor;
    struct proof proof;
    char device_hash[TOKEN_HASH_TEXT]; /* of the browser's cookie */
    bool has_device, known_device;
    char device_token[TOKEN_TEXT];
    unsigned member_permissions;
    char token[TOKEN_TEXT];
    struct session_out *out;
};

/* Of several workspaces the oldest membership: its id is the smallest. */
static enum result find_account(struct work *w, void *arg)
{
    struct attempt *t = arg;
    t->known = false;
    t->hash = NULL;
    t->user_id = 0;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT u.id, u.totp_secret, u.totp_confirmed_s, u.totp_last_step,"
                           " u.password_hash, m.workspace_id,"
                           " u.first_password_used, u.first_password_expires_s"
                           " FROM user_account u"
                           " LEFT JOIN (SELECT s.id, s.user_id, s.workspace_id FROM staff s"
                           "   JOIN resource r ON r.workspace_id = s.workspace_id AND r.id = s.id"
                           "   WHERE r.active = 1 AND s.confirmed = 1) m ON m.user_id = u.id"
                           " WHERE u.email = $1 ORDER BY m.id LIMIT 1",
                           db_s(t->email));
    if (r == OK) {
        t->factor = factor_of(&rows, 0);
        t->user_id = t->factor.user_id;
        t->hash = str_z(w->arena, db_str(&rows, 0, 4));
        t->workspace_id = db_int(&rows, 0, 5);
        t->known = !db_is_null(&rows, 0, 5);
        t->first_used = db_int(&rows, 0, 6) != 0;
        t->first_expires_s = db_opt_int(&rows, 0, 7);
    }
    if (r == NOT_FOUND)
        r = OK;
    /* Who has left everywhere else comes in by the invitation alone. */
    if (r == OK && t->invitation.ptr && !t->known)
        r = account_is_invited(w, t->invitation, t->user_id, &t->known);
    /* Asked for whether or not there is an account, so that the time does not tell. */
    if (r == OK && t->has_device)
        r = device_is_known(w, t->device_hash, t->user_id, &t->known_device);
    return r;
}

static enum result refuse(struct work *w, const char *code, const char *detail)
{
    w->problem->status = 401;
    return problem_set(w->problem, DENIED, code, "%s", detail);
}

static enum result first_used(struct work *w)
{
    return refuse(w, "invitation_used",
                  "This password from your invitation has been used. Ask for a new invitation, or "
                  "choose a password by \"Forgot password\".");
}

static enum result bad_code(struct work *w)
{
    return refuse(w, "bad_code", "This code is wrong, too old, or has been used.");
}

/* For who has given the right password. */
static enum result check_first(struct work *w, const struct attempt *t)
{
    if (t->first_used)
        return first_used(w);
    if (t->first_expires_s.set && t->first_expires_s.value <= w->now_s)
        return refuse(w, "invitation_expired",
                      "This password from your invitation is too old. Ask for a new invitation.");
    return OK;
}

static enum result open_session(struct work *w, void *arg)
{
    struct attempt *t = arg;
    int64_t same = 0, staff_id = 0;
    enum result r = db_count(w->tx, &same,
                             "UPDATE user_account SET password_hash = $3,"
                             " first_password_used = must_change_password"
                             " WHERE id = $1 AND password_hash = $2"
                             " AND (must_change_password = 0 OR first_password_used = 0)"
                             " AND CASE WHEN totp_confirmed_s IS NULL THEN 0 ELSE 1 END = $4",
                             db_i(t->user_id), db_z(t->hash), db_z(t->rehash), db_i(t->factor.on));
    if (r == OK && same == 0) /* of two at the same moment one comes second */
        r = t->first_expires_s.set ? first_used(w) : bad_credentials(w);
    if (r == OK && t->factor.on) {
        bool used = false;
        r = factor_use(w, t->user_id, &t->proof, &used);
        if (r == OK && !used)
            r = bad_code(w);
    }
    if (r == OK)
        r = device_remember(w, t->rq, t->user_id, t->device_token);
    if (r == OK && t->invitation.ptr)
        r = account_join(w, "invitation", t->invitation, t->user_id, &t->workspace_id, &staff_id);
    if (r == OK)
        r = account_open_session(w, t->rq, t->workspace_id, t->user_id, t->token);
    if (r == OK)
        r = audit_action(w, "session", w->actor.session_id, "created");
    if (r == OK && staff_id)
        r = audit_action(w, "staff", staff_id, "joined");
    if (r == OK)
        r = session_read(w, &t->out);
    t->member_permissions = w->actor.permissions;
    return r;
}

/* Also for who has given the right password: their second factor, where they have one. */
static enum result check_code(struct work *w, struct attempt *t, struct str code)
{
    const char *device = t->known_device ? t->device_hash : NULL;
    bool right = false;
    if (!t->factor.on)
        return OK;
    if (!code.ptr)
        return refuse(w, "two_factor_required",
                      "Give the code of your authenticator app, or a recovery code.");
    enum result r = factor_throttle(w, t->user_id, device);
    if (r == OK)
        r = factor_check(w, &t->factor, code, true, &t->proof, &right);
    if (r == OK && !right)
        r = bad_code(w);
    if (r == OK)
        factor_forgive(w, t->user_id, device);
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
    r = check_first(w, t);
    if (r == OK)
        r = check_code(w, t, in->code);
    if (r != OK)
        return r;
    t->rehash = t->hash;
    if (!password_outdated(t->hash))
        return OK;
    char *better = arena_alloc(w->arena, PASSWORD_HASH_TEXT);
    t->rehash = better;
    return account_hash_password(a, w->problem, in->password, better);
}

/* ---- counting attempts ---- */

struct counts {
    struct str address, pair, account, device;
};

static enum result count_stranger(struct work *w, const struct attempt *t, const struct counts *c)
{
    enum result r = OK;
    if (t->has_device) /* whoever has none was counted before the account was looked for */
        r = throttle(w, LIMIT_SIGN_IN_ADDRESS, address_rule, c->address);
    if (r == OK)
        r = throttle(w, LIMIT_SIGN_IN_PAIR, pair_rule, c->pair);
    if (r == OK)
        r = throttle(w, LIMIT_SIGN_IN_ACCOUNT, account_rule, c->account);
    return r;
}

static void forgive(struct work *w, const struct attempt *t, const struct counts *c)
{
    struct limiter *l = account_limiter(w->app->account);
    if (t->known_device) {
        limiter_reset(l, LIMIT_SIGN_IN_DEVICE, c->device);
        return;
    }
    unthrottle(w, LIMIT_SIGN_IN_ADDRESS, address_rule, c->address);
    unthrottle(w, LIMIT_SIGN_IN_ACCOUNT, account_rule, c->account);
    limiter_reset(l, LIMIT_SIGN_IN_PAIR, c->pair);
}

enum result post_session(struct request *rq, struct work *w)
{
    const struct sign_in *in = rq->in;
    struct attempt t = {
        .rq = rq, .email = str_lower(w->arena, in->email), .invitation = in->invitation};
    t.has_device = device_hash(rq, t.device_hash);
    struct counts c = {
        .address = str_of(rq->client),
        .pair = str_printf(w->arena, STR_FMT " %s", STR_ARG(t.email), rq->client),
        .account = t.email,
        .device = str_printf(w->arena, STR_FMT " %s", STR_ARG(t.email), t.device_hash),
    };
    enum result r = OK;
    if (!t.has_device)
        r = throttle(w, LIMIT_SIGN_IN_ADDRESS, address_rule, c.address);
    if (r == OK)
        r = run_read_across(w, "an account's memberships are in any business", find_account, &t);
    if (r == OK)
        r = t.known_device ? throttle(w, LIMIT_SIGN_IN_DEVICE, pair_rule, c.device)
                           : count_stranger(w, &t, &c);
    if (r == OK)
        r = verify(w, in, &t);
    if (r == OK)
        r = run_write(w, open_session, &t);
    if (r != OK)
        return r;
    forgive(w, &t, &c);
    account_cookie(rq, w, t.token);
    device_cookie(rq, w, t.device_token);
    answer_json(rq, 200, &session_shape, t.out, t.member_permissions);
    return OK;
}
