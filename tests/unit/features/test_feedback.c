/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The links of the letter after a visit, and for how long they do what. */
#include "api.h"

#include "feedback/feedback.h"

#include <string.h>

struct mint {
    struct api *a;
    int64_t workspace_id, booking_id, client_id, staff_id;
    const char *rate, *unsubscribe; /* the ends of the links: their tokens */
};

static enum result add_visit(struct db_tx *tx, void *arg)
{
    const struct mint *m = arg;
    db_tenant(tx, m->workspace_id);
    return db_exec(tx,
                   "INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s,"
                   " end_s, outer_from_s, outer_to_s, price, source, created_s)"
                   " VALUES ($1, $2, $3, $4, 'completed', 100, 200, 100, 200, 0, 'staff', 1)",
                   db_i(m->workspace_id), db_i(m->booking_id), db_i(m->client_id),
                   db_i(m->staff_id));
}

static const char *token_of(struct api *a, struct str url, const char *before)
{
    struct str path = str_of(text(a, "http://127.0.0.1:8080/%s/", before));
    assert_true(str_starts(url, path));
    assert_int_equal(url.len - path.len, TOKEN_TEXT - 1);
    return text(a, STR_FMT, STR_ARG(((struct str){url.ptr + path.len, url.len - path.len})));
}

static enum result mint_in(struct db_tx *tx, void *arg)
{
    struct mint *m = arg;
    struct feedback_links links;
    struct work w = {
        .arena = &m->a->arena,
        .tx = tx,
        .env = &m->a->env,
        .app = &m->a->app,
        .now_s = m->a->now_ms / 1000,
    };
    work_enter(&w, (struct actor){.kind = ACTOR_SYSTEM, .workspace_id = m->workspace_id});
    enum result r = feedback_mint(&w, m->booking_id, m->client_id, &links);
    if (r == OK) {
        m->rate = token_of(m->a, links.rate_url, "rate");
        m->unsubscribe = token_of(m->a, links.unsubscribe_url, "unsubscribe");
    }
    return r;
}

static void mint(struct mint *m)
{
    assert_int_equal(transact(m->a->fixture, mint_in, m), OK);
}

static struct mint visit(struct api *a)
{
    struct mint m = {.a = a, .booking_id = env_id(&a->env)};
    expect(a, &a->owner, "GET", "/api/v1/session", NULL, 200);
    m.workspace_id = strtoll(text_at(a, "workspace.id"), NULL, 10);
    m.staff_id = strtoll(text_at(a, "staff_id"), NULL, 10);
    expect(a, &a->owner, "POST", "/api/v1/clients", "{\"name\":\"Ada\"}", 201);
    m.client_id = strtoll(text_at(a, "id"), NULL, 10);
    assert_int_equal(transact(a->fixture, add_visit, &m), OK);
    return m;
}

static void each_letter_has_links_of_its_own_and_all_work(void **state)
{
    struct api *a = *state;
    struct caller nobody = {0};
    struct mint m = visit(a);
    mint(&m);
    const char *first = text(a, "/api/v1/public/rate/%s", m.rate);
    mint(&m);
    const char *second = text(a, "/api/v1/public/rate/%s", m.rate);
    assert_string_not_equal(first, second);
    expect(a, &nobody, "POST", first, "{\"stars\":4}", 200);
    expect(a, &nobody, "GET", second, NULL, 200);
    assert_int_equal(int_at(a, "rating.stars"), 4);
    expect(a, &nobody, "POST", text(a, "/api/v1/public/unsubscribe/%s", m.unsubscribe), NULL, 200);
    assert_false(bool_at(a, "subscribed"));
}

static void a_rating_is_open_for_thirty_days_and_the_wish_about_letters_for_good(void **state)
{
    struct api *a = *state;
    struct caller nobody = {0};
    struct mint m = visit(a);
    mint(&m);
    const char *rate = text(a, "/api/v1/public/rate/%s", m.rate);
    a->now_ms += 400 * SECONDS_PER_DAY * INT64_C(1000);
    expect(a, &nobody, "POST", rate, "{\"stars\":4}", 200);
    a->now_ms += 30 * SECONDS_PER_DAY * INT64_C(1000);
    expect(a, &nobody, "POST", rate, "{\"stars\":5}", 200);
    a->now_ms += 1000;
    expect(a, &nobody, "POST", rate, "{\"stars\":1}", 409);
    expect_problem(a, "invalid_transition", NULL);
    expect(a, &nobody, "GET", rate, NULL, 200);
    assert_int_equal(int_at(a, "rating.stars"), 5);
    assert_false(bool_at(a, "can_rate"));
    expect(a, &nobody, "POST", text(a, "/api/v1/public/unsubscribe/%s", m.unsubscribe), NULL, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_letter_has_links_of_its_own_and_all_work),
        cmocka_unit_test(a_rating_is_open_for_thirty_days_and_the_wish_about_letters_for_good),
    };
    return run_features("feedback", tests, count_of(tests));
}
