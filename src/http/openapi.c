/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* openapi: the document of all routes that are not hidden. See openapi.h. */
#include "http/openapi.h"

#include "http/access.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { OPENAPI_MAX = 8 * 1024 * 1024, OPERATION_ID_MAX = 160 };

/* The problems that an operation can answer with; described once, under components/responses. */
static const struct {
    int status;
    const char *name;
    const char *description;
} problems[] = {
    {400, "Malformed",
     "The body or the query cannot be read, or both a session cookie and a token were sent."},
    {401, "NotSignedIn", "Nobody is signed in, or the session has ended."},
    {403, "Forbidden", "The caller may not do this, or it was sent from another site's page."},
    {404, "NotFound", "Absent, or another workspace's."},
    {409, "Conflict", "It contradicts the current state; the code says how."},
    {412, "StaleVersion", "If-Match names another version than the current one."},
    {413, "TooLarge", "The body is larger than 1 MiB."},
    {415, "UnsupportedMediaType", "The body is not application/json."},
    {422, "ValidationFailed", "Fields are wrong; there is one entry in errors for each."},
    {429, "TooManyRequests", "Too many requests; Retry-After says when to come again."},
    {503, "Busy", "Too busy; nothing was changed, Retry-After says when to come again."},
};

static void member(struct json_out *j, const char *key, const char *value)
{
    jw_key(j, key);
    jw_z(j, value);
}

/* ---- names ---- */

/* GET /api/v1/bookings/{id}/history → get_bookings_by_id_history */
static void operation_id(const struct route *r, char ret[static OPERATION_ID_MAX])
{
    static const char prefix[] = "/api/v1";
    struct segment segments[ROUTE_SEGMENTS_MAX];
    bool short_path = strncmp(r->path, prefix, sizeof prefix - 1) == 0;
    size_t n = path_segments(short_path ? r->path + sizeof prefix - 1 : r->path, segments);
    int at = snprintf(ret, OPERATION_ID_MAX, "%s", http_method_name(r->method));
    for (size_t i = 0; i < n && at < OPERATION_ID_MAX; i++)
        at += snprintf(ret + at, (size_t)(OPERATION_ID_MAX - at), "_%s" STR_FMT,
                       segments[i].kind == SEGMENT_PARAM ? "by_" : "", STR_ARG(segments[i].text));
    assert(at < OPERATION_ID_MAX);
    for (char *c = ret; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
        else if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
            *c = '_';
    }
}

static size_t param_count(const struct route *r)
{
    size_t n = 0;
    for (const char *c = r->path; *c; c++)
        n += *c == '{';
    return n;
}

static bool takes_if_match(const struct route *r)
{
    bool changes = r->method & (HTTP_POST_ | HTTP_PUT_ | HTTP_DELETE_);
    return r->method == HTTP_PATCH_ || r->versioned ||
           (changes && param_count(r) > 0 && !r->idempotent && r->who != WHO_ANYONE);
}

/* ---- an operation ---- */

static void write_parameter(struct json_out *j, const char *name, const char *in, bool required,
                            const char *description)
{
    jw_open(j, '{');
    member(j, "name", name);
    member(j, "in", in);
    if (required) {
        jw_key(j, "required");
        jw_bool(j, true);
    }
    if (description)
        member(j, "description", description);
    jw_key(j, "schema");
}

static void write_text_parameter(struct json_out *j, const char *name, const char *in,
                                 bool required, const char *description)
{
    write_parameter(j, name, in, required, description);
    jw_open(j, '{');
    member(j, "type", "string");
    jw_close(j, '}');
    jw_close(j, '}');
}

static void write_query_parameter(struct json_out *j, const struct field *f)
{
    struct field bare = *f; /* its words describe the parameter, not the schema */
    bare.doc = NULL;
    write_parameter(j, f->name, "query", f->required, f->doc);
    schema_parameter(j, &bare);
    if (f->kind == F_IDS || f->kind == F_STRS || f->kind == F_FLAGS) {
        member(j, "style", "form"); /* "a,b" */
        jw_key(j, "explode");
        jw_bool(j, false);
    }
    jw_close(j, '}');
}

static void write_parameters(struct json_out *j, const struct route *r)
{
    struct segment segments[ROUTE_SEGMENTS_MAX];
    size_t n = path_segments(r->path, segments);
    jw_key(j, "parameters");
    jw_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        char name[64];
        assert(segments[i].kind != SEGMENT_TAIL);
        if (segments[i].kind != SEGMENT_PARAM)
            continue;
        snprintf(name, sizeof name, STR_FMT, STR_ARG(segments[i].text));
        write_text_parameter(j, name, "path", true, NULL);
    }
    for (size_t i = 0; r->query && i < r->query->field_count; i++)
        write_query_parameter(j, &r->query->fields[i]);
    if (r->idempotent)
        write_text_parameter(j, "Idempotency-Key", "header", false,
                             "1 to 255 visible ASCII characters, kept 24 h: the same key and body "
                             "replay the first answer");
    if (takes_if_match(r))
        write_text_parameter(j, "If-Match", "header", false,
                             "the ETag of the version that the change is meant for");
    jw_close(j, ']');
}

