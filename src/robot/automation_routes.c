/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * automation_routes: the owner's rules over HTTP: reading and changing them, how a letter will
 * look, and one sent to oneself.
 */
#include "robot/internal.h"

#include "audit/audit.h"
#include "message/letter_fields.h"
#include "message/letter_words.h"
#include "team/team.h"

enum { SECONDS_PER_MIN = 60 };

struct automation_view {
    struct str key, delay_of, subject, body;
    struct opt_bool enabled, to_client, changed;
    struct opt_int delay_min, delay_min_least, delay_min_most, version;
    struct str_list fields;
};
static const struct field automation_fields[] = {
    FIELD_WORD(struct automation_view, key, rule_names),
    FIELD_BOOL(struct automation_view, enabled),
    FIELD_BOOL(struct automation_view, to_client, .doc = "else it goes to the business's own"),
    FIELD_INT(struct automation_view, delay_min, 0, 0, .maybe = true),
    FIELD_STR(struct automation_view, delay_of, 0, 0, .maybe = true,
              .doc = "what delay_min counts; null: it has none"),
    FIELD_INT(struct automation_view, delay_min_least, 0, 0, .maybe = true),
    FIELD_INT(struct automation_view, delay_min_most, 0, 0, .maybe = true),
    FIELD_STR(struct automation_view, subject, 0, 0, .maybe = true,
              .doc = "null: this one sends no letter"),
    FIELD_STR(struct automation_view, body, 0, 0, .maybe = true),
    FIELD_BOOL(struct automation_view, changed, .doc = "something of it is the owner's own"),
    FIELD_STRS(struct automation_view, fields, 0, 0,
               .doc = "what subject and body may name, as {client}"),
    FIELD_INT(struct automation_view, version, 0, 0),
};
static const struct shape automation_shape =
    SHAPE("Automation", struct automation_view, automation_fields);

static struct automation_view view_of(struct work *w, enum rule_key key, const struct rule *r)
{
    const struct rule_kind *kind = &rule_kinds[key];
    struct automation_view v = {
        .key = str_of(kind->name),
        .enabled = some_bool(r->enabled),
        .to_client = some_bool(kind->to_client),
        .changed = some_bool(r->enabled != kind->on || r->delay_min != kind->delay_min ||
                             r->subject.len || r->body.len),
        .version = some_int(r->version),
        .fields = {.set = true},
    };
    if (kind->delay_of) {
        v.delay_min = some_int(r->delay_min);
        v.delay_of = str_of(kind->delay_of);
        v.delay_min_least = some_int(kind->delay_least);
        v.delay_min_most = some_int(kind->delay_most);
    }
    if (kind->letter == LETTER__MAX)
        return v;
    const struct letter_words *words = &letter_words[kind->letter];
    v.subject = r->subject.len ? r->subject : str_of(words->subject);
    v.body = r->body.len ? r->body : str_of(words->body);
    struct str *names = arena_new_array(w->arena, LETTER_FIELD__MAX, struct str);
    v.fields.count = letter_fields_of(kind->letter, names);
    v.fields.items = names;
    return v;
}

static enum result key_of(struct request *rq, struct work *w, enum rule_key *ret)
{
    for (int i = 0; i < RULE__MAX; i++) {
        if (!str_is(rq->params[0], rule_kinds[i].name))
            continue;
        *ret = (enum rule_key)i;
        return OK;
    }
    return work_missing(w, "automation");
}

static enum result answer(struct request *rq, struct work *w, enum rule_key key)
{
    struct rule rule;
    enum result res = rule_load(w, key, &rule);
    if (res != OK)
        return res;
    struct automation_view v = view_of(w, key, &rule);
    answer_etag(rq, rule.version);
    answer_json(rq, 200, &automation_shape, &v, w->actor.permissions);
    return OK;
}

static enum result list(struct request *rq, struct work *w)
{
    struct automation_view *views = arena_new_array(w->arena, RULE__MAX, struct automation_view);
    enum result res = OK;
    for (int i = 0; i < RULE__MAX && res == OK; i++) {
        struct rule rule;
        res = rule_load(w, (enum rule_key)i, &rule);
        if (res == OK)
            views[i] = view_of(w, (enum rule_key)i, &rule);
    }
    if (res == OK)
        answer_list(rq, &automation_shape, views, RULE__MAX, (struct str){0}, w->actor.permissions);
    return res;
}

static enum result get(struct request *rq, struct work *w)
{
    enum rule_key key;
    enum result res = key_of(rq, w, &key);
    return res == OK ? answer(rq, w, key) : res;
}

/* ---- changing ---- */

