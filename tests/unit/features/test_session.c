/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Several sessions, several browsers and several businesses of one person. */
#include "api.h"

#include <stdlib.h>
#include <string.h>

static const char right[] =
    "{\"email\":\"mia@bergamotte.example\",\"password\":\"violet lantern harbour\"}";
static const char wrong[] =
    "{\"email\":\"mia@bergamotte.example\",\"password\":\"violet lantern harbor\"}";

static void sessions_are_listed_and_ended(void **state)
{
    struct api *a = *state;
    struct caller phone = {.address = "198.51.100.4"};
    a->now_ms += 1000;
    expect(a, &phone, "POST", "/api/v1/session", right, 200);
    expect(a, &a->owner, "GET", "/api/v1/sessions", NULL, 200);
    assert_int_equal(count_at(a, "data"), 2);
    assert_string_equal(text_at(a, "data.0.address"), "198.51.100.4");
    assert_string_equal(text_at(a, "data.0.created_at"), "2026-11-22T10:00:01Z");
    assert_false(bool_at(a, "data.0.current"));
    assert_true(bool_at(a, "data.1.current"));
    const char *path = text(a, "/api/v1/sessions/%s", text_at(a, "data.0.id"));
    expect(a, &a->owner, "GET", "/api/v1/sessions?limit=1", NULL, 200);
    expect(a, &a->owner, "GET",
           text(a, "/api/v1/sessions?limit=1&cursor=%s", text_at(a, "next_cursor")), NULL, 200);
    assert_true(bool_at(a, "data.0.current"));
    assert_true(absent_at(a, "next_cursor"));

    struct caller other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "DELETE", path, NULL, 404);
    expect(a, &phone, "GET", "/api/v1/session", NULL, 200);
    expect(a, &a->owner, "DELETE", path, NULL, 204);
    expect(a, &phone, "GET", "/api/v1/session", NULL, 401);
    expect(a, &a->owner, "DELETE", path, NULL, 404);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
}

static void the_others_end_or_all(void **state)
{
    struct api *a = *state;
    struct caller phone = {0}, other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &phone, "POST", "/api/v1/session", right, 200);
    struct caller here = a->owner;
    expect(a, &a->owner, "POST", "/api/v1/sessions/end-others", NULL, 204);
    expect(a, &phone, "GET", "/api/v1/session", NULL, 401);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    expect(a, &a->owner, "POST", "/api/v1/sessions/end-all", NULL, 204);
    assert_string_equal(a->owner.cookie, "careops_session=");
    expect(a, &here, "GET", "/api/v1/session", NULL, 401);
    expect(a, &other, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM known_device"), 1);
}

static void signing_in_again_ends_what_this_browser_had(void **state)
{
    struct api *a = *state;
    struct caller before = a->owner;
    expect(a, &a->owner, "POST", "/api/v1/session", right, 200);
    assert_string_not_equal(a->owner.cookie, before.cookie);
    expect(a, &before, "GET", "/api/v1/session", NULL, 401);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM session"), 1);
}

static void a_new_password_keeps_this_session_alone_and_is_a_letter(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    expect(a, &other, "POST", "/api/v1/session", right, 200);
    expect(a, &a->owner, "POST", "/api/v1/password/change",
           "{\"current_password\":\"violet lantern harbour\","
           "\"new_password\":\"copper meadow window\"}",
           204);
    expect(a, &other, "GET", "/api/v1/session", NULL, 401);
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    const char *letter = newest_letter(a, "password_changed");
    assert_non_null(strstr(letter, "was changed"));
    assert_null(strstr(letter, "copper"));
}

/* ---- guesses ---- */

