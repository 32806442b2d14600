/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* salon: one salon for the mailer's tests: its database, its clock, its provider. */
#ifndef CAREOPS_TESTS_MESSAGE_SALON_H
#define CAREOPS_TESTS_MESSAGE_SALON_H

#include "../db/fixture.h"
#include "fake.h"

#include "message/mailer.h"
#include "message/outbox.h"

enum { BEGIN_S = 1795338000, HOUR_S = 3600, DAY_S = 86400, WORKSPACE = 7 };
static const int64_t RESEND_MEMORY_S = 20 * HOUR_S;

/* One salon: its database, its clock, its provider. */
struct salon {
    struct fixture *f;
    struct fake_clock clock;
    struct fake_provider provider;
    struct mailer *mailer;
};

/* Migrates, and opens the mailer over a provider of that memory and rate (0: no limit). */
void open_salon(struct salon *s, struct fixture *f, int64_t remembers_keys_s, int per_second);
void close_salon(struct salon *s);

struct put {
    struct salon *s;
    int64_t first, last; /* subjects */
    const char *kind, *occurrence, *address;
    int64_t booking_id;
    const struct seal *seal;
    enum result then;
};

/* A db_fn: puts what a struct put says. */
enum result put_in(struct db_tx *tx, void *arg);
/* Puts messages about the subjects from first to last. */
void put(struct salon *s, int64_t first, int64_t last);
int64_t count_status(struct salon *s, const char *status);
/* Rounds without waiting until nothing more is due at this moment. */
void rounds(struct salon *s, int n);
/* A second passes and everything that is due then is done. */
void pass(struct salon *s, int64_t seconds);
/* A provider's answer that is always the same one. */
struct mail_result always(void *arg, size_t n);

#endif
