/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * limit: token buckets in a hash table of fixed size, with a list from the latest used to the
 * earliest. Owns its memory, all of it taken at birth.
 *
 * A bucket is kept as the moment at which it will be full again: full minus that is what is left.
 */
#include "http/limit.h"

#include "http/forwarded.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 16, NONE = -1, MARK_RULE = -1 };

struct bucket {
    unsigned char name[NAME_BYTES]; /* keyed hash of rule and key, so that no key is stored */
    int64_t full_at_ms;
    int next;         /* in its hash chain */
    int newer, older; /* in the list of use */
};

struct limiter {
    pthread_mutex_t lock; /* of everything below; never held together with another */
    const struct env *env;
    bool enabled;
    unsigned char secret[crypto_generichash_KEYBYTES];
    size_t size;
    size_t used;
    int newest, oldest;
    int *chains; /* `size` of them */
    struct bucket *buckets;
};

struct limiter *limiter_new(const struct env *env, size_t keys_max, bool enabled)
{
    assert(keys_max > 0 && keys_max < INT32_MAX);
    struct limiter *l = calloc(1, sizeof *l);
    int *chains = calloc(keys_max, sizeof *chains);
    struct bucket *buckets = calloc(keys_max, sizeof *buckets);
    if (!l || !chains || !buckets)
        abort();
    *l = (struct limiter){.env = env,
                          .enabled = enabled,
                          .size = keys_max,
                          .newest = NONE,
                          .oldest = NONE,
                          .chains = chains,
                          .buckets = buckets};
    pthread_mutex_init(&l->lock, NULL);
    env_random(env, l->secret, sizeof l->secret);
    for (size_t i = 0; i < keys_max; i++)
        chains[i] = NONE;
    return l;
}

void limiter_free(struct limiter *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l->chains);
    free(l->buckets);
    free(l);
}

static void name_of(const struct limiter *l, int rule_id, struct str key,
                    unsigned char ret[static NAME_BYTES])
{
    struct address address;
    crypto_generichash_state state;
    crypto_generichash_init(&state, l->secret, sizeof l->secret, NAME_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&rule_id, sizeof rule_id);
    if (address_parse(key, &address)) {
        address = address_group(address);
        crypto_generichash_update(&state, address.bytes, sizeof address.bytes);
    } else {
        crypto_generichash_update(&state, (const unsigned char *)key.ptr, key.len);
    }
    crypto_generichash_final(&state, ret, NAME_BYTES);
}

static int *chain_of(struct limiter *l, const unsigned char *name)
{
    uint32_t n;
    memcpy(&n, name, sizeof n);
    return &l->chains[n % l->size];
}

static int find(struct limiter *l, const unsigned char *name)
{
    int i = *chain_of(l, name);
    while (i != NONE && memcmp(l->buckets[i].name, name, NAME_BYTES) != 0)
        i = l->buckets[i].next;
    return i;
}

static void unlink_use(struct limiter *l, int i)
{
    struct bucket *b = &l->buckets[i];
    *(b->newer == NONE ? &l->newest : &l->buckets[b->newer].older) = b->older;
    *(b->older == NONE ? &l->oldest : &l->buckets[b->older].newer) = b->newer;
}

static void link_newest(struct limiter *l, int i)
{
    l->buckets[i].newer = NONE;
    l->buckets[i].older = l->newest;
    *(l->newest == NONE ? &l->oldest : &l->buckets[l->newest].newer) = i;
    l->newest = i;
}

static void unlink_chain(struct limiter *l, int i)
{
    int *link = chain_of(l, l->buckets[i].name);
    while (*link != i)
        link = &l->buckets[*link].next;
    *link = l->buckets[i].next;
}

/* A place for a new bucket: a free one, or the one that nobody has asked for the longest. */
static int place_for(struct limiter *l, const unsigned char *name)
{
    int i;
    if (l->used < l->size) {
        i = (int)l->used++;
    } else {
        i = l->oldest;
        unlink_use(l, i);
        unlink_chain(l, i);
    }
    struct bucket *b = &l->buckets[i];
    int *chain = chain_of(l, name);
    memcpy(b->name, name, NAME_BYTES);
    b->full_at_ms = 0;
    b->next = *chain;
    *chain = i;
    link_newest(l, i);
    return i;
}

static int wait_s(int64_t ms)
{
    return (int)((ms + 999) / 1000);
}

static int ask(struct limiter *l, int rule_id, struct limit_rule rule, struct str key, bool always,
               bool take)
{
    assert(rule.burst > 0 && rule.refill_ms > 0);
    if (!l->enabled && !always)
        return 0;
    unsigned char name[NAME_BYTES];
    name_of(l, rule_id, key, name);
    int64_t now = env_mono_ms(l->env);
    int64_t room = (int64_t)(rule.burst - 1) * rule.refill_ms;
    int result = 0;
    pthread_mutex_lock(&l->lock);
    int i = find(l, name);
    int64_t full_at = i == NONE ? now : l->buckets[i].full_at_ms;
    if (full_at < now)
        full_at = now;
    if (full_at - now > room) {
        result = wait_s(full_at - now - room);
    } else if (take) {
        if (i == NONE) {
            i = place_for(l, name);
        } else {
            unlink_use(l, i);
            link_newest(l, i);
        }
        l->buckets[i].full_at_ms = full_at + rule.refill_ms;
    }
    pthread_mutex_unlock(&l->lock);
    return result;
}

int limiter_take(struct limiter *l, int rule_id, struct limit_rule rule, struct str key,
                 bool always)
{
    return ask(l, rule_id, rule, key, always, true);
}

int limiter_peek(struct limiter *l, int rule_id, struct limit_rule rule, struct str key,
                 bool always)
{
    return ask(l, rule_id, rule, key, always, false);
}

bool limiter_mark(const struct limiter *l, struct str key, char ret_mark[static LIMITER_MARK_TEXT])
{
    if (!l->enabled)
        return false;
    unsigned char name[NAME_BYTES];
    name_of(l, MARK_RULE, key, name);
    sodium_bin2hex(ret_mark, LIMITER_MARK_TEXT, name, sizeof name);
    return true;
}

void limiter_give(struct limiter *l, int rule_id, struct limit_rule rule, struct str key)
{
    unsigned char name[NAME_BYTES];
    name_of(l, rule_id, key, name);
    pthread_mutex_lock(&l->lock);
    int i = find(l, name);
    if (i != NONE)
        l->buckets[i].full_at_ms -= rule.refill_ms;
    pthread_mutex_unlock(&l->lock);
}

void limiter_reset(struct limiter *l, int rule_id, struct str key)
{
    unsigned char name[NAME_BYTES];
    name_of(l, rule_id, key, name);
    pthread_mutex_lock(&l->lock);
    int i = find(l, name);
    if (i != NONE)
        l->buckets[i].full_at_ms = 0;
    pthread_mutex_unlock(&l->lock);
}
