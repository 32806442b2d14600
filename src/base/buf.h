/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * buf: a growing byte buffer that is given its limit at birth.
 *
 * Past the limit (or without memory) it drops what does not fit and remembers it in `overflow`; the
 * writer checks once, at the end. Owned on the heap: `buf_done` frees. One thread at a time.
 */
#ifndef CAREOPS_BASE_BUF_H
#define CAREOPS_BASE_BUF_H

#include "base/str.h"

struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t limit;
    bool overflow;
};

void buf_init(struct buf *b, size_t limit);
void buf_done(struct buf *b);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *b);
/* What does not fit is left out whole, so a writer that goes on leaves a gap, never half a word. */
void buf_add(struct buf *b, const void *data, size_t len);
void buf_byte(struct buf *b, char c);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *zero_terminated);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Good until the next change. */
struct str buf_view(const struct buf *b);

#endif
