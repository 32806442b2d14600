/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* idempotency: the table of answered keys. Owns table `idempotency`; see idempotency.h. */
#include "http/idempotency.h"

#include "base/seeded.h"
#include "http/route.h"

#include <assert.h>
#include <string.h>

/* A row can vanish between the insert that met it and the select, when the robot sweeps; it cannot
 * go on doing so. */
enum { ATTEMPTS = 3 };

/* The headers that belong to an answer and are replayed with it. Cookies are not. */
static const char *const kept_headers[] = {"Content-Type", "ETag", "Location"};

enum result idempotency_key(const struct request *rq, struct problem *p, struct str *ret_key)
{
    struct str key = {0};
    size_t given = 0;
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_is_nocase(rq->headers[i].name, "Idempotency-Key")) {
            key = rq->headers[i].value;
            given++;
        }
    bool good = given <= 1 && (!key.ptr || (key.len >= 1 && key.len <= IDEMPOTENCY_KEY_MAX));
    for (size_t i = 0; good && key.ptr && i < key.len; i++)
        good = key.ptr[i] > ' ' && key.ptr[i] < 0x7f;
    if (!good) {
        p->status = 400;
        return problem_set(p, INVALID, "invalid_idempotency_key",
                           "Give one Idempotency-Key of 1 to 255 visible ASCII characters.");
    }
    *ret_key = key;
    return OK;
}

/* On a public route the caller does not count: a first answer may bring a cookie that the repeated
 * request then bears. */
static void fill_scope(struct idempotency *x, struct work *w, const struct request *rq)
{
    bool public = rq->route->who == WHO_ANYONE;
    x->workspace_id = public ? 0 : w->actor.workspace_id;
    long long user_id = public ? 0 : (long long)w->actor.user_id;
    long long token_id = public ? 0 : (long long)w->actor.token_id;
    struct str scope = str_printf(w->arena, "%lld " STR_FMT " " STR_FMT, user_id,
                                  STR_ARG(rq->method_text), STR_ARG(rq->path));
    if (token_id) /* a program's keys are its own, not its maker's */
        scope = str_printf(w->arena, "token %lld " STR_FMT, token_id, STR_ARG(scope));
    token_hash(scope.ptr, scope.len, x->scope);
}

static struct str body_hash(struct work *w, const struct request *rq)
{
    char *text = arena_alloc(w->arena, TOKEN_HASH_TEXT);
    token_hash(rq->body.ptr ? rq->body.ptr : "", rq->body.len, text);
    return str_of(text);
}

/* "Name: value" lines. */
static struct str headers_text(struct arena *a, const struct request *rq)
{
    const char *text = "";
    for (size_t i = 0; i < rq->response_header_count; i++)
        for (size_t k = 0; k < sizeof kept_headers / sizeof kept_headers[0]; k++)
            if (str_is_nocase(rq->response_headers[i].name, kept_headers[k]))
                text = arena_printf(a, "%s%s: " STR_FMT "\n", text, kept_headers[k],
                                    STR_ARG(rq->response_headers[i].value));
    return str_of(text);
}

static void replay_headers(struct request *rq, struct str text)
{
    while (text.len) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        for (size_t k = 0; k < sizeof kept_headers / sizeof kept_headers[0]; k++) {
            size_t name = strlen(kept_headers[k]);
            if (len > name + 2 && memcmp(text.ptr, kept_headers[k], name) == 0 &&
                text.ptr[name] == ':')
                answer_header(rq, kept_headers[k],
                              (struct str){text.ptr + name + 2, len - name - 2});
        }
        size_t step = end ? len + 1 : len;
        text = (struct str){text.ptr + step, text.len - step};
    }
}

static void replay(struct idempotency *x, struct request *rq, const struct db_rows *row)
{
    rq->status = (int)db_int(row, 0, 1);
    replay_headers(rq, db_str(row, 0, 2));
    buf_str(&rq->out, db_str(row, 0, 3));
    answer_header(rq, "Idempotent-Replayed", STR("true"));
    x->replayed = true;
}

/* The row that stands in the way: an old one is taken over, a fresh one replayed or refused.
 * NOT_FOUND: it is gone, try again. */
