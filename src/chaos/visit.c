/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * visit: a booking in the hands of one player.
 *
 * Making one has a key, so it is asked until it is answered. A change has none: the owner's says
 * which version it is about, and after silence the player looks whether it happened before asking
 * again. What cannot be found out leaves the booking to itself (OWN_LOST).
 */
#include "chaos/internal.h"

#include "base/civil.h"

#include <string.h>

enum { BODY_MAX = 4096, SLOTS_SEEN_MAX = 400 };

/* ---- making ---- */

/* The client's marker is in the name, and the key in the address or the notes: by these it is known
 * again at the end. */
static void write_wish(const struct player *c, const struct booking_wish *wish, uint32_t key,
                       struct buf *out)
{
    const char *mark = c->mark ? c->mark : c->salon->mark;
    char start[INSTANT_TEXT];
    instant_format(wish->start_s, start);
    buf_printf(out, "{\"service_ids\":[\"%lld\"],\"start\":\"%s\",\"client\":{\"name\":\"Cleo %s\"",
               (long long)c->salon->menu[wish->service].id, start, mark);
    if (!wish->past)
        buf_printf(out, ",\"email\":\"k%u.%s@chaos.example\"", key, mark);
    buf_printf(out, ",\"phone\":\"+3312345%04u\"},\"notes\":\"k%u. for %s\"", key % 10000, key,
               mark);
    if (wish->staff)
        buf_printf(out, ",\"staff_id\":\"%lld\"", (long long)wish->staff);
    buf_byte(out, '}');
}

static void keep_token(const struct told *t, struct own *own)
{
    const char *url = json_text(t->json, "manage_url");
    const char *slash = strrchr(url, '/');
    if (slash && strlen(slash + 1) < sizeof own->token)
        snprintf(own->token, sizeof own->token, "%s", slash + 1);
}

/* Both fingers, then patience: any answer of the two will do. */
static bool tap_twice(struct player *c, const struct ask *ask, struct told *ret)
{
    struct told twin;
    call_twice(c, ask, ret, &twin);
    bool first = ret->status >= 200 && ret->status < 300;
    if (!first && twin.status >= 200 && twin.status < 300) {
        told_done(ret);
        *ret = twin;
        return true;
    }
    told_done(&twin);
    if (first)
        return true;
    told_done(ret);
    return call_until(c, ask, ret);
}

bool visit_book(struct player *c, const struct booking_wish *wish, struct own *ret)
{
    enum { AGAIN_PERCENT = 4 };
    struct play *p = c->play;
    uint32_t key = next_key(p);
    struct buf body;
    char path[PATH_TEXT];
    buf_init(&body, BODY_MAX);
    write_wish(c, wish, key, &body);
    buf_byte(&body, '\0');
    bool office = wish->at_desk || wish->past;
    if (office)
        snprintf(path, sizeof path, "/bookings");
    else
        snprintf(path, sizeof path, "/public/%s/bookings", c->salon->slug);
    struct ask ask = {
        .verb = DAY_BOOK,
        .method = "POST",
        .path = path,
        .body = body.ptr,
        .as_owner = office,
        .key = key,
        .lose = wish->lose,
        .rush = wish->rush,
        .start_s = wish->start_s,
    };
    struct told t;
    bool answered = wish->twice ? tap_twice(c, &ask, &t) : call_until(c, &ask, &t);
    bool good = answered && t.status == 201 && t.booking != 0;
    if (good) {
        *ret = (struct own){.id = t.booking,
                            .version = t.version,
                            .start_s = t.start_s,
                            .key = key,
                            .rush = wish->rush,
                            .service = (short)wish->service,
                            .state = OWN_OPEN};
        keep_token(&t, ret);
        atomic_fetch_add(&p->booked, 1);
    }
    told_done(&t);
    /* Asked once more, the answer must be the first one. */
    ask.lose = false;
    if (good && dice_percent(&c->dice, AGAIN_PERCENT)) {
        call(c, &ask, &t);
        told_done(&t);
    }
    buf_done(&body);
    return good;
}

/* ---- changing ---- */

static enum own_state state_of(const char *word)
{
    if (strcmp(word, "confirmed") == 0 || strcmp(word, "pending") == 0)
        return OWN_OPEN;
    return strcmp(word, "cancelled") == 0 ? OWN_CANCELLED : OWN_OVER;
}

static void take_over(struct own *own, const struct told *t)
{
    own->version = t->version;
    own->start_s = t->start_s;
    own->state = state_of(t->state);
}

void visit_read(struct player *c, struct own *own)
{
    char path[PATH_TEXT];
    bool by_client = own->token[0] && !c->office && dice_percent(&c->dice, 50);
    if (by_client)
        snprintf(path, sizeof path, "/public/manage/%s", own->token);
    else
        snprintf(path, sizeof path, "/bookings/%lld", (long long)own->id);
    struct ask ask = {.verb = DAY_READ,
                      .method = "GET",
                      .path = path,
                      .as_owner = !by_client,
                      .booking = own->id};
    struct told t;
    if (call_until(c, &ask, &t) && t.status == 200 && t.booking == own->id)
        take_over(own, &t);
    else
        own->state = OWN_LOST;
    told_done(&t);
}

