/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "../unit.h"

#include "base/embedded.h"

#include <sodium.h>
#include <string.h>

static void the_names_ascend_and_each_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_count; i++) {
        if (i > 0)
            assert_true(strcmp(embedded_files[i - 1].name, embedded_files[i].name) < 0);
        assert_ptr_equal(embedded_find(embedded_files[i].name), &embedded_files[i]);
    }
}

static void a_name_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    const char *const names[] = {"",
                                 "migrations",
                                 "migrations/",
                                 "migrations/0001_ground.sq",
                                 "migrations/0001_ground.sql ",
                                 "zzz",
                                 "../LICENSE"};
    for (size_t i = 0; i < count_of(names); i++)
        assert_null(embedded_find(names[i]));
}

static void the_digest_is_of_the_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        unsigned char digest[crypto_hash_sha256_BYTES];
        char hex[2 * sizeof digest + 1];
        crypto_hash_sha256(digest, file->data, file->size);
        sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
        assert_string_equal(file->sha256_hex, hex);
    }
}

static void a_compressed_form_is_smaller_or_absent(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        assert_true(file->br == NULL ? file->br_size == 0 : file->br_size < file->size);
        assert_true(file->gz == NULL ? file->gz_size == 0 : file->gz_size < file->size);
        if (file->gz != NULL)
            assert_memory_equal(file->gz, "\x1f\x8b\x08", 3);
    }
}

static void the_first_migration_is_the_file_of_the_tree(void **state)
{
    (void)state;
    const struct embedded_file *file = embedded_find("migrations/0001_ground.sql");
    assert_non_null(file);
    assert_string_equal(file->mime, "application/sql");

    const char *root = getenv("CAREOPS_SOURCE_ROOT");
    assert_non_null(root);
    char path[4096];
    assert_in_range(snprintf(path, sizeof path, "%s/%s", root, file->name), 1, sizeof path - 1);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    unsigned char *text = malloc(file->size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, file->size + 1, stream), file->size);
    assert_memory_equal(text, file->data, file->size);
    free(text);
    assert_int_equal(fclose(stream), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_names_ascend_and_each_is_found),
        cmocka_unit_test(a_name_that_is_not_there_is_not_found),
        cmocka_unit_test(the_digest_is_of_the_data),
        cmocka_unit_test(a_compressed_form_is_smaller_or_absent),
        cmocka_unit_test(the_first_migration_is_the_file_of_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
