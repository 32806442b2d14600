/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* form: the rows of forms, and how they are made and changed. See form.h. */
#include "form/form.h"

#include "audit/audit.h"
#include "form/internal.h"

#define FORM                                                                                   \
    "SELECT f.id, f.name, f.kind, v.fields, f.form_revision, f.active, f.version, f.clinical," \
    " f.staff_reads, f.is_public, f.external_url, f.thanks, f.every_visit FROM form f"         \
    " JOIN form_version v ON v.workspace_id = f.workspace_id AND v.form_id = f.id"             \
    " AND v.form_revision = f.form_revision WHERE f.workspace_id = $1"

static struct form form_of(const struct db_rows *r, size_t i)
{
    return (struct form){
        .id = db_int(r, i, 0),
        .name = db_str(r, i, 1),
        .kind = db_str(r, i, 2),
        .fields = db_str(r, i, 3),
        .revision = db_int(r, i, 4),
        .active = db_int(r, i, 5) != 0,
        .version = db_int(r, i, 6),
        .clinical = db_int(r, i, 7) != 0,
        .staff_reads = db_int(r, i, 8) != 0,
        .is_public = db_int(r, i, 9) != 0,
        .external_url = db_str(r, i, 10),
        .thanks = db_str(r, i, 11),
        .every_visit = db_int(r, i, 12) != 0,
    };
}

enum result form_load(struct work *w, int64_t id, struct form *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r, FORM " AND f.id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND)
        return work_missing(w, "form");
    if (res == OK)
        *ret = form_of(&r, 0);
    return res;
}

enum result form_list(struct work *w, int64_t after_id, size_t limit, struct form **ret,
                      size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r, FORM " AND f.id > $2 ORDER BY f.id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(after_id), db_i((int64_t)limit));
    if (res != OK)
        return res;
    struct form *list = arena_new_array(w->arena, r.count, struct form);
    for (size_t i = 0; i < r.count; i++)
        list[i] = form_of(&r, i);
    *ret = list;
    *ret_count = r.count;
    return OK;
}

enum result form_fields_at(struct work *w, int64_t id, int64_t revision, struct str *ret_json)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r,
                             "SELECT fields FROM form_version WHERE workspace_id = $1"
                             " AND form_id = $2 AND form_revision = $3",
                             db_i(w->actor.workspace_id), db_i(id), db_i(revision));
    if (res == NOT_FOUND)
        return work_missing(w, "revision of this form");
    if (res == OK)
        *ret_json = db_str(&r, 0, 0);
    return res;
}

/* ---- writing ---- */

static enum result write_version(struct work *w, const struct form *f)
{
    return db_exec(w->tx,
                   "INSERT INTO form_version (workspace_id, form_id, form_revision, fields)"
                   " VALUES ($1, $2, $3, $4)",
                   db_i(w->actor.workspace_id), db_i(f->id), db_i(f->revision), db_s(f->fields));
}

static enum result write_audit(struct work *w, const char *action, const struct form *was,
                               const struct form *is)
{
    struct audit a;
    audit_begin(&a, w, "form", is->id, action);
    audit_str(&a, "name", was->name, is->name);
    audit_str(&a, "kind", was->kind, is->kind);
    audit_bool(&a, "active", was->active, is->active);
    audit_bool(&a, "every_visit", was->every_visit, is->every_visit);
    audit_bool(&a, "clinical", was->clinical, is->clinical);
    audit_bool(&a, "staff_reads", was->staff_reads, is->staff_reads);
    audit_bool(&a, "public", was->is_public, is->is_public);
    audit_str(&a, "external_url", was->external_url, is->external_url);
    audit_int(&a, "revision", some_int(was->revision), some_int(is->revision));
    return audit_end(&a);
}

static void put_flag(const struct opt_bool *in, bool *ret)
{
    if (in->set)
        *ret = in->value;
}

static void merge_plain(const struct form_in *in, struct form *f)
{
    if (in->name.ptr)
        f->name = in->name;
    if (in->kind.set)
        f->kind = str_of(form_kinds[in->kind.value]);
    if (in->thanks.ptr)
        f->thanks = in->thanks;
    if (in->external_url.ptr)
        f->external_url = in->external_url;
    if (in->no_external_url)
        f->external_url = (struct str){0};
    put_flag(&in->active, &f->active);
    put_flag(&in->every_visit, &f->every_visit);
    put_flag(&in->clinical, &f->clinical);
    put_flag(&in->staff_reads, &f->staff_reads);
    put_flag(&in->is_public, &f->is_public);
}

/* What is filled in elsewhere has no fields here; a link that is taken away needs some. */
static enum result merge_fields(struct work *w, const struct form_in *in, struct form *f)
{
    struct str fields = f->fields;
    if (f->external_url.ptr) {
        if (in->fields.count > 0)
            return problem_field(w->problem, "fields", "not_allowed",
                                 "A form that is filled in elsewhere has no fields here.");
        fields = str_of(fields_none);
    } else if (in->fields.set) {
        enum result res = fields_check(w, &in->fields, &fields);
        if (res != OK)
            return res;
    }
    if (!fields.ptr || (!f->external_url.ptr && str_is(fields, fields_none)))
        return problem_field(w->problem, "fields", "required", "This is needed.");
    if (!f->fields.ptr || !str_eq(fields, f->fields)) {
        f->fields = fields;
        f->revision++;
    }
    return OK;
}

