/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * final: what the system shows when the day is over: every booking, every row of the ledger, the
 * stock and the letters, page by page through the API.
 */
#include "chaos/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES_MAX = 10000, LOOK_MS = 500 };

/* ---- pages ---- */

typedef void row_reader(void *self, const json_t *row);

/* Every row of a list; false where it could not be read to its end. */
static bool read_list(struct play *p, const char *path, row_reader *reader, void *self)
{
    char cursor[200] = "";
    for (int page = 0; page < PAGES_MAX; page++) {
        char whole[PATH_TEXT + 220];
        snprintf(whole, sizeof whole, "%s%climit=200%s%s", path, strchr(path, '?') ? '&' : '?',
                 cursor[0] ? "&cursor=" : "", cursor);
        json_t *found = fetch(&p->owner, whole, true);
        const json_t *rows = json_object_get(found, "data");
        if (!json_is_array(rows)) {
            json_decref(found);
            return false;
        }
        size_t i;
        json_t *row;
        json_array_foreach(rows, i, row) reader(self, row);
        snprintf(cursor, sizeof cursor, "%s", json_text(found, "next_cursor"));
        json_decref(found);
        if (!cursor[0])
            return true;
    }
    return false;
}

static int64_t thousandths(const json_t *row, const char *name)
{
    return llround(json_number_value(json_object_get(row, name)) * 1000.0);
}

/* ---- letters ---- */

struct message {
    int64_t id, booking;
    char kind[40];
    bool sent;
};

struct messages {
    struct message *rows;
    size_t count, cap;
};

static void read_message(void *self, const json_t *row)
{
    struct messages *m = self;
    if (m->count == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 1024;
        m->rows = m->cap <= DAY_MAILS_MAX ? realloc(m->rows, m->cap * sizeof *m->rows) : NULL;
        if (!m->rows)
            abort(); /* more letters than a day has */
    }
    struct message *one = &m->rows[m->count++];
    *one = (struct message){.id = json_id(row, "id"),
                            .booking = json_id(row, "booking_id"),
                            .sent = strcmp(json_text(row, "status"), "sent") == 0};
    snprintf(one->kind, sizeof one->kind, "%s", json_text(row, "kind"));
}

static int by_id(const void *a, const void *b)
{
    const struct message *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The key of the booking that a text was made with: "k123." at its beginning. */
static uint32_t key_in(const char *text)
{
    char *end = NULL;
    unsigned long n = text[0] == 'k' ? strtoul(text + 1, &end, 10) : 0;
    return end && *end == '.' && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* To a client of the other business, whose letters nobody counts. */
static bool beside(const struct play *p, const char *to)
{
    const char *mark = strstr(to, "zq");
    for (size_t i = 0; mark && i < p->mark_count; i++)
        if (p->mark_salon[i] == 1 && strncmp(mark, p->marks[i], strlen(p->marks[i])) == 0)
            return true;
    return false;
}

/* What a letter is about is told by its address, which is one booking's alone; of what kind it is,
 * by the system's list, or by its subject where the list has lost it. */
static void take_letters(struct play *p, const struct messages *m, const int64_t *booking_of,
                         uint32_t keys)
{
    const struct letter *letters = NULL;
    size_t count = p->standin ? standin_letters(p->standin, &letters) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct letter *l = &letters[i];
        if (beside(p, l->to))
            continue;
        struct message asked = {.id = l->tag};
        const struct message *known = bsearch(&asked, m->rows, m->count, sizeof *m->rows, by_id);
        uint32_t key = key_in(l->to);
        int64_t booking = key && key <= keys ? booking_of[key] : 0;
        const char *kind = known                             ? known->kind
                           : strstr(l->subject, "confirmed") ? "booking_confirmation"
                                                             : "unknown";
        day_mail(&p->day,
                 &(struct day_mail){.at = l->at,
                                    .key = l->key,
                                    .body = l->body,
                                    .to = str_of(l->to),
                                    .kind = str_of(kind),
                                    .booking = booking || !known ? booking : known->booking});
    }
}

/* ---- bookings ---- */

struct bookings {
    struct play *p;
    int64_t *booking_of; /* by key */
    uint32_t keys;
    const struct messages *messages;
};

static int by_booking(const void *a, const void *b)
{
    const struct message *x = a, *y = b;
    return (x->booking > y->booking) - (x->booking < y->booking);
}

/* The messages stand by booking here. */
static int confirmations_of(const struct messages *m, int64_t booking)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (m->rows[mid].booking < booking)
            low = mid + 1;
        else
            high = mid;
    }
    int n = 0;
    for (; low < m->count && m->rows[low].booking == booking; low++)
        n += m->rows[low].sent && strcmp(m->rows[low].kind, "booking_confirmation") == 0;
    return n;
}

static void read_booking(void *self, const json_t *row)
{
    struct bookings *b = self;
    const json_t *client = json_object_get(row, "client");
    uint32_t key = key_in(json_text(client, "email"));
    if (!key)
        key = key_in(json_text(row, "notes"));
    int64_t id = json_id(row, "id");
    if (key && key <= b->keys)
        b->booking_of[key] = id;
    const char *mark = strstr(json_text(client, "name"), "zq");
    const json_t *service = json_array_get(json_object_get(row, "service_ids"), 0);
    int64_t service_id = 0;
    (void)str_int(str_of(json_string_value(service)), &service_id);
    day_booking(&b->p->day, &(struct day_booking){
                                .id = id,
                                .version = json_id(row, "version"),
                                .service = service_id,
                                .staff = json_id(row, "staff_id"),
                                .start_s = json_instant(row, "start"),
                                .end_s = json_instant(row, "end"),
                                .status = str_of(json_text(row, "status")),
                                .client_mark = str_of(mark ? mark : ""),
                                .key = key,
                                .confirmations = confirmations_of(b->messages, id),
                            });
}

