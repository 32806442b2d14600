/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * backup_end: what stands behind the last page of a backup: BACKUP_END_BYTES of text.
 *
 *   careops backup 1
 *   pages 1234
 *   page_bytes 4096
 *   taken_s 1795766400
 *   schema 25
 *   event 915555555555555555
 *   event_s 1795766399
 *   key 0123456789abcdef        (or "none")
 *   (spaces)
 *   blake2b (64 hexadecimal digits)
 *
 * each line ended by a newline, in this order. The digest is BLAKE2b-256 of all pages and of this
 * text before the digits, so no bit of the file can turn unseen. SQLite takes no notice of what
 * stands behind the pages that its header counts. BACKUP_END_BYTES divides no page, so a file
 * whose end is damaged does not look like one that never had it.
 */
#ifndef CAREOPS_DB_BACKUP_END_H
#define CAREOPS_DB_BACKUP_END_H

#include "base/result.h"
#include "base/str.h"

enum {
    BACKUP_END_BYTES = 320,
    BACKUP_SUM_TEXT = 64,
    BACKUP_SUM_AT = BACKUP_END_BYTES - 1 - BACKUP_SUM_TEXT, /* the digest covers what is before */
    BACKUP_KEY_TEXT = 17,
};

struct backup_end {
    int64_t pages, page_bytes;
    int64_t taken_s;
    int64_t schema;
    int64_t event, event_s;    /* 0: there was none */
    char key[BACKUP_KEY_TEXT]; /* the name of the key that seals its secrets; "" unknown */
    char sum[BACKUP_SUM_TEXT + 1];
};

/* Everything but the digest's digits; the last of these bytes is the newline. */
void backup_end_write(const struct backup_end *end, char ret[static BACKUP_END_BYTES]);
/* Whether it is such an end. The digest is not compared: it needs the pages. */
bool backup_end_read(const char text[static BACKUP_END_BYTES], struct backup_end *ret) must_check;

#endif