static void guesses_from_everywhere_do_not_keep_the_owner_out(void **state)
{
    struct api *a = *state;
    int refused = 0;
    for (int i = 0; i < 60; i++) {
        struct caller guesser = {0};
        snprintf(guesser.address, sizeof guesser.address, "198.51.100.%d", i);
        int status = call(a, &guesser, "POST", "/api/v1/session", wrong);
        refused += status == 429;
        assert_true(status == 401 || status == 429);
    }
    assert_int_equal(refused, 40); /* twenty of an account, wherever they come from */
    struct caller elsewhere = {.address = "203.0.113.5"};
    expect(a, &elsewhere, "POST", "/api/v1/session", right, 429);
    expect(a, &a->owner, "POST", "/api/v1/session", right, 200);
    /* Also where the neighbours have used up the address. */
    snprintf(a->owner.address, sizeof a->owner.address, "198.51.100.1");
    for (int i = 0; i < 60; i++) {
        struct caller neighbour = {.address = "198.51.100.1"};
        call(a, &neighbour, "POST", "/api/v1/session",
             text(a, "{\"email\":\"u%d@x.example\",\"password\":\"violet lantern harbor\"}", i));
    }
    struct caller neighbour = {.address = "198.51.100.1"};
    expect(a, &neighbour, "POST", "/api/v1/session",
           "{\"email\":\"someone@x.example\",\"password\":\"violet lantern harbor\"}", 429);
    expect(a, &a->owner, "POST", "/api/v1/session", right, 200);
}

static void a_known_browser_guesses_within_its_own_bounds(void **state)
{
    struct api *a = *state;
    for (int i = 0; i < 10; i++)
        expect(a, &a->owner, "POST", "/api/v1/session", wrong, 401);
    expect(a, &a->owner, "POST", "/api/v1/session", right, 429);
    struct caller elsewhere = {.address = "203.0.113.5"};
    expect(a, &elsewhere, "POST", "/api/v1/session", right, 200);
}

static void an_invented_device_is_nobodys(void **state)
{
    struct api *a = *state;
    for (int i = 0; i < 12; i++) {
        struct caller guesser = {.address = "192.0.2.9"};
        snprintf(guesser.device, sizeof guesser.device, "careops_device=%043d", i);
        expect(a, &guesser, "POST", "/api/v1/session", wrong, i < 10 ? 401 : 429);
    }
}

static void a_shared_browser_is_known_to_each_who_uses_it(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    struct caller shared = {0};
    expect(a, &shared, "POST", "/api/v1/session", right, 200);
    const char *device = text(a, "%s", shared.device);
    expect(a, &shared, "POST", "/api/v1/session",
           "{\"email\":\"ann@other.example\",\"password\":\"violet lantern harbour\"}", 200);
    assert_string_equal(shared.device, device);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM known_device"), 4);
}

/* ---- several businesses ---- */

/* Ann of another business is invited here; the token of her link. */
static const char *invite_ann(struct api *a)
{
    expect(a, &a->owner, "POST", "/api/v1/staff",
           "{\"name\":\"Ann\",\"email\":\"ann@other.example\",\"permissions\":[\"clients\"]}", 201);
    const char *letter = newest_letter(a, "staff_invitation");
    assert_null(strstr(letter, "Password:"));
    const char *token = strstr(letter, "/login#join=");
    assert_non_null(token);
    return arena_strndup(&a->arena, token + 12, TOKEN_TEXT - 1);
}

static void who_has_an_account_joins_by_saying_yes(void **state)
{
    struct api *a = *state;
    struct caller ann = {0};
    api_business(a, &ann, "Other", "ann@other.example");
    const char *token = invite_ann(a);
    const char *member = text(a, "/api/v1/staff/%s", text_at(a, "id"));
    expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(count_at(a, "workspaces"), 1);
    const char *home = text(a, "%s", text_at(a, "workspace.id"));
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    const char *there = text(a, "%s", text_at(a, "id"));
    const char *move = text(a, "{\"workspace_id\":\"%s\"}", there);
    expect(a, &ann, "POST", "/api/v1/session/switch", move, 404);

    const char *yes = text(a, "{\"token\":\"%s\"}", token);
    expect(a, &a->owner, "POST", "/api/v1/invitations/accept", yes, 403);
    expect_problem(a, "wrong_account", NULL);
    struct caller before = ann;
    expect(a, &ann, "POST", "/api/v1/invitations/accept", yes, 200);
    assert_string_equal(text_at(a, "workspace.id"), there);
    assert_string_equal(text_at(a, "role"), "staff");
    assert_int_equal(count_at(a, "workspaces"), 2);
    expect(a, &before, "GET", "/api/v1/session", NULL, 401);
    expect(a, &ann, "GET", "/api/v1/clients", NULL, 200);
    expect(a, &ann, "GET", "/api/v1/staff", NULL, 403);
    expect(a, &ann, "POST", "/api/v1/invitations/accept", yes, 422);
    expect_problem(a, "validation_failed", "token");
    expect(a, &a->owner, "GET", member, NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "accepted");

    expect(a, &ann, "POST", "/api/v1/session/switch", text(a, "{\"workspace_id\":\"%s\"}", home),
           200);
    assert_string_equal(text_at(a, "role"), "owner");
    expect(a, &ann, "GET", "/api/v1/staff", NULL, 200);
    expect(a, &ann, "POST", "/api/v1/session/switch", "{\"workspace_id\":\"17\"}", 404);
    expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
}

