/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing up, in and out, and passwords. */
#include "api.h"

#include "account/account.h"

#include <sodium.h>
#include <string.h>

#define SIGN_IN(email, password) "{\"email\":\"" email "\",\"password\":\"" password "\"}"
static const char right[] = SIGN_IN("mia@bergamotte.example", "violet lantern harbour");
static const char wrong[] = SIGN_IN("mia@bergamotte.example", "violet lantern harbor");

static void sign_up_signs_the_owner_in(void **state)
{
    struct api *a = *state;
    assert_memory_equal(a->owner.cookie, "careops_session=", 16);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    assert_string_equal(text_at(a, "user.email"), "mia@bergamotte.example");
    assert_string_equal(text_at(a, "role"), "owner");
    assert_string_equal(text_at(a, "home"), "/app");
    assert_string_equal(text_at(a, "workspace.slug"), "salon-bergamotte");
    assert_int_equal(count_at(a, "permissions"), 6);
    assert_false(bool_at(a, "user.must_change_password"));
}

static void an_address_has_one_account_whatever_its_case(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    expect(a, &other, "POST", "/api/v1/signup",
           "{\"business\":{\"name\":\"Second\",\"timezone\":\"Europe/Paris\",\"currency\":\"EUR\"},"
           "\"owner\":{\"name\":\"Mia\",\"email\":\"MIA@bergamotte.example\","
           "\"password\":\"violet lantern harbour\"}}",
           409);
    expect_problem(a, "already_exists", NULL);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM workspace"), 1);
    assert_string_equal(other.cookie, "");
}

static void a_taken_slug_is_refused_by_hand_and_numbered_when_made(void **state)
{
    struct api *a = *state;
    struct caller second = {0}, third = {0};
    expect(a, &second, "POST", "/api/v1/signup",
           "{\"business\":{\"name\":\"X\",\"timezone\":\"Europe/Paris\",\"currency\":\"EUR\","
           "\"slug\":\"salon-bergamotte\"},\"owner\":{\"name\":\"Ann\","
           "\"email\":\"ann@other.example\",\"password\":\"violet lantern harbour\"}}",
           409);
    expect_problem(a, "already_exists", NULL);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM user_account"), 1);
    api_business(a, &third, "Sálon  Bergamotte!", "ann@other.example");
    assert_string_equal(text_at(a, "workspace.slug"), "salon-bergamotte-2");
}

static void a_guessable_password_is_refused_at_its_field(void **state)
{
    struct api *a = *state;
    static const char *const bad[] = {"password1", "Bergamotte2026", "ann@other.example",
                                      "12345678", "Ann Berg!"};
    for (size_t i = 0; i < count_of(bad); i++) {
        struct caller other = {0};
        expect(a, &other, "POST", "/api/v1/signup",
               text(a,
                    "{\"business\":{\"name\":\"Bergamotte\",\"timezone\":\"Europe/Paris\","
                    "\"currency\":\"EUR\"},\"owner\":{\"name\":\"Ann Berg\","
                    "\"email\":\"ann@other.example\",\"password\":\"%s\"}}",
                    bad[i]),
               422);
        expect_problem(a, "validation_failed", "owner.password");
    }
}

static void wrong_address_and_wrong_password_are_answered_alike(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/session", wrong, 401);
    expect_problem(a, "bad_credentials", NULL);
    json_t *first = json_deep_copy(a->body);
    expect(a, &c, "POST", "/api/v1/session",
           SIGN_IN("nobody@bergamotte.example", "violet lantern harbour"), 401);
    json_object_del(first, "request_id");
    json_object_del(a->body, "request_id");
    assert_true(json_equal(first, a->body));
    json_decref(first);
    assert_string_equal(c.cookie, "");
}

static void the_right_password_signs_in_under_a_new_token(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/session", right, 200);
    assert_string_equal(text_at(a, "user.name"), "Mia Owner");
    assert_string_not_equal(c.cookie, a->owner.cookie);
    expect(a, &c, "GET", "/api/v1/session", NULL, 200);
}

static bool has_header(const struct api *a, const char *name)
{
    for (size_t i = 0; i < a->rq.response_header_count; i++)
        if (str_is(a->rq.response_headers[i].name, name))
            return true;
    return false;
}

static void the_eleventh_guess_waits_and_a_success_forgives(void **state)
{
    struct api *a = *state;
    struct caller guesser = {.address = "192.0.2.9"}, at_home = {.address = "198.51.100.4"};
    for (int i = 0; i < 9; i++)
        expect(a, &guesser, "POST", "/api/v1/session", wrong, 401);
    expect(a, &guesser, "POST", "/api/v1/session", right, 200);
    for (int i = 0; i < 10; i++)
        expect(a, &guesser, "POST", "/api/v1/session", wrong, 401);
    expect(a, &guesser, "POST", "/api/v1/session", right, 429);
    assert_true(has_header(a, "Retry-After"));
    expect(a, &at_home, "POST", "/api/v1/session", right, 200);
    a->now_ms += 30 * 1000;
    expect(a, &guesser, "POST", "/api/v1/session", right, 200);
}

