/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Members of staff: inviting, changing, switching off, hours and time off. */
#include "api.h"

#include "team/team.h"

#include <string.h>

/* Invites someone as staff; their id. */
static const char *invite(struct api *a, const char *name, const char *more)
{
    expect(a, &a->owner, "POST", "/api/v1/staff",
           text(a, "{\"name\":\"%s\",\"email\":\"%s@bergamotte.example\"%s}", name, name, more),
           201);
    return text(a, "%s", text_at(a, "id"));
}

static int sign_in(struct api *a, struct caller *who, const char *name, const char *password)
{
    return call(
        a, who, "POST", "/api/v1/session",
        text(a, "{\"email\":\"%s@bergamotte.example\",\"password\":\"%s\"}", name, password));
}

/* Signs in with the mailed password and chooses their own. */
static void arrive(struct api *a, struct caller *who, const char *name)
{
    const char *first = invited_password(a);
    assert_int_equal(sign_in(a, who, name, first), 200);
    expect(
        a, who, "POST", "/api/v1/password/change",
        text(a, "{\"current_password\":\"%s\",\"new_password\":\"copper meadow window\"}", first),
        204);
}

static void an_invitation_brings_the_password_by_letter_alone(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    invite(a, "lena", ",\"permissions\":[\"clients\"],\"bookable\":true");
    struct str answer = response_body(&a->rq);
    const char *said = arena_strndup(&a->arena, answer.ptr, answer.len);
    assert_string_equal(text_at(a, "role"), "staff");
    assert_string_equal(text_at(a, "permissions.0"), "clients");
    assert_true(bool_at(a, "hours.inherits"));
    assert_true(bool_at(a, "invited"));
    const char *password = invited_password(a);
    assert_null(strstr(said, password));

    assert_int_equal(sign_in(a, &lena, "lena", password), 200);
    assert_true(bool_at(a, "user.must_change_password"));
    assert_string_equal(text_at(a, "home"), "/staff");
    expect(a, &lena, "POST", "/api/v1/password/change",
           text(a, "{\"current_password\":\"%s\",\"new_password\":\"copper meadow window\"}",
                password),
           204);
    expect(a, &lena, "GET", "/api/v1/session", NULL, 200);
    assert_false(bool_at(a, "user.must_change_password"));
}

static void nobody_is_invited_twice_and_nobody_invites_themselves(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "POST", "/api/v1/staff",
           "{\"name\":\"Mia\",\"email\":\"mia@bergamotte.example\"}", 409);
    expect_problem(a, "already_exists", NULL);
    assert_non_null(strstr(text_at(a, "detail"), "your own address"));
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message"), 0);
    const char *id = invite(a, "lena", "");
    const char *again = "{\"name\":\"Lena\",\"email\":\"LENA@bergamotte.example\"}";
    expect(a, &a->owner, "POST", "/api/v1/staff", again, 409);
    assert_non_null(strstr(text_at(a, "detail"), "in your team already"));
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", id), NULL, 200);
    expect(a, &a->owner, "POST", "/api/v1/staff", again, 409);
    assert_non_null(strstr(text_at(a, "detail"), "reactivate"));
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message"), 1);
}

static void the_same_key_invites_once(void **state)
{
    struct api *a = *state;
    const char *body = "{\"name\":\"Lena\",\"email\":\"lena@bergamotte.example\"}";
    a->idempotency_key = "invite-lena";
    expect(a, &a->owner, "POST", "/api/v1/staff", body, 201);
    const char *id = text(a, "%s", text_at(a, "id"));
    a->idempotency_key = "invite-lena";
    expect(a, &a->owner, "POST", "/api/v1/staff", body, 201);
    assert_string_equal(text_at(a, "id"), id);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message"), 1);
}