static void who_has_left_elsewhere_joins_by_signing_in(void **state)
{
    struct api *a = *state;
    struct caller ann = {0}, other = {0};
    api_business(a, &other, "Other", "boss@other.example");
    expect(a, &other, "POST", "/api/v1/staff", "{\"name\":\"Ann\",\"email\":\"ann@other.example\"}",
           201);
    const char *there = text(a, "/api/v1/staff/%s/deactivate", text_at(a, "id"));
    const char *first = invited_password(a);
    expect(a, &ann, "POST", "/api/v1/session",
           text(a, "{\"email\":\"ann@other.example\",\"password\":\"%s\"}", first), 200);
    expect(
        a, &ann, "POST", "/api/v1/password/change",
        text(a, "{\"current_password\":\"%s\",\"new_password\":\"violet lantern harbour\"}", first),
        204);
    expect(a, &other, "POST", there, NULL, 200);
    const char *token = invite_ann(a);
    expect(a, &ann, "POST", "/api/v1/session",
           "{\"email\":\"ann@other.example\",\"password\":\"violet lantern harbour\"}", 401);
    expect(a, &ann, "POST", "/api/v1/session",
           text(a,
                "{\"email\":\"ann@other.example\",\"password\":\"violet lantern harbor\","
                "\"invitation\":\"%s\"}",
                token),
           401);
    expect(a, &other, "POST", "/api/v1/session",
           text(a,
                "{\"email\":\"boss@other.example\",\"password\":\"violet lantern harbour\","
                "\"invitation\":\"%s\"}",
                token),
           403);
    expect_problem(a, "wrong_account", NULL);
    const char *right_one =
        text(a,
             "{\"email\":\"ann@other.example\",\"password\":\"violet lantern harbour\","
             "\"invitation\":\"%s\"}",
             token);
    expect(a, &ann, "POST", "/api/v1/session", right_one, 200);
    assert_string_equal(text_at(a, "workspace.name"), "Salon Bergamotte");
    expect(a, &ann, "GET", "/api/v1/clients", NULL, 200);
    expect(a, &ann, "POST", "/api/v1/session", right_one, 422);
    expect_problem(a, "validation_failed", "invitation");
}

static void the_owner_cannot_tell_who_had_an_account(void **state)
{
    struct api *a = *state;
    struct caller ann = {0};
    api_business(a, &ann, "Other", "ann@other.example");
    char *answers[2];
    static const char *const people[] = {"ann@other.example", "bea@other.example"};
    for (size_t i = 0; i < 2; i++) {
        expect(a, &a->owner, "POST", "/api/v1/staff",
               text(a, "{\"name\":\"Ann\",\"email\":\"%s\",\"bookable\":true}", people[i]), 201);
        json_object_del(a->body, "id");
        json_object_del(a->body, "email");
        answers[i] = json_dumps(a->body, JSON_SORT_KEYS);
    }
    assert_string_equal(answers[0], answers[1]);
    free(answers[0]);
    free(answers[1]);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(DISTINCT subject) FROM message"
                                         " WHERE kind = 'staff_invitation'"),
                     1);
}

