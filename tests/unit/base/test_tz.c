/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What local time means: days, spans, gaps and overlaps, and which zones can be found. */
#include "tz_files.h"

#include "base/log.h"
#include "base/tz.h"

#include <pthread.h>

static const struct tz *zone(const char *name)
{
    const struct tz *tz = tz_find(str_of(name));
    if (!tz)
        fail_msg("no zone %s", name);
    return tz;
}

static int64_t at(const char *instant)
{
    int64_t s = 0;
    assert_true(instant_parse(str_of(instant), &s));
    return s;
}

static int64_t on(const char *date)
{
    int64_t day = 0;
    assert_true(date_parse(str_of(date), &day));
    return day;
}

static int minutes(const char *clock)
{
    int m = 0;
    assert_true(clock_parse(str_of(clock), &m));
    return m;
}

/* ---- days ---- */

static void a_day_begins_at_its_first_instant(void **state)
{
    (void)state;
    /* Rules of years to come change; those of 2024 and before do not. */
    static const struct {
        const char *zone, *date, *start;
    } cases[] = {
        {"Europe/Berlin", "2026-11-22", "2026-11-22T00:00:00+01:00"},
        {"UTC", "2026-11-22", "2026-11-22T00:00:00Z"},
        {"Pacific/Kiritimati", "2026-11-22", "2026-11-22T00:00:00+14:00"},
        {"Etc/GMT+12", "2026-11-22", "2026-11-22T00:00:00-12:00"},
        {"America/Havana", "2024-03-10", "2024-03-10T01:00:00-04:00"},   /* no 00:xx that day */
        {"Africa/Cairo", "2024-04-26", "2024-04-26T01:00:00+03:00"},     /* the same */
        {"America/Santiago", "2024-09-08", "2024-09-08T01:00:00-03:00"}, /* the same */
        {"America/Santiago", "2024-04-07", "2024-04-07T00:00:00-04:00"}, /* after 23:xx twice */
        {"America/Nuuk", "2024-10-27", "2024-10-27T00:00:00-02:00"},     /* the same */
        {"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},     /* skipped */
        {"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"},
        {"America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30"}, /* back from 00:01 */
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int64_t start = tz_day_start(zone(cases[i].zone), on(cases[i].date));
        if (start != at(cases[i].start))
            fail_msg("%s %s: %lld", cases[i].zone, cases[i].date, (long long)start);
        assert_int_equal(start, tz_day_end(zone(cases[i].zone), on(cases[i].date) - 1));
    }
}

static void a_day_has_the_hours_that_the_clock_ran(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *date;
        int minutes;
    } cases[] = {
        {"Europe/Berlin", "2024-03-31", 23 * 60},
        {"Europe/Berlin", "2024-10-27", 25 * 60},
        {"Europe/Berlin", "2026-06-01", 24 * 60},
        {"Australia/Lord_Howe", "2024-10-06", 23 * 60 + 30},
        {"Australia/Lord_Howe", "2024-04-07", 24 * 60 + 30},
        {"Antarctica/Troll", "2024-03-31", 22 * 60},
        {"Pacific/Apia", "2011-12-30", 0},
        {"Africa/Cairo", "2024-10-31", 25 * 60},
        {"America/Havana", "2024-11-03", 25 * 60},
        {"Asia/Kathmandu", "2026-01-01", 24 * 60},
        {"America/St_Johns", "2010-11-06", 24 * 60},
        {"America/St_Johns", "2010-11-07", 25 * 60},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        const struct tz *tz = zone(cases[i].zone);
        int64_t day = on(cases[i].date);
        int64_t length = tz_day_end(tz, day) - tz_day_start(tz, day);
        if (length != cases[i].minutes * 60)
            fail_msg("%s %s: %lld s", cases[i].zone, cases[i].date, (long long)length);
    }
}

