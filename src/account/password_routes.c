/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * password_routes: changing a password, and the way back for who has forgotten it.
 *
 * A reset link carries 32 random bytes of which only the SHA-256 is kept, works once, for
 * RESET_LIFE_S, and dies with a newer link and with every change of the password. It goes into
 * the outbox in the transaction that makes it, and nowhere else.
 */
#include "account/notice.h"

#include "audit/audit.h"
#include "base/app.h"

enum { RESET_LIFE_S = 600 };

static const struct limit_rule change_rule = {.burst = 10, .refill_ms = 30 * 1000};
/* So many mails to one address; the answer is 202 all the same. */
static const struct limit_rule forgot_rule = {.burst = 3, .refill_ms = 10 * 60 * 1000};

struct change_in {
    struct str current_password, new_password;
};
static const struct field change_fields[] = {
    FIELD_STR(struct change_in, current_password, 1, PASSWORD_MAX, .required = true, .raw = true),
    FIELD_STR(struct change_in, new_password, PASSWORD_MIN, PASSWORD_MAX, .required = true,
              .raw = true),
};
static const struct shape password_change_shape =
    SHAPE("PasswordChange", struct change_in, change_fields);

struct forgot_in {
    struct str email;
};
static const struct field forgot_fields[] = {
    FIELD_STR(struct forgot_in, email, 1, 254, .required = true, .format = STR_EMAIL),
};
static const struct shape password_forgot_shape =
    SHAPE("PasswordForgot", struct forgot_in, forgot_fields);

struct reset_in {
    struct str token, password;
};
static const struct field reset_fields[] = {
    FIELD_STR(struct reset_in, token, 1, 200, .required = true),
    FIELD_STR(struct reset_in, password, PASSWORD_MIN, PASSWORD_MAX, .required = true, .raw = true),
};
static const struct shape password_reset_shape =
    SHAPE("PasswordReset", struct reset_in, reset_fields);

/* ---- change ---- */

struct changing {
    struct str email, business;
    const char *hash;
    char new_hash[PASSWORD_HASH_TEXT];
};

static enum result read_current(struct work *w, void *arg)
{
    struct changing *c = arg;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT u.email, u.password_hash, ws.name"
                           " FROM user_account u JOIN workspace ws ON ws.id = $2 WHERE u.id = $1",
                           db_i(w->actor.user_id), db_i(w->actor.workspace_id));
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    if (r != OK)
        return r;
    c->email = db_str(&rows, 0, 0);
    c->hash = str_z(w->arena, db_str(&rows, 0, 1));
    c->business = db_str(&rows, 0, 2);
    return OK;
}

static enum result wrong_current(struct work *w)
{
    return problem_field(w->problem, "current_password", "wrong_password",
                         "This is not the current password.");
}

static enum result write_changed(struct work *w, void *arg)
{
    const struct changing *c = arg;
    int64_t same = 0;
    /* Takes the row's lock and finds the hash that was verified still in place. */
    enum result r = db_count(w->tx, &same,
                             "UPDATE user_account SET password_hash = password_hash"
                             " WHERE id = $1 AND password_hash = $2",
                             db_i(w->actor.user_id), db_z(c->hash));
    if (r == OK && same == 0)
        r = wrong_current(w);
    if (r == OK)
        r = account_set_password(w, w->actor.user_id, c->new_hash, false);
    if (r == OK)
        r = account_end_sessions(w, w->actor.user_id, w->actor.session_id);
    if (r == OK)
        r = audit_action(w, "user", w->actor.user_id, "password_changed");
    return r == OK && !w->actor.must_change_password ? notice_to_actor(w, LETTER_PASSWORD_CHANGED)
                                                     : r;
}

static enum result post_password_change(struct request *rq, struct work *w)
{
    const struct change_in *in = rq->in;
    struct account *a = w->app->account;
    struct str key = str_printf(w->arena, "%lld", (long long)w->actor.user_id);
    struct changing c = {0};
    bool same = false;

    enum result r = account_need_session(w);
    if (r == OK)
        r = throttle(w, LIMIT_PASSWORD_CHANGE, change_rule, key);
    if (r == OK)
        r = run_read(w, read_current, &c);
    if (r == OK)
        r = password_verify(a, w->problem, in->current_password, c.hash, &same);
    if (r == OK && !same)
        r = wrong_current(w);
    if (r == OK && str_eq(in->current_password, in->new_password))
        r = problem_field(w->problem, "new_password", "unchanged",
                          "Choose another password than the one you have.");
    if (r == OK) {
        const struct str words[] = {c.email, c.business, w->actor.name};
        r = account_check_password(w, "new_password", in->new_password, words, 3);
    }
    if (r == OK)
        r = account_hash_password(a, w->problem, in->new_password, c.new_hash);
    if (r == OK)
        r = run_write(w, write_changed, &c);
    if (r != OK)
        return r;
    limiter_reset(account_limiter(a), LIMIT_PASSWORD_CHANGE, key);
    answer_empty(rq, 204);
    return OK;
}

