/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* saved: see saved.h. */
#include "inbox/saved.h"

#include "audit/audit.h"
#include "base/app.h"
#include "message/letter_fields.h"
#include "workspace/workspace.h"

enum { SAVED_FIELDS_MAX = 100, FILLED_MAX = 40000 };

enum saved_field { SAVED_CLIENT, SAVED_FIRST_NAME, SAVED_BUSINESS, SAVED_BOOKING_LINK };
static const char *const field_names[] = {"client", "first_name", "business", "booking_link", NULL};

/* ---- the words ---- */

static enum result check_words(struct work *w, struct str words)
{
    struct str plain, name;
    for (int count = 1; words.len && letter_next_field(&words, &plain, &name); count++) {
        if (count > SAVED_FIELDS_MAX)
            return problem_field(w->problem, "body", "too_many", "These are too many fields.");
        if (!name.ptr)
            return problem_field(w->problem, "body", "invalid_format",
                                 "A brace { stands open. Write fields as {name}.");
        if (!field_names[name_index(field_names, name)])
            return problem_field(w->problem, "body", "unknown_field",
                                 "There is no such field here. These are: {client} {first_name}"
                                 " {business} {booking_link}");
    }
    return OK;
}

static struct str first_word(struct str name)
{
    size_t end = 0;
    while (end < name.len && name.ptr[end] != ' ')
        end++;
    return (struct str){name.ptr, end};
}

enum result saved_fill(struct work *w, const struct saved_reply *s, const struct conversation *c,
                       struct str *ret)
{
    struct workspace ws;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    struct str link = STR("");
    if (ws.published)
        link = str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws.slug));
    const struct str values[] = {
        [SAVED_CLIENT] = c->client_name,
        [SAVED_FIRST_NAME] = first_word(c->client_name),
        [SAVED_BUSINESS] = ws.name,
        [SAVED_BOOKING_LINK] = link,
    };
    struct buf out;
    struct str words = s->body, plain, name;
    buf_init(&out, FILLED_MAX);
    while (words.len) {
        bool field = letter_next_field(&words, &plain, &name);
        buf_str(&out, plain);
        int64_t which = field ? name_index(field_names, name) : 0;
        if (field && field_names[which])
            buf_str(&out, values[which]);
    }
    *ret = str_copy(w->arena, buf_view(&out));
    buf_done(&out);
    return OK;
}

/* ---- the rows ---- */

static struct saved_reply saved_of(const struct db_rows *r, size_t i)
{
    return (struct saved_reply){
        .id = some_int(db_int(r, i, 0)),
        .title = db_str(r, i, 1),
        .body = db_str(r, i, 2),
        .version = some_int(db_int(r, i, 3)),
    };
}

enum result saved_load(struct work *w, int64_t id, struct saved_reply *ret)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT id, title, body, version FROM saved_reply"
                             " WHERE workspace_id = $1 AND id = $2",
                             db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "saved reply");
    if (res == OK)
        *ret = saved_of(&r, 0);
    return res;
}

enum result saved_list(struct work *w, int64_t after_id, int64_t limit, struct saved_reply **ret,
                       size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id, title, body, version FROM saved_reply"
                               " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(after_id), db_i(limit));
    if (res != OK)
        return res;
    *ret = arena_new_array(w->arena, r.count + 1, struct saved_reply);
    *ret_count = r.count;
    for (size_t i = 0; i < r.count; i++)
        (*ret)[i] = saved_of(&r, i);
    return OK;
}

/* Their words may be anything, and stay out of the audit. */
static enum result write_audit(struct work *w, const char *action, const struct saved_reply *was,
                               const struct saved_reply *is)
{
    struct audit a;
    audit_begin(&a, w, "saved_reply", was->id.set ? was->id.value : is->id.value, action);
    audit_str(&a, "title", was->title, is->title);
    if (was->body.ptr && is->body.ptr && !str_eq(was->body, is->body))
        audit_note(&a, "body", "changed");
    return audit_end(&a);
}

enum result saved_make(struct work *w, struct str title, struct str body, int64_t *ret_id)
{
    const struct saved_reply none = {0};
    const struct saved_reply is = {some_int(env_id(w->env)), some_int(1), title, body};
    struct db_rows r;
    enum result res = check_words(w, body);
    if (res == OK)
        res = workspace_lock(w);
    if (res == OK)
        res = db_one(w->tx, &r, "SELECT COUNT(*) FROM saved_reply WHERE workspace_id = $1",
                     db_i(w->actor.workspace_id));
    if (res == OK && db_int(&r, 0, 0) >= SAVED_MAX)
        return problem_set(w->problem, CONFLICT, "too_many",
                           "There are %d saved replies. Delete one that is not used any more.",
                           SAVED_MAX);
    if (res == OK)
        res = db_exec(w->tx,
                      "INSERT INTO saved_reply (workspace_id, id, title, body, created_s)"
                      " VALUES ($1, $2, $3, $4, $5)",
                      db_i(w->actor.workspace_id), db_i(is.id.value), db_s(title), db_s(body),
                      db_i(w->now_s));
    if (res == OK)
        res = write_audit(w, "created", &none, &is);
    if (res == OK)
        *ret_id = is.id.value;
    return res;
}

enum result saved_change(struct work *w, const struct saved_reply *was, struct str title,
                         struct str body)
{
    struct saved_reply is = *was;
    if (title.ptr)
        is.title = title;
    if (body.ptr)
        is.body = body;
    if (str_eq(is.title, was->title) && str_eq(is.body, was->body))
        return OK;
    enum result res = check_words(w, is.body);
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE saved_reply SET title = $3, body = $4, version = version + 1"
                      " WHERE workspace_id = $1 AND id = $2",
                      db_i(w->actor.workspace_id), db_i(was->id.value), db_s(is.title),
                      db_s(is.body));
    return res == OK ? write_audit(w, "changed", was, &is) : res;
}

enum result saved_remove(struct work *w, const struct saved_reply *was)
{
    const struct saved_reply none = {0};
    enum result res = db_exec(w->tx, "DELETE FROM saved_reply WHERE workspace_id = $1 AND id = $2",
                              db_i(w->actor.workspace_id), db_i(was->id.value));
    return res == OK ? write_audit(w, "deleted", was, &none) : res;
}
