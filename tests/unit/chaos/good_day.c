/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* good_day: see good_day.h. */
#include "good_day.h"

#include <string.h>

enum { CUT_S = 30 * MINUTE, BEGAN_S = 1799900000 };

/* A day while it is made: calls follow each other, a hundred milliseconds each. */
struct making {
    struct day *d;
    int64_t at;
    int64_t move_id;
};

static struct day_op call(struct making *m, enum day_verb verb, enum day_outcome outcome)
{
    m->at += 100;
    static const int status[] = {200, 409, 0};
    return (struct day_op){.began = m->at,
                           .ended = m->at + 40,
                           .verb = verb,
                           .outcome = outcome,
                           .client = 3,
                           .status = status[outcome]};
}

static void book(struct making *m, uint32_t key, int64_t start_s, enum day_outcome outcome)
{
    struct day_op op = call(m, DAY_BOOK, outcome);
    op.key = key;
    op.start_s = start_s;
    if (outcome == DAY_ACKNOWLEDGED) {
        op.status = 201;
        op.booking = id_of(key);
        op.version = 1;
        op.answer = 0xA000 + key;
    }
    if (outcome == DAY_REFUSED)
        op.code = STR("slot_taken");
    day_op(m->d, &op);
}

static void change(struct making *m, enum day_verb verb, uint32_t key, int64_t version,
                   int64_t start_s)
{
    struct day_op op = call(m, verb, version ? DAY_ACKNOWLEDGED : DAY_UNKNOWN);
    op.booking = id_of(key);
    op.version = version;
    op.start_s = start_s;
    day_op(m->d, &op);
}

/* As it is at the end. */
static void stands(struct making *m, uint32_t key, int64_t service, int64_t staff, int64_t start_s,
                   const char *status, int64_t version)
{
    int64_t length = service == CUT ? CUT_S : service == COLOUR ? 75 * MINUTE : 15 * MINUTE;
    day_booking(m->d, &(struct day_booking){.id = id_of(key),
                                            .version = version,
                                            .service = service,
                                            .staff = staff,
                                            .start_s = start_s,
                                            .end_s = start_s + length,
                                            .status = str_of(status),
                                            .client_mark = STR("Ada"),
                                            .key = key,
                                            .confirmations = 1});
}

static void stock(struct making *m, const char *cause, uint32_t key, int64_t on_hand,
                  int64_t reserved)
{
    day_stock_move(m->d, &(struct day_stock_move){.id = ++m->move_id,
                                                  .item = SHAMPOO,
                                                  .on_hand = on_hand,
                                                  .reserved = reserved,
                                                  .cause = str_of(cause),
                                                  .booking = key ? id_of(key) : 0});
}

static void letter(struct making *m, uint32_t key)
{
    day_mail(m->d, &(struct day_mail){.at = m->at,
                                      .key = 0xB000 + key,
                                      .body = 0xC000 + key,
                                      .to = STR("ada@example.com"),
                                      .kind = STR("booking_confirmation"),
                                      .booking = id_of(key)});
}

static void set_up(struct day *d)
{
    d->began_s = BEGAN_S;
    d->length = 600000;
    d->clients = 8;
    d->kills_wanted = 1;
    d->has_stand_in = true;
    d->all_read = true;
    d->answers_searched = 50;
    d->target = STR("http://127.0.0.1:8080");
    d->engine = STR("SQLite");
    day_person(d, &(struct day_person){LENA, STR("Lena")});
    day_person(d, &(struct day_person){MIA, STR("Mia")});
    day_item(d, &(struct day_item){.id = SHAMPOO, .name = STR("Shampoo")});
    day_service(d, &(struct day_service){.id = CUT,
                                         .name = STR("Cut"),
                                         .before_s = 5 * MINUTE,
                                         .after_s = 10 * MINUTE,
                                         .segments = 1,
                                         .segment = {{true, CUT_S}},
                                         .item = SHAMPOO,
                                         .quantity = 1500});
    day_service(d,
                &(struct day_service){
                    .id = COLOUR,
                    .name = STR("Colour"),
                    .segments = 3,
                    .segment = {{true, 30 * MINUTE}, {false, 30 * MINUTE}, {true, 15 * MINUTE}}});
    day_service(
        d, &(struct day_service){
               .id = TRIM, .name = STR("Trim"), .segments = 1, .segment = {{true, 15 * MINUTE}}});
}

