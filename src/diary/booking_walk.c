/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* booking_walk: see booking_walk.h. */
#include "diary/booking_walk.h"

#include "client/client.h"

#include <stdlib.h>

enum { LOOKED_AT_MAX = 1000, FEW_CLIENTS = 20 };

/* What is looked at, by one of four indexes and in one of two directions. */
#define SPAN " AND start_s >= $2 AND start_s < $3"
#define UP   SPAN " AND (start_s > $4 OR (start_s = $4 AND id > $5)) ORDER BY start_s, id LIMIT $6) x"
#define DOWN \
    SPAN     \
        " AND (start_s < $4 OR (start_s = $4 AND id < $5)) ORDER BY start_s DESC, id DESC LIMIT $6) x"
#define BOOKINGS                                                                  \
    FITTING "(SELECT id, start_s, client_id, staff_id, status FROM booking WHERE" \
            " workspace_id = $1"
#define BY_CLIENT BOOKINGS " AND client_id = $9"
#define BY_STAFF  BOOKINGS " AND staff_id = $8"
#define BY_STATUS BOOKINGS " AND status = $7"

/* And what of it fits. Each piece is asked by the booking's or the client's own key. */
#define HAS                                              \
    " = '' OR EXISTS (SELECT 1 FROM client_term t WHERE" \
    " t.workspace_id = $1 AND t.client_id = x.client_id AND t.term >= "
#define UP_TO " AND t.term <= "
#define FITTING                                                                                    \
    "SELECT x.id, x.start_s, CASE WHEN ($7 = '' OR x.status = $7) AND ($8 = 0 OR x.staff_id = $8)" \
    " AND ($9 = 0 OR x.client_id = $9)"                                                            \
    " AND ($10 = 0 OR EXISTS (SELECT 1 FROM booking_service s WHERE s.workspace_id = $1"           \
    "  AND s.booking_id = x.id AND s.service_id = $10))"                                           \
    " AND ($11 = 0 OR EXISTS (SELECT 1 FROM hold h WHERE h.workspace_id = $1"                      \
    "  AND h.booking_id = x.id AND h.resource_id = $11))"                                          \
    " AND ($12" HAS "$12" UP_TO "$13)) AND ($14" HAS "$14" UP_TO "$15)) AND ($16" HAS "$16" UP_TO  \
    "$17)) AND ($18" HAS "$18" UP_TO "$19)) AND ($20" HAS "$20" UP_TO "$21)) AND ($22" HAS         \
    "$22" UP_TO "$23)) THEN 1 ELSE 0 END FROM "

enum { FIXED = 11, PARAMS = FIXED + 2 * ASKED_MAX };
_Static_assert(PARAMS == 23, "each word has its place in the statements");

static enum result look(struct work *w, const struct booking_walk *q, const struct db_value *p,
                        struct db_rows *r)
{
    bool down = q->newest_first;
    if (q->client_id)
        return down ? db_query_values(w->tx, r, BY_CLIENT DOWN, p, PARAMS)
                    : db_query_values(w->tx, r, BY_CLIENT UP, p, PARAMS);
    if (q->staff_id)
        return down ? db_query_values(w->tx, r, BY_STAFF DOWN, p, PARAMS)
                    : db_query_values(w->tx, r, BY_STAFF UP, p, PARAMS);
    if (*q->status)
        return down ? db_query_values(w->tx, r, BY_STATUS DOWN, p, PARAMS)
                    : db_query_values(w->tx, r, BY_STATUS UP, p, PARAMS);
    return down ? db_query_values(w->tx, r, BOOKINGS DOWN, p, PARAMS)
                : db_query_values(w->tx, r, BOOKINGS UP, p, PARAMS);
}

/* What was found on one or several walks. */
struct found {
    size_t count;
    struct walked *items;
    bool more; /* some walk ended before its end: nothing behind `last` is known of all */
    struct walked last;
};

