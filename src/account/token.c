/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token: owns table `api_token`; see token.h. */
#include "account/token.h"

#include "audit/audit.h"
#include "base/app.h"
#include "base/log.h"

#include <assert.h>
#include <string.h>

static const char prefix[] = "cot_";

const char *const scope_names[] = {
    "bookings",     "inbox",         "clients",    "inventory",    "reports",
    "clinical",     "bookings:read", "inbox:read", "clients:read", "inventory:read",
    "reports:read", "clinical:read", "admin",      NULL,
};
enum { PERMISSIONS = 6, READ_FLAGS = PERM_ALL << PERMISSIONS, ADMIN_FLAG = 1 << 2 * PERMISSIONS };
static_assert(PERM_ALL == (1 << PERMISSIONS) - 1, "scope_names lists every permission twice");

int64_t scopes_stored(int64_t flags)
{
    int64_t reading = (flags & READ_FLAGS) >> PERMISSIONS;
    return (flags & PERM_ALL) | reading << SCOPE_READ_SHIFT |
           (flags & ADMIN_FLAG ? SCOPE_ADMIN : 0);
}

int64_t scopes_flags(int64_t stored)
{
    int64_t reading = stored >> SCOPE_READ_SHIFT & PERM_ALL;
    return (stored & PERM_ALL) | reading << PERMISSIONS | (stored & SCOPE_ADMIN ? ADMIN_FLAG : 0);
}

/* ---- who calls ---- */

/* The maker, cut down to the scopes. */
static struct actor narrow(struct work *w, struct actor maker, int64_t scopes, struct str name,
                           bool reading)
{
    struct actor a = maker;
    a.name =
        str_printf(w->arena, STR_FMT " (token " STR_FMT ")", STR_ARG(maker.name), STR_ARG(name));
    if (scopes & SCOPE_ADMIN)
        return a;
    unsigned held = (unsigned)scopes & PERM_ALL;
    if (reading)
        held |= (unsigned)(scopes >> SCOPE_READ_SHIFT) & PERM_ALL;
    a.kind = ACTOR_STAFF;
    a.permissions = maker.permissions & held;
    return a;
}

struct holder {
    char token_hash[TOKEN_HASH_TEXT];
    bool reading;
    struct actor actor;
};

static enum result find_holder(struct work *w, void *arg)
{
    struct holder *h = arg;
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows,
               "SELECT " MEMBER_COLUMNS ", t.id, t.scopes, t.name, t.last_used_s FROM api_token t"
               " JOIN staff m ON m.workspace_id = t.workspace_id"
               "  AND m.id = t.staff_id" MEMBER_JOIN
               " WHERE t.token_hash = $1 AND r.active = 1 AND m.confirmed = 1"
               " AND (t.expires_s IS NULL OR t.expires_s > $2)",
               db_z(h->token_hash), db_i(w->now_s));
    if (r == NOT_FOUND)
        return OK;
    if (r != OK)
        return r;
    enum { ID = MEMBER_COLUMN_COUNT, SCOPES, NAME, LAST_USED };
    h->actor = narrow(w, actor_of(&rows, 0, 0), db_int(&rows, 0, SCOPES), db_str(&rows, 0, NAME),
                      h->reading);
    h->actor.token_id = db_int(&rows, 0, ID);
    h->actor.seen_s = db_int(&rows, 0, LAST_USED);
    return OK;
}

enum result token_identify(struct work *w, struct str token, bool reading)
{
    if (token.len != SECRET_TEXT - 1 || !str_starts(token, STR("cot_")))
        return OK;
    struct holder h = {.reading = reading, .actor = w->actor};
    token_hash(token.ptr, token.len, h.token_hash);
    /* Inside a transaction the dispatcher has opened it for this. */
    enum result r =
        w->tx ? find_holder(w, &h)
              : run_read_across(w, "a program is found by its token alone", find_holder, &h);
    if (r == OK)
        w->actor = h.actor;
    return r;
}

static enum result note_use(struct db_tx *tx, void *arg)
{
    const struct actor *a = arg;
    const int64_t now_s = a->seen_s;
    db_tenant(tx, a->workspace_id);
    return db_exec(tx,
                   "UPDATE api_token SET last_used_s = $3"
                   " WHERE workspace_id = $1 AND id = $2"
                   " AND (last_used_s IS NULL OR last_used_s < $3)",
                   db_i(a->workspace_id), db_i(a->token_id), db_i(now_s));
}

void token_seen(const struct app *app, const struct actor *actor)
{
    int64_t now_s = env_now_s(app->env);
    if (now_s - actor->seen_s < SEEN_EVERY_S)
        return;
    struct actor seen = *actor;
    seen.seen_s = now_s;
    struct arena arena;
    struct problem problem = {0};
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    if (db_transact(app->db, &arena, &problem, note_use, &seen) != OK)
        log_event(LOG_WARN, "use of a token not noted", "s:code", problem.code, NULL);
    arena_done(&arena);
}