static void a_cut(struct making *m, uint32_t key, int64_t staff, int64_t start_s,
                  const char *status, int64_t version)
{
    stock(m, "reserve", key, 0, 1500);
    stands(m, key, CUT, staff, start_s, status, version);
}

static void simple_stories(struct making *m)
{
    book(m, KEY_PLAIN, AT_NINE, DAY_ACKNOWLEDGED);
    a_cut(m, KEY_PLAIN, LENA, AT_NINE, "confirmed", 1);
    letter(m, KEY_PLAIN);

    int64_t at = AT_NINE + 300 * MINUTE;
    book(m, KEY_CHANGED, AT_NINE, DAY_ACKNOWLEDGED);
    change(m, DAY_MOVE, KEY_CHANGED, 2, at);
    change(m, DAY_CANCEL, KEY_CHANGED, 3, 0);
    change(m, DAY_RESTORE, KEY_CHANGED, 4, 0);
    a_cut(m, KEY_CHANGED, LENA, at, "confirmed", 4);
    stock(m, "release", KEY_CHANGED, 0, -1500);
    stock(m, "reserve", KEY_CHANGED, 0, 1500);
    letter(m, KEY_CHANGED);

    /* The cut's 10 minutes after end where the next one's 5 before begin. */
    at = AT_NINE + 45 * MINUTE;
    book(m, KEY_RETRIED, at, DAY_UNKNOWN);
    book(m, KEY_RETRIED, at, DAY_ACKNOWLEDGED);
    book(m, KEY_RETRIED, at, DAY_ACKNOWLEDGED);
    a_cut(m, KEY_RETRIED, MIA, AT_NINE + 45 * MINUTE, "confirmed", 1);
    letter(m, KEY_RETRIED);

    book(m, KEY_NEVER, AT_NINE, DAY_UNKNOWN);
    book(m, KEY_SILENT, AT_NINE, DAY_UNKNOWN);
    a_cut(m, KEY_SILENT, MIA, AT_NINE, "confirmed", 1);
    letter(m, KEY_SILENT);
    book(m, KEY_REFUSED, AT_NINE, DAY_REFUSED);
}

static void stories_of_time(struct making *m)
{
    int64_t ten = AT_NINE + 60 * MINUTE;
    book(m, KEY_COLOUR, ten, DAY_ACKNOWLEDGED);
    stands(m, KEY_COLOUR, COLOUR, LENA, ten, "pending", 1);
    book(m, KEY_INSIDE, ten + 30 * MINUTE, DAY_ACKNOWLEDGED);
    stands(m, KEY_INSIDE, TRIM, LENA, ten + 30 * MINUTE, "confirmed", 1);
    letter(m, KEY_INSIDE);
    book(m, KEY_TOUCHING, ten + 45 * MINUTE, DAY_ACKNOWLEDGED);
    stands(m, KEY_TOUCHING, TRIM, LENA, ten + 45 * MINUTE, "confirmed", 1);
    letter(m, KEY_TOUCHING);

    /* Where others are: it does not hold its time any more. */
    book(m, KEY_CANCELLED, ten, DAY_ACKNOWLEDGED);
    change(m, DAY_CANCEL, KEY_CANCELLED, 2, 0);
    a_cut(m, KEY_CANCELLED, LENA, ten, "cancelled", 2);
    stock(m, "release", KEY_CANCELLED, 0, -1500);

    int64_t past = BEGAN_S - 7200;
    book(m, KEY_WALK_IN, past, DAY_ACKNOWLEDGED);
    change(m, DAY_COMPLETE, KEY_WALK_IN, 2, 0);
    a_cut(m, KEY_WALK_IN, MIA, past, "completed", 2);
    stock(m, "consume", KEY_WALK_IN, -1500, -1500);

    book(m, KEY_NO_SHOW, ten, DAY_ACKNOWLEDGED);
    change(m, DAY_NO_SHOW, KEY_NO_SHOW, 2, 0);
    a_cut(m, KEY_NO_SHOW, LENA, ten, "no_show", 2);
    stock(m, "release", KEY_NO_SHOW, 0, -1500);
    letter(m, KEY_NO_SHOW);
}

