/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * invite: new members, and the letter that lets them in.
 *
 * The first password is generated before the transaction, since it has to be hashed there, and only
 * for a caller who may invite. It is then in the request's memory, which is wiped, in the letter,
 * which lies sealed in the outbox until it is sent, and nowhere else; it lets in once, and has to
 * be replaced then. Whoever has an account already gets a link in its place. To the owner the two
 * look alike and take as long: one who invites addresses learns nothing about other businesses.
 */
#include "team/internal.h"

#include "audit/audit.h"
#include "base/app.h"
#include "base/seal.h"
#include "message/letter.h"
#include "workspace/workspace.h"

#include <assert.h>

static const struct field staff_new_fields[] = {
    FIELD_STR(struct staff_in, name, 1, 120, .required = true),
    FIELD_STR(struct staff_in, email, 3, 254, .required = true, .format = STR_EMAIL),
    FIELD_ENUM(struct staff_in, role, role_names, .doc = "staff when absent"),
    FIELD_FLAGS(struct staff_in, permissions, permission_names),
    FIELD_BOOL(struct staff_in, bookable, .doc = "clients can book them; false when absent"),
    FIELD_IDS(struct staff_in, service_ids, 0, SERVICES_OF_A_MEMBER, .doc = "what they perform"),
};
const struct shape staff_new_shape = SHAPE("StaffNew", struct staff_in, staff_new_fields);
const struct shape staff_reinvite_shape = {.name = "StaffReinvite",
                                           .size = sizeof(struct staff_in)};

static void wipe_password(void *arg)
{
    struct staff_in *in = arg;
    str_wipe((struct str){in->password, sizeof in->password});
}

enum result invite_prepare(struct request *rq, struct work *w)
{
    struct staff_in *in = rq->in;
    enum result r = account_identify(w->app->account, rq, w);
    if (r != OK || w->actor.kind != ACTOR_OWNER || w->actor.must_change_password)
        return r; /* the dispatcher refuses whoever is no owner; for them nothing is hashed */
    readable_secret(w->env, FIRST_PASSWORD_LETTERS, in->password);
    arena_on_reset(w->arena, wipe_password, in);
    return account_hash_password(w->app->account, w->problem, str_of(in->password), in->hash);
}

/* ---- the letter ---- */

static enum result send_letter(struct work *w, enum letter_kind kind, const struct staff_member *m,
                               struct str url, struct str password)
{
    int64_t message_id;
    struct workspace ws;
    enum result r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r != OK)
        return r;
    const struct letter_business business = workspace_letterhead(&ws);
    const struct letter_in letter = {
        .business = &business,
        .to_name = m->name,
        .to_address = m->email,
        .url = url,
        .password = password,
        .sending.ret_message_id = &message_id,
    };
    /* Each invitation is a message of its own: what the one before it held is gone. */
    struct str occurrence = str_printf(w->arena, "%lld", (long long)env_id(w->env));
    r = letter_send(w, kind, &letter, m->id, occurrence);
    if (r != OK)
        return r;
    return db_exec(w->tx,
                   "UPDATE staff SET invite_message_id = $3, invite_expires_s = $4"
                   " WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(m->id), db_i(message_id),
                   db_i(w->now_s + FIRST_PASSWORD_LIFE_S));
}

enum result invitations_end(struct work *w, int64_t staff_id)
{
    return db_exec(w->tx, "DELETE FROM invitation WHERE workspace_id = $1 AND staff_id = $2",
                   db_i(w->actor.workspace_id), db_i(staff_id));
}

/* A link in place of a password. The one before it opens nothing any more. */
static enum result send_link(struct work *w, const struct staff_member *m)
{
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    env_token(w->env, token, hash);
    enum result r = invitations_end(w, m->id);
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO invitation"
                    " (token_hash, workspace_id, staff_id, created_s, expires_s)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    db_z(hash), db_i(w->actor.workspace_id), db_i(m->id), db_i(w->now_s),
                    db_i(w->now_s + FIRST_PASSWORD_LIFE_S));
    if (r != OK)
        return r;
    /* Behind the #, a browser keeps the token out of requests, logs and Referer. */
    struct str url = str_printf(w->arena, "%s/login#join=%s", w->app->base_url, token);
    return send_letter(w, LETTER_STAFF_JOIN, m, url, (struct str){0});
}

