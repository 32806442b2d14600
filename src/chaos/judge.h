/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * judge: the checkers of a Chaos Day. Each is a pure function of what is known of the day and
 * shares no code with the server. Each says how much it looked at, so that a checker that looked at
 * nothing is seen.
 *
 *   acked      what was acknowledged is there, as it was last acknowledged or in a legal later
 * state nothing-extra  nothing is there that nobody asked for; one booking at most for a key
 *   same-answer    the same key, asked again, was answered the same
 *   overlap    no person is in two active visits at once, buffers included, processing time free
 *   away       who called in sick is away, and nobody was put into that time afterwards
 *   winners    a rush on one slot had as many winners as there was room for
 *   ledger     on hand and reserved are the sums of their moves, and were negative at no time
 *   reserved   each reservation ended once; none is open for a visit that is over, none missing for
 *              one that is to come
 *   confirmed  each confirmation once: one letter accepted for each acknowledged booking, none for
 *              what was never made
 *   private    nobody was shown another's marker
 *   ready      answering again within a second, at the 99th percentile
 *   injected   something was done to the system
 */
#ifndef CAREOPS_CHAOS_JUDGE_H
#define CAREOPS_CHAOS_JUDGE_H

#include "chaos/day.h"

enum {
    JUDGES_MAX = 16,
    FINDINGS_SHOWN_MAX = 20,
};

struct judgement {
    const char *name;     /* as above */
    const char *question; /* in plain words, for the report */
    int64_t looked_at;
    int64_t findings; /* how many; the first ones are told */
    size_t told;
    struct str finding[FINDINGS_SHOWN_MAX];
    bool skipped; /* could not be judged; `why_skipped` says it */
    const char *why_skipped;
    bool essential; /* without it there is no verdict: skipped, or with nothing to look at, it fails
                     */
};

struct verdict {
    size_t count;
    struct judgement judgement[JUDGES_MAX];
    int64_t acknowledged, refused, unknown; /* writes only */
    int64_t acknowledged_bookings;
    int64_t lost; /* of these: gone, or without their last acknowledged change */
    int64_t
        doubled; /* further bookings of one key, and visits in which a person is elsewhere too */
    int64_t ready_p50, ready_p99, ready_max; /* ms; 0 without a restart */
    bool holds; /* no finding, everything read, something was injected, no essential judge blind */
    size_t why_not_count;
    const char *why_not[JUDGES_MAX * 2]; /* what keeps it from holding, besides findings */
};

/* 0 findings in `looked_at` tries: with 95 % confidence the true share is below this (the rule of
 * three, 3/N); 1 where nothing was looked at. */
double judge_bound(int64_t looked_at);

/* Texts lie in `a`. */
void judge_day(const struct day *d, struct arena *a, struct verdict *ret);

#endif
