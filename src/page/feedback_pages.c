/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * feedback_pages: the two pages behind the link of a letter after a visit. Both can be read without
 * JavaScript, and unsubscribing works without it: the page's own form says what a mail program's
 * click says (RFC 8058), at the same address.
 */
#include "feedback/feedback.h"
#include "message/letter_words.h"
#include "page/book_body.h"
#include "page/page.h"

static struct str take(struct arena *a, struct buf *b)
{
    struct str s = str_copy(a, buf_view(b));
    buf_done(b);
    return s;
}

/* `name` is of the shell and of its data. */
static enum result answer(struct request *rq, struct work *w, const char *name, struct str title,
                          struct buf *body, const struct shape *shape, const void *view)
{
    struct buf data;
    buf_init(&data, RESPONSE_LIMIT);
    buf_printf(&data, "{\"%s\":", name);
    shape_write(&data, shape, view, 0);
    buf_byte(&data, '}');
    /* The address is the secret. */
    answer_header(rq, "Referrer-Policy", STR("no-referrer"));
    struct shell_fill fill = {
        .title = title,
        .head = STR("<meta name=\"robots\" content=\"noindex\">"
                    "<meta name=\"referrer\" content=\"no-referrer\">"),
        .body = take(w->arena, body),
        .data = take(w->arena, &data),
        .personal = true,
    };
    return shell_answer(w->app->shells, rq, name, 200, &fill) ? OK : work_missing(w, "page");
}

/* ---- rating ---- */

static void put_when(struct buf *out, const struct workspace *ws, int64_t start_s)
{
    int64_t date = tz_date(ws->tz, start_s);
    struct civil c = civil_from_days(date);
    buf_printf(out, "%s, %d %s", letter_weekdays[civil_weekday(date) - 1], c.day,
               letter_months[c.month - 1]);
}

static enum result rate(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct rate_view *view;
    enum result res = rate_find(w, rq->params[0], &ws, &view);
    if (res != OK)
        return res;
    struct buf body;
    buf_init(&body, RESPONSE_LIMIT);
    buf_z(&body, "<div class=\"page\">");
    body_business(&body, &ws);
    buf_z(&body, "<main><h2>How was your visit?</h2><p class=\"lead\">");
    put_when(&body, &ws, view->start.value);
    buf_z(&body, " · ");
    html_text(&body, view->staff_name);
    buf_z(&body, "</p><noscript><p>To rate it here, please turn on JavaScript.</p></noscript>"
                 "</main></div>");
    struct str title = str_printf(w->arena, "Your visit · " STR_FMT, STR_ARG(ws.name));
    return answer(rq, w, "rate", title, &body, &rate_shape, view);
}

/* ---- unsubscribing ---- */

static void unsubscribe_body(struct buf *out, const struct workspace *ws, bool subscribed)
{
    buf_z(out, "<div class=\"page\">");
    body_business(out, ws);
    buf_printf(out,
               "<main><h2>%s</h2><p>Confirmations, changes and reminders of your own visits "
               "%s.</p>",
               subscribed ? "Stop these messages?" : "These messages are stopped",
               subscribed ? "will still come" : "still come");
    if (subscribed)
        buf_z(out, "<noscript><form method=\"post\"><input type=\"hidden\" "
                   "name=\"List-Unsubscribe\" value=\"One-Click\"><button class=\"btn\">Stop these "
                   "messages</button></form></noscript>");
    buf_z(out, "</main></div>");
}

static enum result answer_subscription(struct request *rq, struct work *w,
                                       const struct workspace *ws,
                                       const struct unsubscribe_view *view)
{
    struct buf body;
    buf_init(&body, RESPONSE_LIMIT);
    unsubscribe_body(&body, ws, view->subscribed.value);
    struct str title = str_printf(w->arena, "Messages · " STR_FMT, STR_ARG(ws->name));
    return answer(rq, w, "unsubscribe", title, &body, &unsubscribe_shape, view);
}

static enum result unsubscribe(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct unsubscribe_view view;
    enum result res = unsubscribe_find(w, rq->params[0], &ws, &view);
    return res == OK ? answer_subscription(rq, w, &ws, &view) : res;
}

static enum result unsubscribe_at_once(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct unsubscribe_view view;
    enum result res = unsubscribe_do(rq, w, &ws, &view);
    return res == OK ? answer_subscription(rq, w, &ws, &view) : res;
}

#define FEEDBACK_PAGE .who = WHO_ANYONE, .hidden = true, .status = 200, .tag = "pages"

static const struct route feedback_page_routes[] = {
    {FEEDBACK_PAGE, .method = HTTP_GET_, .path = "/rate/{token}", .mode = MODE_READ,
     .rate = RATE_PUBLIC_READ, .handler = rate, .summary = "A client rates their visit"},
    {FEEDBACK_PAGE, .method = HTTP_GET_, .path = "/unsubscribe/{token}", .mode = MODE_READ,
     .rate = RATE_PUBLIC_READ, .handler = unsubscribe,
     .summary = "A client wants no more letters, or wants them again"},
    {FEEDBACK_PAGE, .method = HTTP_POST_, .path = "/unsubscribe/{token}", .mode = MODE_WRITE,
     .rate = RATE_PUBLIC_WRITE, .body_raw = true, .body_optional = true, .before = unsubscribe_read,
     .handler = unsubscribe_at_once, .summary = "The one click of a mail program (RFC 8058)"},
};
const struct route_table feedback_page_table = {
    feedback_page_routes, sizeof feedback_page_routes / sizeof feedback_page_routes[0]};
