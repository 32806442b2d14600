/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * incoming: a mail that somebody has sent to us, read into what a conversation keeps of it.
 *
 * MIME is read by GMime (incoming.c is the only file that knows it): mail programs break every rule
 * of it, and a library that has met them all reads more of what people wrote than we would. What
 * comes out is ours: bounded, valid UTF-8, without control characters, never HTML.
 *
 * The text is what the person has written, `quoted` the history that their program has put below
 * it. What cannot be told apart stays in the text: nothing that a person wrote is ever folded away
 * because of a guess. A mail without plain text is read from its HTML (incoming_html.c).
 *
 * Pure, on any thread, after incoming_init(). Every byte is hostile input: nothing here fails, what
 * cannot be read is read as text or left out by name.
 */
#ifndef CAREOPS_MAIL_INCOMING_H
#define CAREOPS_MAIL_INCOMING_H

#include "base/buf.h"

enum {
    INCOMING_SIZE_MAX = 32 * 1024 * 1024, /* of a whole mail: what is behind it is not read */
    INCOMING_TEXT_MAX = 256 * 1024,       /* bytes of the text, and of what is quoted */
    INCOMING_FILES_MAX = 10,
    INCOMING_FILES_SIZE_MAX = 10 * 1024 * 1024, /* of all together */
    INCOMING_LEFT_OUT_MAX = 40,                 /* that are named; of more only the number */
    INCOMING_RECIPIENTS_MAX = 50,
    INCOMING_REFERENCES_MAX = 30,
    INCOMING_DEPTH_MAX = 20, /* of parts within parts */
    INCOMING_PARTS_MAX = 500,
    INCOMING_NAME_MAX = 200, /* bytes of a file's name */
    INCOMING_ID_MAX = 300,   /* bytes of a Message-ID */
    INCOMING_KEY_TEXT = 65,
};

/* A mail that a person did not write, as RFC 3834 and the habits of programs tell it. */
enum incoming_kind {
    INCOMING_PERSON,
    INCOMING_AUTO_REPLY, /* an absence note, a ticket system */
    INCOMING_BOUNCE,     /* a delivery report, or from nobody */
    INCOMING_BULK,       /* a list, a newsletter */
};

struct incoming_file {
    struct str name;  /* one line without slashes; never empty */
    struct str type;  /* "image/jpeg", lower case; "application/octet-stream" when in doubt */
    int64_t size;     /* as far as it is known */
    struct str bytes; /* absent: left out */
};

struct incoming {
    struct str from_name, from_address; /* the address in lower case; empty where there is none */
    struct str subject;
    struct str message_id; /* without <>; empty: none */
    int64_t date_s;        /* 0: none */
    enum incoming_kind kind;
    struct str text, quoted; /* lines end with \n; no white space at either end; may be empty */
    bool text_cut;           /* it was longer than INCOMING_TEXT_MAX */
    /* Every address that it was sent to, as far as headers tell, in lower case. */
    size_t recipient_count;
    struct str recipients[INCOMING_RECIPIENTS_MAX];
    /* In-Reply-To and References, the nearest first, without <>. */
    size_t reference_count;
    struct str references[INCOMING_REFERENCES_MAX];
    size_t file_count;
    struct incoming_file files[INCOMING_FILES_MAX];
    size_t left_out_count; /* those that are named */
    struct incoming_file left_out[INCOMING_LEFT_OUT_MAX];
    size_t left_out_more; /* those that are not */
    /* The same for the same mail, whichever way it came in, and for no other: SHA-256 in hex over
     * what its sender gave it. */
    char key[INCOMING_KEY_TEXT];
};

/* Once, before there are threads. */
void incoming_init(void);

/* The arena takes the text and the files: about INCOMING_FILES_SIZE_MAX and a few texts. */
void incoming_read(struct arena *a, struct str raw, struct incoming *ret);

/* ---- its parts, for tests and the fuzzer ---- */

/* A line that begins with this byte says: from here on it is quoted. */
enum { INCOMING_QUOTE_MARK = 0x01 };

/*
 * HTML as text: blocks become lines, links show where they lead, quotes have "> " before their
 * lines, and where a mail program has marked the history there is a line with INCOMING_QUOTE_MARK.
 * Style, script and comments go.
 */
void incoming_html(struct buf *out, struct str html);

/* Parts the text, whose lines end with \n, into what was written and what is quoted. */
void incoming_split(struct str text, struct str *ret_written, struct str *ret_quoted);

#endif
