/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* two_factor: see two_factor.h. */
#include "account/two_factor.h"

#include "account/totp.h"
#include "base/app.h"
#include "base/log.h"
#include "base/seal.h"

/* Who guesses codes knows the password already: after ten, one in ten minutes. */
static const struct limit_rule code_rule = {.burst = 10, .refill_ms = 10 * 60 * 1000};

struct factor factor_of(const struct db_rows *rows, size_t first)
{
    return (struct factor){
        .user_id = db_int(rows, 0, first),
        .secret = db_str(rows, 0, first + 1),
        .on = !db_is_null(rows, 0, first + 2),
        .last_step = db_int(rows, 0, first + 3),
    };
}

/* ---- checking ---- */

/* Letters and digits in lower case: people type dashes and blanks as they like. */
static struct str bare(struct arena *a, struct str code)
{
    char *out = arena_alloc(a, code.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] != '-' && code.ptr[i] != ' ')
            out[len++] = code.ptr[i];
    return str_lower(a, (struct str){out, len});
}

struct wanted {
    int64_t user_id, slot;
    const char *hash; /* NULL: used */
};

static enum result find_recovery(struct work *w, void *arg)
{
    struct wanted *x = arg;
    struct db_rows rows;
    x->hash = NULL;
    enum result r =
        db_one(w->tx, &rows, "SELECT code_hash FROM recovery_code WHERE user_id = $1 AND slot = $2",
               db_i(x->user_id), db_i(x->slot));
    if (r == OK)
        x->hash = str_z(w->arena, db_str(&rows, 0, 0));
    return r == NOT_FOUND ? OK : r;
}

static enum result check_recovery(struct work *w, const struct factor *f, struct str code,
                                  struct proof *ret, bool *ret_right)
{
    struct wanted x = {f->user_id, (int64_t)readable_index(code.ptr[0]), NULL};
    enum result r = run_read(w, find_recovery, &x);
    if (r == OK)
        r = password_verify(w->app->account, w->problem, code, x.hash, ret_right);
    if (r == OK && *ret_right)
        *ret = (struct proof){.slot = x.slot, .code_hash = x.hash};
    return r;
}

enum result factor_check(struct work *w, const struct factor *f, struct str code, bool recovery,
                         struct proof *ret, bool *ret_right)
{
    struct str secret, given = bare(w->arena, code);
    *ret_right = false;
    if (recovery && given.len == RECOVERY_LETTERS)
        return check_recovery(w, f, given, ret, ret_right);
    if (!seal_open(w->app->seal, w->arena, f->secret, &secret)) {
        log_event(LOG_ERROR, "a second factor is sealed with another key", "i:user_id", f->user_id,
                  NULL);
        return OK;
    }
    int64_t step = totp_find(secret, w->now_s, f->last_step, given);
    if (secret.ptr != f->secret.ptr)
        str_wipe(secret);
    *ret_right = step != 0;
    *ret = (struct proof){.step = step};
    return OK;
}

enum result factor_use(struct work *w, int64_t user_id, const struct proof *p, bool *ret_used)
{
    int64_t changed = 0;
    enum result r;
    if (p->step)
        r = db_count(w->tx, &changed,
                     "UPDATE user_account SET totp_last_step = $2"
                     " WHERE id = $1 AND totp_last_step < $2",
                     db_i(user_id), db_i(p->step));
    else
        r = db_count(w->tx, &changed,
                     "DELETE FROM recovery_code"
                     " WHERE user_id = $1 AND slot = $2 AND code_hash = $3",
                     db_i(user_id), db_i(p->slot), db_z(p->code_hash));
    *ret_used = changed == 1;
    return r;
}

/* ---- guessing ---- */

static struct str throttle_key(struct work *w, int64_t user_id, const char *device)
{
    return str_printf(w->arena, "%lld %s", (long long)user_id, device ? device : "");
}

enum result factor_throttle(struct work *w, int64_t user_id, const char *device)
{
    return throttle(w, device ? LIMIT_CODE_DEVICE : LIMIT_CODE, code_rule,
                    throttle_key(w, user_id, device));
}

void factor_forgive(struct work *w, int64_t user_id, const char *device)
{
    unthrottle(w, device ? LIMIT_CODE_DEVICE : LIMIT_CODE, code_rule,
               throttle_key(w, user_id, device));
}

/* ---- recovery codes ---- */

enum result recovery_make(struct work *w, struct recovery *ret)
{
    enum result r = OK;
    for (size_t i = 0; r == OK && i < RECOVERY_CODES; i++) {
        readable_secret(w->env, RECOVERY_LETTERS, ret->codes[i]);
        ret->codes[i][0] = readable_letter(i);
        struct str typed = bare(w->arena, str_of(ret->codes[i]));
        r = account_hash_password(w->app->account, w->problem, typed, ret->hashes[i]);
        str_wipe(typed);
    }
    return r;
}

enum result recovery_store(struct work *w, int64_t user_id, const struct recovery *c)
{
    enum result r = db_exec(w->tx, "DELETE FROM recovery_code WHERE user_id = $1", db_i(user_id));
    for (size_t i = 0; r == OK && i < RECOVERY_CODES; i++)
        r = db_exec(w->tx,
                    "INSERT INTO recovery_code (user_id, slot, code_hash) VALUES ($1, $2, $3)",
                    db_i(user_id), db_i((int64_t)i), db_z(c->hashes[i]));
    return r;
}
