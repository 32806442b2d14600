/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a conversation keeps of a mail, of whatever program and however broken. */
#include "../unit.h"

#include "mail/incoming.h"

#include <string.h>

struct world {
    struct arena arena;
    struct incoming in;
};

static struct world w;

static int set_up(void **state)
{
    (void)state;
    arena_init(&w.arena, ARENA_DEFAULT_LIMIT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&w.arena);
    return 0;
}

static void read_mail(const char *raw)
{
    incoming_read(&w.arena, str_of(raw), &w.in);
}

static void assert_text(struct str s, const char *wanted)
{
    assert_true(s.ptr != NULL);
    if (!str_is(s, wanted))
        fail_msg("wanted «%s», got «" STR_FMT "»", wanted, STR_ARG(s));
}

#define HEAD                                     \
    "From: Anna Klein <Anna@Client.Example>\r\n" \
    "To: reply+abc@in.example.com\r\n"           \
    "Subject: Re: Your visit\r\n"                \
    "Message-ID: <m1@client.example>\r\n"        \
    "Date: Thu, 26 Nov 2026 10:00:00 +0100\r\n"
#define MIXED                    \
    HEAD "MIME-Version: 1.0\r\n" \
         "Content-Type: multipart/mixed; boundary=xx\r\n\r\n"

/* ---- words and headers ---- */

static void the_head_of_a_plain_mail_is_read(void **state)
{
    (void)state;
    read_mail(HEAD "In-Reply-To: <two@careops.example>\r\n"
                   "References: <one@careops.example> <two@careops.example>\r\n"
                   "Delivered-To: Salon@Box.Example\r\n"
                   "\r\nYes, that suits me.\r\n");
    assert_text(w.in.from_name, "Anna Klein");
    assert_text(w.in.from_address, "anna@client.example");
    assert_text(w.in.subject, "Re: Your visit");
    assert_text(w.in.message_id, "m1@client.example");
    assert_int_equal(w.in.date_s, 1795683600);
    assert_int_equal(w.in.recipient_count, 2);
    assert_text(w.in.recipients[0], "reply+abc@in.example.com");
    assert_text(w.in.recipients[1], "salon@box.example");
    assert_text(w.in.references[0], "two@careops.example");
    assert_text(w.in.references[w.in.reference_count - 1], "one@careops.example");
    assert_int_equal(w.in.kind, INCOMING_PERSON);
    assert_text(w.in.text, "Yes, that suits me.");
    assert_text(w.in.quoted, "");
}

static void words_in_any_charset_and_encoding_become_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body, *wanted;
    } cases[] = {
        {"text/plain; charset=iso-8859-1",
         "Gr\xFC\xDF"
         "e",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"text/plain; charset=iso-8859-1", "\x80 5", "\xE2\x82\xAC 5"},
        {"text/plain",
         "Gr\xFC\xDF"
         "e",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"text/plain; charset=us-ascii",
         "Gr\xC3\xBC\xC3\x9F"
         "e",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"text/plain; charset=koi8-r", "\xF0\xD2", "\xD0\x9F\xD1\x80"},
        {"text/plain; charset=nonsense//TRANSLIT", "a\xFC", "a\xC3\xBC"},
        {"text/plain; charset=utf-8",
         "a\xFF"
         "b",
         "a\xC3\xBF"
         "b"},
        {"text/plain; charset=utf-16le", "h\0i\0", "h"},
        {"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", "R3LDvMOfZQ==",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
         "Gr=C3=BC=\r\n=C3=9Fe",
         "Gr\xC3\xBC\xC3\x9F"
         "e"},
        {"text/plain; charset=iso-2022-jp", "\x1B$B$\"\x1B(B", "\xE3\x81\x82"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        struct str raw =
            str_printf(&w.arena, HEAD "Content-Type: %s\r\n\r\n%s", cases[i].head, cases[i].body);
        incoming_read(&w.arena, raw, &w.in);
        if (strstr(cases[i].head, "utf-16"))
            continue; /* the zero ends it here; it may not end us */
        assert_text(w.in.text, cases[i].wanted);
    }
}

static void control_characters_and_turned_directions_are_left_out(void **state)
{
    (void)state;
    read_mail(HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                   "a\x01\x1B[31mb\xE2\x80\xAE"
                   "c\xC2\x85"
                   "d\r\n\te\x7F");
    assert_text(w.in.text, "a[31mbcd\n\te");
}

