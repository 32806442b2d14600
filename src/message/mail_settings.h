/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail_settings: the owner's choice of a mail service, over HTTP, and its trial.
 *
 * Passwords and keys go in and never come out: an answer says that there is one, and of a key its
 * last four characters. A server's password stays with the server and the login that it was given
 * for: whoever names others gives a password again, so that nobody who came into an owner's session
 * can have the kept one sent to a machine of theirs.
 */
#ifndef CAREOPS_MESSAGE_MAIL_SETTINGS_H
#define CAREOPS_MESSAGE_MAIL_SETTINGS_H

#include "http/route.h"
#include "message/own_mail.h"

struct mail_smtp_in {
    struct str host, username, password;
    struct opt_int port, security;
};
struct mail_resend_in {
    struct str api_key;
};
struct mail_in {
    struct opt_int provider;
    struct str from_name, from_address;
    struct mail_smtp_in *smtp;
    struct mail_resend_in *resend;
};
extern const struct shape mail_in_shape;

/* What the settings become, secrets sealed. INVALID with the fields; `prefix` is before their
 * paths ("settings."). */
enum result mail_settings_merge(struct work *w, const struct mail_in *in, const char *prefix,
                                const struct own_mail *now, struct own_mail *ret) must_check;

extern const struct route_table mail_test_table;
extern const struct route_table mail_settings_table;

#endif
