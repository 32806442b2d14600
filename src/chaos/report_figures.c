/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report_figures: see report_figures.h. */
#include "chaos/report_figures.h"

#include "base/civil.h"
#include "chaos/text.h"

#include <inttypes.h>

void tally_day(const struct day *d, struct tally *ret)
{
    *ret = (struct tally){0};
    const struct day_op *op = day_rows(&d->ops);
    for (size_t i = 0; i < d->ops.count; i++)
        ret->of[op[i].verb][op[i].outcome]++;
}

void meanwhile_of(const struct day *d, size_t from, size_t to, struct meanwhile *ret)
{
    *ret = (struct meanwhile){0};
    const struct day_event *event = day_rows(&d->events);
    for (size_t i = from; i < to && i < d->events.count; i++)
        if (event[i].fault != DAY_NO_FAULT && event[i].fault != DAY_READY)
            ret->of[event[i].fault]++;
}

void meanwhile_of_day(const struct day *d, struct meanwhile *ret)
{
    for (enum day_fault fault = 0; fault < DAY_FAULTS; fault++)
        ret->of[fault] = day_injected(d, fault);
}

const char *fault_words(enum day_fault fault, bool many)
{
    static const char *const words[DAY_FAULTS][2] = {
        [DAY_NO_FAULT] = {"chapter", "chapters"},
        [DAY_KILL_SERVER] = {"kill -9 of the server", "kills (-9) of the server"},
        [DAY_KILL_DATABASE] = {"kill -9 of the database", "kills (-9) of the database"},
        [DAY_READY] = {"return", "returns"},
        [DAY_LOST_ANSWER] = {"lost answer", "lost answers"},
        [DAY_DOUBLE_TAP] = {"double tap", "double taps"},
        [DAY_PROVIDER] = {"failed call of the mail provider", "failed calls of the mail provider"},
    };
    return words[fault][many];
}

const char *verb_words(enum day_verb verb)
{
    static const char *const words[DAY_VERBS] = {
        [DAY_BOOK] = "Book a visit",
        [DAY_MOVE] = "Move one",
        [DAY_CANCEL] = "Cancel one",
        [DAY_RESTORE] = "Restore one",
        [DAY_CORRECT] = "Correct a wrong number",
        [DAY_CONFIRM] = "Confirm one",
        [DAY_COMPLETE] = "Complete one",
        [DAY_NO_SHOW] = "Mark a no-show",
        [DAY_STOCK] = "Receive, count or write off stock",
        [DAY_AWAY] = "Call in sick",
        [DAY_READ] = "Look at a booking",
    };
    return words[verb];
}

void meanwhile_words(struct buf *out, const struct meanwhile *m)
{
    size_t kinds = 0, said = 0;
    for (size_t i = 0; i < DAY_FAULTS; i++)
        kinds += m->of[i] > 0;
    for (enum day_fault fault = 0; fault < DAY_FAULTS; fault++) {
        if (m->of[fault] == 0)
            continue;
        if (said > 0)
            buf_z(out, said + 1 == kinds ? " and " : ", ");
        said++;
        text_count(out, m->of[fault]);
        buf_byte(out, ' ');
        buf_z(out, fault_words(fault, m->of[fault] != 1));
    }
}

void clock_words(struct buf *out, int64_t ms)
{
    int64_t s = ms / 1000;
    if (s >= 3600)
        buf_printf(out, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
    else
        buf_printf(out, "%d:%02d", (int)(s / 60), (int)(s % 60));
}

void count_words(struct buf *out, int64_t n, const char *one, const char *many)
{
    text_count(out, n);
    buf_byte(out, ' ');
    buf_z(out, n == 1 ? one : many);
}

void length_words(struct buf *out, int64_t ms)
{
    int64_t s = (ms + 500) / 1000, hours = s / 3600, minutes = s / 60 % 60;
    if (hours)
        count_words(out, hours, "hour", "hours");
    if (hours && minutes)
        buf_z(out, " and ");
    if (minutes)
        count_words(out, minutes, "minute", "minutes");
    if (!hours && minutes && s % 60)
        buf_z(out, " and ");
    if (!hours && (s % 60 || !minutes))
        count_words(out, s % 60, "second", "seconds");
}

void bound_words(struct buf *out, int64_t looked_at)
{
    if (looked_at <= 3)
        return;
    buf_z(out, "fewer than 1 in ");
    text_count(out, looked_at / 3);
    buf_z(out, " (95 % confidence)");
}

void instant_words(struct buf *out, int64_t s)
{
    char text[INSTANT_TEXT];
    instant_format(s, text);
    buf_printf(out, "%.10s %.5s UTC", text, text + 11);
}

int64_t findings_of(const struct verdict *v)
{
    int64_t n = 0;
    for (size_t i = 0; i < v->count; i++)
        n += v->judgement[i].findings;
    return n;
}

bool next_chapter(const struct day *d, size_t *next)
{
    const struct day_event *event = day_rows(&d->events);
    while (*next < d->events.count &&
           (event[*next].fault != DAY_NO_FAULT || event[*next].text.len == 0))
        ++*next;
    return *next < d->events.count;
}
