/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * search: lists of clients, newest first, by the words and labels that were asked.
 *
 * Every condition is a term or a span of terms (terms.h). The one that fewest clients fulfil leads:
 * its clients are walked in the order of the list, and each is asked the other conditions by its
 * own terms. A single term's clients lie in that order, so the walk ends with the page. A span's do
 * not: they are all read and put in order where they are few; where they are many, the walk goes
 * along the short beginning which all of them share, and the span is one more condition.
 */
#include "client/internal.h"

#include "client/terms.h"

#include <stdlib.h>

enum { FEW = 1000, CONDITIONS_MAX = ASKED_MAX + 3 };

/* Whether the client of `t` has a term in each of the spans; an empty one is no condition. */
#define HAS                                                            \
    "(SELECT x.client_id FROM client_term x WHERE x.workspace_id = $1" \
    " AND x.client_id = t.client_id AND x.term >= "
#define UP_TO " AND x.term <= "
#define ENDS  " LIMIT 1) IS NOT NULL)"
#define CONDITIONS                                                                                \
    " AND ($5 = '' OR " HAS "$5" UP_TO "$6" ENDS " AND ($7 = '' OR " HAS "$7" UP_TO "$8" ENDS     \
    " AND ($9 = '' OR " HAS "$9" UP_TO "$10" ENDS " AND ($11 = '' OR " HAS "$11" UP_TO "$12" ENDS \
    " AND ($13 = '' OR " HAS "$13" UP_TO "$14" ENDS " AND ($15 = '' OR " HAS "$15" UP_TO          \
    "$16" ENDS " AND ($17 = '' OR " HAS "$17" UP_TO "$18" ENDS " AND ($19 = '' OR " HAS           \
    "$19" UP_TO "$20" ENDS " AND ($21 = '' OR " HAS "$21" UP_TO "$22" ENDS
#define CLIENTS_OF "SELECT " CLIENT_COLUMNS " FROM ("
#define IN_ORDER                                                                  \
    " ORDER BY t.client_id DESC LIMIT $3) m JOIN client c ON c.workspace_id = $1" \
    " AND c.id = m.client_id"

static enum result count_up_to_few(struct work *w, const struct asked *x, int64_t *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT COUNT(*) FROM (SELECT 1 FROM client_term WHERE workspace_id = $1"
                           " AND term >= $2 AND term <= $3 LIMIT $4) n",
                           db_i(w->actor.workspace_id), db_s(x->lo), db_s(x->hi), db_i(FEW));
    if (r == OK)
        *ret = db_int(&rows, 0, 0);
    return r;
}

struct search {
    size_t count;
    struct asked all[CONDITIONS_MAX];
    struct asked lead;
};

/* Which condition leads; *ret_none where one of them nobody fulfils. */
static enum result choose(struct work *w, struct search *s, bool *ret_none)
{
    int64_t fewest = INT64_MAX, n = FEW;
    size_t lead = 0;
    enum result r = OK;
    for (size_t i = 0; r == OK && i < s->count; i++) {
        if (s->count > 1 || !asked_exactly(&s->all[i]))
            r = count_up_to_few(w, &s->all[i], &n);
        if (n < fewest ||
            (n == fewest && str_utf8_len(s->all[i].lo) > str_utf8_len(s->all[lead].lo)))
            lead = i;
        fewest = n < fewest ? n : fewest;
    }
    if (r != OK)
        return r;
    *ret_none = fewest == 0;
    s->lead = s->all[lead];
    if (fewest >= FEW && !asked_exactly(&s->lead)) {
        s->lead = (struct asked){s->lead.near, s->lead.near, s->lead.near};
        return OK;
    }
    s->all[lead] = s->all[--s->count];
    return OK;
}

