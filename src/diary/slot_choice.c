/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* slot_choice: who of several takes a visit, and which rooms and devices. See slots.h. */
#include "diary/slots.h"

#include <assert.h>

/* ---- persons ---- */

enum {
    USABLE_GAP_S = 30 * 60, /* shorter ones are seldom sold */
    NEAR_EQUAL_S = 10 * 60, /* differences in waste that fairness may overrule */
};

static int64_t waste_of(int64_t gap_s)
{
    return gap_s < USABLE_GAP_S ? gap_s : 0;
}

/* Time in gaps too short to use that the visit would leave before and after itself. */
static int64_t wasted_s(const struct person *p, const struct visit_shape *v, int64_t start_s)
{
    int64_t from = start_s + v->outer_from_off_s, to = start_s + v->outer_to_off_s;
    /* Outside the person's hours (a visit by hand) only the neighbouring visits bound the gaps. */
    int64_t left = INT64_MIN / 2, right = INT64_MAX / 2;
    size_t o = spans_seek(p->open, 0, from);
    if (o < p->open.count && p->open.items[o].from_s <= from && to <= p->open.items[o].to_s) {
        left = p->open.items[o].from_s;
        right = p->open.items[o].to_s;
    }
    size_t b = spans_seek(p->busy, 0, from);
    if (b > 0 && p->busy.items[b - 1].to_s > left)
        left = p->busy.items[b - 1].to_s;
    /* Holds that lie in the visit's processing time are not neighbours. */
    while (b < p->busy.count && p->busy.items[b].from_s < to)
        b++;
    if (b < p->busy.count && p->busy.items[b].from_s < right)
        right = p->busy.items[b].from_s;
    return waste_of(from - left) + waste_of(right - to);
}

const struct visit_shape *slot_shape_of(const struct person *p, const struct visit_shape *asked)
{
    return p->shape ? p->shape : asked;
}

static const struct person *person_of(const struct slot_rules *rules, int64_t id)
{
    for (size_t i = 0; i < rules->person_count; i++)
        if (rules->persons[i].id == id)
            return &rules->persons[i];
    return NULL;
}

int64_t slot_choose(const struct slot_rules *rules, const struct visit_shape *shape,
                    const struct slot *slot)
{
    assert(slot->reason == SLOT_OK && slot->staff_count > 0);
    const struct person *best = NULL;
    int64_t best_waste = 0;
    for (size_t i = 0; i < slot->staff_count; i++) {
        const struct person *p = person_of(rules, slot->staff_ids[i]);
        assert(p);
        /* Steps instead of differences, so that "near equal" is the same for any three persons. */
        int64_t waste = wasted_s(p, slot_shape_of(p, shape), slot->start_s) / NEAR_EQUAL_S;
        if (!best || waste < best_waste || (waste == best_waste && p->booked_s < best->booked_s)) {
            best = p;
            best_waste = waste;
        }
    }
    assert(best);
    return best->id;
}

/* ---- rooms and devices ---- */

static const struct thing *thing_of(const struct slot_rules *rules, int64_t id)
{
    size_t low = 0, high = rules->thing_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rules->things[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < rules->thing_count && rules->things[low].id == id ? &rules->things[low] : NULL;
}

/* The needs of one service: they ask for the same interval, so each wants a thing of its own. */
struct matching {
    const struct slot_rules *rules;
    const struct visit_need *needs;
    size_t count;
    int64_t from_s;
    int64_t to_s;
    const struct thing *given[SERVICE_NEEDS_MAX]; /* NULL: none yet */
    bool asked[SERVICE_NEEDS_MAX];                /* in the present search */
};

static size_t owner_of(const struct matching *m, const struct thing *t)
{
    size_t i = 0;
    while (i < m->count && m->given[i] != t)
        i++;
    return i;
}

/*
 * Gives need `n` a thing, moving others to their second choices where it must: augmenting paths in
 * a bipartite graph. Each need is asked once a search, so the depth is at most SERVICE_NEEDS_MAX.
 */
static bool give(struct matching *m, size_t n)
{
    m->asked[n] = true;
    const struct need *need = &m->needs[n].need;
    for (size_t c = 0; c < need->count; c++) {
        const struct thing *t = thing_of(m->rules, need->any_of[c]);
        if (!t || spans_touch(t->busy, m->from_s, m->to_s))
            continue;
        size_t owner = owner_of(m, t);
        if (owner == m->count || (!m->asked[owner] && give(m, owner))) {
            m->given[n] = t;
            return true;
        }
    }
    return false;
}

bool slot_assign_things(const struct slot_rules *rules, const struct visit_shape *shape,
                        int64_t start_s, int64_t *ret_ids)
{
    int64_t ids[VISIT_NEEDS_MAX];
    for (size_t first = 0, next; first < shape->need_count; first = next) {
        const struct visit_need *n = &shape->needs[first];
        for (next = first + 1; next < shape->need_count; next++)
            if (shape->needs[next].from_off_s != n->from_off_s)
                break;
        assert(next - first <= SERVICE_NEEDS_MAX);
        struct matching m = {
            .rules = rules,
            .needs = n,
            .count = next - first,
            .from_s = start_s + n->from_off_s,
            .to_s = start_s + n->to_off_s,
        };
        for (size_t i = 0; i < m.count; i++) {
            for (size_t k = 0; k < m.count; k++)
                m.asked[k] = false;
            if (!give(&m, i))
                return false;
            assert(m.given[i]);
        }
        for (size_t i = 0; i < m.count; i++)
            ids[first + i] = m.given[i]->id;
    }
    for (size_t i = 0; i < shape->need_count; i++)
        ret_ids[i] = ids[i];
    return true;
}
