/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* env: the real clock and the real randomness. See env.h. */
#include "base/env.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 2020-01-01T00:00:00Z */
static const int64_t ID_EPOCH_MS = 1577836800000;
enum {
    ID_MOMENT_MS = 1000, /* so much an id may be ahead of the clock without a reason */
    ID_RANDOM_BITS = 21,
};

static int64_t clock_ms(clockid_t clock)
{
    struct timespec ts;
    if (clock_gettime(clock, &ts) != 0)
        abort();
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t real_now_ms(void *self)
{
    (void)self;
    return clock_ms(CLOCK_REALTIME);
}

static int64_t real_mono_ms(void *self)
{
    (void)self;
    return clock_ms(CLOCK_MONOTONIC);
}

static void real_random(void *self, void *ret, size_t len)
{
    (void)self;
    randombytes_buf(ret, len);
}

struct env env_real(void)
{
    if (sodium_init() < 0)
        abort();
    _Atomic int64_t *last_id = calloc(1, sizeof *last_id);
    if (!last_id)
        abort();
    return (struct env){NULL, real_now_ms, real_mono_ms, real_random, last_id};
}

int64_t env_now_ms(const struct env *env)
{
    return env->now_ms(env->self);
}

int64_t env_now_s(const struct env *env)
{
    int64_t ms = env_now_ms(env);
    return ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
}

int64_t env_mono_ms(const struct env *env)
{
    return env->mono_ms(env->self);
}

void env_random(const struct env *env, void *ret, size_t len)
{
    env->random(env->self, ret, len);
}

int64_t env_id(const struct env *env)
{
    uint32_t noise;
    env_random(env, &noise, sizeof noise);
    int64_t ms = env_now_ms(env) - ID_EPOCH_MS;
    if (ms < 1)
        ms = 1; /* a clock before 2020 still gives positive ids */
    int64_t id =
        (int64_t)(((uint64_t)ms << ID_RANDOM_BITS | (noise & ((1u << ID_RANDOM_BITS) - 1))) &
                  INT64_MAX);
    if (!env->last_id)
        return id;
    int64_t last = atomic_load(env->last_id);
    int64_t next;
    do {
        /* Within a moment the next number will do. Where the clock has gone back since, another
         * process counts on from there too, and so did this one before it was killed: then each id
         * is a step of chance away, as if its clock went on. */
        bool gone_back = last - id > (int64_t)ID_MOMENT_MS << ID_RANDOM_BITS;
        int64_t step = gone_back ? 1 + (int64_t)(noise & ((1u << ID_RANDOM_BITS) - 1)) : 1;
        next = id > last ? id : last + step;
    } while (!atomic_compare_exchange_weak(env->last_id, &last, next));
    return next;
}

int64_t env_id_after(const struct env *env, int64_t before)
{
    int64_t id = env_id(env);
    uint32_t noise;
    if (id > before)
        return id;
    env_random(env, &noise, sizeof noise); /* others may step from there too */
    return before + 1 + (int64_t)(noise & ((1u << ID_RANDOM_BITS) - 1));
}

int64_t env_id_step(void)
{
    return (int64_t)1 << ID_RANDOM_BITS;
}

int64_t env_id_at(int64_t at_s)
{
    int64_t ms;
    if (__builtin_mul_overflow(at_s, 1000, &ms) || __builtin_sub_overflow(ms, ID_EPOCH_MS, &ms))
        return at_s < 0 ? 0 : INT64_MAX;
    if (ms <= 0)
        return 0;
    return ms > INT64_MAX >> ID_RANDOM_BITS ? INT64_MAX : ms << ID_RANDOM_BITS;
}

void token_hash(const char *token, size_t len, char ret_hash[static TOKEN_HASH_TEXT])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)token, len);
    sodium_bin2hex(ret_hash, TOKEN_HASH_TEXT, digest, sizeof digest);
}

void env_token(const struct env *env, char ret_token[static TOKEN_TEXT],
               char ret_hash[static TOKEN_HASH_TEXT])
{
    unsigned char raw[TOKEN_BYTES];
    env_random(env, raw, sizeof raw);
    sodium_bin2base64(ret_token, TOKEN_TEXT, raw, sizeof raw,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    token_hash(ret_token, strlen(ret_token), ret_hash);
    sodium_memzero(raw, sizeof raw);
}
