/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * totp: codes by time (RFC 6238): HMAC-SHA-1, six digits, steps of thirty seconds, which is what
 * every authenticator app reads. Pure.
 */
#ifndef CAREOPS_ACCOUNT_TOTP_H
#define CAREOPS_ACCOUNT_TOTP_H

#include "base/str.h"

enum {
    TOTP_STEP_S = 30,
    TOTP_DIGITS = 6,
    TOTP_KEY_BYTES = 20,
    TOTP_SECRET_TEXT = 33, /* the key in base32 (RFC 4648), without padding */
};

void totp_secret(const unsigned char key[static TOTP_KEY_BYTES], char ret[static TOTP_SECRET_TEXT]);

/*
 * The step that a code belongs to: now's, or the one before or after it, and later than
 * `last_step`, so that none counts twice. 0 where there is none, or `secret` is none of ours. Takes
 * as long whichever it is.
 */
int64_t totp_find(struct str secret, int64_t now_s, int64_t last_step, struct str code);

/* The code of a step, as digits; for tests and for totp_find. */
void totp_code(const unsigned char *key, size_t len, int64_t step, char ret[static 7]);

#endif
