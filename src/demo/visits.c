/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * visits: a business's diary, person by person and day by day.
 *
 * The starts come from the API's own explanation of a day: what is offered, and what is refused
 * only because it is too soon, which is to say past. So opening hours, closures, time off and
 * changes of the clock need no second reading here, and a closed day stays empty.
 */
#include "demo/business.h"

enum {
    DAYS_EACH_WAY = 10,
    TRIES_MAX = 12, /* visits and refusals of one person on one day */
    MINUTE_S = 60,
    QUARTER_S = 15 * MINUTE_S,
};

/* One person's day while it fills. */
struct day {
    const char *staff_id;
    const json_t *services; /* names of what the person performs */
    int64_t date;
    int visits_max;
    size_t gap_max;      /* quarters of an hour left free between two visits, at most */
    int64_t free_from_s; /* 0: nothing is known of the day yet */
};

/* A start that can be taken. */
struct start {
    int64_t at_s;
    const char *text;
    bool offered; /* on the public page too */
};

/* ---- choosing ---- */

/* By turns, skipping one now and then: nobody comes twice a day, and nobody in a fixed rhythm. */
static const json_t *choose_client(struct business *b)
{
    b->next_client += dice_roll(&b->dice, 6) ? 1 : 2;
    return json_array_get(b->clients, b->next_client % json_array_size(b->clients));
}

static const json_t *choose(struct business *b, const json_t *list)
{
    return json_array_get(list, dice_roll(&b->dice, json_array_size(list)));
}

static const char *choose_note(struct business *b)
{
    const json_t *notes = json_object_get(b->data, "notes");
    if (dice_roll(&b->dice, 7) || !json_array_size(notes))
        return "";
    return json_string_value(choose(b, notes));
}

/* The first start of a sorted list from `from_s` on; those refused count when they are only past.
 */
static bool first_start(const json_t *slots, bool offered, int64_t from_s, struct start *ret)
{
    size_t i;
    json_t *slot;
    json_array_foreach(slots, i, slot)
    {
        int64_t at_s;
        const char *text = data_text(slot, "start");
        if (!offered && !str_is(str_of(data_text(slot, "why")), "too_soon"))
            continue;
        if (instant_parse(str_of(text), &at_s) && at_s >= from_s) {
            *ret = (struct start){at_s, text, offered};
            return true;
        }
    }
    return false;
}

/* Past starts lie before offered ones. The day's first visit may begin some time after opening. */
static bool find_start(struct business *b, const json_t *answer, struct day *d, struct start *ret)
{
    const json_t *day = json_array_get(json_object_get(answer, "days"), 0);
    const json_t *refused = json_object_get(day, "refused"), *slots = json_object_get(day, "slots");
    if (!first_start(refused, false, d->free_from_s, ret) &&
        !first_start(slots, true, d->free_from_s, ret))
        return false;
    if (d->free_from_s)
        return true;
    d->free_from_s = ret->at_s + (int64_t)dice_roll(&b->dice, d->gap_max + 1) * QUARTER_S;
    return first_start(refused, false, d->free_from_s, ret) ||
           first_start(slots, true, d->free_from_s, ret);
}

/* ---- what becomes of a visit ---- */

static enum result step(struct business *b, const char *id, const char *verb, const json_t *body)
{
    struct ask ask = {.method = HTTP_POST_, .body = body, .status = 200};
    return caller_ask(b->caller, &ask, NULL, "/bookings/%s/%s", id, verb);
}

/* What was really used: a tenth more or less of what is measured, and what was planned of the rest.
 */
static json_t *measured(struct business *b, const json_t *booking)
{
    json_t *used = json_array();
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(booking, "materials"), i, line)
    {
        double quantity = json_number_value(json_object_get(line, "quantity"));
        struct str unit = str_of(data_text(line, "unit"));
        if (str_is(unit, "ml") || str_is(unit, "g"))
            quantity =
                (double)(int64_t)(quantity * (0.9 + 0.1 * (double)dice_roll(&b->dice, 3)) + 0.5);
        json_array_append_new(used, json_pack("{s:s, s:f}", "item_id", data_text(line, "item_id"),
                                              "quantity", quantity));
    }
    return json_pack("{s:o}", "materials", used);
}

static enum result finish(struct business *b, const json_t *booking)
{
    const char *id = data_text(booking, "id");
    size_t fate = dice_roll(&b->dice, 100);
    if (fate < 9)
        return step(b, id, "cancel", NULL);
    if (fate < 16)
        return step(b, id, "no-show", NULL);
    json_auto_t *body = fate < 40 ? measured(b, booking) : NULL;
    return step(b, id, "complete", body);
}

/* Those under way stay as they are. Of those to come a few are called off, and of what the public
 * page has only asked for most is confirmed. */
static enum result settle(struct business *b, const json_t *booking)
{
    int64_t start_s, end_s;
    if (!instant_parse(str_of(data_text(booking, "start")), &start_s) ||
        !instant_parse(str_of(data_text(booking, "end")), &end_s))
        return INTERNAL;
    if (end_s <= b->now_s)
        return finish(b, booking);
    if (start_s <= b->now_s)
        return OK;
    if (dice_roll(&b->dice, 16) == 0)
        return step(b, data_text(booking, "id"), "cancel", NULL);
    if (str_is(str_of(data_text(booking, "status")), "pending") && dice_roll(&b->dice, 3))
        return step(b, data_text(booking, "id"), "confirm", NULL);
    return OK;
}

