/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge_letters: each confirmation once. With a provider of ours its accepted letters are counted,
 * by the key that each was sent under; without one the system's own word counts.
 *
 * A visit that was only made has exactly one. One that was changed meanwhile may have none (the
 * later word overtook it) and at most one more for each time that it was restored.
 */
#include "chaos/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

static int by_booking_and_key(const void *a, const void *b)
{
    const struct day_mail *x = *(const struct day_mail *const *)a;
    const struct day_mail *y = *(const struct day_mail *const *)b;
    if (x->booking != y->booking)
        return x->booking < y->booking ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x > y) - (x < y);
}

/* How many letters of confirmation may go out about a visit. */
struct due {
    int64_t least, most;
};

static struct due due_for(const struct court *c, const struct day_booking *b)
{
    struct calls made = court_calls_of_key(c, b->key);
    struct calls later = court_calls_of_booking(c, b->id);
    if (made.count && made.op[0]->start_s < c->d->began_s)
        return (struct due){0, 0}; /* a walk-in: whoever comes by leaves no address */
    struct due due = {1, 1};
    if (made.count == 0 || str_is(b->status, "pending"))
        due.least = 0;
    for (size_t i = 0; i < later.count; i++) {
        enum day_verb verb = later.op[i]->verb;
        if (later.op[i]->outcome == DAY_REFUSED)
            continue;
        if (verb == DAY_MOVE || verb == DAY_CANCEL || verb == DAY_RESTORE || verb == DAY_COMPLETE ||
            verb == DAY_NO_SHOW)
            due.least = 0;
        if (verb == DAY_RESTORE)
            due.most++;
    }
    return due;
}

static void judge_count(struct court *c, struct judgement *j, const struct day_booking *b,
                        int64_t letters)
{
    struct due due = due_for(c, b);
    j->looked_at += due.most > 0;
    if (letters < due.least)
        court_found(c, j,
                    "Booking %" PRId64 " (key %" PRIu32 ") at %s was never confirmed by a letter.",
                    b->id, b->key, court_instant(c, b->start_s));
    else if (letters > due.most)
        court_found(c, j,
                    "Booking %" PRId64 " (key %" PRIu32 ") was confirmed by %" PRId64
                    " letters, and by %" PRId64 " at most would be right.",
                    b->id, b->key, letters, due.most);
}

/* Letters are told apart by the key that their booking was made with; of two bookings of one key,
 * which nothing-extra has found, nobody knows whose letter it was. */
static bool is_alone(const struct court *c, size_t i)
{
    uint32_t key = c->by_key[i]->key;
    bool before = i > 0 && c->by_key[i - 1]->key == key;
    bool after = i + 1 < c->bookings && c->by_key[i + 1]->key == key;
    return key == 0 || (!before && !after);
}

/* Different keys under one booking. */
static int64_t letters_about(const struct day_mail **mail, size_t count, int64_t booking)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mail[middle]->booking < booking)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t letters = 0;
    for (size_t i = low; i < count && mail[i]->booking == booking; i++)
        letters += i == low || mail[i]->key != mail[i - 1]->key;
    return letters;
}

static void judge_never_made(struct court *c, struct judgement *j, const struct day_mail **mail,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && mail[i]->booking == mail[i - 1]->booking && mail[i]->key == mail[i - 1]->key)
            continue;
        if (court_booking(c, mail[i]->booking))
            continue;
        court_found(c, j,
                    "At %s a letter to " STR_FMT " confirmed booking %" PRId64
                    ", which was never made.",
                    court_moment(c, mail[i]->at), STR_ARG(mail[i]->to), mail[i]->booking);
    }
}

static void judge_by_stand_in(struct court *c, struct judgement *j)
{
    const struct day_mail *all = day_rows(&c->d->mails);
    const struct day_mail **mail = calloc(c->d->mails.count + 1, sizeof *mail);
    assert(mail);
    size_t count = 0;
    for (size_t i = 0; i < c->d->mails.count; i++)
        if (str_is(all[i].kind, "booking_confirmation"))
            mail[count++] = all + i;
    qsort(mail, count, sizeof *mail, by_booking_and_key);
    for (size_t i = 0; i < c->bookings; i++)
        if (is_alone(c, i))
            judge_count(c, j, c->by_key[i], letters_about(mail, count, c->by_key[i]->id));
    judge_never_made(c, j, mail, count);
    free(mail);
}

void judge_confirmed(struct court *c)
{
    struct judgement *j = court_ask(
        c, "confirmed", "Was each visit confirmed to its client by one letter and no more?");
    if (c->d->has_stand_in) {
        judge_by_stand_in(c, j);
        return;
    }
    for (size_t i = 0; i < c->bookings; i++)
        judge_count(c, j, c->by_id[i], c->by_id[i]->confirmations);
}
