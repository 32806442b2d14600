/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* resend: the two halves of the Resend provider: resend.c asks, resend_answer.c reads. */
#ifndef CAREOPS_MAIL_RESEND_H
#define CAREOPS_MAIL_RESEND_H

#include "mail/courier.h"

/*
 * 200 with an id: accepted. 429: a pause for all. 409 for other content under the key, other 4xx:
 * refused. Nothing sent, or a key or domain refused: retry. Everything else: unknown.
 */
void resend_settle(const struct delivery *d, CURLcode code, struct mail_result *ret);

/* So long a key is counted on; the API key's greatest length. */
enum { RESEND_KEY_MEMORY_S = 20 * 3600, RESEND_API_KEY_MAX = 200 };

/* The endpoint's URL (curl_free) where the setting is https, or http to this machine; else NULL.
 * NULL: Resend's own. */
char *resend_endpoint(const char *setting);
/* Writes the body and fills the delivery's handle; `authorization` is the whole header. False
 * without memory. */
bool resend_set_message(struct delivery *d, const char *url, const char *authorization,
                        const struct mail *m) must_check;

#endif
