/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which forms a visit asks for, and what becomes of them with the visit. */
#include "api.h"

#include "form/form.h"

#include <stdlib.h>
#include <string.h>

static int64_t number_at(struct api *a, const char *path)
{
    return strtoll(text_at(a, path), NULL, 10);
}

static int64_t add_form(struct api *a, const char *name)
{
    expect(a, &a->owner, "POST", "/api/v1/forms",
           text(a,
                "{\"name\":\"%s\",\"kind\":\"intake\",\"fields\":[{\"key\":\"a\",\"label\":\"A\","
                "\"type\":\"text\",\"required\":true}]}",
                name),
           201);
    return number_at(a, "id");
}

/* Two forms, the second asked by both services; a visit of the first service; `in` as the booking
 * and its client have it. */
struct house {
    struct api *api;
    int64_t workspace_id, services[2], forms[2], booking_id, client_id;
    /* of one call */
    enum { ASK, DROP, PENDING, LINK, REQUESTED, HAND_OVER } what;
    int64_t submission_id, to_client_id;
    struct form_asked *asked;
    size_t count;
    struct form_pending pending;
    struct str url;
};

static enum result run(struct db_tx *tx, void *arg)
{
    struct house *h = arg;
    struct api *a = h->api;
    problem_clear(&a->fixture->problem);
    struct work w = {.arena = &a->arena,
                     .tx = tx,
                     .env = &a->env,
                     .app = &a->app,
                     .problem = &a->fixture->problem,
                     .now_s = a->now_ms / 1000,
                     .actor = {.kind = ACTOR_SYSTEM, .workspace_id = h->workspace_id}};
    db_tenant(tx, h->workspace_id);
    switch (h->what) {
    case ASK:
        return form_ask(&w, h->booking_id, h->client_id, h->services, 2, &h->asked, &h->count);
    case DROP: return form_drop(&w, h->booking_id);
    case PENDING: return form_pending(&w, h->submission_id, &h->pending);
    case LINK: return form_link(&w, h->submission_id, &h->url);
    case REQUESTED: return form_requested(&w, h->submission_id);
    case HAND_OVER: return form_hand_over(&w, h->booking_id, h->to_client_id);
    }
    return INTERNAL;
}

static void now(struct house *h, int what)
{
    h->what = what;
    assert_int_equal(transact(h->api->fixture, run, h), OK);
}

static int64_t add_service(struct api *a, const char *name, const char *person, const char *forms)
{
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a,
                "{\"name\":\"%s\",\"duration_min\":45,\"price\":1,\"staff_ids\":[\"%s\"],"
                "\"form_ids\":[%s]}",
                name, person, forms),
           201);
    return number_at(a, "id");
}

/* A visit in so many days. */
static void book(struct house *h, int day, const char *client)
{
    struct api *a = h->api;
    char start[INSTANT_TEXT];
    instant_format(a->now_ms / 1000 / 3600 * 3600 + (int64_t)day * SECONDS_PER_DAY, start);
    expect(a, &a->owner, "POST", "/api/v1/bookings",
           text(a,
                "{\"service_ids\":[\"%lld\"],\"start\":\"%s\",\"override_hours\":true,"
                "\"client\":{\"name\":\"Bea\",\"email\":\"%s\"}}",
                (long long)h->services[0], start, client),
           201);
    h->booking_id = number_at(a, "id");
    h->client_id = number_at(a, "client.id");
}

static struct house open_house(struct api *a)
{
    struct house h = {.api = a};
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    const char *me = text(a, "%s", text_at(a, "staff_id"));
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/staff/%s", me), "{\"bookable\":true}", 200);
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    h.workspace_id = number_at(a, "id");
    h.forms[0] = add_form(a, "Skin");
    h.forms[1] = add_form(a, "Health");
    h.services[0] = add_service(
        a, "Peel", me, text(a, "\"%lld\",\"%lld\"", (long long)h.forms[0], (long long)h.forms[1]));
    h.services[1] = add_service(a, "Rub", me, text(a, "\"%lld\"", (long long)h.forms[1]));
    book(&h, 3, "bea@client.example");
    return h;
}

static const char *token_of(struct house *h, int64_t submission_id)
{
    h->submission_id = submission_id;
    now(h, LINK);
    const char *last = memrchr(h->url.ptr, '/', h->url.len);
    return text(h->api, "%.*s", (int)(h->url.ptr + h->url.len - last - 1), last + 1);
}

static void fill(struct house *h, int64_t submission_id, int status)
{
    struct caller client = {.address = "192.0.2.9"};
    expect(h->api, &client, "POST",
           text(h->api, "/api/v1/public/forms/%s", token_of(h, submission_id)),
           "{\"answers\":{\"a\":\"x\"}}", status);
}