static enum result find(struct work *w, const struct search *s, int64_t before_id, int64_t limit,
                        struct db_rows *ret)
{
    enum { FIXED = 4, PARAMS = FIXED + 2 * CONDITIONS_MAX + 1 };
    _Static_assert(PARAMS == 23, "each condition has its place in the statements");
    struct db_value params[PARAMS] = {db_i(w->actor.workspace_id), db_i(before_id), db_i(limit),
                                      db_s(s->lead.lo)};
    for (size_t i = 0; i < CONDITIONS_MAX; i++) {
        bool used = i < s->count;
        params[FIXED + 2 * i] = used ? db_s(s->all[i].lo) : db_z("");
        params[FIXED + 2 * i + 1] = used ? db_s(s->all[i].hi) : db_z("");
    }
    params[PARAMS - 1] = db_s(s->lead.hi);
    if (asked_exactly(&s->lead))
        return db_query_values(w->tx, ret,
                               CLIENTS_OF "SELECT t.client_id FROM client_term t"
                                          " WHERE t.workspace_id = $1 AND t.term = $4"
                                          " AND t.client_id < $2" CONDITIONS IN_ORDER,
                               params, PARAMS - 1);
    return db_query_values(w->tx, ret,
                           CLIENTS_OF "SELECT DISTINCT t.client_id FROM client_term t"
                                      " WHERE t.workspace_id = $1 AND t.term >= $4"
                                      " AND t.term <= $23 AND t.client_id < $2" CONDITIONS IN_ORDER,
                           params, PARAMS);
}

static enum result list_all(struct work *w, int64_t before_id, int64_t limit, struct db_rows *ret)
{
    return db_query(
        w->tx, ret,
        "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.workspace_id = $1"
        " AND c.merged_into IS NULL AND c.erased_s IS NULL AND c.id < $2 ORDER BY c.id DESC LIMIT $3",
        db_i(w->actor.workspace_id), db_i(before_id), db_i(limit));
}

static size_t labels_asked(struct arena *a, const struct client_query *q, struct asked *ret)
{
    size_t n = 0;
    if (q->status.set)
        ret[n++] = asked_label(a, 's', str_of(client_statuses[q->status.value]));
    if (q->source.set)
        ret[n++] = asked_label(a, 'o', str_of(client_sources[q->source.value]));
    if (q->tag.len)
        ret[n++] = asked_label(a, 't', q->tag);
    return n;
}

static int newer_first(const void *a, const void *b)
{
    int64_t x = ((const struct client *)a)->id, y = ((const struct client *)b)->id;
    return x < y ? 1 : x > y ? -1 : 0;
}

enum result client_page(struct work *w, const struct client_query *q, int64_t before_id,
                        size_t limit, struct client **ret, size_t *ret_count)
{
    struct search s = {.count = labels_asked(w->arena, q, s.all)};
    struct db_rows rows = {0};
    bool none = false;
    size_t words = q->q.len ? asked_words(w->arena, q->q, s.all + s.count) : 0;
    s.count += words;
    enum result r = OK;
    if (q->q.len && words == 0)
        none = true;
    else if (s.count)
        r = choose(w, &s, &none);
    if (r == OK && !none)
        r = s.lead.lo.ptr ? find(w, &s, before_id, (int64_t)limit, &rows)
                          : list_all(w, before_id, (int64_t)limit, &rows);
    if (r != OK)
        return r;
    struct client *list = arena_new_array(w->arena, rows.count, struct client);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = client_of(&rows, i);
    /* A join may give them in another order. */
    if (rows.count)
        qsort(list, rows.count, sizeof *list, newer_first);
    *ret = list;
    *ret_count = rows.count;
    return OK;
}

enum result client_matching(struct work *w, struct str words, size_t limit, struct client **ret,
                            size_t *ret_count)
{
    const struct client_query q = {.q = words};
    return client_page(w, &q, INT64_MAX, limit, ret, ret_count);
}

enum result client_all_after(struct work *w, int64_t after_id, size_t limit, struct client **ret,
                             size_t *ret_count)
{
    struct db_rows rows;
    enum result r = db_query(
        w->tx, &rows,
        "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.workspace_id = $1"
        " AND c.merged_into IS NULL AND c.erased_s IS NULL AND c.id > $2 ORDER BY c.id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit));
    if (r != OK)
        return r;
    *ret = arena_new_array(w->arena, rows.count, struct client);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = client_of(&rows, i);
    *ret_count = rows.count;
    return OK;
}
