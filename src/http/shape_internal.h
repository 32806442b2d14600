/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shape_internal: what the two readers (body and query) share. */
#ifndef CAREOPS_HTTP_SHAPE_INTERNAL_H
#define CAREOPS_HTTP_SHAPE_INTERNAL_H

#include "base/arena.h"
#include "http/shape.h"

enum { INT_BOUND_BITS = 53 };

/* One reading: where text goes and where faults are told. */
struct reader {
    struct arena *arena;
    struct problem *problem;
};

/* Where in the body we are; made into "hours.2.start" only when there is something to say. */
struct path {
    const struct path *up;
    const char *name; /* NULL: `index` counts */
    size_t index;
};

/* Adds one field error. `message` must outlive the problem. */
void reader_fault(struct reader *r, const struct path *path, const char *code, const char *message);
/* "This is needed." and so on, from the field's declaration. */
void reader_missing(struct reader *r, const struct path *path);
void reader_wrong_type(struct reader *r, const struct path *path, const struct field *f);
void reader_out_of_range(struct reader *r, const struct path *path, const struct field *f);

/* Kinds that are a string on the wire (STR, ID, INSTANT, DATE, CLOCK, ENUM) into the struct. */
void reader_text(struct reader *r, const struct path *path, const struct field *f, struct str s,
                 void *ret);
/* Checks the bounds and stores. */
void reader_int(struct reader *r, const struct path *path, const struct field *f, int64_t v,
                void *ret);
/* Checks the number of items; false and a fault when there are too few or too many. */
bool reader_count(struct reader *r, const struct path *path, const struct field *f, size_t count);
/* One item of IDS, STRS or FLAGS, into place `i` of what reader_list() made. */
void reader_item(struct reader *r, const struct path *path, const struct field *f, struct str s,
                 size_t i, void *ret);
void reader_list(struct reader *r, const struct field *f, size_t count, void *ret);

static inline void *field_at(const struct field *f, void *base)
{
    return (char *)base + f->offset;
}

static inline const void *field_in(const struct field *f, const void *base)
{
    return (const char *)base + f->offset;
}

#endif
