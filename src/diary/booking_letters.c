/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_letters: what a letter says of a booking, and those that the robot sends about one. */
#include "diary/booking_parts.h"

#include "base/money.h"
#include "mail/mail.h"
#include "message/letter.h"

#include <string.h>

static struct str service_names(struct arena *a, const struct booking *b)
{
    struct buf names;
    buf_init(&names, 4096);
    for (size_t i = 0; i < b->service_count; i++) {
        if (i)
            buf_z(&names, ", ");
        buf_str(&names, b->services[i].name);
    }
    struct str s = str_copy(a, buf_view(&names));
    buf_done(&names);
    return s;
}

static struct str price_text(struct arena *a, const struct workspace *ws, int64_t price)
{
    struct buf text;
    buf_init(&text, 64);
    money_format(&text, price, ws->currency);
    struct str s = str_copy(a, buf_view(&text));
    buf_done(&text);
    return s;
}

void booking_describe(struct work *w, const struct workspace *ws, const struct booking *b,
                      struct letter_business *business, struct letter_booking *visit)
{
    *business = workspace_letterhead(ws);
    *visit = (struct letter_booking){
        .id = b->id,
        .client_id = b->client_id,
        .start_s = b->start_s,
        .end_s = b->end_s,
        .services = service_names(w->arena, b),
        .staff_name = b->staff_name,
        .price = price_text(w->arena, ws, b->price),
        .client_name = b->client.name,
    };
}

/* The host of our own links, so that the UID is unique in the world and stays. */
static struct str uid_of(struct work *w, int64_t booking_id)
{
    const char *host = strstr(w->app->base_url, "://");
    host = host ? host + 3 : w->app->base_url;
    return str_printf(w->arena, "booking-%lld@%.*s", (long long)booking_id,
                      (int)strcspn(host, "/:"), host);
}

void booking_event(struct work *w, const struct workspace *ws, const struct booking *b,
                   struct str url, struct ics_event *ret)
{
    *ret = (struct ics_event){
        .uid = uid_of(w, b->id),
        .sequence = (int)b->revision,
        .cancelled = b->status == BOOKING_CANCELLED,
        .stamp_s = w->now_s,
        .start_s = b->start_s,
        .end_s = b->end_s,
        .summary = str_printf(w->arena, "Visit at " STR_FMT, STR_ARG(ws->name)),
        .description = str_printf(w->arena, "Change or cancel: " STR_FMT, STR_ARG(url)),
        .location = ws->address,
        .url = url,
        .organizer_name = ws->name,
        .organizer_address = ws->contact_email,
        .attendee_name = b->client.name,
        .attendee_address = b->client.email,
    };
}

/* ---- the robot's ---- */

enum result booking_letter(struct work *w, const struct workspace *ws, const struct booking *b,
                           struct letter_in *ret)
{
    struct letter_business *business = arena_new(w->arena, struct letter_business);
    struct letter_booking *visit = arena_new(w->arena, struct letter_booking);
    booking_describe(w, ws, b, business, visit);
    *ret = (struct letter_in){
        .business = business,
        .booking = visit,
        .to_name = b->client.name,
        .to_address = b->client.email.ptr ? b->client.email : STR(""),
    };
    return OK;
}

static struct str start_text(struct work *w, const struct booking *b)
{
    return str_printf(w->arena, "%lld", (long long)b->start_s);
}

enum result booking_remind(struct work *w, const struct workspace *ws, const struct booking *b,
                           const char *withheld)
{
    struct letter_in in;
    enum result res = booking_letter(w, ws, b, &in);
    if (res == OK)
        res = booking_link(w, b->id, &in.url);
    if (res != OK)
        return res;
    in.sending.withheld = withheld;
    if (!withheld)
        in.sending.matters_until_s = b->start_s;
    return letter_send(w, LETTER_BOOKING_REMINDER, &in, b->id, start_text(w, b));
}

enum result booking_thank(struct work *w, const struct workspace *ws, const struct booking *b,
                          const struct booking_thanks *thanks)
{
    struct letter_in in;
    enum result res = booking_letter(w, ws, b, &in);
    if (res != OK)
        return res;
    in.url = thanks->rate_url;
    in.unsubscribe_url = thanks->unsubscribe_url;
    in.sending.withheld = thanks->withheld;
    return letter_send(w, LETTER_FOLLOW_UP, &in, b->id, STR(""));
}

enum result booking_ask_form(struct work *w, const struct workspace *ws, const struct booking *b,
                             const struct booking_form *form)
{
    struct letter_in in;
    enum result res = booking_letter(w, ws, b, &in);
    if (res != OK)
        return res;
    in.url = form->url;
    in.form_name = form->name;
    in.sending.withheld = form->withheld;
    in.sending.by_hand = form->by_hand;
    in.sending.ret_message_id = form->ret_message_id;
    struct str occurrence = str_printf(w->arena, "%lld", (long long)b->client_id);
    if (form->by_hand)
        occurrence =
            str_printf(w->arena, "%lld/%lld", (long long)b->client_id, (long long)w->now_s);
    return letter_send(w, form->again ? LETTER_FORM_REMINDER : LETTER_FORM_REQUEST, &in,
                       form->submission_id, occurrence);
}
