/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mime: the pieces of a message: header lines and body encodings (RFC 5322, 2045, 2047).
 *
 * Pure. Every line written ends with CRLF, and no text given can end one early.
 */
#ifndef CAREOPS_MAIL_MIME_H
#define CAREOPS_MAIL_MIME_H

#include "base/buf.h"

/* "Name: text": as it is where it is short plain ASCII, else in encoded words. */
void mime_text_header(struct buf *out, const char *header, struct str text);

/* "Name: "Display" <address>". An empty name gives the bare address. `address` was checked. */
void mime_mailbox_header(struct buf *out, const char *header, struct str name, struct str address);

/*
 * The same mailbox on one line for an API that takes UTF-8: "Display" <address>. Its reader may be
 * a simple one, so what frames names and addresses (" < > \\) is left out of the name.
 */
void mime_mailbox(struct buf *out, struct str name, struct str address);

/* "Date: Sun, 22 Nov 2026 09:00:00 +0000" */
void mime_date_header(struct buf *out, int64_t at_s);

/*
 * Quoted-printable: lines of at most 76, characters kept whole, and no line that begins with a dot
 * or with "From ". All line ends become CRLF, none is added; control characters
 * but tab are left out.
 */
void mime_quoted_printable(struct buf *out, struct str text);

#endif
