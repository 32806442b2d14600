/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Services, rooms and devices. */
#include "api.h"

#include "catalog/catalog.h"

#include <string.h>

static const char *me(struct api *a)
{
    expect(a, &a->owner, "GET", "/api/v1/staff", NULL, 200);
    return text(a, "%s", text_at(a, "data.0.id"));
}

static const char *room(struct api *a, const char *name)
{
    expect(a, &a->owner, "POST", "/api/v1/resources",
           text(a, "{\"name\":\"%s\",\"kind\":\"room\"}", name), 201);
    return text(a, "%s", text_at(a, "id"));
}

/* A colour with everything; its id. */
static const char *colour(struct api *a, const char *person, int64_t item, const char *first_room,
                          const char *second_room)
{
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a,
                "{\"name\":\"Colour\",\"category\":\"Hair\",\"duration_min\":90,"
                "\"segments\":[{\"kind\":\"work\",\"minutes\":30},"
                "{\"kind\":\"processing\",\"minutes\":40},{\"kind\":\"work\",\"minutes\":20}],"
                "\"buffer_before_min\":5,\"buffer_after_min\":10,\"price\":9000,"
                "\"staff_ids\":[\"%s\"],\"materials\":[{\"item_id\":\"%lld\",\"quantity\":1.5}],"
                "\"needs\":[{\"any_of\":[\"%s\",\"%s\"]}]}",
                person, (long long)item, first_room, second_room),
           201);
    return text(a, "%s", text_at(a, "id"));
}

static void a_service_is_read_back_as_it_was_made(void **state)
{
    struct api *a = *state;
    int64_t item = api_item(a, &a->owner);
    const char *person = me(a);
    const char *id = colour(a, person, item, room(a, "A"), room(a, "B"));
    expect(a, &a->owner, "GET", text(a, "/api/v1/services/%s", id), NULL, 200);
    assert_int_equal(count_at(a, "segments"), 3);
    assert_string_equal(text_at(a, "segments.1.kind"), "processing");
    assert_string_equal(text_at(a, "staff_ids.0"), person);
    assert_int_equal(count_at(a, "needs.0.any_of"), 2);
    assert_true(bool_at(a, "active"));
    struct str body = response_body(&a->rq);
    assert_non_null(memmem(body.ptr, body.len, "\"quantity\":1.5", 14));
}

static void a_patch_replaces_the_lists_it_names_and_no_other(void **state)
{
    struct api *a = *state;
    int64_t item = api_item(a, &a->owner);
    const char *at =
        text(a, "/api/v1/services/%s", colour(a, me(a), item, room(a, "A"), room(a, "B")));
    expect(a, &a->owner, "PATCH", at, "{\"materials\":[],\"price\":9500,\"active\":false}", 200);
    assert_int_equal(count_at(a, "materials"), 0);
    assert_int_equal(count_at(a, "segments"), 3);
    assert_int_equal(count_at(a, "needs"), 1);
    assert_int_equal(int_at(a, "price"), 9500);
    assert_false(bool_at(a, "active"));
    assert_int_equal(int_at(a, "version"), 2);
    a->if_match = "\"1\"";
    expect(a, &a->owner, "PATCH", at, "{\"price\":1}", 412);
}

static void segments_sum_to_the_duration_and_begin_with_work(void **state)
{
    struct api *a = *state;
    static const struct {
        const char *segments, *field;
    } bad[] = {
        {"[{\"kind\":\"work\",\"minutes\":44}]", "segments"},
        {"[{\"kind\":\"processing\",\"minutes\":10},{\"kind\":\"work\",\"minutes\":35}]",
         "segments.0.kind"},
    };
    for (size_t i = 0; i < count_of(bad); i++) {
        expect(a, &a->owner, "POST", "/api/v1/services",
               text(a, "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1,\"segments\":%s}",
                    bad[i].segments),
               422);
        expect_problem(a, "validation_failed", bad[i].field);
    }
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1,"
           "\"segments\":[{\"kind\":\"work\",\"minutes\":45}]}",
           201);
    const char *at = text(a, "/api/v1/services/%s", text_at(a, "id"));
    expect(a, &a->owner, "PATCH", at, "{\"duration_min\":50}", 422);
    expect_problem(a, "validation_failed", "segments");
    expect(a, &a->owner, "PATCH", at, "{\"duration_min\":50,\"segments\":[]}", 200);
}

