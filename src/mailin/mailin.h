/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mailin: what clients answer by e-mail comes back into their conversation.
 *
 * A mail comes in by a mailbox that is watched (IMAP, mailbox.c) or by Resend, which tells of it by
 * its webhook and has it fetched (fetch.c). Either way it is read outside any transaction
 * (mail/incoming.h), and then one transaction does all of it: whose it is, what is kept of it, what
 * follows from it, and how far the source has been read. So a program that is killed between any
 * two steps leaves a mail that is read again, or one that is there:
 *
 *     killed before the transaction       the source has it still, and gives it again
 *     after it                            the source is past it
 *     the source gives it twice all the same (new numbers, both ways at once, a webhook again)
 *                                         its key has been seen by that business (mail_seen)
 *
 * Whose it is (take.c): the token in the address that it was sent to; else the letter of ours that
 * it names; else the sender's address, where exactly one business has a client of it. What belongs
 * nowhere is kept sealed for the operator for some weeks (`careops unmatched`).
 *
 * What a machine sent (an absence note, a bounce, our own letter come back) is kept in the
 * conversation as doubtful and causes nothing, so no loop can begin here. Logs name no address and
 * no word of a mail.
 *
 * mailin knows inbox, client and message.
 */
#ifndef CAREOPS_MAILIN_MAILIN_H
#define CAREOPS_MAILIN_MAILIN_H

#include "db/work.h"

#include <stdio.h>

enum { MAILIN_SETTING_TEXT = 256, MAILIN_UNMATCHED_LIFE_S = 60 * 24 * 3600 };

struct mailin_config {
    const struct app *app;
    const char *imap_url; /* "imaps://user@host/MAILBOX"; NULL: no mailbox */
    const char *imap_password;
    const char *resend_url, *resend_api_key; /* NULL: nothing is fetched from there */
    const char *ca_file;                     /* NULL: the system's alone */
    /* For tests that kill the process between two steps: called before each, outside transactions,
     * with its name. NULL: nobody asks. */
    void (*step)(void *self, const char *where);
    void *step_self;
};

struct mailin;

/* One clear line in ret_error where a setting is wrong; nothing was touched then. */
enum result mailin_new(const struct mailin_config *config, struct mailin **ret,
                       char ret_error[static MAILIN_SETTING_TEXT]) must_check;
/* A thread for each way in. */
void mailin_start(struct mailin *m);
/* Ends the threads and frees; NULL is fine. What is in hand is begun again next time. */
void mailin_stop(struct mailin *m);

/* For tests, instead of the threads: reads the mailbox until nothing is new, and fetches what is
 * due. False where a source did not answer. */
bool mailin_once(struct mailin *m);

/* Forgets what cannot come twice any more, and what was kept for the operator long enough. */
enum result mailin_sweep(struct work *w) must_check;

/* For the operator: a line for each mail that belongs nowhere, or one of them as it came. */
enum result mailin_print_unmatched(struct work *w, int64_t id, FILE *out) must_check;

#endif
