/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * eml: reads back what mail/message.c wrote, for showing it in a browser.
 *
 * Not a general MIME reader: it knows the encodings and the structure that we write. Whatever else
 * it is given it reads wrongly but safely.
 */
#ifndef CAREOPS_MESSAGE_EML_H
#define CAREOPS_MESSAGE_EML_H

#include "base/str.h"

/* A header of the message, unfolded, its encoded words decoded. Absent where there is none. */
struct str eml_header(struct arena *a, struct str message, const char *name);

/* The decoded body of the first part of this type ("text/plain", "text/html"). Absent where there
 * is none. */
struct str eml_part(struct arena *a, struct str message, const char *type);

#endif
