/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_acked: what was acknowledged is there. For each booking the acknowledged changes are gone
 * through in the order of their versions; each narrows what the booking may look like, and where a
 * version is missing between two of them, the calls whose outcome is unknown widen it again.
 */
#include "chaos/judge_parts.h"

#include <inttypes.h>
#include <stdlib.h>

enum state {
    PENDING = 1,
    CONFIRMED = 2,
    CANCELLED = 4,
    COMPLETED = 8,
    NO_SHOW = 16,
    OPEN = PENDING | CONFIRMED,
    ANY = 31,
};

static unsigned state_of(struct str status)
{
    static const char *const name[] = {"pending", "confirmed", "cancelled", "completed", "no_show"};
    for (unsigned i = 0; i < sizeof name / sizeof *name; i++)
        if (str_is(status, name[i]))
            return 1u << i;
    return 0;
}

/* What is known of one booking after some of its changes. */
struct known {
    unsigned states; /* those it may be in */
    bool time;       /* `start_s` and `staff` are known, unless `moved` */
    int64_t start_s;
    int64_t staff;    /* 0: not known */
    bool moved;       /* an unknown move may have come after */
    int64_t version;  /* the last acknowledged one */
    enum day_verb by; /* and what it was */
    int64_t answered; /* and when */
};

/* What `states` become by a change that had its effect; 0 where it cannot have had one. */
static unsigned after(enum day_verb verb, unsigned states)
{
    switch (verb) {
    case DAY_BOOK: return OPEN;
    case DAY_MOVE: return states & OPEN;
    case DAY_CANCEL: return states & OPEN ? CANCELLED : 0;
    case DAY_RESTORE: return states & CANCELLED ? OPEN : 0;
    case DAY_CONFIRM: return states & OPEN ? CONFIRMED : 0;
    case DAY_COMPLETE: return states & OPEN ? COMPLETED : 0;
    case DAY_NO_SHOW: return states & OPEN ? NO_SHOW : 0;
    case DAY_CORRECT:
    case DAY_STOCK:
    case DAY_AWAY:
    case DAY_READ:
    case DAY_VERBS: break;
    }
    return states;
}

/* May have had an effect that nothing says the place of. */
static bool uncertain(const struct day_op *op)
{
    return court_changes(op) && op->verb != DAY_BOOK &&
           (op->outcome == DAY_UNKNOWN || (op->outcome == DAY_ACKNOWLEDGED && op->version == 0));
}

/* Any of the uncertain calls may have happened here, in any order. */
static void widen(struct known *k, struct calls all)
{
    unsigned before;
    do {
        before = k->states;
        for (size_t i = 0; i < all.count; i++)
            if (uncertain(all.op[i]))
                k->states |= after(all.op[i]->verb, k->states);
    } while (k->states != before);
    for (size_t i = 0; i < all.count; i++)
        if (uncertain(all.op[i]) && all.op[i]->verb == DAY_MOVE)
            k->moved = true;
}

static void apply(struct known *k, const struct day_op *op)
{
    /* Acknowledged: it had its effect, whatever we believed to be possible. */
    unsigned to = after(op->verb, k->states);
    k->states = to ? to : after(op->verb, ANY);
    if (op->verb == DAY_BOOK || op->verb == DAY_MOVE) {
        if (op->start_s) {
            k->time = true;
            k->start_s = op->start_s;
            k->moved = false;
        }
        k->staff = op->staff;
    }
    k->version = op->version;
    k->by = op->verb;
    k->answered = op->ended;
}

static int by_version(const void *a, const void *b)
{
    const struct day_op *x = *(const struct day_op *const *)a;
    const struct day_op *y = *(const struct day_op *const *)b;
    if (x->version != y->version)
        return x->version < y->version ? -1 : 1;
    if (x->began != y->began)
        return x->began < y->began ? -1 : 1;
    return (x > y) - (x < y);
}

/* What the acknowledged changes say, in the order of their versions. */
static struct known follow(struct calls all, const struct day_op **change, size_t count)
{
    struct known k = {.states = ANY};
    qsort(change, count, sizeof *change, by_version);
    for (size_t i = 0; i < count; i++) {
        if (change[i]->version > k.version + 1)
            widen(&k, all);
        apply(&k, change[i]);
    }
    return k;
}

static bool asked_to_move_to(struct calls all, int64_t start_s)
{
    for (size_t i = 0; i < all.count; i++)
        if (uncertain(all.op[i]) && all.op[i]->verb == DAY_MOVE && all.op[i]->start_s == start_s)
            return true;
    return false;
}

static void found(struct court *c, struct judgement *j, const struct known *k,
                  const struct day_booking *b, const char *how)
{
    court_found(c, j,
                "Booking %" PRId64 " (key %" PRIu32 ") is %s; its last acknowledged change was %s "
                "at %s, version %" PRId64 ".",
                b->id, b->key, how, day_verb_name(k->by), court_moment(c, k->answered), k->version);
}