static void a_new_invitation_replaces_the_password_until_it_is_used(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    const char *id = invite(a, "lena", "");
    const char *again = text(a, "/api/v1/staff/%s/resend-invite", id);
    const char *first = invited_password(a);
    expect(a, &a->owner, "POST", again, NULL, 200);
    const char *second = invited_password(a);
    assert_int_equal(sign_in(a, &lena, "lena", first), 401);
    assert_int_equal(sign_in(a, &lena, "lena", second), 200);
    expect(
        a, &lena, "POST", "/api/v1/password/change",
        text(a, "{\"current_password\":\"%s\",\"new_password\":\"copper meadow window\"}", second),
        204);
    expect(a, &a->owner, "POST", again, NULL, 409);
    expect_problem(a, "invalid_transition", NULL);
}

static void before_choosing_a_password_nothing_else_is_open(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    invite(a, "lena", ",\"role\":\"owner\"");
    assert_int_equal(sign_in(a, &lena, "lena", invited_password(a)), 200);
    static const struct {
        const char *method, *path, *json;
    } closed[] = {
        {"GET", "/api/v1/workspace", NULL},
        {"PATCH", "/api/v1/workspace", "{\"name\":\"Mine\"}"},
        {"GET", "/api/v1/staff", NULL},
        {"POST", "/api/v1/staff", "{\"name\":\"X\",\"email\":\"x@y.example\"}"},
        {"GET", "/api/v1/services", NULL},
        {"GET", "/api/v1/clients", NULL},
        {"POST", "/api/v1/clients", "{}"},
    };
    for (size_t i = 0; i < count_of(closed); i++) {
        expect(a, &lena, closed[i].method, closed[i].path, closed[i].json, 403);
        expect_problem(a, "password_change_required", NULL);
    }
    expect(a, &lena, "GET", "/api/v1/session", NULL, 200);
    assert_true(bool_at(a, "user.must_change_password"));
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM user_account"), 2);
}

static void the_mailed_password_is_long_readable_and_sealed(void **state)
{
    struct api *a = *state;
    invite(a, "lena", "");
    const char *password = invited_password(a);
    assert_int_equal(strlen(password), 29);
    assert_int_equal(strspn(password, "acdefhjkmnprtwxy3479-"), 29);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM message WHERE kind ="
                                         " 'staff_invitation' AND (body_text LIKE '%Password%'"
                                         " OR body_html LIKE '%Password%')"),
                     0);
    assert_int_equal(ask_int(a->fixture, text(a,
                                              "SELECT COUNT(*) FROM message m, audit_event e"
                                              " WHERE body_text LIKE '%%%s%%'"
                                              " OR changes LIKE '%%%s%%'",
                                              password, password)),
                     0);
}

static void the_mailed_password_lets_in_once(void **state)
{
    struct api *a = *state;
    struct caller lena = {0}, thief = {0};
    invite(a, "lena", "");
    const char *first = invited_password(a);
    assert_int_equal(sign_in(a, &lena, "lena", first), 200);
    assert_int_equal(sign_in(a, &thief, "lena", first), 401);
    expect_problem(a, "invitation_used", NULL);
    assert_int_equal(sign_in(a, &thief, "lena", "some other password"), 401);
    expect_problem(a, "bad_credentials", NULL);
    expect(
        a, &lena, "POST", "/api/v1/password/change",
        text(a, "{\"current_password\":\"%s\",\"new_password\":\"copper meadow window\"}", first),
        204);
    assert_int_equal(sign_in(a, &thief, "lena", first), 401);
    expect_problem(a, "bad_credentials", NULL);
}

static void the_mailed_password_dies_after_seven_days(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    const char *id = invite(a, "lena", "");
    const char *first = invited_password(a);
    a->now_ms += INT64_C(1000) * FIRST_PASSWORD_LIFE_S;
    assert_int_equal(sign_in(a, &lena, "lena", first), 401);
    expect_problem(a, "invitation_expired", NULL);
    expect(a, &a->owner, "GET", text(a, "/api/v1/staff/%s", id), NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "expired");
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/resend-invite", id), NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "queued");
    a->now_ms += INT64_C(1000) * (FIRST_PASSWORD_LIFE_S - 1);
    assert_int_equal(sign_in(a, &lena, "lena", invited_password(a)), 200);
}

