/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/env.h"

#include <pthread.h>
#include <string.h>

/* Made once, as env.h asks; it also makes libsodium ready for the fakes. */
static const struct env *real_env(void)
{
    static struct env env;
    if (!env.random)
        env = env_real();
    return &env;
}

/* A clock that the test sets and bytes that count up. */
struct fake {
    int64_t now_ms;
    unsigned char next_byte;
};

static int64_t fake_now_ms(void *self)
{
    return ((struct fake *)self)->now_ms;
}

static void fake_random(void *self, void *ret, size_t len)
{
    struct fake *f = self;
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)ret)[i] = f->next_byte++;
}

static struct env env_of(struct fake *f)
{
    return (struct env){
        .self = f,
        .now_ms = fake_now_ms,
        .mono_ms = fake_now_ms,
        .random = fake_random,
    };
}

static void seconds_are_cut_downwards_before_the_epoch_too(void **state)
{
    (void)state;
    static const int64_t cases[][2] = {{0, 0},   {999, 0},    {1000, 1},
                                       {-1, -1}, {-1000, -1}, {-1001, -2}};
    for (size_t i = 0; i < count_of(cases); i++) {
        struct fake f = {.now_ms = cases[i][0]};
        struct env env = env_of(&f);
        assert_int_equal(env_now_s(&env), cases[i][1]);
    }
}

static void ids_are_positive_and_ordered_by_time(void **state)
{
    (void)state;
    static const int64_t moments[] = {
        1577836800001,                                              /* 2020-01-01 */
        1577836800002, 1795363200000, 1795363200001, 3976214400000, /* 2096 */
    };
    int64_t last = 0;
    for (size_t i = 0; i < count_of(moments); i++) {
        struct fake f = {.now_ms = moments[i], .next_byte = (unsigned char)(255 - 50 * i)};
        struct env env = env_of(&f);
        int64_t id = env_id(&env);
        assert_true(id > last);
        last = id;
    }
}

static void an_id_is_positive_although_the_clock_stands_before_2020(void **state)
{
    (void)state;
    struct fake f = {.now_ms = -5};
    struct env env = env_of(&f);
    assert_true(env_id(&env) > 0);
}

static void ids_of_one_millisecond_differ(void **state)
{
    (void)state;
    struct fake f = {.now_ms = 1795363200000};
    struct env env = env_of(&f);
    int64_t first = env_id(&env), second = env_id(&env);
    assert_int_not_equal(first, second);
    /* The time is in the upper bits, so the two are neighbours: 21 bits apart at most. */
    assert_int_equal(first >> 21, second >> 21);
}

static void ids_of_one_process_rise_although_the_clock_goes_back(void **state)
{
    (void)state;
    struct fake f = {.now_ms = 1795363200000};
    struct env env = env_of(&f);
    _Atomic int64_t last_id = 0;
    env.last_id = &last_id;
    int64_t last = 0;
    for (int i = 0; i < 1000; i++, f.now_ms -= i % 7 == 0 ? 1000 : 0) {
        int64_t id = env_id(&env);
        assert_true(id > last);
        last = id;
    }
}

enum { THREADS = 4, IDS_EACH = 20000 };

static void *take_ids(void *arg)
{
    int64_t *ids = arg;
    for (size_t i = 0; i < IDS_EACH; i++)
        ids[i] = env_id(real_env());
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

enum { BEHIND_EACH = 2000 };

/* Two processes, or one before and after it was killed: both go on from the newest id known. */
static void behind_a_clock_that_went_back_two_processes_take_no_id_twice(void **state)
{
    (void)state;
    static int64_t ids[2 * BEHIND_EACH];
    int64_t newest = env_id(real_env()) + (env_id_step() * 86400000);
    for (int p = 0; p < 2; p++) {
        struct env env = *real_env();
        _Atomic int64_t last_id = newest;
        env.last_id = &last_id;
        for (int i = 0; i < BEHIND_EACH; i++) {
            ids[p * BEHIND_EACH + i] = env_id(&env);
            assert_true(ids[p * BEHIND_EACH + i] > (i ? ids[p * BEHIND_EACH + i - 1] : newest));
        }
    }
    qsort(ids, 2 * BEHIND_EACH, sizeof *ids, by_value);
    int shared = 0;
    for (int i = 1; i < 2 * BEHIND_EACH; i++)
        shared += ids[i] == ids[i - 1];
    assert_true(shared <= 1); /* by chance, one in five hundred runs */
}

static void threads_never_get_the_same_id(void **state)
{
    (void)state;
    static int64_t ids[THREADS * IDS_EACH];
    pthread_t thread[THREADS];
    (void)real_env();
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, take_ids, ids + i * IDS_EACH), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    qsort(ids, count_of(ids), sizeof *ids, by_value);
    for (size_t i = 1; i < count_of(ids); i++)
        assert_true(ids[i - 1] < ids[i]);
}

static void a_token_is_43_characters_of_base64url_and_its_hash_is_of_that_text(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const struct env *env = real_env();
    char token[TOKEN_TEXT], again[TOKEN_TEXT], hash[TOKEN_HASH_TEXT], expected[TOKEN_HASH_TEXT];
    env_token(env, token, hash);
    assert_int_equal(strlen(token), 43);
    assert_int_equal(strspn(token, alphabet), 43);
    token_hash(token, 43, expected);
    assert_string_equal(hash, expected);
    assert_int_equal(strlen(hash), 64);
    env_token(env, again, expected);
    assert_string_not_equal(token, again);
    assert_string_not_equal(hash, expected);
}

static void a_token_carries_all_its_random_bytes(void **state)
{
    (void)state;
    struct fake f = {.next_byte = 0};
    struct env env = env_of(&f);
    char token[TOKEN_TEXT], hash[TOKEN_HASH_TEXT];
    (void)real_env();
    env_token(&env, token, hash);
    assert_string_equal(token, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    assert_int_equal(f.next_byte, TOKEN_BYTES);
}

static void the_stored_hash_is_sha256(void **state)
{
    (void)state;
    char hash[TOKEN_HASH_TEXT];
    token_hash("abc", 3, hash); /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void the_real_timer_never_goes_back(void **state)
{
    (void)state;
    const struct env *env = real_env();
    int64_t last = env_mono_ms(env);
    for (int i = 0; i < 1000; i++) {
        int64_t now = env_mono_ms(env);
        assert_true(now >= last);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_cut_downwards_before_the_epoch_too),
        cmocka_unit_test(ids_are_positive_and_ordered_by_time),
        cmocka_unit_test(an_id_is_positive_although_the_clock_stands_before_2020),
        cmocka_unit_test(ids_of_one_millisecond_differ),
        cmocka_unit_test(ids_of_one_process_rise_although_the_clock_goes_back),
        cmocka_unit_test(behind_a_clock_that_went_back_two_processes_take_no_id_twice),
        cmocka_unit_test(threads_never_get_the_same_id),
        cmocka_unit_test(a_token_is_43_characters_of_base64url_and_its_hash_is_of_that_text),
        cmocka_unit_test(a_token_carries_all_its_random_bytes),
        cmocka_unit_test(the_stored_hash_is_sha256),
        cmocka_unit_test(the_real_timer_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
