/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * retry_rules: what becomes of a message after an attempt. Pure.
 *
 * Whatever the outcome, the row ends in one of three ways: sent; failed, with the reason; or due
 * again.
 *
 * Time is the wall clock's, which may jump, since a row outlives every process that has a steadier
 * one. Back: a first attempt that lies in the future counts as now, and is written down as that, so
 * that the age of what went before is too small by no more than the time that it took to notice;
 * the hours between what we count on (20) and what the provider remembers (24) are there for that.
 * Forward: an unknown outcome seems older than it is and is parked, which is the safe side. It is
 * not sent twice, it is shown to the owner, and the provider's report or a person settles it. A
 * clock that could tell such a jump from hours of sleep or of power cut would have to outlive both.
 */
#ifndef CAREOPS_MESSAGE_RETRY_RULES_H
#define CAREOPS_MESSAGE_RETRY_RULES_H

#include "mail/mail.h"

enum {
    DECISION_ERROR_TEXT = MAIL_ERROR_TEXT + 80,
    /* No queued row is legitimately due further ahead: a lease takes minutes, a backoff an hour, a
     * wait that the provider asks for a day. */
    RETRY_AHEAD_MAX_S = 25 * 3600,
};

enum row_end { ROW_SENT, ROW_FAILED, ROW_AGAIN };

struct attempt {
    int64_t now_s;
    int64_t first_attempt_s;
    int64_t attempts;         /* with this one, from 1 */
    bool unknown_before;      /* an earlier attempt may have been taken */
    int64_t remembers_keys_s; /* the provider's */
    uint32_t chance;          /* random, for the jitter */
};

struct decision {
    enum row_end end;
    int64_t due_s; /* ROW_AGAIN */
    bool unknown;  /* some attempt may have been taken */
    char error[DECISION_ERROR_TEXT];
};

struct decision retry_decide(const struct attempt *a, const struct mail_result *r);

/* When it was first tried, as far as that can be: an unset one, or one to come, is now. */
int64_t retry_first_attempt_s(struct opt_int first_attempt_s, int64_t now_s);

/* An outcome has been unknown for longer than the provider remembers the key: going again could
 * double. */
bool retry_key_forgotten(bool unknown, int64_t first_attempt_s, int64_t now_s,
                         int64_t remembers_keys_s);

#endif
