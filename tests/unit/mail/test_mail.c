/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tests/mail cannot reach from outside: broken UTF-8, failing disks, settings. */
#include "../unit.h"

#include "mail/mail.h"
#include "mail/provider.h"
#include "mail/text.h"

#include <string.h>
#include <sys/stat.h>

struct folder {
    char path[64];
    struct env env;
    struct mail_provider provider;
};

static void open_folder(struct folder *f)
{
    char url[80];
    char error[MAIL_SETTING_TEXT];
    snprintf(url, sizeof url, "file:%s", f->path);
    struct mail_provider_config config = {.url = url, .env = &f->env};
    if (mail_provider_new(&config, &f->provider, error) != OK)
        fail_msg("%s", error);
}

static int setup(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->path, sizeof f->path, "/tmp/careops-mail-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    f->env = env_real();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct folder *f = *state;
    free((void *)f->env.last_id);
    rmdir(f->path);
    free(f);
    return 0;
}

static struct mail sample(void)
{
    return (struct mail){
        .from_name = STR("Salon Ada"),
        .from_address = STR("ada@salon.example"),
        .to_name = STR("Bea"),
        .to_address = STR("bea@client.example"),
        .subject = STR("Confirmed"),
        .text = STR("See you."),
        .key = STR("k-1"),
        .message_id = STR("1.a@salon.example"),
        .date_s = 1795338000,
    };
}

static struct mail_result deliver(struct folder *f, const struct mail *m)
{
    struct mail_done done[MAIL_CAPACITY];
    f->provider.begin(f->provider.self, m, 77);
    assert_int_equal(f->provider.poll(f->provider.self, 0, -1, done, MAIL_CAPACITY), 1);
    assert_int_equal(done[0].ticket, 77);
    return done[0].result;
}

static void a_mail_folder_that_went_away_is_a_retry(void **state)
{
    struct folder *f = *state;
    struct mail m = sample();
    open_folder(f);
    assert_int_equal(rmdir(f->path), 0);
    struct mail_result r = deliver(f, &m);
    assert_int_equal(r.outcome, MAIL_RETRY);
    assert_non_null(strstr(r.error, "could not be written"));
    f->provider.free(f->provider.self);
}

static void touch(const char *folder, const char *name, int64_t age_s, char ret_path[static 160])
{
    snprintf(ret_path, 160, "%s/%s", folder, name);
    int fd = open(ret_path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    struct timespec times[2];
    clock_gettime(CLOCK_REALTIME, &times[0]);
    times[0].tv_sec -= age_s;
    times[1] = times[0];
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

static void unfinished_files_of_dead_processes_are_removed_and_others_are_not(void **state)
{
    struct folder *f = *state;
    char old[160], fresh[160], mail[160];
    touch(f->path, ".unfinished-1-x.eml", 7200, old);
    touch(f->path, ".unfinished-2-x.eml", 60, fresh);
    touch(f->path, "20200101T000000Z-x.eml", 7200, mail);
    open_folder(f);
    assert_int_not_equal(access(old, F_OK), 0);
    assert_int_equal(unlink(fresh), 0);
    assert_int_equal(unlink(mail), 0);
    f->provider.free(f->provider.self);
}

static void a_message_that_is_not_utf_8_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80",
                                         "\xf5\x80\x80\x80"};
    for (size_t i = 0; i < count_of(broken); i++) {
        struct mail m = sample();
        struct str *const texts[] = {&m.from_name, &m.to_name, &m.subject, &m.text, &m.html};
        for (size_t k = 0; k < count_of(texts); k++) {
            struct str before = *texts[k];
            struct problem problem = {0};
            *texts[k] = str_of(broken[i]);
            assert_int_equal(mail_check(&m, &problem), INVALID);
            *texts[k] = before;
        }
    }
}