static void one_address_cannot_try_many_accounts(void **state)
{
    struct api *a = *state;
    struct caller guesser = {.address = "192.0.2.9"};
    int status = 401;
    for (int i = 0; i < 61; i++)
        status = call(a, &guesser, "POST", "/api/v1/session",
                      text(a, SIGN_IN("u%d@bergamotte.example", "violet lantern harbour"), i));
    assert_int_equal(status, 429);
}

static void an_old_hash_is_replaced_at_sign_in(void **state)
{
    struct api *a = *state;
    char weak[crypto_pwhash_STRBYTES];
    const char *password = "violet lantern harbour";
    assert_int_equal(crypto_pwhash_str(weak, password, strlen(password), 1, 8192 * 1024), 0);
    run_sql(a->fixture, text(a, "UPDATE user_account SET password_hash = '%s'", weak));
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/session", right, 200);
    assert_int_equal(ask_int(a->fixture,
                             "SELECT COUNT(*) FROM user_account"
                             " WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,%'"),
                     1);
    expect(a, &c, "POST", "/api/v1/session", right, 200);
}

static void signing_out_ends_the_session(void **state)
{
    struct api *a = *state;
    struct caller stolen = a->owner;
    expect(a, &a->owner, "DELETE", "/api/v1/session", NULL, 204);
    assert_string_equal(a->owner.cookie, "careops_session=");
    expect(a, &stolen, "GET", "/api/v1/session", NULL, 401);
    expect_problem(a, "not_signed_in", NULL);
}

static void a_session_ends_after_thirty_days(void **state)
{
    struct api *a = *state;
    for (int day = 1; day < 30; day++) {
        a->now_ms += INT64_C(1000) * 86400;
        expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    }
    a->now_ms += INT64_C(1000) * 86399;
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    a->now_ms += 1000;
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 401);
}

static void a_session_ends_when_nobody_uses_it(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"session_idle_min\":4}", 422);
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"session_idle_min\":43201}", 422);
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"session_idle_min\":30}", 200);
    assert_int_equal(int_at(a, "session_idle_min"), 30);
    for (int i = 0; i < 4; i++) {
        a->now_ms += 29 * 60 * 1000;
        expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    }
    a->now_ms += 30 * 60 * 1000;
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 401);
}

static void use_is_noted_once_a_minute_and_never_for_a_refusal(void **state)
{
    struct api *a = *state;
    const char *seen = "SELECT last_seen_s FROM session";
    int64_t began = ask_int(a->fixture, seen);
    a->now_ms += 59 * 1000;
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(ask_int(a->fixture, seen), began);
    a->now_ms += 1000;
    expect(a, &a->owner, "GET", "/api/v1/staff/1", NULL, 404);
    assert_int_equal(ask_int(a->fixture, seen), began);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(ask_int(a->fixture, seen), began + 60);
}

static void only_the_newest_fifty_sessions_of_a_person_stay(void **state)
{
    struct api *a = *state;
    struct caller c;
    for (int i = 0; i < 50; i++) {
        c = (struct caller){0};
        a->now_ms += 10 * 1000;
        expect(a, &c, "POST", "/api/v1/session", right, 200);
    }
    expect(a, &c, "GET", "/api/v1/session", NULL, 200);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 401);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM session"), 50);
}

static void changing_the_password_ends_the_other_sessions(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    expect(a, &other, "POST", "/api/v1/session", right, 200);
    expect(a, &a->owner, "POST", "/api/v1/password/change",
           "{\"current_password\":\"violet\",\"new_password\":\"copper meadow window\"}", 422);
    expect_problem(a, "validation_failed", "current_password");
    expect(a, &a->owner, "POST", "/api/v1/password/change",
           "{\"current_password\":\"violet lantern harbour\",\"new_password\":\"Mia Owner 1\"}",
           422);
    expect_problem(a, "validation_failed", "new_password");
    expect(a, &a->owner, "POST", "/api/v1/password/change",
           "{\"current_password\":\"violet lantern harbour\","
           "\"new_password\":\"copper meadow window\"}",
           204);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    expect(a, &other, "GET", "/api/v1/session", NULL, 401);
    expect(a, &other, "POST", "/api/v1/session", right, 401);
    expect(a, &other, "POST", "/api/v1/session",
           SIGN_IN("mia@bergamotte.example", "copper meadow window"), 200);
}

