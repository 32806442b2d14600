/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_tell: who is told of what: the client (with a calendar entry and a fresh link), the
 * owners and the member of staff.
 *
 * Each message is unique by (kind, booking, revision and, for the business's own people, whom), so
 * that a change which happens once is told once. Whoever made a booking is not told of it.
 */
#include "diary/booking_parts.h"

#include "base/money.h"
#include "mail/mail.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "team/team.h"

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

static void describe(struct work *w, const struct workspace *ws, const struct booking *b,
                     struct letter_business *business, struct letter_booking *visit)
{
    *business = (struct letter_business){
        .name = ws->name,
        .address = ws->address,
        .phone = ws->phone,
        .reply_to = ws->contact_email,
        .locale = ws->locale,
        .tz = ws->tz,
    };
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

static enum result tell_client(struct work *w, const struct workspace *ws,
                               const struct letter_in *common, const struct booking *b,
                               enum letter_kind kind)
{
    if (b->client.email.len == 0)
        return OK;
    struct letter_in in = *common;
    in.to_name = b->client.name;
    in.to_address = b->client.email;
    struct ics_event event;
    enum result res = booking_link(w, b->id, &in.url);
    if (res != OK)
        return res;
    booking_event(w, ws, b, in.url, &event);
    in.event = &event;
    return letter_send(w, kind, &in, b->id, str_printf(w->arena, "%lld", (long long)b->revision));
}

static enum result tell_member(struct work *w, const struct letter_in *common,
                               const struct booking *b, enum letter_kind kind,
                               const struct staff_member *who)
{
    bool themselves = w->actor.user_id && who->user_id == w->actor.user_id;
    if (!who->active || who->email.len == 0 || themselves)
        return OK; /* whoever is switched off learns nothing any more */
    struct letter_in in = *common;
    in.to_name = who->name;
    in.to_address = who->email;
    in.url = str_printf(w->arena, "%s%s", w->app->base_url, who->owner ? "/app" : "/staff");
    struct str occurrence =
        str_printf(w->arena, "%lld/%lld", (long long)b->revision, (long long)who->id);
    return letter_send(w, kind, &in, b->id, occurrence);
}

/* Owners and the person booked; an owner who takes the visit is told once, since the key is the
 * same. */
static enum result tell_business(struct work *w, const struct letter_in *common,
                                 const struct booking *b, enum letter_kind kind)
{
    struct staff_member *owners, member;
    size_t count;
    enum result res = team_owners(w, &owners, &count);
    for (size_t i = 0; i < count && res == OK; i++)
        res = tell_member(w, common, b, kind, &owners[i]);
    if (res == OK)
        res = team_member(w, b->staff_id, &member);
    return res == OK ? tell_member(w, common, b, kind, &member) : res;
}

enum result booking_tell(struct work *w, const struct workspace *ws, const struct booking *b,
                         enum tell what, int64_t previous_start_s)
{
    struct letter_business business;
    struct letter_booking visit;
    describe(w, ws, b, &business, &visit);
    visit.previous_start_s = previous_start_s;
    struct letter_in in = {.business = &business, .booking = &visit};
    enum result res = OK;
    /* Nobody needs to hear of a booking that was cancelled before its message left, nor, behind the
     * news, of an hour that no longer holds. */
    if (what != TELL_CREATED)
        res = outbox_suppress_booking(w, b->id, what != TELL_CANCELLED);
    if (res != OK)
        return res;
    static const struct {
        enum letter_kind client, business;
    } letters[] = {
        [TELL_CREATED] = {LETTER_BOOKING_CONFIRMATION, LETTER_OWNER_NEW_BOOKING},
        [TELL_CONFIRMED] = {LETTER_BOOKING_CONFIRMATION, LETTER__MAX},
        [TELL_RESTORED] = {LETTER_BOOKING_CONFIRMATION, LETTER_OWNER_NEW_BOOKING},
        [TELL_RESCHEDULED] = {LETTER_BOOKING_RESCHEDULED, LETTER_OWNER_BOOKING_RESCHEDULED},
        [TELL_CANCELLED] = {LETTER_BOOKING_CANCELLED, LETTER_OWNER_BOOKING_CANCELLED},
    };
    /* A pending booking is confirmed to the client when it is. */
    bool confirms = letters[what].client == LETTER_BOOKING_CONFIRMATION;
    if (!confirms || b->status == BOOKING_CONFIRMED)
        res = tell_client(w, ws, &in, b, letters[what].client);
    if (res == OK && letters[what].business != LETTER__MAX)
        res = tell_business(w, &in, b, letters[what].business);
    return res;
}
