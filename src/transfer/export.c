/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* export: all clients as CSV. See transfer.h. */
#include "transfer/internal.h"

#include "audit/audit.h"
#include "base/civil.h"
#include "http/spool.h"

enum { PAGE = 500 };

struct page {
    const struct work *caller;
    int64_t after_id;
    struct client *list; /* in the page's own arena */
    size_t count;
};

static void put(struct buf *out, struct str text)
{
    csv_cell(out, text, false);
}

/* ["a","b"] → "a; b"; as it is where an entry has a sign that would part it. */
static void put_list(struct arena *a, struct buf *out, struct str json)
{
    struct str_list list = client_list_read(a, json);
    struct buf text;
    bool plain = true;
    buf_init(&text, SPOOL_ROOM);
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            buf_z(&text, "; ");
        plain &= !memchr(list.items[i].ptr, ';', list.items[i].len) &&
                 !memchr(list.items[i].ptr, ',', list.items[i].len) && list.items[i].ptr[0] != '[';
        buf_str(&text, list.items[i]);
    }
    put(out, plain ? buf_view(&text) : json);
    buf_done(&text);
}

static void put_instant(struct arena *a, struct buf *out, struct opt_int at)
{
    char text[INSTANT_TEXT];
    if (at.set)
        instant_format(at.value, text);
    put(out, at.set ? str_copy(a, str_of(text)) : STR(""));
}

static void write_client(struct arena *a, struct buf *out, const struct client *c)
{
    csv_cell(out, str_printf(a, "%lld", (long long)c->id), true);
    put(out, c->name);
    put(out, c->email);
    put(out, c->phone);
    put(out, c->notes);
    put_list(a, out, c->tags);
    put_list(a, out, c->alerts);
    put(out, c->status);
    put(out, c->source);
    put_instant(a, out, some_int(c->created_s));
    put_instant(a, out, c->unsubscribed_s);
    csv_end_record(out);
}

static void write_head(struct buf *out)
{
    static const enum column order[] = {COLUMN_ID,         COLUMN_NAME,           COLUMN_EMAIL,
                                        COLUMN_PHONE,      COLUMN_NOTES,          COLUMN_TAGS,
                                        COLUMN_ALERTS,     COLUMN_STATUS,         COLUMN_SOURCE,
                                        COLUMN_CREATED_AT, COLUMN_UNSUBSCRIBED_AT};
    buf_z(out, "\xEF\xBB\xBF"); /* by which spreadsheets know UTF-8 */
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        csv_cell(out, str_of(column_names[order[i]]), i == 0);
    csv_end_record(out);
}

static enum result read_page(struct db_tx *tx, void *arg)
{
    struct page *p = arg;
    struct work w = *p->caller;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return client_all_after(&w, p->after_id, PAGE, &p->list, &p->count);
}

/* Written once it is read: a transaction may run again. */
static enum result write_page(struct work *w, struct page *p, struct spool *spool)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result r = db_view(w->app->db, &arena, w->problem, read_page, p);
    for (size_t i = 0; r == OK && i < p->count; i++) {
        write_client(&arena, spool_out(spool), &p->list[i]);
        spool_more(spool);
        p->after_id = p->list[i].id;
    }
    arena_done(&arena);
    return r;
}

/* That everybody's details have left is worth a line. */
static enum result note(struct db_tx *tx, void *arg)
{
    struct work w = *(const struct work *)arg;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return audit_action(&w, "client_export", env_id(w.env), "exported");
}

static enum result get_export(struct request *rq, struct work *w)
{
    struct spool *spool;
    enum result r = spool_new(rq, w->problem, w->app->data, &spool);
    if (r != OK)
        return r;
    write_head(spool_out(spool));
    struct page p = {.caller = w};
    do {
        r = write_page(w, &p, spool);
    } while (r == OK && p.count == PAGE);
    if (r == OK)
        r = db_transact(w->app->db, w->arena, w->problem, note, w);
    if (r == OK)
        r = spool_answer(spool, w->problem, "text/csv; charset=utf-8");
    if (r == OK)
        answer_header(rq, "Content-Disposition", STR("attachment; filename=\"clients.csv\""));
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients/export.csv",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_FREE,
        .status = 200,
        .handler = get_export,
        .tag = "client",
        .summary = "All clients as CSV, safe to open in a spreadsheet",
    },
};
const struct route_table export_table = {routes, sizeof routes / sizeof routes[0]};
