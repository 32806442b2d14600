/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading zone files that nobody vouches for, and the rules in their footers. */
#include "tz_files.h"

#include <time.h>

static int64_t at(const char *instant)
{
    int64_t s = 0;
    assert_true(instant_parse(str_of(instant), &s));
    return s;
}

static struct tz *made(const int32_t *offsets, size_t types, const struct made_change *changes,
                       size_t count, const char *footer)
{
    struct buf b;
    tz_file_make(&b, offsets, types, changes, count, footer);
    struct tz *tz = tz_read_exactly(b.ptr, b.len);
    buf_done(&b);
    return tz;
}

/* Every question, around an instant; the answers only have to come. */
static void ask_everything(const struct tz *tz, int64_t t)
{
    int64_t from, to, date = tz_date(tz, t);
    char text[LOCAL_TEXT];
    (void)tz_wall_s(tz, t);
    (void)tz_next_change(tz, t);
    (void)tz_day_of(tz, t);
    (void)tz_span(tz, date, 0, 1440, &from, &to);
    (void)tz_instant(tz, date, 150);
    tz_local_format(tz, t, text);
    if (t > -TZ_INSTANT_LIMIT)
        assert_true(tz_day_start(tz, date) <= t);
    assert_true(tz_day_start(tz, date) <= tz_day_end(tz, date));
}

static void ask_everywhere(const struct tz *tz)
{
    static const int64_t some[] = {INT64_MIN, -5000000000, 0, 1795338000, 4102444800, INT64_MAX};
    for (size_t i = 0; i < count_of(some); i++)
        ask_everything(tz, some[i]);
    int64_t t = INT64_MIN;
    for (int i = 0; i < 40 && (t = tz_next_change(tz, t)) != INT64_MAX; i++)
        ask_everything(tz, t);
}

/* ---- files ---- */

static void a_made_file_is_read_as_it_was_meant(void **state)
{
    (void)state;
    static const int32_t offsets[] = {-100, 7200, 3600};
    static const struct made_change changes[] = {{1000, 1}, {2000, 1}, {3000, 2}};
    struct tz *tz = made(offsets, 3, changes, 3, "");
    assert_non_null(tz);
    assert_int_equal(tz_offset(tz, 999), -100);
    assert_int_equal(tz_offset(tz, 1000), 7200);
    assert_int_equal(tz_offset(tz, 2999), 7200);
    assert_int_equal(tz_offset(tz, 3000), 3600);
    assert_int_equal(tz_offset(tz, INT64_MAX), 3600);
    assert_int_equal(tz_next_change(tz, INT64_MIN), 1000);
    /* At 2000 only the type changes, to one of equal offset. */
    assert_int_equal(tz_next_change(tz, 1000), 3000);
    assert_int_equal(tz_next_change(tz, 3000), INT64_MAX);
    tz_free(tz);
}

static void from_the_last_transition_on_the_footer_decides(void **state)
{
    (void)state;
    static const int32_t offsets[] = {0, 3600};
    static const struct made_change changes[] = {{0, 1}};
    struct tz *tz = made(offsets, 2, changes, 1, "CET-1CEST,M3.5.0,M10.5.0/3");
    assert_non_null(tz);
    assert_int_equal(tz_offset(tz, -1), 0);
    assert_int_equal(tz_next_change(tz, -1), 0);
    assert_int_equal(tz_offset(tz, at("2100-07-01T00:00:00Z")), 7200);
    assert_int_equal(tz_next_change(tz, at("2100-07-01T00:00:00Z")), at("2100-10-31T01:00:00Z"));
    tz_free(tz);
    tz = made(offsets, 1, NULL, 0, "CET-1CEST,M3.5.0,M10.5.0/3");
    assert_non_null(tz);
    assert_int_equal(tz_offset(tz, at("1900-07-01T00:00:00Z")), 7200);
    tz_free(tz);
}

