/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import: a plan over HTTP, and carried out. See transfer.h. */
#include "transfer/internal.h"

#include "audit/audit.h"
#include "base/log.h"
#include "http/shape.h"

enum { FILE_MAX = 1024 * 1024 };

static const char *const on_existing[] = {"skip", "update", NULL};

static const struct field in_fields[] = {
    FIELD_STR(struct import_in, csv, 0, FILE_MAX, .multiline = true, .raw = true,
              .doc = "the table as text; its first line names the columns"),
    FIELD_STR(struct import_in, csv_base64, 0, FILE_MAX, .multiline = true, .raw = true,
              .doc = "or the file's bytes, in UTF-8 or Windows-1252"),
    FIELD_OBJECT(struct import_in, mapping, mapping_shape,
                 .doc = "which column is what, by its name; absent: guessed"),
    FIELD_ENUM(struct import_in, on_existing, on_existing,
               .doc =
                   "clients who are here already: skip (default), or update by what the line says"),
    FIELD_STR(struct import_in, plan, 1, TOKEN_HASH_TEXT,
              .doc = "of the preview: 409 plan_changed where it would be another one now"),
};
static const struct shape in_shape = SHAPE("ClientImportNew", struct import_in, in_fields);

/* ---- answers ---- */

static const struct field error_fields[] = {
    FIELD_STR(struct line_error, column, 0, 0),
    FIELD_STR(struct line_error, code, 0, 0),
    FIELD_STR(struct line_error, message, 0, 0),
};
static const struct shape error_shape = SHAPE("ClientImportError", struct line_error, error_fields);

struct who_out {
    struct opt_int id;
    struct str name, email, phone, tags;
};
static const struct field who_fields[] = {
    FIELD_ID(struct who_out, id, .maybe = true, .doc = "of the client who is here already"),
    FIELD_STR(struct who_out, name, 0, 0, .maybe = true),
    FIELD_STR(struct who_out, email, 0, 0, .maybe = true),
    FIELD_STR(struct who_out, phone, 0, 0, .maybe = true),
    FIELD_RAW(struct who_out, tags, .json = RAW_TEXTS),
};
static const struct shape who_shape = SHAPE("ClientImportWho", struct who_out, who_fields);

struct row_out {
    struct opt_int line;
    struct str action;
    struct who_out *client;
    struct shape_list errors;
};
static const struct field row_fields[] = {
    FIELD_INT(struct row_out, line, 0, 0, .doc = "of the file, from 1"),
    FIELD_WORD(struct row_out, action, plan_actions),
    FIELD_OBJECT(struct row_out, client, who_shape),
    FIELD_LIST(struct row_out, errors, error_shape, 0, 0),
};
static const struct shape row_shape = SHAPE("ClientImportRow", struct row_out, row_fields);

struct counts_out {
    struct opt_int create, update, skip, error;
};
static const struct field counts_fields[] = {
    FIELD_INT(struct counts_out, create, 0, 0),
    FIELD_INT(struct counts_out, update, 0, 0),
    FIELD_INT(struct counts_out, skip, 0, 0),
    FIELD_INT(struct counts_out, error, 0, 0),
};
static const struct shape counts_shape =
    SHAPE("ClientImportCounts", struct counts_out, counts_fields);

struct import_out {
    struct opt_int id;
    struct str plan;
    struct str_list columns;
    struct mapping *mapping;
    struct counts_out *counts;
    struct shape_list rows;
};
static const struct field preview_fields[] = {
    FIELD_STR(struct import_out, plan, 0, 0),
    FIELD_STRS(struct import_out, columns, 0, 0),
    FIELD_OBJECT(struct import_out, mapping, mapping_shape),
    FIELD_OBJECT(struct import_out, counts, counts_shape),
    FIELD_LIST(struct import_out, rows, row_shape, 0, IMPORT_LINES_MAX),
};
static const struct shape preview_shape =
    SHAPE("ClientImportPreview", struct import_out, preview_fields);

static const struct field done_fields[] = {
    FIELD_ID(struct import_out, id),
    FIELD_STR(struct import_out, plan, 0, 0),
    FIELD_OBJECT(struct import_out, counts, counts_shape),
    FIELD_LIST(struct import_out, rows, row_shape, 0, IMPORT_LINES_MAX,
               .doc = "the lines with errors, which were left out"),
};
static const struct shape done_shape = SHAPE("ClientImport", struct import_out, done_fields);

static struct shape_list rows_of(struct arena *a, const struct plan *p, bool errors_only)
{
    struct row_out *rows = arena_new_array(a, p->count, struct row_out);
    struct who_out *who = arena_new_array(a, p->count, struct who_out);
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct step *s = &p->steps[i];
        if (errors_only && s->action != PLAN_ERROR)
            continue;
        who[n] = (struct who_out){.name = s->what.name,
                                  .email = s->what.email,
                                  .phone = s->what.phone,
                                  .tags = s->what.tags};
        who[n].id = (struct opt_int){s->client_id != 0, s->client_id};
        rows[n] = (struct row_out){some_int(s->line), str_of(plan_actions[s->action]), &who[n],
                                   s->what.errors};
        n++;
    }
    return (struct shape_list){true, n, rows};
}

