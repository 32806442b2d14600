/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * contact_page: where a visitor writes to the business, freely or by a form that is open to all,
 * before and without JavaScript: who it is and how else to reach them as HTML, the same data as
 * JSON for the script.
 */
#include "page/page.h"

#include "form/form.h"
#include "inbox/doubt.h"
#include "page/book_body.h"
#include "page/head.h"
#include "workspace/workspace.h"

/* As GET /api/v1/public/{slug}/contact answers. */
struct contact_view {
    struct str token;
    struct workspace_card *business;
};
static const struct field contact_fields[] = {
    FIELD_STR(struct contact_view, token, 0, 0),
    FIELD_OBJECT(struct contact_view, business, workspace_card_shape),
};
static const struct shape contact_shape = SHAPE("ContactPage", struct contact_view, contact_fields);

/* The address is on the page, for whoever cannot use the form. */
static void put_body(struct buf *out, const struct workspace *ws, struct str heading)
{
    buf_z(out, "<div class=\"page\">");
    body_business(out, ws);
    buf_z(out, "<main><h2>");
    html_text(out, heading);
    buf_z(
        out,
        "</h2><p>We answer by email.</p><noscript><p>To write to us here, please turn on JavaScript");
    if (ws->contact_email.len) {
        buf_z(out, ", or send an email to <a href=\"mailto:");
        html_text(out, ws->contact_email);
        buf_z(out, "\">");
        html_text(out, ws->contact_email);
        buf_z(out, "</a>");
    }
    buf_z(out, ws->phone.len ? ", or call us.</p></noscript></main></div>"
                             : ".</p></noscript></main></div>");
}

static struct str take(struct arena *a, struct buf *b)
{
    struct str s = str_copy(a, buf_view(b));
    buf_done(b);
    return s;
}

/* `heading` of the page, `path` of it behind the base address. Takes `data`. */
static enum result answer(struct request *rq, struct work *w, const struct workspace *ws,
                          const char *shell, struct str heading, struct str path, struct buf *data)
{
    struct buf head, body;
    buf_init(&head, RESPONSE_LIMIT);
    buf_init(&body, RESPONSE_LIMIT);
    struct str title =
        str_printf(w->arena, STR_FMT " · " STR_FMT, STR_ARG(heading), STR_ARG(ws->name));
    const struct page_head told = {
        .title = title,
        .description =
            str_printf(w->arena, "Write to " STR_FMT "; they answer by email.", STR_ARG(ws->name)),
        .url = str_printf(w->arena, "%s" STR_FMT, w->app->base_url, STR_ARG(path)),
    };
    head_meta(&head, &told);
    put_body(&body, ws, heading);
    struct shell_fill fill = {
        .title = title,
        .head = take(w->arena, &head),
        .body = take(w->arena, &body),
        .data = take(w->arena, data),
        .personal = true, /* each visitor's token is their own */
    };
    return shell_answer(w->app->shells, rq, shell, 200, &fill) ? OK : work_missing(w, "page");
}

enum result contact_page(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct buf data;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res != OK)
        return res;
    const struct contact_view view = {visitor_token(w), workspace_card_of(w->arena, &ws)};
    buf_init(&data, RESPONSE_LIMIT);
    buf_z(&data, "{\"contact\":");
    shape_write(&data, &contact_shape, &view, 0);
    buf_byte(&data, '}');
    struct str path = str_printf(w->arena, "/contact/" STR_FMT, STR_ARG(ws.slug));
    return answer(rq, w, &ws, "contact", STR("Write to us"), path, &data);
}

/* As GET /api/v1/public/{slug}/forms/{form_id} answers. */
struct open_view {
    struct workspace_card *business;
    struct opt_int id;
    struct str name, token;
    struct shape_list fields;
};
static const struct field open_fields[] = {
    FIELD_OBJECT(struct open_view, business, workspace_card_shape),
    FIELD_ID(struct open_view, id),
    FIELD_STR(struct open_view, name, 0, 0),
    FIELD_LIST(struct open_view, fields, form_field_shape, 0, 0),
    FIELD_STR(struct open_view, token, 0, 0),
};
static const struct shape open_shape = SHAPE("PublicForm", struct open_view, open_fields);

enum result open_form_page(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct form_open form;
    struct buf data;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res == OK)
        res = form_open(w, request_id_param(rq, 1), &form);
    if (res != OK)
        return res;
    const struct open_view view = {
        .business = workspace_card_of(w->arena, &ws),
        .id = some_int(form.id),
        .name = form.name,
        .fields = form.fields,
        .token = visitor_token(w),
    };
    buf_init(&data, RESPONSE_LIMIT);
    buf_z(&data, "{\"lead\":");
    shape_write(&data, &open_shape, &view, 0);
    buf_byte(&data, '}');
    struct str path =
        str_printf(w->arena, "/contact/" STR_FMT "/%lld", STR_ARG(ws.slug), (long long)form.id);
    return answer(rq, w, &ws, "lead", form.name, path, &data);
}