/* ---- forgot ---- */

static enum result make_link(struct work *w, const struct addressee *to)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    enum result r =
        db_exec(w->tx, "DELETE FROM password_reset WHERE user_id = $1 OR expires_s < $2",
                db_i(to->user_id), db_i(w->now_s));
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO password_reset (token_hash, user_id, created_s, expires_s)"
                    " VALUES ($1, $2, $3, $4)",
                    db_z(hash), db_i(to->user_id), db_i(w->now_s), db_i(w->now_s + RESET_LIFE_S));
    if (r == OK)
        r = audit_action(w, "user", to->user_id, "password_reset_asked");
    if (r != OK)
        return r;
    /* Behind the #, a browser keeps the token out of requests, logs and Referer. */
    struct str url = str_printf(w->arena, "%s/login#reset=%s", w->app->base_url, token);
    return notice_send(w, LETTER_PASSWORD_RESET, to, url, RESET_LIFE_S / 60);
}

/* For an address without an account as much is made durable as for one with: the time that it takes
 * does not tell. */
static enum result make_decoy(struct work *w)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    return db_exec(w->tx, "INSERT INTO reset_decoy (token_hash, expires_s) VALUES ($1, $2)",
                   db_z(hash), db_i(w->now_s + RESET_LIFE_S));
}

static enum result post_password_forgot(struct request *rq, struct work *w)
{
    const struct forgot_in *in = rq->in;
    struct str email = str_lower(w->arena, in->email);
    answer_empty(rq, 202);
    if (limiter_take(account_limiter(w->app->account), LIMIT_FORGOT, forgot_rule, email, true) > 0)
        return OK;

    struct addressee to;
    struct db_reach before = db_across(w->tx, "an account's memberships are in any business");
    enum result r = addressee_by_email(w, email, &to);
    db_back(w->tx, before);
    if (r == NOT_FOUND)
        return make_decoy(w);
    if (r != OK)
        return r;
    /* Nobody is signed in; the request is known by its id, and the event belongs to this business.
     */
    work_enter(w, (struct actor){.kind = ACTOR_NOBODY, .workspace_id = to.workspace_id});
    return make_link(w, &to);
}

/* ---- reset ---- */

struct resetting {
    const struct request *rq;
    char device[TOKEN_TEXT]; /* who has the mailbox is no guesser: their browser is known now */
    char token_hash[TOKEN_HASH_TEXT];
    struct addressee who;
    char new_hash[PASSWORD_HASH_TEXT];
};

static enum result dead_link(struct work *w)
{
    return problem_field(w->problem, "token", "expired_or_used",
                         "This link has been used or is too old. Ask for a new one.");
}

static enum result find_link(struct work *w, void *arg)
{
    struct resetting *s = arg;
    enum result r = addressee_by_link(w, s->token_hash, &s->who);
    return r == NOT_FOUND ? dead_link(w) : r;
}

static enum result write_reset(struct work *w, void *arg)
{
    struct resetting *s = arg;
    int64_t used = 0;
    /* Deleting it is using it: of two at once one finds it gone. */
    enum result r = db_count(w->tx, &used,
                             "DELETE FROM password_reset WHERE token_hash = $1 AND expires_s > $2",
                             db_z(s->token_hash), db_i(w->now_s));
    if (r == OK && used == 0)
        r = dead_link(w);
    if (r == OK)
        r = account_set_password(w, s->who.user_id, s->new_hash, false);
    if (r == OK)
        r = account_end_sessions(w, s->who.user_id, 0);
    if (r == OK)
        r = device_remember(w, s->rq, s->who.user_id, s->device);
    work_enter(w, (struct actor){.kind = ACTOR_NOBODY, .workspace_id = s->who.workspace_id});
    if (r == OK)
        r = audit_action(w, "user", s->who.user_id, "password_reset");
    return r == OK ? notice_to(w, LETTER_PASSWORD_CHANGED, &s->who) : r;
}

static enum result post_password_reset(struct request *rq, struct work *w)
{
    const struct reset_in *in = rq->in;
    struct resetting s = {.rq = rq};
    token_hash(in->token.ptr, in->token.len, s.token_hash);

    enum result r = run_read_across(w, "a link is found by its token alone", find_link, &s);
    if (r == OK) {
        const struct str words[] = {s.who.email, s.who.business, s.who.name};
        r = account_check_password(w, "password", in->password, words, 3);
    }
    if (r == OK)
        r = account_hash_password(w->app->account, w->problem, in->password, s.new_hash);
    if (r == OK)
        r = run_write(w, write_reset, &s);
    if (r != OK)
        return r;
    device_cookie(rq, w, s.device);
    answer_empty(rq, 204);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/password/change",
        .slow = true,
        .who = WHO_SIGNED_IN,
        .unsettled = true,
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
        .slow = true,
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
const struct route_table password_table = {routes, sizeof routes / sizeof routes[0]};
