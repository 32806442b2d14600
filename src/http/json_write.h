/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * json_write: a streaming JSON writer straight into a buffer; it places the commas.
 *
 *     struct json_out j = jw(&buf);
 *     jw_open(&j, '{');
 *     jw_key(&j, "name");
 *     jw_text(&j, name);
 *     jw_close(&j, '}');
 *
 * Opening and closing must match, and a key must come before each member: neither is checked. No
 * limit but the buffer's; the depth is at most JSON_OUT_DEPTH (assert). One thread at a time.
 */
#ifndef CAREOPS_HTTP_JSON_WRITE_H
#define CAREOPS_HTTP_JSON_WRITE_H

#include "base/buf.h"

enum { JSON_OUT_DEPTH = 64 };

struct json_out {
    struct buf *out;
    unsigned depth;
    uint64_t begun; /* bit d: level d has a member already, so the next one wants a comma */
    bool after_key;
};

struct json_out jw(struct buf *out);
/* '{' or '['; '}' or ']' */
void jw_open(struct json_out *j, char bracket);
void jw_close(struct json_out *j, char bracket);
/* A constant of ours or a declared name: written without escaping. */
void jw_key(struct json_out *j, const char *name);
/* Absent text is null. */
void jw_text(struct json_out *j, struct str s);
void jw_z(struct json_out *j, const char *zero_terminated);
void jw_int(struct json_out *j, int64_t v);
void jw_bool(struct json_out *j, bool v);
void jw_null(struct json_out *j);
/* A whole JSON value as it is. */
void jw_raw(struct json_out *j, struct str json);
/* Integer thousandths as a decimal number. */
void jw_thousandths(struct json_out *j, int64_t v);

#endif
