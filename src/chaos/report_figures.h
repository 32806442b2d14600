/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report_figures: the numbers and the sentences that the three forms of the report share. Private
 * to report_*.c.
 */
#ifndef CAREOPS_CHAOS_REPORT_FIGURES_H
#define CAREOPS_CHAOS_REPORT_FIGURES_H

#include "chaos/report.h"

/* How many calls of each kind had which outcome. */
struct tally {
    int64_t of[DAY_VERBS][3];
};
void tally_day(const struct day *d, struct tally *ret);

/* What happened between one chapter and the next. */
struct meanwhile {
    int64_t of[DAY_FAULTS];
};
/* `from` … before `to` in the list of events; chapters are not counted. */
void meanwhile_of(const struct day *d, size_t from, size_t to, struct meanwhile *ret);
/* Of the whole day, what is counted only among it. */
void meanwhile_of_day(const struct day *d, struct meanwhile *ret);
/* "12 kills of the server and 3 lost answers"; nothing where there was nothing. */
void meanwhile_words(struct buf *out, const struct meanwhile *m);
/* "kill -9 of the server", "kills (-9) of the server" */
const char *fault_words(enum day_fault fault, bool many);
const char *verb_words(enum day_verb verb);

/* "1:02:03" or "2:03" of the day. */
void clock_words(struct buf *out, int64_t ms);
/* "2 minutes and 3 seconds" */
void length_words(struct buf *out, int64_t ms);
/* "1,234 bookings" or "1 booking" */
void count_words(struct buf *out, int64_t n, const char *one, const char *many);
/* "fewer than 1 in 1,770 (95 % confidence)"; nothing where too little was looked at. */
void bound_words(struct buf *out, int64_t looked_at);
/* "2026-11-27 09:00 UTC" */
void instant_words(struct buf *out, int64_t s);

int64_t findings_of(const struct verdict *v);

/* Rows of the list of events, in the order of time: `next` from 0 on; false at the end. */
bool next_chapter(const struct day *d, size_t *next);

#endif