static struct import_out out_of(struct arena *a, struct plan *p, bool errors_only)
{
    struct counts_out *counts = arena_new(a, struct counts_out);
    *counts =
        (struct counts_out){some_int(p->counts[PLAN_CREATE]), some_int(p->counts[PLAN_UPDATE]),
                            some_int(p->counts[PLAN_SKIP]), some_int(p->counts[PLAN_ERROR])};
    return (struct import_out){
        .plan = str_of(p->mark),
        .columns = {true, p->columns.count, p->columns.headings},
        .mapping = &p->columns.mapping,
        .counts = counts,
        .rows = rows_of(a, p, errors_only),
    };
}

/* ---- carrying out ---- */

static enum result create(struct work *w, const struct line *l, struct client_tally *tally)
{
    int64_t id;
    const struct client_in in = {
        .name = l->name,
        .email = l->email,
        .phone = l->phone,
        .notes = l->notes,
        .tags = l->tag_list,
        .alerts = l->alert_list,
        .status = l->status,
        .source = l->source.set ? (enum client_source)l->source.value : CLIENT_FROM_IMPORT,
        .created_s = l->created_at,
        .tally = tally,
    };
    enum result r = client_create(w, &in, &id);
    return r == OK && l->unsubscribed_at.set
               ? client_unsubscribed_since(w, id, l->unsubscribed_at.value)
               : r;
}

static enum result update(struct work *w, int64_t id, const struct line *l,
                          struct client_tally *tally)
{
    const struct client_in in = {
        .name = l->name,
        .email = l->email.len ? l->email : (struct str){0},
        .phone = l->phone.len ? l->phone : (struct str){0},
        .notes = l->notes.len ? l->notes : (struct str){0},
        .tags = l->tag_list,
        .alerts = l->alert_list,
        .status = l->status,
        .tally = tally,
    };
    enum result r = client_change(NULL, w, id, &in);
    return r == OK && l->unsubscribed_at.set ? client_subscribe(w, id, false) : r;
}

/* Each line in memory of its own, since there may be thousands; kept where it failed, for the words
 * of its problem. */
static void scratch_done(void *arena)
{
    arena_done(arena);
}

static enum result carry_out(struct work *w, const struct plan *p)
{
    struct arena *own = w->arena, *scratch = arena_new(w->arena, struct arena);
    arena_init(scratch, ARENA_DEFAULT_LIMIT);
    arena_on_reset(own, scratch_done, scratch);
    struct client_tally *tally = arena_new(own, struct client_tally);
    tally->arena = own;
    w->arena = scratch;
    enum result r = OK;
    for (size_t i = 0; r == OK && i < p->count; i++) {
        const struct step *s = &p->steps[i];
        if (s->action == PLAN_CREATE)
            r = create(w, &s->what, tally);
        else if (s->action == PLAN_UPDATE)
            r = update(w, s->client_id, &s->what, tally);
        if (r == OK)
            arena_reset(scratch);
    }
    w->arena = own;
    return r == OK ? client_tally_write(w, tally) : r;
}

static enum result write_audit(struct work *w, int64_t id, const struct plan *p)
{
    struct audit a;
    audit_begin(&a, w, "client_import", id, "imported");
    for (int i = 0; i < PLAN__MAX; i++)
        audit_int(&a, plan_actions[i], (struct opt_int){0}, some_int(p->counts[i]));
    return audit_end(&a);
}

static enum result post_preview(struct request *rq, struct work *w)
{
    struct plan *p = arena_new(w->arena, struct plan);
    enum result r = plan_make(w, rq->in, p);
    if (r != OK)
        return r;
    struct import_out out = out_of(w->arena, p, false);
    answer_json(rq, 200, &preview_shape, &out, w->actor.permissions);
    return OK;
}

static enum result post_import(struct request *rq, struct work *w)
{
    const struct import_in *in = rq->in;
    struct plan *p = arena_new(w->arena, struct plan);
    enum result r = plan_make(w, in, p);
    if (r != OK)
        return r;
    if (!columns_name_somebody(&p->columns))
        return problem_field(w->problem, "mapping.name", "required",
                             "Say which column holds the clients' names.");
    if (in->plan.ptr && !str_is(in->plan, p->mark))
        return problem_set(w->problem, CONFLICT, "plan_changed",
                           "Clients have changed since the preview. Look at it once more.");
    int64_t id = env_id(w->env);
    r = carry_out(w, p);
    if (r == OK)
        r = write_audit(w, id, p);
    if (r != OK)
        return r;
    struct import_out out = out_of(w->arena, p, true);
    out.id = some_int(id);
    answer_json(rq, 201, &done_shape, &out, w->actor.permissions);
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_POST_,
        .path = "/api/v1/client-imports/preview",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_READ,
        .body = &in_shape,
        .status = 200,
        .answer = &preview_shape,
        .handler = post_preview,
        .tag = "client",
        .summary = "What an import would do, line by line; at most 2,000 lines and 1 MB",
    },
    {
        .method = HTTP_POST_,
        .path = "/api/v1/client-imports",
        .who = WHO_OWNER,
        .permissions = PERM_CLIENTS,
        .mode = MODE_WRITE,
        .idempotent = true,
        .body = &in_shape,
        .status = 201,
        .answer = &done_shape,
        .handler = post_import,
        .tag = "client",
        .summary = "Take clients in from a table, as the preview said",
    },
};
const struct route_table import_table = {routes, sizeof routes / sizeof routes[0]};
