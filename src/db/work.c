/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work: what every feature says in the same words. See work.h. */
#include "db/work.h"

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