static void names_and_subjects_are_decoded_to_one_line(void **state)
{
    (void)state;
    read_mail("From: =?utf-8?Q?J=C3=BCrgen=0D=0ABcc=3A_x?= <j@c.example>\r\n"
              "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n\r\nx");
    assert_text(w.in.from_name, "J\xC3\xBCrgen Bcc: x");
    assert_text(w.in.subject, "Gr\xC3\xBC\xC3\x9F"
                              "e");
}

static void html_alone_is_read_as_text(void **state)
{
    (void)state;
    read_mail(HEAD "Content-Type: text/html; charset=utf-8\r\n\r\n"
                   "<html><head><title>T</title><style>p{color:red}</style></head><body>"
                   "<p>Hello&nbsp;Ada,</p><p>is <b>3&nbsp;pm</b> free?<br>If not: 4 &lt; 5</p>"
                   "<script>alert(1)</script><!-- secret --><ul><li>cut</li><li>colour</li></ul>"
                   "<a href=\"https://x.example/a?b=1&amp;c=2\">my photo</a> "
                   "<a href='https://y.example'>https://y.example</a>"
                   "<a href=\"javascript:alert(1)\">no</a><img src=x onerror=alert(1)></body>");
    assert_text(w.in.text, "Hello Ada,\n\nis 3 pm free?\nIf not: 4 < 5\n\n- cut\n- colour\n\n"
                           "my photo <https://x.example/a?b=1&c=2> https://y.exampleno");
}

static void of_alternatives_the_plain_text_counts(void **state)
{
    (void)state;
    read_mail(HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
                   "--b\r\nContent-Type: text/plain\r\n\r\nplain words\r\n"
                   "--b\r\nContent-Type: text/html\r\n\r\n<p>rich words</p>\r\n--b--\r\n");
    assert_text(w.in.text, "plain words");
    assert_int_equal(w.in.file_count, 0);
    read_mail(HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
                   "--b\r\nContent-Type: text/plain\r\n\r\n \r\n"
                   "--b\r\nContent-Type: text/html\r\n\r\n<p>rich words</p>\r\n--b--\r\n");
    assert_text(w.in.text, "rich words");
}

static void a_footer_does_not_hide_what_was_written_in_html(void **state)
{
    (void)state;
    read_mail(MIXED "--xx\r\nContent-Type: text/html\r\n\r\n<p>the words</p>\r\n"
                    "--xx\r\nContent-Type: text/plain\r\n\r\nSent by a list\r\n--xx--\r\n");
    assert_text(w.in.text, "the words\nSent by a list");
}

static void what_is_no_mail_at_all_is_still_text(void **state)
{
    (void)state;
    read_mail("");
    assert_text(w.in.text, "");
    read_mail("\r\n\r\njust words");
    assert_text(w.in.text, "just words");
    read_mail("Content-Type: multipart/mixed; boundary=never\r\n\r\nlost?");
    assert_int_equal(w.in.kind, INCOMING_PERSON);
}

static void a_long_text_is_cut_between_characters_and_says_so(void **state)
{
    (void)state;
    size_t len = 400000;
    char *body = arena_alloc(&w.arena, len + 1);
    for (size_t i = 0; i + 1 < len; i += 2)
        memcpy(body + i, "\xC3\xBC", 2);
    struct str raw =
        str_printf(&w.arena, HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n%s", body);
    incoming_read(&w.arena, raw, &w.in);
    assert_true(w.in.text_cut);
    assert_true(w.in.text.len > INCOMING_TEXT_MAX - 4 && w.in.text.len <= INCOMING_TEXT_MAX);
    assert_true(str_utf8_ok(w.in.text));
}

/* ---- history ---- */

static void the_history_below_an_answer_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *body, *text, *quoted;
    } cases[] = {
        {"Yes!\n\nOn Thu, 26 Nov 2026 at 10:00, Salon <a@b.example> wrote:\n> Shall we?\n>\n> Ada\n",
         "Yes!", "On Thu, 26 Nov 2026 at 10:00, Salon <a@b.example> wrote:\n> Shall we?\n>\n> Ada"},
        {"Yes!\n\nOn Thu, 26 Nov 2026 at 10:00, Salon\n<a@b.example>\nwrote:\n\n> Shall we?\n",
         "Yes!", "On Thu, 26 Nov 2026 at 10:00, Salon\n<a@b.example>\nwrote:\n\n> Shall we?"},
        {"Ja\n\nAm 26.11.2026 um 10:00 schrieb Salon Ada:\n> Passt es?\n", "Ja",
         "Am 26.11.2026 um 10:00 schrieb Salon Ada:\n> Passt es?"},
        {"Oui\n\nLe 26 nov. 2026 \xC3\xA0 10:00, Salon a \xC3\xA9"
         "crit :\n> Ok ?\n",
         "Oui",
         "Le 26 nov. 2026 \xC3\xA0 10:00, Salon a \xC3\xA9"
         "crit :\n> Ok ?"},
        {"Fine.\n\n-----Original Message-----\nFrom: Salon\n\nhello", "Fine.",
         "-----Original Message-----\nFrom: Salon\n\nhello"},
        {"Fine.\n\n________________________________\nVon: Salon\nGesendet: heute\nAn: mich\n\nhallo",
         "Fine.",
         "________________________________\nVon: Salon\nGesendet: heute\nAn: mich\n\nhallo"},
        {"> Which colour?\nRed, please.\n> What time?\nThree.\n",
         "> Which colour?\nRed, please.\n> What time?\nThree.", ""},
        {"> Which colour?\nRed, please.\n\n> What time?\n", "> Which colour?\nRed, please.",
         "> What time?"},
        {"On Monday my friend wrote: come at 3.\nIs that fine?",
         "On Monday my friend wrote: come at 3.\nIs that fine?", ""},
        {"> all of it\n> is quoted\n", "> all of it\n> is quoted", ""},
        {"From: the heart\nI love it", "From: the heart\nI love it", ""},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        struct str text, quoted;
        incoming_split(str_of(cases[i].body), &text, &quoted);
        assert_text(text, cases[i].text);
        assert_text(quoted, cases[i].quoted);
    }
}

