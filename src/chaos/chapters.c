/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * chapters: the owner's day, told in order. The clients' load goes on under all of it, and the
 * nemesis does not wait for a chapter's end.
 */
#include "chaos/internal.h"

#include "base/civil.h"

#include <stdarg.h>
#include <string.h>

enum {
    RUSH_GATHER_MS = 20000,
    RUSH_END_MS = 120000,
    RUSH_DAY = 120, /* days ahead, where nobody else books; so many, one a round */
    RUSH_DAYS = 180,
    DESK_DAY = 310, /* three a round */
    DESK_DAYS = 50,
    STOCK_DAY = 470,
    STOCK_DAYS = 25,
    SICK_VISITS = 6,
    EVENTS_OF_A_KIND = 250000, /* that are written down; more are counted */
};

void tell_chapter(struct play *p, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    day_event(&p->day, &(struct day_event){.at = play_now(p), .text = str_of(text)});
}

void tell_fault(struct play *p, enum day_fault fault, const char *text)
{
    _Atomic int64_t *count = fault == DAY_LOST_ANSWER  ? &p->told_lost
                             : fault == DAY_DOUBLE_TAP ? &p->told_twice
                             : fault == DAY_PROVIDER   ? &p->told_provider
                                                       : NULL;
    if (count && atomic_fetch_add(count, 1) >= EVENTS_OF_A_KIND) {
        day_unwritten(&p->day, fault);
        return;
    }
    day_event(&p->day, &(struct day_event){.at = play_now(p),
                                           .fault = fault,
                                           .text = text ? str_of(text) : (struct str){0}});
}

static int64_t today(const struct play *p)
{
    return env_now_s(&p->env) / 86400;
}

/* ---- the rush ---- */

static void morning_rush(struct play *p, uint32_t number)
{
    int64_t start;
    if (!visit_find(&p->owner, 0, today(p) + RUSH_DAY + number % RUSH_DAYS, 0, true, &start))
        return;
    pthread_mutex_lock(&p->rush_lock);
    p->rush = (struct rush){.number = number, .service = 0, .start_s = start};
    atomic_store(&p->rush_called, number);
    int64_t until = play_now(p) + RUSH_GATHER_MS;
    int expected = 0; /* by their markers: a day that is broken off has no clients any more */
    for (int i = 0; i < p->options.clients; i++)
        expected += p->mark_salon[2 + i] == 0;
    while (p->rush.waiting < expected && play_now(p) < until && !atomic_load(&p->over)) {
        struct timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec += 1;
        pthread_cond_timedwait(&p->rush_changed, &p->rush_lock, &soon);
    }
    p->rush.open = true;
    pthread_cond_broadcast(&p->rush_changed);
    until = play_now(p) + RUSH_END_MS;
    while (p->rush.done < p->rush.waiting && play_now(p) < until && !atomic_load(&p->over)) {
        struct timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec += 1;
        pthread_cond_timedwait(&p->rush_changed, &p->rush_lock, &soon);
    }
    int asked = p->rush.waiting, booked = p->rush.booked;
    pthread_mutex_unlock(&p->rush_lock);
    tell_chapter(p,
                 "%s: %d clients asked for the same quarter of an hour at the same moment; %d "
                 "of %zu chairs were given.",
                 number == 1 ? "The morning rush" : "Another rush", asked, booked,
                 p->salon[0].people_count);
}

/* ---- the owner's own visits ---- */

static bool owner_books(struct play *p, int service, int64_t day, int64_t staff, struct own *ret)
{
    struct booking_wish wish = {.service = service, .staff = staff, .at_desk = true};
    return visit_find(&p->owner, service, day, staff, false, &wish.start_s) &&
           visit_book(&p->owner, &wish, ret);
}

/* None of them is ever full, however long the day is. */
static int64_t desk_day(const struct play *p, int round)
{
    return today(p) + DESK_DAY + 3 * (round % DESK_DAYS);
}

