/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Clients. */
#include "api.h"

#include "client/client.h"

#include <string.h>

static const char *add(struct api *a, const char *json)
{
    expect(a, &a->owner, "POST", "/api/v1/clients", json, 201);
    return text(a, "%s", text_at(a, "id"));
}

static void a_client_is_read_back_as_written(void **state)
{
    struct api *a = *state;
    const char *at = text(a, "/api/v1/clients/%s",
                          add(a, "{\"name\":\"Ada\",\"email\":\"Ada@Example.com\",\"phone\":"
                                 "\"+33 612 345 678\",\"notes\":\"line 1\\nline 2\","
                                 "\"tags\":[\"vip\",\"caf\\u00e9 \\\"x\\\"\"]}"));
    expect(a, &a->owner, "GET", at, NULL, 200);
    assert_string_equal(text_at(a, "email"), "Ada@Example.com");
    assert_string_equal(text_at(a, "tags.1"), "café \"x\"");
    assert_string_equal(text_at(a, "status"), "new");
    expect(a, &a->owner, "PATCH", at, "{\"email\":null,\"status\":\"contacted\",\"tags\":[]}", 200);
    assert_true(absent_at(a, "email"));
    assert_int_equal(count_at(a, "tags"), 0);
    assert_string_equal(text_at(a, "notes"), "line 1\nline 2");
    assert_string_equal(text_at(a, "status"), "contacted");
    a->if_match = "\"1\"";
    expect(a, &a->owner, "PATCH", at, "{\"name\":\"X\"}", 412);
}

static void an_address_has_one_client_whatever_its_case(void **state)
{
    struct api *a = *state;
    const char *ada = add(a, "{\"name\":\"Ada\",\"email\":\"ada@example.com\"}");
    expect(a, &a->owner, "POST", "/api/v1/clients",
           "{\"name\":\"Ada 2\",\"email\":\"ADA@example.com\"}", 409);
    expect_problem(a, "already_exists", NULL);
    assert_string_equal(text_at(a, "client_id"), ada);
    const char *bob = add(a, "{\"name\":\"Bob\",\"email\":\"bob@example.com\"}");
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/clients/%s", bob),
           "{\"email\":\"Ada@example.com\"}", 409);
    assert_string_equal(text_at(a, "client_id"), ada);
    expect(a, &a->owner, "PATCH", text(a, "/api/v1/clients/%s", bob),
           "{\"email\":\"BOB@example.com\"}", 200);
    add(a, "{\"name\":\"Walk-in\"}");
    add(a, "{\"name\":\"Walk-in\"}");
    struct caller other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "POST", "/api/v1/clients", "{\"name\":\"Ada\",\"email\":\"ada@example.com\"}",
           201);
}

static size_t found(struct api *a, const char *query)
{
    expect(a, &a->owner, "GET", text(a, "/api/v1/clients?%s", query), NULL, 200);
    return count_at(a, "data");
}

static void search_finds_beginnings_of_names_addresses_and_numbers(void **state)
{
    struct api *a = *state;
    add(a, "{\"name\":\"Ada Lovelace\",\"email\":\"countess@example.com\"}");
    add(a, "{\"name\":\"100% Bob_by\",\"phone\":\"0612\",\"status\":\"booked\"}");
    assert_int_equal(found(a, "q=ada"), 1);
    assert_int_equal(found(a, "q=LOVE"), 1);
    assert_int_equal(found(a, "q=Count"), 1);
    assert_int_equal(found(a, "q=lace"), 0);
    assert_int_equal(found(a, "q=06"), 1);
    assert_int_equal(found(a, "q=100%25"), 1);
    assert_int_equal(found(a, "q=%25"), 0);
    assert_int_equal(found(a, "q=bob_b"), 1);
    assert_int_equal(found(a, "q=bobx"), 0);
    assert_int_equal(found(a, "q=_"), 0);
    assert_int_equal(found(a, "status=booked"), 1);
    assert_int_equal(found(a, "q=ada&status=booked"), 0);
    assert_int_equal(found(a, ""), 2);
    assert_string_equal(text_at(a, "data.0.name"), "100% Bob_by");
    assert_int_equal(found(a, "limit=1"), 1);
    assert_int_equal(found(a, text(a, "limit=1&cursor=%s", text_at(a, "next_cursor"))), 1);
    assert_string_equal(text_at(a, "data.0.name"), "Ada Lovelace");
    assert_true(absent_at(a, "next_cursor"));
    expect(a, &a->owner, "GET", "/api/v1/clients?cursor=bad", NULL, 422);
    expect_problem(a, "validation_failed", "cursor");
}

static void tags_are_few_short_and_different(void **state)
{
    struct api *a = *state;
    const char *at = text(a, "/api/v1/clients/%s", add(a, "{\"name\":\"Ada\"}"));
    const char *forty = "abcdefghijabcdefghijabcdefghijabcdefghij";
    expect(a, &a->owner, "PATCH", at, text(a, "{\"tags\":[\"%s\"]}", forty), 200);
    expect(a, &a->owner, "PATCH", at, text(a, "{\"tags\":[\"x\",\"%sk\"]}", forty), 422);
    expect_problem(a, "validation_failed", "tags.1");
    expect(a, &a->owner, "PATCH", at, "{\"tags\":[\"x\",\"x\"]}", 422);
    expect_problem(a, "validation_failed", "tags.1");
    char many[256] = "";
    for (int i = 0; i <= TAGS_MAX; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s\"t%d\"", i ? "," : "", i);
    expect(a, &a->owner, "PATCH", at, text(a, "{\"tags\":[%s]}", many), 422);
    expect_problem(a, "validation_failed", "tags");
}

