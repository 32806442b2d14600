/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* export: all clients as CSV. See transfer.h. */
#include "transfer/internal.h"

#include "base/civil.h"
#include "http/spool.h"
#include "transfer/csv_answer.h"

enum { PAGE = 500 };

struct page {
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

static void write_client(struct arena *a, struct buf *out, const void *page, size_t i)
{
    const struct client *c = &((const struct page *)page)->list[i];
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

static enum result read_page(struct work *w, void *page, size_t *ret_count, bool *ret_more)
{
    struct page *p = page;
    enum result r = client_all_after(w, p->after_id, PAGE, &p->list, &p->count);
    *ret_count = p->count;
    *ret_more = p->count == PAGE;
    return r;
}

static void next_page(void *page)
{
    struct page *p = page;
    if (p->count)
        p->after_id = p->list[p->count - 1].id;
}

static enum result get_export(struct request *rq, struct work *w)
{
    static const enum column order[] = {COLUMN_ID,         COLUMN_NAME,           COLUMN_EMAIL,
                                        COLUMN_PHONE,      COLUMN_NOTES,          COLUMN_TAGS,
                                        COLUMN_ALERTS,     COLUMN_STATUS,         COLUMN_SOURCE,
                                        COLUMN_CREATED_AT, COLUMN_UNSUBSCRIBED_AT};
    enum { COUNT = sizeof order / sizeof *order };
    const char *headings[COUNT + 1] = {NULL};
    for (size_t i = 0; i < COUNT; i++)
        headings[i] = column_names[order[i]];
    struct page p = {0};
    const struct csv_list list = {
        .filename = "clients.csv",
        .headings = headings,
        .exported = "client_export",
        .page = &p,
        .read = read_page,
        .write = write_client,
        .next = next_page,
    };
    return csv_answer(rq, w, &list);
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/clients/export.csv",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_FREE,
        .status = 200,
        .answer_is_file = true,
        .handler = get_export,
        .tag = "client",
        .summary = "All clients as CSV, safe to open in a spreadsheet",
    },
};
const struct route_table export_table = {routes, sizeof routes / sizeof routes[0]};
