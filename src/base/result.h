/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * result: the one result type of fallible functions, and the problem that tells why.
 *
 * A function that can fail returns `enum result` and writes its `ret_` parameters only on OK. Where
 * the fault is found, `problem_set()` says it once, for a person and for a program; one place
 * (http/dispatch) turns it into an answer after RFC 9457. Our own mistakes are asserts, not
 * results.
 */
#ifndef CAREOPS_BASE_RESULT_H
#define CAREOPS_BASE_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#define must_check __attribute__((warn_unused_result))

enum result {
    OK = 0,
    NOT_FOUND, /* absent, or another workspace's: the two look alike */
    CONFLICT,  /* contradicts the current state; `code` says which */
    INVALID,   /* the caller's input is wrong; field errors say where */
    DENIED,    /* the caller is known but may not */
    BUSY,      /* try again later; nothing was changed */
    INTERNAL,  /* ours; logged where it was found */
};

enum { PROBLEM_FIELDS_MAX = 64, PROBLEM_DETAIL_MAX = 480 };

/* One wrong field: `path` is dotted from the body's root ("hours.2.start"), `code` is stable. */
struct field_error {
    const char *path;
    const char *code;
    const char *message;
};

struct shape; /* http/shape.h */

/* Why a call failed. Zero-initialised means "nothing said yet". Strings outlive the request. */
struct problem {
    int status;       /* an HTTP status when the result's own is not exact enough, else 0 */
    const char *code; /* stable, machine-readable: "slot_taken" */
    char detail[PROBLEM_DETAIL_MAX];
    int retry_after_s;
    struct field_error fields[PROBLEM_FIELDS_MAX];
    size_t field_count;
    const struct shape *extra_shape; /* further members of the answer, or NULL */
    const void *extra;
};

/*
 * Says why, unless something was said already, and returns `kind`, so that `return problem_set(…)`
 * reads well.
 */
enum result problem_set(struct problem *p, enum result kind, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Adds one field's error (those past the limit are dropped) and returns INVALID. `path` and
 * `message` must outlive the problem.
 */
enum result problem_field(struct problem *p, const char *path, const char *code,
                          const char *message);

void problem_clear(struct problem *p);

#endif