static void every_instant_belongs_to_the_one_day_that_holds_it(void **state)
{
    (void)state;
    static const char *const zones[] = {
        "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe",
        "America/Havana",   "Asia/Manila",  "Africa/Monrovia",
    };
    struct numbers n = {11};
    for (size_t z = 0; z < count_of(zones); z++) {
        const struct tz *tz = zone(zones[z]);
        for (int i = 0; i < 20000; i++) {
            int64_t t = numbers_between(&n, at("1840-01-01T00:00:00Z"), at("2045-01-01T00:00:00Z"));
            int64_t next = tz_next_change(tz, t);
            if (i % 2 && next != INT64_MAX)
                t = next + numbers_between(&n, -4000, 4000);
            int64_t day = tz_day_of(tz, t);
            if (t < tz_day_start(tz, day) || t >= tz_day_end(tz, day))
                fail_msg("%s %lld", zones[z], (long long)t);
        }
    }
}

static void a_minute_that_shows_yesterday_again_belongs_to_today(void **state)
{
    (void)state;
    const struct tz *tz = zone("America/St_Johns"); /* 00:01 on the 7th became 23:01 on the 6th */
    int64_t t = at("2010-11-06T23:30:00-03:30");
    assert_int_equal(tz_date(tz, t), on("2010-11-06"));
    assert_int_equal(tz_day_of(tz, t), on("2010-11-07"));
}

/* ---- spans ---- */

static void a_span_reaches_from_its_first_instant_to_its_last(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *date, *start, *end, *from, *to;
    } cases[] = {
        {"Europe/Berlin", "2026-11-22", "09:00", "17:30", "2026-11-22T08:00:00Z",
         "2026-11-22T16:30:00Z"},
        {"Europe/Berlin", "2026-11-22", "00:00", "24:00", "2026-11-21T23:00:00Z",
         "2026-11-22T23:00:00Z"},
        /* 02:00–03:00 does not occur */
        {"Europe/Berlin", "2024-03-31", "00:00", "24:00", "2024-03-30T23:00:00Z",
         "2024-03-31T22:00:00Z"},
        {"Europe/Berlin", "2024-03-31", "01:00", "02:30", "2024-03-31T00:00:00Z",
         "2024-03-31T01:00:00Z"},
        {"Europe/Berlin", "2024-03-31", "02:30", "04:00", "2024-03-31T01:00:00Z",
         "2024-03-31T02:00:00Z"},
        {"Europe/Berlin", "2024-03-31", "02:00", "03:00", NULL, NULL},
        {"Europe/Berlin", "2024-03-31", "02:10", "02:20", NULL, NULL},
        /* 02:00–03:00 occurs twice */
        {"Europe/Berlin", "2024-10-27", "02:00", "03:00", "2024-10-27T00:00:00Z",
         "2024-10-27T02:00:00Z"},
        {"Europe/Berlin", "2024-10-27", "01:00", "02:30", "2024-10-26T23:00:00Z",
         "2024-10-27T01:30:00Z"},
        {"Europe/Berlin", "2024-10-27", "02:30", "04:00", "2024-10-27T00:30:00Z",
         "2024-10-27T03:00:00Z"},
        {"Europe/Berlin", "2024-10-27", "02:15", "02:45", "2024-10-27T00:15:00Z",
         "2024-10-27T01:45:00Z"},
        /* half an hour twice */
        {"Australia/Lord_Howe", "2024-04-07", "01:00", "02:00", "2024-04-06T14:00:00Z",
         "2024-04-06T15:30:00Z"},
        /* the day's first hour does not occur */
        {"America/Havana", "2024-03-10", "00:00", "02:00", "2024-03-10T05:00:00Z",
         "2024-03-10T06:00:00Z"},
        {"America/Havana", "2024-03-10", "00:00", "01:00", NULL, NULL},
        /* its last hour occurs twice, and belongs to it twice */
        {"America/Nuuk", "2024-10-26", "22:00", "24:00", "2024-10-26T23:00:00Z",
         "2024-10-27T02:00:00Z"},
        {"Pacific/Apia", "2011-12-30", "00:00", "24:00", NULL, NULL},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int64_t from = 1, to = 2;
        bool open = tz_span(zone(cases[i].zone), on(cases[i].date), minutes(cases[i].start),
                            minutes(cases[i].end), &from, &to);
        bool expected = cases[i].from != NULL;
        if (open != expected || (open && (from != at(cases[i].from) || to != at(cases[i].to))))
            fail_msg("%s %s %s: %lld %lld", cases[i].zone, cases[i].date, cases[i].start,
                     (long long)from, (long long)to);
        assert_true(open || (from == 1 && to == 2));
    }
}

