/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* put_in: the invented week comes in. See sample.h. */
#include "sample/internal.h"

#include "audit/audit.h"
#include "feedback/feedback.h"
#include "inbox/inbox.h"
#include "workspace/readiness.h"

enum {
    SERVICES_USED = 8,   /* of a long menu: enough for a week of two dozen visits */
    CLIENT_AGE_DAYS = 9, /* they are as old as their first visit at least */
    SECONDS_PER_HOUR = 3600,
    ANSWERED_AFTER_S = 40 * 60,
};

struct putting {
    struct work *w;
    const struct workspace *ws;
    int language;
    size_t service_count;
    int64_t service_ids[SERVICES_USED];
    struct client clients[SAMPLE_CLIENTS];
    struct sample_counts made;
};

static struct str said(const struct putting *p, const char *const words[SAMPLE_LANGUAGES])
{
    return words[p->language] ? str_of(words[p->language]) : STR("");
}

/* ---- what there is to book ---- */

static enum result refuse(struct work *w, const struct readiness *state, const char *why)
{
    if (state) {
        struct readiness *gaps = arena_new(w->arena, struct readiness);
        *gaps = readiness_gaps(w->arena, state);
        w->problem->extra_shape = &readiness_gap_shape;
        w->problem->extra = gaps;
    }
    return problem_set(w->problem, CONFLICT, "not_ready", "%s", why);
}

/* Across the menu, so that a long one is not shown by its beginning alone. */
static enum result choose_services(struct putting *p)
{
    struct service *all;
    size_t count;
    struct readiness state;
    enum result res = readiness_of(p->w, p->ws, &state);
    if (res != OK)
        return res;
    if (!state.ready.value)
        return refuse(p->w, &state,
                      "Sample visits need opening hours, an active service and a person who "
                      "performs it and can be booked. Set these first.");
    res = catalog_active(p->w, &all, &count);
    size_t fit = 0;
    for (size_t i = 0; i < count && res == OK; i++) {
        struct visit v;
        const struct visit_ask ask = {.service_ids = &all[i].id, .service_count = 1};
        if (!booking_inventable(&all[i]))
            continue;
        res = visit_prepare(p->w, p->ws, &ask, &v);
        if (res == OK && v.person_count > 0)
            all[fit++] = all[i];
    }
    if (res == OK && fit == 0)
        return refuse(p->w, NULL,
                      "Sample visits need a service that asks for no other visit first, and a "
                      "person who performs it. Add one, for example the patch test itself.");
    p->service_count = fit < SERVICES_USED ? fit : SERVICES_USED;
    for (size_t i = 0; i < p->service_count; i++)
        p->service_ids[i] = all[i * fit / p->service_count].id;
    return res;
}

/* ---- who ---- */

static enum result put_client(struct putting *p, size_t i)
{
    struct work *w = p->w;
    const struct sample_client *s = &sample_clients[i];
    struct str tag = str_of(sample_tag[p->language]);
    bool lead = i + 1 == SAMPLE_CLIENTS;
    struct client_in in = {
        .name = said(p, s->name),
        .email = str_of(s->address),
        .phone = str_of(s->phone),
        .notes = said(p, s->notes),
        .tags = {true, 1, &tag},
        .status = some_int(lead ? 0 : 2), /* of client_statuses: new, booked */
        .source = lead ? CLIENT_FROM_CONTACT : CLIENT_FROM_BOOKING,
        .created_s = some_int(w->now_s - (lead ? s->hours_ago * SECONDS_PER_HOUR
                                               : CLIENT_AGE_DAYS * SECONDS_PER_DAY)),
        .sample = true,
    };
    int64_t id = 0;
    enum result res = client_create(w, &in, &id);
    if (res == CONFLICT) { /* somebody real has an address that nobody has */
        problem_clear(w->problem);
        in.email = (struct str){0};
        res = client_create(w, &in, &id);
    }
    p->clients[i] = (struct client){.id = id, .name = in.name};
    p->made.clients++;
    return res;
}

static enum result put_conversation(struct putting *p, size_t i)
{
    const struct sample_client *s = &sample_clients[i];
    struct inbox_invented lines[SAMPLE_LINES];
    size_t n = 0;
    for (; n < SAMPLE_LINES && s->lines[n][p->language]; n++)
        lines[n] = (struct inbox_invented){
            .answer = n == 1,
            .at_s = p->w->now_s - s->hours_ago * SECONDS_PER_HOUR + (int64_t)n * ANSWERED_AFTER_S,
            .text = said(p, s->lines[n]),
        };
    if (n == 0)
        return OK;
    p->made.conversations++;
    return inbox_invent(p->w, &p->clients[i], lines, n);
}

/* ---- what for ---- */

static enum result put_visit(struct putting *p, size_t i)
{
    const struct sample_visit *s = &sample_visits[i];
    const struct booking_invented in = {
        .client_id = p->clients[s->client].id,
        .service_id = p->service_ids[i % p->service_count],
        .date = tz_date(p->ws->tz, p->w->now_s) + s->day,
        .permille = s->permille,
        .if_over = s->if_over,
        .if_ahead = s->if_ahead,
        .notes = STR(""),
        .by_staff = i % 3 == 0,
    };
    struct booking b;
    enum result res = booking_invent(p->w, p->ws, &in, &b);
    if (res == NOT_FOUND)
        return OK; /* closed that day, or full: the week has others */
    if (res != OK)
        return res;
    p->made.bookings++;
    if (b.status != BOOKING_COMPLETED || s->stars == 0)
        return OK;
    p->made.ratings++;
    return feedback_invent(p->w, b.id, s->stars, said(p, s->comment));
}

static enum result put_all(struct putting *p)
{
    enum result res = OK;
    for (size_t i = 0; i < SAMPLE_CLIENTS && res == OK; i++)
        res = put_client(p, i);
    for (size_t i = 0; i < SAMPLE_CLIENTS && res == OK; i++)
        res = put_conversation(p, i);
    for (size_t i = 0; i < sample_visit_count && res == OK; i++)
        res = put_visit(p, i);
    if (res == OK && p->made.bookings == 0)
        return refuse(p->w, NULL,
                      "No time is free in the days around today, so there is nowhere to put a "
                      "sample visit. Look at the hours and the days off.");
    return res;
}

static enum result tell(struct work *w, const struct sample_counts *made)
{
    struct audit a;
    audit_begin(&a, w, "workspace", w->actor.workspace_id, "sample_added");
    audit_int(&a, "clients", some_int(0), some_int(made->clients));
    audit_int(&a, "bookings", some_int(0), some_int(made->bookings));
    return audit_end(&a);
}

enum result sample_put_in(struct work *w, struct sample_counts *ret)
{
    struct workspace ws;
    struct sample_counts there;
    struct putting *p = arena_new(w->arena, struct putting);
    enum result res = diary_lock(w);
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK)
        res = sample_count(w, &there);
    if (res == OK && there.clients > 0)
        return problem_set(w->problem, CONFLICT, "already_exists",
                           "The sample data is in already. Remove it first.");
    if (res != OK)
        return res;
    p->w = w;
    p->ws = &ws;
    p->language = sample_language(ws.locale);
    res = choose_services(p);
    if (res == OK)
        res = put_all(p);
    if (res == OK)
        res = tell(w, &p->made);
    if (res == OK)
        *ret = p->made;
    return res;
}
