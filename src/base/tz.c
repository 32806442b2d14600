/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz: the zones in use, and every question about local time. See tz.h.
 *
 * A question is answered by walking the stretches of constant offset around it, of which real zones
 * have at most a few in the days concerned. No case is made of gaps and overlaps: they are what
 * lies between two stretches.
 */
#include "base/tz.h"

#include "base/log.h"
#include "base/seeded.h"
#include "base/tz_zone.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the zones in use ---- */

/* Debian has some 600 zones; a name that is no file takes no place. */
enum { CACHE_MAX = 2048, CACHE_BUCKETS = 512, PATH_SIZE = 1024 };

struct entry {
    struct entry *next;
    char name[TZ_NAME_MAX + 1];
    struct tz *tz; /* NULL: there is a file and it cannot be used */
};

/*
 * The process's zones, beside the log sink the one thing of ours at file scope that changes: what
 * is found on disk is the same for every caller, and entries are added, never altered or removed.
 * Lock order: `lock` is a leaf. Under it a small file is read and a line may be logged, no other
 * lock is taken.
 */
static struct {
    pthread_mutex_t lock;
    size_t count;
    struct entry *buckets[CACHE_BUCKETS];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Files, but no places: the server's own zone, bare rules, a placeholder, all zones once more. */
static bool names_place(struct str name)
{
    static const char *const none[] = {"localtime", "posixrules", "Factory"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (str_is(name, none[i]))
            return false;
    return !str_starts(name, STR("posix/")) && !str_starts(name, STR("right/"));
}

static bool name_ok(struct str name)
{
    if (name.len == 0 || name.len > TZ_NAME_MAX)
        return false;
    char before = '/';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '_' || c == '+' || c == '-';
        if (!plain && (c != '/' || before == '/'))
            return false;
        before = c;
    }
    return before != '/' && names_place(name);
}

static size_t bucket_of(struct str name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * 16777619u;
    return h % CACHE_BUCKETS;
}

/* A regular file's descriptor, or -1 where the name stands for nothing that could be a zone. */
static int open_file(struct str name)
{
    char path[PATH_SIZE];
    const char *folder = getenv("TZDIR");
    if (!folder || !*folder)
        folder = "/usr/share/zoneinfo";
    int n = snprintf(path, sizeof path, "%s/" STR_FMT, folder, STR_ARG(name));
    if (n < 0 || (size_t)n >= sizeof path)
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Reads to the end and closes. One byte more than a file may have tells a file that is too large.
 */
static struct tz *load(int fd)
{
    size_t len = 0;
    struct tz *tz = NULL;
    unsigned char *bytes = malloc(TZ_FILE_MAX + 1);
    if (!bytes)
        abort();
    ssize_t n = 1;
    while (n > 0 && len <= TZ_FILE_MAX) {
        n = read(fd, bytes + len, TZ_FILE_MAX + 1 - len);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            len += (size_t)n;
    }
    if (n == 0)
        tz = tz_read(bytes, len);
    free(bytes);
    close(fd);
    return tz;
}

/* The entry of a file that exists, else NULL. Called with the lock held. */
static struct entry *find_or_load(struct str name)
{
    struct entry **bucket = &cache.buckets[bucket_of(name)];
    for (struct entry *e = *bucket; e; e = e->next)
        if (str_is(name, e->name))
            return e;
    int fd = cache.count < CACHE_MAX ? open_file(name) : -1;
    if (fd < 0)
        return NULL;
    struct entry *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    memcpy(e->name, name.ptr, name.len);
    e->tz = load(fd);
    if (e->tz)
        memcpy(e->tz->name, name.ptr, name.len);
    else
        log_event(LOG_ERROR, "time zone file cannot be used", "s:zone", e->name, NULL);
    e->next = *bucket;
    *bucket = e;
    cache.count++;
    return e;
}

const struct tz *tz_find(struct str name)
{
    if (!name_ok(name))
        return NULL;
    pthread_mutex_lock(&cache.lock);
    const struct entry *e = find_or_load(name);
    pthread_mutex_unlock(&cache.lock);
    return e ? e->tz : NULL;
}

const char *tz_name(const struct tz *tz)
{
    return tz->name;
}

/* ---- stretches of constant offset ---- */

/* Every local date lies within its UTC date and this much on either side. */
enum { REACH_S = 26 * 3600, SOME_WINTER_S = 1768435200 };

static int64_t clamp(int64_t v, int64_t limit)
{
    return v < -limit ? -limit : v > limit ? limit : v;
}

static int64_t floor_days(int64_t local_s)
{
    return local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
}

/* How many transitions are at or before an instant. */
static size_t transitions_until(const struct tz *tz, int64_t at_s)
{
    size_t low = 0, high = tz->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (tz->at_s[mid] <= at_s)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* [from_s, to_s) with one offset. */
struct stretch {
    int64_t from_s;
    int64_t to_s;
    int offset_s;
};

/* From an instant to the next change. */
static struct stretch stretch_at(const struct tz *tz, int64_t at_s)
{
    struct stretch s = {clamp(at_s, TZ_INSTANT_LIMIT), INT64_MAX, 0};
    if (SEEDED(DST_FIXED_OFFSET) && at_s != SOME_WINTER_S) {
        s.offset_s = stretch_at(tz, SOME_WINTER_S).offset_s;
        return s;
    }
    size_t passed = transitions_until(tz, s.from_s);
    if (passed == tz->count && tz->has_rule) {
        s.offset_s = posix_rule_offset(&tz->rule, s.from_s, &s.to_s);
        return s;
    }
    s.offset_s = passed ? tz->offset_s[passed - 1] : tz->first_offset_s;
    for (size_t i = passed; i < tz->count; i++)
        if (tz->offset_s[i] != s.offset_s) {
            s.to_s = tz->at_s[i];
            return s;
        }
    if (tz->has_rule)
        (void)posix_rule_offset(&tz->rule, tz->at_s[tz->count - 1], &s.to_s);
    return s;
}

int tz_offset(const struct tz *tz, int64_t at_s)
{
    return stretch_at(tz, at_s).offset_s;
}

int64_t tz_next_change(const struct tz *tz, int64_t at_s)
{
    return stretch_at(tz, at_s).to_s;
}

/* The part of a stretch whose clock shows [local_from_s, local_to_s), if any. */
static bool shows(struct stretch s, int64_t local_from_s, int64_t local_to_s, int64_t *ret_from,
                  int64_t *ret_to)
{
    int64_t from = local_from_s - s.offset_s, to = local_to_s - s.offset_s;
    *ret_from = from > s.from_s ? from : s.from_s;
    *ret_to = to < s.to_s ? to : s.to_s;
    return *ret_from < *ret_to;
}

/* Dates are clamped so that their instants stay where the arithmetic is exact. */
static int64_t local_midnight(int64_t date)
{
    return clamp(date, TZ_INSTANT_LIMIT / SECONDS_PER_DAY - 2) * SECONDS_PER_DAY;
}

/* ---- questions ---- */

int64_t tz_date(const struct tz *tz, int64_t at_s)
{
    return floor_days(clamp(at_s, TZ_INSTANT_LIMIT) + tz_offset(tz, at_s));
}

int tz_wall_s(const struct tz *tz, int64_t at_s)
{
    int64_t local = clamp(at_s, TZ_INSTANT_LIMIT) + tz_offset(tz, at_s);
    return (int)(local - floor_days(local) * SECONDS_PER_DAY);
}

int64_t tz_day_start(const struct tz *tz, int64_t date)
{
    int64_t midnight = local_midnight(date), from, to;
    struct stretch s = stretch_at(tz, midnight - REACH_S);
    /* An offset is less than REACH_S, so that much after its UTC midnight the date has begun. */
    while (!shows(s, midnight, INT64_MAX / 2, &from, &to)) {
        assert(s.to_s <= midnight + REACH_S);
        s = stretch_at(tz, s.to_s);
    }
    return from;
}

int64_t tz_day_end(const struct tz *tz, int64_t date)
{
    return tz_day_start(tz, date + 1);
}

int64_t tz_day_of(const struct tz *tz, int64_t at_s)
{
    int64_t date = tz_date(tz, at_s);
    at_s = clamp(at_s, TZ_INSTANT_LIMIT);
    /* At most a step or two: clocks are never set back by more than offsets can differ. */
    while (date < floor_days(at_s + REACH_S) && tz_day_end(tz, date) <= at_s)
        date++;
    return date;
}

bool tz_span(const struct tz *tz, int64_t date, int start_min, int end_min, int64_t *ret_from,
             int64_t *ret_to)
{
    assert(start_min >= 0 && start_min < end_min && end_min <= MINUTES_PER_DAY);
    int64_t midnight = local_midnight(date);
    int64_t first = INT64_MAX, last = INT64_MIN, from, to;
    struct stretch s = stretch_at(tz, midnight - REACH_S);
    while (true) {
        if (shows(s, midnight + start_min * 60, midnight + SECONDS_PER_DAY, &from, &to) &&
            from < first)
            first = from;
        if (shows(s, midnight, midnight + end_min * 60, &from, &to) && to > last)
            last = to;
        if (s.to_s >= midnight + SECONDS_PER_DAY + REACH_S)
            break;
        s = stretch_at(tz, s.to_s);
    }
    if (first >= last)
        return false;
    *ret_from = first;
    *ret_to = last;
    return true;
}

int64_t tz_instant(const struct tz *tz, int64_t date, int wall_min)
{
    assert(wall_min >= 0 && wall_min <= MINUTES_PER_DAY);
    int64_t local = local_midnight(date) + wall_min * 60;
    int64_t from, to, in_gap = 0;
    bool swallowed = false;
    struct stretch s = stretch_at(tz, local - REACH_S);
    while (!shows(s, local, local + 1, &from, &to)) {
        if (s.to_s > local + REACH_S) {
            assert(swallowed);
            return in_gap;
        }
        /* The gap after this stretch swallows the time if the next one begins later than it. */
        struct stretch after = stretch_at(tz, s.to_s);
        if (!swallowed && local - s.offset_s >= s.to_s && local - after.offset_s < after.from_s) {
            swallowed = true;
            in_gap = local - s.offset_s;
        }
        s = after;
    }
    return from;
}

void tz_local_format(const struct tz *tz, int64_t at_s, char ret[static LOCAL_TEXT])
{
    local_format(at_s, tz_offset(tz, at_s), ret);
}
