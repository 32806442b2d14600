/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The second factor: on, at the door, off, and what is left of it. */
#include "api.h"

#include "account/totp.h"

#include <string.h>

#define PASSWORD "violet lantern harbour"

/* What an authenticator app shows for a secret, so many steps from now. */
static const char *code_of(struct api *a, const char *secret, int64_t steps)
{
    unsigned char key[TOTP_KEY_BYTES] = {0};
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; secret[i]; i++)
        for (size_t b = 0; b < 5; b++)
            if ((strchr(base32, secret[i]) - base32) >> (4 - b) & 1)
                key[(i * 5 + b) / 8] |= (unsigned char)(0x80 >> (i * 5 + b) % 8);
    char code[TOTP_DIGITS + 1];
    totp_code(key, sizeof key, a->now_ms / 1000 / TOTP_STEP_S + steps, code);
    return text(a, "%s", code);
}

static void next_step(struct api *a)
{
    a->now_ms += INT64_C(1000) * TOTP_STEP_S;
}

static const char *set_up(struct api *a, struct caller *who)
{
    expect(a, who, "POST", "/api/v1/two-factor/setup", "{\"current_password\":\"" PASSWORD "\"}",
           200);
    return text(a, "%s", text_at(a, "secret"));
}

/* Switched on for the owner; the secret. The last answer holds the recovery codes. */
static const char *switch_on(struct api *a, struct caller *who)
{
    const char *secret = set_up(a, who);
    expect(a, who, "POST", "/api/v1/two-factor/confirm",
           text(a, "{\"code\":\"%s\"}", code_of(a, secret, 0)), 200);
    return secret;
}

static int sign_in(struct api *a, struct caller *who, const char *password, const char *code)
{
    const char *more = code ? text(a, ",\"code\":\"%s\"", code) : "";
    return call(
        a, who, "POST", "/api/v1/session",
        text(a, "{\"email\":\"mia@bergamotte.example\",\"password\":\"%s\"%s}", password, more));
}

static void it_is_on_only_after_a_first_code(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    expect(a, &a->owner, "GET", "/api/v1/two-factor", NULL, 200);
    assert_false(bool_at(a, "enabled"));
    expect(a, &a->owner, "POST", "/api/v1/two-factor/confirm", "{\"code\":\"123456\"}", 409);
    expect(a, &a->owner, "POST", "/api/v1/two-factor/setup",
           "{\"current_password\":\"something else\"}", 422);
    expect_problem(a, "validation_failed", "current_password");
    const char *secret = set_up(a, &a->owner);
    assert_non_null(
        strstr(text_at(a, "otpauth_url"),
               text(a, "otpauth://totp/CareOps:mia%%40bergamotte.example?secret=%s", secret)));
    assert_int_equal(sign_in(a, &c, PASSWORD, NULL), 200);
    expect(a, &a->owner, "POST", "/api/v1/two-factor/confirm", "{\"code\":\"000000\"}", 422);
    expect_problem(a, "validation_failed", "code");
    const char *old = text(a, "%s", a->owner.cookie);
    expect(a, &a->owner, "POST", "/api/v1/two-factor/confirm",
           text(a, "{\"code\":\"%s\"}", code_of(a, secret, 0)), 200);
    assert_int_equal(count_at(a, "recovery_codes"), 10);
    assert_string_not_equal(a->owner.cookie, old);
    expect(a, &c, "GET", "/api/v1/session", NULL, 401);
    expect(a, &a->owner, "GET", "/api/v1/two-factor", NULL, 200);
    assert_true(bool_at(a, "enabled"));
    assert_int_equal(int_at(a, "recovery_codes_left"), 10);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    assert_true(bool_at(a, "user.two_factor"));
    assert_non_null(strstr(newest_letter(a, "two_factor_on"), "asks for a code"));
    expect(a, &a->owner, "POST", "/api/v1/two-factor/setup",
           "{\"current_password\":\"" PASSWORD "\"}", 409);
}

static void password_and_code_are_both_verified_the_password_first(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *secret = switch_on(a, &a->owner);
    next_step(a);
    assert_int_equal(sign_in(a, &c, "not the password", code_of(a, secret, 0)), 401);
    expect_problem(a, "bad_credentials", NULL);
    assert_int_equal(sign_in(a, &c, "not the password", "000000"), 401);
    expect_problem(a, "bad_credentials", NULL);
    assert_int_equal(sign_in(a, &c, "not the password", NULL), 401);
    expect_problem(a, "bad_credentials", NULL);
    assert_int_equal(sign_in(a, &c, PASSWORD, NULL), 401);
    expect_problem(a, "two_factor_required", NULL);
    assert_int_equal(sign_in(a, &c, PASSWORD, "000000"), 401);
    expect_problem(a, "bad_code", NULL);
    assert_string_equal(c.cookie, "");
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, 0)), 200);
}

