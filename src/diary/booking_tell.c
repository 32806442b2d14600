/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * booking_tell: who is told of what: the client (with a calendar entry and a fresh link), the
 * owners and the member of staff.
 *
 * Each message is unique by (kind, booking, revision and, for the business's own people, whom), so
 * that a change which happens once is told once. Whoever made a booking is not told of it.
 *
 * What the business changes waits BOOKING_UNDO_S before it leaves. What is changed again meanwhile
 * takes the earlier word back, and each reader is told of what differs from what they believe
 * (outbox_belief): moved twice is one message, and what was undone is none.
 */
#include "diary/booking_parts.h"

#include "mail/mail.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "team/team.h"

enum { BOOKING_UNDO_S = 10 };

/* What one reader is told. */
enum news { NEWS_NONE, NEWS_MADE, NEWS_MOVED, NEWS_OFF };

struct telling {
    const struct workspace *ws;
    const struct booking *b;
    enum tell what;
    int64_t previous_start_s;
    struct letter_in common;
    struct letter_booking visit;
};

static bool by_business(const struct work *w)
{
    return w->actor.kind == ACTOR_OWNER || w->actor.kind == ACTOR_STAFF;
}

/* ---- who believes what ---- */

/* Whoever was never written to knows the booking as it was made: they made it, or were there. */
static void as_made(const struct booking *b, struct outbox_belief *belief)
{
    if (belief->known || belief->perhaps || belief->missed || !b->made_start_s.set)
        return;
    belief->known = true;
    belief->start_s = b->made_start_s.value;
    belief->staff_id = b->made_staff_id.value;
}

static enum news news_for(const struct telling *t, const struct outbox_belief *belief)
{
    const struct booking *b = t->b;
    switch (t->what) {
    case TELL_CREATED:
    case TELL_CONFIRMED: return NEWS_MADE;
    case TELL_CANCELLED: return belief->known && belief->start_s == 0 ? NEWS_NONE : NEWS_OFF;
    case TELL_RESCHEDULED:
    case TELL_RESTORED: break;
    }
    if (!belief->known)
        return t->what == TELL_RESTORED ? NEWS_MADE : NEWS_MOVED;
    if (belief->start_s == 0)
        return NEWS_MADE;
    bool same = belief->start_s == b->start_s && belief->staff_id == b->staff_id;
    return same ? NEWS_NONE : NEWS_MOVED;
}

static enum result send(struct work *w, const struct telling *t, struct letter_in *in,
                        enum letter_kind kind, const struct outbox_belief *belief,
                        struct str occurrence)
{
    const struct booking *b = t->b;
    struct letter_booking visit = t->visit;
    bool held = by_business(w) && t->what != TELL_CREATED && t->what != TELL_CONFIRMED;
    if (t->what == TELL_RESCHEDULED || t->what == TELL_RESTORED)
        visit.previous_start_s =
            belief->known && belief->start_s ? belief->start_s : t->previous_start_s;
    if (visit.previous_start_s == b->start_s)
        visit.previous_start_s = 0;
    in->booking = &visit;
    in->sending.not_before_s = held ? w->now_s + BOOKING_UNDO_S : 0;
    in->sending.tells = true;
    in->sending.tells_start_s = b->status == BOOKING_CANCELLED ? 0 : b->start_s;
    in->sending.tells_staff_id = b->staff_id;
    return letter_send(w, kind, in, b->id, occurrence);
}

/* ---- the client ---- */

/* Made by the business and taken back before the client could hear of it. */
static bool never_heard(const struct booking *b, const struct outbox_belief *belief)
{
    return str_is(b->source, "staff") && !belief->known && !belief->perhaps && belief->missed;
}

static enum letter_kind client_letter(const struct telling *t, const struct outbox_belief *belief)
{
    const struct booking *b = t->b;
    enum news news = news_for(t, belief);
    if (news == NEWS_MOVED && never_heard(b, belief))
        news = NEWS_MADE;
    switch (news) {
    case NEWS_MADE: /* a pending booking is confirmed to the client when it is */
        if (b->status == BOOKING_CONFIRMED)
            return LETTER_BOOKING_CONFIRMATION;
        /* but one that may have been told something else hears of its time */
        return t->what == TELL_RESTORED && !belief->known ? LETTER_BOOKING_RESCHEDULED
                                                          : LETTER__MAX;
    case NEWS_MOVED: return LETTER_BOOKING_RESCHEDULED;
    case NEWS_OFF: return never_heard(b, belief) ? LETTER__MAX : LETTER_BOOKING_CANCELLED;
    case NEWS_NONE: break;
    }
    return LETTER__MAX;
}

static enum result tell_client(struct work *w, const struct telling *t)
{
    const struct booking *b = t->b;
    bool addressed = b->client.email.len > 0;
    bool at_the_desk = t->what == TELL_CREATED || t->what == TELL_CONFIRMED;
    if (!addressed && at_the_desk)
        return OK; /* whoever gave no address is in the room, or on the phone */
    struct letter_in in = t->common;
    struct outbox_belief belief;
    in.to_name = b->client.name;
    in.to_address = addressed ? b->client.email : STR("");
    enum result res = outbox_belief(w, b->id, in.to_address, false, &belief);
    if (res != OK)
        return res;
    as_made(b, &belief);
    enum letter_kind kind = client_letter(t, &belief);
    if (kind == LETTER__MAX)
        return OK;
    struct ics_event event;
    res = booking_link(w, b->id, &in.url);
    if (res != OK)
        return res;
    booking_event(w, t->ws, b, in.url, &event);
    in.event = &event;
    in.sending.withheld = addressed ? NULL : "no_address";
    in.sending.matters_until_s = b->start_s;
    return send(w, t, &in, kind, &belief, str_printf(w->arena, "%lld", (long long)b->revision));
}

/* ---- the business's own people ---- */

static enum letter_kind member_letter(const struct telling *t, const struct outbox_belief *belief)
{
    if (t->what == TELL_CONFIRMED)
        return LETTER__MAX;
    switch (news_for(t, belief)) {
    case NEWS_MADE: return LETTER_OWNER_NEW_BOOKING;
    case NEWS_MOVED: return LETTER_OWNER_BOOKING_RESCHEDULED;
    case NEWS_OFF: return LETTER_OWNER_BOOKING_CANCELLED;
    case NEWS_NONE: break;
    }
    return LETTER__MAX;
}

static enum result tell_member(struct work *w, const struct telling *t,
                               const struct staff_member *who)
{
    const struct booking *b = t->b;
    bool themselves = w->actor.user_id && who->user_id == w->actor.user_id;
    if (!who->active || who->email.len == 0 || themselves)
        return OK; /* whoever is switched off learns nothing any more */
    struct outbox_belief belief;
    enum result res = outbox_belief(w, b->id, who->email, true, &belief);
    if (res != OK)
        return res;
    if (who->owner || who->id == b->made_staff_id.value)
        as_made(b, &belief);
    enum letter_kind kind = member_letter(t, &belief);
    if (kind == LETTER__MAX)
        return OK;
    struct letter_in in = t->common;
    in.to_name = who->name;
    in.to_address = who->email;
    in.url = str_printf(w->arena, "%s%s", w->app->base_url, who->owner ? "/app" : "/staff");
    struct str occurrence =
        str_printf(w->arena, "%lld/%lld", (long long)b->revision, (long long)who->id);
    return send(w, t, &in, kind, &belief, occurrence);
}

/* Owners and the person booked; an owner who takes the visit is told once, since the key is the
 * same. */
static enum result tell_business(struct work *w, const struct telling *t)
{
    struct staff_member *owners, member;
    size_t count;
    enum result res = team_owners(w, &owners, &count);
    for (size_t i = 0; i < count && res == OK; i++)
        res = tell_member(w, t, &owners[i]);
    if (res == OK)
        res = team_member(w, t->b->staff_id, &member);
    return res == OK ? tell_member(w, t, &member) : res;
}

enum result booking_tell(struct work *w, const struct workspace *ws, const struct booking *b,
                         enum tell what, int64_t previous_start_s, bool quiet)
{
    struct letter_business business;
    struct telling t = {.ws = ws, .b = b, .what = what, .previous_start_s = previous_start_s};
    booking_describe(w, ws, b, &business, &t.visit);
    t.common.business = &business;
    enum result res = OK;
    if (what != TELL_CREATED)
        res = outbox_supersede(w, b->id, what == TELL_CANCELLED);
    if (res != OK || quiet || b->end_s <= w->now_s)
        return res; /* what is over is written down, not announced */
    res = tell_client(w, &t);
    return res == OK ? tell_business(w, &t) : res;
}
