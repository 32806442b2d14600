/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ops_routes: what operators and programs ask: alive, ready, figures, the API's description. */
#include "app/routes.h"

#include "http/dispatch.h"
#include "http/server.h"
#include "http/stream.h"
#include "message/mailer.h"

static enum result healthz(struct request *rq, struct work *w)
{
    (void)w;
    answer_text(rq, 200, "text/plain; charset=utf-8", STR("ok\n"));
    return OK;
}

static enum result readyz(struct request *rq, struct work *w)
{
    if (db_schema_current(w->app->db) != OK)
        return problem_set(w->problem, BUSY, "not_ready",
                           "The database cannot be reached, or its schema is not this program's.");
    answer_text(rq, 200, "text/plain; charset=utf-8", STR("ready\n"));
    return OK;
}

static void gauge(struct buf *out, const char *name, const char *type, const char *help,
                  int64_t value)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name,
               (long long)value);
}

static void mail_metrics(struct buf *out, const struct mailer *mailer)
{
    struct mailer_stats mail = mailer_stats(mailer);
    gauge(out, "careops_mail_sent_total", "counter", "Messages that the provider took.", mail.sent);
    gauge(out, "careops_mail_retried_total", "counter", "Deliveries put off.", mail.retried);
    gauge(out, "careops_mail_unknown_total", "counter", "Deliveries without a clear answer.",
          mail.unknown);
    gauge(out, "careops_mail_failed_total", "counter", "Messages given up.", mail.failed);
    gauge(out, "careops_mail_under_way", "gauge", "Deliveries under way.", mail.under_way);
}

static void stream_metrics(struct buf *out, struct streams *streams)
{
    struct streams_stats s;
    streams_stats(streams, &s);
    gauge(out, "careops_streams_open", "gauge", "Open event streams.", s.open);
    gauge(out, "careops_streams_opened_total", "counter", "Event streams opened.", s.opened);
    gauge(out, "careops_streams_refused_total", "counter", "Event streams refused, too many.",
          s.refused);
    gauge(out, "careops_streams_too_slow_total", "counter",
          "Event streams ended since their client did not read.", s.too_slow);
}

static enum result metrics(struct request *rq, struct work *w)
{
    struct buf out;
    struct db_stats db;
    buf_init(&out, 1024 * 1024);
    db_stats(w->app->db, &db);
    gauge(&out, "careops_db_commits_total", "counter", "Transactions committed.", db.commits);
    gauge(&out, "careops_db_commit_groups_total", "counter", "Durable commits that carried them.",
          db.groups);
    gauge(&out, "careops_db_retries_total", "counter", "Transactions run again.", db.retries);
    gauge(&out, "careops_db_rollbacks_total", "counter", "Transactions rolled back.", db.rollbacks);
    gauge(&out, "careops_db_queue_length", "gauge", "Transactions that wait for the writer.",
          db.queue_length);
    if (w->app->server) {
        struct http_stats http;
        http_server_stats(w->app->server, &http);
        gauge(&out, "careops_http_connections", "gauge", "Open connections.", http.connections);
        gauge(&out, "careops_http_requests_total", "counter", "Requests read.", http.requests);
        gauge(&out, "careops_http_rejected_busy_total", "counter",
              "Requests answered 503 for a full queue.", http.rejected_busy);
        gauge(&out, "careops_http_bad_requests_total", "counter", "Requests refused by the parser.",
              http.bad_requests);
    }
    if (w->app->streams)
        stream_metrics(&out, w->app->streams);
    if (w->app->mailer)
        mail_metrics(&out, w->app->mailer);
    dispatcher_metrics(w->app->dispatcher, &out);
    answer_text(rq, 200, "text/plain; version=0.0.4; charset=utf-8",
                str_copy(rq->arena, buf_view(&out)));
    buf_done(&out);
    return OK;
}

#define OPS                                                                                        \
    .method = HTTP_GET_, .who = WHO_ANYONE, .mode = MODE_FREE, .status = 200, .tag = "operations", \
    .hidden = true

static const struct route ops_routes[] = {
    {OPS, .path = "/healthz", .handler = healthz, .summary = "Alive"},
    {OPS, .path = "/readyz", .handler = readyz,
     .summary = "The database is reachable and its schema current"},
    {OPS, .path = "/metrics", .handler = metrics, .summary = "Figures in Prometheus text"},
};
const struct route_table ops_table = {ops_routes, sizeof ops_routes / sizeof ops_routes[0]};
