/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * business_export: everything of a business as one JSON document, for its owner to take along.
 *
 * Written page by page into a file without a name (http/spool.h), each page in a transaction of its
 * own, so that a business of any size holds nobody up and takes no memory. It is an event of the
 * audit before the first row is read. Secrets are not in it: no password, no key, no token, no
 * link's secret, and of letters those words alone that hold none.
 */
#include "privacy/business_export.h"

#include "audit/audit.h"
#include "base/app.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/tz.h"
#include "http/json_write.h"
#include "http/spool.h"

#include <string.h>

enum { SECRET_MIN = 40 /* a link's token has 43 characters, an id at most 19 */ };

struct writing {
    const struct work *work;
    const struct business_part *part;
    struct arena arena; /* of one page */
    int64_t after;
    struct db_rows rows;
    struct spool *spool;
    struct json_out json;
};

/* ---- one cell ---- */

static struct str opened(struct writing *x, struct str sealed, bool *ret_ok)
{
    struct str text = {0};
    *ret_ok = seal_open(x->work->app->seal, &x->arena, sealed, &text);
    if (!*ret_ok)
        log_event(LOG_ERROR, "an export meets what another key has sealed", NULL);
    return text;
}

static bool is_token_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* In place, in a copy: what is as long as a link's secret is starred out. */
static struct str without_secrets(struct writing *x, struct str text)
{
    struct str copy = str_copy(&x->arena, text);
    char *p = (char *)(uintptr_t)copy.ptr;
    for (size_t i = 0; i < copy.len;) {
        size_t n = 0;
        while (i + n < copy.len && is_token_byte(p[i + n]))
            n++;
        if (n >= SECRET_MIN)
            memset(p + i, '*', n);
        i += n > 0 ? n : 1;
    }
    return copy;
}

static void write_sealed(struct writing *x, struct str sealed, bool json)
{
    bool ok;
    struct str text = opened(x, sealed, &ok);
    if (!ok)
        jw_null(&x->json);
    else if (json)
        jw_raw(&x->json, text);
    else
        jw_text(&x->json, text);
}

static void write_cell(struct writing *x, size_t i, size_t k, enum export_kind kind)
{
    const struct db_rows *r = &x->rows;
    struct json_out *j = &x->json;
    char at[INSTANT_TEXT];
    if (db_is_null(r, i, k)) {
        jw_null(j);
        return;
    }
    switch (kind) {
    case EXPORT_TEXT: jw_text(j, db_str(r, i, k)); break;
    case EXPORT_LETTER: jw_text(j, without_secrets(x, db_str(r, i, k))); break;
    case EXPORT_ID: jw_text(j, str_printf(&x->arena, "%lld", (long long)db_int(r, i, k))); break;
    case EXPORT_INT: jw_int(j, db_int(r, i, k)); break;
    case EXPORT_BOOL: jw_bool(j, db_int(r, i, k) != 0); break;
    case EXPORT_JSON: jw_raw(j, db_str(r, i, k)); break;
    case EXPORT_QTY: jw_thousandths(j, db_int(r, i, k)); break;
    case EXPORT_SEALED: write_sealed(x, db_str(r, i, k), false); break;
    case EXPORT_SEALED_JSON: write_sealed(x, db_str(r, i, k), true); break;
    case EXPORT_INSTANT:
        instant_format(db_int(r, i, k), at);
        jw_text(j, str_copy(&x->arena, str_of(at)));
        break;
    }
}

/* ---- pages ---- */

static enum result read_page(struct db_tx *tx, void *arg)
{
    struct writing *x = arg;
    struct work w = *x->work;
    w.tx = tx;
    w.arena = &x->arena;
    db_tenant(tx, w.actor.workspace_id);
    return x->part->page(&w, x->after, &x->rows);
}

/* The key comes first in a row and is not written: what follows it is. */
static void write_row(struct writing *x, size_t i)
{
    jw_open(&x->json, '{');
    for (size_t k = 0; x->part->columns[k].name; k++) {
        jw_key(&x->json, x->part->columns[k].name);
        write_cell(x, i, k + 1, x->part->columns[k].kind);
    }
    jw_close(&x->json, '}');
    spool_more(x->spool);
}

/* How many rows have all of their key's; a key of more than a page is none that there is. */
static size_t whole_rows(const struct writing *x)
{
    size_t count = x->rows.count;
    if (!x->part->cut || count < EXPORT_EVENTS_PAGE)
        return count;
    size_t whole = count - 1;
    while (whole > 0 && db_int(&x->rows, whole - 1, 0) == db_int(&x->rows, count - 1, 0))
        whole--;
    return whole > 0 ? whole : count;
}

/* Written once it is read: a transaction may run again. */
static enum result write_part(struct writing *x, const struct business_part *part)
{
    enum result r = OK;
    size_t count;
    x->part = part;
    x->after = INT64_MIN;
    jw_key(&x->json, part->name);
    jw_open(&x->json, '[');
    do {
        arena_init(&x->arena, ARENA_DEFAULT_LIMIT);
        x->rows = (struct db_rows){0};
        r = db_view(x->work->app->db, &x->arena, x->work->problem, read_page, x);
        count = r == OK ? whole_rows(x) : 0;
        for (size_t i = 0; i < count; i++)
            write_row(x, i);
        if (count > 0)
            x->after = db_int(&x->rows, count - 1, 0);
        arena_done(&x->arena);
    } while (count > 0);
    jw_close(&x->json, ']');
    return r;
}

/* ---- the whole ---- */

static enum result note(struct db_tx *tx, void *arg)
{
    struct work w = *(const struct work *)arg;
    w.tx = tx;
    w.arena = db_arena(tx);
    db_tenant(tx, w.actor.workspace_id);
    return audit_action(&w, "workspace", w.actor.workspace_id, "exported");
}

static enum result get_export(struct request *rq, struct work *w)
{
    struct writing x = {.work = w};
    char at[INSTANT_TEXT];
    enum result r = db_transact(w->app->db, w->arena, w->problem, note, w);
    if (r == OK)
        r = spool_new(rq, w->problem, w->app->data, &x.spool);
    if (r != OK)
        return r;
    instant_format(w->now_s, at);
    x.json = jw(spool_out(x.spool));
    jw_open(&x.json, '{');
    jw_key(&x.json, "careops_export");
    jw_int(&x.json, 1);
    jw_key(&x.json, "exported_at");
    jw_text(&x.json, str_of(at));
    for (size_t i = 0; i < business_part_count && r == OK; i++)
        r = write_part(&x, &business_parts[i]);
    jw_close(&x.json, '}');
    spool_more(x.spool);
    if (r == OK)
        r = spool_answer(x.spool, w->problem, "application/json; charset=utf-8");
    if (r == OK)
        answer_header(rq, "Content-Disposition", STR("attachment; filename=\"business.json\""));
    return r;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/workspace/export",
        .who = WHO_OWNER,
        .no_token = true,
        .mode = MODE_FREE,
        .status = 200,
        .also = {503},
        .answer_is_file = true,
        .handler = get_export,
        .tag = "privacy",
        .summary = "Everything of the business as one JSON document; written down in the audit",
    },
};
const struct route_table business_export_table = {routes, sizeof routes / sizeof routes[0]};
