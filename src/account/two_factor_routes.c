/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * two_factor_routes: switching the second factor on and off, and new recovery codes.
 *
 * Setting up asks for the password and gives a key; a first code from it confirms. From then on the
 * factor changes only with password and code, the password first, and the person is told by mail.
 * Each change ends in a new token for the session; switching on ends the others, which were opened
 * by the password alone.
 */
#include "account/notice.h"
#include "account/totp.h"
#include "account/two_factor.h"

#include "audit/audit.h"
#include "base/app.h"
#include "base/seal.h"

static const struct limit_rule password_rule = {.burst = 10, .refill_ms = 30 * 1000};

/* ---- shapes ---- */

struct two_factor_out {
    struct opt_bool enabled, required;
    struct opt_int recovery_codes_left;
};
static const struct field two_factor_fields[] = {
    FIELD_BOOL(struct two_factor_out, enabled),
    FIELD_BOOL(struct two_factor_out, required, .doc = "a workspace of theirs asks for it"),
    FIELD_INT(struct two_factor_out, recovery_codes_left, 0, 0),
};
static const struct shape two_factor_shape =
    SHAPE("TwoFactor", struct two_factor_out, two_factor_fields);

struct factor_in {
    struct str current_password, code;
};
static const struct field setup_fields[] = {
    FIELD_STR(struct factor_in, current_password, 1, PASSWORD_MAX, .required = true, .raw = true),
};
static const struct shape setup_shape = SHAPE("TwoFactorSetup", struct factor_in, setup_fields);

static const struct field confirm_fields[] = {
    FIELD_STR(struct factor_in, code, 1, 40, .required = true, .doc = "of the app, six digits"),
};
static const struct shape confirm_shape =
    SHAPE("TwoFactorConfirm", struct factor_in, confirm_fields);

static const struct field change_fields[] = {
    FIELD_STR(struct factor_in, current_password, 1, PASSWORD_MAX, .required = true, .raw = true),
    FIELD_STR(struct factor_in, code, 1, 40, .required = true,
              .doc = "of the app, or a recovery code"),
};
static const struct shape change_shape = SHAPE("TwoFactorChange", struct factor_in, change_fields);

struct secret_out {
    struct str secret, otpauth_url;
};
static const struct field secret_fields[] = {
    FIELD_STR(struct secret_out, secret, 0, 0, .doc = "base32, to be typed"),
    FIELD_STR(struct secret_out, otpauth_url, 0, 0, .doc = "the same, to be shown as a QR code"),
};
static const struct shape secret_shape = SHAPE("TwoFactorSecret", struct secret_out, secret_fields);

struct codes_out {
    struct str_list recovery_codes;
};
static const struct field codes_fields[] = {
    FIELD_STRS(struct codes_out, recovery_codes, 0, RECOVERY_CODES,
               .doc = "each works once; they are never shown again"),
};
static const struct shape codes_shape = SHAPE("RecoveryCodes", struct codes_out, codes_fields);

/* ---- what every change knows ---- */

struct change {
    struct str email;
    const char *hash; /* the password's */
    struct factor factor;
    bool required;
    int64_t left; /* recovery codes */
    struct proof proof;
    struct recovery recovery;
    struct str secret; /* a new key, sealed */
    char token[TOKEN_TEXT];
};

static const char ANY_BUSINESS[] = "any business of theirs may ask for a second factor";

static enum result read_account(struct work *w, void *arg)
{
    struct change *c = arg;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT u.id, u.totp_secret, u.totp_confirmed_s, u.totp_last_step,"
                           " u.email, u.password_hash,"
                           " CASE WHEN EXISTS (SELECT 1 FROM staff m"
                           "   JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
                           "   JOIN workspace ws ON ws.id = m.workspace_id"
                           "   WHERE m.user_id = u.id AND m.confirmed = 1 AND r.active = 1"
                           "   AND ws.require_two_factor = 1) THEN 1 ELSE 0 END,"
                           " (SELECT COUNT(*) FROM recovery_code c WHERE c.user_id = u.id)"
                           " FROM user_account u WHERE u.id = $1",
                           db_i(w->actor.user_id));
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    if (r != OK)
        return r;
    c->factor = factor_of(&rows, 0);
    c->email = db_str(&rows, 0, 4);
    c->hash = str_z(w->arena, db_str(&rows, 0, 5));
    c->required = db_int(&rows, 0, 6) != 0;
    c->left = db_int(&rows, 0, 7);
    return OK;
}

