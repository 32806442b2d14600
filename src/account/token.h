/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * token: API tokens. A program shows one as `Authorization: Bearer cot_…` and acts for the member
 * who made it, within its scopes and never beyond what that member may now: a maker who is made an
 * ordinary member takes their tokens down with them, one who is switched off ends them.
 *
 * A scope is a permission (`bookings`), the same for reading alone (`bookings:read`), or `admin`:
 * what an owner may but for accounts, sessions and tokens. How routes read that stands in
 * http/access.h. The secret is 32 random bytes behind "cot_", shown once; only its SHA-256 is kept.
 */
#ifndef CAREOPS_ACCOUNT_TOKEN_H
#define CAREOPS_ACCOUNT_TOKEN_H

#include "account/internal.h"

enum {
    TOKENS_MAX = 100, /* of one business */
    TOKEN_NAME_MAX = 80,
    SECRET_TEXT = TOKEN_TEXT + 4,
    /* As stored: the bits of enum permission, those for reading alone so many bits higher. */
    SCOPE_READ_SHIFT = 8,
    SCOPE_ADMIN = 1 << 16,
};

/* Names on the wire, NULL-terminated: the permissions, the same with :read, admin. */
extern const char *const scope_names[];
/* Between the index bits of that list and what is stored. */
int64_t scopes_stored(int64_t flags);
int64_t scopes_flags(int64_t stored);

struct token {
    int64_t id, staff_id, scopes;
    struct str name, maker;
    int64_t created_s;
    struct opt_int expires_s, last_used_s;
};

/* By id, those after `after_id`. */
enum result token_page(struct work *w, int64_t after_id, size_t limit, struct token **ret,
                       size_t *ret_count) must_check;
/* Made by w->actor. CONFLICT limit_reached. */
enum result token_create(struct work *w, struct token *t,
                         char ret_secret[static SECRET_TEXT]) must_check;
enum result token_revoke(struct work *w, int64_t id) must_check;

#endif
