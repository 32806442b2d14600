/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* manage_body: as the second sample of web/public/SHELL.md. */
#include "page/manage_body.h"

#include "base/money.h"
#include "message/letter_words.h"
#include "page/book_body.h"
#include "page/shell.h"

static void put_row(struct buf *out, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", name);
    html_text(out, value);
    buf_z(out, "</dd></div>");
}

static void put_when(struct buf *out, const struct workspace *ws, const struct booking *b)
{
    int64_t date = tz_date(ws->tz, b->start_s);
    struct civil c = civil_from_days(date);
    int wall_min = tz_wall_s(ws->tz, b->start_s) / 60;
    buf_printf(out, "<p class=\"lead\">%s, %d %s<b>%02d:%02d</b></p>",
               letter_weekdays[civil_weekday(date) - 1], c.day, letter_months[c.month - 1],
               wall_min / 60, wall_min % 60);
}

static const char *headline(enum booking_status status)
{
    static const char *const words[BOOKING_STATUS__MAX] = {
        [BOOKING_PENDING] = "Your visit waits for confirmation",
        [BOOKING_CONFIRMED] = "Your visit is booked",
        [BOOKING_CANCELLED] = "This visit is cancelled",
        [BOOKING_COMPLETED] = "Thank you for your visit",
        [BOOKING_NO_SHOW] = "This visit did not take place",
    };
    return words[status];
}

void manage_body(struct buf *out, const struct workspace *ws, const struct booking *b)
{
    buf_z(out, "<div class=\"page\">");
    body_business(out, ws);
    buf_printf(out, "<main><h2>%s</h2><div class=\"ticket%s\">", headline(b->status),
               b->status == BOOKING_CANCELLED ? " off" : "");
    put_when(out, ws, b);
    buf_z(out, "<dl><div><dt>What</dt><dd>");
    for (size_t i = 0; i < b->service_count; i++) {
        buf_z(out, "<span>");
        html_text(out, b->services[i].name);
        buf_z(out, " <span class=\"sub\">");
        body_duration(out, b->services[i].duration_min);
        buf_z(out, "</span></span>");
    }
    buf_z(out, "</dd></div>");
    put_row(out, "With", b->staff_name);
    put_row(out, "Where", ws->address);
    buf_z(out, "<div><dt>Price</dt><dd>");
    money_format(out, b->price, ws->currency);
    buf_z(
        out,
        "</dd></div></dl></div><noscript><p>To change or cancel here, please turn on JavaScript, or call us.</p></noscript>"
        "</main></div>");
}
