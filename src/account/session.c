/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * session: who calls, and how that begins and ends.
 *
 * A session names its workspace: a person with several has one session in each. At most
 * SESSIONS_MAX of a person are open; the oldest make room.
 */
#include "account/internal.h"

#include "base/app.h"

enum { SESSION_LIFE_S = 30 * SECONDS_PER_DAY, SESSIONS_MAX = 50 };

/* Columns from 0: workspace, user, name, staff, role, permissions. */
#define MEMBER_COLUMNS "m.workspace_id, m.user_id, r.name, m.id, m.role, m.permissions"
#define MEMBER_JOIN    " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"

static struct actor actor_of(const struct db_rows *rows, int64_t session_id)
{
    bool owner = str_is(db_str(rows, 0, 4), "owner");
    return (struct actor){
        .kind = owner ? ACTOR_OWNER : ACTOR_STAFF,
        .workspace_id = db_int(rows, 0, 0),
        .user_id = db_int(rows, 0, 1),
        .staff_id = db_int(rows, 0, 3),
        .session_id = session_id,
        .permissions = owner ? PERM_ALL | RIGHT_OWNER : (unsigned)db_int(rows, 0, 5) & PERM_ALL,
        .name = db_str(rows, 0, 2),
    };
}

struct caller {
    char token_hash[TOKEN_HASH_TEXT];
    struct actor actor;
};

static enum result find_caller(struct work *w, void *arg)
{
    struct caller *c = arg;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " MEMBER_COLUMNS ", s.id FROM session s"
                           " JOIN staff m ON m.workspace_id = s.workspace_id"
                           "  AND m.user_id = s.user_id" MEMBER_JOIN
                           " WHERE s.token_hash = $1 AND s.expires_s > $2 AND r.active = 1",
                           db_z(c->token_hash), db_i(w->now_s));
    if (r == NOT_FOUND)
        return OK;
    if (r == OK)
        c->actor = actor_of(&rows, db_int(&rows, 0, 6));
    return r;
}

enum result account_identify(void *account, struct request *rq, struct work *w)
{
    (void)account;
    w->actor = (struct actor){.kind = ACTOR_NOBODY};
    struct str token = request_cookie(rq, SESSION_COOKIE);
    if (!token.ptr || token.len != TOKEN_TEXT - 1)
        return OK;
    struct caller c = {.actor = w->actor};
    token_hash(token.ptr, token.len, c.token_hash);
    enum result r = w->tx ? find_caller(w, &c) : run_read(w, find_caller, &c);
    if (r == OK)
        w->actor = c.actor;
    return r;
}

enum result account_open_session(struct work *w, int64_t workspace_id, int64_t user_id,
                                 char ret_token[static TOKEN_TEXT])
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " MEMBER_COLUMNS " FROM staff m" MEMBER_JOIN
                           " WHERE m.workspace_id = $1 AND m.user_id = $2 AND r.active = 1",
                           db_i(workspace_id), db_i(user_id));
    if (r == NOT_FOUND)
        return bad_credentials(w);
    if (r != OK)
        return r;

    r = db_exec(w->tx,
                "DELETE FROM session WHERE user_id = $1 AND (expires_s <= $2 OR id NOT IN ("
                " SELECT id FROM session WHERE user_id = $1 ORDER BY id DESC LIMIT $3))",
                db_i(user_id), db_i(w->now_s), db_i(SESSIONS_MAX - 1));
    if (r != OK)
        return r;
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    int64_t id = env_id(w->env);
    r = db_exec(w->tx,
                "INSERT INTO session"
                " (token_hash, id, workspace_id, user_id, created_s, expires_s)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                db_z(hash), db_i(id), db_i(workspace_id), db_i(user_id), db_i(w->now_s),
                db_i(w->now_s + SESSION_LIFE_S));
    if (r != OK)
        return r;
    w->actor = actor_of(&rows, id);
    memcpy(ret_token, token, sizeof token);
    return OK;
}

void account_cookie(struct request *rq, struct work *w, const char *token)
{
    /* An empty token with no age left tells the browser to forget the cookie. */
    answer_header(rq, "Set-Cookie",
                  str_printf(rq->arena, "%s=%s; HttpOnly; SameSite=Lax; Path=/; Max-Age=%d%s",
                             SESSION_COOKIE, token, *token ? SESSION_LIFE_S : 0,
                             account_secure_cookie(w->app->account) ? "; Secure" : ""));
}

enum result account_end_sessions(struct work *w, int64_t user_id, int64_t keep_session_id)
{
    return db_exec(w->tx, "DELETE FROM session WHERE user_id = $1 AND id <> $2", db_i(user_id),
                   db_i(keep_session_id));
}