static void the_owner_sees_how_an_invitation_fares(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    const char *path = text(a, "/api/v1/staff/%s", invite(a, "lena", ""));
    assert_string_equal(text_at(a, "invitation.status"), "queued");
    assert_string_equal(text_at(a, "invitation.expires_at"), "2026-11-29T10:00:00Z");
    run_sql(a->fixture, "UPDATE message SET status = 'failed', last_error = 'no such mailbox'");
    expect(a, &a->owner, "GET", path, NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "failed");
    assert_string_equal(text_at(a, "invitation.last_error"), "no such mailbox");
    expect(a, &a->owner, "POST", text(a, "%s/resend-invite", path), NULL, 200);
    run_sql(a->fixture, "UPDATE message SET status = 'sent' WHERE status = 'queued'");
    expect(a, &a->owner, "GET", path, NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "sent");
    arrive(a, &lena, "lena");
    expect(a, &a->owner, "GET", path, NULL, 200);
    assert_string_equal(text_at(a, "invitation.status"), "accepted");
    assert_true(absent_at(a, "invitation.expires_at"));
    expect(a, &a->owner, "GET", "/api/v1/staff", NULL, 200);
    assert_true(absent_at(a, "data.0.invitation"));
}

static void staff_may_do_only_what_they_were_given(void **state)
{
    struct api *a = *state;
    struct caller lena = {0}, stranger = {0};
    const char *id = invite(a, "lena", "");
    arrive(a, &lena, "lena");
    expect(a, &lena, "GET", "/api/v1/workspace", NULL, 200);
    expect(a, &lena, "GET", "/api/v1/services", NULL, 200);
    expect(a, &lena, "PATCH", "/api/v1/workspace", "{\"name\":\"Mine\"}", 403);
    expect(a, &lena, "GET", "/api/v1/staff", NULL, 403);
    expect(a, &lena, "POST", "/api/v1/staff", "{\"name\":\"X\",\"email\":\"x@y.example\"}", 403);
    expect(a, &lena, "GET", "/api/v1/clients", NULL, 403);
    expect(a, &stranger, "GET", "/api/v1/workspace", NULL, 401);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", id),
           "{\"permissions\":[\"clients\"]}", 200);
    expect(a, &lena, "GET", "/api/v1/clients", NULL, 200);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", id), "{\"role\":\"owner\"}", 200);
    expect(a, &lena, "GET", "/api/v1/staff", NULL, 200);
}

static void a_member_reads_their_own_record_hours_and_time_off_and_nobody_elses(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    const char *other = invite(a, "omar", "");
    const char *id = invite(a, "lena",
                            ",\"permissions\":[\"bookings\",\"clients\",\"inbox\","
                            "\"inventory\",\"reports\",\"clinical\"]");
    arrive(a, &lena, "lena");
    static const char *const parts[] = {"", "/hours", "/time-off"};
    for (size_t i = 0; i < count_of(parts); i++) {
        expect(a, &lena, "GET", text(a, "/api/v1/staff/%s%s", id, parts[i]), NULL, 200);
        expect(a, &a->owner, "GET", text(a, "/api/v1/staff/%s%s", id, parts[i]), NULL, 200);
        expect(a, &a->owner, "GET", text(a, "/api/v1/staff/%s%s", other, parts[i]), NULL, 200);
        expect(a, &lena, "GET", text(a, "/api/v1/staff/%s%s", other, parts[i]), NULL, 404);
        const char *words = text(a, "%s", text_at(a, "detail"));
        expect(a, &lena, "GET", text(a, "/api/v1/staff/1%s", parts[i]), NULL, 404);
        assert_string_equal(text_at(a, "detail"), words);
    }
    expect(a, &lena, "PATCH", text(a, "/api/v1/staff/%s", id), "{\"role\":\"owner\"}", 403);
    expect(a, &lena, "PUT", text(a, "/api/v1/staff/%s/hours", id), "{\"weekly\":[]}", 403);
}

