/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit_csv: who did what, as a table. See transfer.h. */
#include "transfer/internal.h"

#include "audit/audit.h"
#include "base/civil.h"
#include "transfer/csv_answer.h"

enum { PAGE = 500 };

static const struct field query_fields[] = {AUDIT_FILTER_FIELDS};
static const struct shape query_shape = SHAPE("AuditCsvQuery", struct audit_query, query_fields);

struct page {
    const struct audit_query *query;
    int64_t below_id;
    struct audit_event *list; /* in the page's own arena */
    size_t count;
};

static const char *const headings[] = {"at",     "actor_kind", "actor",      "entity", "entity_id",
                                       "action", "changes",    "request_id", NULL};

static void write_event(struct arena *a, struct buf *out, const void *page, size_t i)
{
    const struct audit_event *e = &((const struct page *)page)->list[i];
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

static enum result read_page(struct work *w, void *page, size_t *ret_count, bool *ret_more)
{
    struct page *p = page;
    enum result r = audit_find(w, p->query, p->below_id, PAGE, &p->list, &p->count);
    *ret_count = p->count;
    *ret_more = p->count == PAGE;
    return r;
}

static void next_page(void *page)
{
    struct page *p = page;
    if (p->count)
        p->below_id = p->list[p->count - 1].id.value;
}

static enum result get_csv(struct request *rq, struct work *w)
{
    struct page p = {.query = rq->query_in, .below_id = INT64_MAX};
    const struct csv_list list = {
        .filename = "audit.csv",
        .headings = headings,
        .page = &p,
        .read = read_page,
        .write = write_event,
        .next = next_page,
    };
    return csv_answer(rq, w, &list);
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
