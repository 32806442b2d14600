/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * export_routes: everything about one person, for them to take along.
 *
 * The export is an event of the audit before the first row is read: no file leaves without one.
 */
#include "audit/audit.h"
#include "base/app.h"
#include "privacy/export.h"

struct exporting {
    struct work *w;
    int64_t client_id;
    struct subject client;
};

static enum result write_down(struct db_tx *tx, void *arg)
{
    struct exporting *x = arg;
    struct work w = *x->w;
    w.tx = tx;
    db_tenant(tx, w.actor.workspace_id);
    enum result res = subject_load(&w, x->client_id, &x->client);
    return res == OK ? audit_action(&w, "client", x->client_id, "exported") : res;
}

static enum result answer(struct request *rq, struct work *w, enum export_form form)
{
    struct exporting x = {.w = w, .client_id = request_id_param(rq, 0)};
    enum result res = db_transact(w->app->db, w->arena, w->problem, write_down, &x);
    if (res != OK)
        return res;
    struct export_ask ask = {
        .work = w, .client_id = x.client_id, .name = x.client.name, .form = form};
    rq->out.limit = EXPORT_LIMIT;
    res = export_write(&ask, &rq->out);
    if (res != OK) {
        buf_reset(&rq->out);
        return res;
    }
    bool json = form == EXPORT_AS_JSON;
    rq->status = 200;
    answer_header(rq, "Content-Type",
                  json ? STR("application/json") : STR("text/html; charset=utf-8"));
    answer_header(rq, "Content-Disposition",
                  str_printf(w->arena, "attachment; filename=\"client-%lld.%s\"",
                             (long long)x.client_id, json ? "json" : "html"));
    return OK;
}

static enum result get_json(struct request *rq, struct work *w)
{
    return answer(rq, w, EXPORT_AS_JSON);
}

static enum result get_html(struct request *rq, struct work *w)
{
    return answer(rq, w, EXPORT_AS_HTML);
}

#define EXPORT_ROUTE                                                         \
    .method = HTTP_GET_, .who = WHO_OWNER, .mode = MODE_FREE, .status = 200, \
    .answer_is_file = true, .also = {413, 503}, .tag = "privacy"

static const struct route export_routes[] = {
    {EXPORT_ROUTE, .path = "/api/v1/clients/{id}/export.json", .handler = get_json,
     .summary = "Everything that is kept about one person, as JSON; written down in the audit"},
    {EXPORT_ROUTE, .path = "/api/v1/clients/{id}/export.html", .handler = get_html,
     .summary = "The same as a page to read"},
};
const struct route_table person_table = {export_routes,
                                         sizeof export_routes / sizeof export_routes[0]};
