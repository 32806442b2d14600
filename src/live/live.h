/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * live: what happens in a business, told to whoever has it on screen: GET /events, Server-Sent
 * Events.
 *
 * The audit's rows are the events; nothing is written twice. One thread, the feeder of
 * http/stream.h, reads the rows for all who listen, at most LIVE_POLL_MS after their commit in
 * whatever process, and sooner after one in this process.
 *
 *   Nothing is missed.   Rows are read in the order of their commits (audit_event.seq), up to the
 *                        oldest transaction that is still open. Each event's id is a position in
 *                        that order, and Last-Event-ID goes on behind it. Whoever comes back after
 *                        more than LIVE_RESUME_S, or LIVE_RESUME_ROWS, is told `reset`: load again.
 *   Nothing is told too  Callers are identified again, by the same guard as any request's, in the
 *   widely.              very snapshot that their events are read from, and at least each
 *                        LIVE_CHECK_MS. Who is nobody any more has the stream closed; while the
 *                        database is away there is nothing to tell.
 *   What is told         is what they could read: see the table in event.c. An event says what has
 *                        changed, not how; the page asks for the rest, and is judged there.
 *
 * A client that reads too slowly is told nothing more until it has read what waits for it, then
 * what it missed; after LIVE_SLOW_MS its stream ends, and it comes back when it can.
 *
 * Every stream hears at least each LIVE_HEARTBEAT_MS, so that its client and the proxies between
 * know that it lives.
 */
#ifndef CAREOPS_LIVE_LIVE_H
#define CAREOPS_LIVE_LIVE_H

#include "db/work.h"
#include "http/route.h"

enum {
    LIVE_POLL_MS = 250,
    LIVE_PAUSE_MS = 30, /* between two looks: what comes together is read together */
    LIVE_CHECK_MS = 500,
    LIVE_HEARTBEAT_MS = 15000,
    LIVE_RETRY_MS = 2000, /* when a browser comes back */
    LIVE_SLOW_MS = 10000, /* how long a client may leave what it was sent unread */
    LIVE_RESUME_S = 24 * 3600,
    LIVE_RESUME_ROWS = 500,
    LIVE_RESUME_READ = 5000, /* of one business, from a little before: past it nobody looks */
};

struct live;

/*
 * On SQLite the ids order the events, and so must rise from one run to the next, also when the
 * clock was set back in between. Once, before anything is written.
 */
enum result live_continue_ids(struct db *db, const struct env *env) must_check;

/* The feeder of app->streams; `app` outlives it. */
struct live *live_start(const struct app *app);
/* Ends the thread; NULL is fine. */
void live_stop(struct live *l);

extern const struct route_table live_table;

#endif
