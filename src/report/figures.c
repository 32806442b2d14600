/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* figures: what can be counted, once: its name, what it means, how it is shown. See report.h. */
#include "report/internal.h"

enum { SECONDS_PER_MINUTE = 60, MILLI = 1000 };

#define FIGURE(k, at, name_, words)                                                             \
    {                                                                                           \
        .name = (name_), .kind = (k), .offset = offsetof(struct figures, of[at]), .omit = true, \
        .doc = (words)                                                                          \
    }
#define COUNT(at, name_, words) [at] = FIGURE(F_INT, at, name_, words)
#define QTY(at, name_, words)   [at] = FIGURE(F_QTY, at, name_, words)

static const struct field figure_fields[] = {
    COUNT(FIG_ALL, "all", "bookings of whatever status"),
    COUNT(FIG_VISITS, "visits", "bookings that were not cancelled"),
    COUNT(FIG_COMPLETED, "completed", "completed visits"),
    COUNT(FIG_CONFIRMED, "confirmed", "confirmed, and not marked yet"),
    COUNT(FIG_PENDING, "pending", "waiting for the business's yes"),
    COUNT(FIG_CANCELLED, "cancelled", "cancelled bookings"),
    COUNT(FIG_NO_SHOW, "no_show", "visits whose client did not come"),
    COUNT(FIG_ONLINE, "online", "visits that clients booked themselves"),
    COUNT(FIG_BOOKED_VALUE, "booked_value", "prices of pending, confirmed and completed visits"),
    COUNT(FIG_COMPLETED_VALUE, "completed_value", "prices of completed visits"),
    COUNT(FIG_AVERAGE_VALUE, "average_value", "completed_value a completed visit"),
    COUNT(FIG_NO_SHOW_VALUE, "no_show_value", "prices of no-shows"),
    COUNT(FIG_CANCELLED_VALUE, "cancelled_value", "prices of cancelled bookings"),
    COUNT(FIG_NO_SHOW_PERMILLE, "no_show_permille", "no_show of completed and no_show"),
    COUNT(FIG_CANCELLED_PERMILLE, "cancelled_permille", "cancelled of all"),
    COUNT(FIG_BY_CLIENT, "by_client", "cancelled by the client"),
    COUNT(FIG_BY_BUSINESS, "by_business", "cancelled by the business"),
    COUNT(FIG_WITHIN_2H, "within_2h", "cancelled less than two hours before, or later"),
    COUNT(FIG_WITHIN_DAY, "within_day", "cancelled 2 to 24 hours before"),
    COUNT(FIG_WITHIN_3_DAYS, "within_3_days", "cancelled 24 to 72 hours before"),
    COUNT(FIG_WITHIN_WEEK, "within_week", "cancelled 3 to 7 days before"),
    COUNT(FIG_EARLIER, "earlier", "cancelled 7 days before or earlier"),
    COUNT(FIG_WORKED_MIN, "worked_min", "visits hold people for so long; processing is not in it"),
    COUNT(FIG_OPEN_MIN, "open_min", "people work by their hours, without time off and closures"),
    COUNT(FIG_WORKED_PERMILLE, "worked_permille", "worked_min of open_min"),
    COUNT(FIG_CLIENTS, "clients", "clients with a completed visit, once each, at the first"),
    COUNT(FIG_NEW, "new", "clients without a completed visit before it"),
    COUNT(FIG_RETURNING, "returning", "the other clients"),
    COUNT(FIG_CAME_BACK, "came_back",
          "of those who do not wait: another completed visit within 90 days"),
    COUNT(FIG_WAITING, "waiting", "the 90 days are not over"),
    COUNT(FIG_RETURN_PERMILLE, "return_permille", "came_back of clients without waiting"),
    COUNT(FIG_RATINGS, "ratings", "ratings given"),
    COUNT(FIG_STARS, "stars", "the sum of their stars"),
    COUNT(FIG_MEAN, "mean_hundredths", "stars a rating: 470 is 4.7"),
    COUNT(FIG_STARS_1, "stars_1", "ratings of one star"),
    COUNT(FIG_STARS_2, "stars_2", "ratings of two stars"),
    COUNT(FIG_STARS_3, "stars_3", "ratings of three stars"),
    COUNT(FIG_STARS_4, "stars_4", "ratings of four stars"),
    COUNT(FIG_STARS_5, "stars_5", "ratings of five stars"),
    COUNT(FIG_ITEMS, "items", "items in question"),
    COUNT(FIG_UNPRICED, "unpriced", "of them those without a cost, which are in no value"),
    QTY(FIG_ON_HAND, "on_hand", "at the end of the period, in the item's unit"),
    COUNT(FIG_STOCK_VALUE, "stock_value", "on_hand at today's cost of a unit"),
    QTY(FIG_PLANNED, "planned", "what completed visits had reserved"),
    QTY(FIG_USED, "used", "what completing them took"),
    QTY(FIG_WASTE, "waste", "written off in the period"),
    COUNT(FIG_PLANNED_VALUE, "planned_value", "planned at today's costs"),
    COUNT(FIG_USED_VALUE, "used_value", "used at today's costs"),
    COUNT(FIG_WASTE_VALUE, "waste_value", "waste at today's costs"),
};
const struct shape report_figures_shape = SHAPE("ReportFigures", struct figures, figure_fields);

