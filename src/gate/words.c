/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words: what is wrong with a gate, and what to do about it. See gate.h. */
#include "gate/gate.h"

enum { HOURS_PER_DAY = 24 };

/* "2026-11-28 at 14:00", on the business's clock. */
static struct str when(struct arena *a, const struct tz *tz, int64_t at_s)
{
    char local[LOCAL_TEXT];
    tz_local_format(tz, at_s, local);
    return str_printf(a, "%.10s at %.5s", local, local + 11);
}

static struct str day(struct arena *a, const struct tz *tz, int64_t at_s)
{
    char local[LOCAL_TEXT];
    tz_local_format(tz, at_s, local);
    return str_printf(a, "%.10s", local);
}

/* "Colour needs Patch test, which ends at least 48 hours before it". */
static struct str needs(struct arena *a, const struct gate_rule *rule)
{
    struct str text = str_printf(a, STR_FMT " needs \"" STR_FMT "\"", STR_ARG(rule->service),
                                 STR_ARG(rule->name));
    if (rule->kind == GATE_FORM)
        return str_printf(a, STR_FMT " to be filled in", STR_ARG(text));
    if (rule->lead_hours == 0)
        return str_printf(a, STR_FMT " before it", STR_ARG(text));
    return rule->lead_hours % HOURS_PER_DAY == 0 && rule->lead_hours > 2 * HOURS_PER_DAY
               ? str_printf(a, STR_FMT " at least %d days before it", STR_ARG(text),
                            rule->lead_hours / HOURS_PER_DAY)
               : str_printf(a, STR_FMT " at least %d hour%s before it", STR_ARG(text),
                            rule->lead_hours, rule->lead_hours == 1 ? "" : "s");
}

static struct str visit_words(struct arena *a, const struct tz *tz, const struct gate_rule *rule,
                              const struct gate_verdict *v, struct str what)
{
    struct str about = v->about_s.set ? when(a, tz, v->about_s.value) : STR("");
    switch (v->why) {
    case GATE_FAILED_TEST:
        return str_printf(a,
                          STR_FMT ". The last one, on " STR_FMT ", did not go well: only one that "
                                  "is done later and written down as passed opens the way.",
                          STR_ARG(what), STR_ARG(day(a, tz, v->about_s.value)));
    case GATE_NOT_DONE:
        return str_printf(a,
                          STR_FMT ". It is booked until " STR_FMT " and not completed: complete "
                                  "it first.",
                          STR_ARG(what), STR_ARG(about));
    case GATE_TOO_SOON:
        return v->earliest_s.set
                   ? str_printf(
                         a, STR_FMT ". It ends on " STR_FMT ": choose a start from " STR_FMT " on.",
                         STR_ARG(what), STR_ARG(about), STR_ARG(when(a, tz, v->earliest_s.value)))
                   : str_printf(a, STR_FMT ". It ends on " STR_FMT ", which is too late.",
                                STR_ARG(what), STR_ARG(about));
    case GATE_EXPIRED:
        return str_printf(a,
                          STR_FMT ". The last one was on " STR_FMT " and is good for %lld day%s: "
                                  "book it again.",
                          STR_ARG(what), STR_ARG(day(a, tz, v->about_s.value)),
                          (long long)rule->valid_days.value,
                          rule->valid_days.value == 1 ? "" : "s");
    default: return str_printf(a, STR_FMT ": book that first.", STR_ARG(what));
    }
}

struct str gate_words(struct arena *a, const struct tz *tz, const struct gate_rule *rule,
                      const struct gate_verdict *verdict)
{
    struct str what = needs(a, rule);
    struct str text;
    if (rule->kind != GATE_FORM)
        text = visit_words(a, tz, rule, verdict, what);
    else if (verdict->why == GATE_EXPIRED)
        text =
            str_printf(a,
                       STR_FMT ". The client's answers of " STR_FMT " are good for %lld day%s: "
                               "have it filled in again.",
                       STR_ARG(what), STR_ARG(day(a, tz, verdict->about_s.value)),
                       (long long)rule->valid_days.value, rule->valid_days.value == 1 ? "" : "s");
    else
        text = str_printf(a, STR_FMT ". The client has not done so yet.", STR_ARG(what));
    if (rule->offered)
        return text;
    return str_printf(a, STR_FMT " It cannot be had just now: the owner has switched it off.",
                      STR_ARG(text));
}

struct str gate_words_for_anyone(struct arena *a, const struct gate_rule *rule,
                                 const struct workspace *ws)
{
    struct str text = str_printf(a, STR_FMT ": book that first, with the same e-mail address. ",
                                 STR_ARG(needs(a, rule)));
    if (rule->valid_days.set)
        text =
            str_printf(a, STR_FMT "It is good for %lld day%s. ", STR_ARG(text),
                       (long long)rule->valid_days.value, rule->valid_days.value == 1 ? "" : "s");
    bool phone = ws->phone.len > 0;
    return str_printf(a,
                      STR_FMT
                      "If you have booked or had it already and this time should do, please "
                      "contact " STR_FMT "%s" STR_FMT ".",
                      STR_ARG(text), STR_ARG(ws->name), phone ? ", " : "", STR_ARG(ws->phone));
}