static void a_deactivated_member_is_nobody_at_once(void **state)
{
    struct api *a = *state;
    struct caller lena = {0};
    const char *id = invite(a, "lena", ""), *password = "copper meadow window";
    arrive(a, &lena, "lena");
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", id), NULL, 200);
    assert_false(bool_at(a, "active"));
    assert_int_equal(count_at(a, "bookings_left"), 0);
    expect(a, &lena, "GET", "/api/v1/session", NULL, 401);
    assert_int_equal(sign_in(a, &lena, "lena", password), 401);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/reactivate", id), NULL, 200);
    expect(a, &lena, "GET", "/api/v1/session", NULL, 401);
    assert_int_equal(sign_in(a, &lena, "lena", password), 200);
}

/* A booking of client 1, so many seconds from now. */
static void book(struct api *a, int id, const char *staff_id, const char *status, int64_t in_s)
{
    int64_t start_s = a->now_ms / 1000 + in_s;
    run_sql(a->fixture,
            text(a,
                 "INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s,"
                 " end_s, outer_from_s, outer_to_s, price, source, created_s)"
                 " SELECT id, %d, 1, %s, '%s', %lld, %lld, %lld, %lld, 0, 'staff', 1"
                 " FROM workspace",
                 id, staff_id, status, (long long)start_s, (long long)start_s + 60,
                 (long long)start_s, (long long)start_s + 60));
}

static void deactivating_tells_what_is_left_without_staff(void **state)
{
    struct api *a = *state;
    const char *id = invite(a, "lena", ",\"bookable\":true");
    run_sql(a->fixture, "INSERT INTO client (workspace_id, id, name, created_s)"
                        " SELECT id, 1, 'Ada', 1 FROM workspace");
    book(a, 1, id, "confirmed", -3600);
    book(a, 2, id, "confirmed", 7200);
    book(a, 3, id, "pending", 3600);
    book(a, 4, id, "cancelled", 3600);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", id), NULL, 200);
    assert_int_equal(count_at(a, "bookings_left"), 2);
    assert_string_equal(text_at(a, "bookings_left.0.id"), "3");
    assert_string_equal(text_at(a, "bookings_left.1.start"), "2026-11-22T12:00:00Z");
    assert_string_equal(text_at(a, "bookings_left.1.client_name"), "Ada");
    expect(a, &a->owner, "GET", text(a, "/api/v1/staff/%s", id), NULL, 200);
    assert_true(absent_at(a, "bookings_left"));
}

static void there_is_always_an_active_owner(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "GET", "/api/v1/staff", NULL, 200);
    const char *me = text(a, "%s", text_at(a, "data.0.id"));
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", me), NULL, 409);
    expect_problem(a, "invalid_transition", NULL);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", me), "{\"role\":\"staff\"}", 409);
    /* An owner who has not arrived may never do so, and does not count. */
    const char *lena = invite(a, "lena", ",\"role\":\"owner\"");
    struct caller arrived = {0};
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", me), NULL, 409);
    arrive(a, &arrived, "lena");
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", lena), NULL, 200);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", me), NULL, 409);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/reactivate", lena), NULL, 200);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", me), "{\"role\":\"staff\"}", 200);
    expect(a, &a->owner, "GET", "/api/v1/staff", NULL, 403);
}

static void own_hours_replace_the_business_hours_and_can_be_given_back(void **state)
{
    struct api *a = *state;
    const char *hours = text(a, "/api/v1/staff/%s/hours", invite(a, "lena", ""));
    expect(a, &a->owner, "PUT", hours,
           "{\"weekly\":[{\"weekday\":3,\"start\":\"14:00\",\"end\":\"18:00\"},"
           "{\"weekday\":3,\"start\":\"09:00\",\"end\":\"12:00\"}]}",
           200);
    assert_false(bool_at(a, "inherits"));
    assert_string_equal(text_at(a, "weekly.0.start"), "09:00");
    assert_int_equal(int_at(a, "version"), 2);
    expect(a, &a->owner, "PUT", hours,
           "{\"weekly\":[{\"weekday\":3,\"start\":\"09:00\",\"end\":\"12:00\"},"
           "{\"weekday\":3,\"start\":\"11:00\",\"end\":\"13:00\"}]}",
           422);
    expect_problem(a, "validation_failed", "weekly.1");
    a->if_match = "\"1\"";
    expect(a, &a->owner, "PUT", hours, "{\"weekly\":[]}", 412);
    expect(a, &a->owner, "PUT", hours, "{\"weekly\":[],\"inherits\":true}", 200);
    assert_true(bool_at(a, "inherits"));
    expect(a, &a->owner, "GET", hours, NULL, 200);
    assert_int_equal(count_at(a, "weekly"), 0);
}