/* Whether the booking at the end is what its acknowledged changes make of it. */
static bool as_acknowledged(struct court *c, struct judgement *j, struct calls all,
                            const struct known *known, const struct day_booking *b)
{
    struct known k = *known;
    const char *how = NULL;
    if (b->version > k.version) {
        widen(&k, all);
        if (b->end_s <= c->ended_s)
            k.states |= after(DAY_COMPLETE, k.states) | after(DAY_NO_SHOW, k.states);
    }
    bool moved = k.moved && asked_to_move_to(all, b->start_s);
    if (b->version < k.version)
        how = arena_printf(c->words, "back at version %" PRId64, b->version);
    else if (!(state_of(b->status) & k.states))
        how = str_z(c->words, b->status);
    else if (k.time && b->start_s != k.start_s && !moved)
        how = arena_printf(c->words, "at %s and not at %s", court_instant(c, b->start_s),
                           court_instant(c, k.start_s));
    else if (k.time && k.staff && b->staff != k.staff && !k.moved)
        how = arena_printf(c->words, "with %s and not with %s", court_person(c, b->staff),
                           court_person(c, k.staff));
    if (how)
        found(c, j, &k, b, how);
    return !how;
}

/* ---- what was shown meanwhile ---- */

static int by_end(const void *a, const void *b)
{
    const struct day_op *x = *(const struct day_op *const *)a;
    const struct day_op *y = *(const struct day_op *const *)b;
    if (x->ended != y->ended)
        return x->ended < y->ended ? -1 : 1;
    return (x > y) - (x < y);
}

/* A reading that began after a change was acknowledged shows it or a later one, and nothing is
 * shown that is gone at the end. `change` are the acknowledged ones. */
static bool shown_rightly(struct court *c, struct judgement *j, struct calls all,
                          const struct day_op **change, size_t count, const struct day_booking *b)
{
    qsort(change, count, sizeof *change, by_end);
    int64_t newest = 0;
    size_t next = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct day_op *read = all.op[i];
        for (; next < count && change[next]->ended <= read->began; next++)
            if (change[next]->version > newest)
                newest = change[next]->version;
        if (read->verb != DAY_READ)
            continue;
        /* The client's own link may have ended; the business is shown all there is. */
        bool denied = read->outcome == DAY_REFUSED && read->status == 404 && read->client == 0;
        bool shown = read->outcome == DAY_ACKNOWLEDGED && read->version != 0;
        if ((denied && newest) || (shown && read->version < newest)) {
            court_found(c, j,
                        "Booking %" PRId64 ", asked for at %s, was shown %s although its version "
                        "%" PRId64 " had been acknowledged.",
                        read->booking, court_moment(c, read->began),
                        denied ? "as absent"
                               : arena_printf(c->words, "in version %" PRId64, read->version),
                        newest);
            return false;
        }
        if (shown && b && b->version < read->version) {
            court_found(c, j,
                        "Booking %" PRId64 " was shown in version %" PRId64
                        " at %s and is in version %" PRId64 " at the end.",
                        read->booking, read->version, court_moment(c, read->ended), b->version);
            return false;
        }
    }
    return true;
}

/* ---- one booking ---- */

static void judge_one(struct court *c, struct judgement *j, struct calls all)
{
    const struct day_op **change = c->scratch;
    size_t count = 0;
    bool made = false, acknowledged = false;
    const struct day_op *first = NULL;
    for (size_t i = 0; i < all.count; i++) {
        const struct day_op *op = all.op[i];
        if (op->outcome != DAY_ACKNOWLEDGED || !court_changes(op))
            continue;
        acknowledged = true;
        made = made || op->verb == DAY_BOOK;
        first = first ? first : op;
        j->looked_at++;
        if (op->version)
            change[count++] = op;
    }
    c->v->acknowledged_bookings += made;
    if (!acknowledged)
        return;
    const struct day_booking *b = court_booking(c, all.op[0]->booking);
    bool good = b != NULL;
    if (!b)
        court_found(
            c, j, "Booking %" PRId64 " (key %" PRIu32 ") is not there: %s was acknowledged at %s.",
            first->booking, first->key, day_verb_name(first->verb), court_moment(c, first->ended));
    else if (count) {
        struct known k = follow(all, change, count);
        good = as_acknowledged(c, j, all, &k, b);
    }
    good = shown_rightly(c, j, all, change, count, b) && good;
    c->v->lost += !good;
}

/* The answer said yes and we do not know which: then the key has to be there. */
static void judge_nameless(struct court *c, struct judgement *j, struct calls all)
{
    const struct day_op *yes = NULL;
    for (size_t i = 0; i < all.count; i++) {
        if (all.op[i]->outcome != DAY_ACKNOWLEDGED)
            continue;
        if (all.op[i]->booking)
            return;
        yes = all.op[i];
    }
    if (!yes)
        return;
    j->looked_at++;
    c->v->acknowledged_bookings++;
    if (court_has_key(c, yes->key))
        return;
    court_found(c, j, "No booking has the key %" PRIu32 ", which was acknowledged at %s.", yes->key,
                court_moment(c, yes->ended));
    c->v->lost++;
}

void judge_acked(struct court *c)
{
    struct judgement *j = court_ask(
        c, "acked", "Is everything that was acknowledged there, as it was last acknowledged?");
    j->essential = true;
    for (size_t i = 0; i < c->of_booking_count;) {
        struct calls all = court_same_booking(c, i);
        judge_one(c, j, all);
        i += all.count;
    }
    for (size_t i = 0; i < c->of_key_count;) {
        struct calls all = court_same_key(c, i);
        judge_nameless(c, j, all);
        i += all.count;
    }
}
