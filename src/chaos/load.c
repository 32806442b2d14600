/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * load: the clients. Each has a thread, a marker and bookings of its own, and does what clients do,
 * until the day is over; when a rush is called, all come to the door and book the same slot at the
 * same moment.
 *
 * They think between two deeds, the longer the more of them there are, so that the load is about
 * DEEDS_A_SECOND, each of one to four calls, on any machine that can bear it.
 */
#include "chaos/internal.h"

#include <stdlib.h>

enum {
    DEEDS_A_SECOND = 60,
    HOT_BEFORE = 100, /* the owner's chapters lie behind */
    LOST_PERCENT = 10,
    TWICE_PERCENT = 8,
    RUSH_WAIT_MS = 30000,
    PAST_STARTS = 25 * 24 * 4,
    QUARTER_S = 900,
};

static bool hurts(struct client *cl, int percent)
{
    return !cl->player.play->options.calm && dice_percent(&cl->player.dice, percent);
}

static struct own *keep(struct client *cl, const struct own *own)
{
    if (cl->own_count == OWN_MAX)
        return NULL;
    cl->own[cl->own_count] = *own;
    return &cl->own[cl->own_count++];
}

/* One of their bookings in this state that no rush is counted by; NULL: none came up. */
static struct own *pick(struct client *cl, enum own_state state)
{
    enum { LOOKS = 12 };
    for (int i = 0; i < LOOKS && cl->own_count > 0; i++) {
        struct own *own = &cl->own[dice(&cl->player.dice, (int64_t)cl->own_count)];
        if (own->state == state && own->rush == 0)
            return own;
    }
    return NULL;
}

/* A time in the days that everybody wants; when they are full, they move on, and begin
 * again where visits were cancelled meanwhile. */
static bool find_hot(struct client *cl, int service, int64_t *ret_start_s)
{
    struct play *p = cl->player.play;
    int64_t first = atomic_load(&p->hot_day);
    int64_t day = first + dice(&cl->player.dice, HOT_DAYS);
    int64_t today = env_now_s(&p->env) / 86400;
    if (visit_find(&cl->player, service, today + HOT_FIRST + day, 0, false, ret_start_s))
        return true;
    if (day == first)
        atomic_compare_exchange_strong(&p->hot_day, &first, (first + 1) % HOT_BEFORE);
    return false;
}

static int any_service(struct client *cl)
{
    return (int)dice(&cl->player.dice, (int64_t)cl->player.salon->menu_count);
}

/* ---- deeds ---- */

static void book(struct client *cl)
{
    enum { AT_DESK_PERCENT = 45 };
    struct booking_wish wish = {.service = any_service(cl)};
    struct own own;
    if (!find_hot(cl, wish.service, &wish.start_s))
        return;
    wish.at_desk = dice_percent(&cl->player.dice, AT_DESK_PERCENT);
    wish.twice = hurts(cl, TWICE_PERCENT);
    wish.lose = !wish.twice && hurts(cl, LOST_PERCENT);
    if (visit_book(&cl->player, &wish, &own))
        keep(cl, &own);
}

static void move(struct client *cl)
{
    struct own *own = pick(cl, OWN_OPEN);
    int64_t start;
    if (!own || !find_hot(cl, own->service, &start))
        return;
    bool lose = hurts(cl, LOST_PERCENT);
    bool by_client = !lose && dice_percent(&cl->player.dice, 50);
    visit_move(&cl->player, own, start, 0, by_client, lose);
}

/* The wrong one, most of the time: it is restored a moment later. */
static void cancel(struct client *cl)
{
    enum { WRONG_PERCENT = 60 };
    struct own *own = pick(cl, OWN_OPEN);
    bool lose = hurts(cl, LOST_PERCENT);
    bool by_client = !lose && dice_percent(&cl->player.dice, 50);
    if (!own || !visit_step(&cl->player, own, DAY_CANCEL, by_client, lose))
        return;
    if (dice_percent(&cl->player.dice, WRONG_PERCENT))
        visit_step(&cl->player, own, DAY_RESTORE, false, hurts(cl, LOST_PERCENT));
}

static void restore(struct client *cl)
{
    struct own *own = pick(cl, OWN_CANCELLED);
    if (own)
        visit_step(&cl->player, own, DAY_RESTORE, false, hurts(cl, LOST_PERCENT));
}

static void correct(struct client *cl)
{
    struct own *own = pick(cl, OWN_OPEN);
    if (own)
        visit_correct(&cl->player, own, hurts(cl, LOST_PERCENT));
}

