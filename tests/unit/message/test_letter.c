/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What letters say, and what they never do whoever gave the words. */
#include "../unit.h"

#include "mail/mail.h"
#include "message/eml.h"
#include "message/letter.h"

#include <string.h>

enum { START_S = 1795338000 }; /* 2026-11-22T09:00:00Z, a Sunday */

struct desk {
    struct arena arena;
    struct letter_business business;
    struct letter_booking booking;
    struct letter_client client;
    struct ics_event event;
    struct letter_in in;
    struct letter letter;
};

static int setup(void **state)
{
    struct desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    arena_init(&d->arena, ARENA_DEFAULT_LIMIT);
    d->business = (struct letter_business){
        .name = STR("Salon Ada & Söhne"),
        .address = STR("Hauptstr. 1\n10115 Berlin"),
        .phone = STR("+49 30 123"),
        .reply_to = STR("ada@salon.example"),
        .locale = STR("en-GB"),
        .tz = tz_find(STR("Europe/Berlin")),
    };
    assert_non_null(d->business.tz);
    d->booking = (struct letter_booking){
        .id = 5,
        .client_id = 6,
        .start_s = START_S,
        .end_s = START_S + 45 * 60,
        .services = STR("Cut, Colour"),
        .staff_name = STR("Ada"),
        .price = STR("45.00 EUR"),
        .client_name = STR("Bea"),
    };
    d->event = (struct ics_event){
        .uid = STR("booking-5@careops"),
        .stamp_s = START_S,
        .start_s = START_S,
        .end_s = START_S + 45 * 60,
        .summary = STR("Salon Ada"),
        .organizer_address = STR("ada@salon.example"),
    };
    d->client = (struct letter_client){6, STR("Bea"), STR("bea@client.example"), STR("+49 171 5")};
    d->in = (struct letter_in){
        .business = &d->business,
        .to_name = STR("Bea"),
        .to_address = STR("bea@client.example"),
        .url = STR("https://careops.example/manage/abc?x=1&y=2"),
        .stars = 2,
        .booking = &d->booking,
        .client = &d->client,
        .event = &d->event,
        .item = STR("Oxide 6 %"),
        .available = STR("120 ml"),
        .reorder_point = STR("500 ml"),
        .password = STR("correct-horse"),
        .valid_min = 60,
    };
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct desk *d = *state;
    arena_done(&d->arena);
    free(d);
    return 0;
}

static void write_one(struct desk *d, enum letter_kind kind)
{
    letter_write(&d->arena, kind, &d->in, &d->letter);
}

