/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of report/ share and nobody else sees. */
#ifndef CAREOPS_REPORT_INTERNAL_H
#define CAREOPS_REPORT_INTERNAL_H

#include "report/report.h"
#include "workspace/workspace.h"

/* ---- figures (figures.c) ---- */

enum figure {
    FIG_ALL,
    FIG_VISITS,
    FIG_COMPLETED,
    FIG_CONFIRMED,
    FIG_PENDING,
    FIG_CANCELLED,
    FIG_NO_SHOW,
    FIG_ONLINE,
    FIG_BOOKED_VALUE,
    FIG_COMPLETED_VALUE,
    FIG_AVERAGE_VALUE,
    FIG_NO_SHOW_VALUE,
    FIG_CANCELLED_VALUE,
    FIG_NO_SHOW_PERMILLE,
    FIG_CANCELLED_PERMILLE,
    FIG_BY_CLIENT,
    FIG_BY_BUSINESS,
    FIG_WITHIN_2H,
    FIG_WITHIN_DAY,
    FIG_WITHIN_3_DAYS,
    FIG_WITHIN_WEEK,
    FIG_EARLIER,
    FIG_WORKED_MIN,
    FIG_OPEN_MIN,
    FIG_WORKED_PERMILLE,
    FIG_CLIENTS,
    FIG_NEW,
    FIG_RETURNING,
    FIG_CAME_BACK,
    FIG_WAITING,
    FIG_RETURN_PERMILLE,
    FIG_RATINGS,
    FIG_STARS,
    FIG_MEAN,
    FIG_STARS_1,
    FIG_STARS_2,
    FIG_STARS_3,
    FIG_STARS_4,
    FIG_STARS_5,
    FIG_ITEMS,
    FIG_UNPRICED,
    FIG_ON_HAND,
    FIG_STOCK_VALUE,
    FIG_PLANNED,
    FIG_USED,
    FIG_WASTE,
    FIG_PLANNED_VALUE,
    FIG_USED_VALUE,
    FIG_WASTE_VALUE,
    FIG__MAX,
};

/*
 * As they are added up. Ratios are made of sums (figures_show), never added. Worked and open are
 * seconds in here, values of stock thousandths of a minor unit: rounding comes last.
 */
struct sums {
    int64_t of[FIG__MAX];
};
void sums_add(struct sums *to, const struct sums *from);

/* As they are shown: unset where a kind has no such figure, or there is nothing to divide by. */
struct figures {
    struct opt_int of[FIG__MAX];
};
extern const struct shape report_figures_shape;
const char *figure_name(enum figure f);
bool figure_is_quantity(enum figure f);
/* A level stands at a moment; all others add up over time. */
struct figures *figures_show(struct arena *a, const struct sums *s, const enum figure *shown,
                             size_t count);

/* ---- periods (period.c) ---- */

enum report_by { BY_DAY, BY_WEEK, BY_MONTH };
enum report_compare { COMPARE_NONE, COMPARE_PREVIOUS, COMPARE_LAST_YEAR };
extern const char *const report_by_names[], *const report_compare_names[];

/* SQL cannot ask the zone, so the period is told to it as pieces of even days: (s − base) / 86400
 * is the local day of an instant s in a piece. More are no zone's. */
enum { PERIOD_CHANGES_MAX = 5 };

struct period {
    int64_t from, to;     /* local dates, inclusive */
    int64_t from_s, to_s; /* their instants, half-open */
    int64_t change_s[PERIOD_CHANGES_MAX], base_s[PERIOD_CHANGES_MAX + 1];
};

/* INVALID where it is longer than REPORT_DAYS_MAX or upside down. */
enum result period_of(struct work *w, const struct tz *tz, int64_t from, int64_t to,
                      struct period *ret) must_check;
void period_before(const struct period *p, enum report_compare how, int64_t *ret_from,
                   int64_t *ret_to);
/* The last date of the part that `date` is in, at most `to`. */
int64_t part_end(enum report_by by, int64_t date, int64_t to);

/* ---- a report being made ---- */

struct report_row {
    const char *group;
    int64_t id;       /* 0: none */
    struct str name;  /* what the group's member is called; absent where `word` says it */
    const char *word; /* of a fixed list: for the page's own words */
    struct str unit;  /* of an item's quantities */
    bool unpriced;    /* of an item: nobody has said what it costs */
    struct sums sums;
    struct figures *figures; /* the sums, shown */
    struct opt_int value;
    size_t position; /* where the order is the group's own */
};

enum { ROWS_LIST_MAX = 8000 };

