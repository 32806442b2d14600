/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * spool: an answer that is too long for memory is written into a file and given out from it.
 *
 * The file has no name any more while it is written, so it is gone with the request, whatever
 * happens; the answer is its mapping, which the kernel reads as the client takes it. One thread.
 */
#ifndef CAREOPS_HTTP_SPOOL_H
#define CAREOPS_HTTP_SPOOL_H

#include "http/request.h"

enum { SPOOL_PIECE = 64 * 1024, SPOOL_ROOM = 1024 * 1024 /* for what is added at once */ };

struct spool;

/* Lives in the request's arena. BUSY storage_full where the folder takes no file. */
enum result spool_new(struct request *rq, struct problem *p, const char *folder,
                      struct spool **ret) must_check;
/* Write into this, at most SPOOL_ROOM, and call spool_more() after each piece. */
struct buf *spool_out(struct spool *s);
void spool_more(struct spool *s);
/* The answer is all that was written; BUSY storage_full where it did not fit. */
enum result spool_answer(struct spool *s, struct problem *p, const char *content_type) must_check;

#endif
