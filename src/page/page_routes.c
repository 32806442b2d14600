/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* page_routes: which page stands at which path. Pages that need data read it in the same
 * transaction as any API call. */
#include "page/page.h"

#include "account/account.h"
#include "diary/diary.h"
#include "diary/public.h"
#include "form/form.h"
#include "page/form_body.h"
#include "page/manage_body.h"
#include "workspace/workspace.h"

#include <string.h>

static struct str arena_take(struct arena *a, struct buf *b)
{
    struct str s = str_copy(a, buf_view(b));
    buf_done(b);
    return s;
}

static enum result answer_shell(struct request *rq, struct work *w, const char *name,
                                const struct shell_fill *fill)
{
    return shell_answer(w->app->shells, rq, name, 200, fill) ? OK : work_missing(w, "page");
}

static enum result plain(struct request *rq, struct work *w, const char *name, struct str title)
{
    struct shell_fill fill = {.title = title};
    return answer_shell(rq, w, name, &fill);
}

static enum result landing(struct request *rq, struct work *w)
{
    return plain(rq, w, "landing", STR("CareOps"));
}

static enum result signup(struct request *rq, struct work *w)
{
    return plain(rq, w, "signup", STR("Sign up · CareOps"));
}

static enum result redirect(struct request *rq, struct str to)
{
    answer_header(rq, "Location", to);
    answer_empty(rq, 303);
    return OK;
}

static bool signed_in(const struct work *w)
{
    return w->actor.kind == ACTOR_OWNER || w->actor.kind == ACTOR_STAFF;
}

/* Also past what stands before everything else: a password to replace, a second step to set up.
 * The sign-in page asks for what is missing. */
static bool inside(const struct work *w)
{
    return signed_in(w) && !w->actor.must_change_password && !w->actor.must_set_up_two_factor;
}

/* A page whose first data is who is signed in. */
static enum result with_session(struct request *rq, struct work *w, const char *name,
                                struct str title)
{
    struct buf data;
    struct str session, today = {0};
    enum result res = account_session_json(w, &session);
    if (res == OK && strcmp(name, "staff") == 0)
        res = diary_own_day_json(w, &today);
    if (res != OK)
        return res;
    buf_init(&data, RESPONSE_LIMIT);
    buf_z(&data, "{\"session\":");
    buf_str(&data, session);
    if (today.len) {
        buf_z(&data, ",\"today\":");
        buf_str(&data, today);
    }
    buf_byte(&data, '}');
    struct shell_fill fill = {
        .title = title, .data = arena_take(w->arena, &data), .personal = true};
    return answer_shell(rq, w, name, &fill);
}

/* Also for who is signed in already: there may be a password to replace or a workspace to join,
 * which the link of a letter tells the page and not us. */
static enum result login(struct request *rq, struct work *w)
{
    struct str title = STR("Sign in · CareOps");
    return signed_in(w) ? with_session(rq, w, "login", title) : plain(rq, w, "login", title);
}

/* The staff's page; whoever has not signed in to the end is sent to do so. */
static enum result home(struct request *rq, struct work *w)
{
    if (!inside(w))
        return redirect(rq, STR("/login"));
    return w->actor.kind == ACTOR_OWNER ? redirect(rq, STR("/app"))
                                        : with_session(rq, w, "staff", STR("CareOps"));
}

/* What a phone keeps of the staff's page for when its network is gone: the shell with nobody's
 * data in it. */
static enum result staff_offline(struct request *rq, struct work *w)
{
    return plain(rq, w, "staff", STR("CareOps"));
}

/* A worker fetches under the policy of its own file, and keeps to pages at /staff. */
static enum result staff_worker(struct request *rq, struct work *w)
{
    answer_header(rq, "Service-Worker-Allowed", STR("/staff"));
    answer_header(rq, "Content-Security-Policy", STR("default-src 'none'; connect-src 'self'"));
    return asset_answer(rq, w, "web/staff-worker.js", false);
}

/* Everybody's own: password, second step, sessions. */
static enum result account(struct request *rq, struct work *w)
{
    return inside(w) ? with_session(rq, w, "account", STR("Your account · CareOps"))
                     : redirect(rq, STR("/login"));
}

static enum result book(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct shell_fill fill;
    enum result res = workspace_public(w, rq->params[0], &ws);
    if (res == OK)
        res = book_page_fill(w, &ws, &fill);
    return res == OK ? answer_shell(rq, w, "book", &fill) : res;
}

/* A client's own page, whose address is the secret. */
static enum result answer_secret(struct request *rq, struct work *w, const char *name,
                                 struct str title, struct buf *body, struct buf *data)
{
    answer_header(rq, "Referrer-Policy", STR("no-referrer"));
    struct shell_fill fill = {
        .title = title,
        .head = STR(
            "<meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" content=\"no-referrer\">"),
        .body = arena_take(w->arena, body),
        .data = arena_take(w->arena, data),
        .personal = true,
    };
    return answer_shell(rq, w, name, &fill);
}

static enum result manage(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct booking b;
    enum result res = manage_find(w, rq->params[0], &ws, &b);
    if (res != OK)
        return res;
    struct buf data, body;
    buf_init(&data, RESPONSE_LIMIT);
    buf_z(&data, "{\"manage\":");
    shape_write(&data, &manage_shape, manage_view_of(w, &ws, &b), 0);
    buf_byte(&data, '}');
    buf_init(&body, RESPONSE_LIMIT);
    manage_body(&body, &ws, &b);
    struct str title = str_printf(w->arena, "Your visit · " STR_FMT, STR_ARG(ws.name));
    return answer_secret(rq, w, "manage", title, &body, &data);
}

