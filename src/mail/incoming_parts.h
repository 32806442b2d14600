/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* incoming_parts: what the files that know GMime share. See incoming.h. */
#ifndef CAREOPS_MAIL_INCOMING_PARTS_H
#define CAREOPS_MAIL_INCOMING_PARTS_H

#include "mail/incoming.h"
#include "mail/mail.h"

#include <gmime/gmime.h>

/* The words of all parts into `body`, the files into `ret`. */
void incoming_parts(struct arena *a, GMimeObject *top, struct buf *body, struct incoming *ret);

/* Whether a person wrote it; asks for the sender in `in`. */
enum incoming_kind incoming_kind_of(GMimeMessage *m, const struct incoming *in);

/*
 * Text of whatever bytes as valid UTF-8: line ends become \n, control characters but tab go, and so
 * does what turns the direction of the text. What does not fit sets out->overflow and is cut
 * between characters.
 */
void incoming_clean(struct buf *out, struct str bytes);

/* Without the marks of history that were not used. */
struct str incoming_unmarked(struct arena *a, struct str text);

#endif
