/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is planned, moved, dropped and put off, on both engines. */
#include "shop.h"

#include <string.h>

static void a_job_is_one_by_its_kind_subject_and_occurrence(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    for (int twice = 0; twice < 2; twice++) {
        plan(&s, 1, BEGIN_S);
        plan(&s, 2, BEGIN_S);
        act(&s, (struct deed){.act = plans, .kind = "chained", .subject_id = 1, .at_s = BEGIN_S});
        act(&s, (struct deed){.act = plans, .subject_id = 1, .occurrence = "b", .at_s = BEGIN_S});
        act(&s, (struct deed){.act = plans, .workspace_id = BOB, .subject_id = 1, .at_s = BEGIN_S});
    }
    assert_int_equal(in_state(&s, "waiting"), 5);
    settle(&s);
    assert_int_equal(effects(&s, "run"), 5);
    close_shop(&s);
}

static void what_waits_is_moved_and_what_was_dropped_waits_again(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    plan(&s, 1, BEGIN_S + HOUR_S);
    plan(&s, 1, BEGIN_S + DAY_S);
    assert_int_equal(ask(&s, "SELECT due_s FROM job WHERE anchor_s = due_s"), BEGIN_S + DAY_S);
    act(&s, (struct deed){.act = drops, .subject_id = 1});
    assert_int_equal(
        ask(&s, "SELECT COUNT(*) FROM job WHERE status = 'dropped' AND ended_s = %d", BEGIN_S), 1);
    pass(&s, 2 * DAY_S);
    settle(&s);
    assert_int_equal(effects(&s, "run"), 0);
    plan(&s, 1, BEGIN_S + 3 * DAY_S);
    assert_int_equal(ask(&s,
                         "SELECT COUNT(*) FROM job WHERE status = 'waiting' AND due_s = %d"
                         " AND ended_s IS NULL AND attempts = 0",
                         BEGIN_S + 3 * DAY_S),
                     1);
    pass(&s, DAY_S);
    settle(&s);
    assert_int_equal(effects_of(&s, 1), 1);
    close_shop(&s);
}

static enum result by_subject(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    job->late = job->subject_id == 2;
    return job->subject_id != 3 ? OK : problem_set(w->problem, INVALID, "no", "It cannot be done.");
}

static void what_has_ended_is_left_as_it_is(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = by_subject;
    for (int i = 1; i <= 3; i++)
        plan(&s, i, BEGIN_S);
    for (int i = 0; i < JOB_ATTEMPTS_MAX; i++) {
        settle(&s);
        pass(&s, 2 * HOUR_S);
    }
    static const char *const ends[] = {"done", "late", "parked"};
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE subject_id = %d AND status = '%s'",
                             i + 1, ends[i]),
                         1);
    int64_t versions = ask(&s, "SELECT CAST(SUM(version) AS BIGINT) FROM job");
    for (int i = 1; i <= 3; i++)
        plan(&s, i, now_s(&s));
    settle(&s);
    assert_int_equal(ask(&s, "SELECT CAST(SUM(version) AS BIGINT) FROM job"), versions);
    assert_int_equal(effects(&s, "run"), 2);
    close_shop(&s);
}

/* The owner has shortened the delay: its time is still to come. */
static void a_late_one_waits_again_for_a_time_to_come(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = by_subject;
    plan(&s, 2, BEGIN_S);
    settle(&s);
    assert_int_equal(in_state(&s, "late"), 1);
    plan(&s, 2, now_s(&s) + HOUR_S);
    assert_int_equal(in_state(&s, "waiting"), 1);
    s.play = NULL;
    pass(&s, HOUR_S);
    settle(&s);
    assert_int_equal(in_state(&s, "done"), 1);
    close_shop(&s);
}

static void late_and_parked_ones_are_dropped_and_then_wait_again(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = by_subject;
    for (int i = 2; i <= 3; i++)
        plan(&s, i, BEGIN_S);
    for (int i = 0; i < JOB_ATTEMPTS_MAX; i++) {
        settle(&s);
        pass(&s, 2 * HOUR_S);
    }
    for (int i = 1; i <= 3; i++)
        act(&s, (struct deed){.act = drops, .subject_id = i});
    assert_int_equal(in_state(&s, "dropped"), 2);
    s.play = NULL;
    for (int i = 2; i <= 3; i++)
        plan(&s, i, now_s(&s));
    settle(&s);
    assert_int_equal(in_state(&s, "done"), 2);
    close_shop(&s);
}

static void a_drop_keeps_the_occurrence_that_it_is_told_to(void **state)
{
    struct shop s;
    static const char *const each[] = {"a", "b", "c"};
    open_shop(&s, *state);
    for (int i = 0; i < 3; i++)
        act(&s, (struct deed){.act = plans, .subject_id = 1, .occurrence = each[i]});
    act(&s, (struct deed){.act = plans, .subject_id = 2, .occurrence = "a"});
    act(&s, (struct deed){.act = plans, .kind = "chained", .subject_id = 1, .occurrence = "a"});
    act(&s, (struct deed){.act = plans, .workspace_id = BOB, .subject_id = 1, .occurrence = "a"});
    act(&s, (struct deed){.act = drops, .subject_id = 1, .occurrence = "b"});
    assert_int_equal(in_state(&s, "dropped"), 2);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE status = 'dropped' AND kind = 'plain'"
                             " AND workspace_id = 7 AND subject_id = 1 AND occurrence <> 'b'"),
                     2);
    act(&s, (struct deed){.act = drops, .subject_id = 1});
    assert_int_equal(in_state(&s, "dropped"), 3);
    close_shop(&s);
}

