/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_answer: long lists as CSV files. See csv_answer.h. */
#include "transfer/csv_answer.h"

#include "audit/audit.h"
#include "http/spool.h"
#include "transfer/csv.h"

struct turn {
    const struct work *caller;
    const struct csv_list *list;
    size_t count;
    bool more;
};

static struct work as_caller(const struct work *caller, struct db_tx *tx)
{
    struct work w = *caller;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return w;
}

static enum result read_page(struct db_tx *tx, void *arg)
{
    struct turn *t = arg;
    struct work w = as_caller(t->caller, tx);
    t->count = 0;
    t->more = false;
    return t->list->read(&w, t->list->page, &t->count, &t->more);
}

/* Written once it is read: a transaction may run again. */
static enum result write_page(struct work *w, struct turn *t, struct spool *spool)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(w->app->db, &arena, w->problem, read_page, t);
    for (size_t i = 0; res == OK && i < t->count; i++) {
        t->list->write(&arena, spool_out(spool), t->list->page, i);
        spool_more(spool);
    }
    if (res == OK)
        t->list->next(t->list->page);
    arena_done(&arena);
    return res;
}

/* That people's details have left is worth a line. */
static enum result note(struct db_tx *tx, void *arg)
{
    const struct turn *t = arg;
    struct work w = as_caller(t->caller, tx);
    return audit_action(&w, t->list->exported, env_id(w.env), "exported");
}

void csv_head(struct buf *out, const char *const *headings)
{
    buf_z(out, "\xEF\xBB\xBF");
    for (size_t i = 0; headings[i]; i++)
        csv_cell(out, str_of(headings[i]), i == 0);
    csv_end_record(out);
}

enum result csv_answer(struct request *rq, struct work *w, const struct csv_list *list)
{
    struct spool *spool;
    enum result res = spool_new(rq, w->problem, w->app->data, &spool);
    if (res != OK)
        return res;
    csv_head(spool_out(spool), list->headings);
    struct turn t = {.caller = w, .list = list};
    do {
        res = write_page(w, &t, spool);
    } while (res == OK && t.more);
    if (res == OK && list->exported)
        res = db_transact(w->app->db, w->arena, w->problem, note, &t);
    if (res == OK)
        res = spool_answer(spool, w->problem, "text/csv; charset=utf-8");
    if (res == OK)
        answer_header(rq, "Content-Disposition",
                      str_printf(w->arena, "attachment; filename=\"%s\"", list->filename));
    return res;
}
