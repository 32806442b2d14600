/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attention: one list of what waits for the owner, whatever it is. Private to today/. */
#ifndef CAREOPS_TODAY_ATTENTION_H
#define CAREOPS_TODAY_ATTENTION_H

#include "today/internal.h"

enum severity { SEVERITY_URGENT, SEVERITY_WARNING, SEVERITY_INFO };

/* What a code has no use for is left out of the answer. */
struct attention_item {
    struct str code, message, fix_url;
    struct opt_int severity, id, version, at;
    /* of a visit */
    struct opt_int booking_id, start, end, minutes, client_id, staff_id;
    struct str status, services, client_name, client_phone, staff_name;
    /* of an item */
    struct opt_int available, reorder_point;
    struct str unit;
    /* of anything else: the letter's subject, the form's name; why, what was said */
    struct str kind, name, detail;
    struct str next_step;
    struct opt_int stars;
};

struct attention {
    struct work *w;
    const struct workspace *ws;
    size_t count, room;
    struct attention_item *items;
};

/* A new line; `code` and `severity` are given, the rest is filled in by the caller. */
struct attention_item *attention_add(struct attention *list, const char *code,
                                     enum severity severity);

/* Each adds at most ATTENTION_EACH lines of a code. */
enum result attention_visits(struct attention *list) must_check; /* unconfirmed, unmarked */
enum result attention_orphans(struct attention *list) must_check;
enum result attention_gates(struct attention *list) must_check;
enum result attention_forms(struct attention *list) must_check;
enum result attention_letters(struct attention *list) must_check;
enum result attention_conversations(struct attention *list) must_check;
enum result attention_stock(struct attention *list) must_check;
enum result attention_ratings(struct attention *list) must_check;
enum result attention_requests(struct attention *list) must_check;
enum result attention_jobs(struct attention *list) must_check;

#endif