static void the_history_in_html_is_told_apart(void **state)
{
    (void)state;
    read_mail(HEAD
              "Content-Type: text/html\r\n\r\n"
              "<div>Yes, gladly</div><br><div class=\"gmail_quote\"><div>Salon wrote:</div>"
              "<blockquote class=\"gmail_quote\"><p>Shall we?</p><p>Ada</p></blockquote></div>");
    assert_text(w.in.text, "Yes, gladly");
    assert_text(w.in.quoted, "Salon wrote:\n\n> Shall we?\n\n> Ada");
    read_mail(HEAD "Content-Type: text/html\r\n\r\n"
                   "<div class=\"gmail_quote\"><blockquote>Which colour?</blockquote></div>"
                   "<div>Red, please</div>");
    assert_text(w.in.text, "> Which colour?\nRed, please");
    assert_text(w.in.quoted, "");
}

/* ---- who wrote it ---- */

static void what_a_person_did_not_write_is_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        enum incoming_kind kind;
    } cases[] = {
        {"X-Mailer: y\r\n", INCOMING_PERSON},
        {"Auto-Submitted: no\r\n", INCOMING_PERSON},
        {"Auto-Submitted: auto-replied\r\n", INCOMING_AUTO_REPLY},
        {"Precedence: auto_reply\r\n", INCOMING_AUTO_REPLY},
        {"X-Autoreply: yes\r\n", INCOMING_AUTO_REPLY},
        {"Precedence: bulk\r\n", INCOMING_BULK},
        {"List-Id: <x.example>\r\n", INCOMING_BULK},
        {"Return-Path: <>\r\n", INCOMING_BOUNCE},
        {"X-Failed-Recipients: a@b.example\r\n", INCOMING_BOUNCE},
        {"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
         INCOMING_BOUNCE},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        incoming_read(&w.arena, str_printf(&w.arena, HEAD "%s\r\nx", cases[i].head), &w.in);
        assert_int_equal(w.in.kind, cases[i].kind);
    }
    read_mail("From: MAILER-DAEMON@mx.example\r\n\r\nx");
    assert_int_equal(w.in.kind, INCOMING_BOUNCE);
    read_mail("From: noreply@x.example\r\n\r\nx");
    assert_int_equal(w.in.kind, INCOMING_AUTO_REPLY);
    read_mail("From: a@x.example\r\nSubject: Automatische Antwort: Re\r\n\r\nx");
    assert_int_equal(w.in.kind, INCOMING_AUTO_REPLY);
}

/* ---- files ---- */

