/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report: a Chaos Day as people and machines read it.
 *
 * The HTML page stands alone (no script, no outside file), prints on paper, and is legible in the
 * dark: the verdict first, what each checker looked at and found, the timeline in plain words,
 * charts of the day (answers over time by outcome, how long they took, kills and the way back), and
 * the command that plays the same day again.
 */
#ifndef CAREOPS_CHAOS_REPORT_H
#define CAREOPS_CHAOS_REPORT_H

#include "base/buf.h"
#include "chaos/judge.h"

/* `command` plays the same day again. */
void report_html(const struct day *d, const struct verdict *v, struct str command, struct buf *out);
void report_json(const struct day *d, const struct verdict *v, struct str command, struct buf *out);
/* For the terminal, a few dozen lines: the timeline, then the verdict. */
void report_text(const struct day *d, const struct verdict *v, struct buf *out);

#endif