static void write_content(struct json_out *j, const char *type)
{
    jw_key(j, "content");
    jw_open(j, '{');
    jw_key(j, type);
    jw_open(j, '{');
    jw_key(j, "schema");
}

static void end_content(struct json_out *j)
{
    jw_close(j, '}');
    jw_close(j, '}');
}

/* {"data": […], "next_cursor": …} */
static void write_envelope(struct json_out *j, const struct schemas *s, const struct shape *item)
{
    jw_open(j, '{');
    member(j, "type", "object");
    jw_key(j, "properties");
    jw_open(j, '{');
    jw_key(j, "data");
    jw_open(j, '{');
    member(j, "type", "array");
    jw_key(j, "items");
    schema_ref(j, s, item, false);
    jw_close(j, '}');
    jw_key(j, "next_cursor");
    jw_open(j, '{');
    schema_type(j, "string", true);
    jw_close(j, '}');
    jw_close(j, '}');
    jw_key(j, "required");
    jw_open(j, '[');
    jw_z(j, "data");
    jw_z(j, "next_cursor");
    jw_close(j, ']');
    jw_close(j, '}');
}

/* An id in a body or query can name what is not there. */
static bool names_ids(const struct shape *shape)
{
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        bool inner = (f->kind == F_OBJECT || f->kind == F_LIST) && names_ids(f->of);
        if (f->kind == F_ID || f->kind == F_IDS || inner)
            return true;
    }
    return false;
}

static bool can_answer(const struct route *r, int status)
{
    bool unsafe = r->method != HTTP_GET_;
    if (status == r->also[0] || status == r->also[1])
        return true;
    switch (status) {
    case 400: return r->body || r->query || r->idempotent || r->who != WHO_ANYONE;
    case 401: return r->who != WHO_ANYONE;
    case 403: return unsafe || r->who != WHO_ANYONE;
    case 404: return param_count(r) > 0 || names_ids(r->body) || names_ids(r->query);
    case 409: return r->mode == MODE_WRITE;
    case 412: return takes_if_match(r);
    case 413: return r->body || r->body_raw;
    case 415: return r->body != NULL;
    case 429: return r->rate != RATE_NONE;
    case 503: return r->mode != MODE_FREE;
    default: return true; /* 422: an unknown parameter is enough */
    }
}

static void write_responses(struct json_out *j, const struct schemas *s, const struct route *r)
{
    char key[8], ref[64];
    jw_key(j, "responses");
    jw_open(j, '{');
    snprintf(key, sizeof key, "%d", r->status);
    jw_key(j, key);
    jw_open(j, '{');
    member(j, "description", http_reason(r->status));
    if (r->answer) {
        write_content(j, "application/json");
        if (r->answer_is_list)
            write_envelope(j, s, r->answer);
        else
            schema_ref(j, s, r->answer, false);
        end_content(j);
    }
    if (r->answer_is_file) {
        write_content(j, "*/*");
        jw_open(j, '{');
        schema_type(j, "string", false);
        member(j, "format", "binary");
        jw_close(j, '}');
        end_content(j);
    }
    if (r->answer_is_stream) {
        write_content(j, "text/event-stream");
        jw_open(j, '{');
        schema_type(j, "string", false);
        jw_close(j, '}');
        end_content(j);
    }
    jw_close(j, '}');
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        if (!can_answer(r, problems[i].status))
            continue;
        snprintf(key, sizeof key, "%d", problems[i].status);
        snprintf(ref, sizeof ref, "#/components/responses/%s", problems[i].name);
        jw_key(j, key);
        jw_open(j, '{');
        member(j, "$ref", ref);
        jw_close(j, '}');
    }
    jw_close(j, '}');
}

static void write_security(struct json_out *j, const struct route *r)
{
    static const char *const schemes[] = {"session", "bearer"};
    jw_key(j, "security");
    jw_open(j, '[');
    size_t count = r->who == WHO_ANYONE ? 0 : r->no_token || r->who == WHO_SIGNED_IN ? 1 : 2;
    for (size_t i = 0; i < count; i++) {
        jw_open(j, '{');
        jw_key(j, schemes[i]);
        jw_open(j, '[');
        jw_close(j, ']');
        jw_close(j, '}');
    }
    jw_close(j, ']');
    access_members(j, r);
}

static void write_operation(struct json_out *j, const struct schemas *s, const struct route *r)
{
    char id[OPERATION_ID_MAX], method[16];
    snprintf(method, sizeof method, "%s", http_method_name(r->method));
    for (char *c = method; *c; c++)
        *c = (char)(*c - 'A' + 'a');
    operation_id(r, id);
    jw_key(j, method);
    jw_open(j, '{');
    member(j, "operationId", id);
    member(j, "summary", r->summary);
    jw_key(j, "tags");
    jw_open(j, '[');
    jw_z(j, r->tag);
    jw_close(j, ']');
    write_security(j, r);
    write_parameters(j, r);
    if (r->body || r->body_raw) {
        jw_key(j, "requestBody");
        jw_open(j, '{');
        jw_key(j, "required");
        jw_bool(j, !r->body_optional);
        write_content(j, "application/json");
        if (r->body)
            schema_ref(j, s, r->body, true);
        else
            jw_raw(j, STR("{\"type\":\"object\"}"));
        end_content(j);
        jw_close(j, '}');
    }
    write_responses(j, s, r);
    jw_close(j, '}');
}

