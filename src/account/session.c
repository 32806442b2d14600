/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * session: who calls, and how that begins, goes on and ends.
 *
 * A session names its workspace: a person with several moves from one to the other, under a new
 * token, and no longer than the sign-in that it began with. At most SESSIONS_MAX of a person are
 * open; the oldest make room. It ends SESSION_LIFE_S after the sign-in, and when nobody has used it
 * for as long as the workspace allows. Its use is noted at most every SEEN_EVERY_S, after an answer
 * that went well, so that reading costs a write once a minute and a refusal none.
 */
#include "account/internal.h"

#include "base/app.h"

#include <assert.h>

enum { SESSION_LIFE_S = 30 * SECONDS_PER_DAY, SESSIONS_MAX = 50 };
enum { USER_AGENT_MAX = 300 };

struct actor actor_of(const struct db_rows *rows, int64_t session_id, int64_t seen_s)
{
    enum { WORKSPACE, USER, NAME, STAFF, ROLE, PERMISSIONS, CONTACTS, MUST_CHANGE, MUST_SET_UP };
    static_assert(MUST_SET_UP + 1 == (int)MEMBER_COLUMN_COUNT, "MEMBER_COLUMNS has these");
    bool owner = str_is(db_str(rows, 0, ROLE), "owner");
    unsigned held = (unsigned)db_int(rows, 0, PERMISSIONS) & PERM_ALL;
    unsigned contacts = db_int(rows, 0, CONTACTS) ? RIGHT_CONTACTS : 0;
    return (struct actor){
        .kind = owner ? ACTOR_OWNER : ACTOR_STAFF,
        .workspace_id = db_int(rows, 0, WORKSPACE),
        .user_id = db_int(rows, 0, USER),
        .staff_id = db_int(rows, 0, STAFF),
        .session_id = session_id,
        .permissions = owner ? PERM_ALL | RIGHT_OWNER : held | contacts,
        .must_change_password = db_int(rows, 0, MUST_CHANGE) != 0,
        .must_set_up_two_factor = db_int(rows, 0, MUST_SET_UP) != 0,
        .seen_s = seen_s,
        .name = db_str(rows, 0, NAME),
    };
}

/* ---- who calls ---- */

struct caller {
    char token_hash[TOKEN_HASH_TEXT];
    struct actor actor;
};

static enum result find_caller(struct work *w, void *arg)
{
    struct caller *c = arg;
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT " MEMBER_COLUMNS ", s.id, s.last_seen_s FROM session s"
                           " JOIN staff m ON m.workspace_id = s.workspace_id"
                           "  AND m.user_id = s.user_id" MEMBER_JOIN
                           " WHERE s.token_hash = $1 AND s.expires_s > $2"
                           " AND s.last_seen_s + ws.session_idle_min * 60 > $2"
                           " AND r.active = 1 AND m.confirmed = 1",
                           db_z(c->token_hash), db_i(w->now_s));
    if (r == NOT_FOUND)
        return OK;
    if (r == OK)
        c->actor = actor_of(&rows, db_int(&rows, 0, MEMBER_COLUMN_COUNT),
                            db_int(&rows, 0, MEMBER_COLUMN_COUNT + 1));
    return r;
}

/* The hash of the session cookie's token; false where there is none in form. */
static bool cookie_hash(const struct request *rq, char ret_hash[static TOKEN_HASH_TEXT])
{
    struct str token = request_cookie(rq, SESSION_COOKIE);
    if (!token.ptr || token.len != TOKEN_TEXT - 1)
        return false;
    token_hash(token.ptr, token.len, ret_hash);
    return true;
}

