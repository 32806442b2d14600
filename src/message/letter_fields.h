/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter_fields: what the words of a letter may name: {client}, {date}, …
 *
 * A field stands between braces; two at each side are read as one. Which fields a letter has
 * follows from its kind, and words that name another are refused when they are saved
 * (letter_fields_check). Every value is one line, bounded, and escaped by who writes it.
 */
#ifndef CAREOPS_MESSAGE_LETTER_FIELDS_H
#define CAREOPS_MESSAGE_LETTER_FIELDS_H

#include "message/letter_words.h"

enum letter_field {
    LETTER_FIELD_BUSINESS,
    LETTER_FIELD_RECIPIENT,
    LETTER_FIELD_CLIENT,
    LETTER_FIELD_STAFF,
    LETTER_FIELD_DATE,
    LETTER_FIELD_TIME,
    LETTER_FIELD_SERVICES,
    LETTER_FIELD_PRICE,
    LETTER_FIELD_ADDRESS,
    LETTER_FIELD_PHONE,
    LETTER_FIELD_ITEM,
    LETTER_FIELD_AVAILABLE,
    LETTER_FIELD_REORDER_POINT,
    LETTER_FIELD_MINUTES,
    LETTER_FIELD_FORM,
    LETTER_FIELD_STARS,
    LETTER_FIELD__MAX,
};

struct letter_values {
    struct str words[LETTER_FIELD__MAX];
    struct str facts[FACT__MAX];
};

/* All that the letter can say, in the arena. */
void letter_values_of(struct arena *a, const struct letter_in *in, struct letter_values *ret);

/*
 * Takes the piece before the next field off `rest`, and the field behind it. True where there is a
 * field; its name is what stands between the braces, absent where they are not closed.
 */
bool letter_next_field(struct str *rest, struct str *ret_plain, struct str *ret_name);

/* Puts the words with their fields filled in; `put` writes (and escapes) each piece. */
typedef void (*letter_put)(struct buf *out, struct str s);
void letter_fill(struct buf *out, struct str words, const struct letter_values *v, letter_put put);

/* The names that a letter of this kind may use, LETTER_FIELD__MAX at most; how many. */
size_t letter_fields_of(enum letter_kind kind, struct str ret[static LETTER_FIELD__MAX]);

/* INVALID at `path` where the words name what the letter does not have, or leave a brace open. */
enum result letter_fields_check(struct work *w, enum letter_kind kind, struct str words,
                                const char *path) must_check;

/* One line of at most `max` bytes, cut between characters. */
struct str letter_line(struct arena *a, struct str s, size_t max);
/* A person's name as a letter repeats it: empty where it carries an address or a link. */
struct str letter_person(struct arena *a, struct str name);

#endif
