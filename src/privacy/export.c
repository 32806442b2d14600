/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* export: writes the parts, one after the other. See export.h. */
#include "privacy/export.h"

#include "base/app.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/tz.h"
#include "http/json_write.h"
#include "page/shell.h"

#include <string.h>

enum { SECRET_MIN = 40 /* a link's token has 43 characters, an id at most 19 */ };

struct writing {
    const struct export_ask *ask;
    const struct export_part *part;
    struct arena arena; /* of one page */
    int64_t after;      /* the key of the last row */
    size_t rows;        /* of this part, so far */
    bool more;
    struct buf *out;
    struct json_out json;
};

/* ---- one cell ---- */

static struct str instant(struct arena *a, int64_t at_s)
{
    char *text = arena_alloc(a, INSTANT_TEXT);
    instant_format(at_s, text);
    return str_of(text);
}

/* What lies sealed is opened; where another key has sealed it, the file says so. */
static struct str opened(struct writing *x, struct str sealed)
{
    struct str text;
    if (seal_open(x->ask->work->app->seal, &x->arena, sealed, &text))
        return text;
    log_event(LOG_ERROR, "an export meets what another key has sealed", NULL);
    return STR("\"(sealed with a key that the program does not have)\"");
}

static bool is_token_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* A letter's words without the secrets of its links: a file lies about, and they would still open
 * something. */
static struct str without_secrets(struct writing *x, struct str text)
{
    struct buf out;
    buf_init(&out, EXPORT_LIMIT);
    for (size_t i = 0; i < text.len;) {
        size_t n = 0;
        while (i + n < text.len && is_token_byte(text.ptr[i + n]))
            n++;
        if (n >= SECRET_MIN)
            buf_z(&out, "(left out)");
        else
            buf_add(&out, text.ptr + i, n);
        i += n;
        if (i < text.len)
            buf_byte(&out, text.ptr[i++]);
    }
    struct str copy = str_copy(&x->arena, buf_view(&out));
    buf_done(&out);
    return copy;
}

static void write_json_cell(struct writing *x, const struct db_rows *r, size_t i, size_t k,
                            enum export_kind kind)
{
    struct json_out *j = &x->json;
    if (db_is_null(r, i, k)) {
        jw_null(j);
        return;
    }
    switch (kind) {
    case EXPORT_TEXT: jw_text(j, db_str(r, i, k)); break;
    case EXPORT_SEALED: jw_text(j, opened(x, db_str(r, i, k))); break;
    case EXPORT_LETTER: jw_text(j, without_secrets(x, opened(x, db_str(r, i, k)))); break;
    case EXPORT_ID: jw_text(j, str_printf(&x->arena, "%lld", (long long)db_int(r, i, k))); break;
    case EXPORT_INT: jw_int(j, db_int(r, i, k)); break;
    case EXPORT_INSTANT: jw_text(j, instant(&x->arena, db_int(r, i, k))); break;
    case EXPORT_BOOL: jw_bool(j, db_int(r, i, k) != 0); break;
    case EXPORT_JSON: jw_raw(j, db_str(r, i, k)); break;
    case EXPORT_SEALED_JSON: jw_raw(j, opened(x, db_str(r, i, k))); break;
    case EXPORT_QTY: jw_thousandths(j, db_int(r, i, k)); break;
    }
}

/* As a person reads it: JSON as it is, escaped like everything else. */
static void write_html_cell(struct writing *x, const struct db_rows *r, size_t i, size_t k,
                            enum export_kind kind)
{
    struct buf cell;
    buf_init(&cell, EXPORT_LIMIT);
    switch (kind) {
    case EXPORT_TEXT:
    case EXPORT_JSON: buf_str(&cell, db_str(r, i, k)); break;
    case EXPORT_LETTER: buf_str(&cell, without_secrets(x, opened(x, db_str(r, i, k)))); break;
    case EXPORT_SEALED:
    case EXPORT_SEALED_JSON: buf_str(&cell, opened(x, db_str(r, i, k))); break;
    case EXPORT_ID:
    case EXPORT_INT: buf_int(&cell, db_int(r, i, k)); break;
    case EXPORT_INSTANT: buf_str(&cell, instant(&x->arena, db_int(r, i, k))); break;
    case EXPORT_BOOL: buf_z(&cell, db_int(r, i, k) ? "yes" : "no"); break;
    case EXPORT_QTY: {
        struct json_out j = jw(&cell);
        jw_thousandths(&j, db_int(r, i, k));
        break;
    }
    }
    html_text(x->out, buf_view(&cell));
    buf_done(&cell);
}

/* ---- rows ---- */

