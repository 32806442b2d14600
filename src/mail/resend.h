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

#endif
