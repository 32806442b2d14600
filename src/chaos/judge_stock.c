/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_stock: the ledger is gone through from its first row on. Sums: what is on hand and what is
 * reserved is the sum of the moves, and at no moment was it negative or more reserved than there.
 * Reservations: each is made once and ended once, and those that are open at the end are those of
 * visits that are still to come.
 */
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

static const struct day_stock_move **sorted_moves(const struct court *c,
                                                  int (*order)(const void *, const void *))
{
    const struct day_stock_move *move = day_rows(&c->d->moves);
    size_t count = c->d->moves.count;
    const struct day_stock_move **sorted = calloc(count ? count : 1, sizeof *sorted);
    assert(sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = move + i;
    qsort(sorted, count, sizeof *sorted, order);
    return sorted;
}

static const struct day_item *item_of(const struct court *c, int64_t id)
{
    const struct day_item *item = day_rows(&c->d->items);
    for (size_t i = 0; i < c->d->items.count; i++)
        if (item[i].id == id)
            return item + i;
    return NULL;
}

static const char *item_name(struct court *c, int64_t id)
{
    const struct day_item *item = item_of(c, id);
    return item && item->name.len ? str_z(c->words, item->name)
                                  : arena_printf(c->words, "item %" PRId64, id);
}

/* Thousandths as people write them. */
static const char *amount(struct court *c, int64_t thousandths)
{
    uint64_t size = thousandths < 0 ? -(uint64_t)thousandths : (uint64_t)thousandths;
    const char *sign = thousandths < 0 ? "-" : "";
    if (size % 1000 == 0)
        return arena_printf(c->words, "%s%" PRIu64, sign, size / 1000);
    return arena_printf(c->words, "%s%" PRIu64 ".%03" PRIu64, sign, size / 1000, size % 1000);
}

/* ---- ledger ---- */

/* Ids of an item's moves rise in the order of their effect. */
static int by_item(const void *a, const void *b)
{
    const struct day_stock_move *x = *(const struct day_stock_move *const *)a;
    const struct day_stock_move *y = *(const struct day_stock_move *const *)b;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x > y) - (x < y);
}

static void judge_sums(struct court *c, struct judgement *j, const struct day_item *item,
                       const struct day_stock_move **move, size_t count)
{
    int64_t on_hand = 0, reserved = 0;
    bool told = false;
    for (size_t i = 0; i < count; i++) {
        bool wide = __builtin_add_overflow(on_hand, move[i]->on_hand, &on_hand) ||
                    __builtin_add_overflow(reserved, move[i]->reserved, &reserved);
        if (told || (!wide && on_hand >= 0 && reserved >= 0 && reserved <= on_hand))
            continue;
        told = true;
        court_found(c, j,
                    "%s stood at %s on hand and %s reserved after move %" PRId64 " (" STR_FMT ").",
                    item_name(c, item->id), amount(c, on_hand), amount(c, reserved), move[i]->id,
                    STR_ARG(move[i]->cause));
    }
    for (size_t i = 1; i < count; i++)
        if (move[i]->id == move[i - 1]->id) {
            court_found(c, j, "%s has the move %" PRId64 " twice.", item_name(c, item->id),
                        move[i]->id);
            break;
        }
    if (on_hand != item->on_hand || reserved != item->reserved)
        court_found(c, j, "%s shows %s on hand and %s reserved; its moves add up to %s and %s.",
                    item_name(c, item->id), amount(c, item->on_hand), amount(c, item->reserved),
                    amount(c, on_hand), amount(c, reserved));
}

static bool by_hand(const struct day_stock_move *move)
{
    return str_is(move->cause, "receive") || str_is(move->cause, "count") ||
           str_is(move->cause, "waste") || str_is(move->cause, "adjust");
}

static int rising(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* What a person entered and was acknowledged is a row: there are at least as many. A retry under
 * the same key is the same row. */
static void judge_entered(struct court *c, struct judgement *j)
{
    const struct day_op *op = day_rows(&c->d->ops);
    const struct day_stock_move *move = day_rows(&c->d->moves);
    uint32_t *key = calloc(c->d->ops.count + 1, sizeof *key);
    assert(key);
    size_t keys = 0;
    int64_t entered = 0, rows = 0;
    for (size_t i = 0; i < c->d->ops.count; i++)
        if (op[i].verb == DAY_STOCK && op[i].outcome == DAY_ACKNOWLEDGED)
            key[keys++] = op[i].key;
    qsort(key, keys, sizeof *key, rising);
    for (size_t i = 0; i < keys; i++)
        entered += key[i] == 0 || i == 0 || key[i] != key[i - 1];
    for (size_t i = 0; i < c->d->moves.count; i++)
        rows += by_hand(move + i);
    if (rows < entered)
        court_found(c, j,
                    "%" PRId64 " changes of stock by hand were acknowledged, and the ledger has "
                    "%" PRId64 ".",
                    entered, rows);
    free(key);
}

void judge_ledger(struct court *c)
{
    struct judgement *j = court_ask(
        c, "ledger", "Is the stock the sum of its moves, and was it negative at no time?");
    j->essential = true;
    const struct day_stock_move **move = sorted_moves(c, by_item);
    size_t count = c->d->moves.count;
    j->looked_at = (int64_t)count;
    for (size_t i = 0; i < count;) {
        size_t from = i;
        while (i < count && move[i]->item == move[from]->item)
            i++;
        const struct day_item *item = item_of(c, move[from]->item);
        if (item)
            judge_sums(c, j, item, move + from, i - from);
        else
            court_found(c, j, "There are moves of the item %" PRId64 ", which is not there.",
                        move[from]->item);
    }
    const struct day_item *item = day_rows(&c->d->items);
    for (size_t n = 0; n < c->d->items.count; n++) {
        size_t low = 0, high = count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (move[middle]->item < item[n].id)
                low = middle + 1;
            else
                high = middle;
        }
        bool moved = low < count && move[low]->item == item[n].id;
        if (!moved && (item[n].on_hand || item[n].reserved))
            judge_sums(c, j, item + n, NULL, 0);
    }
    judge_entered(c, j);
    free(move);
}

