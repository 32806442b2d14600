/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * device: browsers in which a person has signed in before.
 *
 * Such a browser holds a token of its own, stored as its SHA-256 beside the person; one browser may
 * be known to several people. It opens nothing. Its attempts to sign in are counted apart, so that
 * whoever guesses elsewhere can use up everybody's attempts but theirs.
 */
#include "account/internal.h"

#include "base/app.h"

#define DEVICE_COOKIE "careops_device"

enum { DEVICES_MAX = 20 };

bool device_hash(const struct request *rq, char ret_hash[static TOKEN_HASH_TEXT])
{
    struct str token = request_cookie(rq, DEVICE_COOKIE);
    if (!token.ptr || token.len != TOKEN_TEXT - 1)
        return false;
    token_hash(token.ptr, token.len, ret_hash);
    return true;
}

enum result device_is_known(struct work *w, const char *hash, int64_t user_id, bool *ret_known)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT user_id FROM known_device"
                           " WHERE token_hash = $1 AND user_id = $2 AND last_used_s > $3",
                           db_z(hash), db_i(user_id), db_i(w->now_s - DEVICE_LIFE_S));
    *ret_known = r == OK;
    return r == NOT_FOUND ? OK : r;
}

/* Of one who signs in from ever new browsers the latest are kept. */
static enum result make_room(struct work *w, int64_t user_id)
{
    return db_exec(w->tx,
                   "DELETE FROM known_device WHERE user_id = $1 AND token_hash NOT IN ("
                   " SELECT token_hash FROM known_device WHERE user_id = $1"
                   " ORDER BY last_used_s DESC, token_hash LIMIT $2)",
                   db_i(user_id), db_i(DEVICES_MAX - 1));
}

enum result device_remember(struct work *w, const struct request *rq, int64_t user_id,
                            char ret_token[static TOKEN_TEXT])
{
    char hash[TOKEN_HASH_TEXT];
    struct str given = request_cookie(rq, DEVICE_COOKIE);
    struct db_rows rows;
    enum result r = NOT_FOUND;
    if (device_hash(rq, hash)) /* one that we gave out, to them or to a colleague */
        r = db_one(w->tx, &rows, "SELECT user_id FROM known_device WHERE token_hash = $1 LIMIT 1",
                   db_z(hash));
    if (r == OK) {
        memcpy(ret_token, given.ptr, TOKEN_TEXT - 1);
        ret_token[TOKEN_TEXT - 1] = '\0';
    } else if (r == NOT_FOUND) {
        env_token(w->env, ret_token, hash);
        r = OK;
    }
    int64_t changed = 0;
    if (r == OK)
        r = db_count(w->tx, &changed,
                     "UPDATE known_device SET last_used_s = $3"
                     " WHERE token_hash = $1 AND user_id = $2",
                     db_z(hash), db_i(user_id), db_i(w->now_s));
    if (r != OK || changed > 0)
        return r;
    r = make_room(w, user_id);
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO known_device (token_hash, user_id, last_used_s)"
                    " VALUES ($1, $2, $3)",
                    db_z(hash), db_i(user_id), db_i(w->now_s));
    return r;
}

void device_cookie(struct request *rq, struct work *w, const char *token)
{
    answer_header(rq, "Set-Cookie",
                  str_printf(rq->arena,
                             "%s=%s; HttpOnly; SameSite=Lax; Path=/api/v1/; Max-Age=%d%s",
                             DEVICE_COOKIE, token, DEVICE_LIFE_S,
                             account_secure_cookie(w->app->account) ? "; Secure" : ""));
}

enum result account_know_device(struct request *rq, struct work *w, int64_t user_id)
{
    char token[TOKEN_TEXT];
    enum result r = device_remember(w, rq, user_id, token);
    if (r == OK)
        device_cookie(rq, w, token);
    return r;
}

enum result devices_forget(struct work *w, int64_t user_id)
{
    return db_exec(w->tx, "DELETE FROM known_device WHERE user_id = $1", db_i(user_id));
}