static void what_is_about_a_booking_is_dropped_whatever_its_subject(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    for (int i = 1; i <= 3; i++)
        act(&s, (struct deed){.act = plans, .subject_id = i, .booking_id = 50 + i / 3});
    act(&s, (struct deed){.act = plans, .kind = "chained", .subject_id = 1, .booking_id = 50});
    act(&s, (struct deed){.act = plans, .workspace_id = BOB, .subject_id = 1, .booking_id = 50});
    act(&s, (struct deed){.act = drops_of_booking, .booking_id = 50});
    assert_int_equal(in_state(&s, "dropped"), 2);
    assert_int_equal(ask(&s, "SELECT COUNT(*) FROM job WHERE status = 'dropped' AND kind = 'plain'"
                             " AND workspace_id = 7 AND booking_id = 50"),
                     2);
    close_shop(&s);
}

static enum result drop_ours(struct shop *s, struct work *w, struct job *job)
{
    (void)s;
    enum result res = job_drop(w, "plain", job->subject_id, (struct str){0});
    return res == OK ? job_drop_of_booking(w, "plain", 50) : res;
}

static void a_job_is_not_dropped_by_what_it_does_itself(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    s.play = drop_ours;
    act(&s, (struct deed){.act = plans, .subject_id = 1, .booking_id = 50, .at_s = BEGIN_S});
    act(&s, (struct deed){.act = plans, .subject_id = 1, .occurrence = "2", .at_s = BEGIN_S + 9});
    act(&s, (struct deed){.act = plans, .subject_id = 2, .booking_id = 50, .at_s = BEGIN_S + 9});
    settle(&s);
    assert_int_equal(in_state(&s, "done"), 1);
    assert_int_equal(in_state(&s, "dropped"), 2);
    assert_int_equal(effects_of(&s, 1), 1);
    close_shop(&s);
}

struct at_run {
    struct shop *s;
    struct deed deed;
};

/* Between the claim and the first job. */
static void do_deed_once(void *self, const char *where)
{
    struct at_run *a = self;
    if (strcmp(where, "run") != 0 || !a->deed.act)
        return;
    struct deed d = a->deed;
    a->deed.act = NULL;
    act(a->s, d);
}

static void a_new_delay_moves_what_waits_and_leaves_what_is_in_hand(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    struct at_run a = {.s = &s, .deed = {.act = shifts, .at_s = 2 * DAY_S}};
    struct job_runner *r = another_runner(&s, do_deed_once, &a);
    plan(&s, 1, BEGIN_S);
    plan(&s, 2, BEGIN_S + HOUR_S);
    act(&s,
        (struct deed){.act = plans, .kind = "chained", .subject_id = 3, .at_s = BEGIN_S + HOUR_S});
    act(&s, (struct deed){
                .act = plans, .workspace_id = BOB, .subject_id = 4, .at_s = BEGIN_S + HOUR_S});
    assert_int_equal(job_runner_step(r), 1);
    assert_int_equal(job_runner_stats(r).done, 1);
    assert_int_equal(effects_of(&s, 1), 1);
    for (int i = 2; i <= 4; i++)
        assert_int_equal(ask(&s, "SELECT due_s FROM job WHERE subject_id = %d", i),
                         BEGIN_S + HOUR_S + (i == 2 ? 2 * DAY_S : 0));
    job_runner_free(r);
    close_shop(&s);
}

static void what_is_dropped_or_moved_while_in_hand_leaves_no_effect(void **state)
{
    struct shop s;
    open_shop(&s, *state);
    struct at_run a = {.s = &s, .deed = {.act = drops, .subject_id = 1}};
    struct job_runner *r = another_runner(&s, do_deed_once, &a);
    plan(&s, 1, BEGIN_S);
    assert_int_equal(job_runner_step(r), 1);
    assert_int_equal(in_state(&s, "dropped"), 1);
    plan(&s, 1, BEGIN_S);
    a.deed = (struct deed){.act = plans, .subject_id = 1, .at_s = BEGIN_S + DAY_S};
    assert_int_equal(job_runner_step(r), 1);
    assert_int_equal(effects(&s, "run"), 0);
    assert_int_equal(job_runner_stats(r).lost, 2);
    assert_int_equal(job_runner_step(r), 0);
    pass(&s, DAY_S);
    assert_int_equal(job_runner_step(r), 1);
    assert_int_equal(effects(&s, "run"), 1);
    job_runner_free(r);
    close_shop(&s);
}

#define T(name)     \
    {               \
#name, name \
    }

static const struct engine_test tests[] = {
    T(a_job_is_one_by_its_kind_subject_and_occurrence),
    T(what_waits_is_moved_and_what_was_dropped_waits_again),
    T(what_has_ended_is_left_as_it_is),
    T(a_late_one_waits_again_for_a_time_to_come),
    T(late_and_parked_ones_are_dropped_and_then_wait_again),
    T(a_drop_keeps_the_occurrence_that_it_is_told_to),
    T(what_is_about_a_booking_is_dropped_whatever_its_subject),
    T(a_job_is_not_dropped_by_what_it_does_itself),
    T(a_new_delay_moves_what_waits_and_leaves_what_is_in_hand),
    T(what_is_dropped_or_moved_while_in_hand_leaves_no_effect),
};

int main(void)
{
    return run_group_on_both("what is planned", tests);
}