struct automation_in {
    struct opt_bool enabled;
    struct opt_int delay_min;
    struct str subject, body;
    bool delay_null, subject_null, body_null;
};
static const struct field automation_in_fields[] = {
    FIELD_BOOL(struct automation_in, enabled),
    FIELD_INT(struct automation_in, delay_min, 0, 100000, .nullable = true,
              .nullable_offset = offsetof(struct automation_in, delay_null)),
    FIELD_STR(struct automation_in, subject, 0, RULE_SUBJECT_MAX, .nullable = true,
              .nullable_offset = offsetof(struct automation_in, subject_null),
              .doc = "with {fields}; null or empty for the program's words"),
    FIELD_STR(struct automation_in, body, 0, RULE_BODY_MAX, .multiline = true, .nullable = true,
              .nullable_offset = offsetof(struct automation_in, body_null),
              .doc = "plain text with {fields}; an empty line parts paragraphs"),
};
static const struct shape automation_in_shape =
    SHAPE("AutomationPatch", struct automation_in, automation_in_fields);

static enum result check_words(struct work *w, enum rule_key key, struct str subject,
                               struct str body)
{
    enum letter_kind letter = rule_kinds[key].letter;
    if (letter == LETTER__MAX && (subject.len || body.len))
        return problem_field(w->problem, subject.len ? "subject" : "body", "not_allowed",
                             "This automation sends no letter.");
    enum result subject_ok = letter_fields_check(w, letter, subject, "subject");
    enum result body_ok = letter_fields_check(w, letter, body, "body");
    return subject_ok == OK ? body_ok : subject_ok;
}

static enum result check_delay(struct work *w, enum rule_key key, struct opt_int delay)
{
    const struct rule_kind *kind = &rule_kinds[key];
    if (!delay.set)
        return OK;
    if (!kind->delay_of)
        return problem_field(w->problem, "delay_min", "not_allowed",
                             "This automation goes at once: it has no delay.");
    if (delay.value >= kind->delay_least && delay.value <= kind->delay_most)
        return OK;
    return problem_field(w->problem, "delay_min", "out_of_range",
                         arena_printf(w->arena, "Give %d to %d %s.", kind->delay_least,
                                      kind->delay_most, kind->delay_of));
}

static enum result write_audit(struct work *w, enum rule_key key, const struct rule *was,
                               const struct rule *is)
{
    struct audit a;
    audit_begin(&a, w, "automation", w->actor.workspace_id, rule_kinds[key].name);
    audit_bool(&a, "enabled", was->enabled, is->enabled);
    audit_int(&a, "delay_min", some_int(was->delay_min), some_int(is->delay_min));
    audit_str(&a, "subject", was->subject, is->subject);
    audit_str(&a, "body", was->body, is->body);
    return audit_end(&a);
}

/* What waits already is due by the new delay. */
static enum result shift(struct work *w, enum rule_key key, const struct rule *was,
                         const struct rule *is)
{
    if (was->delay_min == is->delay_min)
        return OK;
    int64_t offset_s = (int64_t)is->delay_min * SECONDS_PER_MIN;
    return job_shift(w, rule_kinds[key].name, key == RULE_BOOKING_REMINDER ? -offset_s : offset_s);
}

static struct str word_or_clear(struct str s, bool null)
{
    return null ? STR("") : s;
}

static enum result patch(struct request *rq, struct work *w)
{
    const struct automation_in *in = rq->in;
    enum rule_key key;
    struct rule was, is;
    enum result res = key_of(rq, w, &key);
    if (res == OK)
        res = workspace_lock(w);
    if (res == OK)
        res = rule_load(w, key, &was);
    if (res == OK)
        res = route_check_version(rq, w, was.version);
    if (res != OK)
        return res;
    struct rule_change change = {
        .enabled = in->enabled,
        .delay_min = in->delay_null ? some_int(rule_kinds[key].delay_min) : in->delay_min,
        .subject = word_or_clear(in->subject, in->subject_null),
        .body = word_or_clear(in->body, in->body_null),
    };
    if (in->delay_null && !rule_kinds[key].delay_of)
        change.delay_min = (struct opt_int){0};
    enum result words_ok = check_words(w, key, change.subject, change.body);
    enum result delay_ok = check_delay(w, key, change.delay_min);
    if (words_ok != OK || delay_ok != OK)
        return words_ok != OK ? words_ok : delay_ok;
    res = rule_change(w, key, &change);
    if (res == OK)
        res = rule_load(w, key, &is);
    if (res == OK)
        res = shift(w, key, &was, &is);
    if (res == OK)
        res = write_audit(w, key, &was, &is);
    return res == OK ? answer(rq, w, key) : res;
}

/* ---- looking at one, and sending one to oneself ---- */

struct preview_in {
    struct str subject, body;
    struct opt_int booking_id;
};
static const struct field preview_in_fields[] = {
    FIELD_STR(struct preview_in, subject, 0, RULE_SUBJECT_MAX, .doc = "absent: as it is saved"),
    FIELD_STR(struct preview_in, body, 0, RULE_BODY_MAX, .multiline = true),
    FIELD_ID(struct preview_in, booking_id,
             .doc = "absent: the newest; one made up where there is none"),
};
static const struct shape preview_in_shape =
    SHAPE("AutomationPreviewIn", struct preview_in, preview_in_fields);

struct preview_view {
    struct str subject, text, html;
};
static const struct field preview_fields[] = {
    FIELD_STR(struct preview_view, subject, 0, 0),
    FIELD_STR(struct preview_view, text, 0, 0),
    FIELD_STR(struct preview_view, html, 0, 0),
};
static const struct shape preview_shape =
    SHAPE("AutomationPreview", struct preview_view, preview_fields);

