/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* client: the rows of clients and the rules around them. See client.h. */
#include "client/client.h"

#include "audit/audit.h"
#include "client/internal.h"
#include "http/json_write.h"

const char *const client_statuses[] = {"new", "contacted", "booked", NULL};
const char *const client_sources[] = {"booking", "contact", "form",    "mail",
                                      "staff",   "import",  "unknown", NULL};

struct existing {
    struct opt_int client_id;
};
static const struct field existing_fields[] = {FIELD_ID(struct existing, client_id)};
static const struct shape existing_shape =
    SHAPE("ExistingClient", struct existing, existing_fields);

/* ---- reading ---- */

#define CLIENT "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.workspace_id = $1"

struct client client_of(const struct db_rows *rows, size_t i)
{
    return (struct client){
        .id = db_int(rows, i, 0),
        .name = db_str(rows, i, 1),
        .email = db_str(rows, i, 2),
        .phone = db_str(rows, i, 3),
        .notes = db_str(rows, i, 4),
        .tags = db_str(rows, i, 5),
        .status = db_str(rows, i, 6),
        .version = db_int(rows, i, 7),
        .alerts = db_str(rows, i, 8),
        .paused_until_s = db_opt_int(rows, i, 9),
        .unsubscribed_s = db_opt_int(rows, i, 10),
        .source = db_str(rows, i, 11),
        .created_s = db_int(rows, i, 12),
        .merged_into = db_opt_int(rows, i, 13),
        .terms_made = db_int(rows, i, 14) != 0,
        .erased_s = db_opt_int(rows, i, 15),
        .has_clinical_notes = db_int(rows, i, 16) != 0,
        .paused_by = db_str(rows, i, 17),
        .sample = db_int(rows, i, 18) != 0,
    };
}

enum result client_load_any(struct work *w, int64_t id, struct client *ret)
{
    struct db_rows rows;
    enum result r =
        db_one(w->tx, &rows, CLIENT " AND c.id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (r == NOT_FOUND)
        return work_missing(w, "client");
    if (r == OK)
        *ret = client_of(&rows, 0);
    return r;
}

static void tell_client(struct work *w, int64_t client_id)
{
    struct existing *e = arena_new(w->arena, struct existing);
    e->client_id = some_int(client_id);
    w->problem->extra_shape = &existing_shape;
    w->problem->extra = e;
}

enum result client_load(struct work *w, int64_t id, struct client *ret)
{
    struct client c;
    enum result r = client_load_any(w, id, &c);
    if (r != OK)
        return r;
    if (c.merged_into.set) {
        tell_client(w, c.merged_into.value);
        return problem_set(w->problem, NOT_FOUND, "client_merged",
                           "This client was merged with another one; client_id names who.");
    }
    *ret = c;
    return OK;
}

enum result client_load_known(struct work *w, int64_t id, struct client *ret)
{
    enum result r = client_load(w, id, ret);
    if (r == OK && ret->erased_s.set)
        return problem_set(w->problem, NOT_FOUND, "client_erased",
                           "This client's data was erased. Nothing of them is kept.");
    return r;
}

enum result client_by_email(struct work *w, struct str email, struct client *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, CLIENT " AND c.email_key = $2",
                           db_i(w->actor.workspace_id), db_s(str_lower(w->arena, email)));
    if (r != OK)
        return r;
    struct client c = client_of(&rows, 0);
    if (c.merged_into.set)
        return client_load_any(w, c.merged_into.value, ret); /* never merged itself (merge/) */
    *ret = c;
    return OK;
}

/* ---- writing ---- */

static enum result write_audit(struct work *w, const char *action, const struct client *was,
                               const struct client *is)
{
    struct audit a;
    audit_begin(&a, w, "client", is->id, action);
    audit_str(&a, "name", was->name, is->name);
    audit_str(&a, "email", was->email, is->email);
    audit_str(&a, "phone", was->phone, is->phone);
    audit_str(&a, "notes", was->notes, is->notes);
    audit_str(&a, "tags", was->tags, is->tags);
    audit_str(&a, "alerts", was->alerts, is->alerts);
    audit_str(&a, "status", was->status, is->status);
    audit_str(&a, "source", was->source, is->source);
    return audit_end(&a);
}

