/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * openapi: OpenAPI 3.1 from the route tables. openapi.c writes the document and its operations,
 * openapi_schema.c the schemas of the shapes. Used once, when the dispatcher is made.
 *
 * A shape that is both sent and received has two schemas, because an answer says null where a
 * request leaves out: the request's is called "<Name>Input" then.
 */
#ifndef CAREOPS_HTTP_OPENAPI_H
#define CAREOPS_HTTP_OPENAPI_H

#include "http/dispatch_internal.h"
#include "http/json_write.h"

enum { SHAPES_MAX = 512 };

/* Every shape that the routes reach. */
struct schemas {
    size_t count;
    struct {
        const struct shape *shape;
        bool in, out; /* read, written */
    } items[SHAPES_MAX];
};

/* Adds a shape and what it holds. */
void schemas_add(struct schemas *s, const struct shape *shape, bool in);
/* {"$ref": …} */
void schema_ref(struct json_out *j, const struct schemas *s, const struct shape *shape, bool in);
/* All of them, as members of components/schemas. */
void schemas_write(struct json_out *j, const struct schemas *s);
/* The schema of one field as a request has it (for query parameters). */
void schema_parameter(struct json_out *j, const struct field *f);

/* "type": ["string", "null"] or "type": "string" */
void schema_type(struct json_out *j, const char *type, bool nullable);

#endif
