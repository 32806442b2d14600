/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit_csv: who did what, as a table. See transfer.h. */
#include "transfer/internal.h"

#include "audit/audit.h"
#include "base/civil.h"
#include "http/spool.h"

enum { PAGE = 500 };

static const struct field query_fields[] = {AUDIT_FILTER_FIELDS};
static const struct shape query_shape = SHAPE("AuditCsvQuery", struct audit_query, query_fields);

struct page {
    const struct work *caller;
    const struct audit_query *query;
    int64_t below_id;
    struct audit_event *list; /* in the page's own arena */
    size_t count;
};

static void write_head(struct buf *out)
{
    static const char *const columns[] = {"at",        "actor_kind", "actor",   "entity",
                                          "entity_id", "action",     "changes", "request_id"};
    buf_z(out, "\xEF\xBB\xBF"); /* by which spreadsheets know UTF-8 */
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        csv_cell(out, str_of(columns[i]), i == 0);
    csv_end_record(out);
}

static void write_event(struct arena *a, struct buf *out, const struct audit_event *e)
{
    char at[INSTANT_TEXT];
    instant_format(e->at.value, at);
    csv_cell(out, str_of(at), true);
    csv_cell(out, e->actor_kind, false);
    csv_cell(out, e->actor_name, false);
    csv_cell(out, e->entity, false);
    csv_cell(out, e->entity_id.set ? str_printf(a, "%lld", (long long)e->entity_id.value) : STR(""),
             false);
    csv_cell(out, e->action, false);
    csv_cell(out, e->changes, false);
    csv_cell(out, e->request_id, false);
    csv_end_record(out);
}

static enum result read_page(struct db_tx *tx, void *arg)
{
    struct page *p = arg;
    struct work w = *p->caller;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return audit_find(&w, p->query, p->below_id, PAGE, &p->list, &p->count);
}

/* Written once it is read: a transaction may run again. */
static enum result write_page(struct work *w, struct page *p, struct spool *spool)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result r = db_view(w->app->db, &arena, w->problem, read_page, p);
    for (size_t i = 0; r == OK && i < p->count; i++) {
        write_event(&arena, spool_out(spool), &p->list[i]);
        spool_more(spool);
        p->below_id = p->list[i].id.value;
    }
    arena_done(&arena);
    return r;
}

static enum result get_csv(struct request *rq, struct work *w)
{
    struct spool *spool;
    enum result r = spool_new(rq, w->problem, w->app->data, &spool);
    if (r != OK)
        return r;
    write_head(spool_out(spool));
    struct page p = {.caller = w, .query = rq->query_in, .below_id = INT64_MAX};
    do {
        r = write_page(w, &p, spool);
    } while (r == OK && p.count == PAGE);
    if (r == OK)
        r = spool_answer(spool, w->problem, "text/csv; charset=utf-8");
    if (r == OK)
        answer_header(rq, "Content-Disposition", STR("attachment; filename=\"audit.csv\""));
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/audit.csv",
        .who = WHO_OWNER,
        .mode = MODE_FREE,
        .query = &query_shape,
        .status = 200,
        .also = {503},
        .answer_is_file = true,
        .handler = get_csv,
        .tag = "audit",
        .summary = "The same as CSV, safe to open in a spreadsheet",
    },
};
const struct route_table audit_csv_table = {routes, sizeof routes / sizeof routes[0]};
