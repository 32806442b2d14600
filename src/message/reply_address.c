/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reply_address: see reply_address.h. */
#include "message/reply_address.h"

#include "base/app.h"
#include "mail/mail.h"

#include <string.h>

enum { RANDOM_BYTES = 20, TOKEN_LENGTH = 32 };

static struct str local_of(struct str address)
{
    const char *at = address.len > 0 ? memchr(address.ptr, '@', address.len) : NULL;
    return (struct str){address.ptr, at ? (size_t)(at - address.ptr) : 0};
}

bool reply_setting_ok(struct str inbound)
{
    struct str local = local_of(inbound);
    return mail_address_ok(inbound) && local.len <= REPLY_LOCAL_MAX &&
           !memchr(local.ptr, '+', local.len);
}

/* RFC 4648 §6, in small letters: 20 bytes fill 32 digits exactly. */
static void base32(const unsigned char bytes[static RANDOM_BYTES], char ret[static TOKEN_LENGTH])
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    for (size_t i = 0; i < TOKEN_LENGTH; i++) {
        size_t bit = 5 * i;
        unsigned two = (unsigned)bytes[bit / 8] << 8;
        if (bit / 8 + 1 < RANDOM_BYTES)
            two |= bytes[bit / 8 + 1];
        ret[i] = digits[two >> (11 - bit % 8) & 31];
    }
}

bool reply_address_new(struct work *w, struct reply_address *ret)
{
    const char *inbound = w->app ? w->app->inbound_address : NULL;
    unsigned char bytes[RANDOM_BYTES];
    char token[TOKEN_LENGTH];
    if (!inbound)
        return false;
    struct str whole = str_of(inbound), local = local_of(whole);
    env_random(w->env, bytes, sizeof bytes);
    base32(bytes, token);
    token_hash(token, sizeof token, ret->hash);
    ret->address = str_printf(w->arena, STR_FMT "+%.*s%s", STR_ARG(local), TOKEN_LENGTH, token,
                              inbound + local.len);
    return true;
}

enum result reply_address_keep(struct work *w, const struct reply_address *r, int64_t client_id,
                               int64_t letter_id)
{
    return db_exec(w->tx,
                   "INSERT INTO reply_token (token_hash, workspace_id, client_id, letter_id,"
                   " created_s) VALUES ($1, $2, $3, $4, $5)",
                   db_s(str_copy(w->arena, str_of(r->hash))), db_i(w->actor.workspace_id),
                   db_i(client_id), db_i(letter_id), db_i(w->now_s));
}

/* ---- finding whose it is ---- */

static bool same(struct str a, struct str b)
{
    bool equal = a.len == b.len;
    for (size_t i = 0; equal && i < a.len; i++) {
        char x = a.ptr[i], y = b.ptr[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x | 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y | 32) : y;
        equal = x == y;
    }
    return equal;
}

/* Whether it is ours, and what stands behind the +. */
static bool read_ours(const char *inbound, struct str address, struct str *ret_token)
{
    struct str whole = str_of(inbound), ours = local_of(whole), theirs = local_of(address);
    struct str our_host = {whole.ptr + ours.len, whole.len - ours.len};
    struct str their_host = {address.ptr + theirs.len, address.len - theirs.len};
    if (theirs.len < ours.len || !same(our_host, their_host) ||
        !same(ours, (struct str){theirs.ptr, ours.len}))
        return false;
    *ret_token = STR("");
    if (theirs.len == ours.len)
        return true;
    *ret_token = (struct str){theirs.ptr + ours.len + 1, theirs.len - ours.len - 1};
    return theirs.ptr[ours.len] == '+';
}

bool reply_is_ours(const char *inbound, struct str address)
{
    struct str token;
    return inbound && read_ours(inbound, address, &token);
}

enum result reply_owner_of(struct work *w, struct str address, struct reply_owner *ret)
{
    char hash[TOKEN_HASH_TEXT];
    struct str token;
    struct db_rows r;
    const char *inbound = w->app ? w->app->inbound_address : NULL;
    if (!inbound || !read_ours(inbound, address, &token) || token.len != TOKEN_LENGTH)
        return NOT_FOUND;
    token = str_lower(w->arena, token);
    token_hash(token.ptr, token.len, hash);
    struct db_reach before = db_across(w->tx, "an answer is found by its address's token alone");
    enum result res =
        db_one(w->tx, &r, "SELECT workspace_id, client_id FROM reply_token WHERE token_hash = $1",
               db_s(str_copy(w->arena, str_of(hash))));
    db_back(w->tx, before);
    if (res == OK)
        *ret = (struct reply_owner){db_int(&r, 0, 0), db_int(&r, 0, 1)};
    return res;
}

/* "ID.RANDOM@…" (outbox.c) → ID; 0 where it is none. */
static int64_t letter_of(struct str local)
{
    const char *dot = local.len > 0 ? memchr(local.ptr, '.', local.len) : NULL;
    int64_t id = 0;
    if (!dot || !str_int((struct str){local.ptr, (size_t)(dot - local.ptr)}, &id))
        return 0;
    return id;
}

enum result reply_owner_of_letter(struct work *w, struct str message_id, struct reply_owner *ret)
{
    struct db_rows r;
    struct str local = local_of(message_id);
    int64_t letter_id = letter_of(local);
    if (letter_id <= 0)
        return NOT_FOUND;
    struct db_reach before = db_across(w->tx, "an answer is found by the letter that it names");
    enum result res =
        db_one(w->tx, &r,
               "SELECT t.workspace_id, t.client_id FROM reply_token t"
               " JOIN message m ON m.workspace_id = t.workspace_id AND m.id = t.letter_id"
               " WHERE t.letter_id = $1 AND m.message_id = $2",
               db_i(letter_id), db_s(local));
    db_back(w->tx, before);
    if (res == OK)
        *ret = (struct reply_owner){db_int(&r, 0, 0), db_int(&r, 0, 1)};
    return res;
}
