/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * own_mail: the mail service that a business brings along: its row in `workspace_mail`, and how the
 * service fares.
 *
 * Secrets lie sealed in the row and are opened for the moment of a delivery. A service that failed
 * is left alone for OWN_REST_MIN_S, doubling to OWN_REST_MAX_S, or for as long as it asked: its
 * letters wait meanwhile and each says why. Nothing ever goes by the program's own service instead:
 * who brings a service along does so because letters from elsewhere are not to be.
 */
#ifndef CAREOPS_MESSAGE_OWN_MAIL_H
#define CAREOPS_MESSAGE_OWN_MAIL_H

#include "base/seal.h"
#include "db/work.h"
#include "mail/mail.h"

enum { OWN_REST_MIN_S = 5, OWN_REST_MAX_S = 15 * 60, OWN_HOST_MAX = 253, OWN_SECRET_MAX = 200 };

#define OWN_MAIL_SEALED \
    "The mail service's secret is sealed with another key than this program has."

extern const char *const own_mail_providers[]; /* NULL-terminated */
enum own_mail_kind { OWN_SERVER, OWN_SMTP, OWN_RESEND };
extern const char *const own_mail_securities[]; /* by enum mail_security, NULL-terminated */

struct own_mail {
    enum own_mail_kind kind;
    struct str from_name, from_address, host, user, password, api_key, key_hint; /* two sealed */
    int64_t port;
    enum mail_security security;
    int64_t version, free_s, tail_s, rest_until_s;
    struct opt_int changed_s, failing_since_s, last_sent_s;
    struct str last_error;
};

/* In the transaction's arena; a business that never chose has the program's service, version 0. */
enum result own_mail_load(struct db_tx *tx, int64_t workspace_id, struct own_mail *ret) must_check;
/* The next letter of this business may go then; the seconds up to `tail_s` are given away. */
enum result own_mail_turn(struct db_tx *tx, int64_t workspace_id, int64_t free_s,
                          int64_t tail_s) must_check;
/* What became of a letter. */
enum result own_mail_note(struct db_tx *tx, int64_t workspace_id, int64_t now_s,
                          enum mail_outcome outcome, int retry_after_s,
                          const char *error) must_check;

/* As a provider wants it, opened. */
struct own_route {
    struct mail_route to;
    struct str secret;
};
/* False where the secret is sealed with another key. */
bool own_mail_route(const struct own_mail *own, const struct seal *seal, struct arena *a,
                    struct own_route *ret);
void own_route_wipe(struct own_route *r);

#endif