/* True when it was acknowledged. `ask` is about this booking's version. */
static bool change(struct player *c, struct own *own, struct ask *ask)
{
    enum { TRIES = 20 };
    for (int i = 0; i < TRIES && own->state != OWN_LOST; i++) {
        struct told t;
        int64_t version = own->version;
        call(c, ask, &t);
        bool good = t.status >= 200 && t.status < 300 && t.booking == own->id;
        bool refused = t.status >= 400 && t.status < 500 && t.status != 429;
        if (good)
            take_over(own, &t);
        if (t.status == 429) {
            atomic_fetch_add(&c->play->limited, 1);
            nap_ms(1000 * (int64_t)(t.retry_after_s > 0 ? t.retry_after_s : 1));
        }
        bool sent = t.sent;
        told_done(&t);
        if (good)
            return true;
        if (!refused)
            wait_up(c->play, &c->dice);
        if (!sent)
            continue;
        ask->lose = false;
        visit_read(c, own);
        if (refused || own->version != version)
            return false; /* it was said no, or it happened and nobody heard */
    }
    return false;
}

static void path_of(const struct own *own, bool by_client, const char *step, char path[PATH_TEXT])
{
    if (by_client)
        snprintf(path, PATH_TEXT, "/public/manage/%s%s", own->token, step);
    else
        snprintf(path, PATH_TEXT, "/bookings/%lld%s", (long long)own->id, step);
}

bool visit_move(struct player *c, struct own *own, int64_t start_s, int64_t staff, bool by_client,
                bool lose)
{
    char path[PATH_TEXT], body[200], start[INSTANT_TEXT], person[60] = "";
    by_client = by_client && own->token[0];
    path_of(own, by_client, by_client ? "/reschedule" : "", path);
    instant_format(start_s, start);
    if (staff)
        snprintf(person, sizeof person, ",\"staff_id\":\"%lld\"", (long long)staff);
    snprintf(body, sizeof body, "{\"start\":\"%s\"%s}", start, person);
    struct ask ask = {
        .verb = DAY_MOVE,
        .method = by_client ? "POST" : "PATCH",
        .path = path,
        .body = body,
        .as_owner = !by_client,
        .if_match = by_client ? 0 : own->version,
        .lose = lose,
        .start_s = start_s,
        .booking = own->id,
    };
    return change(c, own, &ask);
}

bool visit_step(struct player *c, struct own *own, enum day_verb verb, bool by_client, bool lose)
{
    const char *step = verb == DAY_CANCEL     ? "/cancel"
                       : verb == DAY_RESTORE  ? "/restore"
                       : verb == DAY_COMPLETE ? "/complete"
                       : verb == DAY_CONFIRM  ? "/confirm"
                                              : "/no-show";
    char path[PATH_TEXT];
    by_client = by_client && own->token[0] && (verb == DAY_CANCEL || verb == DAY_RESTORE);
    path_of(own, by_client, step, path);
    struct ask ask = {
        .verb = verb,
        .method = "POST",
        .path = path,
        .body = "{}",
        .as_owner = !by_client,
        .if_match = by_client ? 0 : own->version,
        .lose = lose,
        .booking = own->id,
    };
    return change(c, own, &ask);
}

bool visit_correct(struct player *c, struct own *own, bool lose)
{
    char path[PATH_TEXT], body[100];
    path_of(own, false, "", path);
    snprintf(body, sizeof body, "{\"client\":{\"phone\":\"+33987%06lld\"}}",
             (long long)dice(&c->dice, 1000000));
    struct ask ask = {
        .verb = DAY_CORRECT,
        .method = "PATCH",
        .path = path,
        .body = body,
        .as_owner = true,
        .if_match = own->version,
        .lose = lose,
        .booking = own->id,
    };
    return change(c, own, &ask);
}

/* ---- finding a time ---- */

bool visit_find(struct player *c, int service, int64_t day, int64_t staff, bool all,
                int64_t *ret_start_s)
{
    char path[PATH_TEXT], date[DATE_TEXT], person[40] = "";
    date_format(day, date);
    if (staff)
        snprintf(person, sizeof person, "&staff_id=%lld", (long long)staff);
    snprintf(path, sizeof path, "/public/%s/availability?service_ids=%lld&from=%s&to=%s%s",
             c->salon->slug, (long long)c->salon->menu[service].id, date, date, person);
    json_t *found = fetch(c, path, false);
    const json_t *days = json_object_get(found, "days");
    const json_t *slots = json_object_get(json_array_get(days, 0), "slots");
    int64_t starts[SLOTS_SEEN_MAX];
    int64_t count = 0;
    size_t i;
    json_t *slot;
    json_array_foreach(slots, i, slot)
    {
        int64_t start = json_instant(slot, "start");
        size_t people = json_array_size(json_object_get(slot, "staff_ids"));
        if (start && count < SLOTS_SEEN_MAX && (!all || people == c->salon->people_count))
            starts[count++] = start;
    }
    json_decref(found);
    if (count > 0)
        *ret_start_s = starts[dice(&c->dice, count)];
    return count > 0;
}
