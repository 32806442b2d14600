/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The business: its settings, hours, closures, readiness and publishing. */
#include "api.h"

#include "workspace/slug.h"

#include <string.h>

static const char here[] = "/api/v1/workspace";

static void what_is_patched_is_read_back_and_the_rest_stays(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", here,
           "{\"name\":\"Atelier\",\"phone\":\"+33 1 23 45 67 89\",\"accent_color\":\"#3a7bd5\","
           "\"slot_step_min\":20,\"auto_confirm\":false,"
           "\"hours\":[{\"weekday\":2,\"start\":\"13:00\",\"end\":\"24:00\"},"
           "{\"weekday\":2,\"start\":\"09:00\",\"end\":\"13:00\"}],"
           "\"closures\":[{\"from\":\"2026-12-24\",\"to\":\"2026-12-26\",\"reason\":\"Noël\"}]}",
           200);
    expect(a, &a->owner, "PATCH", here, "{\"accent_color\":null,\"phone\":\"\"}", 200);
    expect(a, &a->owner, "GET", here, NULL, 200);
    assert_string_equal(text_at(a, "name"), "Atelier");
    assert_string_equal(text_at(a, "phone"), "");
    assert_true(absent_at(a, "accent_color"));
    assert_int_equal(int_at(a, "slot_step_min"), 20);
    assert_int_equal(int_at(a, "max_advance_days"), 90);
    assert_false(bool_at(a, "auto_confirm"));
    assert_string_equal(text_at(a, "hours.0.start"), "09:00");
    assert_string_equal(text_at(a, "hours.1.end"), "24:00");
    assert_string_equal(text_at(a, "closures.0.to"), "2026-12-26");
    assert_int_equal(int_at(a, "version"), 3);
    expect(a, &a->owner, "PATCH", here, "{\"hours\":[],\"closures\":[]}", 200);
    assert_int_equal(count_at(a, "hours"), 0);
    assert_int_equal(count_at(a, "closures"), 0);
}

static void hours_that_overlap_are_refused_and_nothing_changes(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", here,
           "{\"name\":\"Other\",\"hours\":[{\"weekday\":1,\"start\":\"12:00\",\"end\":\"15:00\"},"
           "{\"weekday\":1,\"start\":\"09:00\",\"end\":\"12:01\"}]}",
           422);
    expect_problem(a, "validation_failed", "hours.0");
    expect(a, &a->owner, "PATCH", here,
           "{\"hours\":[{\"weekday\":1,\"start\":\"12:00\",\"end\":\"12:00\"}]}", 422);
    expect_problem(a, "validation_failed", "hours.0.end");
    expect(a, &a->owner, "PATCH", here,
           "{\"closures\":[{\"from\":\"2026-12-26\",\"to\":\"2026-12-24\"}]}", 422);
    expect_problem(a, "validation_failed", "closures.0.to");
    expect(a, &a->owner, "GET", here, NULL, 200);
    assert_string_equal(text_at(a, "name"), "Salon Bergamotte");
    assert_int_equal(int_at(a, "version"), 1);
}

static void fields_out_of_range_are_named_each(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", here,
           "{\"timezone\":\"Mars/Olympus\",\"currency\":\"XXQ\",\"slot_step_min\":0,"
           "\"contact_email\":\"x\",\"slug\":\"No Good\",\"unknown\":1}",
           422);
    expect_problem(a, "validation_failed", "timezone");
    expect_problem(a, "validation_failed", "currency");
    expect_problem(a, "validation_failed", "slot_step_min");
    expect_problem(a, "validation_failed", "contact_email");
    expect_problem(a, "validation_failed", "slug");
    expect_problem(a, "validation_failed", "unknown");
}

static void a_stale_version_changes_nothing(void **state)
{
    struct api *a = *state;
    a->if_match = "\"1\"";
    expect(a, &a->owner, "PATCH", here, "{\"name\":\"First\"}", 200);
    a->if_match = "\"1\"";
    expect(a, &a->owner, "PATCH", here, "{\"name\":\"Second\"}", 412);
    expect(a, &a->owner, "GET", here, NULL, 200);
    assert_string_equal(text_at(a, "name"), "First");
}

static void two_businesses_cannot_share_an_address(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "PATCH", here, "{\"slug\":\"salon-bergamotte\"}", 409);
    expect_problem(a, "already_exists", NULL);
    expect(a, &other, "PATCH", here, "{\"slug\":\"other\"}", 200);
}

static void the_currency_stays_once_there_are_bookings(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", here, "{\"currency\":\"JPY\"}", 200);
    run_sql(a->fixture, "INSERT INTO client (workspace_id, id, name, created_s)"
                        " SELECT id, 1, 'C', 1 FROM workspace");
    run_sql(a->fixture,
            "INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s, end_s,"
            " outer_from_s, outer_to_s, price, source, created_s)"
            " SELECT workspace_id, 1, 1, id, 'confirmed', 10, 20, 10, 20, 0, 'staff', 1"
            " FROM staff");
    expect(a, &a->owner, "PATCH", here, "{\"currency\":\"EUR\"}", 409);
    expect_problem(a, "invalid_transition", NULL);
    expect(a, &a->owner, "PATCH", here, "{\"currency\":\"JPY\",\"name\":\"Still\"}", 200);
}

