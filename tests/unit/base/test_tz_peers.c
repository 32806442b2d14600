/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every installed zone against other readers of the same files: the C library's localtime_r and
 * mktime, and GLib's GTimeZone where it is installed. From 1970 to 2040, at every change of offset
 * and a second beside it, and at probes once a week (SOAK=1: every six hours), so that a change
 * that only the other one knows is seen too.
 */
#include "tz_files.h"

#include <time.h>

#ifdef HAVE_GLIB
#include <glib.h>
#endif

static const int64_t FIRST = 0;         /* 1970-01-01 */
static const int64_t LAST = 2240524800; /* 2041-01-01 */

static int64_t probe_step(void)
{
    /* Not whole days, so that probes fall on every hour. */
    const char *soak = getenv("SOAK");
    return soak && *soak == '1' ? 6 * 3600 - 61 : 7 * 86400 - 3661;
}

/* Calls `check` at each probe and round each change; returns how often. */
static size_t at_all_probes(const struct tz *tz, void (*check)(const struct tz *, int64_t, void *),
                            void *arg)
{
    size_t checked = 0;
    for (int64_t t = FIRST; t < LAST; t += probe_step(), checked++)
        check(tz, t, arg);
    for (int64_t t = tz_next_change(tz, FIRST); t < LAST; t = tz_next_change(tz, t), checked += 3)
        for (int64_t near = -1; near <= 1; near++)
            check(tz, t + near, arg);
    return checked;
}

static void compare_with_c_library(const struct tz *tz, int64_t t, void *arg)
{
    (void)arg;
    struct tm tm;
    time_t time = t;
    assert_non_null(localtime_r(&time, &tm));
    int64_t date = civil_to_days((struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday});
    int wall_s = tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    if (tz_offset(tz, t) != tm.tm_gmtoff || tz_date(tz, t) != date || tz_wall_s(tz, t) != wall_s)
        fail_msg("%s at %lld: %d, the C library %ld", tz_name(tz), (long long)t, tz_offset(tz, t),
                 tm.tm_gmtoff);
    if (wall_s % 60)
        return;
    /* Back again: the first of the instants that show this wall clock, of which mktime gives one.
     */
    int64_t back = tz_instant(tz, date, wall_s / 60);
    tm.tm_isdst = -1;
    int64_t theirs = mktime(&tm);
    if (back > t || back > theirs || tz_date(tz, back) != date || tz_wall_s(tz, back) != wall_s ||
        (back != theirs && tz_offset(tz, back) == tz_offset(tz, theirs)))
        fail_msg("%s at %lld: %lld, mktime %lld", tz_name(tz), (long long)t, (long long)back,
                 (long long)theirs);
}

static const struct zone_names *names(void)
{
    struct zone_names *z = calloc(1, sizeof *z);
    assert_non_null(z);
    zone_names_add(z, "");
    return z;
}

static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    const struct zone_names *z = names();
    size_t checked = 0;
    for (size_t i = 0; i < z->count; i++) {
        const struct tz *tz = tz_find(str_of(z->name[i]));
        if (!tz)
            fail_msg("cannot read %s", z->name[i]);
        setenv("TZ", z->name[i], 1);
        tzset();
        checked += at_all_probes(tz, compare_with_c_library, NULL);
    }
    print_message("%zu zones, %zu instants compared with the C library\n", z->count, checked);
    assert_true(z->count > 300 && checked > 1000000);
    free((void *)(uintptr_t)z);
}

#ifdef HAVE_GLIB
static void compare_with_glib(const struct tz *tz, int64_t t, void *arg)
{
    GTimeZone *theirs = arg;
    /*
     * GLib 2.74 takes a rule whose summer time is behind its standard time (Dublin's) for the
     * opposite, an hour wrong. There the C library is witness alone.
     */
    if (tz->has_rule && tz->rule.dst_offset_s < tz->rule.std_offset_s &&
        t >= tz->at_s[tz->count - 1] - 1)
        return;
    int interval = g_time_zone_find_interval(theirs, G_TIME_TYPE_UNIVERSAL, t);
    int offset = g_time_zone_get_offset(theirs, interval);
    if (tz_offset(tz, t) != offset)
        fail_msg("%s at %lld: %d, GLib %d", tz_name(tz), (long long)t, tz_offset(tz, t), offset);
}

static void every_zone_agrees_with_glib(void **state)
{
    (void)state;
    const struct zone_names *z = names();
    size_t checked = 0;
    for (size_t i = 0; i < z->count; i++) {
        const struct tz *tz = tz_find(str_of(z->name[i]));
        GTimeZone *theirs = g_time_zone_new_identifier(z->name[i]);
        assert_non_null(tz);
        assert_non_null(theirs);
        checked += at_all_probes(tz, compare_with_glib, theirs);
        g_time_zone_unref(theirs);
    }
    print_message("%zu zones, %zu instants compared with GLib\n", z->count, checked);
    assert_true(checked > 1000000);
    free((void *)(uintptr_t)z);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
#ifdef HAVE_GLIB
        cmocka_unit_test(every_zone_agrees_with_glib),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