/* ---- making one ---- */

static json_t *visit_body(struct business *b, const struct day *d, const char *service_id,
                          const struct start *start)
{
    return json_pack("{s:[s], s:s, s:s, s:s}", "service_ids", service_id, "staff_id", d->staff_id,
                     "start", start->text, "notes", choose_note(b));
}

/* As the client's own browser would. The booking is a member of the answer. */
static enum result book_online(struct business *b, json_t *body, const json_t *client, json_t **ret)
{
    json_auto_t *answer = NULL;
    json_object_set_new(body, "client",
                        json_pack("{s:s, s:s, s:s}", "name", data_text(client, "name"), "email",
                                  data_text(client, "email"), "phone", data_text(client, "phone")));
    struct ask ask = {.method = HTTP_POST_, .body = body, .as_visitor = true};
    enum result res = caller_ask(b->caller, &ask, &answer, "/public/%s/bookings",
                                 data_text(json_object_get(b->data, "business"), "slug"));
    *ret = res == OK ? json_incref(json_object_get(answer, "booking")) : NULL;
    return res;
}

static enum result book_by_hand(struct business *b, json_t *body, const json_t *client,
                                json_t **ret)
{
    json_object_set(body, "client_id", json_object_get(client, "id"));
    struct ask ask = {.method = HTTP_POST_, .body = body};
    return caller_ask(b->caller, &ask, ret, "/bookings");
}

/* Books it and lets become of it what does. A room that is taken (409) only costs the person time.
 */
static enum result take(struct business *b, struct day *d, const char *service_id,
                        const struct start *start)
{
    json_auto_t *body = visit_body(b, d, service_id, start);
    json_auto_t *booking = NULL;
    const json_t *client = choose_client(b);
    bool online = start->offered && *data_text(client, "email") && dice_roll(&b->dice, 2);
    enum result res =
        online ? book_online(b, body, client, &booking) : book_by_hand(b, body, client, &booking);
    if (res != OK)
        return res;
    if (b->caller->status == 409) {
        d->free_from_s = start->at_s + 2 * QUARTER_S;
        return OK;
    }
    if (b->caller->status != 201 ||
        !instant_parse(str_of(data_text(booking, "end")), &d->free_from_s))
        return INTERNAL;
    d->free_from_s += (int64_t)dice_roll(&b->dice, d->gap_max + 1) * QUARTER_S;
    d->visits_max--;
    return settle(b, booking);
}

/* ---- days ---- */

static enum result fill(struct business *b, struct day *d)
{
    char date[DATE_TEXT];
    date_format(d->date, date);
    enum result res = OK;
    for (int i = 0; i < TRIES_MAX && d->visits_max > 0 && res == OK; i++) {
        const char *service_id = id_of(b->services, json_string_value(choose(b, d->services)));
        json_auto_t *answer = NULL;
        struct start start;
        struct ask ask = {.method = HTTP_GET_, .status = 200};
        res = caller_ask(b->caller, &ask, &answer,
                         "/availability?service_ids=%s&staff_id=%s&from=%s&to=%s&explain=true",
                         service_id, d->staff_id, date, date);
        if (res != OK || !find_start(b, answer, d, &start))
            break;
        res = take(b, d, service_id, &start);
    }
    return res;
}

/* Names of the services that list this person. */
static json_t *performed_by(const struct business *b, const char *name)
{
    json_t *list = json_array();
    size_t i, k;
    json_t *service, *performer;
    json_array_foreach(json_object_get(b->data, "services"), i, service)
    {
        json_array_foreach(json_object_get(service, "staff"), k, performer)
        {
            if (str_is(str_of(json_string_value(performer)), name))
                json_array_append(list, json_object_get(service, "name"));
        }
    }
    return list;
}

/* Full today, well booked before, thinner the further ahead. */
static void plan(struct day *d, int64_t days_ahead)
{
    if (days_ahead == 0) {
        d->visits_max = 5;
        d->gap_max = 2;
    } else if (days_ahead < 0) {
        d->visits_max = 2;
        d->gap_max = 8;
    } else {
        d->visits_max = days_ahead < 5 ? 2 : 1;
        d->gap_max = 12;
    }
}

static enum result fill_day(struct business *b, int64_t days_ahead)
{
    enum result res = OK;
    size_t i;
    json_t *person;
    json_array_foreach(json_object_get(b->data, "staff"), i, person)
    {
        json_auto_t *services = performed_by(b, data_text(person, "name"));
        if (!json_array_size(services))
            continue;
        struct day d = {
            .staff_id = id_of(b->staff, data_text(person, "name")),
            .services = services,
            .date = b->today + days_ahead,
        };
        plan(&d, days_ahead);
        res = fill(b, &d);
        if (res != OK)
            break;
    }
    return res;
}

enum result business_fill_diary(struct business *b)
{
    enum result res = OK;
    for (int64_t ahead = -DAYS_EACH_WAY; ahead <= DAYS_EACH_WAY && res == OK; ahead++)
        res = fill_day(b, ahead);
    return res;
}
