/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ids: lists of ids in requests. See ids.h. */
#include "workspace/ids.h"

enum result ids_distinct(struct work *w, const char *path, struct id_list list)
{
    enum result r = OK;
    for (size_t i = 0; i < list.count; i++)
        for (size_t k = 0; k < i; k++)
            if (list.ids[k] == list.ids[i]) {
                r = problem_field(w->problem, arena_printf(w->arena, "%s.%zu", path, i),
                                  "duplicate", "This stands in the list already.");
                break;
            }
    return r;
}

enum result ids_unknown(struct work *w, const char *path, size_t n, const char *message)
{
    (void)problem_set(w->problem, NOT_FOUND, "not_found", "%s", message);
    (void)problem_field(w->problem, arena_printf(w->arena, "%s.%zu", path, n), "not_found",
                        message);
    return NOT_FOUND;
}

struct str ids_text(struct arena *a, struct id_list list)
{
    enum { ONE_ID = 22 }; /* 20 characters and a separator */
    char *text = arena_alloc(a, list.count * ONE_ID + 1);
    size_t len = 0;
    for (size_t i = 0; i < list.count; i++)
        len += (size_t)snprintf(text + len, ONE_ID + 1, "%s%lld", i > 0 ? ", " : "",
                                (long long)list.ids[i]);
    return (struct str){text, len};
}