static void an_invitation_to_join_ends(void **state)
{
    struct api *a = *state;
    struct caller ann = {0};
    api_business(a, &ann, "Other", "ann@other.example");
    const char *first = invite_ann(a);
    const char *path = text(a, "/api/v1/staff/%s", text_at(a, "id"));
    expect(a, &a->owner, "POST", text(a, "%s/resend-invite", path), NULL, 200);
    const char *letter = strstr(newest_letter(a, "staff_invitation"), "#join=");
    const char *second = arena_strndup(&a->arena, letter + 6, TOKEN_TEXT - 1);
    expect(a, &ann, "POST", "/api/v1/invitations/accept", text(a, "{\"token\":\"%s\"}", first),
           422);
    a->now_ms += INT64_C(1000) * 7 * 86400;
    expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
    expect(a, &ann, "POST", "/api/v1/invitations/accept", text(a, "{\"token\":\"%s\"}", second),
           422);
    expect(a, &a->owner, "POST", text(a, "%s/resend-invite", path), NULL, 200);
    letter = strstr(newest_letter(a, "staff_invitation"), "#join=");
    const char *third = arena_strndup(&a->arena, letter + 6, TOKEN_TEXT - 1);
    expect(a, &a->owner, "POST", text(a, "%s/deactivate", path), NULL, 200);
    expect(a, &a->owner, "POST", text(a, "%s/reactivate", path), NULL, 200);
    expect(a, &ann, "POST", "/api/v1/invitations/accept", text(a, "{\"token\":\"%s\"}", third),
           422);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM staff WHERE confirmed = 0"), 1);
}

static void leaving_one_business_leaves_the_other_signed_in(void **state)
{
    struct api *a = *state;
    struct caller ann = {0}, ann_there = {0};
    api_business(a, &ann, "Other", "ann@other.example");
    const char *token = invite_ann(a);
    const char *path = text(a, "/api/v1/staff/%s", text_at(a, "id"));
    expect(a, &ann_there, "POST", "/api/v1/session",
           "{\"email\":\"ann@other.example\",\"password\":\"violet lantern harbour\"}", 200);
    expect(a, &ann_there, "POST", "/api/v1/invitations/accept",
           text(a, "{\"token\":\"%s\"}", token), 200);
    expect(a, &a->owner, "POST", text(a, "%s/deactivate", path), NULL, 200);
    expect(a, &ann_there, "GET", "/api/v1/session", NULL, 401);
    expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
    assert_int_equal(count_at(a, "workspaces"), 1);
}

static void moving_to_another_business_does_not_make_a_session_longer(void **state)
{
    struct api *a = *state;
    struct caller ann = {0};
    api_business(a, &ann, "Other", "ann@other.example");
    expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
    const char *home = text(a, "{\"workspace_id\":\"%s\"}", text_at(a, "workspace.id"));
    expect(a, &ann, "POST", "/api/v1/invitations/accept",
           text(a, "{\"token\":\"%s\"}", invite_ann(a)), 200);
    for (int day = 1; day < 30; day++) {
        a->now_ms += INT64_C(1000) * 86400;
        expect(a, &ann, "GET", "/api/v1/session", NULL, 200);
    }
    expect(a, &ann, "POST", "/api/v1/session/switch", home, 200);
    a->now_ms += INT64_C(1000) * 86400;
    expect(a, &ann, "GET", "/api/v1/session", NULL, 401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_listed_and_ended),
        cmocka_unit_test(the_others_end_or_all),
        cmocka_unit_test(signing_in_again_ends_what_this_browser_had),
        cmocka_unit_test(a_new_password_keeps_this_session_alone_and_is_a_letter),
        cmocka_unit_test(guesses_from_everywhere_do_not_keep_the_owner_out),
        cmocka_unit_test(a_known_browser_guesses_within_its_own_bounds),
        cmocka_unit_test(an_invented_device_is_nobodys),
        cmocka_unit_test(a_shared_browser_is_known_to_each_who_uses_it),
        cmocka_unit_test(who_has_an_account_joins_by_saying_yes),
        cmocka_unit_test(who_has_left_elsewhere_joins_by_signing_in),
        cmocka_unit_test(the_owner_cannot_tell_who_had_an_account),
        cmocka_unit_test(an_invitation_to_join_ends),
        cmocka_unit_test(leaving_one_business_leaves_the_other_signed_in),
        cmocka_unit_test(moving_to_another_business_does_not_make_a_session_longer),
    };
    return run_features("session", tests, count_of(tests));
}
