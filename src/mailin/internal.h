/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of mailin/ share and nobody else sees. */
#ifndef CAREOPS_MAILIN_INTERNAL_H
#define CAREOPS_MAILIN_INTERNAL_H

#include "mail/imap.h"
#include "mail/incoming.h"
#include "mailin/mailin.h"

#include "base/nap.h"

#include <stdatomic.h>

/* Where a mail came from, for the operator. */
enum mailin_source { SOURCE_IMAP, SOURCE_RESEND };

/* One mail as it came, and read. */
struct mailin_mail {
    enum mailin_source source;
    struct str raw;
    struct incoming in;
};

/* What became of it, for the log. */
struct mailin_taken {
    int places;            /* conversations that it came into */
    int seen_before;       /* those that had it already */
    const char *unmatched; /* why it belongs nowhere; NULL: it belongs somewhere */
};
/* In a transaction that is nobody's yet. */
enum result mailin_take(struct work *w, const struct mailin_mail *mail,
                        struct mailin_taken *ret) must_check;
void mailin_log(const struct mailin_mail *mail, const struct mailin_taken *t);

/* Keeps it for the operator, sealed, once. */
enum result unmatched_keep(struct work *w, const struct mailin_mail *mail,
                           const char *why) must_check;

/* A work that is nobody's, as the system. */
struct work mailin_work(const struct app *app, struct db_tx *tx, struct arena *a,
                        struct problem *p);

/* ---- the two ways ---- */

struct mailbox;
struct mailbox *mailbox_new(const struct mailin_config *config,
                            char ret_error[static MAILIN_SETTING_TEXT]);
void mailbox_free(struct mailbox *b);
/* Watches until *stopping; `nap` is woken then. */
void mailbox_run(struct mailbox *b, struct nap *nap, const atomic_bool *stopping);
/* Reads all that is new once; false where the server did not answer, or another process reads. */
bool mailbox_once(struct mailbox *b);

struct fetcher;
struct fetcher *fetcher_new(const struct mailin_config *config);
void fetcher_free(struct fetcher *f);
/* From another thread: what is under way ends soon. */
void fetcher_stop(struct fetcher *f);
void fetcher_run(struct fetcher *f, struct nap *nap, const atomic_bool *stopping);
/* Fetches at most one mail that is due; how many. */
int fetcher_once(struct fetcher *f);

/* ---- how far a mailbox has been read (mailbox_state.c) ---- */

enum { MAILBOX_LEASE_S = 40, MAILBOX_TRIES_MAX = 3 };

struct mailbox_state {
    const char *name;  /* of the row: a hash, since a login is nobody's business */
    const char *owner; /* this process */
    int64_t uid_validity, last_uid, since_s;
    bool held; /* this process may read it */
};
/* Takes or keeps the lease and reads how far it was; makes the row where there is none. */
enum result mailbox_lease(const struct app *app, struct mailbox_state *s) must_check;
/* Others may read it at once. */
void mailbox_let_go(const struct app *app, const struct mailbox_state *s);
/* The server has given new numbers: from now on these count. */
enum result mailbox_renumbered(const struct app *app, struct mailbox_state *s,
                               int64_t uid_validity) must_check;
/* The mail is taken in hand: false where it has ended this program too often. */
enum result mailbox_try(const struct app *app, const struct mailbox_state *s, int64_t uid,
                        bool *ret_again) must_check;
/* That it was not taken was nobody's fault: this time does not count. */
void mailbox_not_tried(const struct app *app, const struct mailbox_state *s);
/* Takes the mail (NULL: it is gone, or passed over) and is past it, in one transaction. CONFLICT
 * where the lease is somebody else's by now. */
enum result mailbox_take(const struct app *app, struct mailbox_state *s, int64_t uid,
                         const struct mailin_mail *mail) must_check;

#endif
