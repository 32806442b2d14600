/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Secrets at rest. */
#include "../unit.h"

#include "base/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_is_closed_opens_with_the_same_key_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct env env = env_real();
    struct seal *ours = seal_new(&env, STR("a phrase of thirty-two characters")),
                *same = seal_new(&env, STR("a phrase of thirty-two characters")),
                *other = seal_new(&env, STR("A phrase of thirty-two characters"));
    struct str plain = STR("hunter2 is no password"), back;
    struct str closed = seal_close(ours, &a, plain), again = seal_close(ours, &a, plain);
    assert_null(memmem(closed.ptr, closed.len, "hunter2", 7));
    assert_false(str_eq(closed, again));
    assert_true(seal_open(same, &a, closed, &back) && str_eq(back, plain));
    assert_false(seal_open(other, &a, closed, &back));
    assert_false(seal_open(NULL, &a, closed, &back));
    char *bent = arena_strndup(&a, closed.ptr, closed.len);
    bent[closed.len - 1] = bent[closed.len - 1] == 'A' ? 'B' : 'A';
    bent[closed.len / 2] = bent[closed.len / 2] == 'A' ? 'B' : 'A';
    assert_false(seal_open(ours, &a, str_of(bent), &back));
    assert_false(seal_open(ours, &a, STR("s1."), &back));
    assert_false(seal_open(ours, &a, STR("s1.?"), &back));
    assert_true(seal_open(ours, &a, STR("never sealed"), &back) && str_is(back, "never sealed"));
    seal_free(ours);
    seal_free(same);
    seal_free(other);
    free(env.last_id);
    arena_done(&a);
}

static void the_key_file_is_made_once_and_is_nobody_elses_to_read(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct env env = env_real();
    char folder[] = "/tmp/careops-seal-XXXXXX", error[SEAL_ERROR_TEXT] = "";
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(&a, "%s/secret.key", folder);
    struct seal *first, *second;
    assert_int_equal(seal_from_file(&env, path, &first, error), OK);
    assert_int_equal(seal_from_file(&env, path, &second, error), OK);
    struct str back;
    assert_true(seal_open(second, &a, seal_close(first, &a, STR("x")), &back));
    assert_true(str_is(back, "x"));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(truncate(path, 5), 0);
    struct seal *third;
    assert_int_equal(seal_from_file(&env, path, &third, error), INVALID);
    assert_non_null(strstr(error, "cut short"));
    unlink(path);
    rmdir(folder);
    assert_int_equal(seal_from_file(&env, path, &third, error), INVALID);
    seal_free(first);
    seal_free(second);
    free(env.last_id);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_closed_opens_with_the_same_key_alone),
        cmocka_unit_test(the_key_file_is_made_once_and_is_nobody_elses_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
