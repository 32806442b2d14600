/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * second_opinion: what libhttp-parser makes of a request's head. It is laxer than our parser, so
 * the rule is one-sided: what we accept, it must accept, and read alike. (In a file of its own,
 * because both parsers have an enum http_method.)
 */
#ifndef CAREOPS_TESTS_HTTP_SECOND_OPINION_H
#define CAREOPS_TESTS_HTTP_SECOND_OPINION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPINION_URL_MAX = 32 * 1024 };

struct opinion {
    bool accepted;     /* a whole head and nothing behind it */
    const char *fault; /* why not */
    const char *method;
    char url[OPINION_URL_MAX];
    size_t url_len;
    size_t fields;
    bool chunked;
    bool has_length;
    uint64_t length;
};

/* `response`: the head of an answer instead. */
void second_opinion(const char *head, size_t len, bool response, struct opinion *ret);

#endif
