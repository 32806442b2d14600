/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * resend_event: what Resend reports about a message afterwards, by its webhook.
 *
 * The webhook's address is public, so a report is nothing until its signature is found right. That
 * is Svix's scheme, which Resend documents: the header svix-signature holds one or more "v1,BASE64"
 * with spaces between, each an HMAC-SHA256 over "ID.TIMESTAMP.BODY" (svix-id, svix-timestamp and
 * the bytes of the body as they came) under the key that stands in base64 behind "whsec_" in the
 * secret. The time is in what is signed, so an old report that somebody has kept is refused by it,
 * and one of the last minutes by its id, which whoever calls remembers.
 *
 * Pure, on any thread. The words of a signed report are still hostile input (strangers' mail
 * servers speak in them): bounded, and one line each.
 */
#ifndef CAREOPS_MAIL_RESEND_EVENT_H
#define CAREOPS_MAIL_RESEND_EVENT_H

#include "base/str.h"
#include "mail/mail.h"

/* The tag by which a message's reports name it (struct mail's `tag` is its value). */
#define RESEND_TAG "careops"

enum {
    RESEND_EVENT_MAX = 64 * 1024,   /* bytes of a report; real ones have one or two thousand */
    RESEND_EVENT_WINDOW_S = 5 * 60, /* how far its time may be from ours */
    RESEND_EVENT_ID_MAX = 200,
    RESEND_SECRET_MAX = 200,
};

/* "whsec_" and base64 of 16 bytes at least. */
bool resend_secret_ok(struct str secret);

/* What came with a report, as it came. */
struct resend_signature {
    struct str id, timestamp, signatures;
};

enum resend_verdict {
    RESEND_SIGNED,
    RESEND_UNSIGNED, /* a header is missing, or cannot be read */
    RESEND_STALE,    /* its time is too far from ours */
    RESEND_FORGED,   /* no signature is right */
};

/* The comparison takes as long whatever is wrong. `secret` passed resend_secret_ok. */
enum resend_verdict resend_verify(struct str secret, const struct resend_signature *s,
                                  struct str body, int64_t now_s);

enum resend_event_kind {
    RESEND_OTHER, /* nothing that we follow: opened, clicked, a contact, a domain … */
    RESEND_SENT,
    RESEND_DELAYED,
    RESEND_DELIVERED,
    RESEND_BOUNCED,
    RESEND_FAILED, /* it never left Resend: an error, or the address is on its list of those that
                      refused before */
    RESEND_COMPLAINED,
    RESEND_RECEIVED, /* a mail to us is there to be fetched (resend_inbound.h) */
};

struct resend_event {
    enum resend_event_kind kind;
    char email_id[MAIL_ID_TEXT]; /* Resend's */
    char tag[MAIL_TAG_MAX + 1];  /* ours; "": it has none */
    int64_t at_s;                /* 0: not said */
    char word[MAIL_WORD_TEXT];   /* what happened, in its words */
};

/* False where it is no JSON of that form. Fields that are not what they should be read as absent.
 */
bool resend_event_read(struct str body, struct resend_event *ret);

#endif