static enum result conflict(struct work *w, const char *why)
{
    return problem_set(w->problem, CONFLICT, "invalid_transition", "%s", why);
}

static enum result wrong_code(struct work *w)
{
    return problem_field(w->problem, "code", "bad_code",
                         "This code is wrong, too old, or has been used. Give the one shown now.");
}

static enum result check_password(struct work *w, const struct change *c, struct str password)
{
    struct str key = str_printf(w->arena, "%lld", (long long)w->actor.user_id);
    bool same = false;
    enum result r = throttle(w, LIMIT_PASSWORD_CHANGE, password_rule, key);
    if (r == OK)
        r = password_verify(w->app->account, w->problem, password, c->hash, &same);
    if (r == OK && !same)
        r = problem_field(w->problem, "current_password", "wrong_password",
                          "This is not the current password.");
    if (r == OK)
        unthrottle(w, LIMIT_PASSWORD_CHANGE, password_rule, key);
    return r;
}

static enum result check_code(struct work *w, struct change *c, struct str code, bool recovery)
{
    bool right = false;
    enum result r = factor_throttle(w, w->actor.user_id, NULL);
    if (r == OK)
        r = factor_check(w, &c->factor, code, recovery, &c->proof, &right);
    if (r == OK && !right)
        r = wrong_code(w);
    if (r == OK)
        factor_forgive(w, w->actor.user_id, NULL);
    return r;
}

static enum result use_code(struct work *w, const struct change *c)
{
    bool used = false;
    enum result r = factor_use(w, w->actor.user_id, &c->proof, &used);
    return r == OK && !used ? wrong_code(w) : r;
}

/* What every change ends with: a new token, the event, and a letter. */
static enum result close_change(struct work *w, struct change *c, const char *action,
                                enum letter_kind kind)
{
    enum result r = account_renew_session(w, c->token);
    if (r == OK)
        r = audit_action(w, "user", w->actor.user_id, action);
    return r == OK ? notice_to_actor(w, kind) : r;
}

static void answer_codes(struct request *rq, struct work *w, const struct change *c)
{
    struct str list[RECOVERY_CODES];
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        list[i] = str_of(c->recovery.codes[i]);
    struct codes_out out = {{.set = true, .count = RECOVERY_CODES, .items = list}};
    account_cookie(rq, w, c->token);
    answer_json(rq, 200, &codes_shape, &out, w->actor.permissions);
}

/* ---- seeing ---- */

static enum result get_two_factor(struct request *rq, struct work *w)
{
    struct change *c = arena_new(w->arena, struct change);
    struct db_reach before = db_across(w->tx, ANY_BUSINESS);
    enum result r = read_account(w, c);
    db_back(w->tx, before);
    if (r != OK)
        return r;
    struct two_factor_out out = {
        .enabled = some_bool(c->factor.on),
        .required = some_bool(c->required),
        .recovery_codes_left = some_int(c->left),
    };
    answer_json(rq, 200, &two_factor_shape, &out, w->actor.permissions);
    return OK;
}

/* ---- on ---- */

static enum result write_secret(struct work *w, void *arg)
{
    struct change *c = arg;
    int64_t changed = 0;
    enum result r = db_count(w->tx, &changed,
                             "UPDATE user_account SET totp_secret = $3, totp_last_step = 0"
                             " WHERE id = $1 AND password_hash = $2 AND totp_confirmed_s IS NULL",
                             db_i(w->actor.user_id), db_z(c->hash), db_s(c->secret));
    if (r == OK && changed == 0)
        r = conflict(w, "Your account has changed in the meantime. Please begin again.");
    return r;
}

