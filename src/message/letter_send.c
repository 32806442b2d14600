/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_send: a letter becomes a row of the outbox, by the owner's rule. See letter.h. */
#include "message/letter.h"

#include "base/app.h"
#include "base/seal.h"
#include "message/letter_fields.h"
#include "message/letter_words.h"
#include "message/outbox.h"
#include "message/reply_address.h"
#include "message/rule.h"

#include <assert.h>

/* Nothing of a secret stays in memory or comes into the database readable. */
static void seal_words(struct work *w, struct letter *l)
{
    const struct seal *seal = w->app ? w->app->seal : NULL;
    if (!seal)
        return;
    struct letter open = *l;
    l->text = seal_close(seal, w->arena, open.text);
    l->html = seal_close(seal, w->arena, open.html);
    str_wipe(open.text);
    str_wipe(open.html);
}

static enum result put(struct work *w, enum letter_kind kind, const struct letter_in *in,
                       int64_t subject_id, struct str occurrence)
{
    const struct letter_sending *how = &in->sending;
    struct letter letter;
    struct reply_address reply;
    int64_t letter_id = 0;
    bool answered_here = in->converses && reply_address_new(w, &reply);
    letter_write(w->arena, kind, in, &letter);
    if (letter_words[kind].secret)
        seal_words(w, &letter);
    struct outbox_message m = {
        .kind = letter_kind_name(how->trial ? LETTER_TRIAL : kind),
        .subject_id = subject_id,
        .occurrence = occurrence,
        .to_name = letter_person(w->arena, in->to_name),
        .to_address = in->to_address,
        .subject = letter.subject,
        .body_text = letter.text,
        .body_html = letter.html,
        .calendar = letter.calendar,
        .calendar_method = letter.calendar_method,
        .from_name = letter_line(w->arena, in->business->name, MAIL_NAME_MAX),
        .reply_to = answered_here ? reply.address : in->business->reply_to,
        .unsubscribe_url = in->unsubscribe_url,
        .priority = letter_words[kind].priority,
        .not_before_s = how->not_before_s,
        .withheld = how->withheld,
        .tells = how->tells,
        .tells_start_s = how->tells_start_s,
        .tells_staff_id = how->tells_staff_id,
        .matters_until_s = how->matters_until_s,
        .ret_id = &letter_id,
    };
    if (!how->trial) {
        m.booking_id = in->booking ? in->booking->id : 0;
        m.client_id = in->booking ? in->booking->client_id : in->client ? in->client->id : 0;
    }
    enum result res = outbox_put(w, &m);
    if (res == OK && answered_here)
        res = reply_address_keep(w, &reply, m.client_id, letter_id);
    if (res == OK && how->ret_message_id)
        *how->ret_message_id = letter_id;
    return res;
}

enum result letter_send(struct work *w, enum letter_kind kind, const struct letter_in *in,
                        int64_t subject_id, struct str occurrence)
{
    enum rule_key key = rule_of_letter(kind);
    if (key == RULE__MAX || in->sending.trial)
        return put(w, kind, in, subject_id, occurrence);
    struct rule rule;
    enum result res = rule_load(w, key, &rule);
    if (res != OK || !(rule.enabled || in->sending.by_hand))
        return res;
    struct letter_in own = *in;
    own.own_subject = rule.subject;
    own.own_body = rule.body;
    return put(w, kind, &own, subject_id, occurrence);
}

const char *letter_kind_name(enum letter_kind kind)
{
    assert(kind < LETTER__MAX);
    return letter_kind_names[kind == LETTER_STAFF_JOIN ? LETTER_STAFF_INVITATION : kind];
}

bool letter_is_secret(struct str kind)
{
    for (size_t i = 0; letter_kind_names[i]; i++)
        if (str_is(kind, letter_kind_names[i]))
            return letter_words[i].secret;
    return false;
}