static void every_limit_holds_at_its_last_byte_and_not_one_further(void **state)
{
    (void)state;
    static char long_text[MAIL_BODY_MAX + 2];
    memset(long_text, 'x', sizeof long_text - 1);
    struct mail m = sample();
    const struct {
        struct str *field;
        size_t max;
    } limits[] = {{&m.from_name, MAIL_NAME_MAX},  {&m.to_name, MAIL_NAME_MAX},
                  {&m.subject, MAIL_SUBJECT_MAX}, {&m.text, MAIL_BODY_MAX},
                  {&m.html, MAIL_BODY_MAX},       {&m.key, MAIL_KEY_MAX}};
    for (size_t i = 0; i < count_of(limits); i++) {
        struct str before = *limits[i].field;
        struct problem problem = {0};
        *limits[i].field = (struct str){long_text, limits[i].max};
        assert_int_equal(mail_check(&m, &problem), OK);
        *limits[i].field = (struct str){long_text, limits[i].max + 1};
        assert_int_equal(mail_check(&m, &problem), INVALID);
        *limits[i].field = before;
    }
}

static void the_longest_message_fits_its_buffer(void **state)
{
    (void)state;
    static char long_text[MAIL_BODY_MAX + 1];
    for (size_t i = 0; i + 1 < MAIL_BODY_MAX; i += 2)
        memcpy(long_text + i, "\xc3\xa9", 2);
    struct mail m = sample();
    m.text = m.html = (struct str){long_text, MAIL_BODY_MAX};
    m.calendar = (struct str){long_text, MAIL_CALENDAR_MAX};
    m.calendar_method = STR("REQUEST");
    m.from_name = m.to_name = (struct str){long_text, MAIL_NAME_MAX};
    m.subject = (struct str){long_text, MAIL_SUBJECT_MAX};
    struct problem problem = {0};
    struct buf out;
    buf_init(&out, MAIL_SIZE_MAX);
    assert_int_equal(mail_check(&m, &problem), OK);
    mail_write(&out, &m);
    assert_false(out.overflow);
    buf_done(&out);
}

static void a_sender_is_an_address_with_or_without_a_name(void **state)
{
    (void)state;
    struct str name, address;
    assert_true(mail_sender_parse(STR("ada@salon.example"), &name, &address));
    assert_null(name.ptr);
    assert_true(str_is(address, "ada@salon.example"));
    assert_true(mail_sender_parse(STR("Salon Ada <ada@salon.example>"), &name, &address));
    assert_true(str_is(name, "Salon Ada") && str_is(address, "ada@salon.example"));
    static const char *const bad[] = {"",
                                      "ada",
                                      "<>",
                                      "A <ada@salon.example",
                                      "A <a@b.c> <d@e.f>",
                                      "ada@salon.example>",
                                      "A\xff <ada@salon.example>"};
    for (size_t i = 0; i < count_of(bad); i++)
        assert_false(mail_sender_parse(str_of(bad[i]), &name, &address));
}

static void only_this_machine_is_loopback(void **state)
{
    (void)state;
    static const char *const here[] = {"localhost", "127.0.0.1", "127.255.0.9", "[::1]"};
    static const char *const elsewhere[] = {
        "10.0.0.1", "127.0.0.1.evil.example", "128.0.0.1", "localhost.evil.example", "[::2]", "",
        "0.0.0.0"};
    for (size_t i = 0; i < count_of(here); i++)
        assert_true(provider_is_loopback(here[i]));
    for (size_t i = 0; i < count_of(elsewhere); i++)
        assert_false(provider_is_loopback(elsewhere[i]));
}

static void base64_is_rfc_4648s(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9v\r\nYmFy"}};
    for (size_t i = 0; i < count_of(pairs); i++) {
        struct buf out;
        buf_init(&out, 100);
        text_base64(&out, str_of(pairs[i][0]), i + 1 == count_of(pairs) ? 4 : 0);
        assert_true(str_is(buf_view(&out), pairs[i][1]));
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mail_folder_that_went_away_is_a_retry, setup, teardown),
        cmocka_unit_test_setup_teardown(
            unfinished_files_of_dead_processes_are_removed_and_others_are_not, setup, teardown),
        cmocka_unit_test(a_message_that_is_not_utf_8_is_refused),
        cmocka_unit_test(every_limit_holds_at_its_last_byte_and_not_one_further),
        cmocka_unit_test(the_longest_message_fits_its_buffer),
        cmocka_unit_test(a_sender_is_an_address_with_or_without_a_name),
        cmocka_unit_test(only_this_machine_is_loopback),
        cmocka_unit_test(base64_is_rfc_4648s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
