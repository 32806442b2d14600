/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* day: the lists of a Chaos Day, which grow under its lock, and the history as lines of JSON. */
#include "chaos/day.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_SERVICES_MAX = 200,
    DAY_PEOPLE_MAX = 1000,
    DAY_ITEMS_MAX = 1000,
    DAY_AWAYS_MAX = 10000,
    DAY_LEAKS_MAX = 1000,
    FIRST_ROWS = 64,
};

/* Texts of all lists together: the bounds of the lists times what a row's texts may take. */
static const size_t TEXTS_MAX = (size_t)1024 * 1024 * 1024;

void day_init(struct day *d, uint64_t seed)
{
    *d = (struct day){.seed = seed, .ready_within_ms = DAY_READY_WITHIN_MS};
    arena_init(&d->arena, TEXTS_MAX);
    pthread_mutex_init(&d->lock, NULL);
}

void day_done(struct day *d)
{
    struct day_list *const lists[] = {&d->ops,   &d->events, &d->services, &d->people, &d->bookings,
                                      &d->moves, &d->items,  &d->aways,    &d->mails,  &d->leaks};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        free(lists[i]->rows);
    pthread_mutex_destroy(&d->lock);
    arena_done(&d->arena);
    *d = (struct day){0};
}

/* A row past the bound is not kept, but counted, so that day_overflowed sees it. */
static void *add(struct day_list *list, const void *row, size_t size, size_t max)
{
    if (list->count >= max) {
        list->count = max;
        list->cap = SIZE_MAX;
        return NULL;
    }
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : FIRST_ROWS;
        if (cap > max)
            cap = max;
        void *rows = realloc(list->rows, cap * size);
        if (!rows)
            abort(); /* a day that forgets what it saw is none */
        list->rows = rows;
        list->cap = cap;
    }
    void *kept = (char *)list->rows + list->count * size;
    memcpy(kept, row, size);
    list->count++;
    return kept;
}

#define ADD(d, list, row, max) add(&(d)->list, (row), sizeof *(row), (max))

static struct str keep(struct day *d, struct str s)
{
    return s.ptr ? str_copy(&d->arena, s) : s;
}

void day_op(struct day *d, const struct day_op *op)
{
    pthread_mutex_lock(&d->lock);
    struct day_op *kept = ADD(d, ops, op, DAY_OPS_MAX);
    if (kept)
        kept->code = keep(d, op->code);
    pthread_mutex_unlock(&d->lock);
}

void day_event(struct day *d, const struct day_event *event)
{
    pthread_mutex_lock(&d->lock);
    struct day_event *kept = ADD(d, events, event, DAY_EVENTS_MAX);
    if (kept)
        kept->text = keep(d, event->text);
    pthread_mutex_unlock(&d->lock);
}

void day_unwritten(struct day *d, enum day_fault fault)
{
    pthread_mutex_lock(&d->lock);
    d->unwritten[fault]++;
    pthread_mutex_unlock(&d->lock);
}

void day_mail(struct day *d, const struct day_mail *mail)
{
    pthread_mutex_lock(&d->lock);
    struct day_mail *kept = ADD(d, mails, mail, DAY_MAILS_MAX);
    if (kept) {
        kept->to = keep(d, mail->to);
        kept->kind = keep(d, mail->kind);
    }
    pthread_mutex_unlock(&d->lock);
}

void day_leak(struct day *d, const struct day_leak *leak)
{
    pthread_mutex_lock(&d->lock);
    struct day_leak *kept = ADD(d, leaks, leak, DAY_LEAKS_MAX);
    if (kept) {
        kept->whose = keep(d, leak->whose);
        kept->shown_to = keep(d, leak->shown_to);
        kept->where = keep(d, leak->where);
    }
    pthread_mutex_unlock(&d->lock);
}

void day_service(struct day *d, const struct day_service *service)
{
    pthread_mutex_lock(&d->lock);
    struct day_service *kept = ADD(d, services, service, DAY_SERVICES_MAX);
    if (kept)
        kept->name = keep(d, service->name);
    pthread_mutex_unlock(&d->lock);
}

void day_person(struct day *d, const struct day_person *person)
{
    pthread_mutex_lock(&d->lock);
    struct day_person *kept = ADD(d, people, person, DAY_PEOPLE_MAX);
    if (kept)
        kept->name = keep(d, person->name);
    pthread_mutex_unlock(&d->lock);
}

void day_item(struct day *d, const struct day_item *item)
{
    pthread_mutex_lock(&d->lock);
    struct day_item *kept = ADD(d, items, item, DAY_ITEMS_MAX);
    if (kept)
        kept->name = keep(d, item->name);
    pthread_mutex_unlock(&d->lock);
}

void day_booking(struct day *d, const struct day_booking *booking)
{
    pthread_mutex_lock(&d->lock);
    struct day_booking *kept = ADD(d, bookings, booking, DAY_BOOKINGS_MAX);
    if (kept) {
        kept->status = keep(d, booking->status);
        kept->client_mark = keep(d, booking->client_mark);
    }
    pthread_mutex_unlock(&d->lock);
}

