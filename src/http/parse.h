/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * parse: HTTP/1.1 requests from bytes, so strictly that no proxy in front can see another message
 * than we do (RFC 9112, and stricter).
 *
 * Three pieces without any I/O, each fed as bytes arrive: `head_scan()` finds the end of the head
 * and refuses what no head may hold; `head_parse()` reads a complete head into a request;
 * `chunked_feed()` takes a chunked body apart. All refuse by filling a `struct refusal`, after
 * which the connection is answered and closed, because where the next message begins is unknown.
 *
 * Refused although some servers accept it: a bare LF or CR, NUL, folded headers, blanks before the
 * colon, more than one Host or Content-Length (equal ones too), a list or a sign in Content-Length,
 * any Transfer-Encoding but `chunked` alone, both of them, chunk extensions, trailers, more than
 * one blank in the request line, encoded slashes, dot segments, text outside UTF-8 in a path.
 *
 * Debian's libhttp-parser is built without its strict mode (it accepts bare LF, `Host : a`, folding
 * and any byte where a chunk's CRLF belongs), so it is not used here; the tests use it as a second
 * opinion: what we accept, it must read in the same way.
 */
#ifndef CAREOPS_HTTP_PARSE_H
#define CAREOPS_HTTP_PARSE_H

#include "http/request.h"

enum {
    HTTP_LINE_MAX = 8 * 1024,  /* the request line */
    HTTP_HEAD_MAX = 16 * 1024, /* all header lines together, with their line ends */
    HTTP_BODY_MAX = 1024 * 1024,
};

enum feed { FEED_MORE, FEED_DONE, FEED_REFUSED };

/* Why a message cannot be served; constants of ours. */
struct refusal {
    int status;
    const char *code;
    const char *detail;
};

/* Zero-initialised before the first byte of a message. */
struct head_scan {
    size_t line_length;
    size_t lines; /* complete ones, the request line among them */
    size_t header_bytes;
    bool after_cr;
    bool skipped_blank; /* one empty line before the request line is let pass (RFC 9112, 2.2) */
};

/*
 * Looks at the next bytes of a head. `*ret_used` of them belong to it (on FEED_DONE the rest is the
 * body or the next message); the caller collects those.
 */
enum feed head_scan(struct head_scan *s, const char *data, size_t len, size_t *ret_used,
                    struct refusal *ret) must_check;

/* What the connection must know to read on. */
struct framing {
    bool chunked;
    int64_t length; /* of a body that is not chunked; 0 = none */
    bool keep_alive;
    bool expect_continue;
};

/*
 * Reads a head that head_scan() called complete into `rq`: method, target, path, query, host,
 * headers, which point into `head` (it must outlive the exchange). False: refused, and `rq` holds
 * what was understood so far.
 */
bool head_parse(struct request *rq, struct str head, struct framing *ret,
                struct refusal *ret_why) must_check;

/* Splits and decodes a request target ("/a%20b?c=d") into rq->path and rq->query. */
bool target_parse(struct request *rq, struct str target, struct refusal *ret_why) must_check;

enum chunk_state {
    CHUNK_SIZE,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_END_CR,
    CHUNK_END_LF
};

/* Zero-initialised before the first byte of a body. */
struct chunked {
    enum chunk_state state;
    int digits;
    size_t left; /* of the chunk's data */
};

/* Appends the data to `body`, whose limit is the body's (413 past it). `*ret_used` as above. */
enum feed chunked_feed(struct chunked *c, const char *data, size_t len, struct buf *body,
                       size_t *ret_used, struct refusal *ret) must_check;

#endif
