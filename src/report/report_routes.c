/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report_routes: the questions, as JSON and as a table. See report.h. */
#include "report/internal.h"

static const char *const part_names[] = {"series", "rows", NULL};

#define QUESTION                                                                                 \
    FIELD_DATE(struct report_query, from, .doc = "the first of the month of `to` where absent"), \
        FIELD_DATE(struct report_query, to, .doc = "inclusive, at most 400 days; today"),        \
        FIELD_ENUM(struct report_query, compare, report_compare_names, .doc = "none"),           \
        FIELD_ENUM(struct report_query, by, report_by_names,                                     \
                   .doc = "as the period's length suggests"),                                    \
        FIELD_ID(struct report_query, staff_id, .doc = "not of stock"),                          \
        FIELD_ID(struct report_query, service_id, .doc = "not of utilisation and stock")

static const struct field query_fields[] = {QUESTION};
static const struct shape query_shape = SHAPE("ReportQuery", struct report_query, query_fields);

static const struct field table_query_fields[] = {
    QUESTION,
    FIELD_ENUM(struct report_query, part, part_names,
               .doc = "which table: the parts of time, or "
                      "the persons, services, items; series"),
};
static const struct shape table_query_shape =
    SHAPE("ReportTableQuery", struct report_query, table_query_fields);

static enum result make(struct request *rq, struct work *w, const struct report_kind **ret_kind,
                        struct report_out *ret)
{
    *ret_kind = report_kind_of(rq->params[0]);
    if (!*ret_kind)
        return work_missing(w, "report");
    return report_make(w, *ret_kind, rq->query_in, ret);
}

static enum result get_report(struct request *rq, struct work *w)
{
    const struct report_kind *kind;
    struct report_out out;
    enum result res = make(rq, w, &kind, &out);
    if (res == OK)
        answer_json(rq, 200, &report_shape, &out, w->actor.permissions);
    return res;
}

static enum result get_table(struct request *rq, struct work *w)
{
    enum { PART_SERIES, PART_ROWS };
    const struct report_query *q = rq->query_in;
    const struct report_kind *kind;
    struct report_out out;
    enum result res = make(rq, w, &kind, &out);
    if (res != OK)
        return res;
    bool rows = q->part.set && q->part.value == PART_ROWS;
    char from[DATE_TEXT], to[DATE_TEXT];
    date_format(out.from.value, from);
    date_format(out.to.value, to);
    answer_text(rq, 200, "text/csv; charset=utf-8", report_csv(w->arena, kind, &out, rows));
    answer_header(
        rq, "Content-Disposition",
        str_printf(rq->arena, "attachment; filename=\"%s-%s-%s.csv\"", kind->name, from, to));
    return OK;
}

static const struct route routes[] = {
    {.method = HTTP_GET_,
     .path = "/api/v1/reports/{kind}",
     .who = WHO_OWNER,
     .permissions = PERM_REPORTS,
     .mode = MODE_READ,
     .query = &query_shape,
     .status = 200,
     .answer = &report_shape,
     .handler = get_report,
     .tag = "reports",
     .summary = "What happened in a period: bookings, revenue, utilisation, no_shows, "
                "cancellations, retention, ratings, stock_value or stock_usage"},
    {.method = HTTP_GET_,
     .path = "/api/v1/reports/{kind}/report.csv",
     .who = WHO_OWNER,
     .permissions = PERM_REPORTS,
     .mode = MODE_READ,
     .query = &table_query_shape,
     .status = 200,
     .answer_is_file = true,
     .handler = get_table,
     .tag = "reports",
     .summary = "The same as CSV, safe to open in a spreadsheet"},
};
const struct route_table report_table = {routes, sizeof routes / sizeof routes[0]};
