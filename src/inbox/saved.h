/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * saved: replies that the owner has written once and everybody uses.
 *
 * Their words may name the fields {client}, {first_name}, {business} and {booking_link}; any other
 * is refused when they are saved. They are filled in for one conversation, and what comes out is a
 * draft: the member reads it, changes it and sends it as their own. At most SAVED_MAX a business.
 */
#ifndef CAREOPS_INBOX_SAVED_H
#define CAREOPS_INBOX_SAVED_H

#include "inbox/internal.h"

enum { SAVED_MAX = 200, SAVED_TITLE_MAX = 120, SAVED_BODY_MAX = 5000 };

struct saved_reply {
    struct opt_int id, version;
    struct str title, body;
};

/* NOT_FOUND, with words. */
enum result saved_load(struct work *w, int64_t id, struct saved_reply *ret) must_check;
/* By id, from behind one on. */
enum result saved_list(struct work *w, int64_t after_id, int64_t limit, struct saved_reply **ret,
                       size_t *ret_count) must_check;
/* INVALID where the words name a field that there is not; CONFLICT where there are SAVED_MAX. */
enum result saved_make(struct work *w, struct str title, struct str body,
                       int64_t *ret_id) must_check;
/* Absent parts stay. */
enum result saved_change(struct work *w, const struct saved_reply *was, struct str title,
                         struct str body) must_check;
enum result saved_remove(struct work *w, const struct saved_reply *was) must_check;
/* The words for this conversation. */
enum result saved_fill(struct work *w, const struct saved_reply *s, const struct conversation *c,
                       struct str *ret) must_check;

#endif
