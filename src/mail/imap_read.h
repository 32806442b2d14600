/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * imap_read: the server's half of IMAP (RFC 3501 §7, §9), as bytes that become responses.
 *
 * A response is one line; where it ends with {N}, N bytes of a literal follow and the line goes on.
 * The reader is given bytes as they come and gives out whole responses: the line without its
 * literals (each leaves its {N} there), and the longest literal. Everything is bounded; past a
 * limit the reader is broken for good, and whoever reads hangs up.
 *
 * Pure, for one thread.
 */
#ifndef CAREOPS_MAIL_IMAP_READ_H
#define CAREOPS_MAIL_IMAP_READ_H

#include "base/buf.h"

enum { IMAP_LINE_MAX = 64 * 1024, IMAP_UIDS_MAX = 1000 };

struct imap_response {
    struct str line;    /* "* 3 EXISTS", without CRLF */
    struct str literal; /* absent: none */
};

struct imap_reader {
    struct buf in; /* what came and is not read */
    size_t at;     /* up to here it is */
    struct buf line;
    struct buf literal;
    size_t literal_max;
    int64_t skip; /* bytes of the literal still to come */
    bool keeps;   /* they go into `literal` */
    bool broken;
};

void imap_reader_init(struct imap_reader *r, size_t literal_max);
void imap_reader_done(struct imap_reader *r);
/* False: broken. */
bool imap_reader_feed(struct imap_reader *r, struct str bytes);
/* The next whole response; false where more bytes are needed, or it is broken. What it gives is
 * good until the next call. */
bool imap_reader_next(struct imap_reader *r, struct imap_response *ret);

/* ---- what a line says; words are compared without case ---- */

/* Whether the words stand at its beginning: imap_says(line, "* OK"). */
bool imap_says(struct str line, const char *words);
/* Whether the word stands in it, between spaces or brackets. */
bool imap_has_word(struct str line, const char *word);
/* The number behind a word: "UIDVALIDITY 17", "UID 4"; false where there is none. */
bool imap_number_after(struct str line, const char *word, int64_t *ret);
/* "* 23 EXISTS": the number before the word. */
bool imap_count(struct str line, const char *word, int64_t *ret);
/* The numbers of "* SEARCH 2 3 6" that are at least `least`, at most IMAP_UIDS_MAX of them, the
 * smallest ones, in order. */
size_t imap_search_result(struct str line, int64_t least, int64_t ret[static IMAP_UIDS_MAX]);

#endif