/* Written down later, and marked with what came of it. */
static void walk_in(struct client *cl)
{
    struct player *c = &cl->player;
    int64_t now = env_now_s(&c->play->env);
    struct booking_wish wish = {
        .service = any_service(cl),
        .start_s = (now / QUARTER_S - 12 - dice(&c->dice, PAST_STARTS)) * QUARTER_S,
        .staff = c->salon->people[dice(&c->dice, (int64_t)c->salon->people_count)],
        .past = true,
        .lose = hurts(cl, LOST_PERCENT),
    };
    struct own own;
    if (!visit_book(c, &wish, &own))
        return;
    if (dice_percent(&c->dice, 90))
        visit_step(c, &own, dice_percent(&c->dice, 70) ? DAY_COMPLETE : DAY_NO_SHOW, false,
                   hurts(cl, LOST_PERCENT));
}

static void look(struct client *cl)
{
    struct own *own = pick(cl, OWN_OPEN);
    if (own) {
        visit_read(&cl->player, own);
        return;
    }
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "/public/%s", cl->player.salon->slug);
    json_decref(fetch(&cl->player, path, false));
}

static void one_deed(struct client *cl)
{
    static const struct {
        void (*deed)(struct client *cl);
        int percent;
    } deeds[] = {{book, 34},   {look, 20},   {move, 14},  {cancel, 12},
                 {correct, 8}, {walk_in, 8}, {restore, 4}};
    int64_t n = dice(&cl->player.dice, 100);
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        n -= deeds[i].percent;
        if (n < 0) {
            deeds[i].deed(cl);
            return;
        }
    }
}

/* ---- the rush ---- */

/* At the door until it opens, then all at once. */
static void rush(struct client *cl)
{
    struct play *p = cl->player.play;
    struct booking_wish wish = {0};
    struct own own;
    pthread_mutex_lock(&p->rush_lock);
    uint32_t number = p->rush.number;
    bool called = number != cl->rushed && cl->player.salon->which == 0;
    cl->rushed = number;
    if (!called) {
        pthread_mutex_unlock(&p->rush_lock);
        return;
    }
    p->rush.waiting++;
    pthread_cond_broadcast(&p->rush_changed);
    while (!p->rush.open && p->rush.number == number)
        pthread_cond_wait(&p->rush_changed, &p->rush_lock);
    wish = (struct booking_wish){
        .service = p->rush.service, .start_s = p->rush.start_s, .rush = number};
    pthread_mutex_unlock(&p->rush_lock);

    bool won = visit_book(&cl->player, &wish, &own);
    if (won)
        keep(cl, &own);
    pthread_mutex_lock(&p->rush_lock);
    if (p->rush.number == number) {
        p->rush.done++;
        p->rush.booked += won;
    }
    pthread_cond_broadcast(&p->rush_changed);
    pthread_mutex_unlock(&p->rush_lock);
}

/* ---- the threads ---- */

static void *live(void *self)
{
    struct client *cl = self;
    struct play *p = cl->player.play;
    int64_t think_ms = 2000 * (int64_t)p->options.clients / DEEDS_A_SECOND;
    nap_ms(dice(&cl->player.dice, think_ms + 1));
    while (!atomic_load(&p->over)) {
        rush(cl);
        one_deed(cl);
        int64_t left = dice(&cl->player.dice, think_ms + 1);
        /* A rush is not slept through. */
        for (; left > 0 && !atomic_load(&p->over); left -= 50) {
            if (cl->rushed != atomic_load(&p->rush_called))
                break;
            nap_ms(left < 50 ? left : 50);
        }
    }
    return NULL;
}

bool load_start(struct play *p)
{
    p->clients = calloc((size_t)p->options.clients, sizeof *p->clients);
    if (!p->clients)
        return false;
    for (int i = 0; i < p->options.clients; i++) {
        struct client *cl = &p->clients[i];
        int which = p->mark_salon[2 + i];
        const char *mark = p->marks[2 + i];
        cl->own = calloc(OWN_MAX, sizeof *cl->own);
        if (!cl->own || !player_init(&cl->player, p, i + 1, &p->salon[which], false, mark))
            return false;
    }
    for (int i = 0; i < p->options.clients; i++) {
        struct client *cl = &p->clients[i];
        cl->started = pthread_create(&cl->thread, NULL, live, cl) == 0;
        if (!cl->started)
            return false;
    }
    return true;
}

void load_stop(struct play *p)
{
    atomic_store(&p->over, true);
    pthread_mutex_lock(&p->rush_lock);
    p->rush.open = true; /* nobody stays at a door */
    pthread_cond_broadcast(&p->rush_changed);
    pthread_mutex_unlock(&p->rush_lock);
    for (int i = 0; p->clients && i < p->options.clients; i++) {
        struct client *cl = &p->clients[i];
        if (cl->started)
            pthread_join(cl->thread, NULL);
        if (cl->player.play)
            player_done(&cl->player);
        free(cl->own);
    }
    free(p->clients);
    p->clients = NULL;
}