static void a_code_counts_once_and_for_a_step_around(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *secret = switch_on(a, &a->owner);
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, 0)), 401);
    expect_problem(a, "bad_code", NULL); /* it confirmed the setting up */
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, 1)), 200);
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, 1)), 401);
    next_step(a);
    next_step(a);
    next_step(a);
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, -2)), 401);
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, -1)), 200);
    assert_int_equal(sign_in(a, &c, PASSWORD, code_of(a, secret, 0)), 200);
}

static void a_recovery_code_opens_once(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    switch_on(a, &a->owner);
    const char *first = text(a, "%s", text_at(a, "recovery_codes.0")),
               *last = text(a, "%s", text_at(a, "recovery_codes.9"));
    assert_int_equal(strspn(first, "acdefhjkmnprtwxy3479-"), 14);
    assert_int_equal(sign_in(a, &c, "not the password", first), 401);
    expect_problem(a, "bad_credentials", NULL);
    assert_int_equal(sign_in(a, &c, PASSWORD, first), 200);
    assert_int_equal(sign_in(a, &c, PASSWORD, first), 401);
    expect_problem(a, "bad_code", NULL);
    expect(a, &a->owner, "GET", "/api/v1/two-factor", NULL, 200);
    assert_int_equal(int_at(a, "recovery_codes_left"), 9);
    /* As people type it: the tenth begins with the tenth letter, an n. */
    assert_int_equal(last[0], 'n');
    assert_int_equal(
        sign_in(a, &c, PASSWORD, text(a, " N%.3s %.4s%.4s", last + 1, last + 5, last + 10)), 200);
}

static void codes_and_keys_are_stored_unreadable(void **state)
{
    struct api *a = *state;
    const char *secret = switch_on(a, &a->owner);
    const char *code = text(a, "%s", text_at(a, "recovery_codes.3"));
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM recovery_code"
                                         " WHERE code_hash LIKE '$argon2id$%'"),
                     10);
    assert_int_equal(
        ask_int(a->fixture, text(a,
                                 "SELECT COUNT(*) FROM user_account WHERE totp_secret LIKE '%%%s%%'"
                                 " OR totp_secret NOT LIKE 's1.%%'",
                                 secret)),
        0);
    assert_int_equal(ask_int(a->fixture, text(a,
                                              "SELECT COUNT(*) FROM audit_event WHERE changes"
                                              " LIKE '%%%s%%' OR changes LIKE '%%%s%%'",
                                              secret, code)),
                     0);
}

static void switching_off_asks_for_both(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *path = "/api/v1/two-factor/disable";
    expect(a, &a->owner, "POST", path,
           "{\"current_password\":\"" PASSWORD "\",\"code\":\"000000\"}", 409);
    const char *secret = switch_on(a, &a->owner);
    next_step(a);
    const char *code = code_of(a, secret, 0);
    expect(a, &a->owner, "POST", path,
           text(a, "{\"current_password\":\"wrong\",\"code\":\"%s\"}", code), 422);
    expect_problem(a, "validation_failed", "current_password");
    expect(a, &a->owner, "POST", path,
           "{\"current_password\":\"" PASSWORD "\",\"code\":\"000000\"}", 422);
    expect_problem(a, "validation_failed", "code");
    const char *both = text(a, "{\"current_password\":\"" PASSWORD "\",\"code\":\"%s\"}", code);
    expect(a, &a->owner, "POST", path, both, 204);
    assert_non_null(strstr(newest_letter(a, "two_factor_off"), "password alone"));
    assert_int_equal(sign_in(a, &c, PASSWORD, NULL), 200);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM recovery_code"), 0);
}

static void new_recovery_codes_end_the_earlier_ones(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *secret = switch_on(a, &a->owner);
    const char *old = text(a, "%s", text_at(a, "recovery_codes.0"));
    next_step(a);
    expect(
        a, &a->owner, "POST", "/api/v1/two-factor/recovery-codes",
        text(a, "{\"current_password\":\"" PASSWORD "\",\"code\":\"%s\"}", code_of(a, secret, 0)),
        200);
    const char *new = text(a, "%s", text_at(a, "recovery_codes.0"));
    assert_int_equal(sign_in(a, &c, PASSWORD, old), 401);
    assert_int_equal(sign_in(a, &c, PASSWORD, new), 200);
    assert_non_null(strstr(newest_letter(a, "recovery_codes_new"), "work no more"));
}

