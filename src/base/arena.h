/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * arena: the memory of one request (or one robot run), given back in one call.
 *
 * Blocks are added as needed until `limit` bytes are given out; who asks for more ends the process,
 * so every input is bounded before it is copied here. Cleanups run on reset, the last one first.
 * One thread at a time. What is not given out is poisoned under AddressSanitizer.
 */
#ifndef CAREOPS_BASE_ARENA_H
#define CAREOPS_BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena_cleanup;

struct arena {
    struct arena_block *blocks;
    struct arena_cleanup *cleanups;
    size_t used;
    size_t limit;
};

enum { ARENA_DEFAULT_LIMIT = 64 * 1024 * 1024 };

void arena_init(struct arena *a, size_t limit);
/* Runs the cleanups and empties the arena; keeps one block for the next request. */
void arena_reset(struct arena *a);
void arena_done(struct arena *a);

/*
 * Zeroed, aligned for any type. Never NULL: past the limit, or without memory, the process ends,
 * since the sizes were ours to bound.
 */
void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull, malloc));
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull));
/* Zero-terminated. */
char *arena_strndup(struct arena *a, const char *s, size_t len) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
/* `fn(arg)` runs at the next reset, while the arena's memory is still there. */
void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg);

#define arena_new(a, type)              ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_array(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

#endif
