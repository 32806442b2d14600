/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* live_routes: GET /events: a caller who may listen gets a seat; the feeder does the rest. */
#include "live/internal.h"

#include "base/app.h"
#include "http/stream.h"

#include <stdlib.h>
#include <string.h>

struct events_query {
    struct str last_event_id;
};
static const struct field events_query_fields[] = {
    FIELD_STR(struct events_query, last_event_id, 1, POSITION_TEXT,
              .doc = "goes on behind this event; the header Last-Event-ID goes before it"),
};
static const struct shape events_query_shape =
    SHAPE("EventsQuery", struct events_query, events_query_fields);

struct asked {
    const struct env *env;
    struct position now;
};

static enum result read_now(struct db_tx *tx, void *arg)
{
    struct asked *a = arg;
    return feed_now(tx, a->env, &a->now);
}

/* The header is the browser's own, newer word; the address stays as the page wrote it. */
static enum result read_last(struct request *rq, struct work *w, bool *ret_given,
                             struct position *ret)
{
    const struct events_query *q = rq->query_in;
    struct str header = request_header(rq, "Last-Event-ID");
    struct str text = header.len ? header : q->last_event_id;
    *ret_given = text.len > 0;
    if (text.len == 0 || position_parse(text, ret))
        return OK;
    return problem_field(w->problem, "last_event_id", "invalid_format",
                         "Give the id of an event as it came, or leave it out.");
}

static struct seat *make_seat(struct request *rq, const struct work *w)
{
    struct str cookie = request_header(rq, "Cookie");
    struct str bearer = request_header(rq, "Authorization");
    struct seat *seat = calloc(1, sizeof *seat + cookie.len + bearer.len);
    if (!seat)
        abort();
    seat->workspace_id = w->actor.workspace_id;
    seat->behind = true;
    seat->cookie_len = cookie.len;
    seat->bearer_len = bearer.len;
    if (cookie.len)
        memcpy(seat->credentials, cookie.ptr, cookie.len);
    if (bearer.len)
        memcpy(seat->credentials + cookie.len, bearer.ptr, bearer.len);
    return seat;
}

static enum result get_events(struct request *rq, struct work *w)
{
    bool resumes;
    struct position last;
    struct asked asked = {.env = w->env};
    enum result res = read_last(rq, w, &resumes, &last);
    if (res == OK)
        res = db_view(w->app->db, w->arena, w->problem, read_now, &asked);
    if (res != OK)
        return res;
    if (rq->method == HTTP_HEAD_) {
        answer_text(rq, 200, "text/event-stream; charset=utf-8", STR(""));
        return OK;
    }
    struct seat *seat = make_seat(rq, w);
    /* A position ahead of everything is another database's. */
    seat->reset = resumes && (!feed_remembers(last, w->now_s) || last.seq > asked.now.seq);
    seat->at = resumes && !seat->reset ? last : asked.now;
    if (resumes && !seat->reset)
        seat->own = last;
    struct stream_holder holder = {
        .workspace_id = w->actor.workspace_id,
        .user_id = w->actor.user_id,
        .session_id = w->actor.token_id ? w->actor.token_id : w->actor.session_id,
    };
    struct stream *stream;
    res = streams_open(w->app->streams, w->problem, holder, seat, &stream);
    if (res == OK)
        answer_stream(rq, stream);
    return res;
}

static const struct route live_routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/events",
        .who = WHO_STAFF,
        .mode = MODE_FREE,
        .query = &events_query_shape,
        .also = {429, 503},
        .status = 200,
        .answer_is_stream = true,
        .handler = get_events,
        .tag = "live",
        .summary = "What happens, as it happens: Server-Sent Events (text/event-stream)",
    },
};
const struct route_table live_table = {live_routes, sizeof live_routes / sizeof live_routes[0]};
