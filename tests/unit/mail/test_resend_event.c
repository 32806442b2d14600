/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Resend's reports: the example that Svix publishes, every byte that may be wrong, and words of all
 * kinds. */
#include "../unit.h"

#include "mail/resend_event.h"

#include <string.h>

/* Of Svix's documentation ("Verifying webhooks manually"). */
#define SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID        "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIMESTAMP "1614265330"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define BODY      "{\"test\": 2432232314}"

static const int64_t AT_S = 1614265330;

static enum resend_verdict verify(const char *id, const char *timestamp, const char *signatures,
                                  const char *body, int64_t now_s)
{
    struct resend_signature s = {str_of(id), str_of(timestamp), str_of(signatures)};
    return resend_verify(STR(SECRET), &s, str_of(body), now_s);
}

static void the_published_example_is_signed(void **state)
{
    (void)state;
    assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, BODY, AT_S), RESEND_SIGNED);
    /* Among others: while a secret is being changed there are two. */
    static const char *const lists[] = {
        "v1,AAAA " SIGNATURE, SIGNATURE " v1,AAAA", "v2,x  " SIGNATURE,
        "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= " SIGNATURE};
    for (size_t i = 0; i < count_of(lists); i++)
        assert_int_equal(verify(ID, TIMESTAMP, lists[i], BODY, AT_S), RESEND_SIGNED);
}

static void any_other_byte_is_not(void **state)
{
    (void)state;
    char body[] = BODY;
    for (size_t i = 0; i < sizeof body - 1; i++) {
        body[i] ^= 1;
        assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, body, AT_S), RESEND_FORGED);
        body[i] ^= 1;
    }
    char signature[] = SIGNATURE;
    for (size_t i = 3; i < sizeof signature - 2; i++) {
        char was = signature[i];
        signature[i] = was == 'A' ? 'B' : 'A';
        assert_int_equal(verify(ID, TIMESTAMP, signature, BODY, AT_S), RESEND_FORGED);
        signature[i] = was;
    }
    assert_int_equal(verify("msg_other", TIMESTAMP, SIGNATURE, BODY, AT_S), RESEND_FORGED);
    assert_int_equal(verify(ID, "1614265331", SIGNATURE, BODY, AT_S), RESEND_FORGED);
    static const char *const wrong[] = {"v1,", "v1", "x", "v1,====", "g0hM9SsE", "v2,g0hM", " "};
    for (size_t i = 0; i < count_of(wrong); i++)
        assert_int_equal(verify(ID, TIMESTAMP, wrong[i], BODY, AT_S), RESEND_FORGED);
}

static void a_report_counts_for_five_minutes(void **state)
{
    (void)state;
    assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, BODY, AT_S + 300), RESEND_SIGNED);
    assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, BODY, AT_S - 300), RESEND_SIGNED);
    assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, BODY, AT_S + 301), RESEND_STALE);
    assert_int_equal(verify(ID, TIMESTAMP, SIGNATURE, BODY, AT_S - 301), RESEND_STALE);
    assert_int_equal(verify(ID, "-9223372036854775808", SIGNATURE, BODY, AT_S), RESEND_STALE);
}