/* *ret_made false where another client has the address. */
static enum result insert(struct work *w, const struct client *c, struct client_tally *tally,
                          bool *ret_made)
{
    static const struct client nothing;
    int64_t inserted = 0;
    struct str key = c->email.ptr ? str_lower(w->arena, c->email) : (struct str){0};
    enum result r =
        db_count(w->tx, &inserted,
                 "INSERT INTO client (workspace_id, id, name, email, email_key, phone,"
                 " notes, tags, status, created_s, alerts, source, terms_made, sample)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)"
                 " ON CONFLICT DO NOTHING",
                 db_i(w->actor.workspace_id), db_i(c->id), db_s(c->name), db_s(c->email), db_s(key),
                 db_s(c->phone), db_s(c->notes), db_s(c->tags), db_s(c->status), db_i(c->created_s),
                 db_s(c->alerts), db_s(c->source), db_i(c->sample));
    if (r == OK && inserted == 1)
        r = client_index_new(w, c, tally);
    if (r == OK && inserted == 1 && !c->sample)
        r = write_audit(w, "created", &nothing, c);
    if (r == OK)
        *ret_made = inserted == 1;
    return r;
}

/* Each entry once, and of at most `longest` characters. */
static enum result check_list(struct work *w, const char *field, const struct str_list *list,
                              size_t longest)
{
    enum result r = OK;
    for (size_t i = 0; i < list->count; i++) {
        const char *path = arena_printf(w->arena, "%s.%zu", field, i);
        if (str_utf8_len(list->items[i]) > longest)
            r = problem_field(w->problem, path, "too_long",
                              arena_printf(w->arena, "Give at most %zu characters.", longest));
        for (size_t k = 0; k < i; k++)
            if (str_eq(list->items[k], list->items[i])) {
                r = problem_field(w->problem, path, "duplicate",
                                  "This entry stands in the list already.");
                break;
            }
    }
    return r;
}

/* What a request makes of a client. */
static enum result apply(struct work *w, const struct client_in *in, struct client *c)
{
    enum result r = check_list(w, "tags", &in->tags, TAG_LENGTH_MAX);
    if (r == OK)
        r = check_list(w, "alerts", &in->alerts, STRS_ITEM_MAX);
    if (r != OK)
        return r;
    if (in->name.ptr)
        c->name = in->name;
    if (in->email.ptr && in->email.len > 0)
        c->email = in->email;
    else if (in->email_null || in->email.ptr)
        c->email = (struct str){0};
    if (in->phone.ptr)
        c->phone = in->phone;
    if (in->notes.ptr)
        c->notes = in->notes;
    if (in->tags.set)
        c->tags = client_list_json(w->arena, &in->tags);
    if (in->alerts.set)
        c->alerts = client_list_json(w->arena, &in->alerts);
    if (in->status.set)
        c->status = str_of(client_statuses[in->status.value]);
    return OK;
}

static enum result already_exists(struct work *w, int64_t client_id)
{
    tell_client(w, client_id);
    return problem_set(w->problem, CONFLICT, "already_exists",
                       "There is a client with this e-mail address.");
}

enum result client_create(struct work *w, const struct client_in *in, int64_t *ret_id)
{
    struct client c = {
        .id = env_id(w->env),
        .name = STR(""),
        .phone = STR(""),
        .notes = STR(""),
        .tags = STR("[]"),
        .alerts = STR("[]"),
        .status = STR("new"),
        .source = str_of(client_sources[in->source]),
        .created_s = in->created_s.set ? in->created_s.value : w->now_s,
        .version = 1,
        .sample = in->sample,
    };
    bool made = false;
    enum result r = apply(w, in, &c);
    if (r == OK)
        r = insert(w, &c, in->tally, &made);
    if (r == OK && !made) {
        struct client other;
        r = client_by_email(w, c.email, &other);
        return r == OK ? already_exists(w, other.id) : r;
    }
    if (r == OK)
        *ret_id = c.id;
    return r;
}

