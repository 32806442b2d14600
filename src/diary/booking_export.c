/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_export: the bookings of a list as CSV (transfer/csv.h), page by page into a file, so in
 * bounded memory; what changes meanwhile stands there as before or after. Times are the business's
 * clock's, prices decimal in its currency. Who may not know where clients are reached gets these
 * two columns empty.
 */
#include "diary/booking_parts.h"
#include "diary/booking_walk.h"

#include "base/civil.h"
#include "base/money.h"
#include "base/seeded.h"
#include "transfer/csv.h"
#include "transfer/csv_answer.h"

enum { PAGE = 100 };

static const char *const headings[] = {
    "id",    "start",     "end",   "status",   "client", "email",  "phone",      "services",
    "staff", "resources", "price", "currency", "notes",  "source", "created_at", NULL,
};

struct page {
    bool contacts; /* whether the caller may know where clients are reached */
    const struct bookings_query *in;
    struct workspace ws;
    struct walked after, last; /* .id 0: from the beginning */
    struct booking *list;      /* in the page's own arena */
};

static void put(struct buf *out, struct str text)
{
    csv_cell(out, text, false);
}

static void put_names(struct arena *a, struct buf *out, const struct booking *b, bool services)
{
    struct str all = STR("");
    size_t count = services ? b->service_count : b->thing_count;
    for (size_t i = 0; i < count; i++) {
        struct str name = services ? b->services[i].name : b->things[i].name;
        all = i ? str_printf(a, STR_FMT "; " STR_FMT, STR_ARG(all), STR_ARG(name)) : name;
    }
    put(out, all);
}

static struct str local_of(struct arena *a, const struct workspace *ws, int64_t at_s)
{
    char text[LOCAL_TEXT];
    tz_local_format(ws->tz, at_s, text);
    return str_copy(a, str_of(text));
}

static void write_booking(struct arena *a, struct buf *out, const void *page, size_t i)
{
    const struct page *p = page;
    const struct booking *b = &p->list[i];
    char created[INSTANT_TEXT];
    instant_format(b->created_s, created);
    csv_cell(out, str_printf(a, "%lld", (long long)b->id), true);
    put(out, local_of(a, &p->ws, b->start_s));
    put(out, local_of(a, &p->ws, b->end_s));
    put(out, str_of(booking_status_names[b->status]));
    put(out, b->client.name);
    put(out, p->contacts && b->client.email.ptr ? b->client.email : STR(""));
    put(out, p->contacts ? b->client.phone : STR(""));
    put_names(a, out, b, true);
    put(out, b->staff_name);
    put_names(a, out, b, false);
    buf_z(out, ",");
    money_plain(out, b->price, p->ws.currency);
    put(out, p->ws.currency);
    put(out, b->notes);
    put(out, b->source);
    put(out, str_of(created));
    csv_end_record(out);
}

static enum result read_page(struct work *w, void *page, size_t *ret_count, bool *ret_more)
{
    struct page *p = page;
    struct booking_walk q;
    struct walked *found = NULL;
    bool none;
    enum result res = workspace_load(w, w->actor.workspace_id, &p->ws);
    if (res == OK)
        res = bookings_walk_of(w, p->in, p->ws.tz, &q, &none);
    if (res != OK || none)
        return res;
    q.limit = PAGE;
    if (SEEDED(EXPORT_UNFILTERED))
        q.staff_id = 0;
    q.resumed = p->after.id != 0;
    q.after_start_s = p->after.start_s;
    q.after_id = p->after.id;
    p->last = p->after;
    res = booking_walk(w, &q, &found, ret_count, ret_more, &p->last);
    p->list = arena_new_array(w->arena, *ret_count, struct booking);
    for (size_t i = 0; i < *ret_count && res == OK; i++)
        res = booking_load(w, found[i].id, &p->list[i]);
    return res;
}

static void next_page(void *page)
{
    struct page *p = page;
    p->after = p->last;
}

enum result booking_export(struct request *rq, struct work *w)
{
    struct page p = {.contacts = (w->actor.permissions & SEES_CONTACTS) != 0, .in = rq->query_in};
    const struct csv_list list = {
        .filename = "bookings.csv",
        .headings = headings,
        .exported = "booking_export",
        .page = &p,
        .read = read_page,
        .write = write_booking,
        .next = next_page,
    };
    return csv_answer(rq, w, &list);
}
