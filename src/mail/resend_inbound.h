/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * resend_inbound: fetches a mail that Resend has received for us.
 *
 * Its webhook tells of a mail and gives none of it. GET {url}/emails/receiving/ID has the parts as
 * JSON and, under raw.download_url, an address where for a while the mail lies as it came; that is
 * what we take, so that one reader reads all mail. Where there is none (`raw` may be null), a plain
 * mail is made of the JSON's headers and text; its attachments are then left out.
 *
 * Blocking, with a deadline; one thread a handle. The key goes to the API alone, never to the
 * download address. What comes is hostile input: bounded, no redirects.
 */
#ifndef CAREOPS_MAIL_RESEND_INBOUND_H
#define CAREOPS_MAIL_RESEND_INBOUND_H

#include "base/buf.h"

struct resend_inbound;

struct resend_inbound_config {
    const char *url; /* https, or http to this machine */
    const char *api_key;
    const char *ca_file; /* NULL: the system's alone */
    size_t mail_max;     /* of a larger one only so much is read */
};

/* NULL where the URL may not be used. */
struct resend_inbound *resend_inbound_new(const struct resend_inbound_config *config);
void resend_inbound_free(struct resend_inbound *r);

struct resend_fetched {
    struct str raw;  /* good until the next call; absent: not had */
    const char *why; /* then: a constant line */
    int wait_s;      /* it asked us to wait; 0: it did not */
};
void resend_inbound_fetch(struct resend_inbound *r, const char *email_id,
                          struct resend_fetched *ret);
/* From another thread: what is under way ends within a second. */
void resend_inbound_stop(struct resend_inbound *r);

/* The JSON of a received mail as a plain mail (pure; for tests). False where it is none. */
bool resend_inbound_compose(struct str json, struct buf *ret);

#endif
