/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* spool: see spool.h. */
#include "http/spool.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct spool {
    struct request *rq;
    int fd;
    struct buf out;
    size_t written;
    void *map;
    bool failed;
};

static void spool_done(void *arg)
{
    struct spool *s = arg;
    if (s->map)
        munmap(s->map, s->written);
    if (s->fd >= 0)
        close(s->fd);
    buf_done(&s->out);
}

static enum result no_room(struct problem *p)
{
    log_event(LOG_ERROR, "a long answer could not be written", "s:error", strerror(errno), NULL);
    return problem_set(p, BUSY, "storage_full",
                       "There is no room for this answer just now. Tell whoever runs the server.");
}

enum result spool_new(struct request *rq, struct problem *p, const char *folder, struct spool **ret)
{
    struct spool *s = arena_new(rq->arena, struct spool);
    char *path = arena_printf(rq->arena, "%s/answer.XXXXXX", folder);
    s->rq = rq;
    buf_init(&s->out, SPOOL_PIECE + SPOOL_ROOM);
    s->fd = mkostemp(path, 0);
    arena_on_reset(rq->arena, spool_done, s);
    if (s->fd < 0 || unlink(path) != 0)
        return no_room(p);
    *ret = s;
    return OK;
}

struct buf *spool_out(struct spool *s)
{
    return &s->out;
}

static void write_out(struct spool *s)
{
    for (size_t at = 0; at < s->out.len && !s->failed;) {
        ssize_t n = write(s->fd, s->out.ptr + at, s->out.len - at);
        s->failed = n < 0 && errno != EINTR;
        at += n > 0 ? (size_t)n : 0;
    }
    s->written += s->out.len;
    s->failed |= s->out.overflow;
    buf_reset(&s->out);
}

void spool_more(struct spool *s)
{
    if (s->out.len >= SPOOL_PIECE || s->out.overflow)
        write_out(s);
}

enum result spool_answer(struct spool *s, struct problem *p, const char *content_type)
{
    write_out(s);
    if (s->failed)
        return no_room(p);
    answer_text(s->rq, 200, content_type, STR(""));
    if (s->written == 0)
        return OK;
    void *map = mmap(NULL, s->written, PROT_READ, MAP_SHARED, s->fd, 0);
    if (map == MAP_FAILED)
        return no_room(p);
    s->map = map;
    s->rq->static_body = (struct str){map, s->written};
    return OK;
}
