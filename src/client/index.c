/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * index: the rows by which clients are found (terms.h), kept in the transaction of each change.
 *
 * A client's terms go in as one JSON text in one statement, since there are some twenty of them.
 * Those of clients from before the index, and of rows that came in past the program, are made by
 * the janitor.
 */
#include "client/internal.h"

#include "base/fold.h"
#include "client/terms.h"

enum { MERGED_MAX = 50, UNINDEXED_ROWS = 200 };

/* ---- terms ---- */

static void terms_of(struct terms *t, const struct client *c)
{
    struct str_list tags = client_list_read(t->arena, c->tags);
    terms_label(t, 's', c->status);
    terms_label(t, 'o', c->source);
    for (size_t i = 0; i < tags.count; i++)
        terms_label(t, 't', tags.items[i]);
    terms_person(t, c->name, c->email, c->phone);
}

static struct terms *terms_new(struct arena *a)
{
    struct terms *t = arena_new(a, struct terms);
    t->arena = a;
    return t;
}

static struct str terms_json(struct terms *t)
{
    const struct str_list list = {true, t->count, t->items};
    return client_list_json(t->arena, &list);
}

static enum result insert(struct work *w, int64_t workspace_id, int64_t id, struct str terms)
{
    return db_exec(w->tx,
                   db_sql(w->tx,
                          "INSERT INTO client_term (workspace_id, term, client_id)"
                          " SELECT $1, value, $2 FROM json_each($3) WHERE true"
                          " ON CONFLICT (workspace_id, term, client_id) DO NOTHING",
                          "INSERT INTO client_term (workspace_id, term, client_id)"
                          " SELECT $1, value, $2 FROM json_array_elements_text(CAST($3 AS json))"
                          " ON CONFLICT (workspace_id, term, client_id) DO NOTHING"),
                   db_i(workspace_id), db_i(id), db_s(terms));
}

enum result client_index_new(struct work *w, const struct client *c, struct client_tally *tally)
{
    struct terms *t = terms_new(w->arena);
    terms_of(t, c);
    enum result r = insert(w, w->actor.workspace_id, c->id, terms_json(t));
    return r == OK ? client_count_tags(w, (struct str){0}, c->tags, tally) : r;
}

enum result client_index_status(struct work *w, int64_t id, struct str was, struct str is)
{
    enum result r = db_exec(
        w->tx, "DELETE FROM client_term WHERE workspace_id = $1 AND client_id = $2 AND term = $3",
        db_i(w->actor.workspace_id), db_i(id), db_s(term_of_label(w->arena, 's', was)));
    if (r == OK)
        r = db_exec(w->tx,
                    "INSERT INTO client_term (workspace_id, term, client_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT (workspace_id, term, client_id) DO NOTHING",
                    db_i(w->actor.workspace_id), db_s(term_of_label(w->arena, 's', is)), db_i(id));
    return r;
}

/* The words of those who turned out to be this client find it, too. */
static enum result add_merged(struct work *w, struct terms *t, int64_t id)
{
    struct db_rows rows;
    enum result r = db_query(w->tx, &rows,
                             "SELECT name, email, phone FROM client WHERE workspace_id = $1"
                             " AND merged_into = $2 ORDER BY id LIMIT $3",
                             db_i(w->actor.workspace_id), db_i(id), db_i(MERGED_MAX));
    for (size_t i = 0; r == OK && i < rows.count; i++)
        terms_person(t, db_str(&rows, i, 0), db_str(&rows, i, 1), db_str(&rows, i, 2));
    return r;
}

enum result client_index_again(struct work *w, int64_t id)
{
    struct db_rows rows;
    struct terms *t = terms_new(w->arena);
    enum result r = db_one(w->tx, &rows,
                           "SELECT " CLIENT_COLUMNS " FROM client c"
                           " WHERE c.workspace_id = $1 AND c.id = $2",
                           db_i(w->actor.workspace_id), db_i(id));
    if (r != OK)
        return r;
    const struct client c = client_of(&rows, 0);
    bool found = !c.merged_into.set && !c.erased_s.set;
    if (found)
        terms_of(t, &c);
    r = found ? add_merged(w, t, id) : OK;
    struct str terms = terms_json(t);
    if (r == OK)
        r = db_exec(w->tx,
                    db_sql(w->tx,
                           "DELETE FROM client_term WHERE workspace_id = $1 AND client_id = $2"
                           " AND term NOT IN (SELECT value FROM json_each($3))",
                           "DELETE FROM client_term WHERE workspace_id = $1 AND client_id = $2"
                           " AND term NOT IN"
                           " (SELECT value FROM json_array_elements_text(CAST($3 AS json)))"),
                    db_i(w->actor.workspace_id), db_i(id), db_s(terms));
    if (r == OK)
        r = insert(w, w->actor.workspace_id, id, terms);
    if (r == OK && !c.terms_made)
        r = db_exec(w->tx, "UPDATE client SET terms_made = 1 WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(id));
    return r;
}

/* ---- tags ---- */

/* Each once, by its key. */
struct tag_keys {
    size_t count;
    struct str keys[TAGS_MAX], tags[TAGS_MAX];
};

static void tags_of(struct arena *a, struct str json, struct tag_keys *ret)
{
    struct str_list list = client_list_read(a, json);
    *ret = (struct tag_keys){0};
    for (size_t i = 0; i < list.count && ret->count < TAGS_MAX; i++) {
        struct str key = term_of_label(a, 't', list.items[i]);
        size_t at = 0;
        while (at < ret->count && !str_eq(ret->keys[at], key))
            at++;
        if (at < ret->count)
            continue;
        ret->keys[ret->count] = key;
        ret->tags[ret->count++] = list.items[i];
    }
}

static bool has_key(const struct tag_keys *list, struct str key)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->keys[i], key))
            return true;
    return false;
}