static int earlier_first(const void *a, const void *b)
{
    const struct walked *x = a, *y = b;
    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int later_first(const void *a, const void *b)
{
    return earlier_first(b, a);
}

static enum result walk_one(struct work *w, const struct booking_walk *q, const struct asked *words,
                            size_t word_count, struct found *f)
{
    bool down = q->newest_first;
    int64_t from_s = q->from_s, to_s = q->to_s, end = down ? INT64_MAX : INT64_MIN;
    if (q->resumed && !down && q->after_start_s > from_s)
        from_s = q->after_start_s; /* the index is walked from there on */
    if (q->resumed && down && q->after_start_s < to_s)
        to_s = q->after_start_s + 1;
    struct db_value p[PARAMS] = {
        db_i(w->actor.workspace_id),
        db_i(from_s),
        db_i(to_s),
        db_i(q->resumed ? q->after_start_s : end),
        db_i(q->resumed ? q->after_id : end),
        db_i(LOOKED_AT_MAX),
        db_z(q->status),
        db_i(q->staff_id),
        db_i(q->client_id),
        db_i(q->service_id),
        db_i(q->resource_id),
    };
    for (size_t i = 0; i < ASKED_MAX; i++) {
        p[FIXED + 2 * i] = i < word_count ? db_s(words[i].lo) : db_z("");
        p[FIXED + 2 * i + 1] = i < word_count ? db_s(words[i].hi) : db_z("");
    }
    struct db_rows r;
    enum result res = look(w, q, p, &r);
    if (res != OK)
        return res;
    struct walked *items = arena_new_array(w->arena, f->count + r.count + 1, struct walked);
    struct walked last = {0};
    for (size_t i = 0; i < f->count; i++)
        items[i] = f->items[i];
    for (size_t i = 0; i < r.count; i++) {
        struct walked here = {db_int(&r, i, 0), db_int(&r, i, 1)};
        if (db_int(&r, i, 2))
            items[f->count++] = here;
        /* the rows of the walk come in its order or not: the end is the furthest */
        if (i == 0 || (down ? later_first : earlier_first)(&here, &last) > 0)
            last = here;
    }
    f->items = items;
    if (r.count < LOOKED_AT_MAX)
        return OK;
    if (!f->more || (down ? later_first : earlier_first)(&last, &f->last) < 0)
        f->last = last;
    f->more = true;
    return OK;
}

/* The clients whom the words fit, where they are few. */
static enum result walk_clients(struct work *w, const struct booking_walk *q, struct found *f,
                                bool *ret_few)
{
    struct client *clients;
    size_t count;
    enum result res = client_matching(w, q->q, FEW_CLIENTS + 1, &clients, &count);
    *ret_few = res == OK && count <= FEW_CLIENTS;
    for (size_t i = 0; *ret_few && i < count && res == OK; i++) {
        struct booking_walk one = *q;
        one.client_id = clients[i].id;
        res = walk_one(w, &one, NULL, 0, f);
    }
    return res;
}

static enum result walk_all(struct work *w, const struct booking_walk *q, struct found *f)
{
    struct asked words[ASKED_MAX];
    size_t count = q->q.len ? asked_words(w->arena, q->q, words) : 0;
    bool few = false;
    enum result res = OK;
    if (q->q.len && count == 0)
        return OK; /* no letter was asked for: it fits nobody */
    if (count && q->client_id == 0)
        res = walk_clients(w, q, f, &few);
    return res == OK && !few ? walk_one(w, q, words, count, f) : res;
}

enum result booking_walk(struct work *w, const struct booking_walk *q, struct walked **ret,
                         size_t *ret_count, bool *ret_more, struct walked *ret_last)
{
    struct found f = {0};
    enum result res = walk_all(w, q, &f);
    if (res != OK)
        return res;
    int (*order)(const void *, const void *) = q->newest_first ? later_first : earlier_first;
    if (f.count)
        qsort(f.items, f.count, sizeof *f.items, order);
    while (f.more && f.count && order(&f.items[f.count - 1], &f.last) > 0)
        f.count--; /* another walk has not come so far */
    if (f.count > q->limit) {
        f.count = q->limit;
        f.more = true;
        f.last = f.items[f.count - 1];
    }
    *ret = f.items;
    *ret_count = f.count;
    *ret_more = f.more;
    *ret_last = f.last;
    return OK;
}