static void time_off_is_listed_by_end_in_pages_and_removed(void **state)
{
    struct api *a = *state;
    const char *off = text(a, "/api/v1/staff/%s/time-off", invite(a, "lena", ""));
    for (int day = 3; day >= 1; day--)
        expect(a, &a->owner, "POST", off,
               text(a,
                    "{\"start\":\"2026-12-0%dT08:00:00Z\",\"end\":\"2026-12-0%dT18:00:00Z\","
                    "\"reason\":\"day %d\"}",
                    day, day, day),
               201);
    expect(a, &a->owner, "GET", text(a, "%s?limit=2", off), NULL, 200);
    assert_int_equal(count_at(a, "data"), 2);
    assert_string_equal(text_at(a, "data.0.reason"), "day 1");
    expect(a, &a->owner, "GET", text(a, "%s?limit=2&cursor=%s", off, text_at(a, "next_cursor")),
           NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    assert_true(absent_at(a, "next_cursor"));
    const char *last = text(a, "%s/%s", off, text_at(a, "data.0.id"));
    expect(a, &a->owner, "DELETE", last, NULL, 204);
    expect(a, &a->owner, "DELETE", last, NULL, 404);
    expect(a, &a->owner, "GET",
           text(a, "%s?from=2026-12-02T00:00:00Z&to=2026-12-03T00:00:00Z", off), NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    assert_string_equal(text_at(a, "data.0.reason"), "day 2");
    expect(a, &a->owner, "POST", off,
           "{\"start\":\"2026-12-02T18:00:00Z\",\"end\":\"2026-12-02T18:00:00Z\"}", 422);
    expect_problem(a, "validation_failed", "end");
}

struct calendar_question {
    struct api *api;
    int64_t workspace_id, ids[3];
    struct staff_calendar *calendars;
};

static enum result ask_calendars(struct db_tx *tx, void *arg)
{
    struct calendar_question *q = arg;
    struct work w = {.arena = &q->api->arena,
                     .tx = tx,
                     .env = &q->api->env,
                     .problem = &q->api->fixture->problem,
                     .actor.workspace_id = q->workspace_id};
    db_tenant(tx, q->workspace_id);
    /* 2026-12-02 */
    return team_calendars(&w, q->ids, 3, 1796169600, 1796256000, &q->calendars);
}

static void calendars_come_in_the_order_asked_and_the_inactive_never_work(void **state)
{
    struct api *a = *state;
    const char *lena = invite(a, "lena", ""), *noor = invite(a, "noor", ""),
               *ines = invite(a, "ines", "");
    expect(a, &a->owner, "PUT", text(a, "/api/v1/staff/%s/hours", lena),
           "{\"weekly\":[{\"weekday\":3,\"start\":\"09:00\",\"end\":\"12:00\"}]}", 200);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/time-off", lena),
           "{\"start\":\"2026-12-02T08:00:00Z\",\"end\":\"2026-12-02T09:00:00Z\"}", 201);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/time-off", lena),
           "{\"start\":\"2026-12-03T08:00:00Z\",\"end\":\"2026-12-03T09:00:00Z\"}", 201);
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/deactivate", noor), NULL, 200);
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    struct calendar_question q = {
        .api = a,
        .workspace_id = strtoll(text_at(a, "id"), NULL, 10),
        .ids = {strtoll(ines, NULL, 10), strtoll(lena, NULL, 10), strtoll(noor, NULL, 10)},
    };
    assert_int_equal(view(a->fixture, ask_calendars, &q), OK);
    assert_false(q.calendars[0].hours_own);
    assert_true(q.calendars[1].hours_own);
    assert_int_equal(q.calendars[1].weekly_count, 1);
    assert_int_equal(q.calendars[1].weekly[0].start_min, 540);
    assert_int_equal(q.calendars[1].off_count, 1);
    assert_true(q.calendars[2].hours_own);
    assert_int_equal(q.calendars[2].weekly_count, 0);
}

