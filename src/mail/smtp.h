/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* smtp: what the provider of the setting and the one of the businesses' own servers share. */
#ifndef CAREOPS_MAIL_SMTP_H
#define CAREOPS_MAIL_SMTP_H

#include "mail/courier.h"

/* How far the conversation went, from the commands that libcurl sent. */
enum stage { STAGE_GREETING, STAGE_SENDER, STAGE_RECIPIENT, STAGE_DATA };

struct smtp_target {
    char *url;  /* scheme, host and port only */
    char *user; /* NULL: no login */
    char *password;
    bool plain; /* without encryption */
};

/* Fills the delivery's handle, whose body is written already; libcurl copies what it is told. False
 * without memory. */
bool smtp_set_message(struct delivery *d, const struct smtp_target *to,
                      const struct mail *m) must_check;
void smtp_settle(const struct delivery *d, CURLcode code, struct mail_result *ret);

#endif
