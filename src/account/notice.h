/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * notice: letters to a person about their own account, in the words of a business of theirs.
 * Private to account/.
 */
#ifndef CAREOPS_ACCOUNT_NOTICE_H
#define CAREOPS_ACCOUNT_NOTICE_H

#include "account/internal.h"
#include "message/letter.h"

/* Who a letter is for, and for which business it speaks. */
struct addressee {
    int64_t user_id, workspace_id;
    struct str name, email, business;
};

/* By the address of who is an active member somewhere, or by the hash of an open reset link; of
 * several memberships the oldest that is active. NOT_FOUND without words. */
enum result addressee_by_email(struct work *w, struct str email, struct addressee *ret) must_check;
enum result addressee_by_link(struct work *w, const char *token_hash,
                              struct addressee *ret) must_check;

/* `valid_min`: how long the link of `url` works, where it is one. Into the outbox of the
 * addressee's workspace, which has to be the actor's. */
enum result notice_send(struct work *w, enum letter_kind kind, const struct addressee *to,
                        struct str url, int valid_min) must_check;
/* That something happened to the account of who is signed in; leads to the sign-in page. */
enum result notice_to_actor(struct work *w, enum letter_kind kind) must_check;
enum result notice_to(struct work *w, enum letter_kind kind, const struct addressee *to) must_check;

#endif
