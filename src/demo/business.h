/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * business: one business of the demo, from its file.
 *
 * The file's objects are the API's own bodies, except that
 *   - people, rooms, items and services name each other by name: "staff": ["Ann"], "materials":
 *     [{"item": "Dye", "quantity": 40}], "needs": [["Room 1", "Room 2"]];
 *   - weekly hours are {"weekdays": [1, 2], "start", "end"}, one span for several days;
 *   - days are counted from today: closures {"in_days", "days", "reason"}, a person's time_off
 *     {"in_days", "start", "end", "reason"} on one day;
 *   - the first of "staff" is the owner, who is a member already; whoever has a "password" can sign
 * in with it (demo.c);
 *   - an item says what was "received", what was wasted ("waste": {"quantity", "reason"}), and,
 * where shelf and book are to be counted at the end, what is "left" beside the reservations.
 */
#ifndef CAREOPS_DEMO_BUSINESS_H
#define CAREOPS_DEMO_BUSINESS_H

#include "base/tz.h"
#include "demo/caller.h"

/* Numbers that look like chance and are the same each time (splitmix64). */
struct dice {
    uint64_t state;
};
/* 0 … sides − 1; `sides` at least 1. */
size_t dice_roll(struct dice *d, size_t sides);

struct business {
    struct caller *caller;
    const json_t *data; /* the file */
    const struct tz *tz;
    int64_t now_s, today; /* of the whole load, so that a midnight on the way moves nothing */
    int64_t workspace_id;
    struct dice dice;
    size_t next_client;
    json_t *staff, *resources, *items, *services; /* name → id */
    json_t *clients;                              /* the clients as the API answered, in order */
};

/* Takes the caller, who becomes its owner. `data` outlives the business. */
void business_init(struct business *b, struct caller *caller, const json_t *data, uint64_t seed);
void business_done(struct business *b);

/* Sign-up, settings, rooms, people, stock, menu, clients, public page. workspace_id is known as
 * soon as sign-up is through, also when something later fails. */
enum result business_open(struct business *b) must_check;
/* Its visits from ten days ago to ten days ahead. In visits.c. */
enum result business_fill_diary(struct business *b) must_check;
/* Counts the shelves: what the file says is left beside what visits hold. */
enum result business_count_stock(struct business *b) must_check;

/* ---- pieces of its file ---- */

const char *data_text(const json_t *object, const char *key);
/* The id of that name; "0", which nothing has, where the file names what is not there. */
const char *id_of(const json_t *ids, const char *name);

#endif