struct report {
    const struct report_kind *kind;
    const struct workspace *ws;
    struct period period;
    int64_t staff_id, service_id; /* 0: all */
    int64_t now_s;
    size_t day_count;
    struct sums *days; /* one a local date */
    struct sums total; /* of what does not add up over days; else empty */
    bool with_rows;
    size_t row_count, row_room;
    struct report_row *rows;
    struct arena *arena;
};

/* The sums of a date that SQL has told; a date outside is the first or the last one's. */
struct sums *report_day(struct report *r, int64_t date);
/* The row of a member of a group, made where there is none yet; NULL past ROWS_LIST_MAX. */
struct report_row *report_row(struct report *r, const char *group, int64_t id);

struct report_kind {
    const char *name;
    const char *unit; /* of its value: report_units */
    enum figure value;
    const enum figure *shown; /* of the whole period */
    size_t shown_count;
    const enum figure *part_shown, *row_shown; /* NULL: as the whole */
    size_t part_shown_count, row_shown_count;
    bool by_staff, by_service; /* which filters it takes */
    bool is_level;             /* days are changes; parts show what stands at their end */
    enum result (*read)(struct work *w, struct report *r);
};
extern const char *const report_units[];
/* NULL: there is none. */
const struct report_kind *report_kind_of(struct str name);

enum result report_read_visits(struct work *w, struct report *r) must_check;
enum result report_read_cancellations(struct work *w, struct report *r) must_check;
enum result report_read_people(struct work *w, struct report *r) must_check;
enum result report_read_clients(struct work *w, struct report *r) must_check;
enum result report_read_ratings(struct work *w, struct report *r) must_check;
enum result report_read_stock_value(struct work *w, struct report *r) must_check;
enum result report_read_stock_used(struct work *w, struct report *r) must_check;

/* ---- SQL (the statements' parameters are report_values()) ---- */

enum { REPORT_VALUES = 17 };
/* $1 workspace, $2 from, $3 to, $4 person or 0, $5 service or 0, $6 … $16 the period's pieces,
 * $17 now. */
const struct db_value *report_values(struct work *w, const struct report *r);

/* The local date of b.start_s. */
#define LOCAL_DAY                                                                                  \
    "(b.start_s - CASE WHEN b.start_s < $6 THEN CAST($7 AS BIGINT)"                                \
    " WHEN b.start_s < $8 THEN CAST($9 AS BIGINT) WHEN b.start_s < $10 THEN CAST($11 AS BIGINT)"   \
    " WHEN b.start_s < $12 THEN CAST($13 AS BIGINT) WHEN b.start_s < $14 THEN CAST($15 AS BIGINT)" \
    " ELSE CAST($16 AS BIGINT) END) / 86400"

/* The bookings b of the question. */
#define OF_PERIOD                                                                       \
    " b.workspace_id = $1 AND b.start_s >= $2 AND b.start_s < $3"                       \
    " AND ($4 = 0 OR b.staff_id = $4)"                                                  \
    " AND ($5 = 0 OR EXISTS (SELECT 1 FROM booking_service x WHERE x.workspace_id = $1" \
    " AND x.booking_id = b.id AND x.service_id = $5))"

/* The cost of a unit of item i in minor units, NULL where nobody has said it. */
#define UNIT_COST "i.unit_cost"

/* Who the rows' ids are (named.c): people, services. */
enum result report_name_people(struct work *w, struct report *r) must_check;
enum result report_name_services(struct work *w, struct report *r) must_check;

/* ---- the answer (report.c, csv_table.c) ---- */

struct finding_out {
    struct opt_int value, previous, change_permille, best_from, best_to, best_value;
    struct str leader;
    struct opt_int leader_id, leader_value;
};
struct previous_out {
    struct opt_int from, to, value;
    struct figures *totals;
};
struct point_out {
    struct opt_int from, to, value, previous;
    struct figures *figures;
};
struct row_out {
    struct str group, name, word, unit;
    struct opt_int id, value;
    struct figures *figures;
};
struct report_out {
    struct str kind, unit, timezone, currency;
    struct opt_int from, to, by, compare;
    struct str state;
    struct finding_out *finding;
    struct figures *totals;
    struct previous_out *previous;
    struct shape_list series, rows;
};
extern const struct shape report_shape;

struct report_query {
    struct opt_int from, to, compare, by, staff_id, service_id, part;
};
enum result report_make(struct work *w, const struct report_kind *kind,
                        const struct report_query *q, struct report_out *ret) must_check;
/* The series, or with `rows` the rows, as CSV into the arena. */
struct str report_csv(struct arena *a, const struct report_kind *kind, const struct report_out *out,
                      bool rows);

#endif
