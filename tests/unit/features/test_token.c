/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* API tokens: what each scope opens, and what ends a token. */
#include "api.h"

#include "account/token.h"

#include <string.h>

/* A program with a token of the owner's; `scopes` is JSON. The token's id. */
static const char *token_of(struct api *a, struct caller *maker, const char *scopes,
                            struct caller *ret)
{
    expect(a, maker, "POST", "/api/v1/tokens", text(a, "{\"name\":\"Till\",\"scopes\":%s}", scopes),
           201);
    *ret = (struct caller){0};
    snprintf(ret->authorization, sizeof ret->authorization, "Bearer %s", text_at(a, "secret"));
    return text(a, "%s", text_at(a, "id"));
}

static void a_secret_is_shown_once_and_only_its_hash_is_kept(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "POST", "/api/v1/tokens",
           "{\"name\":\" Till \",\"scopes\":[\"inventory:read\",\"bookings\",\"admin\"],"
           "\"expires_at\":\"2027-01-01T00:00:00Z\"}",
           201);
    const char *secret = text(a, "%s", text_at(a, "secret"));
    assert_int_equal(strlen(secret), SECRET_TEXT - 1);
    assert_memory_equal(secret, "cot_", 4);
    assert_string_equal(text_at(a, "name"), "Till");
    assert_string_equal(text_at(a, "scopes.0"), "bookings");
    assert_string_equal(text_at(a, "scopes.1"), "inventory:read");
    assert_string_equal(text_at(a, "scopes.2"), "admin");
    assert_string_equal(text_at(a, "maker.name"), "Mia Owner");

    expect(a, &a->owner, "GET", "/api/v1/tokens", NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    assert_string_equal(text_at(a, "data.0.expires_at"), "2027-01-01T00:00:00Z");
    assert_true(absent_at(a, "data.0.secret"));
    assert_true(absent_at(a, "data.0.last_used_at"));
    char hash[TOKEN_HASH_TEXT];
    token_hash(secret, strlen(secret), hash);
    assert_int_equal(ask_int(a->fixture, text(a,
                                              "SELECT COUNT(*) FROM api_token"
                                              " WHERE token_hash = '%s'",
                                              hash)),
                     1);
    assert_int_equal(ask_int(a->fixture, text(a,
                                              "SELECT COUNT(*) FROM audit_event"
                                              " WHERE changes LIKE '%%%s%%'",
                                              secret + 4)),
                     0);
}