enum result account_identify(void *account, struct request *rq, struct work *w)
{
    (void)account;
    w->actor = (struct actor){.kind = ACTOR_NOBODY};
    struct str bearer = request_bearer(rq);
    if (bearer.ptr) /* the dispatcher has seen to it that there is no cookie beside it */
        return rq->route->who == WHO_ANYONE
                   ? OK
                   : token_identify(w, bearer, rq->route->method == HTTP_GET_);
    struct caller c = {.actor = w->actor};
    if (!cookie_hash(rq, c.token_hash))
        return OK;
    /* Inside a transaction the dispatcher has opened it for this. */
    enum result r = w->tx ? find_caller(w, &c)
                          : run_read_across(w, "a caller is found by the cookie's token alone",
                                            find_caller, &c);
    if (r == OK)
        w->actor = c.actor;
    return r;
}

struct sighting {
    const struct actor *actor;
    int64_t now_s;
};

static enum result note_sighting(struct db_tx *tx, void *arg)
{
    const struct sighting *s = arg;
    db_tenant(tx, s->actor->workspace_id);
    return db_exec(tx,
                   "UPDATE session SET last_seen_s = $3"
                   " WHERE user_id = $1 AND id = $2 AND last_seen_s < $3",
                   db_i(s->actor->user_id), db_i(s->actor->session_id), db_i(s->now_s));
}

void account_seen(void *account, const struct app *app, const struct actor *actor)
{
    (void)account;
    if (actor->token_id) {
        token_seen(app, actor);
        return;
    }
    struct sighting s = {actor, env_now_s(app->env)};
    if (s.now_s - actor->seen_s < SEEN_EVERY_S)
        return;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    /* What fails here is noted by the next request. */
    enum result ignored = db_transact(app->db, &arena, NULL, note_sighting, &s);
    (void)ignored;
    arena_done(&arena);
}

/* ---- beginning ---- */

/* What a browser says it is, in ASCII: it is shown and kept, never trusted. */
static struct str user_agent(struct arena *a, const struct request *rq)
{
    struct str given = request_header(rq, "User-Agent");
    size_t len = given.len < USER_AGENT_MAX ? given.len : USER_AGENT_MAX;
    char *out = arena_alloc(a, len + 1);
    for (size_t i = 0; i < len; i++)
        out[i] = given.ptr[i] >= ' ' && given.ptr[i] < 0x7f ? given.ptr[i] : '?';
    return (struct str){out, len};
}

static enum result end_this_browsers(struct work *w, const struct request *rq)
{
    char hash[TOKEN_HASH_TEXT];
    if (!cookie_hash(rq, hash))
        return OK;
    struct db_reach before = db_across(w->tx, "what a browser was signed in to was any business");
    enum result r = db_exec(w->tx, "DELETE FROM session WHERE token_hash = $1", db_z(hash));
    db_back(w->tx, before);
    return r;
}

static enum result make_room(struct work *w, int64_t user_id)
{
    struct db_reach before = db_across(w->tx, "a person's sessions are counted in all businesses");
    enum result r =
        db_exec(w->tx,
                "DELETE FROM session WHERE user_id = $1 AND (expires_s <= $2 OR id NOT IN ("
                " SELECT id FROM session WHERE user_id = $1 ORDER BY id DESC LIMIT $3))",
                db_i(user_id), db_i(w->now_s), db_i(SESSIONS_MAX - 1));
    db_back(w->tx, before);
    return r;
}

/* A session of an active member, whose sign-in was then and ends then. */
static enum result open_as(struct work *w, const struct request *rq, int64_t workspace_id,
                           int64_t user_id, int64_t created_s, int64_t expires_s,
                           char ret_token[static TOKEN_TEXT])
{
    struct db_rows rows;
    db_tenant(w->tx, workspace_id);
    enum result r = db_one(w->tx, &rows,
                           "SELECT " MEMBER_COLUMNS " FROM staff m" MEMBER_JOIN
                           " WHERE m.workspace_id = $1 AND m.user_id = $2 AND r.active = 1"
                           " AND m.confirmed = 1",
                           db_i(workspace_id), db_i(user_id));
    if (r != OK)
        return r;
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    int64_t id = env_id(w->env);
    r = end_this_browsers(w, rq);
    if (r == OK)
        r = make_room(w, user_id);
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO session (token_hash, id, workspace_id, user_id, created_s,"
                    " expires_s, last_seen_s, address, user_agent)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    db_z(hash), db_i(id), db_i(workspace_id), db_i(user_id), db_i(created_s),
                    db_i(expires_s), db_i(w->now_s), db_z(rq->client),
                    db_s(user_agent(w->arena, rq)));
    if (r != OK)
        return r;
    w->actor = actor_of(&rows, id, w->now_s);
    memcpy(ret_token, token, sizeof token);
    return OK;
}