static bool check_holds(struct api *a, const char *code)
{
    for (size_t i = 0; i < count_at(a, "checks"); i++)
        if (strcmp(text_at(a, text(a, "checks.%zu.code", i)), code) == 0)
            return bool_at(a, text(a, "checks.%zu.ok", i));
    fail_msg("no check %s", code);
    return false;
}

static void a_business_is_published_when_a_time_could_be_offered(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "POST", "/api/v1/workspace/publish", NULL, 409);
    expect_problem(a, "not_ready", NULL);
    assert_int_equal(count_at(a, "checks"), 3);

    expect(a, &a->owner, "PATCH", here,
           "{\"hours\":[{\"weekday\":1,\"start\":\"09:00\",\"end\":\"18:00\"}]}", 200);
    expect(a, &a->owner, "GET", "/api/v1/staff", NULL, 200);
    const char *me = text(a, "%s", text_at(a, "data.0.id"));
    expect(
        a, &a->owner, "POST", "/api/v1/services",
        text(a, "{\"name\":\"Cut\",\"duration_min\":45,\"price\":4500,\"staff_ids\":[\"%s\"]}", me),
        201);
    expect(a, &a->owner, "GET", "/api/v1/workspace/readiness", NULL, 200);
    assert_false(bool_at(a, "ready"));
    assert_true(check_holds(a, "hours") && check_holds(a, "service"));
    assert_false(check_holds(a, "staff"));

    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", me), "{\"bookable\":true}", 200);
    expect(a, &a->owner, "PUT", text(a, "/api/v1/staff/%s/hours", me), "{\"weekly\":[]}", 200);
    expect(a, &a->owner, "GET", "/api/v1/workspace/readiness", NULL, 200);
    assert_false(check_holds(a, "staff"));
    expect(a, &a->owner, "PUT", text(a, "/api/v1/staff/%s/hours", me),
           "{\"weekly\":[],\"inherits\":true}", 200);
    expect(a, &a->owner, "GET", "/api/v1/workspace/readiness", NULL, 200);
    assert_true(bool_at(a, "ready"));
    assert_false(check_holds(a, "contact"));

    expect(a, &a->owner, "POST", "/api/v1/workspace/publish", NULL, 200);
    assert_true(bool_at(a, "published"));
    int64_t version = int_at(a, "version");
    expect(a, &a->owner, "POST", "/api/v1/workspace/publish", NULL, 200);
    assert_int_equal(int_at(a, "version"), version);
}

static void each_change_leaves_one_event_with_before_and_after(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", here, "{\"name\":\"After\"}", 200);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM audit_event WHERE entity ="
                                         " 'workspace' AND action = 'changed' AND changes LIKE"
                                         " '%Salon Bergamotte%After%' AND request_id <> ''"),
                     1);
}

static void a_slug_is_plain_letters_whatever_the_name(void **state)
{
    struct api *a = *state;
    static const char *const pairs[][2] = {
        {"Élan & Müller", "elan-muller"},
        {"Joe's  Barber", "joes-barber"},
        {"Straße Œuvre", "strasse-oeuvre"},
        {"Łódź", "lodz"},
        {"Салон", "business"},
        {"A", "business"},
        {"--A1--", "a1"},
        {"髪 Hair 2", "hair-2"},
        {"", "business"},
    };
    for (size_t i = 0; i < count_of(pairs); i++) {
        struct str slug = slug_of(&a->arena, str_of(pairs[i][0]), SLUG_MAX);
        assert_string_equal(str_z(&a->arena, slug), pairs[i][1]);
    }
    struct str cut = slug_of(&a->arena, STR("aaaa bbbb cccc"), 5);
    assert_string_equal(str_z(&a->arena, cut), "aaaa");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_patched_is_read_back_and_the_rest_stays),
        cmocka_unit_test(hours_that_overlap_are_refused_and_nothing_changes),
        cmocka_unit_test(fields_out_of_range_are_named_each),
        cmocka_unit_test(a_stale_version_changes_nothing),
        cmocka_unit_test(two_businesses_cannot_share_an_address),
        cmocka_unit_test(the_currency_stays_once_there_are_bookings),
        cmocka_unit_test(a_business_is_published_when_a_time_could_be_offered),
        cmocka_unit_test(each_change_leaves_one_event_with_before_and_after),
        cmocka_unit_test(a_slug_is_plain_letters_whatever_the_name),
    };
    return run_features("workspace", tests, count_of(tests));
}
