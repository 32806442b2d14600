/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * imap: one connection to one mailbox, read and never changed (EXAMINE, BODY.PEEK).
 *
 * libcurl makes the connection: names, TLS with verified certificates, STARTTLS, and the login by
 * what the server knows (CURLOPT_CONNECT_ONLY). It has no way to wait for news (IDLE), so the few
 * commands that are needed after the login are spoken here (RFC 3501, 2177), each with a deadline.
 * After any failure the connection is of no more use: close it and open another.
 *
 * One thread. Errors are one line without address, login or content.
 */
#ifndef CAREOPS_MAIL_IMAP_H
#define CAREOPS_MAIL_IMAP_H

#include "mail/imap_read.h"

enum { IMAP_ERROR_TEXT = 200, IMAP_MAILBOX_MAX = 200 };

/* "imaps://user@host:993/MAILBOX"; imap:// upgrades by STARTTLS or does not log in, and
 * imap://…?tls=no is for a server on this machine. No mailbox: INBOX. Strings are owned. */
struct imap_setting {
    char *url; /* without login, mailbox and query */
    char *user;
    char *mailbox;
    bool plain;
};
/* False with a line (never the login) where it is wrong. */
bool imap_setting_read(const char *setting, struct imap_setting *ret,
                       char ret_error[static IMAP_ERROR_TEXT]);
void imap_setting_done(struct imap_setting *s);

struct imap;

struct imap_config {
    const struct imap_setting *setting;
    const char *password;
    const char *ca_file; /* NULL: the system's alone */
    int timeout_ms;      /* of a command; 0 = 30,000 */
    size_t mail_max;     /* bytes of one mail that are read */
    int wake_fd;         /* readable: give up at once (-1: never) */
};

/* Connected, logged in, and looking at the mailbox; NULL with a line why not. */
struct imap *imap_open(const struct imap_config *config, char ret_error[static IMAP_ERROR_TEXT]);
/* Says goodbye where the connection is still good. */
void imap_close(struct imap *c);
const char *imap_error(const struct imap *c);
/* Whether the failure was the server's own word: the same command would fail again. */
bool imap_refused(const struct imap *c);

/* Changes when the server has given all mails new numbers. */
int64_t imap_uid_validity(const struct imap *c);
bool imap_can_idle(const struct imap *c);

/* The numbers of mails from `least` on that have come on or after the day of since_s, in order; at
 * most IMAP_UIDS_MAX. */
bool imap_search(struct imap *c, int64_t least, int64_t since_s, int64_t ret[static IMAP_UIDS_MAX],
                 size_t *ret_count) must_check;

/* The mail, or as much of it as mail_max allows; absent where it is gone. Good until the next
 * call. */
bool imap_fetch(struct imap *c, int64_t uid, struct str *ret) must_check;

enum imap_wait {
    IMAP_NEWS,  /* something has changed in the mailbox */
    IMAP_QUIET, /* nothing has, for wait_ms */
    IMAP_GONE,  /* the connection is */
};
/*
 * Waits for news. With IDLE the server tells at once, and the waiting may be taken up again by the
 * next call without a new command, so that the caller may look after other things in between; every
 * IMAP_IDLE_MS it is begun anew, which also shows whether the server is still there. Without IDLE
 * it is asked each time.
 */
enum { IMAP_IDLE_MS = 9 * 60 * 1000 };
enum imap_wait imap_wait(struct imap *c, int wait_ms) must_check;

#endif
