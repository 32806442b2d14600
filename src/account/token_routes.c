/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * token_routes: the owner's tokens over HTTP.
 *
 * Making one takes no idempotency key: its record would keep the secret. A second try makes a
 * second token, which the list shows.
 */
#include "account/token.h"

struct person_out {
    struct opt_int id;
    struct str name;
};
static const struct field person_fields[] = {
    FIELD_ID(struct person_out, id),
    FIELD_STR(struct person_out, name, 0, 0),
};
static const struct shape person_shape = SHAPE("TokenMaker", struct person_out, person_fields);

struct token_out {
    struct opt_int id, scopes, created_at, expires_at, last_used_at;
    struct str name, secret;
    struct person_out *maker;
};

#define TOKEN_FIELDS                                                                      \
    FIELD_ID(struct token_out, id), FIELD_STR(struct token_out, name, 0, 0),              \
        FIELD_FLAGS(struct token_out, scopes, scope_names),                               \
        FIELD_OBJECT(struct token_out, maker, person_shape, .doc = "whom it acts for"),   \
        FIELD_INSTANT(struct token_out, created_at),                                      \
        FIELD_INSTANT(struct token_out, expires_at, .maybe = true, .doc = "null: never"), \
        FIELD_INSTANT(struct token_out, last_used_at, .maybe = true,                      \
                      .doc = "to the minute; null: not yet")

static const struct field token_fields[] = {TOKEN_FIELDS};
static const struct shape token_shape = SHAPE("Token", struct token_out, token_fields);

static const struct field token_made_fields[] = {
    TOKEN_FIELDS,
    FIELD_STR(struct token_out, secret, 0, 0, .doc = "shown this once; only its hash is kept"),
};
static const struct shape token_made_shape =
    SHAPE("TokenMade", struct token_out, token_made_fields);

struct token_in {
    struct str name;
    struct opt_int scopes, expires_at;
};
static const struct field token_in_fields[] = {
    FIELD_STR(struct token_in, name, 1, TOKEN_NAME_MAX, .required = true,
              .doc = "which program it is for"),
    FIELD_FLAGS(struct token_in, scopes, scope_names, .required = true,
                .doc = "permissions; with :read for reading alone; admin: all but accounts"),
    FIELD_INSTANT(struct token_in, expires_at, .doc = "absent: never"),
};
static const struct shape token_in_shape = SHAPE("TokenNew", struct token_in, token_in_fields);

static const struct field query_fields[] = {PAGE_FIELDS(struct page_in)};
static const struct shape query_shape = SHAPE("TokensQuery", struct page_in, query_fields);

static struct token_out view_of(struct arena *a, const struct token *t)
{
    struct person_out *maker = arena_new(a, struct person_out);
    *maker = (struct person_out){some_int(t->staff_id), t->maker};
    return (struct token_out){
        .id = some_int(t->id),
        .name = t->name,
        .scopes = some_int(scopes_flags(t->scopes)),
        .maker = maker,
        .created_at = some_int(t->created_s),
        .expires_at = t->expires_s,
        .last_used_at = t->last_used_s,
    };
}

static enum result get_tokens(struct request *rq, struct work *w)
{
    const struct page_in *page = rq->query_in;
    size_t limit = page->limit.set ? (size_t)page->limit.value : PAGE_LIMIT_DEFAULT;
    bool given;
    int64_t key = 0, after_id = 0;
    struct token *tokens;
    size_t count;
    enum result r = cursor_read(w, page->cursor, &given, &key, &after_id);
    if (r == OK)
        r = token_page(w, after_id, limit + 1, &tokens, &count);
    if (r != OK)
        return r;
    struct str next = {0};
    if (count > limit) {
        count = limit;
        next = cursor_write(w->arena, 0, tokens[count - 1].id);
    }
    struct token_out *list = arena_new_array(w->arena, count + 1, struct token_out);
    for (size_t i = 0; i < count; i++)
        list[i] = view_of(w->arena, &tokens[i]);
    answer_list(rq, &token_shape, list, count, next, w->actor.permissions);
    return OK;
}

static enum result post_token(struct request *rq, struct work *w)
{
    const struct token_in *in = rq->in;
    if (in->scopes.value == 0)
        return problem_field(w->problem, "scopes", "too_few", "Name one scope at least.");
    if (in->expires_at.set && in->expires_at.value <= w->now_s)
        return problem_field(w->problem, "expires_at", "out_of_range",
                             "Give a time in the future, or leave it out.");
    struct token t = {
        .name = in->name,
        .scopes = scopes_stored(in->scopes.value),
        .expires_s = in->expires_at,
    };
    char secret[SECRET_TEXT];
    enum result r = token_create(w, &t, secret);
    if (r != OK)
        return r;
    struct token_out out = view_of(w->arena, &t);
    out.secret = str_of(secret);
    answer_json(rq, 201, &token_made_shape, &out, w->actor.permissions);
    return OK;
}

static enum result delete_token(struct request *rq, struct work *w)
{
    enum result r = token_revoke(w, request_id_param(rq, 0));
    if (r == OK)
        answer_empty(rq, 204);
    return r;
}

#define TOKEN_ROUTE .who = WHO_OWNER, .no_token = true, .tag = "tokens"

static const struct route routes[] = {
    {
        TOKEN_ROUTE,
        .method = HTTP_GET_,
        .path = "/api/v1/tokens",
        .mode = MODE_READ,
        .query = &query_shape,
        .status = 200,
        .answer = &token_shape,
        .answer_is_list = true,
        .handler = get_tokens,
        .summary = "Tokens of the business's programs, oldest first",
    },
    {
        TOKEN_ROUTE,
        .method = HTTP_POST_,
        .path = "/api/v1/tokens",
        .mode = MODE_WRITE,
        .body = &token_in_shape,
        .status = 201,
        .answer = &token_made_shape,
        .handler = post_token,
        .summary = "Make a token; its secret is shown once",
    },
    {
        TOKEN_ROUTE,
        .method = HTTP_DELETE_,
        .path = "/api/v1/tokens/{id}",
        .mode = MODE_WRITE,
        .status = 204,
        .handler = delete_token,
        .summary = "Revoke a token: its next request is refused",
    },
};
const struct route_table token_table = {routes, sizeof routes / sizeof routes[0]};
