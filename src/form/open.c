/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* open: a public form, filled in by anyone. See form.h. */
#include "form/form.h"

#include "audit/audit.h"
#include "base/seal.h"
#include "form/internal.h"
#include "gate/gate.h"

enum {
    LEAD_NAME_MAX = 120,   /* of a client */
    LEAD_TEXT_MAX = 10000, /* of a message */
};

enum result form_open(struct work *w, int64_t id, struct form_open *ret)
{
    struct form f;
    enum result res = form_load(w, id, &f);
    if (res == OK && !(f.is_public && f.active))
        return work_missing(w, "form");
    if (res != OK)
        return res;
    struct form_fields fields = fields_read(w->arena, f.fields);
    *ret = (struct form_open){
        .id = f.id,
        .revision = f.revision,
        .name = f.name,
        .thanks = f.thanks,
        .clinical = f.clinical,
        .fields = {true, fields.count, fields.items},
    };
    return OK;
}

/* The first answer to a question of this type; of a text, to the one that is called `name`. */
static struct str first_of(struct work *w, const struct form_fields *fields, enum field_type type,
                           struct str answers)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct form_field *f = &fields->items[i];
        if ((enum field_type)f->type.value != type ||
            (type == TYPE_TEXT && !str_is(f->key, "name")))
            continue;
        struct str words = answer_words(w->arena, f, answers);
        if (words.len > 0)
            return words;
    }
    return (struct str){0};
}

enum result form_open_check(struct work *w, const struct form_open *f, struct str answers,
                            struct form_lead *ret)
{
    const struct form_fields fields = {f->fields.count, f->fields.items};
    struct form_lead lead = {0};
    enum result res = answers_check(w->arena, w->problem, &fields, answers, w->now_s, &lead.answers,
                                    &lead.signatures);
    if (res != OK)
        return res;
    lead.name = first_of(w, &fields, TYPE_TEXT, lead.answers);
    lead.email = first_of(w, &fields, TYPE_EMAIL, lead.answers);
    lead.phone = first_of(w, &fields, TYPE_PHONE, lead.answers);
    if (str_utf8_len(lead.name) > LEAD_NAME_MAX)
        return problem_field(w->problem, "answers.name", "too_long",
                             "Give at most 120 characters.");
    lead.text = f->clinical
                    ? str_printf(w->arena,
                                 STR_FMT "\n\nFilled in. The answers are with the "
                                         "client's forms, for who may read what is "
                                         "clinical.",
                                 STR_ARG(f->name))
                    : answers_words(w->arena, &fields, f->name, lead.answers, LEAD_TEXT_MAX);
    *ret = lead;
    return OK;
}

static struct str sealed(struct work *w, struct str text)
{
    return text.ptr ? seal_close(w->app->seal, w->arena, text) : text;
}

enum result form_open_keep(struct work *w, const struct form_open *f, int64_t client_id,
                           const struct form_lead *lead)
{
    int64_t id = env_id(w->env);
    enum result res = workspace_lock(w); /* visits may wait for it (gate/gate.h) */
    if (res == OK)
        res = db_exec(
            w->tx,
            "INSERT INTO form_submission (workspace_id, id, form_id, form_revision, client_id, status,"
            " answers, signatures, asked_s, completed_s)"
            " VALUES ($1, $2, $3, $4, $5, 'completed', $6, $7, $8, $8)",
            db_i(w->actor.workspace_id), db_i(id), db_i(f->id), db_i(f->revision), db_i(client_id),
            db_s(sealed(w, lead->answers)), db_s(sealed(w, lead->signatures)), db_i(w->now_s));
    if (res != OK)
        return res;
    struct audit a;
    audit_begin(&a, w, "form_submission", id, "completed");
    audit_str(&a, "form", (struct str){0}, f->name);
    audit_str(&a, "client_id", (struct str){0}, str_printf(w->arena, "%lld", (long long)client_id));
    return audit_end(&a);
}
