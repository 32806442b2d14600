/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * text: how the writers of this floor read text from strangers, and the encodings they share.
 *
 * Pure; never reads past the end, also where the UTF-8 is broken (such a byte counts as U+FFFD).
 */
#ifndef CAREOPS_MAIL_TEXT_H
#define CAREOPS_MAIL_TEXT_H

#include "base/buf.h"

/* The character at `at` (< s.len) and how many bytes it takes (at least 1). */
size_t text_char(struct str s, size_t at, uint32_t *ret_char);

/* Bytes of the line end at `at`: CR LF, CR alone, LF alone; 0 where there is none. */
size_t text_line_end(struct str s, size_t at);

/* C0, DEL and C1. */
bool text_is_control(uint32_t c);

/* Only bytes 0x21 … 0x7E, and at least one. */
bool text_is_visible_ascii(struct str s);

/* http(s) of visible ASCII without what frames one in a header (< > " \\), at most `max` bytes. */
bool text_is_url(struct str s, size_t max);

/*
 * Text that may stand in a header: control characters, line and paragraph separators become a
 * space, direction overrides go, runs of spaces become one, both ends are trimmed. Valid UTF-8.
 */
void text_header(struct buf *out, struct str s);

/* The same in so many bytes with the final NUL; what is longer is cut between characters. */
void text_one_line(char *ret, size_t size, struct str s);

/* Base64 (RFC 4648 §4). `line` > 0 breaks with CRLF after so many characters. */
void text_base64(struct buf *out, struct str data, size_t line);

#endif
