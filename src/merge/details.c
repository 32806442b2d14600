/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* details: what a client is told to be: joined from two, and parted again. See internal.h. */
#include "merge/internal.h"

#include "base/app.h"
#include "base/seal.h"
#include "privacy/privacy.h"

enum { DETAILS_MAX = 512 * 1024, SEALED_MAX = 128 * 1024 };

struct details {
    struct str name, email, phone, notes, tags, alerts, status;
    struct opt_int unsubscribed, paused_until;
    struct str paused_by;
    struct str clinical; /* the text; sealed in the JSON */
    struct str clinical_by;
    struct opt_int clinical_at, clinical_version;
    struct talk_state talk;
};
static const struct field details_fields[] = {
    FIELD_STR(struct details, name, 0, 0),
    FIELD_STR(struct details, email, 0, 0, .maybe = true),
    FIELD_STR(struct details, phone, 0, 0),
    FIELD_STR(struct details, notes, 0, 0, .multiline = true, .raw = true),
    FIELD_RAW(struct details, tags, .json = RAW_TEXTS),
    FIELD_RAW(struct details, alerts, .json = RAW_TEXTS),
    FIELD_STR(struct details, status, 0, 0),
    FIELD_INT(struct details, unsubscribed, 0, 0, .maybe = true),
    FIELD_INT(struct details, paused_until, 0, 0, .maybe = true),
    FIELD_STR(struct details, paused_by, 0, 0, .maybe = true),
    FIELD_STR(struct details, clinical, 0, SEALED_MAX, .maybe = true, .raw = true),
    FIELD_STR(struct details, clinical_by, 0, 0, .maybe = true),
    FIELD_INT(struct details, clinical_at, 0, 0, .maybe = true),
    FIELD_INT(struct details, clinical_version, 0, 0, .maybe = true),
    {.name = "folder",
     .kind = F_STR,
     .offset = offsetof(struct details, talk.folder),
     .maybe = true},
    {.name = "assigned",
     .kind = F_ID,
     .offset = offsetof(struct details, talk.assigned),
     .maybe = true},
    {.name = "set_aside",
     .kind = F_INT,
     .offset = offsetof(struct details, talk.set_aside),
     .maybe = true},
    {.name = "unwelcomed",
     .kind = F_INT,
     .offset = offsetof(struct details, talk.unwelcomed),
     .maybe = true},
};
static const struct shape details_shape = SHAPE("MergedDetails", struct details, details_fields);

static struct str canonical(struct arena *a, struct str list)
{
    struct str_list read = client_list_read(a, list);
    return client_list_json(a, &read);
}

static struct details details_of(struct arena *a, const struct client *c)
{
    return (struct details){c->name,
                            c->email,
                            c->phone,
                            c->notes,
                            canonical(a, c->tags),
                            canonical(a, c->alerts),
                            c->status,
                            c->unsubscribed_s,
                            .paused_until = c->paused_until_s,
                            .paused_by = c->paused_by};
}

static void set_clinical(struct details *d, const struct clinical *c)
{
    d->clinical = c->text;
    d->clinical_by = c->changed_by;
    d->clinical_at = c->changed_s;
    d->clinical_version = some_int(c->version);
}

static struct clinical clinical_of(const struct details *d)
{
    return (struct clinical){.text = d->clinical.ptr ? d->clinical : STR(""),
                             .changed_by = d->clinical_by,
                             .changed_s = d->clinical_at,
                             .version = d->clinical_version.value};
}

static struct str write_details(struct work *w, const struct details *d)
{
    struct buf b;
    struct details out = *d;
    if (d->clinical.len)
        out.clinical = seal_close(w->app->seal, w->arena, d->clinical);
    buf_init(&b, DETAILS_MAX);
    shape_write(&b, &details_shape, &out, PERM_ALL);
    struct str text = str_copy(w->arena, buf_view(&b));
    buf_done(&b);
    return text;
}

static enum result read_details(struct work *w, struct str json, struct details *ret)
{
    enum result r = shape_read(w->arena, w->problem, &details_shape, json, ret);
    if (r != OK)
        return r;
    ret->tags = canonical(w->arena, ret->tags);
    ret->alerts = canonical(w->arena, ret->alerts);
    if (ret->clinical.len && !seal_open(w->app->seal, w->arena, ret->clinical, &ret->clinical))
        return problem_set(w->problem, INTERNAL, "sealed_with_another_key",
                           "Clinical notes were sealed with another key. Give the program the key "
                           "that it had (CAREOPS_SECRET_KEY, or secret.key in the data folder).");
    return OK;
}

