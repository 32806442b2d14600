/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * reply_address: where the answer to a letter goes, so that it comes back into the conversation.
 *
 * "reply+TOKEN@in.example.com", made from the operator's inbound address. The token is 20 random
 * bytes in base32, since some mail servers write local parts in small letters; only its hash is
 * kept. Each letter mints its own; they belong to the client and go on working. A client has one
 * conversation, so whoever knows the address can write into that, and nothing else.
 *
 * The second way is the letter's own Message-ID, which answers name in In-Reply-To and References.
 * It is as hard to guess. It works where the provider keeps the id that we gave (SMTP); Resend puts
 * its own.
 */
#ifndef CAREOPS_MESSAGE_REPLY_ADDRESS_H
#define CAREOPS_MESSAGE_REPLY_ADDRESS_H

#include "db/work.h"

enum { REPLY_LOCAL_MAX = 31 }; /* of the inbound address before the @, so that the token fits */

/* One plain address with room for the token. */
bool reply_setting_ok(struct str inbound_address);

struct reply_address {
    struct str address;
    char hash[TOKEN_HASH_TEXT];
};
/* A new one; false where the operator has given no inbound address. Nothing is written yet. */
bool reply_address_new(struct work *w, struct reply_address *ret);
/* From now on it leads to this client; `letter_id` is the outbox's row that holds it. */
enum result reply_address_keep(struct work *w, const struct reply_address *r, int64_t client_id,
                               int64_t letter_id) must_check;

/* Whether mail to this address is mail to us: the inbound address, with or without a token. */
bool reply_is_ours(const char *inbound_address, struct str address);

/* Whose token stands in an address of ours, or whose letter has this Message-ID (without <>).
 * NOT_FOUND, without words, otherwise. Looks across all businesses. */
struct reply_owner {
    int64_t workspace_id, client_id;
};
enum result reply_owner_of(struct work *w, struct str address, struct reply_owner *ret) must_check;
enum result reply_owner_of_letter(struct work *w, struct str message_id,
                                  struct reply_owner *ret) must_check;

#endif
