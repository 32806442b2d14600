/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * report_chart: the charts of the page, each a figure with its finding as caption, a description
 * for those who do not see it, and its figures as a table. Private to report_*.c.
 *
 * They are drawn in the colours that the page's style names (--done, --refused, --unknown, …), so
 * that they follow it into the dark and onto paper; what a colour tells, a pattern, a shape or a
 * word tells too.
 */
#ifndef CAREOPS_CHAOS_REPORT_CHART_H
#define CAREOPS_CHAOS_REPORT_CHART_H

#include "chaos/report.h"

void chart_answers(const struct day *d, struct buf *out);
void chart_times(const struct day *d, struct buf *out);
/* Nothing where nothing was killed. */
void chart_ways_back(const struct day *d, const struct verdict *v, struct buf *out);
/* Nothing where the provider was not ours. */
void chart_letters(const struct day *d, struct buf *out);

#endif
