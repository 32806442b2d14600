/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shared_mail: a mail service and a clock in memory that several processes share, for tests that
 * kill them: what the service has taken outlives whoever sent it.
 *
 * It keeps Resend's contract: an e-mail per key, and for 24 hours the same answer for the same key
 * and body without a second e-mail. Some answers are lost on the way (`lose_each`), so the outcome
 * is unknown where the e-mail was taken. Its memory is without locks, since whoever holds one may
 * be killed.
 */
#ifndef CAREOPS_TESTS_MESSAGE_SHARED_MAIL_H
#define CAREOPS_TESTS_MESSAGE_SHARED_MAIL_H

#include "../unit.h"

#include "mail/mail.h"

enum { SHARED_KEYS_MAX = 8192, SHARED_MEMORY_S = 24 * 3600 };

struct shared_key {
    _Atomic int64_t id; /* the message's, of its key; 0: free */
    _Atomic int64_t taken_ms;
    _Atomic uint64_t bytes; /* a sum of the first request */
    _Atomic int64_t emails; /* how many people get; must end as 1 */
};

struct shared_mail {
    _Atomic int64_t now_ms; /* wall and monotonic clock alike */
    _Atomic int64_t calls, emails, lost;
    _Atomic int64_t other_bytes; /* requests that differed from the first under their key */
    _Atomic int64_t steps;       /* of whoever shall be killed at `kill_at` */
    int64_t lose_each;           /* every so-many-th answer is lost; 0: none */
    struct shared_key keys[SHARED_KEYS_MAX];
};

struct shared_mail *shared_mail_new(int64_t now_s);
void shared_mail_free(struct shared_mail *s);

/* This process's view: its clock, and a provider with its own pending answers. */
struct shared_client {
    struct shared_mail *shared;
    struct env env;
    _Atomic int64_t last_id;
    struct mail_provider provider;
    struct mail_done pending[MAIL_CAPACITY];
    size_t pending_count;
};
void shared_client_init(struct shared_client *c, struct shared_mail *s, int per_second);
void shared_clock_move(struct shared_mail *s, int64_t ms);

#endif