/* The definition of tz_span word by word, minute by minute. */
static bool slow_span(const struct tz *tz, int64_t date, int start, int end, int64_t *from,
                      int64_t *to)
{
    *from = INT64_MAX;
    *to = INT64_MIN;
    int64_t noon = date * SECONDS_PER_DAY + SECONDS_PER_DAY / 2;
    for (int64_t t = noon - 40 * 3600; t < noon + 40 * 3600; t += 60) {
        if (tz_date(tz, t) != date)
            continue;
        int wall = tz_wall_s(tz, t) / 60;
        if (wall >= start && *from == INT64_MAX)
            *from = t;
        if (wall < end)
            *to = t + 60;
    }
    return *from < *to;
}

static void a_span_is_what_its_definition_says_around_every_change(void **state)
{
    (void)state;
    static const char *const zones[] = {
        "Europe/Berlin",   "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo",
        "America/Havana",  "America/Nuuk",        "Antarctica/Troll",  "Asia/Gaza",
        "Pacific/Chatham", "America/Santiago",
    };
    struct numbers n = {13};
    for (size_t z = 0; z < count_of(zones); z++) {
        const struct tz *tz = zone(zones[z]);
        int64_t change = at("2020-01-01T00:00:00Z");
        for (int i = 0; i < 12 && (change = tz_next_change(tz, change)) != INT64_MAX; i++) {
            for (int64_t date = tz_date(tz, change) - 1; date <= tz_date(tz, change) + 1; date++) {
                int start = (int)numbers_between(&n, 0, 1430);
                int end = (int)numbers_between(&n, start + 1, 1440);
                int64_t from = 0, to = 0, slow_from, slow_to;
                bool open = tz_span(tz, date, start, end, &from, &to);
                bool expected = slow_span(tz, date, start, end, &slow_from, &slow_to);
                if (open != expected || (open && (from != slow_from || to != slow_to)))
                    fail_msg("%s date %lld %d-%d", zones[z], (long long)date, start, end);
            }
        }
    }
}

/* ---- one time ---- */

static void a_wall_clock_time_in_a_gap_moves_on_and_in_an_overlap_is_the_first(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *date, *clock, *instant;
    } cases[] = {
        {"Europe/Berlin", "2026-11-22", "10:00", "2026-11-22T09:00:00Z"},
        {"Europe/Berlin", "2026-11-22", "24:00", "2026-11-22T23:00:00Z"},
        {"Europe/Berlin", "2024-03-31", "02:30", "2024-03-31T03:30:00+02:00"},
        {"Europe/Berlin", "2024-03-31", "02:00", "2024-03-31T03:00:00+02:00"},
        {"Europe/Berlin", "2024-03-31", "03:00", "2024-03-31T03:00:00+02:00"},
        {"Europe/Berlin", "2024-10-27", "02:30", "2024-10-27T02:30:00+02:00"},
        {"Europe/Berlin", "2024-10-27", "03:00", "2024-10-27T03:00:00+01:00"},
        {"America/Havana", "2024-03-10", "00:00", "2024-03-10T01:00:00-04:00"},
        {"America/Havana", "2024-03-09", "24:00", "2024-03-10T01:00:00-04:00"},
        {"Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-06T02:45:00+11:00"},
        {"Pacific/Apia", "2011-12-30", "12:00", "2011-12-31T12:00:00+14:00"},
        {"Etc/GMT-14", "2026-11-22", "00:00", "2026-11-21T10:00:00Z"},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        int64_t t = tz_instant(zone(cases[i].zone), on(cases[i].date), minutes(cases[i].clock));
        if (t != at(cases[i].instant))
            fail_msg("%s %s %s: %lld", cases[i].zone, cases[i].date, cases[i].clock, (long long)t);
    }
}

