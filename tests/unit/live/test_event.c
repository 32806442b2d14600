/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who hears of which change, and the places in the order of commits. Without a database: changes
 * of stock by visits, which ask it, are in tests/api/events.test.mjs. */
#include "../unit.h"

#include "live/internal.h"

#include <string.h>

enum { ME = 70, COLLEAGUE = 71, BUSINESS = 5 };

struct ground {
    struct arena arena;
    struct problem problem;
    struct work work;
    struct buf heard;
};

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    assert_non_null(g);
    arena_init(&g->arena, ARENA_DEFAULT_LIMIT);
    buf_init(&g->heard, 64 * 1024);
    g->work = (struct work){.arena = &g->arena, .problem = &g->problem};
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    buf_done(&g->heard);
    arena_done(&g->arena);
    free(g);
    return 0;
}

static const struct actor owner = {.kind = ACTOR_OWNER, .permissions = PERM_ALL, .staff_id = 1};

static struct actor member(unsigned permissions)
{
    return (struct actor){.kind = ACTOR_STAFF, .permissions = permissions, .staff_id = ME};
}

static struct change change_of(const char *entity, const char *action)
{
    return (struct change){
        .at = {7, 8},
        .workspace_id = BUSINESS,
        .entity = str_of(entity),
        .entity_id = 42,
        .action = str_of(action),
        .actor_kind = STR("owner"),
        .request_id = STR("r1"),
    };
}

/* What they hear, as a string; good until the next call. */
static const char *heard(struct ground *g, struct actor who, struct change c)
{
    buf_reset(&g->heard);
    g->work.actor = who;
    assert_int_equal(event_tell(&g->work, &c, &g->heard), OK);
    buf_byte(&g->heard, '\0');
    return g->heard.ptr;
}

static bool hears(struct ground *g, struct actor who, struct change c)
{
    return *heard(g, who, c) != '\0';
}

static void an_event_is_a_kind_a_line_of_json_and_an_id_behind_both(void **state)
{
    struct ground *g = *state;
    struct change c = change_of("booking", "rescheduled");
    c.staff_id = some_int(ME);
    c.other_staff_id = some_int(COLLEAGUE);
    assert_string_equal(heard(g, owner, c),
                        "event: booking.rescheduled\n"
                        "data: {\"id\":\"42\",\"kind\":\"booking.rescheduled\","
                        "\"at\":\"1970-01-01T00:00:00Z\",\"actor_kind\":\"owner\","
                        "\"request_id\":\"r1\",\"staff_id\":\"70\",\"other_staff_id\":\"71\"}\n"
                        "id: 7-8\n\n");
}

static void a_visit_is_told_to_whom_it_belongs_or_belonged(void **state)
{
    struct ground *g = *state;
    struct change c = change_of("booking", "corrected");
    assert_false(hears(g, member(0), c));
    c.staff_id = some_int(COLLEAGUE);
    assert_false(hears(g, member(0), c));
    assert_false(hears(g, member(PERM_ALL & ~(unsigned)PERM_BOOKINGS), c));
    assert_true(hears(g, member(PERM_BOOKINGS), c));
    assert_true(hears(g, owner, c));
    c.other_staff_id = some_int(ME);
    assert_true(hears(g, member(0), c));
    c.staff_id = some_int(ME);
    c.other_staff_id = (struct opt_int){0};
    assert_true(hears(g, member(0), c));
}

static void each_permission_opens_its_own(void **state)
{
    struct ground *g = *state;
    static const struct {
        const char *entity;
        unsigned permission; /* 0: the owner alone */
    } cases[] = {{"item", PERM_INVENTORY}, {"client", PERM_CLIENTS}, {"email", 0}, {"staff", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct change c = change_of(cases[i].entity, "changed");
        assert_true(hears(g, owner, c));
        assert_false(hears(g, member(0), c));
        assert_false(hears(g, member(PERM_ALL & ~cases[i].permission), c));
        if (cases[i].permission)
            assert_true(hears(g, member(cases[i].permission), c));
    }
}

static void what_every_member_can_read_every_member_hears(void **state)
{
    struct ground *g = *state;
    const char *const shared[] = {"service", "resource", "workspace"};
    for (size_t i = 0; i < 3; i++)
        assert_true(hears(g, member(0), change_of(shared[i], "changed")));
}

static void a_member_hears_of_themselves(void **state)
{
    struct ground *g = *state;
    struct change c = change_of("staff", "changed");
    assert_false(hears(g, member(0), c));
    c.entity_id = ME;
    assert_true(hears(g, member(0), c));
}

static void what_the_table_does_not_know_is_the_owners_and_whom_it_names(void **state)
{
    struct ground *g = *state;
    struct change c = change_of("request", "made");
    assert_non_null(strstr(heard(g, owner, c), "event: request.made\n"));
    assert_false(hears(g, member(PERM_ALL), c));
    c.staff_id = some_int(ME);
    assert_true(hears(g, member(0), c));
}

static void sign_ins_are_nobodys_news(void **state)
{
    struct ground *g = *state;
    assert_false(hears(g, owner, change_of("session", "created")));
    assert_false(hears(g, owner, change_of("user", "password_changed")));
}

static void somebody_without_a_place_in_the_team_is_not_the_one_who_is_not_named(void **state)
{
    struct ground *g = *state;
    struct actor nobody = {.kind = ACTOR_STAFF};
    struct change c = change_of("booking", "corrected");
    c.staff_id = some_int(0);
    assert_false(hears(g, nobody, c));
    c.entity_id = 0;
    c.entity = STR("staff");
    assert_false(hears(g, nobody, c));
}

static void a_position_reads_as_it_was_written(void **state)
{
    (void)state;
    char text[POSITION_TEXT];
    struct position p = {INT64_MAX, INT64_MAX}, q;
    position_format(p, text);
    assert_true(position_parse(str_of(text), &q));
    assert_int_equal(position_compare(p, q), 0);
    static const char *const wrong[] = {
        "", "-", "7", "7-", "-7", "7-8-9", "-1-2", "1--2", "a-b", "1 -2", "99999999999999999999-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(position_parse(str_of(wrong[i]), &q));
}

static void positions_follow_the_commits_and_then_the_ids(void **state)
{
    (void)state;
    assert_true(position_compare((struct position){1, 9}, (struct position){2, 1}) < 0);
    assert_true(position_compare((struct position){2, 2}, (struct position){2, 1}) > 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_a_kind_a_line_of_json_and_an_id_behind_both),
        TEST(a_visit_is_told_to_whom_it_belongs_or_belonged),
        TEST(each_permission_opens_its_own),
        TEST(what_every_member_can_read_every_member_hears),
        TEST(a_member_hears_of_themselves),
        TEST(what_the_table_does_not_know_is_the_owners_and_whom_it_names),
        TEST(sign_ins_are_nobodys_news),
        TEST(somebody_without_a_place_in_the_team_is_not_the_one_who_is_not_named),
        TEST(a_position_reads_as_it_was_written),
        TEST(positions_follow_the_commits_and_then_the_ids),
    };
#undef TEST
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