enum result details_read_talk(struct work *w, struct merge *m)
{
    struct details before, after;
    enum result r = read_details(w, m->before, &before);
    if (r == OK)
        r = read_details(w, m->after, &after);
    if (r == OK) {
        m->talk_before = before.talk;
        m->talk_after = after.talk;
    }
    return r;
}

/* ---- lists ---- */

static bool has(const struct str_list *list, struct str entry)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i], entry))
            return true;
    return false;
}

/* Those of `from` that are not in `without`, behind those of `first`. */
static struct str_list list_join(struct arena *a, struct str_list first, struct str_list from,
                                 struct str_list without)
{
    struct str_list out = {.set = true};
    out.items = arena_new_array(a, first.count + from.count, struct str);
    for (size_t i = 0; i < first.count; i++)
        out.items[out.count++] = first.items[i];
    for (size_t i = 0; i < from.count; i++)
        if (!has(&without, from.items[i]) && !has(&out, from.items[i]))
            out.items[out.count++] = from.items[i];
    return out;
}

static enum result too_long(struct work *w, const char *what)
{
    return problem_set(w->problem, CONFLICT, "merge_too_long",
                       "Together they would have too many %s. Shorten those of one of them first.",
                       what);
}

/* ---- joining ---- */

static struct str join_notes(struct arena *a, struct str own, struct str others)
{
    if (!own.len || !others.len || str_eq(own, others))
        return own.len ? own : others;
    return str_printf(a, STR_FMT "\n\n" STR_FMT, STR_ARG(own), STR_ARG(others));
}

static int64_t rank(struct str status)
{
    int64_t i = 0;
    while (client_statuses[i] && !str_is(status, client_statuses[i]))
        i++;
    return i;
}

static enum result join_clinical(struct work *w, int64_t id, int64_t other_id,
                                 struct details *before, struct details *after)
{
    struct clinical own, others;
    enum result r = clinical_load(w, id, &own);
    if (r == OK)
        r = clinical_load(w, other_id, &others);
    if (r != OK)
        return r;
    struct clinical joined = own;
    joined.text = join_notes(w->arena, own.text, others.text);
    if (str_utf8_len(joined.text) > CLINICAL_NOTES_MAX)
        return too_long(w, "clinical notes");
    set_clinical(before, &own);
    if (others.changed_s.set && others.changed_s.value > own.changed_s.value) {
        joined.changed_s = others.changed_s;
        joined.changed_by = others.changed_by;
    }
    if (str_eq(joined.text, own.text)) {
        set_clinical(after, &own);
        return OK;
    }
    r = clinical_write(w, id,
                       &(struct clinical){joined.text, joined.changed_by, joined.changed_s, 1});
    if (r == OK)
        r = clinical_load(w, id, &joined);
    set_clinical(after, &joined);
    return r;
}

/* The later of two pauses is the one person's. */
static enum result join_pause(struct work *w, const struct client *c, const struct client *other,
                              struct details *after)
{
    bool longer =
        client_paused(other, w->now_s) &&
        !(client_paused(c, w->now_s) && c->paused_until_s.value >= other->paused_until_s.value);
    if (!longer)
        return OK;
    after->paused_until = other->paused_until_s;
    after->paused_by = other->paused_by;
    return client_pause_until(w, c->id, other->paused_until_s, other->paused_by);
}

enum result details_join(struct work *w, const struct client *c, const struct client *other,
                         struct merge *m)
{
    struct arena *a = w->arena;
    const struct str_list none = {0};
    struct details d = details_of(a, c);
    struct client_in in = {
        .tags = list_join(a, client_list_read(a, c->tags), client_list_read(a, other->tags), none),
        .alerts =
            list_join(a, client_list_read(a, c->alerts), client_list_read(a, other->alerts), none),
    };
    struct details before;
    d.talk = m->talk_before;
    before = d;
    d.talk = m->talk_after;
    if (in.tags.count > TAGS_MAX)
        return too_long(w, "tags");
    if (in.alerts.count > ALERTS_MAX)
        return too_long(w, "alerts");
    in.notes = d.notes = join_notes(a, c->notes, other->notes);
    if (str_utf8_len(d.notes) > CLIENT_NOTES_MAX)
        return too_long(w, "notes");
    if (!c->email.len && other->email.len)
        in.email = d.email = other->email;
    if (!c->phone.len && other->phone.len)
        in.phone = d.phone = other->phone;
    if (rank(other->status) > rank(c->status))
        d.status = other->status;
    in.status = some_int(rank(d.status));
    d.tags = client_list_json(a, &in.tags);
    d.alerts = client_list_json(a, &in.alerts);
    if (!c->unsubscribed_s.set)
        d.unsubscribed = other->unsubscribed_s;
    enum result r = join_clinical(w, c->id, other->id, &before, &d);
    if (r == OK)
        r = join_pause(w, c, other, &d);
    if (r != OK)
        return r;
    m->before = write_details(w, &before);
    m->after = write_details(w, &d);
    r = client_change(NULL, w, c->id, &in);
    /* Who wants no letters wants none under another name. */
    if (r == OK && !c->unsubscribed_s.set && other->unsubscribed_s.set)
        r = client_unsubscribed_since(w, c->id, other->unsubscribed_s.value);
    return r;
}