static enum result send_invitation(struct work *w, const struct staff_member *m,
                                   const char *password)
{
    if (!m->confirmed)
        return send_link(w, m);
    struct str url = str_printf(w->arena, "%s/login", w->app->base_url);
    return send_letter(w, LETTER_STAFF_INVITATION, m, url, str_of(password));
}

/* ---- inviting ---- */

static enum result refuse_member(struct work *w, int64_t user_id)
{
    struct staff_member m;
    enum result r = team_member_of_user(w, w->actor.workspace_id, user_id, &m);
    if (r != OK)
        return r;
    const char *why = user_id == w->actor.user_id ? "This is your own address: you are in the team."
                      : m.active ? "Somebody with this address is in your team already."
                                 : "Somebody with this address was in your team: reactivate them.";
    return problem_set(w->problem, CONFLICT, "already_exists", "%s", why);
}

static enum result find_membership(struct work *w, int64_t user_id, bool *ret_there)
{
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows, "SELECT id FROM staff WHERE workspace_id = $1 AND user_id = $2",
               db_i(w->actor.workspace_id), db_i(user_id));
    *ret_there = r == OK;
    return r == NOT_FOUND ? OK : r;
}

/* Of an account that was there before nothing shows before its yes. */
static enum result set_unconfirmed(struct work *w, int64_t staff_id)
{
    return db_exec(w->tx, "UPDATE staff SET confirmed = 0 WHERE workspace_id = $1 AND id = $2",
                   db_i(w->actor.workspace_id), db_i(staff_id));
}

enum result invite(struct work *w, const struct staff_in *in, int64_t *ret_staff_id)
{
    assert(in->hash[0]);
    int64_t user_id, staff_id;
    bool owner = in->role.set && in->role.value == 0;
    unsigned permissions = in->permissions.set ? (unsigned)in->permissions.value : 0;
    bool bookable = in->bookable.set && in->bookable.value;
    bool made = false, there = false;
    struct staff_member m;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = team_room_for_one(w);
    if (r == OK)
        r = account_invite_user(w, in->name, in->email, in->hash, &user_id, &made);
    if (r == OK && !made)
        r = find_membership(w, user_id, &there);
    if (r == OK && there)
        r = refuse_member(w, user_id);
    if (r == OK)
        r = team_add(w, user_id, in->name, owner, permissions, bookable, &staff_id);
    if (r == OK && !made)
        r = set_unconfirmed(w, staff_id);
    if (r == OK && in->service_ids.set)
        r = member_assign(w, staff_id, in->service_ids);
    if (r == OK)
        r = team_member(w, staff_id, &m);
    if (r == OK)
        r = send_invitation(w, &m, in->password);
    if (r == OK)
        *ret_staff_id = staff_id;
    return r;
}

enum result invite_again(struct request *rq, struct work *w, int64_t staff_id,
                         const struct staff_in *in)
{
    assert(in->hash[0]);
    struct staff_member m;
    enum result r = member_open(rq, w, staff_id, &m);
    if (r != OK)
        return r;
    if (!m.active || !m.invited)
        return problem_set(w->problem, CONFLICT, "invalid_transition", "%s",
                           m.active ? "This member has joined already."
                                    : "Reactivate this member first.");
    if (m.confirmed)
        r = account_set_password(w, m.user_id, in->hash, true);
    if (r == OK && m.confirmed)
        r = account_end_sessions(w, m.user_id, 0);
    if (r == OK)
        r = send_invitation(w, &m, in->password);
    return r == OK ? audit_action(w, "staff", staff_id, "invited_again") : r;
}
