/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* civil: the arithmetic of dates and their texts. See civil.h. */
#include "base/civil.h"

#include <assert.h>
#include <stdio.h>

enum {
    DAYS_PER_CYCLE = 146097,   /* the calendar repeats after 400 years */
    DAYS_TO_EPOCH = 719162,    /* 0001-01-01 to 1970-01-01 */
    LAST_DAY = 2932896,        /* 9999-12-31 */
    FIRST_DAY = -DAYS_TO_EPOCH /* 0001-01-01 */
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_days_in_month(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days of a year before its `month`. */
static int days_before_month(int64_t year, int month)
{
    static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return before[month - 1] + (month > 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January. */
static int64_t days_before_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) - DAYS_TO_EPOCH;
}

int64_t civil_to_days(struct civil c)
{
    assert(c.month >= 1 && c.month <= 12);
    return days_before_year(c.year) + days_before_month(c.year, c.month) + c.day - 1;
}

struct civil civil_from_days(int64_t days)
{
    assert(days > INT32_MIN && days < INT32_MAX);
    /* The mean year gives the year but for one, near its first day. */
    int64_t year = 1970 + floor_div(days * 400, DAYS_PER_CYCLE);
    while (days_before_year(year) > days)
        year--;
    while (days_before_year(year + 1) <= days)
        year++;
    int of_year = (int)(days - days_before_year(year));
    int month = of_year / 32 + 1;
    if (month < 12 && of_year >= days_before_month(year, month + 1))
        month++;
    return (struct civil){(int)year, month, of_year - days_before_month(year, month) + 1};
}

int civil_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    int64_t since_monday = days + 3;
    return (int)(since_monday - 7 * floor_div(since_monday, 7)) + 1;
}

/* ---- reading ---- */

/* Exactly `count` digits at `at`. The caller has checked that the text is long enough. */
static bool digits(struct str s, size_t at, size_t count, int *ret)
{
    int v = 0;
    for (size_t i = at; i < at + count; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        v = v * 10 + (s.ptr[i] - '0');
    }
    *ret = v;
    return true;
}

bool date_parse(struct str s, int64_t *ret_days)
{
    struct civil c;
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-')
        return false;
    if (!digits(s, 0, 4, &c.year) || !digits(s, 5, 2, &c.month) || !digits(s, 8, 2, &c.day))
        return false;
    if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 ||
        c.day > civil_days_in_month(c.year, c.month))
        return false;
    *ret_days = civil_to_days(c);
    return true;
}

bool clock_parse(struct str s, int *ret_minutes)
{
    int hour, minute;
    if (s.len != 5 || s.ptr[2] != ':' || !digits(s, 0, 2, &hour) || !digits(s, 3, 2, &minute))
        return false;
    if (minute > 59 || hour * 60 + minute > MINUTES_PER_DAY)
        return false;
    *ret_minutes = hour * 60 + minute;
    return true;
}

/* "Z" or "+HH:MM" as the whole text. */
static bool offset_parse(struct str s, int *ret_s)
{
    int hour, minute;
    if (s.len == 1 && (s.ptr[0] == 'Z' || s.ptr[0] == 'z')) {
        *ret_s = 0;
        return true;
    }
    if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || s.ptr[3] != ':' ||
        !digits(s, 1, 2, &hour) || !digits(s, 4, 2, &minute) || hour > 23 || minute > 59)
        return false;
    int offset = (hour * 60 + minute) * 60;
    *ret_s = s.ptr[0] == '-' ? -offset : offset;
    return true;
}