static void what_does_not_exist_here_is_named_and_nothing_is_made(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    api_business(a, &other, "Other", "ann@other.example");
    int64_t item = api_item(a, &other);
    expect(a, &other, "GET", "/api/v1/staff", NULL, 200);
    const char *person = text(a, "%s", text_at(a, "data.0.id"));
    const char *own_person = me(a);
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a, "{\"name\":\"X\",\"duration_min\":45,\"price\":1,\"staff_ids\":[\"%s\",\"%s\"]}",
                own_person, person),
           404);
    expect_problem(a, "not_found", "staff_ids.1");
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a,
                "{\"name\":\"X\",\"duration_min\":45,\"price\":1,"
                "\"materials\":[{\"item_id\":\"%lld\",\"quantity\":1}]}",
                (long long)item),
           404);
    expect_problem(a, "not_found", "materials.0.item_id");
    /* A person is a resource, too, but no room. */
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a,
                "{\"name\":\"X\",\"duration_min\":45,\"price\":1,"
                "\"needs\":[{\"any_of\":[\"%s\"]}]}",
                own_person),
           404);
    expect_problem(a, "not_found", "needs.0.any_of.0");
    expect(a, &a->owner, "POST", "/api/v1/services",
           text(a, "{\"name\":\"X\",\"duration_min\":45,\"price\":1,\"staff_ids\":[\"%s\",\"%s\"]}",
                own_person, own_person),
           422);
    expect_problem(a, "validation_failed", "staff_ids.1");
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM service"), 0);
}

static void bounds_hold_and_one_over_is_refused(void **state)
{
    struct api *a = *state;
    static const struct {
        const char *field;
        int64_t least, most;
    } bounds[] = {{"duration_min", 5, 720},
                  {"buffer_before_min", 0, 240},
                  {"buffer_after_min", 0, 240},
                  {"price", 0, 1000000000}};
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1}", 201);
    const char *at = text(a, "/api/v1/services/%s", text_at(a, "id"));
    for (size_t i = 0; i < count_of(bounds); i++) {
        const int64_t tries[] = {bounds[i].least, bounds[i].most, bounds[i].least - 1,
                                 bounds[i].most + 1};
        for (size_t k = 0; k < count_of(tries); k++)
            expect(a, &a->owner, "PATCH", at,
                   text(a, "{\"%s\":%lld}", bounds[i].field, (long long)tries[k]),
                   k < 2 ? 200 : 422);
    }
}

static void a_retired_service_is_gone_from_the_menu_and_kept_in_the_table(void **state)
{
    struct api *a = *state;
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1}", 201);
    const char *at = text(a, "/api/v1/services/%s", text_at(a, "id"));
    expect(a, &a->owner, "DELETE", at, NULL, 204);
    expect(a, &a->owner, "GET", at, NULL, 404);
    expect(a, &a->owner, "DELETE", at, NULL, 404);
    expect(a, &a->owner, "GET", "/api/v1/services", NULL, 200);
    assert_int_equal(count_at(a, "data"), 0);
    assert_int_equal(ask_int(a->fixture, "SELECT COUNT(*) FROM service WHERE retired = 1"), 1);
}

static void services_come_in_pages(void **state)
{
    struct api *a = *state;
    for (int i = 1; i <= 5; i++)
        expect(a, &a->owner, "POST", "/api/v1/services",
               text(a, "{\"name\":\"S%d\",\"duration_min\":45,\"price\":1}", i), 201);
    char names[16] = "";
    const char *cursor = "";
    for (int page = 0; page < 3; page++) {
        expect(a, &a->owner, "GET", text(a, "/api/v1/services?limit=2%s", cursor), NULL, 200);
        for (size_t i = 0; i < count_at(a, "data"); i++)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s",
                     text_at(a, text(a, "data.%zu.name", i)));
        if (page < 2)
            cursor = text(a, "&cursor=%s", text_at(a, "next_cursor"));
    }
    assert_true(absent_at(a, "next_cursor"));
    assert_string_equal(names, "S1S2S3S4S5");
}

struct question {
    struct api *api;
    int64_t workspace_id;
    int64_t ids[3];
    size_t count;
    struct service *list;
    size_t found;
    bool active, also_retired;
};

static enum result ask(struct db_tx *tx, void *arg)
{
    struct question *q = arg;
    problem_clear(&q->api->fixture->problem);
    struct work w = {.arena = &q->api->arena,
                     .tx = tx,
                     .env = &q->api->env,
                     .problem = &q->api->fixture->problem,
                     .actor.workspace_id = q->workspace_id};
    db_tenant(tx, q->workspace_id);
    return q->active ? catalog_active(&w, &q->list, &q->found)
                     : catalog_services(&w, q->ids, q->count, q->also_retired, &q->list);
}