/* ---- the document ---- */

static void write_info(struct json_out *j, const struct dispatcher *d)
{
    member(j, "openapi", "3.1.0");
    jw_key(j, "info");
    jw_open(j, '{');
    member(j, "title", "CareOps");
    member(j, "version", CAREOPS_VERSION);
    member(j, "description",
           "Bookings, people and stock of salons, spas and clinics. Errors are RFC 9457 problems "
           "with a stable code.");
    jw_key(j, "license");
    jw_open(j, '{');
    member(j, "name", "AGPL-3.0-or-later");
    member(j, "identifier", "AGPL-3.0-or-later");
    jw_close(j, '}');
    jw_close(j, '}');
    jw_key(j, "servers");
    jw_open(j, '[');
    jw_open(j, '{');
    jw_key(j, "url");
    jw_text(j, d->origin.len ? d->origin : STR("/"));
    jw_close(j, '}');
    jw_close(j, ']');
}

static void write_tags(struct json_out *j, const struct dispatcher *d)
{
    jw_key(j, "tags");
    jw_open(j, '[');
    for (size_t i = 0; i < d->endpoint_count; i++) {
        const struct route *r = d->endpoints[i].route;
        bool known = r->hidden;
        for (size_t k = 0; !known && k < i; k++)
            known =
                !d->endpoints[k].route->hidden && strcmp(d->endpoints[k].route->tag, r->tag) == 0;
        if (known)
            continue;
        jw_open(j, '{');
        member(j, "name", r->tag);
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

/* Operations of one path stand together, so each path is written where it first occurs. */
static void write_paths(struct json_out *j, const struct schemas *s, const struct dispatcher *d)
{
    jw_key(j, "paths");
    jw_open(j, '{');
    for (size_t i = 0; i < d->endpoint_count; i++) {
        const char *path = d->endpoints[i].route->path;
        bool known = d->endpoints[i].route->hidden;
        for (size_t k = 0; !known && k < i; k++)
            known =
                !d->endpoints[k].route->hidden && strcmp(d->endpoints[k].route->path, path) == 0;
        if (known)
            continue;
        jw_key(j, path);
        jw_open(j, '{');
        for (size_t k = i; k < d->endpoint_count; k++)
            if (!d->endpoints[k].route->hidden && strcmp(d->endpoints[k].route->path, path) == 0)
                write_operation(j, s, d->endpoints[k].route);
        jw_close(j, '}');
    }
    jw_close(j, '}');
}

static void write_components(struct json_out *j, const struct schemas *s)
{
    static const char problem_schema[] =
        "{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"
        "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
        "\"code\":{\"type\":\"string\",\"description\":\"stable, for programs\"},"
        "\"request_id\":{\"type\":\"string\"},"
        "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"path\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"}},\"required\":[\"path\",\"code\",\"message\"]}}},"
        "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\",\"request_id\","
        "\"errors\"]}";
    static const char security_schemes[] =
        "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"" SESSION_COOKIE "\"},"
        "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}";
    jw_key(j, "components");
    jw_open(j, '{');
    jw_key(j, "securitySchemes");
    jw_raw(j, str_of(security_schemes));
    jw_key(j, "schemas");
    jw_open(j, '{');
    jw_key(j, "Problem");
    jw_raw(j, str_of(problem_schema));
    schemas_write(j, s);
    jw_close(j, '}');
    jw_key(j, "responses");
    jw_open(j, '{');
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        jw_key(j, problems[i].name);
        jw_open(j, '{');
        member(j, "description", problems[i].description);
        write_content(j, "application/problem+json");
        jw_raw(j, STR("{\"$ref\":\"#/components/schemas/Problem\"}"));
        end_content(j);
        jw_close(j, '}');
    }
    jw_close(j, '}');
    jw_close(j, '}');
}

struct str openapi_build(struct dispatcher *d)
{
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct schemas *s = arena_new(&scratch, struct schemas);
    for (size_t i = 0; i < d->endpoint_count; i++) {
        const struct route *r = d->endpoints[i].route;
        if (r->hidden)
            continue;
        schemas_add(s, r->body, true);
        schemas_add(s, r->answer, false);
    }
    struct buf out;
    buf_init(&out, OPENAPI_MAX);
    struct json_out j = jw(&out);
    jw_open(&j, '{');
    write_info(&j, d);
    write_tags(&j, d);
    write_paths(&j, s, d);
    write_components(&j, s);
    jw_close(&j, '}');
    assert(!out.overflow);
    struct str document = str_copy(&d->memory, buf_view(&out));
    buf_done(&out);
    arena_done(&scratch);
    return document;
}
