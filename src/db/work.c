/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work: what every feature says in the same words. See work.h. */
#include "db/work.h"

#include "base/tz.h"

const char *const permission_names[] = {"bookings", "inbox",    "clients", "inventory",
                                        "reports",  "clinical", NULL};

const char *const actor_kind_names[] = {
    [ACTOR_NOBODY] = "visitor", [ACTOR_OWNER] = "owner",   [ACTOR_STAFF] = "staff",
    [ACTOR_CLIENT] = "client",  [ACTOR_SYSTEM] = "system", NULL,
};

void work_enter(struct work *w, struct actor actor)
{
    w->actor = actor;
    w->rules = NULL;
    db_tenant(w->tx, actor.workspace_id);
}

enum result work_missing(struct work *w, const char *what)
{
    return problem_set(w->problem, NOT_FOUND, "not_found", "There is no such %s.", what);
}

enum result work_missing_at(struct work *w, const char *path, const char *what)
{
    const char *message = arena_printf(w->arena, "There is no such %s.", what);
    enum result result = problem_set(w->problem, NOT_FOUND, "not_found", "%s", message);
    (void)problem_field(w->problem, path, "not_found", message);
    return result;
}

enum result work_bound(struct work *w, const struct tz *tz, struct str text, bool end,
                       const char *path, int64_t *ret)
{
    int64_t date;
    if (!text.ptr || instant_parse(text, ret))
        return OK;
    if (!date_parse(text, &date))
        return problem_field(w->problem, path, "invalid_format",
                             "Give a date (2026-11-22) or an instant (2026-11-22T09:00:00Z).");
    *ret = end ? tz_day_end(tz, date) : tz_day_start(tz, date);
    return OK;
}