static void stories_of_silence(struct making *m)
{
    int64_t two = AT_NINE + 400 * MINUTE;
    book(m, KEY_MAYBE_MOVED, two, DAY_ACKNOWLEDGED);
    change(m, DAY_MOVE, KEY_MAYBE_MOVED, 0, two + 60 * MINUTE);
    stands(m, KEY_MAYBE_MOVED, TRIM, MIA, two + 60 * MINUTE, "confirmed", 2);
    letter(m, KEY_MAYBE_MOVED);
    book(m, KEY_MAYBE_STAYED, two, DAY_ACKNOWLEDGED);
    change(m, DAY_MOVE, KEY_MAYBE_STAYED, 0, two + 90 * MINUTE);
    stands(m, KEY_MAYBE_STAYED, TRIM, MIA, two, "confirmed", 1);
    letter(m, KEY_MAYBE_STAYED);
}

static void a_rush(struct making *m)
{
    int64_t at = AT_NINE + 86400;
    for (uint32_t i = 0; i < RUSH_CLIENTS; i++) {
        struct day_op op = call(m, DAY_BOOK, i < 2 ? DAY_ACKNOWLEDGED : DAY_REFUSED);
        op.key = KEY_RUSH + i;
        op.rush = 1;
        op.start_s = at;
        if (i < 2) {
            op.booking = id_of(op.key);
            op.version = 1;
            stands(m, op.key, TRIM, i == 0 ? LENA : MIA, at, "confirmed", 1);
            letter(m, op.key);
        } else
            op.code = STR("slot_taken");
        day_op(m->d, &op);
    }
}

void good_day(struct day *d)
{
    day_init(d, 7);
    set_up(d);
    struct making m = {.d = d, .at = 1000};
    day_event(d, &(struct day_event){.text = STR("The day begins with 8 clients.")});
    day_op(d, &(struct day_op){.began = 900, .ended = 910, .verb = DAY_STOCK, .status = 201});
    stock(&m, "receive", 0, 100000, 0);
    simple_stories(&m);
    stories_of_time(&m);
    day_event(d, &(struct day_event){.at = m.at + 50, .fault = DAY_KILL_SERVER});
    day_event(d, &(struct day_event){.at = m.at + 450, .fault = DAY_READY, .took = 400});
    m.at += 500;
    stories_of_silence(&m);
    a_rush(&m);
    day_event(d, &(struct day_event){.at = m.at, .fault = DAY_LOST_ANSWER});
    day_op(d, &(struct day_op){.began = m.at + 200,
                               .ended = m.at + 210,
                               .verb = DAY_READ,
                               .status = 200,
                               .booking = id_of(KEY_CHANGED),
                               .version = 4});
    balance(d);
}

void good_sick_day(struct day *d)
{
    good_day(d);
    const struct day_op *last = (const struct day_op *)d->ops.rows + d->ops.count - 1;
    struct making making = {.d = d, .at = last->ended}, *m = &making;
    int64_t at = SICK_S + 60 * MINUTE;
    book(m, KEY_STAYED, at, DAY_ACKNOWLEDGED);
    stands(m, KEY_STAYED, TRIM, MIA, at, "confirmed", 1);
    letter(m, KEY_STAYED);
    book(m, KEY_LEFT, at + 60 * MINUTE, DAY_ACKNOWLEDGED);
    letter(m, KEY_LEFT);
    for (int i = 0; i < 2; i++) {
        struct day_op op = call(m, DAY_AWAY, i == 0 ? DAY_UNKNOWN : DAY_ACKNOWLEDGED);
        op.key = KEY_SICK;
        op.staff = MIA;
        op.start_s = SICK_S;
        day_op(m->d, &op);
    }
    day_away(m->d, &(struct day_away){.staff = MIA, .from_s = SICK_S, .to_s = SICK_S + 86400});
    change(m, DAY_MOVE, KEY_LEFT, 2, at + 60 * MINUTE);
    stands(m, KEY_LEFT, TRIM, LENA, at + 60 * MINUTE, "confirmed", 2);
}

/* ---- making one thing wrong ---- */