bool instant_parse(struct str s, int64_t *ret_s)
{
    int64_t day;
    int hour, minute, second, offset;
    if (s.len < 20 || !date_parse((struct str){s.ptr, 10}, &day) ||
        (s.ptr[10] != 'T' && s.ptr[10] != 't') || s.ptr[13] != ':' || s.ptr[16] != ':')
        return false;
    if (!digits(s, 11, 2, &hour) || !digits(s, 14, 2, &minute) || !digits(s, 17, 2, &second) ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    size_t i = 19;
    if (s.ptr[i] == '.') {
        size_t first = ++i;
        while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
            i++;
        if (i == first)
            return false;
    }
    if (!offset_parse((struct str){s.ptr + i, s.len - i}, &offset))
        return false;
    int64_t at = day * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset;
    int64_t utc_day = floor_div(at, SECONDS_PER_DAY);
    if (utc_day < FIRST_DAY || utc_day > LAST_DAY)
        return false;
    *ret_s = at;
    return true;
}

/* ---- writing ---- */

static int64_t clamp(int64_t v, int64_t least, int64_t most)
{
    return v < least ? least : v > most ? most : v;
}

/* Two digits of a number that the caller has brought into 0 … 99. */
static char *put_two(char *p, int v)
{
    *p++ = (char)('0' + v / 10 % 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

static char *put_date(char *p, int64_t days)
{
    struct civil c = civil_from_days(clamp(days, FIRST_DAY, LAST_DAY));
    p = put_two(put_two(p, c.year / 100), c.year % 100);
    *p++ = '-';
    p = put_two(p, c.month);
    *p++ = '-';
    return put_two(p, c.day);
}

static char *put_clock(char *p, int minutes)
{
    p = put_two(p, minutes / 60);
    *p++ = ':';
    return put_two(p, minutes % 60);
}

/* Keeps an instant inside the years that have four digits. */
static int64_t clamp_instant(int64_t s)
{
    return clamp(s, (int64_t)FIRST_DAY * SECONDS_PER_DAY,
                 (LAST_DAY + 1) * (int64_t)SECONDS_PER_DAY - 1);
}

void date_format(int64_t days, char ret[static DATE_TEXT])
{
    *put_date(ret, days) = '\0';
}

void clock_format(int minutes, char ret[static CLOCK_TEXT])
{
    assert(minutes >= 0 && minutes <= MINUTES_PER_DAY);
    *put_clock(ret, minutes) = '\0';
}

void instant_format(int64_t s, char ret[static INSTANT_TEXT])
{
    s = clamp_instant(s);
    int64_t day = floor_div(s, SECONDS_PER_DAY);
    int second = (int)(s - day * SECONDS_PER_DAY);
    char *p = put_date(ret, day);
    *p++ = 'T';
    p = put_clock(p, second / 60);
    *p++ = ':';
    p = put_two(p, second % 60);
    *p++ = 'Z';
    *p = '\0';
}

void local_format(int64_t s, int offset_s, char ret[static LOCAL_TEXT])
{
    assert(offset_s > -100 * 3600 && offset_s < 100 * 3600);
    int64_t local = clamp_instant(clamp_instant(s) + offset_s);
    int64_t day = floor_div(local, SECONDS_PER_DAY);
    char *p = put_date(ret, day);
    *p++ = 'T';
    p = put_clock(p, (int)(local - day * SECONDS_PER_DAY) / 60);
    *p++ = offset_s < 0 ? '-' : '+';
    p = put_clock(p, (offset_s < 0 ? -offset_s : offset_s) / 60);
    *p = '\0';
}

/* ---- quantities ---- */

static const int64_t THOUSANDTHS_LIMIT = 1000000000000;

bool thousandths_parse(struct str s, int64_t *ret)
{
    size_t i = 0;
    bool negative = s.len && s.ptr[0] == '-';
    if (negative)
        i++;
    int64_t v = 0;
    size_t whole = i;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && v <= THOUSANDTHS_LIMIT; i++)
        v = v * 10 + (s.ptr[i] - '0');
    if (i == whole)
        return false;
    size_t places = 0;
    if (i < s.len && s.ptr[i] == '.') {
        for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && places < 3; i++, places++)
            v = v * 10 + (s.ptr[i] - '0');
        if (places == 0)
            return false;
    }
    for (; places < 3; places++)
        v *= 10;
    if (i != s.len || v > THOUSANDTHS_LIMIT)
        return false;
    *ret = negative ? -v : v;
    return true;
}

void thousandths_format(int64_t v, char ret[static THOUSANDTHS_TEXT])
{
    uint64_t magnitude = v < 0 ? -(uint64_t)v : (uint64_t)v;
    int n = snprintf(ret, THOUSANDTHS_TEXT, "%s%llu.%03d", v < 0 ? "-" : "",
                     (unsigned long long)(magnitude / 1000), (int)(magnitude % 1000));
    assert(n > 0 && n < THOUSANDTHS_TEXT);
    while (ret[n - 1] == '0')
        n--;
    if (ret[n - 1] == '.')
        n--;
    ret[n] = '\0';
}