static void wrong_number(struct play *p, int round)
{
    struct own own;
    if (!owner_books(p, 0, desk_day(p, round) + 2, 0, &own))
        return;
    bool good = visit_correct(&p->owner, &own, !p->options.calm);
    tell_chapter(p, "A wrong number was corrected%s.", good ? "" : ", and the answer was lost");
}

static void wrong_cancel(struct play *p, int round)
{
    struct own own;
    if (!owner_books(p, 1, desk_day(p, round) + 2, 0, &own))
        return;
    bool off = visit_step(&p->owner, &own, DAY_CANCEL, false, false);
    bool on = own.state == OWN_CANCELLED && visit_step(&p->owner, &own, DAY_RESTORE, false, false);
    tell_chapter(p, "The wrong visit was cancelled%s.",
                 off && on ? ", and restored a moment later" : "");
}

static void reschedule(struct play *p, int round)
{
    struct own own;
    int64_t start;
    if (!owner_books(p, 0, desk_day(p, round) + 1, 0, &own) ||
        !visit_find(&p->owner, 0, desk_day(p, round), 0, false, &start))
        return;
    bool good = visit_move(&p->owner, &own, start, 0, false, false);
    tell_chapter(p, "A visit was moved to the day before%s.", good ? "" : " (refused)");
}

/* ---- a stylist calls in sick ---- */

static void post(struct play *p, const struct ask *what, struct told *ret)
{
    struct ask ask = *what;
    ask.method = "POST";
    ask.as_owner = true;
    ask.key = next_key(p);
    call_until(&p->owner, &ask, ret);
}

static bool call_in_sick(struct play *p, int64_t person, int64_t day)
{
    char path[PATH_TEXT], body[200], from[INSTANT_TEXT], to[INSTANT_TEXT];
    instant_format(day * 86400, from);
    instant_format((day + 1) * 86400, to);
    snprintf(path, sizeof path, "/staff/%lld/time-off", (long long)person);
    snprintf(body, sizeof body, "{\"start\":\"%s\",\"end\":\"%s\",\"reason\":\"ill\"}", from, to);
    struct told t;
    post(p,
         &(struct ask){
             .verb = DAY_AWAY, .path = path, .body = body, .start_s = day * 86400, .staff = person},
         &t);
    told_done(&t);
    return t.status == 201;
}

/* On a day on which the clients book too, so that some of them ask for it at that moment. Her own
 * visits go to colleagues, and who wants the time that they leave is refused. */
static void sick(struct play *p, int round)
{
    struct salon *s = &p->salon[0];
    int64_t day = today(p) + HOT_FIRST + atomic_load(&p->hot_day) + round % HOT_DAYS;
    size_t who = (size_t)round % s->people_count;
    int64_t person = s->people[who];
    struct own own[SICK_VISITS], another;
    size_t count = 0, moved = 0, refused = 0;
    for (int i = 0; i < SICK_VISITS; i++)
        count += owner_books(p, i % 2, day, person, &own[count]);
    bool away = call_in_sick(p, person, day);
    for (size_t i = 0; i < count; i++) {
        int64_t left = own[i].start_s;
        bool gone = false;
        for (size_t k = 1; k < s->people_count && own[i].state == OWN_OPEN && !gone; k++)
            gone = visit_move(&p->owner, &own[i], left, s->people[(who + k) % s->people_count],
                              false, false);
        struct booking_wish wish = {
            .service = own[i].service, .start_s = left, .staff = person, .at_desk = i % 2};
        moved += gone;
        refused += gone && away && !visit_book(&p->owner, &wish, &another);
    }
    tell_chapter(p,
                 "A stylist called in sick; %zu of %zu visits went to colleagues, and %zu who then "
                 "asked for that stylist were refused.",
                 moved, count, refused);
}

/* ---- a stock surprise ---- */