static const char *reset_token(struct api *a)
{
    const char *link = strstr(newest_letter(a, "password_reset"), "#reset=");
    assert_non_null(link);
    return arena_strndup(&a->arena, link + 7, TOKEN_TEXT - 1);
}

static void reset(struct api *a, const char *token, int status)
{
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/password/reset",
           text(a, "{\"token\":\"%s\",\"password\":\"copper meadow window\"}", token), status);
}

static void a_reset_link_works_once_and_ends_every_session(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/password/forgot", "{\"email\":\"Mia@bergamotte.example\"}", 202);
    const char *token = reset_token(a);
    expect(a, &c, "POST", "/api/v1/password/reset",
           text(a, "{\"token\":\"%s\",\"password\":\"bergamotte\"}", token), 422);
    expect_problem(a, "validation_failed", "password");
    reset(a, token, 204);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 401);
    expect(a, &c, "POST", "/api/v1/session",
           SIGN_IN("mia@bergamotte.example", "copper meadow window"), 200);
    reset(a, token, 422);
    expect_problem(a, "validation_failed", "token");
}

static void a_reset_link_dies_with_time_a_newer_one_and_a_change(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *ask = "{\"email\":\"mia@bergamotte.example\"}";
    expect(a, &c, "POST", "/api/v1/password/forgot", ask, 202);
    const char *first = reset_token(a);
    a->now_ms += 1000;
    expect(a, &c, "POST", "/api/v1/password/forgot", ask, 202);
    const char *second = reset_token(a);
    assert_string_not_equal(first, second);
    reset(a, first, 422);
    expect(a, &a->owner, "POST", "/api/v1/password/change",
           "{\"current_password\":\"violet lantern harbour\","
           "\"new_password\":\"copper meadow window\"}",
           204);
    reset(a, second, 422);
    a->now_ms += 1000;
    expect(a, &c, "POST", "/api/v1/password/forgot", ask, 202);
    const char *third = reset_token(a);
    a->now_ms += 10 * 60 * 1000;
    reset(a, third, 422);
}

static void nobody_learns_from_forgot_who_has_an_account(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/password/forgot", "{\"email\":\"x@nowhere.example\"}", 202);
    assert_null(a->body);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message"), 0);
    for (int i = 0; i < 5; i++)
        expect(a, &c, "POST", "/api/v1/password/forgot", "{\"email\":\"mia@bergamotte.example\"}",
               202);
    assert_null(a->body);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message"), 3);
}

static void no_secret_is_stored_readable(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &c, "POST", "/api/v1/password/forgot", "{\"email\":\"mia@bergamotte.example\"}", 202);
    const char *token = strchr(a->owner.cookie, '=') + 1;
    assert_int_equal(
        ask_int(a->fixture, text(a, "SELECT COUNT(*) FROM session WHERE token_hash = '%s'", token)),
        0);
    assert_int_equal(ask_int(a->fixture, text(a,
                                              "SELECT COUNT(*) FROM password_reset"
                                              " WHERE token_hash = '%s'",
                                              reset_token(a))),
                     0);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM audit_event"
                                         " WHERE changes LIKE '%lantern%'"
                                         " OR changes LIKE '%argon2%'"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_up_signs_the_owner_in),
        cmocka_unit_test(an_address_has_one_account_whatever_its_case),
        cmocka_unit_test(a_taken_slug_is_refused_by_hand_and_numbered_when_made),
        cmocka_unit_test(a_guessable_password_is_refused_at_its_field),
        cmocka_unit_test(wrong_address_and_wrong_password_are_answered_alike),
        cmocka_unit_test(the_right_password_signs_in_under_a_new_token),
        cmocka_unit_test(the_eleventh_guess_waits_and_a_success_forgives),
        cmocka_unit_test(one_address_cannot_try_many_accounts),
        cmocka_unit_test(an_old_hash_is_replaced_at_sign_in),
        cmocka_unit_test(signing_out_ends_the_session),
        cmocka_unit_test(a_session_ends_after_thirty_days),
        cmocka_unit_test(a_session_ends_when_nobody_uses_it),
        cmocka_unit_test(use_is_noted_once_a_minute_and_never_for_a_refusal),
        cmocka_unit_test(only_the_newest_fifty_sessions_of_a_person_stay),
        cmocka_unit_test(changing_the_password_ends_the_other_sessions),
        cmocka_unit_test(a_reset_link_works_once_and_ends_every_session),
        cmocka_unit_test(a_reset_link_dies_with_time_a_newer_one_and_a_change),
        cmocka_unit_test(nobody_learns_from_forgot_who_has_an_account),
        cmocka_unit_test(no_secret_is_stored_readable),
    };
    return run_features("account", tests, count_of(tests));
}