static void alerts_are_sentences_that_stay_until_they_are_replaced(void **state)
{
    struct api *a = *state;
    const char *at = text(a, "/api/v1/clients/%s",
                          add(a, "{\"name\":\"Ada\",\"alerts\":[\"Allergic to \\\"PPD\\\"\"]}"));
    expect(a, &a->owner, "PATCH", at, "{\"notes\":\"x\"}", 200);
    assert_string_equal(text_at(a, "alerts.0"), "Allergic to \"PPD\"");
    expect(a, &a->owner, "PATCH", at, "{\"alerts\":[\"a\",\"b\",\"a\"]}", 422);
    expect_problem(a, "validation_failed", "alerts.2");
    char many[256] = "";
    for (int i = 0; i <= ALERTS_MAX; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s\"t%d\"", i ? "," : "", i);
    expect(a, &a->owner, "PATCH", at, text(a, "{\"alerts\":[%s]}", many), 422);
    expect_problem(a, "validation_failed", "alerts");
    expect(a, &a->owner, "PATCH", at, "{\"alerts\":[]}", 200);
    assert_int_equal(count_at(a, "alerts"), 0);
}

struct visit {
    struct api *api;
    int64_t workspace_id;
    struct client_details details;
    struct client client;
    bool created;
};

static enum result arrive(struct db_tx *tx, void *arg)
{
    struct visit *v = arg;
    struct problem problem = {0};
    struct arena *arena = db_arena(tx);
    struct work w = {.arena = arena,
                     .tx = tx,
                     .env = &v->api->env,
                     .problem = &problem,
                     .now_s = 1795341600,
                     .request_id = STR("test"),
                     .actor = {.kind = ACTOR_CLIENT, .workspace_id = v->workspace_id}};
    db_tenant(tx, v->workspace_id);
    enum result r = client_find_or_make(&w, &v->details, &v->client, &v->created);
    return r == OK ? client_booked(&w, v->client.id) : r;
}

static int64_t workspace_id(struct api *a)
{
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    return strtoll(text_at(a, "id"), NULL, 10);
}

static void a_stranger_fills_what_is_absent_and_rewrites_nothing(void **state)
{
    struct api *a = *state;
    const char *at =
        text(a, "/api/v1/clients/%s", add(a, "{\"name\":\"Ada\",\"email\":\"ada@example.com\"}"));
    struct visit v = {.api = a,
                      .workspace_id = workspace_id(a),
                      .details = {STR("Evil"), STR("ADA@example.com"), STR("0700")}};
    assert_int_equal(transact(a->fixture, arrive, &v), OK);
    assert_false(v.created);
    v.details.phone = STR("0800");
    assert_int_equal(transact(a->fixture, arrive, &v), OK);
    expect(a, &a->owner, "GET", at, NULL, 200);
    assert_string_equal(text_at(a, "name"), "Ada");
    assert_string_equal(text_at(a, "phone"), "0700");
    assert_string_equal(text_at(a, "status"), "booked");

    v.details = (struct client_details){.name = STR("Walk-in")};
    assert_int_equal(transact(a->fixture, arrive, &v), OK);
    assert_true(v.created);
    int64_t first = v.client.id;
    assert_int_equal(transact(a->fixture, arrive, &v), OK);
    assert_true(v.created && v.client.id != first);
}

struct rush {
    struct api *api;
    int64_t workspace_id;
    _Atomic int created, failed;
};

static void *arrive_once(void *arg)
{
    struct rush *rush = arg;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct visit v = {.api = rush->api,
                      .workspace_id = rush->workspace_id,
                      .details = {.name = STR("Ada"), .email = STR("ada@example.com")}};
    struct problem p = {0};
    if (db_transact(rush->api->fixture->db, &arena, &p, arrive, &v) != OK)
        rush->failed++;
    else if (v.created)
        rush->created++;
    arena_done(&arena);
    return NULL;
}

static void of_many_at_once_one_makes_the_client(void **state)
{
    struct api *a = *state;
    struct rush rush = {.api = a, .workspace_id = workspace_id(a)};
    run_threads(16, arrive_once, &rush);
    assert_int_equal(rush.failed, 0);
    assert_int_equal(rush.created, 1);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM client"), 1);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM audit_event"
                                         " WHERE entity = 'client' AND action = 'created'"),
                     1);
}

static void another_business_sees_none_of_them(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    const char *at = text(a, "/api/v1/clients/%s", add(a, "{\"name\":\"Ada\"}"));
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "GET", at, NULL, 404);
    expect(a, &other, "PATCH", at, "{\"name\":\"X\"}", 404);
    expect(a, &other, "GET", "/api/v1/clients", NULL, 200);
    assert_int_equal(count_at(a, "data"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_is_read_back_as_written),
        cmocka_unit_test(an_address_has_one_client_whatever_its_case),
        cmocka_unit_test(search_finds_beginnings_of_names_addresses_and_numbers),
        cmocka_unit_test(tags_are_few_short_and_different),
        cmocka_unit_test(alerts_are_sentences_that_stay_until_they_are_replaced),
        cmocka_unit_test(a_stranger_fills_what_is_absent_and_rewrites_nothing),
        cmocka_unit_test(of_many_at_once_one_makes_the_client),
        cmocka_unit_test(another_business_sees_none_of_them),
    };
    return run_features("client", tests, count_of(tests));
}