enum result account_open_session(struct work *w, const struct request *rq, int64_t workspace_id,
                                 int64_t user_id, char ret_token[static TOKEN_TEXT])
{
    enum result r =
        open_as(w, rq, workspace_id, user_id, w->now_s, w->now_s + SESSION_LIFE_S, ret_token);
    return r == NOT_FOUND ? bad_credentials(w) : r;
}

enum result account_need_session(struct work *w)
{
    if (w->actor.session_id)
        return OK;
    return problem_set(w->problem, DENIED, "forbidden",
                       "This belongs to people who are signed in, not to programs.");
}

enum result account_switch(struct work *w, const struct request *rq, int64_t workspace_id,
                           char ret_token[static TOKEN_TEXT])
{
    struct db_rows rows;
    int64_t user_id = w->actor.user_id, old_id = w->actor.session_id, ended = 0;
    enum result r = account_need_session(w);
    if (r == OK && workspace_id == 0) /* what was given is no id at all */
        return work_missing_at(w, "workspace_id", "workspace of yours");
    if (r == OK)
        r = db_one(w->tx, &rows,
                   "SELECT created_s, expires_s FROM session WHERE user_id = $1 AND id = $2",
                   db_i(user_id), db_i(old_id));
    /* Deleting it is moving it: one that ends at this very moment leads nowhere any more. */
    if (r == OK)
        r = db_count(w->tx, &ended, "DELETE FROM session WHERE user_id = $1 AND id = $2",
                     db_i(user_id), db_i(old_id));
    if (r == NOT_FOUND || (r == OK && ended == 0))
        return bad_credentials(w);
    if (r == OK)
        r = open_as(w, rq, workspace_id, user_id, db_int(&rows, 0, 0), db_int(&rows, 0, 1),
                    ret_token);
    return r == NOT_FOUND ? work_missing_at(w, "workspace_id", "workspace of yours") : r;
}

enum result account_renew_session(struct work *w, char ret_token[static TOKEN_TEXT])
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    enum result r =
        db_exec(w->tx,
                "UPDATE session SET token_hash = $3, last_seen_s = $4"
                " WHERE user_id = $1 AND id = $2",
                db_i(w->actor.user_id), db_i(w->actor.session_id), db_z(hash), db_i(w->now_s));
    if (r == OK)
        memcpy(ret_token, token, sizeof token);
    return r;
}

void account_cookie(struct request *rq, struct work *w, const char *token)
{
    /* An empty token with no age left tells the browser to forget the cookie. */
    answer_header(rq, "Set-Cookie",
                  str_printf(rq->arena, "%s=%s; HttpOnly; SameSite=Lax; Path=/; Max-Age=%d%s",
                             SESSION_COOKIE, token, *token ? SESSION_LIFE_S : 0,
                             account_secure_cookie(w->app->account) ? "; Secure" : ""));
}

/* ---- ending ---- */

enum result account_end_sessions(struct work *w, int64_t user_id, int64_t keep_session_id)
{
    struct db_reach before = db_across(w->tx, "a person's sessions end in all businesses");
    enum result r = db_exec(w->tx, "DELETE FROM session WHERE user_id = $1 AND id <> $2",
                            db_i(user_id), db_i(keep_session_id));
    db_back(w->tx, before);
    return r;
}

enum result account_end_member_sessions(struct work *w, int64_t user_id)
{
    return db_exec(w->tx, "DELETE FROM session WHERE user_id = $1 AND workspace_id = $2",
                   db_i(user_id), db_i(w->actor.workspace_id));
}