static int64_t on_hand(struct play *p, int64_t item, int64_t *ret_reserved)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/items/%lld", (long long)item);
    json_t *found = fetch(&p->owner, path, true);
    int64_t hand = (int64_t)json_number_value(json_object_get(found, "on_hand"));
    *ret_reserved = (int64_t)json_number_value(json_object_get(found, "reserved"));
    json_decref(found);
    return hand;
}

static int movement(struct play *p, int64_t item, const char *kind, int64_t quantity)
{
    char path[PATH_TEXT], body[200];
    snprintf(path, sizeof path, "/items/%lld/movements", (long long)item);
    snprintf(body, sizeof body, "{\"kind\":\"%s\",\"quantity\":%lld,\"reason\":\"chaos day\"}",
             kind, (long long)quantity);
    struct told t;
    post(p, &(struct ask){.verb = DAY_STOCK, .path = path, .body = body}, &t);
    told_done(&t);
    return t.status;
}

static int scarce_service(const struct salon *s)
{
    int service = 0;
    while (service + 1 < (int)s->menu_count && !s->menu[service].scarce)
        service++;
    return service;
}

/* Fewer are there than was thought: what is reserved stays, and who comes next is refused. */
static void stock_surprise(struct play *p, int round)
{
    int64_t day = today(p) + STOCK_DAY + round % STOCK_DAYS;
    struct salon *s = &p->salon[0];
    int64_t item = s->items[s->item_count - 1], reserved;
    int64_t thought = on_hand(p, item, &reserved);
    int counted = movement(p, item, "count", reserved + 1);
    struct own own;
    int service = scarce_service(s), refused = 0;
    for (int i = 0; i < 3; i++)
        refused += !owner_books(p, service, day, 0, &own);
    movement(p, item, "receive", 60);
    bool again = owner_books(p, service, day, 0, &own);
    movement(p, item, "waste", 1);
    tell_chapter(p,
                 "A stock surprise: %lld were thought to be there, %lld were counted%s; %d of 3 "
                 "bookings were refused for want of it, and after the delivery one was %s.",
                 (long long)thought, (long long)reserved + 1,
                 counted == 201 ? "" : " (the count was refused)", refused,
                 again ? "taken" : "refused");
}

/* ---- the provider ---- */

static void provider_down(struct play *p, int64_t for_ms)
{
    if (!p->standin || p->options.calm)
        return;
    standin_down(p->standin, true);
    nap_ms(for_ms);
    standin_down(p->standin, false);
    tell_chapter(p, "The mail provider was down for %.0f seconds.", (double)for_ms / 1000.0);
}

/* ---- the day ---- */

static bool wait_until(const struct play *p, int64_t at)
{
    while (play_now(p) < at && !atomic_load(&p->interrupted))
        nap_ms(100);
    return !atomic_load(&p->interrupted);
}

void *chapters_run(void *play)
{
    struct play *p = play;
    int64_t length = p->options.length_ms;
    uint32_t rushes = 0;
    int round = 0;
    tell_chapter(p, "The day begins with %d clients.", p->options.clients);
    morning_rush(p, ++rushes);
    /* As often as the day is long: an hour's day has its surprises again and again. */
    do {
        int64_t from = play_now(p);
        int64_t step = length / 8 < 30000 ? length / 8 : 30000;
        void (*const deeds[])(struct play * p, int round) = {wrong_number, reschedule, wrong_cancel,
                                                             stock_surprise};
        for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
            if (!wait_until(p, from + (int64_t)(i + 1) * step) || play_now(p) > 2 * length)
                break;
            deeds[i](p, round);
            /* Not towards the end, where all letters would wait for their next turn. */
            if (i == 1 && play_now(p) < length * 6 / 10)
                provider_down(p, step / 2 < 8000 ? step / 2 : 8000);
        }
        if (atomic_load(&p->interrupted))
            break;
        sick(p, round++);
        morning_rush(p, ++rushes);
    } while (play_now(p) < length && !atomic_load(&p->interrupted));
    atomic_store(&p->chapters_done, true);
    return NULL;
}