static void a_token_that_opens_nothing_or_has_ended_is_not_made(void **state)
{
    struct api *a = *state;
    static const char *const cases[][2] = {
        {"{\"name\":\"x\",\"scopes\":[]}", "scopes"},
        {"{\"name\":\"x\"}", "scopes"},
        {"{\"name\":\"x\",\"scopes\":[\"everything\"]}", "scopes.0"},
        {"{\"name\":\"\",\"scopes\":[\"admin\"]}", "name"},
        {"{\"name\":\"x\",\"scopes\":[\"admin\"],\"expires_at\":\"2026-11-22T10:00:00Z\"}",
         "expires_at"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        expect(a, &a->owner, "POST", "/api/v1/tokens", cases[i][0], 422);
        expect_problem(a, "validation_failed", cases[i][1]);
    }
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM api_token"), 0);
}

static void a_scope_opens_its_own_routes_and_reading_alone_reads_alone(void **state)
{
    struct api *a = *state;
    struct caller clients, reading, admin, both;
    token_of(a, &a->owner, "[\"clients\"]", &clients);
    token_of(a, &a->owner, "[\"clients:read\"]", &reading);
    token_of(a, &a->owner, "[\"admin\"]", &admin);
    token_of(a, &a->owner, "[\"inventory\",\"bookings:read\"]", &both);
    static const char ada[] = "{\"name\":\"Ada\"}";
    static const char item[] = "{\"name\":\"Oil\",\"unit\":\"ml\"}";

    expect(a, &clients, "POST", "/api/v1/clients", ada, 201);
    expect(a, &reading, "GET", "/api/v1/clients", NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    expect(a, &reading, "HEAD", "/api/v1/clients", NULL, 200);
    expect(a, &reading, "POST", "/api/v1/clients", ada, 403);
    expect_problem(a, "insufficient_scope", NULL);
    expect(a, &reading, "GET", "/api/v1/items", NULL, 403);
    expect(a, &clients, "GET", "/api/v1/bookings", NULL, 403);
    expect(a, &clients, "GET", "/api/v1/services", NULL, 200);
    expect(a, &clients, "POST", "/api/v1/services", "{}", 403);

    expect(a, &both, "POST", "/api/v1/items", item, 201);
    expect(a, &both, "GET", "/api/v1/bookings", NULL, 200);
    expect(a, &both, "POST", "/api/v1/bookings", "{}", 403);

    expect(a, &admin, "PATCH", "/api/v1/workspace", "{\"address\":\"Rue Neuve 1\"}", 200);
    expect(a, &admin, "GET", "/api/v1/staff", NULL, 200);
    expect(a, &admin, "POST", "/api/v1/items", "{\"name\":\"Wax\",\"unit\":\"g\"}", 201);
}

static void accounts_sessions_and_tokens_are_for_people(void **state)
{
    struct api *a = *state;
    struct caller admin;
    const char *id = token_of(a, &a->owner, "[\"admin\"]", &admin);
    static const char *const cases[][3] = {
        {"GET", "/api/v1/session", NULL},
        {"DELETE", "/api/v1/session", NULL},
        {"POST", "/api/v1/password/change",
         "{\"current_password\":\"violet lantern harbour\",\"new_password\":\"copper meadow 77\"}"},
        {"POST", "/api/v1/staff", "{\"name\":\"X\",\"email\":\"x@y.example\",\"role\":\"owner\"}"},
        {"GET", "/api/v1/tokens", NULL},
        {"POST", "/api/v1/tokens", "{\"name\":\"x\",\"scopes\":[\"admin\"]}"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        expect(a, &admin, cases[i][0], cases[i][1], cases[i][2], 403);
        expect_problem(a, "insufficient_scope", NULL);
    }
    expect(a, &admin, "DELETE", text(a, "/api/v1/tokens/%s", id), NULL, 403);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM user_account"), 1);
}

static void a_token_ends_when_it_is_revoked_or_its_time_is_over(void **state)
{
    struct api *a = *state;
    struct caller till, other;
    const char *id = token_of(a, &a->owner, "[\"inventory\"]", &till);
    expect(a, &till, "GET", "/api/v1/items", NULL, 200);
    expect(a, &a->owner, "DELETE", text(a, "/api/v1/tokens/%s", id), NULL, 204);
    expect(a, &till, "GET", "/api/v1/items", NULL, 401);
    expect_problem(a, "invalid_token", NULL);
    expect(a, &a->owner, "DELETE", text(a, "/api/v1/tokens/%s", id), NULL, 404);

    expect(a, &a->owner, "POST", "/api/v1/tokens",
           "{\"name\":\"x\",\"scopes\":[\"inventory\"],\"expires_at\":\"2026-11-22T11:00:00Z\"}",
           201);
    other = (struct caller){0};
    snprintf(other.authorization, sizeof other.authorization, "Bearer %s", text_at(a, "secret"));
    a->now_ms += 3599 * 1000;
    expect(a, &other, "GET", "/api/v1/items", NULL, 200);
    a->now_ms += 1000;
    expect(a, &other, "GET", "/api/v1/items", NULL, 401);
}

/* A second owner, signed in. Their id. */
static const char *second_owner(struct api *a, struct caller *ret)
{
    expect(a, &a->owner, "POST", "/api/v1/staff",
           "{\"name\":\"Lena\",\"email\":\"lena@bergamotte.example\",\"role\":\"owner\"}", 201);
    const char *id = text(a, "%s", text_at(a, "id"));
    const char *password = invited_password(a);
    *ret = (struct caller){0};
    expect(a, ret, "POST", "/api/v1/session",
           text(a, "{\"email\":\"lena@bergamotte.example\",\"password\":\"%s\"}", password), 200);
    expect(a, ret, "POST", "/api/v1/password/change",
           text(a, "{\"current_password\":\"%s\",\"new_password\":\"copper meadow window\"}",
                password),
           204);
    return id;
}

static void a_token_never_may_more_than_its_maker_and_ends_with_them(void **state)
{
    struct api *a = *state;
    struct caller lena, admin, diary;
    const char *at = text(a, "/api/v1/staff/%s", second_owner(a, &lena));
    token_of(a, &lena, "[\"admin\"]", &admin);
    token_of(a, &lena, "[\"bookings\",\"inventory\"]", &diary);
    expect(a, &a->owner, "PATCH", at, "{\"role\":\"staff\",\"permissions\":[\"bookings\"]}", 200);
    expect(a, &admin, "GET", "/api/v1/staff", NULL, 403);
    expect(a, &admin, "PATCH", "/api/v1/workspace", "{\"name\":\"x\"}", 403);
    expect(a, &diary, "GET", "/api/v1/bookings", NULL, 200);
    expect(a, &diary, "GET", "/api/v1/items", NULL, 403);

    expect(a, &a->owner, "POST", text(a, "%s/deactivate", at), NULL, 200);
    expect(a, &diary, "GET", "/api/v1/bookings", NULL, 401);
    expect(a, &a->owner, "GET", "/api/v1/tokens", NULL, 200);
    assert_int_equal(count_at(a, "data"), 0);
    expect(a, &a->owner, "POST", text(a, "%s/reactivate", at), NULL, 200);
    expect(a, &diary, "GET", "/api/v1/bookings", NULL, 401);
}

static void a_tokens_use_is_noted_once_a_minute_and_never_for_a_refusal(void **state)
{
    struct api *a = *state;
    struct caller till;
    token_of(a, &a->owner, "[\"inventory\"]", &till);
    static const struct {
        int64_t later_s;
        const char *path;
        int status;
        const char *noted;
    } cases[] = {
        {0, "/api/v1/clients", 403, NULL},
        {0, "/api/v1/items", 200, "2026-11-22T10:00:00Z"},
        {59, "/api/v1/items", 200, "2026-11-22T10:00:00Z"},
        {1, "/api/v1/clients", 403, "2026-11-22T10:00:00Z"},
        {0, "/api/v1/items", 200, "2026-11-22T10:01:00Z"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        a->now_ms += cases[i].later_s * 1000;
        expect(a, &till, "GET", cases[i].path, NULL, cases[i].status);
        expect(a, &a->owner, "GET", "/api/v1/tokens", NULL, 200);
        if (cases[i].noted)
            assert_string_equal(text_at(a, "data.0.last_used_at"), cases[i].noted);
        else
            assert_true(absent_at(a, "data.0.last_used_at"));
    }
}

static void what_a_program_does_is_told_as_its_own(void **state)
{
    struct api *a = *state;
    struct caller till;
    token_of(a, &a->owner, "[\"clients\"]", &till);
    a->idempotency_key = "ada";
    expect(a, &till, "POST", "/api/v1/clients", "{\"name\":\"Ada\"}", 201);
    a->idempotency_key = "ada"; /* the maker's own keys are others */
    expect(a, &a->owner, "POST", "/api/v1/clients", "{\"name\":\"Ada\"}", 201);
    a->idempotency_key = "ada";
    expect(a, &till, "POST", "/api/v1/clients", "{\"name\":\"Ada\"}", 201);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM client"), 2);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM audit_event WHERE entity = 'client'"
                                         " AND actor_name = 'Mia Owner (token Till)'"),
                     1);
}

static void a_business_has_so_many_tokens_and_sees_only_its_own(void **state)
{
    struct api *a = *state;
    struct caller other = {0}, till;
    const char *id = token_of(a, &a->owner, "[\"inventory\"]", &till);
    for (int i = 1; i < TOKENS_MAX; i++)
        expect(a, &a->owner, "POST", "/api/v1/tokens", "{\"name\":\"x\",\"scopes\":[\"inbox\"]}",
               201);
    expect(a, &a->owner, "POST", "/api/v1/tokens", "{\"name\":\"x\",\"scopes\":[\"inbox\"]}", 409);
    expect_problem(a, "limit_reached", NULL);
    expect(a, &a->owner, "GET", "/api/v1/tokens?limit=60", NULL, 200);
    assert_int_equal(count_at(a, "data"), 60);
    expect(a, &a->owner, "GET",
           text(a, "/api/v1/tokens?limit=60&cursor=%s", text_at(a, "next_cursor")), NULL, 200);
    assert_int_equal(count_at(a, "data"), TOKENS_MAX - 60);
    assert_true(absent_at(a, "next_cursor"));

    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "GET", "/api/v1/tokens", NULL, 200);
    assert_int_equal(count_at(a, "data"), 0);
    expect(a, &other, "DELETE", text(a, "/api/v1/tokens/%s", id), NULL, 404);
    expect(a, &till, "GET", "/api/v1/items", NULL, 200);
}

static void a_token_that_is_none_is_nobodys(void **state)
{
    struct api *a = *state;
    static const char *const tokens[] = {
        "Bearer cot_",
        "Bearer cot_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer xyz_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer ' OR 1=1",
    };
    for (size_t i = 0; i < count_of(tokens); i++) {
        struct caller who = {0};
        snprintf(who.authorization, sizeof who.authorization, "%s", tokens[i]);
        expect(a, &who, "GET", "/api/v1/workspace", NULL, 401);
        expect_problem(a, "invalid_token", NULL);
    }
    struct caller both = a->owner;
    snprintf(both.authorization, sizeof both.authorization, "%s", tokens[1]);
    expect(a, &both, "GET", "/api/v1/workspace", NULL, 400);
    expect_problem(a, "two_credentials", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_shown_once_and_only_its_hash_is_kept),
        cmocka_unit_test(a_token_that_opens_nothing_or_has_ended_is_not_made),
        cmocka_unit_test(a_scope_opens_its_own_routes_and_reading_alone_reads_alone),
        cmocka_unit_test(accounts_sessions_and_tokens_are_for_people),
        cmocka_unit_test(a_token_ends_when_it_is_revoked_or_its_time_is_over),
        cmocka_unit_test(a_token_never_may_more_than_its_maker_and_ends_with_them),
        cmocka_unit_test(a_tokens_use_is_noted_once_a_minute_and_never_for_a_refusal),
        cmocka_unit_test(what_a_program_does_is_told_as_its_own),
        cmocka_unit_test(a_business_has_so_many_tokens_and_sees_only_its_own),
        cmocka_unit_test(a_token_that_is_none_is_nobodys),
    };
    return run_features("token", tests, count_of(tests));
}