/* An address as a URL's path may hold it. */
static struct str escape(struct arena *a, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, 3 * s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out[len++] = (char)c;
        } else {
            out[len++] = '%';
            out[len++] = hex[c >> 4];
            out[len++] = hex[c & 15];
        }
    }
    return (struct str){out, len};
}

static enum result post_setup(struct request *rq, struct work *w)
{
    const struct factor_in *in = rq->in;
    struct change *c = arena_new(w->arena, struct change);
    enum result r = account_need_session(w);
    if (r == OK)
        r = run_read_across(w, ANY_BUSINESS, read_account, c);
    if (r == OK)
        r = check_password(w, c, in->current_password);
    if (r == OK && c->factor.on)
        r = conflict(w, "Two-factor sign-in is on already.");
    if (r != OK)
        return r;
    unsigned char key[TOTP_KEY_BYTES];
    char secret[TOTP_SECRET_TEXT];
    env_random(w->env, key, sizeof key);
    totp_secret(key, secret);
    c->secret = seal_close(w->app->seal, w->arena, str_of(secret));
    r = run_write(w, write_secret, c);
    if (r != OK)
        return r;
    struct secret_out out = {
        .secret = str_of(secret),
        .otpauth_url =
            str_printf(w->arena, "otpauth://totp/CareOps:" STR_FMT "?secret=%s&issuer=CareOps",
                       STR_ARG(escape(w->arena, c->email)), secret),
    };
    answer_json(rq, 200, &secret_shape, &out, w->actor.permissions);
    str_wipe((struct str){(const char *)key, sizeof key});
    return OK;
}

static enum result write_confirmed(struct work *w, void *arg)
{
    struct change *c = arg;
    int64_t changed = 0;
    enum result r = db_count(w->tx, &changed,
                             "UPDATE user_account SET totp_confirmed_s = $3, totp_last_step = $4,"
                             " version = version + 1"
                             " WHERE id = $1 AND totp_secret = $2 AND totp_confirmed_s IS NULL",
                             db_i(w->actor.user_id), db_s(c->factor.secret), db_i(w->now_s),
                             db_i(c->proof.step));
    if (r == OK && changed == 0)
        r = conflict(w, "Your account has changed in the meantime. Please begin again.");
    if (r == OK)
        r = recovery_store(w, w->actor.user_id, &c->recovery);
    if (r == OK)
        r = account_end_sessions(w, w->actor.user_id, w->actor.session_id);
    return r == OK ? close_change(w, c, "two_factor_on", LETTER_TWO_FACTOR_ON) : r;
}

static enum result post_confirm(struct request *rq, struct work *w)
{
    const struct factor_in *in = rq->in;
    struct change *c = arena_new(w->arena, struct change);
    enum result r = account_need_session(w);
    if (r == OK)
        r = run_read_across(w, ANY_BUSINESS, read_account, c);
    if (r == OK && (c->factor.on || !c->factor.secret.ptr))
        r = conflict(w,
                     c->factor.on ? "Two-factor sign-in is on already." : "Ask for a key first.");
    if (r == OK)
        r = check_code(w, c, in->code, false);
    if (r == OK)
        r = recovery_make(w, &c->recovery);
    if (r == OK)
        r = run_write(w, write_confirmed, c);
    if (r == OK)
        answer_codes(rq, w, c);
    return r;
}

/* ---- off, and new codes ---- */

/* Password first, whatever the code. */
static enum result check_both(struct work *w, struct change *c, const struct factor_in *in)
{
    enum result r = account_need_session(w);
    if (r == OK)
        r = run_read_across(w, ANY_BUSINESS, read_account, c);
    if (r == OK)
        r = check_password(w, c, in->current_password);
    if (r == OK && !c->factor.on)
        r = conflict(w, "Two-factor sign-in is off.");
    return r == OK ? check_code(w, c, in->code, true) : r;
}