static void files_are_kept_with_a_harmless_name_and_type(void **state)
{
    (void)state;
    read_mail(MIXED
              "--xx\r\nContent-Type: text/plain\r\n\r\nSee the photo\r\n"
              "--xx\r\nContent-Type: image/JPEG; name=\"../../etc/h\xC3\xA4r.jpg\"\r\n"
              "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"
              "--xx\r\nContent-Type: text/html\r\nContent-Disposition: attachment;"
              " filename*=utf-8''%E2%80%AEa%0Ab.html\r\n\r\n<script>\r\n"
              "--xx\r\nContent-Type: image/png\r\nContent-Disposition: inline\r\n\r\nPNG\r\n"
              "--xx\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner\r\n--xx--\r\n");
    assert_text(w.in.text, "See the photo");
    assert_int_equal(w.in.file_count, 4);
    assert_text(w.in.files[0].name, "h\xC3\xA4r.jpg");
    assert_text(w.in.files[0].type, "image/jpeg");
    assert_text(w.in.files[0].bytes, "hello");
    assert_text(w.in.files[1].name, "a b.html");
    assert_text(w.in.files[1].type, "text/html");
    assert_text(w.in.files[2].name, "attachment-3.png");
    assert_text(w.in.files[3].name, "attachment-4.eml");
    assert_true(memmem(w.in.files[3].bytes.ptr, w.in.files[3].bytes.len, "inner", 5) != NULL);
}

static void files_past_the_limits_are_left_out_by_name(void **state)
{
    (void)state;
    struct buf raw;
    buf_init(&raw, 64 * 1024 * 1024);
    buf_z(&raw, MIXED);
    for (int i = 0; i < 55; i++) {
        buf_printf(&raw, "--xx\r\nContent-Type: image/png; name=p%d.png\r\n\r\n", i);
        for (int k = 0; i < 2 && k < 6 * 1024 * 1024; k += 64)
            buf_z(&raw, "0123456789012345678901234567890123456789012345678901234567890123");
        buf_z(&raw, "!\r\n");
    }
    buf_z(&raw, "--xx--\r\n");
    assert_false(raw.overflow);
    incoming_read(&w.arena, buf_view(&raw), &w.in);
    buf_done(&raw);
    assert_int_equal(w.in.file_count, INCOMING_FILES_MAX);
    assert_text(w.in.files[0].name, "p0.png");
    assert_text(w.in.files[1].name, "p2.png");
    assert_text(w.in.left_out[0].name, "p1.png");
    assert_int_equal(w.in.left_out[0].size, 6 * 1024 * 1024 + 1);
    assert_null(w.in.left_out[0].bytes.ptr);
    assert_int_equal(w.in.left_out_count, INCOMING_LEFT_OUT_MAX);
    assert_int_equal(w.in.left_out_more, 55 - INCOMING_FILES_MAX - INCOMING_LEFT_OUT_MAX);
}

static void parts_within_parts_without_end_end(void **state)
{
    (void)state;
    struct buf raw;
    buf_init(&raw, 64 * 1024 * 1024);
    buf_z(&raw, HEAD);
    for (int i = 0; i < 20000; i++)
        buf_printf(&raw, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    buf_z(&raw, "Content-Type: text/plain\r\n\r\ndeep\r\n");
    assert_false(raw.overflow);
    incoming_read(&w.arena, buf_view(&raw), &w.in);
    buf_done(&raw);
    assert_true(w.in.file_count <= INCOMING_FILES_MAX);
}

/* ---- the key ---- */

static void the_same_mail_has_one_key_whichever_way_it_came(void **state)
{
    (void)state;
    char first[INCOMING_KEY_TEXT];
    read_mail(HEAD "\r\nYes\r\n");
    memcpy(first, w.in.key, sizeof first);
    read_mail("Received: from mx by us\r\nDelivered-To: x@y.example\r\n" HEAD "\r\nYes\r\n");
    assert_string_equal(w.in.key, first);
    read_mail(HEAD "\r\nNo\r\n");
    assert_string_not_equal(w.in.key, first);
    read_mail("From: eve@x.example\r\nMessage-ID: <m1@client.example>\r\n\r\nYes\r\n");
    assert_string_not_equal(w.in.key, first);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_head_of_a_plain_mail_is_read),
        T(words_in_any_charset_and_encoding_become_utf8),
        T(control_characters_and_turned_directions_are_left_out),
        T(names_and_subjects_are_decoded_to_one_line),
        T(html_alone_is_read_as_text),
        T(of_alternatives_the_plain_text_counts),
        T(a_footer_does_not_hide_what_was_written_in_html),
        T(what_is_no_mail_at_all_is_still_text),
        T(a_long_text_is_cut_between_characters_and_says_so),
        T(the_history_below_an_answer_is_told_apart),
        T(the_history_in_html_is_told_apart),
        T(what_a_person_did_not_write_is_recognised),
        T(files_are_kept_with_a_harmless_name_and_type),
        T(files_past_the_limits_are_left_out_by_name),
        T(parts_within_parts_without_end_end),
        T(the_same_mail_has_one_key_whichever_way_it_came),
    };
    incoming_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