static void the_clock_is_shown_with_its_offset(void **state)
{
    (void)state;
    char text[LOCAL_TEXT];
    tz_local_format(zone("Europe/Berlin"), at("2024-10-27T00:30:00Z"), text);
    assert_string_equal(text, "2024-10-27T02:30+02:00");
    tz_local_format(zone("Europe/Berlin"), at("2024-10-27T01:30:00Z"), text);
    assert_string_equal(text, "2024-10-27T02:30+01:00");
    tz_local_format(zone("Asia/Kathmandu"), at("2026-11-22T20:00:00Z"), text);
    assert_string_equal(text, "2026-11-23T01:45+05:45");
    assert_int_equal(tz_wall_s(zone("America/St_Johns"), at("2026-11-22T12:34:56Z")),
                     9 * 3600 + 296);
}

static void instants_at_the_ends_of_time_are_answered(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Europe/Berlin", "Etc/GMT-14", "America/New_York"};
    static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX};
    for (size_t z = 0; z < count_of(zones); z++)
        for (size_t i = 0; i < count_of(ends); i++) {
            const struct tz *tz = zone(zones[z]);
            int64_t from, to;
            char text[LOCAL_TEXT];
            assert_in_range(tz_offset(tz, ends[i]) + 100000, 0, 200000);
            assert_in_range(tz_wall_s(tz, ends[i]), 0, 86399);
            tz_local_format(tz, ends[i], text);
            assert_int_equal(strlen(text), LOCAL_TEXT - 1);
            assert_true(tz_day_start(tz, ends[i]) == tz_day_start(tz, ends[i]));
            assert_true(tz_span(tz, ends[i], 0, 1440, &from, &to));
            assert_true(tz_instant(tz, ends[i], 0) < to);
            (void)tz_day_of(tz, ends[i]);
        }
}

/* ---- finding ---- */

static void a_name_is_checked_before_it_touches_the_disk(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "/",
        "/UTC",
        "UTC/",
        "Europe//Berlin",
        "../zoneinfo/UTC",
        "Europe/../UTC",
        "./UTC",
        "tzdata.zi",
        "Europe/Berlin ",
        "Europe/Ber lin",
        "Europe\\Berlin",
        "UTC\n",
        "Europe/B%65rlin",
        "\xC3\x89ire",
        "A/234567890123456789012345678901234567890123456789012345678901234",
    };
    for (size_t i = 0; i < count_of(bad); i++)
        assert_null(tz_find(str_of(bad[i])));
    assert_null(tz_find((struct str){"UTC\0x", 5}));
    assert_null(tz_find((struct str){0}));
    assert_null(tz_find(STR("Europe")));
    assert_null(tz_find(STR("localtime")));
    assert_null(tz_find(STR("posixrules")));
    assert_null(tz_find(STR("Factory")));
    assert_null(tz_find(STR("posix/Europe/Berlin")));
    assert_null(tz_find(STR("right/Europe/Berlin")));
    assert_null(tz_find(STR("Europe/Atlantis")));
}

static void a_zone_is_read_once_and_bears_the_name_that_was_asked(void **state)
{
    (void)state;
    const struct tz *tz = zone("America/Argentina/Buenos_Aires");
    assert_ptr_equal(zone("America/Argentina/Buenos_Aires"), tz);
    assert_string_equal(tz_name(tz), "America/Argentina/Buenos_Aires");
    assert_string_equal(tz_name(zone("Etc/GMT+5")), "Etc/GMT+5");
}

static void *find_all(void *arg)
{
    const struct zone_names *z = arg;
    uintptr_t sum = 0;
    for (size_t i = 0; i < z->count; i++)
        sum += (uintptr_t)tz_find(str_of(z->name[i]));
    return (void *)sum;
}

