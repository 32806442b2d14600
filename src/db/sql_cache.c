/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sql_cache: open addressing, never fuller than half, nothing removed singly. See sql_cache.h. */
#include "db/sql_cache.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_BITS = 2, TYPES_IN_WORD = 32 };

static size_t slot_of(const char *address)
{
    /* Fibonacci hashing: literals lie close together, so the low bits alone would collide. */
    uint64_t mixed = (uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) % SQL_CACHE_SLOTS;
}

enum db_type sql_type(const struct db_value *v)
{
    return v->type == DB_NULL ? v->null_of : v->type;
}

struct sql_types sql_types_of(const struct db_value *params, size_t n)
{
    struct sql_types types = {{0}};
    for (size_t i = 0; i < n; i++) {
        uint64_t type = (uint64_t)sql_type(&params[i]);
        types.word[i / TYPES_IN_WORD] |= type << (i % TYPES_IN_WORD * TYPE_BITS);
    }
    return types;
}

static bool matches(const struct sql_entry *e, const char *sql, const struct sql_types *types)
{
    return e->address == sql && memcmp(&e->types, types, sizeof *types) == 0 &&
           strcmp(e->text, sql) == 0;
}

void *sql_cache_find(const struct sql_cache *cache, const char *sql, struct sql_types types)
{
    for (size_t i = slot_of(sql); cache->slots[i].text; i = (i + 1) % SQL_CACHE_SLOTS)
        if (matches(&cache->slots[i], sql, &types))
            return cache->slots[i].payload;
    return NULL;
}

bool sql_cache_add(struct sql_cache *cache, const char *sql, struct sql_types types, void *payload)
{
    if (cache->count == SQL_CACHE_MAX)
        return false;
    char *text = strdup(sql);
    if (!text)
        return false;
    size_t i = slot_of(sql);
    while (cache->slots[i].text)
        i = (i + 1) % SQL_CACHE_SLOTS;
    cache->slots[i] = (struct sql_entry){sql, text, types, payload};
    cache->count++;
    return true;
}

void sql_cache_clear(struct sql_cache *cache, void (*drop)(void *payload))
{
    for (size_t i = 0; i < SQL_CACHE_SLOTS; i++) {
        if (cache->slots[i].text) {
            drop(cache->slots[i].payload);
            free(cache->slots[i].text);
        }
    }
    memset(cache, 0, sizeof *cache);
}
