/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* session_routes: the caller's session: what it says, where it moves, how it ends. */
#include "account/internal.h"

#include "audit/audit.h"
#include "base/app.h"
#include "workspace/workspace.h"

enum { WORKSPACES_MAX = 50 };

struct membership {
    struct opt_int id, role;
    struct str name, slug;
};

static const struct field membership_fields[] = {
    FIELD_ID(struct membership, id),
    FIELD_STR(struct membership, name, 0, 120),
    FIELD_STR(struct membership, slug, 0, 63),
    FIELD_ENUM(struct membership, role, role_names),
};
static const struct shape membership_shape =
    SHAPE("Membership", struct membership, membership_fields);

struct session_out {
    struct user_out *user;
    const void *workspace;
    struct opt_int staff_id, role, permissions;
    struct str home;
    struct opt_int language;
    struct opt_bool must_set_up_two_factor;
    struct shape_list workspaces;
};

static const struct field session_fields[] = {
    FIELD_OBJECT(struct session_out, user, user_shape),
    FIELD_OBJECT(struct session_out, workspace, workspace_shape),
    FIELD_ID(struct session_out, staff_id, .doc = "the member's own id in bookings"),
    FIELD_ENUM(struct session_out, role, role_names),
    FIELD_FLAGS(struct session_out, permissions, permission_names, .doc = "an owner has all"),
    FIELD_STR(struct session_out, home, 0, 40, .doc = "the page to go to: /app or /staff"),
    FIELD_ENUM(struct session_out, language, language_names, .maybe = true,
               .doc = "the language that this person has chosen for the office; null: none, so that"
                      " of the business"),
    FIELD_BOOL(struct session_out, must_set_up_two_factor,
               .doc = "the business asks for a second factor, and nothing else is open before"),
    FIELD_LIST(struct session_out, workspaces, membership_shape, 0, WORKSPACES_MAX,
               .doc = "where this person is a member, for switching"),
};
const struct shape session_shape = SHAPE("Session", struct session_out, session_fields);

static enum result read_memberships(struct work *w, struct shape_list *ret)
{
    struct db_rows rows;
    struct db_reach before = db_across(w->tx, "a person's memberships are in any business");
    enum result r = db_query(w->tx, &rows,
                             "SELECT ws.id, ws.name, ws.slug, m.role FROM staff m"
                             " JOIN resource r ON r.workspace_id = m.workspace_id AND r.id = m.id"
                             " JOIN workspace ws ON ws.id = m.workspace_id"
                             " WHERE m.user_id = $1 AND r.active = 1 AND m.confirmed = 1"
                             " ORDER BY m.id LIMIT 50",
                             db_i(w->actor.user_id));
    db_back(w->tx, before);
    if (r != OK)
        return r;
    struct membership *list = arena_new_array(w->arena, rows.count, struct membership);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct membership){
            .id = db_opt_int(&rows, i, 0),
            .name = db_str(&rows, i, 1),
            .slug = db_str(&rows, i, 2),
            .role = some_int(str_is(db_str(&rows, i, 3), "owner") ? 0 : 1),
        };
    *ret = (struct shape_list){.set = true, .count = rows.count, .items = list};
    return OK;
}

enum result session_read(struct work *w, struct session_out **ret)
{
    struct workspace ws;
    struct shape_list memberships;
    struct opt_int language;
    struct user_out *user = arena_new(w->arena, struct user_out);
    struct session_out *out = arena_new(w->arena, struct session_out);
    enum result r = account_user(w, user);
    if (r == OK)
        r = workspace_load(w, w->actor.workspace_id, &ws);
    if (r == OK)
        r = read_memberships(w, &memberships);
    if (r == OK)
        r = account_chosen_language(w, &language);
    if (r != OK)
        return r;
    bool owner = w->actor.kind == ACTOR_OWNER;
    *out = (struct session_out){
        .user = user,
        .workspace = workspace_view(w->arena, &ws),
        .staff_id = {w->actor.staff_id != 0, w->actor.staff_id},
        .role = some_int(owner ? 0 : 1),
        .permissions = some_int(w->actor.permissions & PERM_ALL),
        .home = owner ? STR("/app") : STR("/staff"),
        .language = language,
        .must_set_up_two_factor = some_bool(w->actor.must_set_up_two_factor),
        .workspaces = memberships,
    };
    *ret = out;
    return OK;
}

