/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* addresses: a hash table of counters, one list per bucket. It owns its counters. */
#include "http/addresses.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct address_count {
    struct address_count *next;
    struct address address;
    int open;
};

void addresses_init(struct addresses *t, const struct env *env)
{
    memset(t, 0, sizeof *t);
    env_random(env, t->key, sizeof t->key);
}

void addresses_done(struct addresses *t)
{
    for (size_t i = 0; i < ADDRESS_BUCKETS; i++)
        for (struct address_count *c = t->buckets[i], *next; c; c = next) {
            next = c->next;
            free(c);
        }
}

/* The link that points to the address's counter, or to the end of its list. */
static struct address_count **find(struct addresses *t, const struct address *a)
{
    _Static_assert(sizeof t->key == crypto_shorthash_KEYBYTES, "the key is the hash's");
    unsigned char hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, a->bytes, sizeof a->bytes, t->key);
    size_t bucket = (hash[0] | (size_t)hash[1] << 8) % ADDRESS_BUCKETS;
    struct address_count **link = &t->buckets[bucket];
    while (*link && memcmp((*link)->address.bytes, a->bytes, sizeof a->bytes) != 0)
        link = &(*link)->next;
    return link;
}

bool addresses_enter(struct addresses *t, const struct address *a, int max)
{
    struct address_count **link = find(t, a);
    if (!*link) {
        struct address_count *fresh = calloc(1, sizeof *fresh);
        if (!fresh)
            return false;
        fresh->address = *a;
        *link = fresh;
    }
    if ((*link)->open >= max)
        return false;
    (*link)->open++;
    return true;
}

void addresses_leave(struct addresses *t, const struct address *a)
{
    struct address_count **link = find(t, a);
    struct address_count *c = *link;
    assert(c && c->open > 0);
    if (--c->open == 0) {
        *link = c->next;
        free(c);
    }
}
