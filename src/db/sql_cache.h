/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sql_cache: the prepared statements of one connection.
 *
 * Found by the address of the SQL text (statements are literals, so an address seldom changes),
 * verified by the text itself and by the types of its parameters. Keeps at most
 * SQL_CACHE_MAX statements, first come: the program's literals are fewer, and what comes past it
 * is prepared for one use. Owns copies of the texts; what a payload points at is the engine's.
 * Belongs to the thread that has the connection.
 */
#ifndef CAREOPS_DB_SQL_CACHE_H
#define CAREOPS_DB_SQL_CACHE_H

#include "db/db.h"

enum { SQL_CACHE_MAX = 512, SQL_CACHE_SLOTS = 1024 };

/* Two bits a parameter, an `enum db_type` each; DB_NULL for one whose type is not known. */
struct sql_types {
    uint64_t word[DB_PARAMS_MAX / 32];
};

struct sql_entry {
    const char *address;
    char *text;
    struct sql_types types;
    void *payload;
};

struct sql_cache {
    struct sql_entry slots[SQL_CACHE_SLOTS];
    size_t count;
};

/* What a value's type is once it is known to be NULL or not. */
enum db_type sql_type(const struct db_value *v);
struct sql_types sql_types_of(const struct db_value *params, size_t n);

/* NULL where this text with these types is not there. */
void *sql_cache_find(const struct sql_cache *cache, const char *sql, struct sql_types types);
/* False when the cache is full: the payload stays the caller's. */
bool sql_cache_add(struct sql_cache *cache, const char *sql, struct sql_types types, void *payload);
/* Empties it, handing each payload to `drop`. */
void sql_cache_clear(struct sql_cache *cache, void (*drop)(void *payload));

#endif
