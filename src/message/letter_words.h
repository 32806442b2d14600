/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter_words: the words of every letter, in one table.
 *
 * {placeholders} are the fields of letter_fields.h; paragraphs are parted by an empty line.
 * No word of a letter stands anywhere else.
 */
#ifndef CAREOPS_MESSAGE_LETTER_WORDS_H
#define CAREOPS_MESSAGE_LETTER_WORDS_H

#include "message/letter.h"

/* A line "Label: value" of a letter. */
enum letter_fact {
    FACT_NONE,
    FACT_WHEN,
    FACT_BEFORE,
    FACT_CLIENT,
    FACT_SERVICES,
    FACT_STAFF,
    FACT_PRICE,
    FACT_WHERE,
    FACT_PHONE,
    FACT_ITEM,
    FACT_AVAILABLE,
    FACT_REORDER_POINT,
    FACT_EMAIL,
    FACT_PASSWORD,
    FACT_CLIENT_EMAIL,
    FACT_CLIENT_PHONE,
    FACT_ANSWER_TO,
    FACT_REASON,
    FACT_NOTE,
    FACT__MAX,
};

enum { LETTER_FACTS_MAX = 8 };

/* How a letter shows what somebody has written: not at all, as the letter itself, or as a quotation
 * that cannot be taken for words of ours. */
enum letter_said { SAID_NOT, SAID_OPENLY, SAID_QUOTED };

/* What goes first when the mail service takes only so many: what somebody waits for, before news,
 * before what may come any time. */
enum letter_priority { LETTER_AT_ONCE, LETTER_SOON, LETTER_ANY_TIME };

struct letter_words {
    bool secret;
    enum letter_priority priority;
    const char *subject;
    const char *heading;
    const char *body;
    enum letter_said said;
    const char *button; /* the label of in->url */
    const char *closing;
    enum letter_fact
        facts[LETTER_FACTS_MAX]; /* up to FACT_NONE; those without a value are left out */
};

extern const struct letter_words letter_words[LETTER__MAX];
extern const char *const letter_fact_labels[FACT__MAX];
extern const char *const letter_greeting;         /* with a name */
extern const char *const letter_greeting_no_name; /* without */
extern const char *const letter_unsubscribe;      /* the label of its link */
extern const char *const letter_weekdays[7];      /* Monday first */
extern const char *const letter_months[12];

#endif