static void what_the_format_forbids_makes_a_file_useless(void **state)
{
    (void)state;
    static const int32_t offsets[] = {0, 3600}, low[] = {-90000}, high[] = {93600};
    static const struct made_change backwards[] = {{2000, 0}, {1000, 1}},
                                    twice[] = {{1000, 0}, {1000, 1}};
    static const struct made_change no_type[] = {{1000, 2}};
    static const char *const footers[] = {NULL, "CET", "CET-1CEST", "CET-1\n", "nonsense"};
    assert_null(made(low, 1, NULL, 0, ""));
    assert_null(made(high, 1, NULL, 0, ""));
    assert_null(made(offsets, 2, backwards, 2, ""));
    assert_null(made(offsets, 2, twice, 2, ""));
    assert_null(made(offsets, 2, no_type, 1, ""));
    for (size_t i = 0; i < count_of(footers); i++)
        assert_null(made(offsets, 2, NULL, 0, footers[i]));
}

static void a_type_must_have_a_name_and_be_winter_or_summer(void **state)
{
    (void)state;
    static const int32_t offsets[] = {0};
    enum { NAMES = 4 }; /* "LMT" and its end, after the type */
    struct buf b;
    tz_file_make(&b, offsets, 1, NULL, 0, NULL);
    size_t name = b.len - NAMES - 1, summer = name - 1;
    buf_z(&b, "\n\n");
    for (int v = 0; v < 256; v++) {
        b.ptr[name] = (char)v;
        struct tz *tz = tz_read_exactly(b.ptr, b.len);
        assert_int_equal(tz != NULL, v < NAMES);
        tz_free(tz);
    }
    b.ptr[name] = 0;
    for (int v = 0; v < 256; v++) {
        b.ptr[summer] = (char)v;
        struct tz *tz = tz_read_exactly(b.ptr, b.len);
        assert_int_equal(tz != NULL, v <= 1);
        tz_free(tz);
    }
    buf_done(&b);
}

static void a_file_that_counts_leap_seconds_or_is_of_the_first_version_is_refused(void **state)
{
    (void)state;
    static const int32_t offsets[] = {0};
    struct buf b;
    tz_file_make(&b, offsets, 1, NULL, 0, "UTC0");
    struct tz *tz = tz_read_exactly(b.ptr, b.len);
    assert_non_null(tz);
    tz_free(tz);
    enum { VERSION = 4, SECOND_HEADER = 44 + 6 + 4, LEAPS = SECOND_HEADER + 31 };
    b.ptr[VERSION] = '\0';
    assert_null(tz_read_exactly(b.ptr, b.len));
    b.ptr[VERSION] = '2';
    /* One leap second, twelve bytes, before the footer. */
    b.ptr[LEAPS] = 1;
    b.len -= strlen("\nUTC0\n");
    put_big(&b, 78796800, 8);
    put_big(&b, 1, 4);
    buf_z(&b, "\nUTC0\n");
    assert_null(tz_read_exactly(b.ptr, b.len));
    buf_done(&b);
}

static void counts_that_promise_more_than_there_is_are_refused(void **state)
{
    (void)state;
    struct buf b;
    tz_file_read("Europe/Berlin", &b);
    for (size_t field = 20; field < 44; field += 4) {
        static const uint32_t lies[] = {0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, TZ_FILE_MAX,
                                        TZ_FILE_MAX + 1};
        for (size_t i = 0; i < count_of(lies); i++) {
            unsigned char saved[4];
            memcpy(saved, b.ptr + field, 4);
            for (int k = 0; k < 4; k++)
                b.ptr[field + (size_t)k] = (char)(lies[i] >> (24 - 8 * k));
            assert_null(tz_read_exactly(b.ptr, b.len));
            memcpy(b.ptr + field, saved, 4);
        }
    }
    buf_done(&b);
}

static const char *const victims[] = {"America/Nuuk", "Africa/Casablanca", "UTC", "Asia/Gaza"};

static void a_file_cut_at_any_byte_is_refused(void **state)
{
    (void)state;
    for (size_t v = 0; v < count_of(victims); v++) {
        struct buf b;
        tz_file_read(victims[v], &b);
        struct tz *tz = tz_read_exactly(b.ptr, b.len);
        assert_non_null(tz);
        tz_free(tz);
        for (size_t len = 0; len < b.len; len++)
            assert_null(tz_read_exactly(b.ptr, len));
        buf_byte(&b, '\n');
        assert_null(tz_read_exactly(b.ptr, b.len));
        buf_done(&b);
    }
}