enum result client_change(struct request *rq, struct work *w, int64_t id,
                          const struct client_in *in)
{
    struct client was, other;
    /* The version goes up first: that takes the row's lock, so what is read is what is changed. */
    enum result r = db_exec(w->tx,
                            "UPDATE client SET version = version + 1"
                            " WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(id));
    if (r == OK)
        r = client_load_known(w, id, &was);
    if (r == OK)
        r = rq ? route_check_version(rq, w, was.version - 1) : OK;
    if (r != OK)
        return r;
    struct client is = was;
    r = apply(w, in, &is);
    if (r != OK)
        return r;

    struct str key = {0};
    if (is.sample && is.email.ptr && !str_eq(was.email, is.email))
        return problem_set(w->problem, CONFLICT, "sample_client",
                           "This client is invented, and no letter ever goes to them. Make a "
                           "client of your own for this address.");
    if (is.email.ptr) {
        key = str_lower(w->arena, is.email);
        r = client_by_email(w, is.email, &other);
        if (r == OK && other.id != id)
            return already_exists(w, other.id);
        if (r != OK && r != NOT_FOUND)
            return r;
    }
    if (key.ptr) /* they had it as one of those who turned out to be them */
        r = db_exec(w->tx,
                    "UPDATE client SET email_key = NULL WHERE workspace_id = $1 AND email_key = $2"
                    " AND merged_into = $3",
                    db_i(w->actor.workspace_id), db_s(key), db_i(id));
    else
        r = OK;
    if (r == OK)
        r = db_exec(
            w->tx,
            "UPDATE client SET name = $3, email = $4, email_key = $5, phone = $6, notes = $7,"
            " tags = $8, status = $9, alerts = $10 WHERE workspace_id = $1 AND id = $2",
            db_i(w->actor.workspace_id), db_i(id), db_s(is.name), db_s(is.email), db_s(key),
            db_s(is.phone), db_s(is.notes), db_s(is.tags), db_s(is.status), db_s(is.alerts));
    if (r == OK)
        r = db_flush(w->tx); /* an address taken this moment is told here, by its name */
    if (r == OK)
        r = client_count_tags(w, was.terms_made ? was.tags : (struct str){0}, is.tags, in->tally);
    if (r == OK)
        r = client_index_again(w, id);
    return r == OK ? write_audit(w, "changed", &was, &is) : r;
}

enum result client_keep_apart(struct work *w, const struct client *a, const struct client *b)
{
    if (a->sample == b->sample)
        return OK;
    return problem_set(w->problem, CONFLICT, "sample_client",
                       "One of the two is sample data, which goes as a whole when it is removed. "
                       "What is real stays apart from it.");
}

/* ---- from bookings ---- */

enum result client_correct(struct work *w, int64_t client_id, const struct client_correction *in)
{
    struct client_in change = {.name = in->name, .email = in->email, .phone = in->phone};
    return client_change(NULL, w, client_id, &change);
}

static enum result fill_phone(struct work *w, struct client *c, struct str phone)
{
    if (!phone.ptr || phone.len == 0 || c->phone.len > 0)
        return OK;
    enum result r = db_exec(w->tx,
                            "UPDATE client SET phone = $3, version = version + 1"
                            " WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(c->id), db_s(phone));
    struct client was = *c;
    c->phone = phone;
    c->version++;
    if (r == OK)
        r = client_index_again(w, c->id);
    return r == OK ? write_audit(w, "changed", &was, c) : r;
}

enum result client_find_or_make(struct work *w, const struct client_details *in, struct client *ret,
                                bool *ret_created)
{
    bool has_email = in->email.ptr && in->email.len > 0;
    struct client c = {
        .id = env_id(w->env),
        .name = in->name,
        .email = has_email ? in->email : (struct str){0},
        .phone = in->phone.ptr ? in->phone : STR(""),
        .notes = STR(""),
        .tags = STR("[]"),
        .alerts = STR("[]"),
        .status = STR("new"),
        .source = str_of(client_sources[in->source]),
        .created_s = w->now_s,
        .version = 1,
    };
    bool created = false;
    enum result r = has_email ? client_by_email(w, in->email, ret) : NOT_FOUND;
    if (r == NOT_FOUND) {
        r = insert(w, &c, NULL, &created);
        if (r == OK && created)
            *ret = c;
        else if (r == OK) /* someone else made it in this very moment */
            r = client_by_email(w, in->email, ret);
    }
    if (r == OK && !created)
        r = fill_phone(w, ret, in->phone);
    if (r == OK)
        *ret_created = created;
    return r;
}

static enum result set_status(struct work *w, const struct client *was, const char *status)
{
    struct client is = *was;
    is.status = str_of(status);
    enum result r = db_exec(w->tx,
                            "UPDATE client SET status = $3, version = version + 1"
                            " WHERE workspace_id = $1 AND id = $2",
                            db_i(w->actor.workspace_id), db_i(was->id), db_s(is.status));
    if (r == OK && !was->erased_s.set)
        r = client_index_status(w, was->id, was->status, is.status);
    return r == OK ? write_audit(w, "changed", was, &is) : r;
}

enum result client_booked(struct work *w, int64_t client_id)
{
    struct client was;
    enum result r = client_load(w, client_id, &was);
    if (r != OK || str_is(was.status, "booked"))
        return r;
    return set_status(w, &was, "booked");
}

enum result client_contacted(struct work *w, int64_t client_id)
{
    struct client was;
    enum result r = client_load(w, client_id, &was);
    if (r != OK || !str_is(was.status, "new"))
        return r;
    return set_status(w, &was, "contacted");
}