static void write_json_row(struct writing *x, const struct db_rows *r, size_t i)
{
    jw_open(&x->json, '{');
    for (size_t k = 0; x->part->columns[k].name; k++) {
        jw_key(&x->json, x->part->columns[k].name);
        write_json_cell(x, r, i, k, x->part->columns[k].kind);
    }
    jw_close(&x->json, '}');
}

/* "booked_at" → "booked at" */
static void write_label(struct buf *out, const char *name)
{
    for (const char *p = name; *p; p++)
        buf_byte(out, *p == '_' ? ' ' : *p);
}

static void write_html_row(struct writing *x, const struct db_rows *r, size_t i)
{
    buf_z(x->out, "<dl>\n");
    for (size_t k = 0; x->part->columns[k].name; k++) {
        if (db_is_null(r, i, k))
            continue;
        buf_z(x->out, "<dt>");
        write_label(x->out, x->part->columns[k].name);
        buf_z(x->out, "</dt><dd>");
        write_html_cell(x, r, i, k, x->part->columns[k].kind);
        buf_z(x->out, "</dd>\n");
    }
    buf_z(x->out, "</dl>\n");
}

static enum result write_page(struct db_tx *tx, void *arg)
{
    struct writing *x = arg;
    struct work w = *x->ask->work;
    struct db_rows r;
    w.tx = tx;
    w.arena = &x->arena;
    db_tenant(tx, w.actor.workspace_id);
    enum result res = x->part->page(&w, x->ask->client_id, x->after, &r);
    if (res != OK)
        return res;
    for (size_t i = 0; i < r.count; i++) {
        if (x->ask->form == EXPORT_AS_JSON)
            write_json_row(x, &r, i);
        else
            write_html_row(x, &r, i);
        x->after = db_int(&r, i, 0);
    }
    x->rows += r.count;
    x->more = r.count > 0 && !x->part->single;
    return OK;
}

static void open_part(struct writing *x)
{
    if (x->ask->form == EXPORT_AS_JSON) {
        jw_key(&x->json, x->part->name);
        if (!x->part->single)
            jw_open(&x->json, '[');
    } else {
        buf_printf(x->out, "<section>\n<h2>%s</h2>\n", x->part->title);
    }
}

static void close_part(struct writing *x)
{
    if (x->ask->form == EXPORT_AS_HTML)
        buf_z(x->out, x->rows ? "</section>\n" : "<p>Nothing.</p>\n</section>\n");
    else if (!x->part->single)
        jw_close(&x->json, ']');
    else if (x->rows == 0)
        jw_null(&x->json);
}

static enum result write_part(struct writing *x, const struct export_part *part)
{
    struct problem *problem = x->ask->work->problem;
    enum result res = OK;
    x->part = part;
    x->after = 0;
    x->rows = 0;
    x->more = true;
    open_part(x);
    while (res == OK && x->more && !x->out->overflow) {
        arena_init(&x->arena, ARENA_DEFAULT_LIMIT);
        res = db_view(x->ask->work->app->db, &x->arena, problem, write_page, x);
        arena_done(&x->arena);
    }
    close_part(x);
    return res;
}

/* ---- the whole ---- */

static const char head[] =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;border-top:1px solid #bbb;"
    "padding-top:.75rem}dt{color:#555}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}}</style>\n";

static void open_file(struct writing *x, struct str at)
{
    if (x->ask->form == EXPORT_AS_JSON) {
        x->json = jw(x->out);
        jw_open(&x->json, '{');
        jw_key(&x->json, "exported_at");
        jw_text(&x->json, at);
        return;
    }
    buf_z(x->out, head);
    buf_z(x->out, "<title>");
    html_text(x->out, x->ask->name);
    buf_z(x->out, "</title>\n<h1>");
    html_text(x->out, x->ask->name);
    buf_z(x->out, "</h1>\n<p>Everything that is kept about this person, as of ");
    html_text(x->out, at);
    buf_z(x->out, ". Times are UTC; prices are in the smallest unit of the currency.</p>\n");
}

enum result export_write(const struct export_ask *ask, struct buf *out)
{
    struct writing x = {.ask = ask, .out = out};
    enum result res = OK;
    open_file(&x, instant(ask->work->arena, ask->work->now_s));
    for (size_t i = 0; i < export_part_count && res == OK; i++)
        res = write_part(&x, &export_parts[i]);
    if (ask->form == EXPORT_AS_JSON)
        jw_close(&x.json, '}');
    else
        buf_z(out, "</html>\n");
    if (res == OK && out->overflow) {
        ask->work->problem->status = 413;
        return problem_set(ask->work->problem, INVALID, "export_too_large",
                           "What is kept about this person is more than one file may hold. Read "
                           "their bookings, messages and forms by their own lists.");
    }
    return res;
}
