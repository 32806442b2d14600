/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailer: delivers the outbox.
 *
 * One thread. It claims due rows with a lease in a short transaction, begins their delivery outside
 * any transaction (several at once), and records each outcome. The message's key is its row's, so
 * that a provider which remembers keys takes it once, whatever was killed when:
 *
 *     killed before the claim is committed     nothing happened; the row is due
 *     between claim and delivery               the lease runs out; another try, same key
 *     during or after delivery                 the same, counted as an unknown outcome
 *     after the outcome is recorded            done
 *
 * A retry waits 5 s, doubling to 1 h, with jitter; or as long as the provider asks. A row gives up
 * as failed after 24 h; when its outcome is unknown, after as long as the provider remembers keys;
 * by SMTP, which remembers none, when the answer was lost twice. While the database cannot be
 * reached, outcomes are kept and recorded later.
 *
 * Letters of businesses with a mail service of their own (own_mail.h) are a second mailer's, with
 * threads and places of its own, so that services which hang hold up nobody who has none. It
 * delivers by them alone: what they do not take waits and says why.
 *
 * The urgent go first (mailer_queue.h). The provider's rate is kept by all processes of a database
 * together, and so is a pause that it asks for (mail_rate.h).
 *
 * Time: due times, leases and the shared rate are the wall clock's, how long this process waits is
 * the monotonic clock's. What a clock that went back has left too far ahead is found within a
 * minute; what a jump does to an unknown outcome stands in retry_rules.h.
 */
#ifndef CAREOPS_MESSAGE_MAILER_H
#define CAREOPS_MESSAGE_MAILER_H

#include "base/seal.h"
#include "db/db.h"
#include "mail/mail.h"

struct mailer;

struct mailer_config {
    struct db *db;
    const struct env *env;
    struct mail_provider provider; /* the mailer owns it from mailer_new on */
    const char *from;              /* "ada@salon.example" or "Salon Ada <ada@salon.example>" */
    int lease_s;                   /* 0 = 120; longer than a delivery takes */
    const struct seal *seal;       /* opens what holds a secret; NULL: nothing is sealed */
    bool own;                      /* the second mailer, whose provider is own_provider_new's */
    /* The other one, which is told of letters that are its own. Made before and ended after. */
    struct mailer *kin;
    /* For tests that kill the process between two steps: called before each, on the mailer's
     * thread, with its name. NULL: nobody asks. */
    void (*step)(void *self, const char *where);
    void *step_self;
};

enum {
    MAILER_LEASE_S = 120,
    MAILER_BACKOFF_MIN_S = 5,
    MAILER_BACKOFF_MAX_S = 3600,
    MAILER_GIVE_UP_S = 24 * 3600,
    MAILER_POLL_MS = 1000,
    MAILER_LOOK_FAR_MS = 60000,
    /* A pause is asked for again so often, since it may be over by another's clock. */
    MAILER_RATE_LOOK_MS = 60000,
};

/* NULL where `from` holds no address. The thread does not run yet. */
struct mailer *mailer_new(const struct mailer_config *config) must_check;
void mailer_start(struct mailer *m);

/* There is something new in the outbox. Any thread; `m` may be NULL. Fits db_after_commit. */
void mailer_wake(void *m);

#ifdef CAREOPS_SEEDED
struct claimed_row;
/* For MAIL_BEFORE_COMMIT alone (base/seeded.h): begins a letter that no row may be of. Any thread.
 */
void mailer_send_early(struct mailer *m, const struct claimed_row *row);
#endif

/* Begins nothing more and waits at most grace_ms for what is under way; what is not done by then
 * goes again when its lease is over. */
void mailer_stop(struct mailer *m, int grace_ms);
/* Stops if need be, and frees. */
void mailer_free(struct mailer *m);

/* One round: record, claim, begin, then wait at most wait_ms. For tests and the simulator, instead
 * of the thread. */
void mailer_step(struct mailer *m, int wait_ms);

/* Counts since start. Any thread. */
struct mailer_stats {
    int64_t sent, retried, unknown, failed, under_way;
};
struct mailer_stats mailer_stats(const struct mailer *m);

#endif