/* ---- reserved ---- */

static int by_visit(const void *a, const void *b)
{
    const struct day_stock_move *x = *(const struct day_stock_move *const *)a;
    const struct day_stock_move *y = *(const struct day_stock_move *const *)b;
    if (x->booking != y->booking)
        return x->booking < y->booking ? -1 : 1;
    return by_item(a, b);
}

/* The moves of one visit and one item, from reserved to ended. */
struct reservation {
    int64_t open; /* reserved and not ended */
    int64_t used; /* taken from what is on hand */
    bool told;    /* one finding a reservation is enough */
};

static void step(struct court *c, struct judgement *j, struct reservation *r,
                 const struct day_stock_move *m)
{
    const char *fault = NULL;
    if (m->reserved > 0 && r->open)
        fault = "is reserved again while it is reserved";
    else if (m->reserved < 0 && r->open == 0)
        fault = "is ended again after it had ended";
    else if (m->reserved < 0 && r->open + m->reserved != 0)
        fault = "is ended with another amount than was reserved";
    r->open += m->reserved;
    r->used -= m->on_hand;
    if (!fault || r->told)
        return;
    r->told = true;
    court_found(c, j, "%s for booking %" PRId64 " %s: move %" PRId64 " (" STR_FMT ", %s).",
                item_name(c, m->item), m->booking, fault, m->id, STR_ARG(m->cause),
                amount(c, m->reserved));
}

static bool to_come(const struct day_booking *b)
{
    return str_is(b->status, "pending") || str_is(b->status, "confirmed");
}

/* What is left at the end, held against the visit. `m` is the last of its moves. */
static void judge_end(struct court *c, struct judgement *j, const struct reservation *r,
                      const struct day_stock_move *m)
{
    const struct day_booking *b = court_booking(c, m->booking);
    if (r->told)
        return;
    if (!b)
        court_found(c, j, "%s was moved for booking %" PRId64 ", which is not there.",
                    item_name(c, m->item), m->booking);
    else if (!to_come(b) && r->open)
        court_found(c, j, "%s of %s is reserved for booking %" PRId64 ", which is " STR_FMT ".",
                    amount(c, r->open), item_name(c, m->item), b->id, STR_ARG(b->status));
    else if (!str_is(b->status, "completed") && r->used)
        court_found(c, j, "%s of %s was used for booking %" PRId64 ", which is " STR_FMT ".",
                    amount(c, r->used), item_name(c, m->item), b->id, STR_ARG(b->status));
}

/* The moves of one visit and one item, or none. */
static struct reservation find_reservation(const struct day_stock_move **move, size_t count,
                                           int64_t booking, int64_t item)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct day_stock_move *m = move[middle];
        if (m->booking < booking || (m->booking == booking && m->item < item))
            low = middle + 1;
        else
            high = middle;
    }
    struct reservation r = {0};
    for (; low < count && move[low]->booking == booking && move[low]->item == item; low++) {
        r.open += move[low]->reserved;
        r.used -= move[low]->on_hand;
    }
    return r;
}

/* What each visit has to have, by its service. */
static void judge_missing(struct court *c, struct judgement *j, const struct day_stock_move **move)
{
    for (size_t i = 0; i < c->bookings; i++) {
        const struct day_booking *b = c->by_id[i];
        const struct day_service *s = court_service(c, b->service);
        if (!s || !s->item)
            continue;
        j->looked_at++;
        struct reservation r = find_reservation(move, c->d->moves.count, b->id, s->item);
        if (to_come(b) && r.open != s->quantity)
            court_found(c, j,
                        "Booking %" PRId64 " is to come and needs %s of %s; %s is reserved for it.",
                        b->id, amount(c, s->quantity), item_name(c, s->item), amount(c, r.open));
        else if (str_is(b->status, "completed") && r.used != s->quantity)
            court_found(c, j, "Booking %" PRId64 " is completed and used %s of %s, and not %s.",
                        b->id, amount(c, r.used), item_name(c, s->item), amount(c, s->quantity));
    }
}

void judge_reserved(struct court *c)
{
    struct judgement *j = court_ask(
        c, "reserved", "Is each reservation of stock made once and ended once, with its visit?");
    const struct day_stock_move **move = sorted_moves(c, by_visit);
    size_t count = c->d->moves.count;
    for (size_t i = 0; i < count;) {
        struct reservation r = {0};
        size_t from = i;
        for (; i < count && move[i]->booking == move[from]->booking &&
               move[i]->item == move[from]->item;
             i++) {
            if (move[i]->booking == 0)
                continue;
            j->looked_at += move[i]->reserved > 0;
            step(c, j, &r, move[i]);
        }
        if (move[from]->booking)
            judge_end(c, j, &r, move[i - 1]);
    }
    judge_missing(c, j, move);
    free(move);
}
