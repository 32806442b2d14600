/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of account/ share and nobody else sees. */
#ifndef CAREOPS_ACCOUNT_INTERNAL_H
#define CAREOPS_ACCOUNT_INTERNAL_H

#include "account/account.h"

/* Buckets in the limiter; the dispatcher's own rules come before them. */
enum {
    LIMIT_SIGN_IN_PAIR = RATE__MAX + 1, /* account and address together */
    LIMIT_SIGN_IN_ADDRESS,
    LIMIT_SIGN_IN_ACCOUNT, /* by e-mail address typed, whether or not it has an account */
    LIMIT_SIGN_IN_DEVICE,  /* by account and known device */
    LIMIT_CODE,            /* second factors, by user */
    LIMIT_CODE_DEVICE,
    LIMIT_PASSWORD_CHANGE, /* by user */
    LIMIT_FORGOT,          /* by e-mail address asked for */
};

struct limiter *account_limiter(const struct account *a);
bool account_secure_cookie(const struct account *a);

/* BUSY where too many wait; otherwise *ret_same. `hash` NULL spends the same time and is never
 * the same, so that an unknown address cannot be told from a wrong password. */
enum result password_verify(struct account *a, struct problem *p, struct str password,
                            const char *hash, bool *ret_same) must_check;
/* Made with other parameters than today's. */
bool password_outdated(const char *hash);

/* A member as the caller: columns from 0 and the joins they need; `m` is the row of staff. */
#define MEMBER_COLUMNS                                                    \
    "m.workspace_id, m.user_id, r.name, m.id, m.role, m.permissions,"     \
    " ws.staff_see_contacts, u.must_change_password,"                     \
    " CASE WHEN ws.require_two_factor = 1 AND u.totp_confirmed_s IS NULL" \
    "  THEN 1 ELSE 0 END"
#define MEMBER_JOIN                                                       \
    " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id" \
    " JOIN user_account u ON u.id = m.user_id"                            \
    " JOIN workspace ws ON ws.id = m.workspace_id"
enum { MEMBER_COLUMN_COUNT = 9 };
struct actor actor_of(const struct db_rows *rows, int64_t session_id, int64_t seen_s);

/* Fills w->actor from a bearer token; one that is worth nothing leaves nobody. */
enum result token_identify(struct work *w, struct str token, bool reading) must_check;
/* What account_seen does for a token: its use is noted. */
void token_seen(const struct app *app, const struct actor *actor);
/* Uses are noted at most so often. */
enum { SEEN_EVERY_S = 60 };

/* Generated from third_party/passwords by tools/passwords.mjs: hashes in order. */
extern const unsigned char common_passwords[];
extern const size_t common_password_count;

/* Takes one token; DENIED 429 with Retry-After where there is none. Counts also where
 * CAREOPS_RATE_LIMIT=off: guessing passwords is throttled always. */
enum result throttle(struct work *w, int rule_id, struct limit_rule rule,
                     struct str key) must_check;

/* Gives back what throttle took: what turned out right is no guess. */
void unthrottle(struct work *w, int rule_id, struct limit_rule rule, struct str key);

/* Whether a token is that of an open invitation of this account. */
enum result account_is_invited(struct work *w, struct str token, int64_t user_id,
                               bool *ret) must_check;

/* 401 bad_credentials, in the same words whatever was wrong. */
enum result bad_credentials(struct work *w) must_check;

/*
 * One transaction of a MODE_FREE handler: `fn` gets a copy of the work that has it, at the actor's
 * business. run_read_across is for finding out whose business it is, and says why.
 */
typedef enum result (*step_fn)(struct work *w, void *arg);
enum result run_read(struct work *w, step_fn fn, void *arg) must_check;
enum result run_read_across(struct work *w, const char *reason, step_fn fn, void *arg) must_check;
enum result run_write(struct work *w, step_fn fn, void *arg) must_check;

/* What GET /session answers, for w->actor. */
struct session_out;
enum result session_read(struct work *w, struct session_out **ret) must_check;

/* ---- the language of the office (language.c) ---- */

extern const char *const language_names[];
/* Unset: none is chosen. */
enum result account_chosen_language(struct work *w, struct opt_int *ret) must_check;

/* ---- known devices (device.c) ---- */

/* Browsers keep a cookie for 400 days at most. */
enum { DEVICE_LIFE_S = 400 * SECONDS_PER_DAY };

/* The hash of the browser's device cookie; false where there is none in form. */
bool device_hash(const struct request *rq, char ret_hash[static TOKEN_HASH_TEXT]);
enum result device_is_known(struct work *w, const char *hash, int64_t user_id,
                            bool *ret_known) must_check;
/* After a sign-in: the browser's own token where it has one, else a new one. */
enum result device_remember(struct work *w, const struct request *rq, int64_t user_id,
                            char ret_token[static TOKEN_TEXT]) must_check;
void device_cookie(struct request *rq, struct work *w, const char *token);
enum result devices_forget(struct work *w, int64_t user_id) must_check;

/* ---- handlers and shapes that session_routes.c puts into the table ---- */

extern const struct shape sign_in_shape, session_view_shape, sessions_query_shape,
    session_switch_shape, session_change_shape;
enum result post_session(struct request *rq, struct work *w);
enum result get_sessions(struct request *rq, struct work *w);
enum result delete_session_by_id(struct request *rq, struct work *w);
enum result post_end_others(struct request *rq, struct work *w);
enum result post_end_all(struct request *rq, struct work *w);
enum result post_switch(struct request *rq, struct work *w);
enum result patch_session(struct request *rq, struct work *w);

#endif
