/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * duplicates: who may be the same person as a client: by the number, by an address that differs in
 * dots and signs alone, by a whole name of two words or more. A few, for a person to decide.
 */
#include "client/internal.h"

#include "base/fold.h"
#include "client/terms.h"

enum { CANDIDATES_MAX = 20 };

/* The newest who have a term. */
#define OF_TERM                                                                  \
    "SELECT " CLIENT_COLUMNS " FROM (SELECT client_id FROM client_term"          \
    " WHERE workspace_id = $1 AND term = $2 ORDER BY client_id DESC LIMIT $3) m" \
    " JOIN client c ON c.workspace_id = $1 AND c.id = m.client_id ORDER BY c.id DESC"

static void keep(struct client_duplicates *list, const struct client *of, const struct client *c,
                 const char *why)
{
    bool full = list->count == DUPLICATES_MAX || c->id == of->id || c->merged_into.set;
    for (size_t i = 0; !full && i < list->count; i++)
        full = list->items[i].client.id == c->id;
    if (!full)
        list->items[list->count++] = (struct client_duplicate){*c, why};
}

static enum result by_term(struct work *w, const struct client *of, struct str term,
                           const char *why, struct client_duplicates *ret)
{
    struct db_rows rows;
    if (term.len == 0)
        return OK;
    enum result r = db_query(w->tx, &rows, OF_TERM, db_i(w->actor.workspace_id), db_s(term),
                             db_i(DUPLICATES_MAX + 1));
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        const struct client c = client_of(&rows, i);
        keep(ret, of, &c, why);
    }
    return r;
}

static enum result by_name(struct work *w, const struct client *of, struct client_duplicates *ret)
{
    struct client *list;
    size_t count;
    struct str name = fold(w->arena, of->name);
    if (!name.len || !memchr(name.ptr, ' ', name.len))
        return OK;
    const struct client_query q = {.q = of->name};
    enum result r = client_page(w, &q, INT64_MAX, CANDIDATES_MAX, &list, &count);
    for (size_t i = 0; r == OK && i < count; i++)
        if (str_eq(fold(w->arena, list[i].name), name))
            keep(ret, of, &list[i], "same_name");
    return r;
}

enum result client_find_duplicates(struct work *w, const struct client *of,
                                   struct client_duplicates *ret)
{
    struct str look = of->email.len ? email_look(w->arena, of->email) : STR("");
    ret->count = 0;
    enum result r = by_term(w, of, look, "similar_email", ret);
    if (r == OK)
        r = by_term(w, of, phone_key(w->arena, of->phone), "same_phone", ret);
    return r == OK ? by_name(w, of, ret) : r;
}

enum result client_by_name(struct work *w, const struct client_details *in, struct client *ret)
{
    struct db_rows rows;
    struct str key = phone_key(w->arena, in->phone), name = fold(w->arena, in->name);
    if (key.len == 0)
        return NOT_FOUND;
    enum result r = db_query(w->tx, &rows, OF_TERM, db_i(w->actor.workspace_id), db_s(key),
                             db_i(CANDIDATES_MAX));
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        const struct client c = client_of(&rows, i);
        if (!str_eq(fold(w->arena, c.name), name) || !str_eq(phone_key(w->arena, c.phone), key))
            continue;
        *ret = c;
        return OK;
    }
    return r == OK ? NOT_FOUND : r;
}