static void a_visit_gets_its_services_in_the_order_asked_with_all_parts(void **state)
{
    struct api *a = *state;
    int64_t item = api_item(a, &a->owner);
    struct question q = {.api = a, .workspace_id = 0, .count = 3};
    q.ids[0] = q.ids[2] = strtoll(colour(a, me(a), item, room(a, "A"), room(a, "B")), NULL, 10);
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"category\":\"Hair\",\"duration_min\":45,\"price\":1}", 201);
    q.ids[1] = strtoll(text_at(a, "id"), NULL, 10);
    const char *cut = text(a, "/api/v1/services/%s", text_at(a, "id"));
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    q.workspace_id = strtoll(text_at(a, "id"), NULL, 10);

    assert_int_equal(view(a->fixture, ask, &q), OK);
    assert_int_equal(q.list[1].shape.duration_min, 45);
    assert_int_equal(q.list[1].shape.segment_count, 0);
    assert_int_equal(q.list[2].shape.segment_count, 3);
    assert_true(q.list[2].shape.segments[1].processing);
    assert_int_equal(q.list[0].shape.need_count, 1);
    assert_int_equal(q.list[0].shape.needs[0].count, 2);
    assert_int_equal(q.list[0].staff_count, 1);
    assert_int_equal(q.list[0].materials[0].item_id, item);
    assert_int_equal(q.list[0].materials[0].quantity, 1500);

    q.active = true;
    assert_int_equal(view(a->fixture, ask, &q), OK);
    assert_int_equal(q.found, 2);
    assert_int_equal(q.list[0].id, q.ids[0]);
    assert_int_equal(q.list[0].material_count, 1);

    expect(a, &a->owner, "PATCH", cut, "{\"active\":false}", 200);
    assert_int_equal(view(a->fixture, ask, &q), OK);
    assert_int_equal(q.found, 1);
    q.active = false;
    assert_int_equal(view(a->fixture, ask, &q), INVALID);
    assert_string_equal(a->fixture->problem.fields[0].path, "service_ids.1");
    q.ids[1] = 77;
    assert_int_equal(view(a->fixture, ask, &q), NOT_FOUND);
}

static void a_retired_service_is_found_with_its_parts_for_an_old_booking_alone(void **state)
{
    struct api *a = *state;
    int64_t item = api_item(a, &a->owner);
    const char *id = colour(a, me(a), item, room(a, "A"), room(a, "B"));
    expect(a, &a->owner, "DELETE", text(a, "/api/v1/services/%s", id), NULL, 204);
    struct question q = {.api = a, .count = 1, .ids = {strtoll(id, NULL, 10)}};
    expect(a, &a->owner, "GET", "/api/v1/workspace", NULL, 200);
    q.workspace_id = strtoll(text_at(a, "id"), NULL, 10);
    assert_int_equal(view(a->fixture, ask, &q), INVALID);
    q.also_retired = true;
    assert_int_equal(view(a->fixture, ask, &q), OK);
    assert_int_equal(q.list[0].shape.segment_count, 3);
    assert_int_equal(q.list[0].staff_count, 1);
}

static void a_resource_is_switched_off_and_never_lost(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    const char *at = text(a, "/api/v1/resources/%s", room(a, "Room 1"));
    expect(a, &a->owner, "PATCH", at, "{\"name\":\"Blue room\"}", 200);
    assert_string_equal(text_at(a, "name"), "Blue room");
    assert_string_equal(text_at(a, "kind"), "room");
    expect(a, &a->owner, "PATCH", at, "{\"kind\":\"device\"}", 422);
    a->if_match = "\"1\"";
    expect(a, &a->owner, "DELETE", at, NULL, 412);
    expect(a, &a->owner, "DELETE", at, NULL, 204);
    expect(a, &a->owner, "GET", at, NULL, 200);
    assert_false(bool_at(a, "active"));
    assert_int_equal(int_at(a, "version"), 3);
    expect(a, &a->owner, "GET", "/api/v1/resources", NULL, 200);
    assert_int_equal(count_at(a, "data"), 1); /* the owner, a person, is not among them */
    expect(a, &a->owner, "GET", text(a, "/api/v1/resources/%s", me(a)), NULL, 404);
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "GET", at, NULL, 404);
    expect(a, &other, "PATCH", at, "{\"active\":true}", 404);
}

static void another_business_cannot_touch_a_service(void **state)
{
    struct api *a = *state;
    struct caller other = {0};
    expect(a, &a->owner, "POST", "/api/v1/services",
           "{\"name\":\"Cut\",\"duration_min\":45,\"price\":1}", 201);
    const char *at = text(a, "/api/v1/services/%s", text_at(a, "id"));
    api_business(a, &other, "Other", "ann@other.example");
    expect(a, &other, "GET", at, NULL, 404);
    expect(a, &other, "PATCH", at, "{\"price\":0}", 404);
    expect(a, &other, "DELETE", at, NULL, 404);
    expect(a, &a->owner, "GET", at, NULL, 200);
    assert_int_equal(int_at(a, "version"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_is_read_back_as_it_was_made),
        cmocka_unit_test(a_patch_replaces_the_lists_it_names_and_no_other),
        cmocka_unit_test(segments_sum_to_the_duration_and_begin_with_work),
        cmocka_unit_test(what_does_not_exist_here_is_named_and_nothing_is_made),
        cmocka_unit_test(bounds_hold_and_one_over_is_refused),
        cmocka_unit_test(a_retired_service_is_gone_from_the_menu_and_kept_in_the_table),
        cmocka_unit_test(services_come_in_pages),
        cmocka_unit_test(a_visit_gets_its_services_in_the_order_asked_with_all_parts),
        cmocka_unit_test(a_retired_service_is_found_with_its_parts_for_an_old_booking_alone),
        cmocka_unit_test(a_resource_is_switched_off_and_never_lost),
        cmocka_unit_test(another_business_cannot_touch_a_service),
    };
    return run_features("catalog", tests, count_of(tests));
}
