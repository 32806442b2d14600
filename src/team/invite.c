/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * invite: new members, and the letter that lets them in.
 *
 * The first password is generated before the transaction, since it has to be hashed there, and only
 * for a caller who may invite. It is then in the request's memory, in the letter, and nowhere else;
 * it has to be replaced at the first sign-in.
 */
#include "team/internal.h"

#include "audit/audit.h"
#include "base/app.h"
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

/* Four groups of four letters and digits that are not taken for each other: 80 bits. */
static void generate_password(const struct env *env, char ret[static FIRST_PASSWORD_TEXT])
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(sizeof alphabet - 1 == 32, "a byte's remainder is even over 32 characters");
    enum { LETTERS = 16, GROUP = 4 };
    unsigned char bytes[LETTERS];
    env_random(env, bytes, sizeof bytes);
    size_t len = 0;
    for (size_t i = 0; i < LETTERS; i++) {
        if (i > 0 && i % GROUP == 0)
            ret[len++] = '-';
        ret[len++] = alphabet[bytes[i] % 32];
    }
    ret[len] = '\0';
}

enum result invite_prepare(struct request *rq, struct work *w)
{
    struct staff_in *in = rq->in;
    enum result r = account_identify(w->app->account, rq, w);
    if (r != OK || w->actor.kind != ACTOR_OWNER)
        return r; /* the dispatcher refuses whoever is no owner; for them nothing is hashed */
    generate_password(w->env, in->password);
    return account_hash_password(w->app->account, w->problem, str_of(in->password), in->hash);
}

static enum result send_invitation(struct work *w, const struct staff_member *m,
                                   const char *password)
{
    struct workspace ws;
    enum result r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r != OK)
        return r;
    const struct letter_business business = {
        .name = ws.name,
        .address = ws.address,
        .phone = ws.phone,
        .reply_to = ws.contact_email,
        .locale = ws.locale,
        .tz = ws.tz,
    };
    const struct letter_in letter = {
        .business = &business,
        .to_name = m->name,
        .to_address = m->email,
        .url = str_printf(w->arena, "%s/login", w->app->base_url),
        .password = str_of(password),
    };
    /* Each invitation is a message of its own: the one before it holds a password that is gone. */
    struct str occurrence = str_printf(w->arena, "%lld", (long long)env_id(w->env));
    return letter_send(w, LETTER_STAFF_INVITATION, &letter, m->id, occurrence);
}

enum result invite(struct work *w, const struct staff_in *in, int64_t *ret_staff_id)
{
    assert(in->hash[0]);
    int64_t user_id, staff_id;
    bool owner = in->role.set && in->role.value == 0;
    unsigned permissions = in->permissions.set ? (unsigned)in->permissions.value : 0;
    bool bookable = in->bookable.set && in->bookable.value;
    struct staff_member m;
    enum result r = workspace_lock(w);
    if (r == OK)
        r = team_room_for_one(w);
    if (r == OK)
        r = account_create_user(w, in->name, in->email, in->hash, true, &user_id);
    if (r == OK)
        r = team_add(w, user_id, in->name, owner, permissions, bookable, &staff_id);
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
                           m.active ? "This member has set a password of their own already."
                                    : "Reactivate this member first.");
    r = account_set_password(w, m.user_id, in->hash, true);
    if (r == OK)
        r = account_end_sessions(w, m.user_id, 0);
    if (r == OK)
        r = send_invitation(w, &m, in->password);
    return r == OK ? audit_action(w, "staff", staff_id, "invited_again") : r;
}