static enum result prepare(struct request *rq, struct work *w, enum rule_key *ret_key,
                           struct preview *ret)
{
    static const struct preview_in nothing;
    const struct preview_in *in = rq->in ? rq->in : &nothing;
    struct rule rule;
    enum result res = key_of(rq, w, ret_key);
    if (res != OK)
        return res;
    if (rule_kinds[*ret_key].letter == LETTER__MAX)
        return problem_set(w->problem, CONFLICT, "invalid_transition",
                           "This automation sends no letter: there is nothing to look at.");
    if (in->booking_id.set && in->booking_id.value == 0)
        return work_missing_at(w, "booking_id", "booking");
    res = check_words(w, *ret_key, in->subject, in->body);
    if (res == OK)
        res = rule_load(w, *ret_key, &rule);
    if (res == OK)
        res = preview_of(w, *ret_key, in->booking_id.value, ret);
    if (res != OK)
        return res;
    ret->in.own_subject = in->subject.ptr ? in->subject : rule.subject;
    ret->in.own_body = in->body.ptr ? in->body : rule.body;
    return OK;
}

static enum result post_preview(struct request *rq, struct work *w)
{
    struct preview p;
    enum rule_key key;
    enum result res = prepare(rq, w, &key, &p);
    if (res != OK)
        return res;
    struct letter letter;
    letter_write(w->arena, p.kind, &p.in, &letter);
    struct preview_view v = {letter.subject, letter.text, letter.html};
    answer_json(rq, 200, &preview_shape, &v, w->actor.permissions);
    return OK;
}

struct trial_view {
    struct opt_int email_id;
    struct str to;
};
static const struct field trial_fields[] = {
    FIELD_ID(struct trial_view, email_id, .doc = "as /emails has it"),
    FIELD_STR(struct trial_view, to, 0, 0),
};
static const struct shape trial_shape = SHAPE("AutomationTest", struct trial_view, trial_fields);

/* The caller's own address; a token writes to the first owner. */
static enum result own_address(struct work *w, struct staff_member *ret)
{
    struct staff_member *owners;
    size_t count = 0;
    if (w->actor.user_id)
        return team_member_of_user(w, w->actor.workspace_id, w->actor.user_id, ret);
    enum result res = team_owners(w, &owners, &count);
    if (res == OK && count == 0)
        return problem_set(w->problem, CONFLICT, "no_email_address",
                           "There is no owner with an address to send it to.");
    if (res == OK)
        *ret = owners[0];
    return res;
}

static enum result post_test(struct request *rq, struct work *w)
{
    struct preview p;
    enum rule_key key;
    struct staff_member who;
    int64_t email_id = 0;
    enum result res = prepare(rq, w, &key, &p);
    if (res == OK)
        res = own_address(w, &who);
    if (res != OK)
        return res;
    p.in.to_address = who.email;
    p.in.sending.trial = true;
    p.in.sending.ret_message_id = &email_id;
    res = letter_send(w, p.kind, &p.in, env_id(w->env), STR(""));
    if (res == OK)
        res = audit_action(w, "automation", w->actor.workspace_id, "test_sent");
    if (res != OK)
        return res;
    struct trial_view v = {some_int(email_id), who.email};
    answer_json(rq, 202, &trial_shape, &v, w->actor.permissions);
    return OK;
}

#define OWNERS .who = WHO_OWNER, .tag = "automations"
static const struct route automation_routes[] = {
    {OWNERS, .method = HTTP_GET_, .path = "/api/v1/automations", .mode = MODE_READ, .status = 200,
     .answer = &automation_shape, .answer_is_list = true, .handler = list,
     .summary = "What the robot does by itself: switch, delay and words of each"},
    {OWNERS, .method = HTTP_GET_, .path = "/api/v1/automations/{key}", .mode = MODE_READ,
     .status = 200, .answer = &automation_shape, .handler = get, .summary = "One of them"},
    {OWNERS, .method = HTTP_PATCH_, .path = "/api/v1/automations/{key}", .mode = MODE_WRITE,
     .body = &automation_in_shape, .status = 200, .answer = &automation_shape, .handler = patch,
     .summary = "Switch it, or change its delay and words"},
    {OWNERS, .method = HTTP_POST_, .path = "/api/v1/automations/{key}/preview", .mode = MODE_READ,
     .body = &preview_in_shape, .body_optional = true, .status = 200, .answer = &preview_shape,
     .handler = post_preview, .summary = "How its letter looks with a real booking"},
    {OWNERS, .method = HTTP_POST_, .path = "/api/v1/automations/{key}/test", .mode = MODE_WRITE,
     .body = &preview_in_shape, .body_optional = true, .status = 202, .answer = &trial_shape,
     .handler = post_test, .summary = "Send it to yourself"},
};
const struct route_table automation_table = {automation_routes, sizeof automation_routes /
                                                                    sizeof automation_routes[0]};