static void a_new_password_does_not_go_around_it(void **state)
{
    struct api *a = *state;
    struct caller c = {0};
    const char *secret = switch_on(a, &a->owner);
    next_step(a);
    expect(a, &c, "POST", "/api/v1/password/forgot", "{\"email\":\"mia@bergamotte.example\"}", 202);
    const char *link = strstr(newest_letter(a, "password_reset"), "#reset=") + 7;
    expect(
        a, &c, "POST", "/api/v1/password/reset",
        text(a, "{\"token\":\"%.*s\",\"password\":\"copper meadow window\"}", TOKEN_TEXT - 1, link),
        204);
    assert_string_equal(c.cookie, "");
    assert_int_equal(sign_in(a, &c, "copper meadow window", NULL), 401);
    expect_problem(a, "two_factor_required", NULL);
    assert_int_equal(sign_in(a, &c, "copper meadow window", code_of(a, secret, 0)), 200);
}

static void guessed_codes_end_for_strangers_and_not_for_a_known_browser(void **state)
{
    struct api *a = *state;
    const char *secret = switch_on(a, &a->owner);
    next_step(a);
    struct caller at_home = a->owner;
    int status = 401;
    for (int i = 0; i < 11; i++) {
        struct caller thief = {.address = "192.0.2.9"};
        snprintf(thief.address, sizeof thief.address, "198.51.100.%d", i);
        status = sign_in(a, &thief, PASSWORD, "000000");
        assert_int_equal(status, i < 10 ? 401 : 429);
    }
    struct caller unknown = {.address = "203.0.113.5"};
    assert_int_equal(sign_in(a, &unknown, PASSWORD, code_of(a, secret, 0)), 429);
    assert_int_equal(sign_in(a, &at_home, PASSWORD, code_of(a, secret, 0)), 200);
}

static void a_business_can_ask_for_it(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"require_two_factor\":true}", 409);
    expect_problem(a, "invalid_transition", NULL);
    const char *secret = switch_on(a, &a->owner);
    expect(a, &a->owner, "POST", "/api/v1/staff",
           "{\"name\":\"Lena\",\"email\":\"lena@bergamotte.example\"}", 201);
    const char *first = invited_password(a);
    expect(a, &lena, "POST", "/api/v1/session",
           text(a, "{\"email\":\"lena@bergamotte.example\",\"password\":\"%s\"}", first), 200);
    expect(a, &lena, "POST", "/api/v1/password/change",
           text(a, "{\"current_password\":\"%s\",\"new_password\":\"" PASSWORD "\"}", first), 204);
    expect(a, &lena, "GET", "/api/v1/workspace", NULL, 200);
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"require_two_factor\":true}", 200);
    assert_true(bool_at(a, "require_two_factor"));
    expect(a, &lena, "GET", "/api/v1/workspace", NULL, 403);
    expect_problem(a, "two_factor_setup_required", NULL);
    expect(a, &lena, "GET", "/api/v1/session", NULL, 200);
    assert_true(bool_at(a, "must_set_up_two_factor"));
    expect(a, &lena, "GET", "/api/v1/two-factor", NULL, 200);
    assert_true(bool_at(a, "required"));
    const char *hers = switch_on(a, &lena);
    expect(a, &lena, "GET", "/api/v1/workspace", NULL, 200);
    next_step(a);
    expect(a, &lena, "POST", "/api/v1/two-factor/disable",
           text(a, "{\"current_password\":\"" PASSWORD "\",\"code\":\"%s\"}", code_of(a, hers, 0)),
           409);
    expect(
        a, &a->owner, "POST", "/api/v1/two-factor/disable",
        text(a, "{\"current_password\":\"" PASSWORD "\",\"code\":\"%s\"}", code_of(a, secret, 0)),
        409);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_on_only_after_a_first_code),
        cmocka_unit_test(password_and_code_are_both_verified_the_password_first),
        cmocka_unit_test(a_code_counts_once_and_for_a_step_around),
        cmocka_unit_test(a_recovery_code_opens_once),
        cmocka_unit_test(codes_and_keys_are_stored_unreadable),
        cmocka_unit_test(switching_off_asks_for_both),
        cmocka_unit_test(new_recovery_codes_end_the_earlier_ones),
        cmocka_unit_test(a_new_password_does_not_go_around_it),
        cmocka_unit_test(guessed_codes_end_for_strangers_and_not_for_a_known_browser),
        cmocka_unit_test(a_business_can_ask_for_it),
    };
    return run_features("two_factor", tests, count_of(tests));
}
