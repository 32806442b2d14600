/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parse_internal: what the files of the parser share and nobody else needs. */
#ifndef CAREOPS_HTTP_PARSE_INTERNAL_H
#define CAREOPS_HTTP_PARSE_INTERNAL_H

#include "http/parse.h"

/* Fills `ret` and returns false. */
bool refuse(struct refusal *ret, int status, const char *code, const char *detail);
/* The value of a hexadecimal digit, or -1. */
int hex_digit(char c);

#endif