/* ---- stock ---- */

struct ledger {
    int64_t item;
    struct day_stock_move *rows;
    size_t count, cap;
    struct arena *arena;
};

static void read_move(void *self, const json_t *row)
{
    struct ledger *l = self;
    if (l->count == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 1024;
        l->rows = l->cap <= DAY_MOVES_MAX * 2 ? realloc(l->rows, l->cap * sizeof *l->rows) : NULL;
        if (!l->rows)
            abort(); /* more rows than a day has */
    }
    l->rows[l->count++] =
        (struct day_stock_move){.id = json_id(row, "id"),
                                .item = l->item,
                                .on_hand = thousandths(row, "on_hand_delta"),
                                .reserved = thousandths(row, "reserved_delta"),
                                .cause = str_copy(l->arena, str_of(json_text(row, "kind"))),
                                .booking = json_id(row, "booking_id")};
}

/* The API lists the newest first; the day wants the oldest first. */
static bool read_stock(struct play *p, int64_t item)
{
    char path[PATH_TEXT];
    struct arena a;
    struct ledger l = {.item = item, .arena = &a};
    snprintf(path, sizeof path, "/items/%lld", (long long)item);
    json_t *found = fetch(&p->owner, path, true);
    if (!found)
        return false;
    day_item(&p->day, &(struct day_item){.id = item,
                                         .name = str_of(json_text(found, "name")),
                                         .on_hand = thousandths(found, "on_hand"),
                                         .reserved = thousandths(found, "reserved")});
    json_decref(found);
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    snprintf(path, sizeof path, "/items/%lld/movements", (long long)item);
    bool good = read_list(p, path, read_move, &l);
    for (size_t i = l.count; i-- > 0;)
        day_stock_move(&p->day, &l.rows[i]);
    free(l.rows);
    arena_done(&a);
    return good;
}

/* ---- who is away ---- */

struct away_of {
    struct day *day;
    int64_t staff;
};

static void read_away(void *self, const json_t *row)
{
    const struct away_of *of = self;
    day_away(of->day, &(struct day_away){.staff = of->staff,
                                         .from_s = json_instant(row, "start"),
                                         .to_s = json_instant(row, "end")});
}

static bool read_time_off(struct play *p, int64_t person)
{
    char path[PATH_TEXT];
    struct away_of of = {&p->day, person};
    snprintf(path, sizeof path, "/staff/%lld/time-off", (long long)person);
    return read_list(p, path, read_away, &of);
}

/* ---- what is another's ---- */

static void pass_over(void *self, const json_t *row)
{
    (void)self;
    (void)row;
}

/* What the two offices show besides: nobody counts it, and each answer is searched for the markers
 * of the other business. */
static bool look_around(struct play *p)
{
    static const char *const lists[] = {"/clients", "/conversations", "/audit"};
    static const char *const lists_beside[] = {"/bookings", "/emails", "/items"};
    struct salon *was = p->owner.salon;
    bool good = true;
    for (size_t s = 0; s < 2; s++) {
        p->owner.salon = &p->salon[s];
        for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
            good = good && read_list(p, lists[i], pass_over, NULL);
            good = good && (s == 0 || read_list(p, lists_beside[i], pass_over, NULL));
        }
    }
    p->owner.salon = was;
    return good;
}

/* ---- the whole ---- */

static bool letters_wait(struct play *p, struct salon *s)
{
    struct salon *was = p->owner.salon;
    p->owner.salon = s;
    json_t *found = fetch(&p->owner, "/emails?status=queued&limit=1", true);
    p->owner.salon = was;
    bool wait = json_array_size(json_object_get(found, "data")) > 0 || !found;
    json_decref(found);
    return wait;
}

bool final_wait_for_letters(struct play *p, int64_t wait_ms)
{
    int64_t until = play_now(p) + wait_ms;
    while (letters_wait(p, &p->salon[0]) || letters_wait(p, &p->salon[1])) {
        if (play_now(p) > until)
            return false;
        nap_ms(LOOK_MS);
    }
    return true;
}

void final_read(struct play *p)
{
    struct messages m = {0};
    uint32_t keys = atomic_load(&p->last_key);
    int64_t *booking_of = calloc((size_t)keys + 1, sizeof *booking_of);
    bool good = booking_of && read_list(p, "/emails", read_message, &m);
    if (good && m.count > 0)
        qsort(m.rows, m.count, sizeof *m.rows, by_booking);
    struct bookings b = {.p = p, .booking_of = booking_of, .keys = keys, .messages = &m};
    good = good && read_list(p, "/bookings", read_booking, &b);
    for (size_t i = 0; i < p->salon[0].item_count && good; i++)
        good = read_stock(p, p->salon[0].items[i]);
    for (size_t i = 0; i < p->salon[0].people_count && good; i++)
        good = read_time_off(p, p->salon[0].people[i]);
    if (good && m.count > 0)
        qsort(m.rows, m.count, sizeof *m.rows, by_id);
    if (good)
        take_letters(p, &m, booking_of, keys);
    p->day.all_read = good && look_around(p);
    free(m.rows);
    free(booking_of);
}