static enum result form(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct form_found *f;
    enum result res = form_find(w, rq->params[0], &ws, &f);
    if (res != OK)
        return res;
    struct buf data, body;
    buf_init(&data, RESPONSE_LIMIT);
    buf_z(&data, "{\"form\":");
    shape_write(&data, &form_page_shape, form_page_of(w, &ws, f), 0);
    buf_byte(&data, '}');
    buf_init(&body, RESPONSE_LIMIT);
    form_body(&body, &ws, f);
    struct str title = str_printf(w->arena, "Your form · " STR_FMT, STR_ARG(ws.name));
    return answer_secret(rq, w, "form", title, &body, &data);
}

static enum result asset(struct request *rq, struct work *w)
{
    /* It is no document. The short policy keeps the first visit small. */
    answer_header(rq, "Content-Security-Policy", STR("default-src 'none'"));
    return asset_answer(
        rq, w, str_z(w->arena, str_printf(w->arena, "web/assets/" STR_FMT, STR_ARG(rq->params[0]))),
        true);
}

static enum result robots(struct request *rq, struct work *w)
{
    (void)w;
    answer_text(
        rq, 200, "text/plain; charset=utf-8",
        STR("User-agent: *\nDisallow: /app\nDisallow: /staff\nDisallow: /account\nDisallow: /manage/\nDisallow: /form/\nDisallow: /rate/\nDisallow: /unsubscribe/\nDisallow: /api/\n"));
    return OK;
}

static void say(struct buf *body, int status)
{
    static const struct {
        int status;
        const char *headline, *words;
    } texts[] = {
        {404, "This page is not here",
         "The address may be mistyped, or the link may have expired."},
        {429, "One moment, please",
         "There were many requests from your connection. Please try again shortly."},
        {503, "One moment, please", "The system is busy. Please try again in a few seconds."},
        {0, "That did not work", "Something went wrong on our side. Please try again."},
    };
    size_t i = 0;
    while (texts[i].status && texts[i].status != status)
        i++;
    buf_printf(body,
               "<h1>%s</h1><p class=\"lead\">%s</p><p><a href=\"/\">To the front page</a></p>",
               texts[i].headline, texts[i].words);
}

void page_problem(const struct app *app, struct request *rq, enum result result,
                  const struct problem *p)
{
    request_begin_answer(rq);
    int status = p->status             ? p->status
                 : result == NOT_FOUND ? 404
                 : result == BUSY      ? 503
                 : result == INVALID   ? 400
                                       : 500;
    struct buf body;
    buf_init(&body, 4096);
    say(&body, status);
    struct shell_fill fill = {
        .title = STR("CareOps"), .body = arena_take(rq->arena, &body), .personal = true};
    if (p->retry_after_s)
        answer_header(rq, "Retry-After", str_printf(rq->arena, "%d", p->retry_after_s));
    if (!shell_answer(app->shells, rq, "message", status, &fill))
        answer_text(rq, status, "text/plain; charset=utf-8", STR("This page is not here.\n"));
}

#define PAGE .method = HTTP_GET_, .who = WHO_ANYONE, .hidden = true, .status = 200, .tag = "pages"

static const struct route page_routes[] = {
    {PAGE, .path = "/", .mode = MODE_FREE, .handler = landing, .summary = "Landing page"},
    {PAGE, .path = "/signup", .mode = MODE_FREE, .handler = signup, .summary = "Sign-up page"},
    {PAGE, .path = "/login", .mode = MODE_READ, .handler = login, .summary = "Sign-in page"},
    {PAGE, .path = "/account", .mode = MODE_READ, .handler = account,
     .summary = "Everybody's own account"},
    {PAGE, .path = "/staff", .mode = MODE_READ, .handler = home, .summary = "The staff's page"},
    {PAGE, .path = "/staff/offline", .mode = MODE_FREE, .handler = staff_offline,
     .summary = "The staff's page without data, for a phone to keep"},
    {PAGE, .path = "/staff/worker.js", .mode = MODE_FREE, .handler = staff_worker,
     .summary = "The staff's page without a network"},
    {PAGE, .path = "/book/{slug}", .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .handler = book,
     .summary = "Booking page"},
    {PAGE, .path = "/contact/{slug}", .mode = MODE_READ, .rate = RATE_PUBLIC_READ,
     .handler = contact_page, .summary = "A visitor writes to the business"},
    {PAGE, .path = "/contact/{slug}/{form_id}", .mode = MODE_READ, .rate = RATE_PUBLIC_READ,
     .handler = open_form_page, .summary = "A form that anyone may fill in"},
    {PAGE, .path = "/manage/{token}", .mode = MODE_READ, .rate = RATE_PUBLIC_READ,
     .handler = manage, .summary = "The client's own booking"},
    {PAGE, .path = "/form/{token}", .mode = MODE_READ, .rate = RATE_PUBLIC_READ, .handler = form,
     .summary = "A form that a client fills in"},
    {PAGE, .path = "/assets/{file}", .mode = MODE_FREE, .handler = asset,
     .summary = "Files of the pages"},
    {PAGE, .path = "/robots.txt", .mode = MODE_FREE, .handler = robots,
     .summary = "For search engines"},
};
const struct route_table page_table = {page_routes, sizeof page_routes / sizeof page_routes[0]};
