/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * rule: what the owner decides about what goes by itself: whether, when, and in which words.
 *
 * A rule that nobody has touched is as the table below has it; each part of it that the owner sets
 * is a column of `automation`, and NULL where it is ours again.
 */
#ifndef CAREOPS_MESSAGE_RULE_H
#define CAREOPS_MESSAGE_RULE_H

#include "db/work.h"
#include "message/letter.h"

enum rule_key {
    RULE_BOOKING_CONFIRMATION,
    RULE_BOOKING_REMINDER,
    RULE_BOOKING_CANCELLED,
    RULE_BOOKING_RESCHEDULED,
    RULE_CLIENT_WELCOME,
    RULE_FORM_REQUEST,
    RULE_FORM_REMINDER,
    RULE_FOLLOW_UP,
    RULE_LOW_STOCK,
    RULE_OWNER_NEW_BOOKING,
    RULE_OWNER_DAILY_DIGEST,
    RULE_VISIT_COMPLETION, /* no letter: a visit that ended unmarked is completed */
    RULE__MAX,
};

enum { RULE_SUBJECT_MAX = 200, RULE_BODY_MAX = 5000 };

/* What a rule is, whoever's it is. */
struct rule_kind {
    const char *name;
    enum letter_kind letter; /* LETTER__MAX: it sends none */
    bool on;                 /* unless the owner says otherwise */
    bool to_client;
    const char *delay_of; /* what delay_min counts, for people; NULL: it has none */
    int delay_min, delay_least, delay_most;
};
extern const struct rule_kind rule_kinds[RULE__MAX];
extern const char *const rule_names[]; /* NULL-terminated, by the enum */

/* One business's. */
struct rule {
    bool enabled;
    int delay_min;            /* of a kind that has one, else 0 */
    struct str subject, body; /* the owner's; absent: ours */
    int64_t version;          /* 1: never changed */
};

/* The rule that stands over a letter; RULE__MAX: none does. */
enum rule_key rule_of_letter(enum letter_kind kind);
enum result rule_load(struct work *w, enum rule_key key, struct rule *ret) must_check;

/* Sets parts of it; an absent part stays. */
struct rule_change {
    struct opt_bool enabled;
    struct opt_int delay_min;
    struct str subject, body; /* empty: ours again */
};
enum result rule_change(struct work *w, enum rule_key key,
                        const struct rule_change *change) must_check;

#endif
