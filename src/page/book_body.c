/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* book_body: the booking page's readable HTML, as web/public/SHELL.md shows it: the script replaces
 * it by the same markup, so nothing moves. */
#include "page/book_body.h"

#include "base/money.h"
#include "message/letter_words.h"
#include "page/shell.h"

void body_business(struct buf *out, const struct workspace *ws)
{
    buf_z(out, "<header class=\"biz\"><h1>");
    html_text(out, ws->name);
    buf_z(out, "</h1><p>");
    if (ws->address.len) {
        buf_z(out, "<span>");
        html_text(out, ws->address);
        buf_z(out, "</span>");
    }
    if (ws->phone.len) {
        buf_z(out, "<a href=\"tel:");
        for (size_t i = 0; i < ws->phone.len; i++)
            if ((ws->phone.ptr[i] >= '0' && ws->phone.ptr[i] <= '9') || ws->phone.ptr[i] == '+')
                buf_byte(out, ws->phone.ptr[i]);
        buf_z(out, "\">");
        html_text(out, ws->phone);
        buf_z(out, "</a>");
    }
    buf_z(out, "</p></header>");
}

void body_duration(struct buf *out, int minutes)
{
    if (minutes < 60)
        buf_printf(out, "%d min", minutes);
    else if (minutes % 60)
        buf_printf(out, "%d h %02d", minutes / 60, minutes % 60);
    else
        buf_printf(out, "%d h", minutes / 60);
}

/* As the script has it from the menu: what the cheapest of its people takes, and the quickest. */
static void put_service(struct buf *out, const struct workspace *ws, const struct service *s)
{
    int64_t price = s->price, most = s->price;
    int minutes = s->shape.duration_min;
    for (size_t i = 0; i < s->staff_count; i++) {
        struct visit_service by;
        int64_t of;
        service_by(s, s->staff_ids[i], &by, &of);
        price = i == 0 || of < price ? of : price;
        most = i == 0 || of > most ? of : most;
        minutes = i == 0 || by.duration_min < minutes ? by.duration_min : minutes;
    }
    buf_printf(out, "<li><a class=\"card\" href=\"?service=%lld\"><span class=\"name\">",
               (long long)s->id);
    html_text(out, s->name);
    buf_z(out, "</span><span class=\"price\">");
    buf_z(out, most > price ? "from " : "");
    money_format(out, price, ws->currency);
    buf_z(out, "</span><span class=\"sub\">");
    body_duration(out, minutes);
    if (s->description.len) {
        buf_z(out, " · ");
        html_text(out, s->description);
    }
    buf_z(out, "</span></a></li>");
}

static void put_category(struct buf *out, const struct workspace *ws, const struct service *all,
                         size_t count, size_t first)
{
    buf_z(out, "<section class=\"menu\">");
    if (all[first].category.len) {
        buf_z(out, "<h3>");
        html_text(out, all[first].category);
        buf_z(out, "</h3>");
    }
    buf_z(out, "<ul>");
    for (size_t i = first; i < count; i++)
        if (str_eq(all[i].category, all[first].category))
            put_service(out, ws, &all[i]);
    buf_z(out, "</ul></section>");
}

static bool seen_before(const struct service *all, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(all[i].category, all[at].category))
            return true;
    return false;
}

static void put_rating(struct buf *out, const struct shown_rating *r)
{
    int stars = (int)r->stars.value;
    buf_printf(out, "<li><span class=\"stars\" role=\"img\" aria-label=\"%d of 5 stars\">", stars);
    for (int i = 0; i < RATING_STARS_MAX; i++)
        buf_z(out, i < stars ? "★" : "☆");
    buf_z(out, "</span> <span class=\"sub\">");
    html_text(out, r->name.ptr ? r->name : STR("A client"));
    buf_z(out, "</span>");
    if (r->comment.len) {
        buf_z(out, "<p>");
        html_text(out, r->comment);
        buf_z(out, "</p>");
    }
    buf_z(out, "</li>");
}