static void without_its_headers_it_is_unsigned(void **state)
{
    (void)state;
    struct resend_signature none = {{0}, {0}, {0}};
    assert_int_equal(resend_verify(STR(SECRET), &none, STR(BODY), AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify("", TIMESTAMP, SIGNATURE, BODY, AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify("a b", TIMESTAMP, SIGNATURE, BODY, AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify(ID, "", SIGNATURE, BODY, AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify(ID, "16142653e0", SIGNATURE, BODY, AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify(ID, "99999999999999999999", SIGNATURE, BODY, AT_S), RESEND_UNSIGNED);
    assert_int_equal(verify(ID, TIMESTAMP, "", BODY, AT_S), RESEND_UNSIGNED);
}

static void a_secret_is_recognised(void **state)
{
    (void)state;
    assert_true(resend_secret_ok(STR(SECRET)));
    assert_false(resend_secret_ok(STR("")));
    assert_false(resend_secret_ok(STR("whsec_")));
    assert_false(resend_secret_ok(STR("whsec_c2hvcnQ=")));
    assert_false(resend_secret_ok(STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
    assert_false(resend_secret_ok(STR("whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
}

/* ---- the words ---- */

static struct resend_event read_event(const char *json)
{
    struct resend_event e;
    if (!resend_event_read(str_of(json), &e))
        fail_msg("not read: %s", json);
    return e;
}

static void each_kind_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        enum resend_event_kind kind;
    } kinds[] = {{"email.sent", RESEND_SENT},           {"email.delivery_delayed", RESEND_DELAYED},
                 {"email.delivered", RESEND_DELIVERED}, {"email.bounced", RESEND_BOUNCED},
                 {"email.failed", RESEND_FAILED},       {"email.complained", RESEND_COMPLAINED},
                 {"email.suppressed", RESEND_FAILED},   {"email.opened", RESEND_OTHER},
                 {"contact.created", RESEND_OTHER},     {"suppression.added", RESEND_OTHER}};
    for (size_t i = 0; i < count_of(kinds); i++) {
        char json[200];
        snprintf(json, sizeof json, "{\"type\":\"%s\",\"data\":{\"email_id\":\"e-1\"}}",
                 kinds[i].type);
        struct resend_event e = read_event(json);
        assert_int_equal(e.kind, kinds[i].kind);
        assert_string_equal(e.email_id, "e-1");
    }
}

static void a_bounce_is_told_in_its_words(void **state)
{
    (void)state;
    struct resend_event e = read_event(
        "{\"type\":\"email.bounced\",\"created_at\":\"2026-11-22T23:41:12.126Z\",\"data\":{"
        "\"email_id\":\"56761188-7520-42d8-8898-ff6fc54ce618\",\"to\":[\"x@y.example\"],"
        "\"tags\":{\"careops\":\"7-12\",\"other\":\"z\"},\"bounce\":{\"type\":\"Permanent\","
        "\"subType\":\"Suppressed\",\"message\":\"On the\\r\\nsuppression list.\"}}}");
    assert_string_equal(e.word, "email.bounced Permanent Suppressed On the suppression list.");
    assert_string_equal(e.tag, "7-12");
    assert_int_equal(e.at_s, 1795390872);
    e = read_event("{\"type\":\"email.failed\",\"created_at\":\"2026-11-22T23:41:11.894719+00:00\","
                   "\"data\":{\"email_id\":\"a\",\"failed\":{\"reason\":\"reached_daily_quota\"},"
                   "\"tags\":[{\"name\":\"x\",\"value\":\"1\"},"
                   "{\"name\":\"careops\",\"value\":\"7-13\"}]}}");
    assert_string_equal(e.word, "email.failed reached_daily_quota");
    assert_string_equal(e.tag, "7-13");
    assert_int_equal(e.at_s, 1795390871);
    e = read_event("{\"type\":\"email.suppressed\",\"data\":{\"email_id\":\"a\",\"suppressed\":{"
                   "\"type\":\"OnAccountSuppressionList\",\"message\":\"It bounced before.\"}}}");
    assert_string_equal(e.word, "email.suppressed OnAccountSuppressionList It bounced before.");
}

static void hostile_words_are_bounded_or_refused(void **state)
{
    (void)state;
    struct resend_event e;
    static const char *const refused[] = {"",
                                          "{",
                                          "[]",
                                          "null",
                                          "{\"type\":1,\"data\":{}}",
                                          "{\"type\":\"email.sent\"}",
                                          "{\"type\":\"email.sent\",\"data\":[]}",
                                          "{\"type\":\"a\",\"type\":\"b\",\"data\":{}}"};
    for (size_t i = 0; i < count_of(refused); i++)
        assert_false(resend_event_read(str_of(refused[i]), &e));
    static char deep[RESEND_EVENT_MAX + 2];
    memset(deep, '[', sizeof deep - 1);
    assert_false(resend_event_read((struct str){deep, RESEND_EVENT_MAX}, &e));
    assert_false(resend_event_read((struct str){deep, RESEND_EVENT_MAX + 1}, &e));
    static char longest[9001];
    memset(longest, 'a', 9000);
    longest[9000] = '\0';
    static char json[RESEND_EVENT_MAX];
    snprintf(json, sizeof json,
             "{\"type\":\"email.bounced\",\"data\":{\"email_id\":\"%s\",\"tags\":{\"careops\":7},"
             "\"bounce\":{\"message\":\"%s\"}}}",
             longest, longest);
    e = read_event(json);
    assert_string_equal(e.email_id, "");
    assert_string_equal(e.tag, "");
    assert_int_equal(strlen(e.word), MAIL_WORD_TEXT - 1);
    e = read_event("{\"type\":\"email.sent\",\"created_at\":7,\"data\":{\"email_id\":\"a\\nb\","
                   "\"tags\":[1,null,[],{\"name\":\"careops\"}],\"bounce\":[],\"failed\":\"x\"}}");
    assert_string_equal(e.email_id, "");
    assert_string_equal(e.word, "email.sent");
    assert_int_equal(e.at_s, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_example_is_signed),
        cmocka_unit_test(any_other_byte_is_not),
        cmocka_unit_test(a_report_counts_for_five_minutes),
        cmocka_unit_test(without_its_headers_it_is_unsigned),
        cmocka_unit_test(a_secret_is_recognised),
        cmocka_unit_test(each_kind_is_read),
        cmocka_unit_test(a_bounce_is_told_in_its_words),
        cmocka_unit_test(hostile_words_are_bounded_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
