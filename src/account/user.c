/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* user: the rows of people who sign in, and what the handlers of account/ share. */
#include "account/internal.h"

#include "base/app.h"

const char *const role_names[] = {"owner", "staff", NULL};

static const struct field user_fields[] = {
    FIELD_ID(struct user_out, id),
    FIELD_STR(struct user_out, name, 0, 120),
    FIELD_STR(struct user_out, email, 0, 254),
    FIELD_BOOL(struct user_out, must_change_password,
               .doc = "signed in with a mailed password: nothing else is open until it is changed"),
    FIELD_BOOL(struct user_out, two_factor, .doc = "signing in asks for a code as well"),
};
const struct shape user_shape = SHAPE("User", struct user_out, user_fields);

/* *ret_made false where the address has an account; then *ret_id is left. */
static enum result insert_user(struct work *w, struct str name, struct str email,
                               const char *password_hash, bool first, int64_t *ret_id,
                               bool *ret_made)
{
    int64_t id = env_id(w->env);
    int64_t inserted = 0;
    enum result r = db_count(
        w->tx, &inserted,
        "INSERT INTO user_account (id, email, name, password_hash,"
        " must_change_password, first_password_expires_s, created_s)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING",
        db_i(id), db_s(str_lower(w->arena, email)), db_s(name), db_z(password_hash), db_i(first),
        first ? db_i(w->now_s + FIRST_PASSWORD_LIFE_S) : db_null(), db_i(w->now_s));
    if (r != OK)
        return r;
    *ret_made = inserted == 1;
    if (*ret_made)
        *ret_id = id;
    return OK;
}

enum result account_create_user(struct work *w, struct str name, struct str email,
                                const char *password_hash, int64_t *ret_id)
{
    bool made;
    enum result r = insert_user(w, name, email, password_hash, false, ret_id, &made);
    if (r == OK && !made)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "This e-mail address has an account already.");
    return r;
}

enum result account_invite_user(struct work *w, struct str name, struct str email,
                                const char *password_hash, int64_t *ret_id, bool *ret_made)
{
    enum result r = insert_user(w, name, email, password_hash, true, ret_id, ret_made);
    if (r != OK || *ret_made)
        return r;
    struct db_rows rows;
    r = db_one(w->tx, &rows, "SELECT id FROM user_account WHERE email = $1",
               db_s(str_lower(w->arena, email)));
    if (r == OK)
        *ret_id = db_int(&rows, 0, 0);
    return r;
}

enum result account_set_password(struct work *w, int64_t user_id, const char *password_hash,
                                 bool first)
{
    enum result r =
        db_exec(w->tx,
                "UPDATE user_account SET password_hash = $2, must_change_password = $3,"
                " first_password_expires_s = $4, first_password_used = 0, version = version + 1"
                " WHERE id = $1",
                db_i(user_id), db_z(password_hash), db_i(first),
                first ? db_i(w->now_s + FIRST_PASSWORD_LIFE_S) : db_null());
    if (r == OK)
        r = db_exec(w->tx, "DELETE FROM password_reset WHERE user_id = $1", db_i(user_id));
    return r;
}

enum result account_user(struct work *w, struct user_out *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT email, must_change_password, totp_confirmed_s FROM user_account"
                           " WHERE id = $1",
                           db_i(w->actor.user_id));
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    if (r != OK)
        return r;
    *ret = (struct user_out){
        .id = some_int(w->actor.user_id),
        .name = w->actor.name,
        .email = db_str(&rows, 0, 0),
        .must_change_password = some_bool(db_int(&rows, 0, 1) != 0),
        .two_factor = some_bool(!db_is_null(&rows, 0, 2)),
    };
    return OK;
}

enum result bad_credentials(struct work *w)
{
    w->problem->status = 401;
    return problem_set(w->problem, DENIED, "bad_credentials",
                       "The e-mail address or the password is wrong.");
}

enum result throttle(struct work *w, int rule_id, struct limit_rule rule, struct str key)
{
    int wait_s = limiter_take(account_limiter(w->app->account), rule_id, rule, key, true);
    if (wait_s == 0)
        return OK;
    w->problem->status = 429;
    w->problem->retry_after_s = wait_s;
    return problem_set(w->problem, BUSY, "too_many_requests",
                       "Too many attempts. Try again in %d seconds.", wait_s);
}

void unthrottle(struct work *w, int rule_id, struct limit_rule rule, struct str key)
{
    limiter_give(account_limiter(w->app->account), rule_id, rule, key);
}

struct step {
    const struct work *work;
    step_fn fn;
    void *arg;
    const char *across; /* why it looks at every business; NULL: at the actor's alone */
};

static enum result run_step(struct db_tx *tx, void *arg)
{
    struct step *s = arg;
    struct work w = *s->work;
    w.tx = tx;
    db_tenant(tx, w.actor.workspace_id);
    struct db_reach before = {0};
    if (s->across)
        before = db_across(tx, s->across);
    enum result r = s->fn(&w, s->arg);
    if (s->across)
        db_back(tx, before);
    return r;
}

enum result run_read(struct work *w, step_fn fn, void *arg)
{
    struct step s = {w, fn, arg, NULL};
    return db_view(w->app->db, w->arena, w->problem, run_step, &s);
}

enum result run_read_across(struct work *w, const char *reason, step_fn fn, void *arg)
{
    struct step s = {w, fn, arg, reason};
    return db_view(w->app->db, w->arena, w->problem, run_step, &s);
}

enum result run_write(struct work *w, step_fn fn, void *arg)
{
    struct step s = {w, fn, arg, NULL};
    return db_transact(w->app->db, w->arena, w->problem, run_step, &s);
}