/* Of a field that is always there, and has to be answered. */
static bool always_asks(const struct form_fields *fields, enum field_type type, const char *key)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct form_field *f = &fields->items[i];
        if (f->type.value == TYPE_SECTION && f->show_if)
            return false; /* what follows may be hidden with it */
        if (f->type.value == type && (!key || str_is(f->key, key)) && f->required.value &&
            !f->show_if)
            return true;
    }
    return false;
}

/* A lead is a client: somebody with a name who can be written to. */
static enum result check_public(struct work *w, const struct form *f)
{
    if (!f->is_public)
        return OK;
    if (!str_is(f->kind, "contact") || f->external_url.ptr)
        return problem_field(w->problem, "public", "not_allowed",
                             "Only a contact form that is filled in here can be public.");
    struct form_fields fields = fields_read(w->arena, f->fields);
    if (always_asks(&fields, TYPE_EMAIL, NULL) && always_asks(&fields, TYPE_TEXT, "name"))
        return OK;
    return problem_field(w->problem, "fields", "incomplete",
                         "A public form needs a required e-mail field and a required text field "
                         "with the key name, which are always shown.");
}

/* A form that becomes another kind is asked of everybody no more. */
static enum result check_every_visit(struct work *w, const struct form_in *in, struct form *f)
{
    if (str_is(f->kind, "intake"))
        return OK;
    f->every_visit = false;
    if (in->every_visit.set && in->every_visit.value)
        return problem_field(w->problem, "every_visit", "not_allowed",
                             "Only an intake form is asked for with every visit.");
    return OK;
}

static enum result merge(struct work *w, const struct form_in *in, struct form *f)
{
    merge_plain(in, f);
    enum result res = check_every_visit(w, in, f);
    if (res == OK)
        res = merge_fields(w, in, f);
    return res == OK ? check_public(w, f) : res;
}

static enum result check_room(struct work *w)
{
    struct db_rows r;
    enum result res = db_one(w->tx, &r, "SELECT COUNT(*) FROM form WHERE workspace_id = $1",
                             db_i(w->actor.workspace_id));
    if (res == OK && db_int(&r, 0, 0) >= FORMS_MAX)
        return problem_set(w->problem, CONFLICT, "limit_reached",
                           "A business has at most %d forms.", FORMS_MAX);
    return res;
}

enum result form_create(struct work *w, const struct form_in *in, int64_t *ret_id)
{
    struct form nothing = {.name = STR(""), .kind = str_of(form_kinds[0]), .thanks = STR("")};
    struct form f = nothing;
    f.id = env_id(w->env);
    f.active = f.every_visit = true;
    enum result res = merge(w, in, &f);
    if (res == OK)
        res = workspace_lock(w);
    if (res == OK)
        res = check_room(w);
    if (res == OK)
        res = db_exec(w->tx,
                      "INSERT INTO form (workspace_id, id, name, kind, form_revision, active,"
                      " created_s, clinical, staff_reads, is_public, external_url, thanks,"
                      " every_visit)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                      db_i(w->actor.workspace_id), db_i(f.id), db_s(f.name), db_s(f.kind),
                      db_i(f.revision), db_i(f.active), db_i(w->now_s), db_i(f.clinical),
                      db_i(f.staff_reads), db_i(f.is_public), db_s(f.external_url), db_s(f.thanks),
                      db_i(f.every_visit));
    if (res == OK)
        res = write_version(w, &f);
    if (res == OK)
        res = write_audit(w, "created", &nothing, &f);
    if (res == OK)
        *ret_id = f.id;
    return res;
}

/* Who was asked to fill it in elsewhere, where it is no more, is asked here. */
static enum result ask_here(struct work *w, const struct form *was, const struct form *is)
{
    return db_exec(w->tx,
                   "UPDATE form_submission SET form_revision = $4, version = version + 1"
                   " WHERE workspace_id = $1 AND form_id = $2 AND status = 'pending'"
                   " AND form_revision = $3",
                   db_i(w->actor.workspace_id), db_i(is->id), db_i(was->revision),
                   db_i(is->revision));
}

enum result form_change(struct request *rq, struct work *w, int64_t id, const struct form_in *in)
{
    struct form was;
    /* First the row, so that two changes at once make two revisions. */
    enum result res = db_exec(w->tx,
                              "UPDATE form SET version = version + 1"
                              " WHERE workspace_id = $1 AND id = $2",
                              db_i(w->actor.workspace_id), db_i(id));
    if (res == OK)
        res = form_load(w, id, &was);
    if (res == OK)
        res = route_check_version(rq, w, was.version - 1);
    if (res != OK)
        return res;
    struct form is = was;
    res = merge(w, in, &is);
    if (res == OK && is.revision != was.revision)
        res = write_version(w, &is);
    if (res == OK)
        res = db_exec(w->tx,
                      "UPDATE form SET name = $3, kind = $4, form_revision = $5, active = $6,"
                      " clinical = $7, staff_reads = $8, is_public = $9, external_url = $10,"
                      " thanks = $11, every_visit = $12 WHERE workspace_id = $1 AND id = $2",
                      db_i(w->actor.workspace_id), db_i(id), db_s(is.name), db_s(is.kind),
                      db_i(is.revision), db_i(is.active), db_i(is.clinical), db_i(is.staff_reads),
                      db_i(is.is_public), db_s(is.external_url), db_s(is.thanks),
                      db_i(is.every_visit));
    if (res == OK && was.external_url.ptr && !is.external_url.ptr)
        res = ask_here(w, &was, &is);
    return res == OK ? write_audit(w, "changed", &was, &is) : res;
}