/* ---- parting ---- */

/* What the merge made of a text goes; what somebody made of it since stays. */
static struct str part(struct str now, struct str before, struct str after)
{
    return str_eq(now, after) ? before : now;
}

/* Of notes that were changed since, the other's own words are cut out where they still stand. */
static struct str part_notes(struct arena *a, struct str now, struct str before, struct str after,
                             struct str others)
{
    if (str_eq(now, after) || str_eq(before, after))
        return part(now, before, after);
    struct str block = before.len ? str_printf(a, "\n\n" STR_FMT, STR_ARG(others)) : others;
    const char *at = block.len ? memmem(now.ptr, now.len, block.ptr, block.len) : NULL;
    if (!at)
        return now;
    size_t from = (size_t)(at - now.ptr);
    return str_trim(str_printf(a, STR_FMT STR_FMT, (int)from, now.ptr,
                               (int)(now.len - from - block.len), at + block.len));
}

static struct str_list part_list(struct arena *a, struct str now, struct str before,
                                 struct str after)
{
    const struct str_list none = {0};
    struct str_list was = client_list_read(a, before);
    struct str_list gained = list_join(a, none, client_list_read(a, after), was);
    return list_join(a, none, client_list_read(a, now), gained);
}

static enum result part_clinical(struct work *w, const struct details *before,
                                 const struct details *after, int64_t id, int64_t other_id)
{
    struct clinical now, others;
    if (str_eq(before->clinical, after->clinical))
        return OK;
    enum result r = clinical_load(w, id, &now);
    if (r == OK)
        r = clinical_load(w, other_id, &others);
    if (r != OK)
        return r;
    if (now.version == after->clinical_version.value) {
        struct clinical was = clinical_of(before);
        return clinical_write(w, id, &was);
    }
    struct str text =
        part_notes(w->arena, now.text, before->clinical, after->clinical, others.text);
    if (str_eq(text, now.text))
        return OK;
    now.text = text;
    return clinical_write(w, id, &now);
}

static enum result part_pause(struct work *w, const struct client *c, const struct details *before,
                              const struct details *after)
{
    bool gained =
        after->paused_until.set &&
        (!before->paused_until.set || before->paused_until.value != after->paused_until.value);
    if (!gained || !c->paused_until_s.set || c->paused_until_s.value != after->paused_until.value)
        return OK;
    return client_pause_until(w, c->id, before->paused_until, before->paused_by);
}

enum result details_part(struct work *w, const struct merge *m, const struct client *other)
{
    struct client c;
    struct details before, after;
    struct arena *a = w->arena;
    enum result r = client_load(w, m->client_id.value, &c);
    if (r == OK)
        r = read_details(w, m->before, &before);
    if (r == OK)
        r = read_details(w, m->after, &after);
    if (r != OK)
        return r;
    struct client_in in = {
        .email = part(c.email, before.email, after.email),
        .phone = part(c.phone, before.phone, after.phone),
        .notes = part_notes(a, c.notes, before.notes, after.notes, other->notes),
        .tags = part_list(a, c.tags, before.tags, after.tags),
        .alerts = part_list(a, c.alerts, before.alerts, after.alerts),
        .status = some_int(rank(part(c.status, before.status, after.status))),
    };
    in.email_null = in.email.len == 0;
    r = client_change(NULL, w, c.id, &in);
    if (r == OK)
        r = part_clinical(w, &before, &after, c.id, other->id);
    if (r == OK)
        r = part_pause(w, &c, &before, &after);
    bool gained = !before.unsubscribed.set && after.unsubscribed.set && c.unsubscribed_s.set &&
                  c.unsubscribed_s.value == after.unsubscribed.value;
    return r == OK && gained ? client_subscribe(w, c.id, true) : r;
}
