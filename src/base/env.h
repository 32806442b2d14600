/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * env: everything that is not pure comes through here, so that a simulator can run the same object
 * files.
 *
 * The program makes one from `env_real()`. Tests and the simulator give their own functions.
 * `now_s` is the wall clock (UTC seconds, may jump); `mono_ms` never goes back and is for timers
 * and deadlines. All functions may be called from any thread.
 */
#ifndef CAREOPS_BASE_ENV_H
#define CAREOPS_BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

struct env {
    void *self;
    int64_t (*now_ms)(void *self);
    int64_t (*mono_ms)(void *self);
    /* Unpredictable bytes; never fails (the process ends instead). */
    void (*random)(void *self, void *ret, size_t len);
    /* The last id given, so that a process's ids always rise. Its owner is whoever made the env;
       NULL in tests that do not care. */
    _Atomic int64_t *last_id;
};

/* Lives as long as the program: make it once. */
struct env env_real(void);

int64_t env_now_s(const struct env *env);
int64_t env_now_ms(const struct env *env);
int64_t env_mono_ms(const struct env *env);
void env_random(const struct env *env, void *ret, size_t len);

/*
 * A 64-bit id ordered by time: milliseconds since 2020 in the upper 42 bits, randomness below.
 * Always positive; rises strictly within a process.
 */
int64_t env_id(const struct env *env);

/* One that is higher than `before`, whoever made that: for rows that follow each other under a
 * lock.
 */
int64_t env_id_after(const struct env *env, int64_t before);

/* No id made at or after this second (UTC) is lower, whatever the clock did before. */
int64_t env_id_at(int64_t at_s);
/* How far ids are apart that begin a millisecond each; a power of two. */
int64_t env_id_step(void);

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 44, TOKEN_HASH_TEXT = 65 };
/*
 * An unguessable token: 32 random bytes as base64url without padding, and the SHA-256 of that text
 * in hex, which is what is stored.
 */
void env_token(const struct env *env, char ret_token[static TOKEN_TEXT],
               char ret_hash[static TOKEN_HASH_TEXT]);
void token_hash(const char *token, size_t len, char ret_hash[static TOKEN_HASH_TEXT]);

#endif
