/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * text: how a Chaos Day's words get into JSON and into HTML. Whatever a system under test answered
 * may be in them, so nothing is trusted: what is no UTF-8 becomes U+FFFD, what has a meaning is
 * escaped.
 */
#ifndef CAREOPS_CHAOS_TEXT_H
#define CAREOPS_CHAOS_TEXT_H

#include "base/buf.h"

/* A string with its quotes; null where it is absent. */
void text_json(struct buf *out, struct str s);
/* For content and for attributes in quotes alike. */
void text_html(struct buf *out, struct str s);
/* 12345 as 12,345 */
void text_count(struct buf *out, int64_t n);

#endif
