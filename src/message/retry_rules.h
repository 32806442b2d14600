/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * retry_rules: what becomes of a message after an attempt. Pure.
 *
 * Whatever the outcome, the row ends in one of three ways: sent; failed, with the reason; or due
 * again.
 */
#ifndef CAREOPS_MESSAGE_RETRY_RULES_H
#define CAREOPS_MESSAGE_RETRY_RULES_H

#include "mail/mail.h"

enum { DECISION_ERROR_TEXT = MAIL_ERROR_TEXT + 80 };

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

/* An outcome has been unknown for longer than the provider remembers the key: going again could
 * double. */
bool retry_key_forgotten(bool unknown, int64_t first_attempt_s, int64_t now_s,
                         int64_t remembers_keys_s);

#endif
