/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * paper: a document of A4 pages as a PDF, written from top to bottom.
 *
 * Text is shaped by Pango, so that every script that has a font on this machine reads as it should,
 * from right to left too; where there is none, boxes stand. It wraps, breaks over pages, and is
 * never markup. A page's foot has its number. Cairo embeds what it uses of the fonts.
 *
 * A document belongs to one thread; several threads may each have one. It takes some hundredths of
 * a second and no lock of ours: make it outside a transaction.
 */
#ifndef CAREOPS_PAPER_PAPER_H
#define CAREOPS_PAPER_PAPER_H

#include "base/buf.h"
#include "base/result.h"
#include "base/str.h"

struct paper;

enum paper_style { PAPER_TITLE, PAPER_HEADING, PAPER_LABEL, PAPER_TEXT, PAPER_SMALL };

/* `out` has its limit, and grows as pages are done. `title` is the document's own, `foot` stands on
 * each page before its number. Free it by paper_end() in every case. */
struct paper *paper_new(struct buf *out, struct str title, struct str foot) must_check;

void paper_text(struct paper *p, enum paper_style style, struct str text);
void paper_gap(struct paper *p, double mm);
/* A thin line over the width. */
void paper_rule(struct paper *p);

/* What was drawn on a field of width × height (its own units), as large as it fits 80 × 30 mm. Each
 * stroke is `count` points x, y, x, y … inside that field. */
void paper_drawing(struct paper *p, int width, int height);
void paper_stroke(struct paper *p, const int *xy, size_t count);
void paper_drawing_end(struct paper *p);

/* INTERNAL where it could not be made or grew over the limit of `out`. */
enum result paper_end(struct paper *p) must_check;

#endif
