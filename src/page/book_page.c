/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * book_page: the booking page before and without JavaScript: name, address, phone and the menu as
 * HTML, the same data as JSON for the script, and what search engines and chat programs read
 * (description, Open Graph, JSON-LD).
 */
#include "page/page.h"

#include "diary/public.h"
#include "page/book_body.h"
#include "page/head.h"
#include "workspace/workspace.h"

enum { PART_LIMIT = 4 * 1024 * 1024 };

static void head_of(struct work *w, const struct workspace *ws, struct buf *out)
{
    struct str url = str_printf(w->arena, "%s/book/" STR_FMT, w->app->base_url, STR_ARG(ws->slug));
    struct str words =
        str_printf(w->arena, "Book a visit at " STR_FMT " online.", STR_ARG(ws->name));
    head_meta(out, &(struct page_head){ws->name, words, url});
    /* The JSON writer escapes < and &, so that nothing in here can end the script element. */
    buf_z(
        out,
        "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@type\":\"LocalBusiness\",\"name\":");
    jw_string(out, ws->name);
    buf_z(out, ",\"url\":");
    jw_string(out, url);
    if (ws->phone.len) {
        buf_z(out, ",\"telephone\":");
        jw_string(out, ws->phone);
    }
    if (ws->address.len) {
        buf_z(out, ",\"address\":");
        jw_string(out, ws->address);
    }
    buf_z(out, "}</script>");
}

static struct str take(struct arena *a, struct buf *b)
{
    struct str s = str_copy(a, buf_view(b));
    buf_done(b);
    return s;
}

enum result book_page_fill(struct work *w, const struct workspace *ws, struct shell_fill *ret)
{
    struct public_view *view;
    enum result res = public_view_of(w, ws, &view);
    if (res != OK)
        return res;
    struct buf head, body, data;
    buf_init(&head, PART_LIMIT);
    buf_init(&body, PART_LIMIT);
    buf_init(&data, PART_LIMIT);
    head_of(w, ws, &head);
    /* The page needs no more of them, and has them twice. */
    if (view->ratings && view->ratings->recent.count > BODY_RATINGS_MAX)
        view->ratings->recent.count = BODY_RATINGS_MAX;
    book_body(&body, ws, view);
    buf_z(&data, "{\"public\":");
    shape_write(&data, &public_shape, view, 0);
    buf_byte(&data, '}');
    *ret = (struct shell_fill){
        .title = str_printf(w->arena, "Book a visit · " STR_FMT, STR_ARG(ws->name)),
        .head = take(w->arena, &head),
        .body = take(w->arena, &body),
        .data = take(w->arena, &data),
    };
    return OK;
}