const char *figure_name(enum figure f)
{
    return figure_fields[f].name;
}

bool figure_is_quantity(enum figure f)
{
    return figure_fields[f].kind == F_QTY;
}

void sums_add(struct sums *to, const struct sums *from)
{
    for (int f = 0; f < FIG__MAX; f++)
        to->of[f] += from->of[f];
}

/* To the nearest, halves up. */
static struct opt_int ratio(int64_t part, int64_t whole, int64_t scale)
{
    if (whole <= 0)
        return (struct opt_int){0};
    return some_int((part * scale * 2 + whole) / (whole * 2));
}

static int64_t minor_of(int64_t thousandths)
{
    int64_t half = thousandths < 0 ? -MILLI / 2 : MILLI / 2;
    return (thousandths + half) / MILLI;
}

static struct opt_int show(const struct sums *s, enum figure f)
{
    const int64_t *of = s->of;
    switch (f) {
    case FIG_AVERAGE_VALUE: return ratio(of[FIG_COMPLETED_VALUE], of[FIG_COMPLETED], 1);
    case FIG_NO_SHOW_PERMILLE:
        return ratio(of[FIG_NO_SHOW], of[FIG_COMPLETED] + of[FIG_NO_SHOW], 1000);
    case FIG_CANCELLED_PERMILLE: return ratio(of[FIG_CANCELLED], of[FIG_ALL], 1000);
    case FIG_WORKED_MIN:
    case FIG_OPEN_MIN: return some_int(of[f] / SECONDS_PER_MINUTE);
    case FIG_WORKED_PERMILLE: return ratio(of[FIG_WORKED_MIN], of[FIG_OPEN_MIN], 1000);
    case FIG_RETURN_PERMILLE:
        return ratio(of[FIG_CAME_BACK], of[FIG_CLIENTS] - of[FIG_WAITING], 1000);
    case FIG_MEAN: return ratio(of[FIG_STARS], of[FIG_RATINGS], 100);
    case FIG_STOCK_VALUE:
    case FIG_PLANNED_VALUE:
    case FIG_USED_VALUE:
    case FIG_WASTE_VALUE: /* where nothing has a cost, nothing is known of the value */
        if (of[FIG_ITEMS] > 0 && of[FIG_UNPRICED] == of[FIG_ITEMS])
            return (struct opt_int){0};
        return some_int(minor_of(of[f]));
    default: return some_int(of[f]);
    }
}

struct figures *figures_show(struct arena *a, const struct sums *s, const enum figure *shown,
                             size_t count)
{
    struct figures *out = arena_new(a, struct figures);
    for (size_t i = 0; i < count; i++)
        out->of[shown[i]] = show(s, shown[i]);
    return out;
}