static void a_flipped_bit_anywhere_gives_a_refusal_or_a_zone_that_answers(void **state)
{
    (void)state;
    size_t refused = 0, read = 0;
    for (size_t v = 0; v < count_of(victims); v++) {
        struct buf b;
        tz_file_read(victims[v], &b);
        for (size_t bit = 0; bit < 8 * b.len; bit++) {
            b.ptr[bit / 8] = (char)(b.ptr[bit / 8] ^ 1 << bit % 8);
            struct tz *tz = tz_read_exactly(b.ptr, b.len);
            if (tz && bit % 7 == 0)
                ask_everywhere(tz);
            if (tz)
                read++;
            else
                refused++;
            tz_free(tz);
            b.ptr[bit / 8] = (char)(b.ptr[bit / 8] ^ 1 << bit % 8);
        }
        buf_done(&b);
    }
    assert_true(refused > 1000 && read > 1000);
}

static void what_fuzzing_found_is_refused_or_answers(void **state)
{
    (void)state;
    const char *root = getenv("CAREOPS_SOURCE_ROOT");
    char folder[512], path[PATH_TEXT];
    size_t files = 0;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/tz", root ? root : ".");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        struct buf b;
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        file_read(path, &b);
        struct tz *tz = tz_read_exactly(b.ptr, b.len);
        if (tz)
            ask_everywhere(tz);
        tz_free(tz);
        buf_done(&b);
        files++;
    }
    closedir(dir);
    assert_true(files > 20);
}

static void a_zone_that_leaps_to_and_fro_each_second_is_answered(void **state)
{
    (void)state;
    enum { CHANGES_MADE = 20000 };
    static const int32_t offsets[] = {TZ_OFFSET_LEAST, TZ_OFFSET_MOST};
    struct made_change *changes = calloc(CHANGES_MADE, sizeof *changes);
    for (size_t i = 0; i < CHANGES_MADE; i++)
        changes[i] = (struct made_change){(int64_t)i, (unsigned char)(i % 2)};
    struct tz *tz = made(offsets, 2, changes, CHANGES_MADE, "");
    assert_non_null(tz);
    for (int64_t t = -100000; t < 130000; t += 9973)
        ask_everything(tz, t);
    tz_free(tz);
    free(changes);
}

static void changes_at_the_ends_of_time_are_survived(void **state)
{
    (void)state;
    static const int32_t offsets[] = {0, 3600};
    static const struct made_change changes[] = {{INT64_MIN, 1}, {0, 0}, {INT64_MAX, 1}};
    struct tz *tz = made(offsets, 2, changes, 3, "");
    assert_non_null(tz);
    ask_everywhere(tz);
    tz_free(tz);
    assert_null(made(offsets, 2, changes, 3, "CET-1CEST,M3.5.0,M10.5.0/3"));
}

static void a_time_that_is_shown_after_all_lies_in_no_gap(void **state)
{
    (void)state;
    /* For a minute the clock is three hours ahead, which skips 03:20, and then goes back. */
    static const int32_t offsets[] = {0, 3 * 3600};
    static const struct made_change changes[] = {{10000, 1}, {10060, 0}};
    struct tz *tz = made(offsets, 2, changes, 2, "");
    assert_non_null(tz);
    assert_int_equal(tz_instant(tz, 0, 200), 12000);
    tz_free(tz);
}

/* ---- rules ---- */

