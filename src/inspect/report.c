/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report: what was found, for a person and for a program. */
#include "inspect/internal.h"

#include "http/json_write.h"

static const char *engine_name(const struct report *r)
{
    return r->engine == DB_SQLITE ? "SQLite" : "PostgreSQL";
}

static bool holds(const struct outcome *o)
{
    return !o->blind && o->finding_count == 0;
}

/* ---- for a person ---- */

static void write_outcome(const struct outcome *o, FILE *out)
{
    const struct check *c = o->check;
    const char *word = o->blind ? "NOT SEEN" : o->finding_count ? "FOUND" : "ok";
    fprintf(out, "%-9s %-22s %s\n", word, c->name, c->question);
    fprintf(out, "%-9s %-22s %lld %s, %lld ms\n", "", "", (long long)o->looked_at, c->unit,
            (long long)o->took_ms);
    if (o->why[0])
        fprintf(out, "%-9s %-22s could not be asked to the end: %s\n", "", "", o->why);
    for (int64_t i = 0; i < o->finding_count && i < FINDINGS_TOLD; i++) {
        const struct finding *f = &o->findings[i];
        fprintf(out, "          - ");
        if (f->workspace_id)
            fprintf(out, "business %lld, ", (long long)f->workspace_id);
        fprintf(out, "%s: %s\n", f->what, f->problem);
    }
    if (o->finding_count > FINDINGS_TOLD)
        fprintf(out, "          - and %lld more\n", (long long)(o->finding_count - FINDINGS_TOLD));
    if (o->finding_count)
        fprintf(out, "          What to do: %s\n", c->next);
}

void inspect_report_text(const struct report *r, FILE *out)
{
    fprintf(out, "careops audit: %s, schema %lld, %lld business%s\n\n", engine_name(r),
            (long long)r->schema, (long long)r->businesses, r->businesses == 1 ? "" : "es");
    size_t held = 0;
    for (size_t i = 0; i < r->count; i++) {
        write_outcome(&r->outcomes[i], out);
        held += holds(&r->outcomes[i]);
    }
    fprintf(out, "\n%zu of %zu checks hold", held, r->count);
    if (r->finding_count)
        fprintf(out, ", %lld finding%s", (long long)r->finding_count,
                r->finding_count == 1 ? "" : "s");
    if (r->blind_count)
        fprintf(out, ", %zu could not be asked", r->blind_count);
    fprintf(out, " (%lld ms, at most %lld MB of memory)\n", (long long)r->took_ms,
            (long long)(r->peak_kb / 1024));
}

/* ---- for a program ---- */

static void write_finding(struct json_out *j, struct arena *a, const struct finding *f)
{
    jw_open(j, '{');
    jw_key(j, "workspace_id");
    if (f->workspace_id)
        jw_text(j, str_printf(a, "%lld", (long long)f->workspace_id));
    else
        jw_null(j);
    jw_key(j, "what");
    jw_z(j, f->what);
    jw_key(j, "problem");
    jw_z(j, f->problem);
    jw_close(j, '}');
}

static void word_or_null(struct json_out *j, const char *word)
{
    if (word)
        jw_z(j, word);
    else
        jw_null(j);
}

static void write_check(struct json_out *j, struct arena *a, const struct outcome *o)
{
    jw_open(j, '{');
    jw_key(j, "name");
    jw_z(j, o->check->name);
    jw_key(j, "question");
    jw_z(j, o->check->question);
    jw_key(j, "ok");
    jw_bool(j, holds(o));
    jw_key(j, "looked_at");
    jw_int(j, o->looked_at);
    jw_key(j, "unit");
    jw_z(j, o->check->unit);
    jw_key(j, "took_ms");
    jw_int(j, o->took_ms);
    jw_key(j, "finding_count");
    jw_int(j, o->finding_count);
    jw_key(j, "findings");
    jw_open(j, '[');
    for (int64_t i = 0; i < o->finding_count && i < FINDINGS_TOLD; i++)
        write_finding(j, a, &o->findings[i]);
    jw_close(j, ']');
    jw_key(j, "next");
    word_or_null(j, o->finding_count ? o->check->next : NULL);
    jw_key(j, "error");
    word_or_null(j, o->why[0] ? o->why : NULL);
    jw_close(j, '}');
}

void inspect_report_json(const struct report *r, FILE *out)
{
    enum { REPORT_MAX = 16 * 1024 * 1024 };
    struct arena a;
    struct buf text;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    buf_init(&text, REPORT_MAX);
    struct json_out j = jw(&text);
    jw_open(&j, '{');
    jw_key(&j, "ok");
    jw_bool(&j, r->finding_count == 0 && r->blind_count == 0);
    jw_key(&j, "engine");
    jw_z(&j, r->engine == DB_SQLITE ? "sqlite" : "postgres");
    jw_key(&j, "schema");
    jw_int(&j, r->schema);
    jw_key(&j, "workspaces");
    jw_int(&j, r->businesses);
    jw_key(&j, "finding_count");
    jw_int(&j, r->finding_count);
    jw_key(&j, "took_ms");
    jw_int(&j, r->took_ms);
    jw_key(&j, "peak_kb");
    jw_int(&j, r->peak_kb);
    jw_key(&j, "checks");
    jw_open(&j, '[');
    for (size_t i = 0; i < r->count; i++)
        write_check(&j, &a, &r->outcomes[i]);
    jw_close(&j, ']');
    jw_close(&j, '}');
    fwrite(text.ptr, 1, text.len, out);
    fputc('\n', out);
    buf_done(&text);
    arena_done(&a);
}
