/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * csv: tables as text (RFC 4180), as spreadsheets write and read them. Pure.
 *
 * Reading takes commas, semicolons or tabs (whichever the first line has most of), CR LF, LF or CR,
 * quotation marks around cells with anything inside, a byte order mark; UTF-8, or else
 * Windows-1252.
 *
 * Writing makes cells harmless that a spreadsheet would take for a formula (they begin with = + -
 * @, a tab or a CR): an apostrophe goes in front. A cell that has apostrophes and then such a sign
 * gets one more, so that reading, which takes one away from exactly those, gives back what was
 * written.
 */
#ifndef CAREOPS_TRANSFER_CSV_H
#define CAREOPS_TRANSFER_CSV_H

#include "base/buf.h"

enum { CSV_CELLS_MAX = 64 };

/* Bytes of a file → UTF-8 without a mark. False: UTF-16, or with NUL bytes. */
bool csv_text(struct arena *a, struct str bytes, struct str *ret);

struct csv {
    struct arena *arena;
    struct str rest;
    char separator;
    int64_t line; /* of the next record, from 1 */
};

struct csv_record {
    int64_t line;
    size_t count;
    struct str cells[CSV_CELLS_MAX]; /* without white space around */
    bool too_many;                   /* cells past CSV_CELLS_MAX */
    bool open;                       /* a quotation mark that nothing closes */
};

struct csv csv_begin(struct arena *a, struct str text);
/* Empty lines are passed over. False: that was all. */
bool csv_next(struct csv *c, struct csv_record *ret);

/* Followed by csv_end_record after the last one. */
void csv_cell(struct buf *out, struct str text, bool first);
void csv_end_record(struct buf *out);

#endif
