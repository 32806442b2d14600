/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * account: people who sign in: their passwords, their sessions, and the tokens of their programs.
 *
 * Passwords: argon2id by libsodium (19 MiB, t=2), hashed and verified outside every transaction, at
 * most two at a time in the process, behind them a short queue, else BUSY. The password that an
 * invitation mailed lets in once, within FIRST_PASSWORD_LIFE_S, and to nothing but choosing one's
 * own. Session tokens: 32 random bytes in the session cookie, of which only the SHA-256 is stored;
 * each step up (sign-in, second factor, another workspace) makes a new one. A session
 * ends after 30 days, unused for as long as the workspace says, at sign-out, when the member is
 * deactivated and when the password changes elsewhere. An e-mail address is kept in lower case and
 * belongs to one account in the whole installation.
 *
 * account knows workspace and audit; team builds on it (sign-up and invitations live there).
 */
#ifndef CAREOPS_ACCOUNT_ACCOUNT_H
#define CAREOPS_ACCOUNT_ACCOUNT_H

#include "base/civil.h"
#include "db/work.h"
#include "http/limit.h"
#include "http/route.h"

struct account; /* the hashing gate and settings; owned by the app (w->app); any thread */

/* NULL where there is no memory for a single hash. `limiter` outlives it. */
struct account *account_new(const struct env *env, struct limiter *limiter, bool secure_cookie);
void account_free(struct account *a);

/* ---- passwords: never called inside a transaction ---- */

enum { PASSWORD_HASH_TEXT = 128, PASSWORD_MIN = 8, PASSWORD_MAX = 1024 };

/* BUSY where too many wait. */
enum result account_hash_password(struct account *a, struct problem *p, struct str password,
                                  char ret[static PASSWORD_HASH_TEXT]) must_check;

/*
 * Refuses (INVALID, one error at `path`) what is guessed first: the most common passwords, one
 * character or run repeated, and the words given: the person's and the business's name, the e-mail
 * address. Case, signs and digits at the end do not make a word better. Length is the shape's to
 * check. `path` outlives the problem.
 */
enum result account_check_password(struct work *w, const char *path, struct str password,
                                   const struct str *words, size_t word_count) must_check;

/*
 * A secret that a person types: so many letters and digits, each of READABLE_CHOICES that nobody
 * takes for another (4.3 bits), in groups of four with dashes between.
 */
enum { READABLE_CHOICES = 20 };
#define READABLE_TEXT(letters) ((letters) + ((letters)-1) / 4 + 1)
void readable_secret(const struct env *env, size_t letters, char *ret);
/* The i-th letter, and a letter's i (READABLE_CHOICES for another character). */
char readable_letter(size_t i);
size_t readable_index(char letter);

/* ---- users ---- */

enum { FIRST_PASSWORD_LIFE_S = 7 * SECONDS_PER_DAY };

/* A user and their password's hash; CONFLICT already_exists where the address has an account. */
enum result account_create_user(struct work *w, struct str name, struct str email,
                                const char *password_hash, int64_t *ret_id) must_check;
/* The account of an address. One that is not there yet is made, with a first password. */
enum result account_invite_user(struct work *w, struct str name, struct str email,
                                const char *password_hash, int64_t *ret_id,
                                bool *ret_made) must_check;
/* A new password, already hashed; `first` is one that is mailed. Open reset links die with the old
 * one; sessions do not. */
enum result account_set_password(struct work *w, int64_t user_id, const char *password_hash,
                                 bool first) must_check;

struct user_out {
    struct opt_int id;
    struct str name, email;
    struct opt_bool must_change_password, two_factor;
};
extern const struct shape user_shape;
/* The signed-in user, by their name in this workspace. */
enum result account_user(struct work *w, struct user_out *ret) must_check;

/* ---- sessions ---- */

/* For the dispatcher's guard: who calls. Reads the cookie; an expired or unknown one, or one of a
 * deactivated member, is nobody. Opens its own view where the work has no transaction. */
enum result account_identify(void *account, struct request *rq, struct work *w) must_check;

/* For the dispatcher's guard: notes, once in a while, that a session or token is in use. */
void account_seen(void *account, const struct app *app, const struct actor *actor);

/* Opens a session of a member and makes them the actor; the one that this browser had ends. Give
 * the token to account_cookie once the transaction can no longer run again (or inside it, in a
 * handler). DENIED for a non-member. */
enum result account_open_session(struct work *w, const struct request *rq, int64_t workspace_id,
                                 int64_t user_id, char ret_token[static TOKEN_TEXT]) must_check;
/* Instead of the caller's session one of theirs in another workspace; they become its actor. */
enum result account_switch(struct work *w, const struct request *rq, int64_t workspace_id,
                           char ret_token[static TOKEN_TEXT]) must_check;
/* A new token for the caller's session; the old one opens nothing any more. */
enum result account_renew_session(struct work *w, char ret_token[static TOKEN_TEXT]) must_check;
/* The yes to an invitation, by its link's token: INVALID at `path` for a dead one, DENIED for
 * another account's. The membership opens from then on. */
enum result account_join(struct work *w, const char *path, struct str token, int64_t user_id,
                         int64_t *ret_workspace_id, int64_t *ret_staff_id) must_check;
/* DENIED where a program's token calls. */
enum result account_need_session(struct work *w) must_check;
void account_cookie(struct request *rq, struct work *w, const char *token);
/* The browser of who has just signed up or in is known from now on; sets its cookie. In a handler.
 */
enum result account_know_device(struct request *rq, struct work *w, int64_t user_id) must_check;
/* Ends every session of a user (but one): password change. keep_session_id 0 = none kept. */
enum result account_end_sessions(struct work *w, int64_t user_id,
                                 int64_t keep_session_id) must_check;
/* Ends a user's sessions in this workspace: deactivation. */
enum result account_end_member_sessions(struct work *w, int64_t user_id) must_check;

/* ---- tokens: programs that act for a member (account/token.c) ---- */

/* Revokes every token that a member has made: deactivation. */
enum result account_end_tokens(struct work *w, int64_t staff_id) must_check;

/* Removes what has ended by itself; a bounded part of it. */
enum result account_sweep(struct work *w) must_check;

/* What GET /session answers. */
extern const struct shape session_shape;
/* The same as JSON, for the caller in w->actor (the shell of /app carries it). */
enum result account_session_json(struct work *w, struct str *ret) must_check;
/* Answers it, with 200. */
enum result account_answer_session(struct request *rq, struct work *w) must_check;

/* The language in which the caller reads the office: their own choice, else that of the business
 * where the office speaks it, else English. */
enum result account_language(struct work *w, struct str *ret) must_check;

/* ---- names on the wire, NULL-terminated ---- */

extern const char *const role_names[]; /* 0 is the owner, 1 staff */

extern const struct route_table session_table;  /* /session, /sessions… */
extern const struct route_table password_table; /* /password… */
extern const struct route_table token_table;    /* /tokens… */
extern const struct route_table two_factor_table;

#endif