static void members_come_in_pages_with_their_services(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1}", 201);
    const char *cut = text(a, "%s", text_at(a, "id"));
    const char *lena = invite(a, "lena", text(a, ",\"service_ids\":[\"%s\"]", cut));
    invite(a, "noor", "");
    expect(a, &a->owner, "GET", "/api/v1/staff?limit=2", NULL, 200);
    assert_string_equal(text_at(a, "data.0.name"), "Mia Owner");
    assert_int_equal(count_at(a, "data.0.service_ids"), 0);
    assert_string_equal(text_at(a, "data.1.service_ids.0"), cut);
    expect(a, &a->owner, "GET",
           text(a, "/api/v1/staff?limit=2&cursor=%s", text_at(a, "next_cursor")), NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", lena),
           text(a, "{\"service_ids\":[\"%s\",\"77\"]}", cut), 404);
    expect_problem(a, "not_found", "service_ids.1");
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", lena), "{\"service_ids\":[]}", 200);
    assert_int_equal(count_at(a, "service_ids"), 0);
}

static void another_business_sees_nobody_here(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    const char *lena = invite(a, "lena", "");
    expect(a, &a->owner, "POST", text(a, "/api/v1/staff/%s/time-off", lena),
           "{\"start\":\"2026-12-02T08:00:00Z\",\"end\":\"2026-12-02T09:00:00Z\"}", 201);
    const char *off = text(a, "%s", text_at(a, "id"));
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "GET", text(a, "/api/v1/staff/%s", lena), NULL, 404);
    expect(a, &other, "PATCH", text(a, "/api/v1/staff/%s", lena), "{\"name\":\"X\"}", 404);
    expect(a, &other, "POST", text(a, "/api/v1/staff/%s/deactivate", lena), NULL, 404);
    expect(a, &other, "POST", text(a, "/api/v1/staff/%s/resend-invite", lena), NULL, 404);
    expect(a, &other, "PUT", text(a, "/api/v1/staff/%s/hours", lena), "{\"weekly\":[]}", 404);
    expect(a, &other, "GET", text(a, "/api/v1/staff/%s/time-off", lena), NULL, 404);
    expect(a, &other, "DELETE", text(a, "/api/v1/staff/%s/time-off/%s", lena, off), NULL, 404);
    expect(a, &other, "GET", "/api/v1/staff", NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    expect(a, &a->owner, "GET", text(a, "/api/v1/staff/%s", lena), NULL, 200);
    assert_int_equal(int_at(a, "version"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invitation_brings_the_password_by_letter_alone),
        cmocka_unit_test(nobody_is_invited_twice_and_nobody_invites_themselves),
        cmocka_unit_test(the_same_key_invites_once),
        cmocka_unit_test(a_new_invitation_replaces_the_password_until_it_is_used),
        cmocka_unit_test(before_choosing_a_password_nothing_else_is_open),
        cmocka_unit_test(the_mailed_password_is_long_readable_and_sealed),
        cmocka_unit_test(the_mailed_password_lets_in_once),
        cmocka_unit_test(the_mailed_password_dies_after_seven_days),
        cmocka_unit_test(the_owner_sees_how_an_invitation_fares),
        cmocka_unit_test(staff_may_do_only_what_they_were_given),
        cmocka_unit_test(a_member_reads_their_own_record_hours_and_time_off_and_nobody_elses),
        cmocka_unit_test(a_deactivated_member_is_nobody_at_once),
        cmocka_unit_test(deactivating_tells_what_is_left_without_staff),
        cmocka_unit_test(there_is_always_an_active_owner),
        cmocka_unit_test(own_hours_replace_the_business_hours_and_can_be_given_back),
        cmocka_unit_test(time_off_is_listed_by_end_in_pages_and_removed),
        cmocka_unit_test(calendars_come_in_the_order_asked_and_the_inactive_never_work),
        cmocka_unit_test(members_come_in_pages_with_their_services),
        cmocka_unit_test(another_business_sees_nobody_here),
    };
    return run_features("team", tests, count_of(tests));
}
