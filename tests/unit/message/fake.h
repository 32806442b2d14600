/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fake: a clock that the test moves and a provider that does what the test says.
 *
 * The provider remembers keys as Resend does: the first call that it takes is an e-mail, a further
 * one with that key is none. `emails` are therefore what people get.
 */
#ifndef CAREOPS_TESTS_MESSAGE_FAKE_H
#define CAREOPS_TESTS_MESSAGE_FAKE_H

#include "../unit.h"

#include "mail/mail.h"

#include <pthread.h>

struct fake_clock {
    struct env env;
    int64_t now_ms, mono_ms;
    _Atomic int64_t last_id;
    struct numbers numbers;
    pthread_mutex_t lock; /* a mailer's thread may ask while the test moves it */
};

void fake_clock_init(struct fake_clock *c, int64_t now_s);
void fake_clock_move(struct fake_clock *c, int64_t ms);
/* The wall clock alone jumps. */
void fake_clock_jump(struct fake_clock *c, int64_t ms);

enum { FAKE_CALLS_MAX = 8192, FAKE_KEYS_MAX = 2048 };

struct fake_call {
    char key[64];
    char message_id[96];
    char text[32];  /* how the text begins */
    uint64_t bytes; /* a sum of the written message */
    int64_t mono_ms;
    enum mail_outcome outcome;
};

struct fake_provider {
    struct mail_provider provider;
    struct fake_clock *clock;
    /* What becomes of call number n; NULL: accepted. May set retry_after_s and pause. */
    struct mail_result (*script)(void *arg, size_t n);
    void *arg;
    bool hold;          /* deliveries hang until it is false again */
    bool takes_unknown; /* what ends unknown or is held was taken none the less */

    struct fake_call calls[FAKE_CALLS_MAX];
    size_t call_count;
    char keys[FAKE_KEYS_MAX][64]; /* of the e-mails that people get */
    size_t emails;
    struct mail_done pending[MAIL_CAPACITY];
    size_t pending_count;
    pthread_mutex_t lock;
    pthread_cond_t called;
};

/* `remembers_keys_s` and `per_second` are the provider's. The mailer's free() leaves the struct
 * alone. */
void fake_provider_init(struct fake_provider *p, struct fake_clock *clock, int64_t remembers_keys_s,
                        int per_second);

/* Blocks until there were `count` calls; false when that takes more than ten seconds. */
bool fake_wait_calls(struct fake_provider *p, size_t count);

#endif