static enum result count_one(struct work *w, struct str key, struct str tag, int64_t more)
{
    enum result r = db_exec(w->tx,
                            "INSERT INTO client_tag (workspace_id, key, tag, uses)"
                            " VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, key)"
                            " DO UPDATE SET uses = client_tag.uses + excluded.uses",
                            db_i(w->actor.workspace_id), db_s(key), db_s(tag), db_i(more));
    if (r == OK && more < 0)
        r = db_exec(w->tx,
                    "DELETE FROM client_tag WHERE workspace_id = $1 AND key = $2 AND uses <= 0",
                    db_i(w->actor.workspace_id), db_s(key));
    return r;
}

enum result client_tally_write(struct work *w, struct client_tally *t)
{
    enum result r = OK;
    for (size_t i = 0; r == OK && i < t->count; i++)
        if (t->more[i])
            r = count_one(w, t->keys[i], t->tags[i], t->more[i]);
    t->count = 0;
    return r;
}

static enum result count(struct work *w, struct client_tally *t, struct str key, struct str tag,
                         int64_t more)
{
    enum result r = OK;
    if (!t)
        return count_one(w, key, tag, more);
    size_t i = 0;
    while (i < t->count && !str_eq(t->keys[i], key))
        i++;
    if (i == TALLY_TAGS) {
        r = client_tally_write(w, t);
        i = 0;
    }
    if (i == t->count) {
        t->keys[i] = str_copy(t->arena, key);
        t->tags[i] = str_copy(t->arena, tag);
        t->more[i] = 0;
        t->count++;
    }
    t->more[i] += more;
    return r;
}

enum result client_count_tags(struct work *w, struct str had, struct str has,
                              struct client_tally *tally)
{
    struct tag_keys was, is;
    tags_of(w->arena, had, &was);
    tags_of(w->arena, has, &is);
    enum result r = OK;
    for (size_t i = 0; r == OK && i < was.count; i++)
        if (!has_key(&is, was.keys[i]))
            r = count(w, tally, was.keys[i], was.tags[i], -1);
    for (size_t i = 0; r == OK && i < is.count; i++)
        if (!has_key(&was, is.keys[i]))
            r = count(w, tally, is.keys[i], is.tags[i], 1);
    return r;
}

enum result client_forget_terms(struct work *w, int64_t id)
{
    struct client c;
    enum result r = client_load_any(w, id, &c);
    if (r == OK && c.terms_made && !c.merged_into.set)
        r = client_count_tags(w, c.tags, (struct str){0}, NULL);
    if (r == OK)
        r = db_exec(w->tx, "DELETE FROM client_term WHERE workspace_id = $1 AND client_id = $2",
                    db_i(w->actor.workspace_id), db_i(id));
    return r;
}

/* ---- those without terms ---- */

/* Other processes do the same: each takes rows that no other has in hand. */
enum result client_index_sweep(struct work *w, int64_t *ret_done)
{
    struct db_rows rows;
    enum result r = db_query(
        w->tx, &rows,
        db_sql(w->tx,
               "SELECT " CLIENT_COLUMNS ", c.workspace_id FROM client c WHERE c.terms_made = 0"
               " ORDER BY c.id LIMIT $1",
               "SELECT " CLIENT_COLUMNS ", c.workspace_id FROM client c WHERE c.terms_made = 0"
               " ORDER BY c.id LIMIT $1 FOR UPDATE SKIP LOCKED"),
        db_i(UNINDEXED_ROWS));
    struct actor before = w->actor;
    struct client_tally *tally = arena_new(w->arena, struct client_tally);
    tally->arena = w->arena;
    for (size_t i = 0; r == OK && i < rows.count; i++) {
        const struct client c = client_of(&rows, i);
        int64_t workspace_id = db_int(&rows, i, CLIENT_COLUMN_COUNT);
        if (workspace_id != w->actor.workspace_id)
            r = client_tally_write(w, tally); /* of the business before */
        w->actor.workspace_id = workspace_id;
        if (r != OK)
            break;
        r = db_exec(w->tx, "UPDATE client SET terms_made = 1 WHERE workspace_id = $1 AND id = $2",
                    db_i(w->actor.workspace_id), db_i(c.id));
        if (r == OK)
            r = c.merged_into.set ? client_index_again(w, c.merged_into.value)
                                  : client_index_new(w, &c, tally);
    }
    if (r == OK)
        r = client_tally_write(w, tally);
    w->actor = before;
    if (r == OK)
        *ret_done = (int64_t)rows.count;
    return r;
}