enum result account_answer_session(struct request *rq, struct work *w)
{
    struct session_out *out;
    enum result r = session_read(w, &out);
    if (r == OK)
        answer_json(rq, 200, &session_shape, out, w->actor.permissions);
    return r;
}

enum result account_session_json(struct work *w, struct str *ret)
{
    struct session_out *out;
    enum result r = session_read(w, &out);
    if (r != OK)
        return r;
    struct buf json;
    buf_init(&json, 64 * 1024);
    shape_write(&json, &session_shape, out, w->actor.permissions);
    *ret = str_copy(w->arena, buf_view(&json));
    buf_done(&json);
    return OK;
}

static enum result get_session(struct request *rq, struct work *w)
{
    return account_answer_session(rq, w);
}

static enum result delete_session(struct request *rq, struct work *w)
{
    enum result r = db_exec(w->tx, "DELETE FROM session WHERE user_id = $1 AND id = $2",
                            db_i(w->actor.user_id), db_i(w->actor.session_id));
    if (r == OK)
        r = audit_action(w, "session", w->actor.session_id, "ended");
    if (r != OK)
        return r;
    account_cookie(rq, w, "");
    /* What the browser kept of the pages goes too. Not its cookies: one of them tells a known
     * device from a stranger's, signed in or not. */
    answer_header(rq, "Clear-Site-Data", STR("\"cache\", \"storage\""));
    answer_empty(rq, 204);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/session",
        .slow = true,
        .who = WHO_ANYONE,
        .mode = MODE_FREE,
        .body = &sign_in_shape,
        .also = {401, 429},
        .status = 200,
        .answer = &session_shape,
        .handler = post_session,
        .tag = "account",
        .summary = "Sign in; the session cookie is set",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/session",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_READ,
        .status = 200,
        .answer = &session_shape,
        .handler = get_session,
        .tag = "account",
        .summary = "Who is signed in, where, and what they may do",
    },
    {
        .method = HTTP_PATCH_,
        .path = "/api/v1/session",
        .who = WHO_SIGNED_IN,
        .mode = MODE_WRITE,
        .body = &session_change_shape,
        .status = 200,
        .answer = &session_shape,
        .handler = patch_session,
        .tag = "account",
        .summary = "Choose the language of the office, for oneself",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/session",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_session,
        .tag = "account",
        .summary = "Sign out",
    },
    {
        .method = HTTP_GET_,
        .path = "/api/v1/sessions",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_READ,
        .query = &sessions_query_shape,
        .status = 200,
        .answer = &session_view_shape,
        .answer_is_list = true,
        .handler = get_sessions,
        .tag = "account",
        .summary = "Where the caller is signed in, newest first",
    },
    {
        .method = HTTP_DELETE_,
        .path = "/api/v1/sessions/{id}",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_session_by_id,
        .tag = "account",
        .summary = "End one of the caller's sessions",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/sessions/end-others",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = post_end_others,
        .tag = "account",
        .summary = "End every session of the caller but this one",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/sessions/end-all",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_WRITE,
        .status = 204,
        .handler = post_end_all,
        .tag = "account",
        .summary = "Sign out everywhere; known devices are forgotten",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/session/switch",
        .who = WHO_SIGNED_IN,
        .unsettled = true,
        .mode = MODE_WRITE,
        .body = &session_switch_shape,
        .status = 200,
        .answer = &session_shape,
        .handler = post_switch,
        .tag = "account",
        .summary = "Go on in another workspace of the caller, under a new token",
    },
};
const struct route_table session_table = {routes, sizeof routes / sizeof routes[0]};
