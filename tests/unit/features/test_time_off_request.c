/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Time off that is asked for: the business's clock, limits, and what a decision brings about. */
#include "api.h"

#include "team/time_off_request.h"

#include <string.h>

static const char *const REQUESTS = "/api/v1/time-off-requests";

static const char *ask(struct api *a, const char *start, const char *end)
{
    expect(a, &a->owner, "POST", REQUESTS, text(a, "{\"start\":\"%s\",\"end\":\"%s\"}", start, end),
           201);
    return text(a, "%s", text_at(a, "id"));
}

static void clocks_are_the_businesss_also_where_they_change(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "PATCH", "/api/v1/workspace", "{\"timezone\":\"Europe/Paris\"}", 200);
    ask(a, "2027-03-28", "2027-03-28"); /* the day of 23 hours */
    assert_string_equal(text_at(a, "start"), "2027-03-27T23:00:00Z");
    assert_string_equal(text_at(a, "end"), "2027-03-28T22:00:00Z");
    assert_string_equal(text_at(a, "local_end"), "2027-03-29T00:00+02:00");
    ask(a, "2027-10-31", "2027-10-31"); /* of 25 */
    assert_string_equal(text_at(a, "start"), "2027-10-30T22:00:00Z");
    assert_string_equal(text_at(a, "end"), "2027-10-31T23:00:00Z");
    expect(a, &a->owner, "POST", text(a, "%s/%s/withdraw", REQUESTS, text_at(a, "id")), NULL, 200);
    ask(a, "2027-10-31T02:30", "2027-10-31T04:00"); /* 02:30 twice: the first */
    assert_string_equal(text_at(a, "start"), "2027-10-31T00:30:00Z");
    expect(a, &a->owner, "GET", text(a, "%s?limit=1", REQUESTS), NULL, 200);
    expect(a, &a->owner, "POST", REQUESTS,
           "{\"start\":\"2028-03-26T02:30\",\"end\":\"2028-03-26T12:00\"}", 201); /* never: 03:30 */
    assert_string_equal(text_at(a, "local_start"), "2028-03-26T03:30+02:00");
}

static void only_so_many_wait_for_an_answer_and_what_is_over_does_not(void **state)
{
    struct api *a = *state;
    for (int i = 0; i < TIME_OFF_REQUESTS_OPEN; i++)
        ask(a, text(a, "2026-12-%02dT09:00", i + 1), text(a, "2026-12-%02dT10:00", i + 1));
    const char *one_more = "{\"start\":\"2027-02-01\",\"end\":\"2027-02-01\"}";
    expect(a, &a->owner, "POST", REQUESTS, one_more, 409);
    expect_problem(a, "limit_reached", NULL);
    a->now_ms += 1000LL * SECONDS_PER_DAY * 12; /* the first ones are over, unanswered */
    expect(a, &a->owner, "POST", REQUESTS, one_more, 201);
}

static void approving_makes_the_time_off_or_nothing(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    const char *me = text(a, "%s", text_at(a, "staff_id"));
    const char *off = text(a, "/api/v1/staff/%s/time-off", me);
    for (int i = 0; i < TIME_OFF_MAX; i++)
        expect(a, &a->owner, "POST", off,
               text(a, "{\"start\":\"20%02d-01-01T08:00:00Z\",\"end\":\"20%02d-01-01T09:00:00Z\"}",
                    30 + i % 60, 30 + i % 60),
               201);
    const char *id = ask(a, "2027-05-01", "2027-05-01");
    expect(a, &a->owner, "POST", text(a, "%s/%s/approve", REQUESTS, id), NULL, 409);
    expect_problem(a, "limit_reached", NULL);
    expect(a, &a->owner, "GET", text(a, "%s/%s", REQUESTS, id), NULL, 200);
    assert_string_equal(text_at(a, "status"), "pending");
    assert_true(absent_at(a, "decided_at"));
    assert_int_equal(
        ask_int(a->fixture, "SELECT COUNT(*) FROM audit_event WHERE entity = 'time_off_request'"),
        1);
}

static void a_decision_stays_when_its_time_off_is_removed(void **state)
{
    struct api *a = *state;
    const char *id = ask(a, "2027-05-01", "2027-05-02");
    expect(a, &a->owner, "POST", text(a, "%s/%s/approve", REQUESTS, id), "{\"note\":\"ok\"}", 200);
    const char *off = text(a, "/api/v1/staff/%s/time-off", text_at(a, "staff_id"));
    expect(a, &a->owner, "GET", off, NULL, 200);
    assert_int_equal(count_at(a, "data"), 1);
    expect(a, &a->owner, "DELETE", text(a, "%s/%s", off, text_at(a, "data.0.id")), NULL, 204);
    expect(a, &a->owner, "GET", text(a, "%s/%s", REQUESTS, id), NULL, 200);
    assert_string_equal(text_at(a, "status"), "approved");
    assert_string_equal(text_at(a, "decided_by"), "Mia Owner");
    /* Who decides about themselves gets no letter about it. */
    assert_int_equal(
        ask_int(a->fixture, "SELECT COUNT(*) FROM message WHERE kind LIKE 'time_off%'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_the_businesss_also_where_they_change),
        cmocka_unit_test(only_so_many_wait_for_an_answer_and_what_is_over_does_not),
        cmocka_unit_test(approving_makes_the_time_off_or_nothing),
        cmocka_unit_test(a_decision_stays_when_its_time_off_is_removed),
    };
    return run_features("time_off_request", tests, count_of(tests));
}
