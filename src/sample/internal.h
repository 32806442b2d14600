/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of sample/ share and nobody else sees. */
#ifndef CAREOPS_SAMPLE_INTERNAL_H
#define CAREOPS_SAMPLE_INTERNAL_H

#include "diary/booking.h"
#include "sample/sample.h"

/* ---- week.c: what is invented, in two languages ---- */

enum { SAMPLE_CLIENTS = 12, SAMPLE_LINES = 3, SAMPLE_LANGUAGES = 2 };

/* A conversation's lines come from the client, but the second; NULL ends them. Stars 0: none. */
struct sample_client {
    const char *name[SAMPLE_LANGUAGES];
    const char *address,
        *phone; /* of nobody: RFC 2606's domain, numbers that are never given out */
    const char *notes[SAMPLE_LANGUAGES]; /* NULL: none */
    int hours_ago;                       /* of the first line */
    const char *lines[SAMPLE_LINES][SAMPLE_LANGUAGES];
};
/* The last one has no visit: a lead. */
extern const struct sample_client sample_clients[SAMPLE_CLIENTS];
extern const char *const sample_tag[SAMPLE_LANGUAGES];

struct sample_visit {
    int day;      /* from today */
    int permille; /* of that day's free starts */
    int client;   /* of sample_clients */
    enum booking_status if_over, if_ahead;
    int stars; /* where it is completed */
    const char *comment[SAMPLE_LANGUAGES];
};
extern const struct sample_visit sample_visits[];
extern const size_t sample_visit_count;

/* Of a business's locale. */
int sample_language(struct str locale);

/* ---- put_in.c, take_out.c ---- */

struct sample_counts {
    int64_t clients, bookings, conversations, ratings;
};
enum result sample_count(struct work *w, struct sample_counts *ret) must_check;
/* CONFLICT already_exists, or not_ready where there is nothing to book. */
enum result sample_put_in(struct work *w, struct sample_counts *ret) must_check;
/* OK also where there is none. */
enum result sample_take_out(struct work *w) must_check;

#endif