static enum result meet(struct idempotency *x, struct work *w, struct request *rq, struct str hash)
{
    struct db_rows row;
    enum result result =
        db_one(w->tx, &row,
               "SELECT body_hash, status, headers, body, created_s FROM idempotency"
               " WHERE workspace_id = $1 AND scope = $2 AND key = $3",
               db_i(x->workspace_id), db_z(x->scope), db_s(x->key));
    if (result != OK)
        return result;
    int64_t created_s = db_int(&row, 0, 4);
    if (created_s <= w->now_s - IDEMPOTENCY_KEEP_S) {
        int64_t changed = 0;
        result = db_count(w->tx, &changed,
                          "UPDATE idempotency SET body_hash = $4, status = 0, headers = '',"
                          " body = '', created_s = $5 WHERE workspace_id = $1 AND scope = $2"
                          " AND key = $3 AND created_s = $6",
                          db_i(x->workspace_id), db_z(x->scope), db_s(x->key), db_s(hash),
                          db_i(w->now_s), db_i(created_s));
        return result != OK || changed == 1 ? result : NOT_FOUND;
    }
    if (!str_eq(db_str(&row, 0, 0), hash) && !SEEDED(KEY_FOR_ANY_BODY))
        return problem_set(w->problem, INVALID, "idempotency_key_reused",
                           "This Idempotency-Key was used with another body. Use a new one.");
    replay(x, rq, &row);
    return OK;
}

/*
 * Whose rows the record is among. A public route's is nobody's (workspace 0): its business is not
 * known before the handler has found it, and its path, which is in the scope, names it.
 */
static struct db_reach reach(const struct idempotency *x, struct work *w)
{
    struct db_reach before = db_across(w->tx, "a public route's record is of no business");
    if (x->workspace_id)
        db_tenant(w->tx, x->workspace_id);
    return before;
}

static enum result begin(struct idempotency *x, struct work *w, struct request *rq)
{
    struct str hash = body_hash(w, rq);
    for (int i = 0; i < ATTEMPTS; i++) {
        int64_t inserted = 0;
        enum result result = db_count(
            w->tx, &inserted,
            "INSERT INTO idempotency (workspace_id, scope, key, body_hash, status, headers,"
            " body, created_s) VALUES ($1, $2, $3, $4, 0, '', '', $5)"
            " ON CONFLICT DO NOTHING",
            db_i(x->workspace_id), db_z(x->scope), db_s(x->key), db_s(hash), db_i(w->now_s));
        if (result != OK || inserted == 1)
            return result;
        result = meet(x, w, rq, hash);
        if (result != NOT_FOUND)
            return result;
    }
    return problem_set(w->problem, BUSY, "too_busy", "Too much is going on. Please try again.");
}

enum result idempotency_begin(struct idempotency *x, struct work *w, struct request *rq)
{
    x->replayed = false;
    fill_scope(x, w, rq);
    struct db_reach before = reach(x, w);
    enum result result = begin(x, w, rq);
    db_back(w->tx, before);
    return result;
}

static enum result finish(const struct idempotency *x, struct work *w, const struct request *rq)
{
    if (rq->status < 200 || rq->status > 299 || rq->out.overflow)
        return db_exec(w->tx,
                       "DELETE FROM idempotency WHERE workspace_id = $1 AND scope = $2"
                       " AND key = $3",
                       db_i(x->workspace_id), db_z(x->scope), db_s(x->key));
    return db_exec(w->tx,
                   "UPDATE idempotency SET status = $4, headers = $5, body = $6"
                   " WHERE workspace_id = $1 AND scope = $2 AND key = $3",
                   db_i(x->workspace_id), db_z(x->scope), db_s(x->key), db_i(rq->status),
                   db_s(headers_text(w->arena, rq)), db_s(buf_view(&rq->out)));
}

enum result idempotency_finish(const struct idempotency *x, struct work *w,
                               const struct request *rq)
{
    struct db_reach before = reach(x, w);
    enum result result = finish(x, w, rq);
    db_back(w->tx, before);
    return result;
}

/* The number is written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
static_assert(IDEMPOTENCY_SWEEP_ROWS == 500, "idempotency_sweep says it as well");

enum result idempotency_sweep(struct work *w, int64_t *ret_removed)
{
    return db_count(w->tx, ret_removed,
                    "DELETE FROM idempotency WHERE (workspace_id, scope, key) IN"
                    " (SELECT workspace_id, scope, key FROM idempotency WHERE created_s <= $1"
                    " ORDER BY created_s LIMIT 500)",
                    db_i(w->now_s - IDEMPOTENCY_KEEP_S));
}
