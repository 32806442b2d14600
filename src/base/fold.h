/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fold: text as it is compared by people who type: without case, accents and signs.
 *
 * Unicode's own rules by utf8proc: compatibility decomposition, full case folding, marks left out;
 * the letters that Unicode does not take apart and people do (ø, ł, đ, æ …) by a table. What is
 * left are letters and digits, one blank between words and one '-' for whatever stood inside a word
 * (an apostrophe, a hyphen, a dot). Pure; folding twice changes nothing.
 *
 *     "  Zoë  O’Brien-ŁÓDŹ " → "zoe o-brien-lodz"
 */
#ifndef CAREOPS_BASE_FOLD_H
#define CAREOPS_BASE_FOLD_H

#include "base/str.h"

/* Of valid UTF-8; at most a few times as long. Empty where nothing is left. */
struct str fold(struct arena *a, struct str text);

#endif
