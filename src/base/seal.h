/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * seal: secrets that have to lie in the database for a while, unreadable without the program's key.
 *
 * A sealed text is "s1." and base64url of a random nonce and a secretbox (XSalsa20-Poly1305). The
 * key never is in the database: it comes from CAREOPS_SECRET_KEY, or from a file in the data folder
 * that is made at the first start. Several machines on one database need the same key. Immutable
 * after seal_new: any thread.
 */
#ifndef CAREOPS_BASE_SEAL_H
#define CAREOPS_BASE_SEAL_H

#include "base/env.h"
#include "base/str.h"

struct seal;

enum { SEAL_PHRASE_MIN = 32, SEAL_ERROR_TEXT = 256 };

/* From a phrase of at least SEAL_PHRASE_MIN bytes that nobody can guess. */
struct seal *seal_new(const struct env *env, struct str phrase);
/* From the file, which is made (mode 0600) where it is missing. INVALID with a line why not. */
enum result seal_from_file(const struct env *env, const char *path, struct seal **ret,
                           char ret_error[static SEAL_ERROR_TEXT]) must_check;
void seal_free(struct seal *s);
/* A name for the key that tells nothing about it: two keys with one name are one key. */
enum { SEAL_NAME_TEXT = 17 };
void seal_name(const struct seal *s, char ret[static SEAL_NAME_TEXT]);

/* `s` NULL (tests, tools that write nothing): the text itself. */
struct str seal_close(const struct seal *s, struct arena *a, struct str text);
/* What is not sealed is given back as it is; false for what another key has sealed. */
bool seal_open(const struct seal *s, struct arena *a, struct str sealed, struct str *ret);

/* Overwrites a text that is no longer needed. */
void str_wipe(struct str s);

#endif