struct day_booking *booking_of(struct day *d, uint32_t key)
{
    struct day_booking *b = d->bookings.rows;
    for (size_t i = 0; i < d->bookings.count; i++)
        if (b[i].key == key)
            return b + i;
    fail_msg("no booking has key %u", key);
    return NULL;
}

struct day_op *op_of(struct day *d, enum day_verb verb, uint32_t key, size_t nth)
{
    struct day_op *op = d->ops.rows;
    for (size_t i = 0; i < d->ops.count; i++)
        if (op[i].verb == verb && (op[i].key == key || op[i].booking == id_of(key)) && nth-- == 0)
            return op + i;
    fail_msg("no such call for key %u", key);
    return NULL;
}

struct day_stock_move *move_of(struct day *d, uint32_t key, const char *cause)
{
    struct day_stock_move *m = d->moves.rows;
    for (size_t i = 0; i < d->moves.count; i++)
        if ((key ? m[i].booking == id_of(key) : m[i].booking == 0) && str_is(m[i].cause, cause))
            return m + i;
    fail_msg("no move to %s for key %u", cause, key);
    return NULL;
}

struct day_mail *mail_of(struct day *d, uint32_t key)
{
    struct day_mail *m = d->mails.rows;
    for (size_t i = 0; i < d->mails.count; i++)
        if (m[i].booking == id_of(key))
            return m + i;
    fail_msg("no letter is about key %u", key);
    return NULL;
}

static void drop(struct day_list *list, void *row, size_t size)
{
    char *end = (char *)list->rows + list->count * size;
    memmove(row, (char *)row + size, (size_t)(end - ((char *)row + size)));
    list->count--;
}

void forget(struct day *d, uint32_t key)
{
    drop(&d->bookings, booking_of(d, key), sizeof(struct day_booking));
    struct day_stock_move *m = d->moves.rows;
    for (size_t i = d->moves.count; i-- > 0;)
        if (m[i].booking == id_of(key))
            drop(&d->moves, m + i, sizeof *m);
    struct day_mail *mail = d->mails.rows;
    for (size_t i = d->mails.count; i-- > 0;)
        if (mail[i].booking == id_of(key))
            drop(&d->mails, mail + i, sizeof *mail);
    balance(d);
}

void balance(struct day *d)
{
    struct day_item *item = d->items.rows;
    const struct day_stock_move *m = d->moves.rows;
    item->on_hand = item->reserved = 0;
    for (size_t i = 0; i < d->moves.count; i++) {
        item->on_hand += m[i].on_hand;
        item->reserved += m[i].reserved;
    }
}

/* ---- judging ---- */

static bool tell_others(const struct verdict *v, const char *except)
{
    bool any = false;
    for (size_t i = 0; i < v->count; i++) {
        const struct judgement *j = &v->judgement[i];
        if (j->findings == 0 || (except && strcmp(j->name, except) == 0))
            continue;
        any = true;
        for (size_t n = 0; n < j->told; n++)
            print_error("%s: " STR_FMT "\n", j->name, STR_ARG(j->finding[n]));
    }
    for (size_t i = 0; i < v->why_not_count && !except; i++) {
        print_error("%s\n", v->why_not[i]);
        any = true;
    }
    return any;
}

void assert_good(struct day *d)
{
    struct arena a;
    struct verdict v;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(d, &a, &v);
    assert_false(tell_others(&v, NULL));
    assert_true(v.holds);
    assert_int_equal(v.lost, 0);
    assert_int_equal(v.doubled, 0);
    arena_done(&a);
    day_done(d);
}

void assert_found(struct day *d, const char *judge, int64_t findings)
{
    struct arena a;
    struct verdict v;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    judge_day(d, &a, &v);
    assert_false(tell_others(&v, judge));
    assert_false(v.holds);
    const struct judgement *found = NULL;
    for (size_t i = 0; i < v.count; i++)
        if (strcmp(v.judgement[i].name, judge) == 0)
            found = &v.judgement[i];
    assert_non_null(found);
    if (found->findings != findings)
        tell_others(&v, NULL);
    assert_int_equal(found->findings, findings);
    assert_true(findings == 0 || found->told > 0);
    arena_done(&a);
    day_done(d);
}