static void threads_that_ask_at_once_get_the_same_zones(void **state)
{
    (void)state;
    struct zone_names *z = calloc(1, sizeof *z);
    zone_names_add(z, "");
    assert_true(z->count > 300);
    pthread_t thread[4];
    void *sum[4];
    for (size_t i = 0; i < count_of(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, find_all, z), 0);
    for (size_t i = 0; i < count_of(thread); i++)
        assert_int_equal(pthread_join(thread[i], &sum[i]), 0);
    for (size_t i = 1; i < count_of(thread); i++)
        assert_ptr_equal(sum[i], sum[0]);
    for (size_t i = 0; i < z->count; i++)
        assert_string_equal(tz_name(zone(z->name[i])), z->name[i]);
    free(z);
}

/* ---- a folder of our own ---- */

static void write_file(const char *folder, const char *name, struct str bytes)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wbe");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
}

static void remove_file(const char *folder, const char *name)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static void a_file_that_cannot_be_used_is_logged_once_and_a_missing_one_never(void **state)
{
    (void)state;
    char folder[] = "tz-test-XXXXXX", line[2048] = "";
    int fds[2];
    struct buf good;
    static const int32_t offset[] = {3600};
    assert_non_null(mkdtemp(folder));
    assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    const char *before = getenv("TZDIR");
    setenv("TZDIR", folder, 1);
    log_to(fds[1], LOG_INFO);

    tz_file_make(&good, offset, 1, NULL, 0, "");
    write_file(folder, "Broken", (struct str){good.ptr, good.len - 1});
    for (int i = 0; i < 3; i++) {
        assert_null(tz_find(STR("Broken")));
        assert_null(tz_find(STR("Missing")));
    }
    ssize_t n = read(fds[0], line, sizeof line - 1);
    assert_true(n > 0);
    assert_non_null(strstr(line, "\"zone\":\"Broken\""));
    assert_ptr_equal(strchr(line, '\n'), line + n - 1);

    /* A name that was missing is no memory: it is found as soon as it is there. */
    write_file(folder, "Missing", buf_view(&good));
    assert_int_equal(tz_offset(zone("Missing"), 0), 3600);

    /* Padded behind its end to one byte more than a file may have. */
    struct str padded = {calloc(1, TZ_FILE_MAX + 1), TZ_FILE_MAX + 1};
    memcpy((char *)(uintptr_t)padded.ptr, good.ptr, good.len);
    write_file(folder, "Large", padded);
    assert_null(tz_find(STR("Large")));
    free((void *)(uintptr_t)padded.ptr);

    log_to(-1, LOG_ERROR);
    if (before)
        setenv("TZDIR", before, 1);
    else
        unsetenv("TZDIR");
    remove_file(folder, "Broken");
    remove_file(folder, "Missing");
    remove_file(folder, "Large");
    assert_int_equal(rmdir(folder), 0);
    close(fds[0]);
    close(fds[1]);
    buf_done(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_at_its_first_instant),
        cmocka_unit_test(a_day_has_the_hours_that_the_clock_ran),
        cmocka_unit_test(every_instant_belongs_to_the_one_day_that_holds_it),
        cmocka_unit_test(a_minute_that_shows_yesterday_again_belongs_to_today),
        cmocka_unit_test(a_span_reaches_from_its_first_instant_to_its_last),
        cmocka_unit_test(a_span_is_what_its_definition_says_around_every_change),
        cmocka_unit_test(a_wall_clock_time_in_a_gap_moves_on_and_in_an_overlap_is_the_first),
        cmocka_unit_test(the_clock_is_shown_with_its_offset),
        cmocka_unit_test(instants_at_the_ends_of_time_are_answered),
        cmocka_unit_test(a_name_is_checked_before_it_touches_the_disk),
        cmocka_unit_test(a_zone_is_read_once_and_bears_the_name_that_was_asked),
        cmocka_unit_test(threads_that_ask_at_once_get_the_same_zones),
        cmocka_unit_test(a_file_that_cannot_be_used_is_logged_once_and_a_missing_one_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
