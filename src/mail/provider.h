/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * provider: the three makers behind mail_provider_new(), each in its own file.
 *
 * Each checks its settings, writes one line to `ret_error` when one is wrong, and fills `ret`.
 */
#ifndef CAREOPS_MAIL_PROVIDER_H
#define CAREOPS_MAIL_PROVIDER_H

#include "mail/mail.h"

enum result file_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT]) must_check;
enum result smtp_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT]) must_check;
enum result resend_provider_new(const struct mail_provider_config *config,
                                struct mail_provider *ret,
                                char ret_error[static MAIL_SETTING_TEXT]) must_check;

/* Writes the line and returns INVALID. */
enum result provider_wrong(char ret_error[static MAIL_SETTING_TEXT], const char *fmt, ...)
    __attribute__((format(printf, 2, 3))) must_check;

/* Fills a result; the words never hold an address, a body or a secret. */
void mail_result_set(struct mail_result *r, enum mail_outcome outcome, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The network library's global start, before there are threads, and its end; they count. */
void mail_network_begin(void);
void mail_network_end(void);

/* "localhost", 127.0.0.0/8 or ::1, as a URL writes it. */
bool provider_is_loopback(const char *host);

#endif
