/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tz_posix: the TZ rule in the footer of a TZif file, such as "CET-1CEST,M3.5.0,M10.5.0/3", after
 * POSIX with the extensions of RFC 9636, section 3.3.1.
 */
#include "base/tz_zone.h"

enum { NAME_LEAST = 3, OFFSET_HOURS_MOST = 24, TIME_HOURS_MOST = 167, DEFAULT_TIME_S = 2 * 3600 };

/* ---- reading ---- */

static bool take(struct str *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    s->ptr++;
    s->len--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* One to three digits, at most `most`. */
static bool take_number(struct str *s, int most, int *ret)
{
    int v = 0;
    size_t n = 0;
    while (s->len && is_digit(s->ptr[0]) && n < 3) {
        v = v * 10 + (s->ptr[0] - '0');
        s->ptr++;
        s->len--;
        n++;
    }
    if (n == 0 || v > most)
        return false;
    *ret = v;
    return true;
}

/* "CET", or anything of letters, digits and signs between < and >. */
static bool take_name(struct str *s)
{
    bool quoted = take(s, '<');
    size_t n = 0;
    while (n < s->len) {
        char c = s->ptr[n];
        if (!is_letter(c) && !(quoted && (is_digit(c) || c == '+' || c == '-')))
            break;
        n++;
    }
    s->ptr += n;
    s->len -= n;
    return n >= NAME_LEAST && (!quoted || take(s, '>'));
}

/* [+|-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct str *s, int hours_most, int *ret)
{
    int hours, minutes = 0, seconds = 0;
    bool negative = take(s, '-');
    if (!negative)
        (void)take(s, '+');
    if (!take_number(s, hours_most, &hours))
        return false;
    if (take(s, ':')) {
        if (!take_number(s, 59, &minutes))
            return false;
        if (take(s, ':') && !take_number(s, 59, &seconds))
            return false;
    }
    int total = hours * 3600 + minutes * 60 + seconds;
    *ret = negative ? -total : total;
    return true;
}

static bool take_date(struct str *s, struct posix_date *ret)
{
    struct posix_date d = {.time_s = DEFAULT_TIME_S};
    if (!take(s, ','))
        return false;
    if (take(s, 'M')) {
        d.kind = POSIX_WEEKDAY;
        if (!take_number(s, 12, &d.month) || d.month < 1 || !take(s, '.') ||
            !take_number(s, 5, &d.week) || d.week < 1 || !take(s, '.') ||
            !take_number(s, 6, &d.day))
            return false;
    } else if (take(s, 'J')) {
        d.kind = POSIX_JULIAN;
        if (!take_number(s, 365, &d.day) || d.day < 1)
            return false;
    } else {
        d.kind = POSIX_DAY_OF_YEAR;
        if (!take_number(s, 365, &d.day))
            return false;
    }
    if (take(s, '/') && !take_time(s, TIME_HOURS_MOST, &d.time_s))
        return false;
    *ret = d;
    return true;
}

bool posix_rule_parse(struct str text, struct posix_rule *ret)
{
    struct posix_rule r = {0};
    struct str s = text;
    int west;
    if (!take_name(&s) || !take_time(&s, OFFSET_HOURS_MOST, &west))
        return false;
    r.std_offset_s = -west;
    r.dst_offset_s = r.std_offset_s;
    if (s.len) {
        r.has_dst = true;
        r.dst_offset_s = r.std_offset_s + 3600;
        if (!take_name(&s))
            return false;
        if (s.len && s.ptr[0] != ',') {
            if (!take_time(&s, OFFSET_HOURS_MOST, &west))
                return false;
            r.dst_offset_s = -west;
        }
        if (!take_date(&s, &r.start) || !take_date(&s, &r.end) || s.len)
            return false;
    }
    *ret = r;
    return true;
}

/* ---- answering ---- */

static int64_t date_in_year(const struct posix_date *d, int year)
{
    int64_t new_year = civil_to_days((struct civil){year, 1, 1});
    if (d->kind == POSIX_DAY_OF_YEAR)
        return new_year + d->day;
    if (d->kind == POSIX_JULIAN) {
        bool leap = civil_days_in_month(year, 2) == 29;
        return new_year + d->day - 1 + (leap && d->day >= 60);
    }
    int64_t first = civil_to_days((struct civil){year, d->month, 1});
    /* Sunday is 0 in the rule and 7 in our weekdays. */
    int64_t day = first + (d->day - civil_weekday(first) % 7 + 7) % 7 + 7 * (d->week - 1);
    return day >= first + civil_days_in_month(year, d->month) ? day - 7 : day;
}

struct change {
    int64_t at_s;
    int offset_s;
};

/* The years beside the asked one count, since a change may lie a week from its date. */
enum { YEARS = 5, CHANGES = 2 * YEARS };

/*
 * The changes of the five years around `at_s` in order of time. Of two at one instant the later in
 * the calendar comes last and so decides: a rule that ends each year where the next begins ("all
 * the year") has no winter of zero seconds.
 */
static void changes_around(const struct posix_rule *r, int64_t at_s, struct change ret[CHANGES])
{
    int64_t day = at_s / SECONDS_PER_DAY - (at_s % SECONDS_PER_DAY < 0);
    int year = civil_from_days(day).year - YEARS / 2;
    size_t n = 0;
    for (int i = 0; i < YEARS; i++, year++) {
        int64_t start = date_in_year(&r->start, year) * SECONDS_PER_DAY + r->start.time_s;
        int64_t end = date_in_year(&r->end, year) * SECONDS_PER_DAY + r->end.time_s;
        const struct change pair[] = {
            {start - r->std_offset_s, r->dst_offset_s},
            {end - r->dst_offset_s, r->std_offset_s},
        };
        for (size_t k = 0; k < 2; k++) {
            size_t at = n++;
            for (; at > 0 && ret[at - 1].at_s > pair[k].at_s; at--)
                ret[at] = ret[at - 1];
            ret[at] = pair[k];
        }
    }
}

int posix_rule_offset(const struct posix_rule *rule, int64_t at_s, int64_t *ret_next_s)
{
    *ret_next_s = INT64_MAX;
    if (!rule->has_dst)
        return rule->std_offset_s;
    struct change changes[CHANGES] = {0};
    changes_around(rule, at_s, changes);
    size_t i = 0;
    while (i + 1 < CHANGES && changes[i + 1].at_s <= at_s)
        i++;
    int offset = changes[i].offset_s;
    for (i++; i + 1 < CHANGES; i++) {
        /* Of several changes at one instant only what the last of them sets counts. */
        if (changes[i + 1].at_s > changes[i].at_s && changes[i].offset_s != offset) {
            *ret_next_s = changes[i].at_s;
            break;
        }
    }
    return offset;
}