static void put_ratings(struct buf *out, const struct ratings_view *v)
{
    if (!v)
        return;
    int tenths = (int)v->average_tenths.value;
    long long count = v->count.value;
    buf_printf(out,
               "<section class=\"said\"><h3>What clients say</h3><p><b>%d.%d</b> of 5 · %lld "
               "rating%s</p>",
               tenths / 10, tenths % 10, count, count == 1 ? "" : "s");
    const struct shown_rating *shown = v->recent.items;
    if (v->recent.count)
        buf_z(out, "<ul>");
    for (size_t i = 0; i < v->recent.count && i < BODY_RATINGS_MAX; i++)
        put_rating(out, &shown[i]);
    buf_z(out, v->recent.count ? "</ul></section>" : "</section>");
}

static void put_contact_link(struct buf *out, const struct workspace *ws, const char *words)
{
    buf_z(out, "<a href=\"/contact/");
    html_text(out, ws->slug);
    buf_printf(out, "\">%s</a>", words);
}

static void put_menu(struct buf *out, const struct workspace *ws, const struct public_view *view)
{
    const struct service *services = view->shown;
    size_t count = view->shown_count;
    buf_z(out, "<main><h2>Choose a service</h2><noscript><p class=\"empty\">To book online, please "
               "turn on JavaScript, or ");
    put_contact_link(out, ws, "write to us");
    buf_z(out, ws->phone.len ? " or call us.</p></noscript>" : ".</p></noscript>");
    for (size_t i = 0; i < count; i++)
        if (!seen_before(services, i))
            put_category(out, ws, services, count, i);
    if (count == 0)
        buf_z(
            out,
            "<div class=\"empty\"><p>Nothing can be booked online yet.</p><p>Please get in touch instead.</p></div>");
    put_ratings(out, view->ratings);
    buf_z(out, "</main>");
}

static void put_hours(struct buf *out, const struct workspace *ws)
{
    if (ws->hours_count == 0)
        return;
    buf_z(out, "<section><h2>Opening hours</h2><dl class=\"hours\">");
    for (int day = 1; day <= 7; day++) {
        bool any = false;
        buf_printf(out, "<div><dt>%s</dt><dd>", letter_weekdays[day - 1]);
        for (size_t i = 0; i < ws->hours_count; i++) {
            if (ws->hours[i].weekday != day)
                continue;
            char from[CLOCK_TEXT], to[CLOCK_TEXT];
            clock_format(ws->hours[i].start_min, from);
            clock_format(ws->hours[i].end_min, to);
            buf_printf(out, "%s%s – %s", any ? ", " : "", from, to);
            any = true;
        }
        buf_printf(out, "%s</dd></div>", any ? "" : "Closed");
    }
    buf_z(out, "</dl></section>");
}

static void put_policy(struct buf *out, const struct workspace *ws)
{
    int cutoff = ws->cancel_cutoff_min;
    buf_z(out, "<section><h2>Good to know</h2><p>Change or cancel online until ");
    if (cutoff == 0)
        buf_z(out, "your visit begins");
    else if (cutoff % MINUTES_PER_DAY == 0 && cutoff > MINUTES_PER_DAY)
        buf_printf(out, "%d days before your visit", cutoff / MINUTES_PER_DAY);
    else if (cutoff % 60)
        buf_printf(out, "%d minutes before your visit", cutoff);
    else
        buf_printf(out, "%d hour%s before your visit", cutoff / 60, cutoff == 60 ? "" : "s");
    buf_z(out, ".</p></section>");
}

void book_body(struct buf *out, const struct workspace *ws, const struct public_view *view)
{
    buf_z(out, "<div class=\"page\">");
    body_business(out, ws);
    put_menu(out, ws, view);
    buf_z(out, "<aside class=\"about\">");
    put_hours(out, ws);
    put_policy(out, ws);
    buf_z(out, "<section><h2>Contact</h2><p>");
    put_contact_link(out, ws, "Write to us");
    buf_z(out, "</p>");
    if (ws->contact_email.len) {
        buf_z(out, "<p><a href=\"mailto:");
        html_text(out, ws->contact_email);
        buf_z(out, "\">");
        html_text(out, ws->contact_email);
        buf_z(out, "</a></p>");
    }
    buf_z(out, "</section>");
    buf_z(out, "</aside></div>");
}
