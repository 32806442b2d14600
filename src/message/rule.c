/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rule: the table of rules, and what a business has made of them. See rule.h. */
#include "message/rule.h"

enum { MINUTES_PER_HOUR = 60, HOURS_A_DAY = 24, DAY_MIN = MINUTES_PER_HOUR * HOURS_A_DAY };

#define SENDS(rule_name, kind) .name = (rule_name), .letter = (kind), .on = true

const struct rule_kind rule_kinds[RULE__MAX] = {
    [RULE_BOOKING_CONFIRMATION] = {SENDS("booking_confirmation", LETTER_BOOKING_CONFIRMATION),
                                   .to_client = true},
    [RULE_BOOKING_REMINDER] = {SENDS("booking_reminder", LETTER_BOOKING_REMINDER),
                               .to_client = true, .delay_of = "minutes before the visit begins",
                               .delay_min = DAY_MIN, .delay_least = 1, .delay_most = 14 * DAY_MIN},
    [RULE_BOOKING_CANCELLED] = {SENDS("booking_cancelled", LETTER_BOOKING_CANCELLED),
                                .to_client = true},
    [RULE_BOOKING_RESCHEDULED] = {SENDS("booking_rescheduled", LETTER_BOOKING_RESCHEDULED),
                                  .to_client = true},
    [RULE_CLIENT_WELCOME] = {SENDS("client_welcome", LETTER_CLIENT_WELCOME), .to_client = true},
    [RULE_FORM_REQUEST] = {SENDS("form_request", LETTER_FORM_REQUEST), .to_client = true,
                           .delay_of = "minutes after the visit is confirmed", .delay_min = 0,
                           .delay_least = 0, .delay_most = 14 * DAY_MIN},
    [RULE_FORM_REMINDER] = {SENDS("form_reminder", LETTER_FORM_REMINDER), .to_client = true,
                            .delay_of = "minutes after the form was asked for",
                            .delay_min = DAY_MIN, .delay_least = 1, .delay_most = 14 * DAY_MIN},
    [RULE_FOLLOW_UP] = {SENDS("follow_up", LETTER_FOLLOW_UP), .to_client = true,
                        .delay_of = "minutes after a completed visit ended",
                        .delay_min = MINUTES_PER_HOUR, .delay_least = 0, .delay_most = 7 * DAY_MIN},
    [RULE_LOW_STOCK] = {SENDS("low_stock", LETTER_LOW_STOCK)},
    [RULE_OWNER_NEW_BOOKING] = {SENDS("owner_new_booking", LETTER_OWNER_NEW_BOOKING)},
    [RULE_OWNER_DAILY_DIGEST] = {SENDS("owner_daily_digest", LETTER_OWNER_DAILY_DIGEST),
                                 .delay_of = "minutes after midnight, by the business's clock",
                                 .delay_min = 8 * MINUTES_PER_HOUR, .delay_least = 0,
                                 .delay_most = DAY_MIN - 1},
    [RULE_VISIT_COMPLETION] = {.name = "visit_completion",
                               .letter = LETTER__MAX,
                               .delay_of = "minutes after a visit ended that nobody has marked",
                               .delay_min = 2 * DAY_MIN,
                               .delay_least = 0,
                               .delay_most = 14 * DAY_MIN},
};

const char *const rule_names[] = {
    [RULE_BOOKING_CONFIRMATION] = "booking_confirmation",
    [RULE_BOOKING_REMINDER] = "booking_reminder",
    [RULE_BOOKING_CANCELLED] = "booking_cancelled",
    [RULE_BOOKING_RESCHEDULED] = "booking_rescheduled",
    [RULE_CLIENT_WELCOME] = "client_welcome",
    [RULE_FORM_REQUEST] = "form_request",
    [RULE_FORM_REMINDER] = "form_reminder",
    [RULE_FOLLOW_UP] = "follow_up",
    [RULE_LOW_STOCK] = "low_stock",
    [RULE_OWNER_NEW_BOOKING] = "owner_new_booking",
    [RULE_OWNER_DAILY_DIGEST] = "owner_daily_digest",
    [RULE_VISIT_COMPLETION] = "visit_completion",
    [RULE__MAX] = NULL,
};

static enum rule_key key_called(struct str name)
{
    for (int i = 0; i < RULE__MAX; i++)
        if (str_is(name, rule_kinds[i].name))
            return (enum rule_key)i;
    return RULE__MAX;
}

enum rule_key rule_of_letter(enum letter_kind kind)
{
    for (int i = 0; i < RULE__MAX; i++)
        if (rule_kinds[i].letter == kind)
            return (enum rule_key)i;
    return RULE__MAX;
}

static struct rule untouched(enum rule_key key)
{
    return (struct rule){
        .enabled = rule_kinds[key].on, .delay_min = rule_kinds[key].delay_min, .version = 1};
}

/* All of them at once: a change of a booking asks for several. */
static enum result load_all(struct work *w)
{
    struct db_rows r;
    struct rule *rules = arena_new_array(w->arena, RULE__MAX, struct rule);
    enum result res = db_query(w->tx, &r,
                               "SELECT key, enabled, delay_min, subject, body, version"
                               " FROM automation WHERE workspace_id = $1 LIMIT $2",
                               db_i(w->actor.workspace_id), db_i(2 * RULE__MAX));
    if (res != OK)
        return res;
    for (int i = 0; i < RULE__MAX; i++)
        rules[i] = untouched((enum rule_key)i);
    for (size_t i = 0; i < r.count; i++) {
        enum rule_key key = key_called(db_str(&r, i, 0));
        if (key == RULE__MAX)
            continue; /* of an earlier version of this program */
        struct opt_int enabled = db_opt_int(&r, i, 1);
        struct opt_int delay = db_opt_int(&r, i, 2);
        if (enabled.set)
            rules[key].enabled = enabled.value != 0;
        if (delay.set)
            rules[key].delay_min = (int)delay.value;
        rules[key].subject = db_str(&r, i, 3);
        rules[key].body = db_str(&r, i, 4);
        rules[key].version = db_int(&r, i, 5);
    }
    w->rules = rules;
    return OK;
}

enum result rule_load(struct work *w, enum rule_key key, struct rule *ret)
{
    enum result res = w->rules ? OK : load_all(w);
    if (res == OK)
        *ret = w->rules[key];
    return res;
}

static struct db_value kept(struct str s)
{
    return s.len ? db_s(s) : db_s((struct str){0});
}

enum result rule_change(struct work *w, enum rule_key key, const struct rule_change *c)
{
    enum result res =
        db_exec(w->tx,
                "INSERT INTO automation (workspace_id, key, version) VALUES ($1, $2, 1)"
                " ON CONFLICT (workspace_id, key) DO NOTHING",
                db_i(w->actor.workspace_id), db_z(rule_kinds[key].name));
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE automation SET version = version + 1,"
                      " enabled = COALESCE($3, enabled), delay_min = COALESCE($4, delay_min),"
                      " subject = CASE WHEN $5 = 1 THEN $6 ELSE subject END,"
                      " body = CASE WHEN $7 = 1 THEN $8 ELSE body END"
                      " WHERE workspace_id = $1 AND key = $2",
                      db_i(w->actor.workspace_id), db_z(rule_kinds[key].name),
                      db_opt((struct opt_int){c->enabled.set, c->enabled.value}),
                      db_opt(c->delay_min), db_i(c->subject.ptr != NULL), kept(c->subject),
                      db_i(c->body.ptr != NULL), kept(c->body));
    w->rules = NULL;
    return res;
}
