/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* office_pages: the owner's office, one page whose script shows what the path names. Members come
 * in where a permission opens the place to them. */
#include "page/page.h"

#include "account/account.h"
#include "workspace/workspace.h"

static enum result redirect(struct request *rq, const char *to)
{
    answer_header(rq, "Location", str_of(to));
    answer_empty(rq, 303);
    return OK;
}

static bool inside(const struct actor *a)
{
    return (a->kind == ACTOR_OWNER || a->kind == ACTOR_STAFF) && !a->must_change_password &&
           !a->must_set_up_two_factor;
}

/* `permission` opens the place to a member; 0: it is the owner's alone. */
static enum result office(struct request *rq, struct work *w, unsigned permission)
{
    const struct actor *a = &w->actor;
    if (!inside(a))
        return redirect(rq, "/login");
    if (a->kind == ACTOR_STAFF && !(a->permissions & permission))
        return redirect(rq, "/staff");
    struct str session;
    enum result res = account_session_json(w, &session);
    if (res != OK)
        return res;
    struct shell_fill fill = {
        .title = STR("CareOps"),
        .data = str_printf(w->arena, "{\"session\":" STR_FMT "}", STR_ARG(session)),
        .personal = true,
    };
    return shell_answer(w->app->shells, rq, "office", 200, &fill) ? OK : work_missing(w, "page");
}

static enum result inbox(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_INBOX);
}

static enum result clients(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_CLIENTS);
}

static enum result forms(struct request *rq, struct work *w)
{
    return office(rq, w, 0);
}

#define OFFICE                                                                                \
    .method = HTTP_GET_, .who = WHO_ANYONE, .mode = MODE_READ, .hidden = true, .status = 200, \
    .tag = "pages"

static const struct route office_routes[] = {
    {OFFICE, .path = "/app/inbox", .handler = inbox, .summary = "The office: conversations"},
    {OFFICE, .path = "/app/inbox/{id}", .handler = inbox, .summary = "The office: a conversation"},
    {OFFICE, .path = "/app/clients", .handler = clients, .summary = "The office: clients"},
    {OFFICE, .path = "/app/clients/{id}", .handler = clients, .summary = "The office: a client"},
    {OFFICE, .path = "/app/forms", .handler = forms, .summary = "The office: forms"},
    {OFFICE, .path = "/app/forms/{id}", .handler = forms, .summary = "The office: a form"},
};
const struct route_table office_page_table = {office_routes,
                                              sizeof office_routes / sizeof office_routes[0]};