static void each_form_of_the_services_is_asked_once(void **state)
{
    struct house h = open_house(*state);
    for (int i = 0; i < 2; i++) {
        now(&h, ASK);
        assert_int_equal(h.count, 2);
        assert_int_equal(h.asked[0].form_id, h.forms[0]);
        assert_int_equal(h.asked[1].form_id, h.forms[1]);
        assert_true(str_is(h.asked[1].name, "Health"));
        assert_false(h.asked[0].requested_s.set);
    }
    assert_int_equal(ask_int(h.api->fixture, "SELECT COUNT(*) FROM form_submission"), 2);
}

static void a_form_that_is_switched_off_is_asked_no_more(void **state)
{
    struct house h = open_house(*state);
    expect(h.api, &h.api->owner, "DELETE", text(h.api, "/api/v1/forms/%lld", (long long)h.forms[1]),
           NULL, 204);
    now(&h, ASK);
    assert_int_equal(h.count, 1);
    assert_int_equal(h.asked[0].form_id, h.forms[0]);
}

static void what_waits_goes_with_the_visit_and_comes_back_with_it(void **state)
{
    struct house h = open_house(*state);
    now(&h, ASK);
    int64_t answered = h.asked[0].id, open = h.asked[1].id;
    fill(&h, answered, 200);
    now(&h, DROP);
    h.submission_id = open;
    now(&h, PENDING);
    assert_false(h.pending.pending);
    fill(&h, open, 409);
    assert_int_equal(
        ask_int(h.api->fixture, "SELECT COUNT(*) FROM form_submission WHERE status = 'completed'"),
        1);
    now(&h, ASK);
    assert_int_equal(h.count, 1);
    assert_int_equal(h.asked[0].id, open);
    fill(&h, open, 200);
    now(&h, ASK);
    assert_int_equal(h.count, 0);
}

static void what_was_answered_is_good_for_a_year(void **state)
{
    struct house h = open_house(*state);
    now(&h, ASK);
    fill(&h, h.asked[0].id, 200);
    book(&h, 5, "bea@client.example");
    now(&h, ASK);
    assert_int_equal(h.count, 1);
    assert_int_equal(h.asked[0].form_id, h.forms[1]);
    book(&h, 6, "another@client.example");
    now(&h, ASK);
    assert_int_equal(h.count, 2);
    book(&h, 8, "bea@client.example");
    h.api->now_ms += INT64_C(1000) * FORM_GOOD_FOR_S;
    now(&h, ASK);
    assert_int_equal(h.count, 2);
}

static void who_writes_the_letter_learns_whether_it_is_still_wanted(void **state)
{
    struct house h = open_house(*state);
    now(&h, ASK);
    h.submission_id = h.asked[0].id;
    now(&h, PENDING);
    assert_true(h.pending.pending);
    assert_true(str_is(h.pending.form_name, "Skin"));
    assert_int_equal(h.pending.booking_id, h.booking_id);
    assert_int_equal(h.pending.client_id, h.client_id);
    assert_false(h.pending.requested_s.set);
    int64_t first_s = h.api->now_ms / 1000;
    now(&h, REQUESTED);
    h.api->now_ms += 60000;
    now(&h, REQUESTED);
    now(&h, PENDING);
    assert_int_equal(h.pending.requested_s.value, first_s);
    int64_t asked = h.submission_id;
    h.submission_id = 1;
    h.what = PENDING;
    assert_int_equal(transact(h.api->fixture, run, &h), NOT_FOUND);
    h.submission_id = asked;
    fill(&h, asked, 200);
    now(&h, PENDING);
    assert_false(h.pending.pending);
}

static void a_visit_that_is_handed_over_takes_its_links_with_it(void **state)
{
    struct house h = open_house(*state);
    struct caller client = {.address = "192.0.2.9"};
    now(&h, ASK);
    int64_t answered = h.asked[1].id, first_client = h.client_id;
    const char *path = text(h.api, "/api/v1/public/forms/%s", token_of(&h, h.asked[0].id));
    now(&h, REQUESTED);
    expect(h.api, &client, "GET", path, NULL, 200);
    fill(&h, answered, 200);
    expect(h.api, &h.api->owner, "POST", "/api/v1/clients", "{\"name\":\"Mia\"}", 201);
    h.to_client_id = number_at(h.api, "id");
    int64_t open = h.asked[0].id;
    now(&h, HAND_OVER);
    expect(h.api, &client, "GET", path, NULL, 404);
    h.submission_id = open;
    now(&h, PENDING);
    assert_int_equal(h.pending.client_id, h.to_client_id);
    assert_false(h.pending.requested_s.set);
    h.submission_id = answered;
    now(&h, PENDING);
    assert_int_equal(h.pending.client_id, first_client);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_the_services_is_asked_once),
        cmocka_unit_test(a_form_that_is_switched_off_is_asked_no_more),
        cmocka_unit_test(what_waits_goes_with_the_visit_and_comes_back_with_it),
        cmocka_unit_test(what_was_answered_is_good_for_a_year),
        cmocka_unit_test(who_writes_the_letter_learns_whether_it_is_still_wanted),
        cmocka_unit_test(a_visit_that_is_handed_over_takes_its_links_with_it),
    };
    return run_features("form", tests, sizeof tests / sizeof *tests);
}
