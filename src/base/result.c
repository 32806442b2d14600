/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* result: how a fault is described where it is found. See result.h. */
#include "base/result.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum result problem_set(struct problem *p, enum result kind, const char *code, const char *fmt, ...)
{
    assert(p && code && kind != OK);
    if (p->code)
        return kind;
    p->code = code;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(p->detail, sizeof p->detail, fmt, ap);
    va_end(ap);
    return kind;
}

enum result problem_field(struct problem *p, const char *path, const char *code,
                          const char *message)
{
    assert(p && path && code && message);
    if (p->field_count < PROBLEM_FIELDS_MAX)
        p->fields[p->field_count++] = (struct field_error){path, code, message};
    if (!p->code) {
        p->code = "validation_failed";
        snprintf(p->detail, sizeof p->detail, "Some fields need correcting.");
    }
    return INVALID;
}

void problem_clear(struct problem *p)
{
    memset(p, 0, sizeof *p);
}
