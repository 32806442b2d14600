/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * terms: by what a client is found. Pure.
 *
 * A client's words are those of the name, the address and its parts, and the digits of the phone
 * number as people write them: with the country's code, and without it with a leading zero or not.
 * Each gives its beginnings of one to TERM_SHORT characters and itself as terms; so a short
 * beginning that somebody types is one term, and a longer one is a span of them. Labels (status,
 * source, tags) are terms with a sign that no word has.
 *
 * What is asked is read by the same rules, so that both agree: "+44 20 79", "02079" and "2079" find
 * the number written as "+44 (0)20 7946 0958" or as "020 7946 0958".
 */
#ifndef CAREOPS_CLIENT_TERMS_H
#define CAREOPS_CLIENT_TERMS_H

#include "base/str.h"

enum {
    TERM_SHORT = 3,   /* characters up to which each beginning is a term */
    TERM_LENGTH = 60, /* characters of a word that count */
    TERMS_MAX = 1024, /* of one client, and of those who turned out to be them */
    ASKED_MAX = 6,    /* words of one question; what is behind them is not looked at */
};

struct terms {
    struct arena *arena;
    size_t count;
    struct str items[TERMS_MAX]; /* each once */
};

void terms_person(struct terms *t, struct str name, struct str email, struct str phone);
/* kind 's' status, 'o' source (origin), 't' tag */
void terms_label(struct terms *t, char kind, struct str label);
struct str term_of_label(struct arena *a, char kind, struct str label);

/* A condition: some term of the client's lies in lo … hi, ends included. */
struct asked {
    struct str lo, hi;
    struct str near; /* a term that whoever fulfils it has as well */
};
static inline bool asked_exactly(const struct asked *x)
{
    return x->lo.ptr == x->hi.ptr;
}
struct asked asked_label(struct arena *a, char kind, struct str label);
/* At most ASKED_MAX conditions, all of which must hold; 0 where no letter or digit was asked. */
size_t asked_words(struct arena *a, struct str text, struct asked ret[static ASKED_MAX]);

/* The number as it is compared: without its country's code and zeros; "" of less than 6 digits. */
struct str phone_key(struct arena *a, struct str phone);
/* The address as it is compared by eye: folded, without dots and signs. */
struct str email_look(struct arena *a, struct str email);

#endif