static void every_form_of_a_rule_is_read(void **state)
{
    (void)state;
    struct posix_rule r;
    assert_true(posix_rule_parse(STR("UTC0"), &r) && !r.has_dst && r.std_offset_s == 0);
    assert_true(posix_rule_parse(STR("<+0545>-5:45"), &r) && r.std_offset_s == 20700);
    assert_true(posix_rule_parse(STR("<-00>0"), &r));
    assert_true(posix_rule_parse(STR("LMT+0:44:30"), &r) && r.std_offset_s == -2670);
    assert_true(posix_rule_parse(STR("EST5EDT,M3.2.0,M11.1.0"), &r));
    assert_true(r.has_dst && r.std_offset_s == -18000 && r.dst_offset_s == -14400);
    assert_int_equal(r.start.kind, POSIX_WEEKDAY);
    assert_int_equal(r.start.month, 3);
    assert_int_equal(r.start.week, 2);
    assert_int_equal(r.start.day, 0);
    assert_int_equal(r.start.time_s, 7200);
    assert_true(posix_rule_parse(STR("IST-1GMT0,M10.5.0,M3.5.0/1"), &r) && r.dst_offset_s == 0);
    assert_true(posix_rule_parse(STR("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), &r));
    assert_int_equal(r.start.time_s, -3600);
    assert_true(posix_rule_parse(STR("AAA3BBB,J60/167:59:59,365/-167:30"), &r));
    assert_true(r.start.kind == POSIX_JULIAN && r.start.day == 60);
    assert_int_equal(r.start.time_s, 167 * 3600 + 59 * 60 + 59);
    assert_true(r.end.kind == POSIX_DAY_OF_YEAR && r.end.day == 365);
    assert_int_equal(r.end.time_s, -(167 * 3600 + 30 * 60));
}

static void what_is_no_rule_is_refused_and_so_is_every_beginning_of_one(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "CE-1",
        "CET",
        "CET-",
        "CET-25",
        "CET-1:60",
        "CET-1:00:60",
        "CET-1 ",
        "<CET-1",
        "<C>-1",
        "C1T-1",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J1",
        "CET-1CEST,J366,J1",
        "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0,",
        "CET-1CEST,M3.5.0/,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET--1",
        "CET-0001",
        "C\xC3\x89T-1",
    };
    struct posix_rule r;
    for (size_t i = 0; i < count_of(bad); i++)
        if (posix_rule_parse(str_of(bad[i]), &r))
            fail_msg("read %s", bad[i]);
    static const char whole[] = "<-02>2<-01>,M3.5.0/-1:00:05,J200";
    for (size_t len = 0; len + 1 < strlen(whole); len++) {
        bool complete = len == strlen("<-02>2") || len == strlen(whole) - 2;
        if (posix_rule_parse((struct str){whole, len}, &r) != complete)
            fail_msg("read %.*s", (int)len, whole);
    }
}

/* The C library takes such rules in TZ; it is an independent reading of the same page. */
static void compare_with_c_library(const char *text, int first_year, int last_year, int64_t step_s)
{
    struct posix_rule r;
    struct tm tm;
    int64_t next;
    assert_true(posix_rule_parse(str_of(text), &r));
    setenv("TZ", text, 1);
    tzset();
    int64_t from = civil_to_days((struct civil){first_year, 1, 1}) * SECONDS_PER_DAY;
    int64_t to = civil_to_days((struct civil){last_year + 1, 1, 1}) * SECONDS_PER_DAY;
    for (int64_t t = from; t < to; t += step_s) {
        time_t probe[3] = {t, t, t};
        (void)posix_rule_offset(&r, t, &next);
        if (next < to) {
            probe[1] = next - 1;
            probe[2] = next;
        }
        for (size_t i = 0; i < count_of(probe); i++) {
            assert_non_null(localtime_r(&probe[i], &tm));
            if (posix_rule_offset(&r, probe[i], &next) != tm.tm_gmtoff)
                fail_msg("%s at %lld", text, (long long)probe[i]);
        }
    }
}

static void known_rules_agree_with_the_c_library(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "<-04>4<-03>,M9.1.6/24,M4.1.6/24",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "AAA3BBB,J60/2,J300/2",
        "AAA3BBB,59/2,300/2",
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
    };
    for (size_t i = 0; i < count_of(rules); i++)
        compare_with_c_library(rules[i], 2024, 2045, 6 * 86400 + 3601);
}

static size_t random_date(struct numbers *n, int first_month, char *ret, size_t size)
{
    /* Away from the year's ends: the C library looks at one year's changes only. */
    int month = (int)numbers_between(n, first_month, first_month + 3);
    int written;
    switch (numbers_between(n, 0, 2)) {
    case 0:
        written = snprintf(ret, size, ",M%d.%d.%d", month, (int)numbers_between(n, 1, 5),
                           (int)numbers_between(n, 0, 6));
        break;
    case 1:
        written = snprintf(ret, size, ",J%d", month * 30 + (int)numbers_between(n, -9, 9));
        break;
    default: written = snprintf(ret, size, ",%d", month * 30 + (int)numbers_between(n, -9, 9));
    }
    size_t len = (size_t)written;
    if (numbers_between(n, 0, 3))
        len += (size_t)snprintf(ret + len, size - len, "/%d:%02d",
                                (int)numbers_between(n, -167, 167), (int)numbers_between(n, 0, 59));
    return len;
}

static void random_rules_agree_with_the_c_library(void **state)
{
    (void)state;
    struct numbers n = {17};
    for (int i = 0; i < 300; i++) {
        char text[160];
        bool south = numbers_between(&n, 0, 1);
        int std = (int)numbers_between(&n, -12, 13);
        size_t len = (size_t)snprintf(text, sizeof text, "AAA%d:%02d<+B1>%d", std,
                                      (int)numbers_between(&n, 0, 1) * 30,
                                      std + (numbers_between(&n, 0, 3) ? -1 : 1));
        len += random_date(&n, south ? 7 : 2, text + len, sizeof text - len);
        len += random_date(&n, south ? 2 : 7, text + len, sizeof text - len);
        compare_with_c_library(text, 2026, 2032, 25 * 86400 + 3607);
    }
}

static void a_summer_time_that_lasts_all_year_has_no_winter(void **state)
{
    (void)state;
    struct posix_rule r;
    int64_t next;
    assert_true(posix_rule_parse(STR("XXX3EDT4,0/0,J365/23"), &r));
    for (int64_t t = 0; t < at("2040-01-01T00:00:00Z"); t += 40000) {
        assert_int_equal(posix_rule_offset(&r, t, &next), -4 * 3600);
        assert_int_equal(next, INT64_MAX);
    }
}

static void a_rule_that_begins_and_ends_at_once_has_no_summer(void **state)
{
    (void)state;
    struct posix_rule r;
    int64_t next;
    assert_true(posix_rule_parse(STR("AAA0BBB,J100/2,J100/3"), &r));
    for (int64_t t = 0; t < at("2010-01-01T00:00:00Z"); t += 1800)
        assert_int_equal(posix_rule_offset(&r, t, &next), 0);
    assert_int_equal(next, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_made_file_is_read_as_it_was_meant),
        cmocka_unit_test(from_the_last_transition_on_the_footer_decides),
        cmocka_unit_test(what_the_format_forbids_makes_a_file_useless),
        cmocka_unit_test(a_type_must_have_a_name_and_be_winter_or_summer),
        cmocka_unit_test(a_file_that_counts_leap_seconds_or_is_of_the_first_version_is_refused),
        cmocka_unit_test(counts_that_promise_more_than_there_is_are_refused),
        cmocka_unit_test(a_file_cut_at_any_byte_is_refused),
        cmocka_unit_test(a_flipped_bit_anywhere_gives_a_refusal_or_a_zone_that_answers),
        cmocka_unit_test(what_fuzzing_found_is_refused_or_answers),
        cmocka_unit_test(a_zone_that_leaps_to_and_fro_each_second_is_answered),
        cmocka_unit_test(changes_at_the_ends_of_time_are_survived),
        cmocka_unit_test(a_time_that_is_shown_after_all_lies_in_no_gap),
        cmocka_unit_test(every_form_of_a_rule_is_read),
        cmocka_unit_test(what_is_no_rule_is_refused_and_so_is_every_beginning_of_one),
        cmocka_unit_test(known_rules_agree_with_the_c_library),
        cmocka_unit_test(random_rules_agree_with_the_c_library),
        cmocka_unit_test(a_summer_time_that_lasts_all_year_has_no_winter),
        cmocka_unit_test(a_rule_that_begins_and_ends_at_once_has_no_summer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