static enum result write_off(struct work *w, void *arg)
{
    struct change *c = arg;
    enum result r = use_code(w, c);
    if (r == OK)
        r = db_exec(w->tx,
                    "UPDATE user_account SET totp_secret = NULL, totp_confirmed_s = NULL,"
                    " version = version + 1 WHERE id = $1",
                    db_i(w->actor.user_id));
    if (r == OK)
        r = db_exec(w->tx, "DELETE FROM recovery_code WHERE user_id = $1", db_i(w->actor.user_id));
    return r == OK ? close_change(w, c, "two_factor_off", LETTER_TWO_FACTOR_OFF) : r;
}

static enum result post_disable(struct request *rq, struct work *w)
{
    struct change *c = arena_new(w->arena, struct change);
    enum result r = check_both(w, c, rq->in);
    if (r == OK && c->required)
        r = conflict(w, "A business that you belong to asks for two-factor sign-in.");
    if (r == OK)
        r = run_write(w, write_off, c);
    if (r != OK)
        return r;
    account_cookie(rq, w, c->token);
    answer_empty(rq, 204);
    return OK;
}

static enum result write_codes(struct work *w, void *arg)
{
    struct change *c = arg;
    enum result r = use_code(w, c);
    if (r == OK)
        r = recovery_store(w, w->actor.user_id, &c->recovery);
    return r == OK ? close_change(w, c, "recovery_codes_new", LETTER_RECOVERY_CODES) : r;
}

static enum result post_codes(struct request *rq, struct work *w)
{
    struct change *c = arena_new(w->arena, struct change);
    enum result r = check_both(w, c, rq->in);
    if (r == OK)
        r = recovery_make(w, &c->recovery);
    if (r == OK)
        r = run_write(w, write_codes, c);
    if (r == OK)
        answer_codes(rq, w, c);
    return r;
}

#define TWO_FACTOR(verb) .method = (verb), .who = WHO_SIGNED_IN, .unsettled = true, .tag = "account"

static const struct route routes[] = {
    {
        TWO_FACTOR(HTTP_GET_),
        .path = "/api/v1/two-factor",
        .mode = MODE_READ,
        .status = 200,
        .answer = &two_factor_shape,
        .handler = get_two_factor,
        .summary = "Whether signing in asks the caller for a code as well",
    },
    {
        TWO_FACTOR(HTTP_POST_),
        .path = "/api/v1/two-factor/setup",
        .slow = true,
        .mode = MODE_FREE,
        .body = &setup_shape,
        .also = {409, 429},
        .status = 200,
        .answer = &secret_shape,
        .handler = post_setup,
        .summary = "A new key for an authenticator app; it counts once it is confirmed",
    },
    {
        TWO_FACTOR(HTTP_POST_),
        .path = "/api/v1/two-factor/confirm",
        .slow = true,
        .mode = MODE_FREE,
        .body = &confirm_shape,
        .also = {409, 429},
        .status = 200,
        .answer = &codes_shape,
        .handler = post_confirm,
        .summary = "Switch it on by a first code; other sessions end, recovery codes come once",
    },
    {
        TWO_FACTOR(HTTP_POST_),
        .path = "/api/v1/two-factor/disable",
        .slow = true,
        .mode = MODE_FREE,
        .body = &change_shape,
        .also = {409, 429},
        .status = 204,
        .handler = post_disable,
        .summary = "Switch it off, where no workspace asks for it",
    },
    {
        TWO_FACTOR(HTTP_POST_),
        .path = "/api/v1/two-factor/recovery-codes",
        .slow = true,
        .mode = MODE_FREE,
        .body = &change_shape,
        .also = {409, 429},
        .status = 200,
        .answer = &codes_shape,
        .handler = post_codes,
        .summary = "New recovery codes; the earlier ones end",
    },
};
const struct route_table two_factor_table = {routes, sizeof routes / sizeof routes[0]};
