/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * two_factor: what signing in asks for beside the password: a code by time, or a recovery code.
 * Private to account/.
 *
 * The key lies sealed in the database (base/seal.h). A code by time counts once: its step is noted
 * and no earlier one counts after it. A recovery code is twelve letters whose first names its slot;
 * only an argon2id hash is kept, and the row goes with its use. Checking happens outside any
 * transaction; using, in the transaction that it is for, decides between two at the same moment.
 */
#ifndef CAREOPS_ACCOUNT_TWO_FACTOR_H
#define CAREOPS_ACCOUNT_TWO_FACTOR_H

#include "account/internal.h"

enum { RECOVERY_CODES = 10, RECOVERY_LETTERS = 12 };
enum { RECOVERY_TEXT = READABLE_TEXT(RECOVERY_LETTERS) };

/* A person's factor as the database has it. */
struct factor {
    int64_t user_id;
    struct str secret; /* sealed; absent: never set up */
    bool on;           /* confirmed */
    int64_t last_step;
};

/* What a code turned out to be. */
struct proof {
    int64_t step; /* of a code by time, or 0 */
    int64_t slot; /* of a recovery code */
    const char *code_hash;
};

/* From four columns: id, totp_secret, totp_confirmed_s, totp_last_step. */
struct factor factor_of(const struct db_rows *rows, size_t first_column);

/* *ret_right false where the code is wrong or used. Where `recovery` is false only a code by time
 * counts. */
enum result factor_check(struct work *w, const struct factor *f, struct str code, bool recovery,
                         struct proof *ret, bool *ret_right) must_check;
/* In the transaction: the code counts no more. *ret_used false where another was faster. */
enum result factor_use(struct work *w, int64_t user_id, const struct proof *p,
                       bool *ret_used) must_check;

/* Guesses of codes, counted apart from those of passwords; `device` NULL: from anywhere. */
enum result factor_throttle(struct work *w, int64_t user_id, const char *device) must_check;
void factor_forgive(struct work *w, int64_t user_id, const char *device);

struct recovery {
    char codes[RECOVERY_CODES][RECOVERY_TEXT];
    char hashes[RECOVERY_CODES][PASSWORD_HASH_TEXT];
};
/* New ones, hashed: takes a while. */
enum result recovery_make(struct work *w, struct recovery *ret) must_check;
/* They replace what there was. */
enum result recovery_store(struct work *w, int64_t user_id, const struct recovery *r) must_check;

#endif
