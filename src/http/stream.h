/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * stream: answers that do not end (Server-Sent Events), between the three that know them:
 *
 *   a worker   opens one, as the last act of a MODE_FREE handler: streams_open(), answer_stream();
 *   the feeder one thread of whoever knows what happens: it puts bytes in and ends streams, and
 *              never touches a socket;
 *   the I/O    thread takes the bytes and writes them, and says when the client has gone.
 *
 * So no worker is kept by a stream, and no slow client keeps the feeder: what a client has not
 * taken yet waits here, at most STREAM_BACKLOG bytes; past it the stream is over, and the client
 * comes back and asks for what it missed. The connection closes behind a stream, which is how a
 * client sees its end.
 *
 * Lives as long as the program. A stream lives until the I/O thread has let go of it and the feeder
 * has looked (or streams_free). One mutex, held for a few instructions and never together with
 * another.
 */
#ifndef CAREOPS_HTTP_STREAM_H
#define CAREOPS_HTTP_STREAM_H

#include "base/buf.h"
#include "base/result.h"

enum {
    STREAMS_MAX = 2000,          /* open at once, in this process */
    STREAMS_PER_HOLDER = 8,      /* of one session or token: tabs of a browser */
    STREAM_BACKLOG = 256 * 1024, /* bytes that a slow client may leave waiting */
};

struct streams;
struct stream;
struct request;

struct streams *streams_new(void);
/* When nobody calls in any more: the server is freed and the feeder has ended. */
void streams_free(struct streams *s);

/* ---- a worker ---- */

/* Whose streams count together. */
struct stream_holder {
    int64_t workspace_id, user_id, session_id;
};

/*
 * `seat` is what the feeder knows about it, freed by free(), here too where it is refused: BUSY,
 * 429 too_many_streams for a holder that has its share, 503 where all are taken. Follow with
 * answer_stream(), which hands it to the I/O thread; nothing may fail in between.
 */
enum result streams_open(struct streams *s, struct problem *p, struct stream_holder holder,
                         void *seat, struct stream **ret) must_check;
/* The answer is this stream: 200 text/event-stream. */
void answer_stream(struct request *rq, struct stream *stream);

/* ---- any thread ---- */

/* There is something new for the feeder. `streams` may be NULL. Costs nothing while none is open.
 * Fits db_after_commit. */
void streams_wake(void *streams);
/* The feeder's next streams_wait() says false. */
void streams_stop(struct streams *s);

/* Counts; `open` is now, the others since the start. */
struct streams_stats {
    int64_t open, opened, refused, too_slow;
};
void streams_stats(struct streams *s, struct streams_stats *ret);

/* ---- the feeder ---- */

/* Sleeps for at least `least_ms`, then until something is new, at most `most_ms`; without an open
 * stream until there is one. False: the program stops. */
bool streams_wait(struct streams *s, int least_ms, int most_ms);
/* Walks the open ones; those that are gone are freed, seats and all, by the first call. */
struct stream *streams_first(struct streams *s);
struct stream *stream_next(struct stream *stream);
void *stream_seat(struct stream *stream);
/* False: it is over or gone; nothing that follows would arrive. */
bool stream_send(struct stream *stream, struct str bytes);
/* Bytes that wait for the client. */
size_t stream_waiting(struct stream *stream);
/* Nothing more reaches the client, also not what waits. `slow`: since it does not read. */
void stream_end(struct stream *stream, bool slow);
/* Has the I/O thread look at what was sent and ended: once after a round. */
void streams_flush(struct streams *s);

/* ---- the I/O thread ---- */

/* Who is told of a flush; before the first stream is opened. */
void streams_attach(struct streams *s, void (*wake)(void *self), void *self);
/* Whether there was a flush since it was last asked. */
bool streams_flushed(struct streams *s);
/* What waits is put into `into`, which is empty. True: the stream is over. */
bool stream_take(struct stream *stream, struct buf *into);
/* The same question without taking anything. */
bool stream_is_over(struct stream *stream);
/* The connection is closed; the stream is not the I/O thread's any more. */
void stream_gone(struct stream *stream);

#endif
