/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * words: what a text is found by. Pure.
 *
 * A word is a run of letters and digits, folded (base/fold.h): without case, accents and signs, so
 * "O'Brien-Łódź" has the words o, brien and lodz. One of a single ASCII character is none. Of a
 * long word its first WORD_BYTES count, of a long text its first WORDS_MAX different words.
 */
#ifndef CAREOPS_INBOX_WORDS_H
#define CAREOPS_INBOX_WORDS_H

#include "http/shape.h"

enum {
    WORD_BYTES = 60,
    WORDS_MAX = 2000,
    ASKED_MAX = 6, /* words of a question; what is behind them is not looked at */
    EXCERPT_MAX = 160,
};

/* Each different word of a text, in any order. */
void words_of(struct arena *a, struct str text, struct str_list *ret);

/* A question: all words must be there, the last one at least as a beginning. */
struct words_asked {
    size_t count; /* 0: no letter or digit was asked */
    struct str words[ASKED_MAX];
};
struct words_asked words_ask(struct arena *a, struct str question);

/* Whether a text has them; *ret_at is where the first that is found stands. */
bool words_match(struct arena *a, const struct words_asked *asked, struct str text, size_t *ret_at);
/* Some EXCERPT_MAX characters around a place, on one line. */
struct str words_excerpt(struct arena *a, struct str text, size_t at);

#endif
