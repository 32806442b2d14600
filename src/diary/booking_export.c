/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_export: the bookings of a list as CSV (transfer/csv.h), page by page into a file, so in
 * bounded memory; what changes meanwhile stands there as before or after. Times are the business's
 * clock's, prices decimal in its currency. Who may not know where clients are reached gets these
 * two columns empty.
 */
#include "diary/booking_parts.h"
#include "diary/booking_walk.h"

#include "audit/audit.h"
#include "base/civil.h"
#include "base/money.h"
#include "http/spool.h"
#include "transfer/csv.h"

enum { PAGE = 100 };

static const char *const headings[] = {
    "id",    "start",     "end",   "status",   "client", "email",  "phone",      "services",
    "staff", "resources", "price", "currency", "notes",  "source", "created_at",
};

struct page {
    const struct work *caller;
    const struct bookings_query *in;
    struct workspace ws;
    struct walked after; /* .id 0: from the beginning */
    bool more;
    struct booking *list; /* in the page's own arena */
    size_t count;
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

/* "45.00": as a spreadsheet reads a number, without the currency's name. */
static struct str price_of(struct arena *a, int64_t minor, struct str currency)
{
    int digits = money_digits(currency);
    int64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    return digits ? str_printf(a, "%lld.%0*lld", (long long)(minor / unit), digits,
                               (long long)(minor % unit))
                  : str_printf(a, "%lld", (long long)minor);
}

static struct str local_of(struct arena *a, const struct workspace *ws, int64_t at_s)
{
    char text[LOCAL_TEXT];
    tz_local_format(ws->tz, at_s, text);
    return str_copy(a, str_of(text));
}

static void write_booking(struct arena *a, struct buf *out, const struct page *p,
                          const struct booking *b)
{
    bool contacts = p->caller->actor.permissions & SEES_CONTACTS;
    char created[INSTANT_TEXT];
    instant_format(b->created_s, created);
    csv_cell(out, str_printf(a, "%lld", (long long)b->id), true);
    put(out, local_of(a, &p->ws, b->start_s));
    put(out, local_of(a, &p->ws, b->end_s));
    put(out, str_of(booking_status_names[b->status]));
    put(out, b->client.name);
    put(out, contacts && b->client.email.ptr ? b->client.email : STR(""));
    put(out, contacts ? b->client.phone : STR(""));
    put_names(a, out, b, true);
    put(out, b->staff_name);
    put_names(a, out, b, false);
    put(out, price_of(a, b->price, p->ws.currency));
    put(out, p->ws.currency);
    put(out, b->notes);
    put(out, b->source);
    put(out, str_of(created));
    csv_end_record(out);
}

static enum result read_page(struct db_tx *tx, void *arg)
{
    struct page *p = arg;
    struct work w = *p->caller;
    struct booking_walk q;
    struct walked *found = NULL, last = p->after;
    bool none;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    p->count = 0;
    p->more = false;
    enum result res = workspace_load(&w, w.actor.workspace_id, &p->ws);
    if (res == OK)
        res = bookings_walk_of(&w, p->in, p->ws.tz, &q, &none);
    if (res != OK || none)
        return res;
    q.limit = PAGE;
    q.resumed = p->after.id != 0;
    q.after_start_s = p->after.start_s;
    q.after_id = p->after.id;
    size_t count;
    res = booking_walk(&w, &q, &found, &count, &p->more, &last);
    p->list = arena_new_array(w.arena, count + 1, struct booking);
    for (size_t i = 0; i < count && res == OK; i++)
        res = booking_load(&w, found[i].id, &p->list[i]);
    p->count = count;
    if (res == OK && p->more)
        p->list[count].start_s = last.start_s, p->list[count].id = last.id;
    return res;
}

/* Written once it is read: a transaction may run again. */
static enum result write_page(struct work *w, struct page *p, struct spool *spool)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    enum result res = db_view(w->app->db, &arena, w->problem, read_page, p);
    for (size_t i = 0; res == OK && i < p->count; i++) {
        write_booking(&arena, spool_out(spool), p, &p->list[i]);
        spool_more(spool);
    }
    if (res == OK && p->more)
        p->after = (struct walked){p->list[p->count].id, p->list[p->count].start_s};
    arena_done(&arena);
    return res;
}

/* That names and addresses have left is worth a line. */
static enum result note(struct db_tx *tx, void *arg)
{
    struct work w = *(const struct work *)arg;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return audit_action(&w, "booking_export", env_id(w.env), "exported");
}

enum result booking_export(struct request *rq, struct work *w)
{
    struct spool *spool;
    enum result res = spool_new(rq, w->problem, w->app->data, &spool);
    if (res != OK)
        return res;
    buf_z(spool_out(spool), "\xEF\xBB\xBF"); /* by which spreadsheets know UTF-8 */
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        csv_cell(spool_out(spool), str_of(headings[i]), i == 0);
    csv_end_record(spool_out(spool));
    struct page p = {.caller = w, .in = rq->query_in};
    do {
        res = write_page(w, &p, spool);
    } while (res == OK && p.more);
    if (res == OK)
        res = db_transact(w->app->db, w->arena, w->problem, note, w);
    if (res == OK)
        res = spool_answer(spool, w->problem, "text/csv; charset=utf-8");
    if (res == OK)
        answer_header(rq, "Content-Disposition", STR("attachment; filename=\"bookings.csv\""));
    return res;
}
