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
    struct str session, language;
    enum result res = account_session_json(w, &session);
    if (res == OK)
        res = account_language(w, &language);
    if (res != OK)
        return res;
    struct shell_fill fill = {
        .lang = language,
        .title = STR("CareOps"),
        .data = str_printf(w->arena, "{\"session\":" STR_FMT "}", STR_ARG(session)),
        .personal = true,
    };
    return shell_answer(w->app->shells, rq, "office", 200, &fill) ? OK : work_missing(w, "page");
}

static enum result owners(struct request *rq, struct work *w)
{
    return office(rq, w, 0);
}

static enum result diary(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_BOOKINGS);
}

static enum result inbox(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_INBOX);
}

static enum result clients(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_CLIENTS);
}

static enum result stock(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_INVENTORY);
}

static enum result reports(struct request *rq, struct work *w)
{
    return office(rq, w, PERM_REPORTS);
}

#define OFFICE                                                                                \
    .method = HTTP_GET_, .who = WHO_ANYONE, .mode = MODE_READ, .hidden = true, .status = 200, \
    .tag = "pages"

#define SCREEN(where, opened_by, what)                                              \
    {                                                                               \
        OFFICE, .path = where, .handler = opened_by, .summary = "The office: " what \
    }

static const struct route office_routes[] = {
    SCREEN("/app", owners, "today"),
    SCREEN("/app/start", owners, "getting started"),
    SCREEN("/app/calendar", diary, "the calendar"),
    SCREEN("/app/bookings", diary, "bookings"),
    SCREEN("/app/inbox", inbox, "conversations"),
    SCREEN("/app/inbox/{id}", inbox, "a conversation"),
    SCREEN("/app/clients", clients, "clients"),
    SCREEN("/app/clients/{id}", clients, "a client"),
    SCREEN("/app/team", owners, "the team"),
    SCREEN("/app/team/{id}", owners, "a member"),
    SCREEN("/app/forms", owners, "forms"),
    SCREEN("/app/forms/{id}", owners, "a form"),
    SCREEN("/app/services", owners, "services"),
    SCREEN("/app/services/{id}", owners, "a service"),
    SCREEN("/app/resources", owners, "rooms and devices"),
    SCREEN("/app/inventory", stock, "the stock"),
    SCREEN("/app/inventory/{id}", stock, "an item"),
    SCREEN("/app/stocktakes", stock, "stocktakes"),
    SCREEN("/app/stocktakes/{id}", stock, "a stocktake"),
    SCREEN("/app/automations", owners, "automations"),
    SCREEN("/app/automations/{key}", owners, "an automation"),
    SCREEN("/app/messages", owners, "letters"),
    SCREEN("/app/reports", reports, "reports"),
    SCREEN("/app/settings", owners, "settings"),
    SCREEN("/app/settings/{part}", owners, "settings"),
};
const struct route_table office_page_table = {office_routes,
                                              sizeof office_routes / sizeof office_routes[0]};