/* ---- making and revoking ---- */

#define TOKEN_COLUMNS \
    "t.id, t.staff_id, t.scopes, t.name, r.name, t.created_s, t.expires_s, t.last_used_s"
#define TOKEN_FROM \
    " FROM api_token t JOIN resource r ON r.workspace_id = t.workspace_id AND r.id = t.staff_id"

static struct token token_of(const struct db_rows *rows, size_t i)
{
    return (struct token){
        .id = db_int(rows, i, 0),
        .staff_id = db_int(rows, i, 1),
        .scopes = db_int(rows, i, 2),
        .name = db_str(rows, i, 3),
        .maker = db_str(rows, i, 4),
        .created_s = db_int(rows, i, 5),
        .expires_s = db_opt_int(rows, i, 6),
        .last_used_s = db_opt_int(rows, i, 7),
    };
}

enum result token_page(struct work *w, int64_t after_id, size_t limit, struct token **ret,
                       size_t *ret_count)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT " TOKEN_COLUMNS TOKEN_FROM
                             " WHERE t.workspace_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3",
                             db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit));
    if (r != OK)
        return r;
    *ret = arena_new_array(w->arena, rows.count + 1, struct token);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = token_of(&rows, i);
    *ret_count = rows.count;
    return OK;
}

/* "bookings:read, clients" */
static struct str scopes_text(struct arena *a, int64_t scopes)
{
    int64_t flags = scopes_flags(scopes);
    const char *text = "";
    for (size_t i = 0; scope_names[i]; i++)
        if (flags >> i & 1)
            text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", scope_names[i]);
    return str_of(text);
}

static enum result audit_token(struct work *w, const struct token *t, const char *action)
{
    bool made = strcmp(action, "created") == 0;
    struct str none = {0}, scopes = scopes_text(w->arena, t->scopes);
    struct audit a;
    audit_begin(&a, w, "token", t->id, action);
    audit_str(&a, "name", made ? none : t->name, made ? t->name : none);
    audit_str(&a, "scopes", made ? none : scopes, made ? scopes : none);
    return audit_end(&a);
}

enum result token_create(struct work *w, struct token *t, char ret_secret[static SECRET_TEXT])
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, "SELECT COUNT(*) FROM api_token WHERE workspace_id = $1",
                           db_i(w->actor.workspace_id));
    if (r == OK && db_int(&rows, 0, 0) >= TOKENS_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business has at most %d tokens. Revoke one that nobody uses.",
                           TOKENS_MAX);
    if (r != OK)
        return r;
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    snprintf(ret_secret, SECRET_TEXT, "%s%s", prefix, token);
    token_hash(ret_secret, SECRET_TEXT - 1, hash);
    t->id = env_id(w->env);
    t->staff_id = w->actor.staff_id;
    t->maker = w->actor.name;
    t->created_s = w->now_s;
    r = db_exec(w->tx,
                "INSERT INTO api_token"
                " (workspace_id, id, token_hash, staff_id, name, scopes, created_s, expires_s)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                db_i(w->actor.workspace_id), db_i(t->id), db_z(hash), db_i(t->staff_id),
                db_s(t->name), db_i(t->scopes), db_i(t->created_s), db_opt(t->expires_s));
    return r == OK ? audit_token(w, t, "created") : r;
}

enum result token_revoke(struct work *w, int64_t id)
{
    struct db_rows rows;
    enum result r = db_one(
        w->tx, &rows, "SELECT " TOKEN_COLUMNS TOKEN_FROM " WHERE t.workspace_id = $1 AND t.id = $2",
        db_i(w->actor.workspace_id), db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "token");
    if (r != OK)
        return r;
    struct token t = token_of(&rows, 0);
    int64_t removed = 0;
    r = db_count(w->tx, &removed, "DELETE FROM api_token WHERE workspace_id = $1 AND id = $2",
                 db_i(w->actor.workspace_id), db_i(id));
    if (r == OK && removed == 0) /* someone else was faster */
        return work_missing(w, "token");
    return r == OK ? audit_token(w, &t, "revoked") : r;
}

enum result account_end_tokens(struct work *w, int64_t staff_id)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT t.id FROM api_token t"
                             " WHERE t.workspace_id = $1 AND t.staff_id = $2"
                             " ORDER BY t.id LIMIT 100",
                             db_i(w->actor.workspace_id), db_i(staff_id));
    for (size_t i = 0; r == OK && i < rows.count; i++)
        r = token_revoke(w, db_int(&rows, i, 0));
    return r;
}
static_assert(TOKENS_MAX == 100, "account_end_tokens says it as well");