static bool has(struct str s, const char *part)
{
    return s.ptr && memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

static void default_subjects_say_what_happened(void **state)
{
    struct desk *d = *state;
    static const struct {
        enum letter_kind kind;
        const char *kind_name, *part;
    } expected[] = {
        {LETTER_BOOKING_CONFIRMATION, "booking_confirmation", "confirmed"},
        {LETTER_BOOKING_CANCELLED, "booking_cancelled", "cancelled"},
        {LETTER_BOOKING_RESCHEDULED, "booking_rescheduled", "Sunday 22 November 2026 at 10:00"},
        {LETTER_OWNER_NEW_BOOKING, "owner_new_booking", "New booking"},
        {LETTER_OWNER_BOOKING_RESCHEDULED, "owner_booking_rescheduled", "moved"},
        {LETTER_OWNER_BOOKING_CANCELLED, "owner_booking_cancelled", "cancelled"},
        {LETTER_LOW_STOCK, "low_stock", "Oxide 6 %"},
        {LETTER_STAFF_INVITATION, "staff_invitation", "Salon Ada & Söhne"},
        {LETTER_STAFF_JOIN, "staff_invitation", "Salon Ada & Söhne"},
        {LETTER_PASSWORD_RESET, "password_reset", "new password"},
        {LETTER_PASSWORD_CHANGED, "password_changed", "was changed"},
        {LETTER_TWO_FACTOR_ON, "two_factor_on", "is on"},
        {LETTER_TWO_FACTOR_OFF, "two_factor_off", "is off"},
        {LETTER_RECOVERY_CODES, "recovery_codes_new", "recovery codes"},
        {LETTER_MESSAGE, "conversation_message", "A message from Salon Ada & Söhne"},
        {LETTER_OWNER_NEW_MESSAGE, "owner_new_message", "New message from Bea"},
        {LETTER_CLIENT_WELCOME, "client_welcome", "Welcome to Salon Ada & Söhne"},
        {LETTER_TIME_OFF_REQUESTED, "time_off_requested", "Ada asks for time off"},
        {LETTER_TIME_OFF_APPROVED, "time_off_approved", "approved"},
        {LETTER_TIME_OFF_DECLINED, "time_off_declined", "declined"},
        {LETTER_BOOKING_REMINDER, "booking_reminder", "Reminder: your visit"},
        {LETTER_FOLLOW_UP, "follow_up", "Thank you for your visit"},
        {LETTER_OWNER_DAILY_DIGEST, "owner_daily_digest", "Salon Ada & Söhne: your day"},
        {LETTER_TRIAL, "automation_test", "A message to look at"},
        {LETTER_OWNER_LOW_RATING, "owner_low_rating", "Bea gave 2 of 5 stars"},
        {LETTER_FORM_REQUEST, "form_request", "a form before your visit at Salon Ada & Söhne"},
        {LETTER_FORM_REMINDER, "form_reminder", "Reminder: your form for Salon Ada & Söhne"},
    };
    assert_int_equal(count_of(expected), LETTER__MAX);
    for (size_t i = 0; i < count_of(expected); i++) {
        write_one(d, expected[i].kind);
        assert_true(has(d->letter.subject, expected[i].part));
        assert_string_equal(letter_kind_name(expected[i].kind), expected[i].kind_name);
    }
}

static void every_fact_stands_in_the_text_and_in_the_html(void **state)
{
    struct desk *d = *state;
    write_one(d, LETTER_BOOKING_CONFIRMATION);
    static const char *const facts[] = {
        "Hello Bea,",  "Sunday 22 November 2026, 10:00 to 10:45 (Europe/Berlin time)",
        "Cut, Colour", "Ada",
        "45.00 EUR",   "Hauptstr. 1 10115 Berlin",
        "+49 30 123",
    };
    for (size_t i = 0; i < count_of(facts); i++) {
        assert_true(has(d->letter.text, facts[i]));
        assert_true(has(d->letter.html, facts[i]));
    }
    assert_true(has(d->letter.text, "\nhttps://careops.example/manage/abc?x=1&y=2\n"));
    assert_true(has(d->letter.html, "href=\"https://careops.example/manage/abc?x=1&amp;y=2\""));
    assert_true(has(d->letter.html, "Salon Ada &amp; Söhne"));
}

static void times_are_the_businesss_also_over_a_change_of_offset(void **state)
{
    struct desk *d = *state;
    d->business.locale = STR("en-US");
    d->booking.previous_start_s = 1792850400; /* 2026-10-24T14:00Z, summer time */
    write_one(d, LETTER_BOOKING_RESCHEDULED);
    assert_true(has(d->letter.text, "Before: Saturday 24 October 2026, 4:00 pm"));
    assert_true(has(d->letter.text, "10:00 am to 10:45 am"));
}

static void subject_and_calendar_title_name_no_service(void **state)
{
    struct desk *d = *state;
    d->booking.services = STR("Hair transplant consultation");
    for (int kind = 0; kind < LETTER__MAX; kind++) {
        write_one(d, (enum letter_kind)kind);
        assert_false(has(d->letter.subject, "transplant"));
        assert_false(has(d->letter.calendar, "transplant"));
    }
}

static void what_strangers_wrote_stays_text(void **state)
{
    struct desk *d = *state;
    const struct str evil = STR("<script>x</script>\"'&{business}\r\n\r\nBcc: y");
    d->booking.services = d->booking.staff_name = d->booking.price = evil;
    d->business.name = d->business.address = d->business.phone = d->in.item = evil;
    d->in.available = d->in.password = evil;
    d->client = (struct letter_client){6, evil, evil, evil};
    for (int kind = 0; kind < LETTER__MAX; kind++) {
        write_one(d, (enum letter_kind)kind);
        assert_false(has(d->letter.html, "<script"));
        assert_false(has(d->letter.html, "\"'"));
        assert_false(has(d->letter.subject, "\n") || has(d->letter.subject, "\r"));
        assert_false(has(d->letter.text, "\nBcc"));
        assert_false(has(d->letter.html, "src=") || has(d->letter.html, "@import"));
    }
    write_one(d, LETTER_BOOKING_CONFIRMATION);
    assert_true(has(d->letter.text, "{business}")); /* a value is never filled again */
}

static void a_name_that_carries_a_link_is_not_repeated(void **state)
{
    struct desk *d = *state;
    static const char *const names[] = {"See https://evil.example", "www.evil.example now",
                                        "a@evil.example", "evil.example/win"};
    for (size_t i = 0; i < count_of(names); i++) {
        d->in.to_name = d->booking.client_name = d->client.name = str_of(names[i]);
        for (int kind = 0; kind < LETTER__MAX; kind++) {
            write_one(d, (enum letter_kind)kind);
            assert_false(has(d->letter.text, "evil") || has(d->letter.html, "evil"));
        }
    }
    assert_true(has(d->letter.text, "Hello,\n"));
}

static void what_somebody_has_written_stands_whole_and_as_text(void **state)
{
    struct desk *d = *state;
    d->in.said = STR("Hello,\n\n<b>is</b> Monday free?\n.\nBea & Max");
    write_one(d, LETTER_MESSAGE);
    assert_true(has(d->letter.text, "\n\nHello,\n\n<b>is</b> Monday free?\n.\nBea & Max\n\n"));
    assert_true(has(d->letter.html,
                    "Hello,<br>\n<br>\n&lt;b&gt;is&lt;/b&gt; Monday free?<br>\n.<br>\n"
                    "Bea &amp; Max</div>"));
    assert_true(has(d->letter.text, "Answer to: ada@salon.example"));
    /* A stranger's words are marked as theirs, line by line. */
    write_one(d, LETTER_OWNER_NEW_MESSAGE);
    assert_true(
        has(d->letter.text, "\n\n> Hello,\n> \n> <b>is</b> Monday free?\n> .\n> Bea & Max\n"));
    assert_true(has(d->letter.html, "<blockquote"));
    assert_true(has(d->letter.text, "E-mail: bea@client.example\nPhone: +49 171 5\n"));
    /* What a stranger wrote goes to nobody else. */
    write_one(d, LETTER_CLIENT_WELCOME);
    assert_false(has(d->letter.text, "Monday free") || has(d->letter.html, "Monday free"));
}

static void the_longest_message_fits(void **state)
{
    struct desk *d = *state;
    char *long_text = arena_alloc(&d->arena, LETTER_SAID_MAX);
    memset(long_text, '"', LETTER_SAID_MAX);
    d->in.said = (struct str){long_text, LETTER_SAID_MAX};
    write_one(d, LETTER_OWNER_NEW_MESSAGE);
    assert_true(d->letter.html.len > 6 * (size_t)LETTER_SAID_MAX);
    assert_true(d->letter.html.len <= MAIL_BODY_MAX);
}

static void a_link_that_is_none_of_ours_is_left_out(void **state)
{
    struct desk *d = *state;
    static const char *const urls[] = {"", "javascript:alert(1)", "https://a b", "/manage/x"};
    for (size_t i = 0; i < count_of(urls); i++) {
        d->in.url = str_of(urls[i]);
        write_one(d, LETTER_BOOKING_CONFIRMATION);
        assert_false(has(d->letter.html, "<a "));
        assert_false(has(d->letter.text, "See, move or cancel"));
    }
}

static void the_calendar_part_asks_cancels_or_publishes(void **state)
{
    struct desk *d = *state;
    write_one(d, LETTER_BOOKING_CONFIRMATION);
    assert_true(str_is(d->letter.calendar_method, "REQUEST"));
    assert_true(has(d->letter.calendar, "METHOD:REQUEST\r\n"));
    d->event.cancelled = true;
    write_one(d, LETTER_BOOKING_CANCELLED);
    assert_true(has(d->letter.calendar, "METHOD:CANCEL\r\n"));
    assert_true(has(d->letter.calendar, "STATUS:CANCELLED\r\n"));
    d->event.organizer_address = STR("");
    write_one(d, LETTER_BOOKING_CANCELLED);
    assert_true(str_is(d->letter.calendar_method, "PUBLISH"));
    d->in.event = NULL;
    write_one(d, LETTER_BOOKING_CANCELLED);
    assert_null(d->letter.calendar.ptr);
}

static void every_letter_can_be_sent_whatever_it_was_given(void **state)
{
    struct desk *d = *state;
    char *long_text = arena_alloc(&d->arena, 200001);
    memset(long_text, 'x', 200000);
    struct str s = str_of(long_text);
    d->business.name = d->business.address = d->booking.services = d->in.item = s;
    struct letter_time_off off = {START_S, START_S + 60, s, s, s};
    d->in.time_off = &off;
    d->booking.staff_name = d->booking.client_name = d->in.to_name = d->in.password = s;
    for (int kind = 0; kind < LETTER__MAX; kind++) {
        write_one(d, (enum letter_kind)kind);
        struct mail m = {
            .from_address = STR("a@b.example"),
            .to_address = STR("c@d.example"),
            .subject = d->letter.subject,
            .text = d->letter.text,
            .html = d->letter.html,
            .calendar = d->letter.calendar,
            .calendar_method = d->letter.calendar_method,
            .key = STR("k"),
            .message_id = STR("i@b.example"),
        };
        struct problem p = {0};
        assert_int_equal(mail_check(&m, &p), OK);
    }
}

static const char *time_off_text(struct desk *d, int64_t start_s, int64_t end_s)
{
    struct letter_time_off off = {start_s, end_s, STR("Ada"), STR("a course"), STR("<b>Enjoy</b>")};
    d->in.time_off = &off;
    write_one(d, LETTER_TIME_OFF_APPROVED);
    d->in.time_off = NULL;
    return str_z(&d->arena, d->letter.text);
}

static void time_off_is_said_in_whole_days_or_by_the_clock(void **state)
{
    struct desk *d = *state;
    int64_t day = tz_day_start(d->business.tz, tz_date(d->business.tz, START_S));
    d->in.booking = NULL;
    assert_non_null(
        strstr(time_off_text(d, day, day + SECONDS_PER_DAY), "When: Sunday 22 November 2026\n"));
    assert_non_null(strstr(time_off_text(d, day, day + 3 * SECONDS_PER_DAY),
                           "When: Sunday 22 November 2026 to Tuesday 24 November 2026\n"));
    assert_non_null(strstr(time_off_text(d, START_S, START_S + 5400),
                           "When: Sunday 22 November 2026, 10:00 to 11:30 (Europe/Berlin time)\n"));
    assert_non_null(strstr(time_off_text(d, START_S, START_S + SECONDS_PER_DAY),
                           "When: Sunday 22 November 2026, 10:00 to Monday 23 November 2026, 10:00"
                           " (Europe/Berlin time)\n"));
    assert_true(has(d->letter.html, "&lt;b&gt;Enjoy&lt;/b&gt;"));
    assert_false(has(d->letter.text, "a course")); /* who asked knows why */
    struct letter_time_off off = {day, day + SECONDS_PER_DAY, STR("Ada"), STR("surgery"), STR("")};
    d->in.time_off = &off;
    write_one(d, LETTER_TIME_OFF_REQUESTED);
    assert_true(has(d->letter.text, "Reason: surgery\n"));
    assert_false(has(d->letter.subject, "surgery"));
    off.staff_name = STR("see www.bad.example");
    write_one(d, LETTER_TIME_OFF_REQUESTED);
    assert_true(has(d->letter.subject, "A member of your team asks"));
}

static void what_was_written_is_read_back_for_the_browser(void **state)
{
    struct desk *d = *state;
    write_one(d, LETTER_BOOKING_CONFIRMATION);
    struct mail m = {
        .from_name = d->business.name,
        .from_address = STR("a@b.example"),
        .to_name = STR("Bea"),
        .to_address = STR("c@d.example"),
        .subject =
            STR("Grüße, ein sehr langer Betreff, der über mehrere Zeilen geht: = _ ? 日本語"),
        .text = d->letter.text,
        .html = d->letter.html,
        .calendar = d->letter.calendar,
        .calendar_method = d->letter.calendar_method,
        .key = STR("k"),
        .message_id = STR("i@b.example"),
    };
    struct buf out;
    buf_init(&out, MAIL_SIZE_MAX);
    mail_write(&out, &m);
    struct str whole = buf_view(&out);
    assert_true(str_eq(eml_header(&d->arena, whole, "Subject"), m.subject));
    assert_true(str_is(eml_header(&d->arena, whole, "To"), "\"Bea\" <c@d.example>"));
    assert_true(str_is(eml_header(&d->arena, whole, "From"), "Salon Ada & Söhne <a@b.example>"));
    assert_null(eml_header(&d->arena, whole, "Bcc").ptr);
    assert_true(str_eq(eml_part(&d->arena, whole, "text/plain"), m.text));
    assert_true(str_eq(eml_part(&d->arena, whole, "text/html"), m.html));
    for (size_t len = 0; len < whole.len; len += 7) { /* cut anywhere it is read without harm */
        struct str cut = {whole.ptr, len};
        eml_header(&d->arena, cut, "Subject");
        eml_part(&d->arena, cut, "text/html");
    }
    buf_done(&out);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(default_subjects_say_what_happened),
        T(every_fact_stands_in_the_text_and_in_the_html),
        T(times_are_the_businesss_also_over_a_change_of_offset),
        T(subject_and_calendar_title_name_no_service),
        T(what_strangers_wrote_stays_text),
        T(a_name_that_carries_a_link_is_not_repeated),
        T(what_somebody_has_written_stands_whole_and_as_text),
        T(the_longest_message_fits),
        T(a_link_that_is_none_of_ours_is_left_out),
        T(the_calendar_part_asks_cancels_or_publishes),
        T(every_letter_can_be_sent_whatever_it_was_given),
        T(time_off_is_said_in_whole_days_or_by_the_clock),
        T(what_was_written_is_read_back_for_the_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
