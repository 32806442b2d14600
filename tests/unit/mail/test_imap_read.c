/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a mail server says, in pieces of every size, and what it may not say. */
#include "../unit.h"

#include "mail/imap.h"

#include <string.h>

static void responses_come_out_whole_however_they_come_in(void **state)
{
    (void)state;
    static const char talk[] = "* 3 EXISTS\r\n"
                               "* 1 FETCH (UID 4 BODY[]<0> {12}\r\nhello\r\n)\r\n{x FLAGS ())\r\n"
                               "* LIST () \"/\" {0}\r\n\r\n"
                               "c1 OK done\r\n";
    for (size_t piece = 1; piece <= sizeof talk; piece++) {
        struct imap_reader r;
        struct imap_response got[8];
        char texts[8][100], literals[8][20];
        size_t count = 0;
        imap_reader_init(&r, 100);
        for (size_t at = 0; at < sizeof talk - 1; at += piece) {
            size_t n = sizeof talk - 1 - at < piece ? sizeof talk - 1 - at : piece;
            assert_true(imap_reader_feed(&r, (struct str){talk + at, n}));
            while (imap_reader_next(&r, &got[count])) {
                snprintf(texts[count], 100, STR_FMT, STR_ARG(got[count].line));
                snprintf(literals[count], 20, STR_FMT,
                         STR_ARG(got[count].literal.ptr ? got[count].literal : STR("-")));
                count++;
            }
        }
        assert_false(r.broken);
        assert_int_equal(count, 4);
        assert_string_equal(texts[0], "* 3 EXISTS");
        assert_string_equal(literals[0], "-");
        assert_string_equal(texts[1], "* 1 FETCH (UID 4 BODY[]<0> {12} FLAGS ())");
        assert_string_equal(literals[1], "hello\r\n)\r\n{x");
        assert_string_equal(texts[3], "c1 OK done");
        imap_reader_done(&r);
    }
}

static bool is_refused(const char *bytes)
{
    struct imap_reader r;
    struct imap_response one;
    imap_reader_init(&r, 100);
    imap_reader_feed(&r, str_of(bytes));
    while (imap_reader_next(&r, &one))
        ;
    bool broken = r.broken;
    imap_reader_done(&r);
    return broken;
}

static void a_server_that_says_too_much_is_not_read_on(void **state)
{
    (void)state;
    char *line = malloc(2 * IMAP_LINE_MAX + 1);
    assert_non_null(line);
    memset(line, 'x', 2 * IMAP_LINE_MAX);
    line[2 * IMAP_LINE_MAX] = '\0';
    assert_true(is_refused(line));
    free(line);
    assert_true(is_refused("* 1 FETCH (BODY[] {101}\r\n"));
    assert_true(is_refused("* 1 FETCH (BODY[] {99999999999999999}\r\n"));
    assert_false(is_refused("* 1 FETCH (BODY[] {100}\r\n"));
}

static void lines_are_understood_by_their_words(void **state)
{
    (void)state;
    int64_t n = 0;
    assert_true(imap_says(STR("* ok [x]"), "* OK"));
    assert_false(imap_says(STR("* OKAY"), "* OK"));
    assert_false(imap_says(STR("c10 OK"), "c1"));
    assert_true(imap_has_word(STR("* OK [CAPABILITY IMAP4rev1 IDLE]"), "idle"));
    assert_false(imap_has_word(STR("* CAPABILITY XIDLE"), "IDLE"));
    assert_true(imap_number_after(STR("* OK [UIDVALIDITY 17] ok"), "UIDVALIDITY", &n));
    assert_int_equal(n, 17);
    assert_true(imap_number_after(STR("* 1 FETCH (UID 23 FLAGS ())"), "UID", &n));
    assert_int_equal(n, 23);
    assert_false(imap_number_after(STR("* OK [UIDVALIDITY]"), "UIDVALIDITY", &n));
    assert_true(imap_count(STR("* 5 exists"), "EXISTS", &n));
    assert_int_equal(n, 5);
    assert_false(imap_count(STR("* EXISTS 5"), "EXISTS", &n));
}

static void a_search_gives_the_smallest_numbers_in_order(void **state)
{
    (void)state;
    int64_t uids[IMAP_UIDS_MAX];
    assert_int_equal(imap_search_result(STR("* SEARCH 9 3 7 7 12 2"), 3, uids), 4);
    assert_int_equal(uids[0], 3);
    assert_int_equal(uids[3], 12);
    assert_int_equal(imap_search_result(STR("* SEARCH"), 1, uids), 0);
    struct buf b;
    buf_init(&b, 64 * 1024);
    buf_z(&b, "* SEARCH");
    for (int i = 3000; i > 0; i--)
        buf_printf(&b, " %d", i);
    assert_int_equal(imap_search_result(buf_view(&b), 1, uids), IMAP_UIDS_MAX);
    for (int i = 0; i < IMAP_UIDS_MAX; i++)
        assert_int_equal(uids[i], i + 1);
    buf_done(&b);
}

static void settings_are_taken_apart_or_refused(void **state)
{
    (void)state;
    char error[IMAP_ERROR_TEXT];
    struct imap_setting s;
    assert_true(imap_setting_read("imaps://salon%40x.example@mail.example/Replies", &s, error));
    assert_string_equal(s.user, "salon@x.example");
    assert_string_equal(s.mailbox, "Replies");
    assert_string_equal(s.url, "imaps://mail.example/");
    assert_false(s.plain);
    imap_setting_done(&s);
    assert_true(imap_setting_read("imap://a@127.0.0.1:14300?tls=no", &s, error));
    assert_string_equal(s.mailbox, "INBOX");
    assert_true(s.plain);
    imap_setting_done(&s);
    static const char *const wrong[] = {"imaps://mail.example/x",
                                        "imaps://a:b@mail.example/",
                                        "imap://a@mail.example/?tls=no",
                                        "imaps://a@127.0.0.1/?tls=no",
                                        "imaps://a@mail.example/x%22y",
                                        "imaps://a@mail.example/%0d",
                                        "smtp://a@mail.example/",
                                        "imaps://a@mail.example/?tls=yes",
                                        "nothing"};
    for (size_t i = 0; i < count_of(wrong); i++)
        if (imap_setting_read(wrong[i], &s, error))
            fail_msg("%s was read", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses_come_out_whole_however_they_come_in),
        cmocka_unit_test(a_server_that_says_too_much_is_not_read_on),
        cmocka_unit_test(lines_are_understood_by_their_words),
        cmocka_unit_test(a_search_gives_the_smallest_numbers_in_order),
        cmocka_unit_test(settings_are_taken_apart_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