void day_stock_move(struct day *d, const struct day_stock_move *move)
{
    pthread_mutex_lock(&d->lock);
    struct day_stock_move *kept = ADD(d, moves, move, DAY_MOVES_MAX);
    if (kept)
        kept->cause = keep(d, move->cause);
    pthread_mutex_unlock(&d->lock);
}

void day_away(struct day *d, const struct day_away *away)
{
    pthread_mutex_lock(&d->lock);
    (void)ADD(d, aways, away, DAY_AWAYS_MAX);
    pthread_mutex_unlock(&d->lock);
}

bool day_overflowed(const struct day *d)
{
    const struct day_list *const lists[] = {&d->ops,      &d->events, &d->services, &d->people,
                                            &d->bookings, &d->moves,  &d->items,    &d->aways,
                                            &d->mails,    &d->leaks};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (lists[i]->cap == SIZE_MAX)
            return true;
    return false;
}

int64_t day_injected(const struct day *d, enum day_fault fault)
{
    if (fault == DAY_NO_FAULT || fault == DAY_READY)
        return 0;
    const struct day_event *events = day_rows(&d->events);
    int64_t n = d->unwritten[fault];
    for (size_t i = 0; i < d->events.count; i++)
        n += events[i].fault == fault;
    return n;
}

int64_t day_injected_all(const struct day *d)
{
    int64_t n = 0;
    for (int fault = 0; fault < DAY_FAULTS; fault++)
        n += day_injected(d, (enum day_fault)fault);
    return n;
}

/* ---- the history ---- */

static const char *const verb_names[DAY_VERBS] = {
    "book",     "move",    "cancel", "restore", "correct", "confirm",
    "complete", "no_show", "stock",  "away",    "read",
};
static const char *const outcome_names[] = {"acknowledged", "refused", "unknown"};
static const char *const fault_names[DAY_FAULTS] = {
    "chapter", "kill_server", "kill_database", "ready", "lost_answer", "double_tap", "provider",
};

const char *day_verb_name(enum day_verb verb)
{
    return verb_names[verb];
}

const char *day_outcome_name(enum day_outcome outcome)
{
    return outcome_names[outcome];
}

const char *day_fault_name(enum day_fault fault)
{
    return fault_names[fault];
}

/* Absent, zero and false members are left out. */
static void put(json_t *object, const char *name, json_t *value, bool there)
{
    if (there)
        json_object_set_new(object, name, value);
    else
        json_decref(value);
}

static void put_int(json_t *object, const char *name, int64_t value)
{
    put(object, name, json_integer(value), value != 0);
}

static void put_text(json_t *object, const char *name, struct str s)
{
    if (s.ptr)
        json_object_set_new(object, name, json_stringn_nocheck(s.ptr, s.len));
}

static json_t *op_line(const struct day_op *op)
{
    json_t *o = json_object();
    json_object_set_new(o, "at", json_integer(op->ended));
    json_object_set_new(o, "took", json_integer(op->ended - op->began));
    json_object_set_new(o, "client", json_integer(op->client));
    json_object_set_new(o, "asked", json_string(day_verb_name(op->verb)));
    json_object_set_new(o, "outcome", json_string(day_outcome_name(op->outcome)));
    put_int(o, "status", op->status);
    put_text(o, "code", op->code);
    put_int(o, "booking", op->booking);
    put_int(o, "version", op->version);
    put_int(o, "start_s", op->start_s);
    put_int(o, "staff", op->staff);
    put_int(o, "key", op->key);
    put_int(o, "rush", op->rush);
    put(o, "meant_lost", json_true(), op->meant_lost);
    return o;
}

static json_t *event_line(const struct day_event *event)
{
    json_t *o = json_object();
    json_object_set_new(o, "at", json_integer(event->at));
    json_object_set_new(o, "event", json_string(day_fault_name(event->fault)));
    put_int(o, "took", event->took);
    put_text(o, "text", event->text);
    return o;
}

static bool write_line(FILE *f, json_t *line)
{
    bool good = line && json_dumpf(line, f, JSON_COMPACT) == 0 && fputc('\n', f) != EOF;
    json_decref(line);
    return good;
}

enum result day_write_history(const struct day *d, const char *path, char *error, size_t size)
{
    FILE *f = fopen(path, "we");
    const struct day_op *ops = day_rows(&d->ops);
    const struct day_event *events = day_rows(&d->events);
    bool good = f != NULL;
    size_t o = 0, e = 0;
    while (good && (o < d->ops.count || e < d->events.count)) {
        bool event = o == d->ops.count || (e < d->events.count && events[e].at <= ops[o].ended);
        good = write_line(f, event ? event_line(&events[e++]) : op_line(&ops[o++]));
    }
    if (f && fclose(f) != 0)
        good = false;
    if (good)
        return OK;
    snprintf(error, size, "%s: %s", path, strerror(errno));
    return INTERNAL;
}
