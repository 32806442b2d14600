/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* arena: bump allocation in blocks, with a cleanup list. See arena.h. */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK_SIZE = 16 * 1024, ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGN) unsigned char data[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*fn)(void *);
    void *arg;
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

static void run_cleanups(struct arena *a)
{
    while (a->cleanups) {
        struct arena_cleanup *c = a->cleanups;
        a->cleanups = c->next;
        c->fn(c->arg);
    }
}

void arena_reset(struct arena *a)
{
    run_cleanups(a);
    struct arena_block *keep = NULL;
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        if (!keep && b->size == BLOCK_SIZE)
            keep = b;
        else {
            ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
            free(b);
        }
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        ASAN_POISON_MEMORY_REGION(keep->data, keep->size);
    }
    a->blocks = keep;
    a->used = 0;
}

void arena_done(struct arena *a)
{
    arena_reset(a);
    if (a->blocks)
        ASAN_UNPOISON_MEMORY_REGION(a->blocks->data, a->blocks->size);
    free(a->blocks);
    a->blocks = NULL;
}

static struct arena_block *block_for(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;
    if (b && b->size - b->used >= size)
        return b;
    size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    b = malloc(sizeof *b + capacity);
    if (!b)
        abort();
    *b = (struct arena_block){.size = capacity};
    ASAN_POISON_MEMORY_REGION(b->data, capacity);
    /* A block made for one large piece goes behind the current one, whose tail is still good for
     * small pieces. */
    if (a->blocks && size > BLOCK_SIZE / 2) {
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        b->next = a->blocks;
        a->blocks = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t need = (size + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
    if (need < size || need > a->limit - a->used) {
        fprintf(stderr, "{\"level\":\"fatal\",\"message\":\"arena limit reached\"}\n");
        abort();
    }
    if (need == 0)
        need = ALIGN;
    struct arena_block *b = block_for(a, need);
    void *p = b->data + b->used;
    b->used += need;
    a->used += need;
    ASAN_UNPOISON_MEMORY_REGION(p, size);
    memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        abort();
    return arena_alloc(a, bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_alloc(a, len + 1);
    if (len)
        memcpy(copy, s, len);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(len >= 0);
    char *text = arena_alloc(a, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg)
{
    struct arena_cleanup *c = arena_new(a, struct arena_cleanup);
    *c = (struct arena_cleanup){a->cleanups, fn, arg};
    a->cleanups = c;
}
