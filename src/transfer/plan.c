/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * plan: what an import would do, line by line. It reads and changes nothing.
 *
 * Nobody is taken twice: an address or an id that stood in an earlier line is an error, since which
 * of the two lines is right is for a person to say.
 */
#include "transfer/internal.h"

#include "base/fold.h"

#include <sodium.h>
#include <stdlib.h>

const char *const plan_actions[] = {"create", "update", "skip", "error", NULL};

enum { SEEN_SLOTS = 4 * IMPORT_LINES_MAX, MARK_MAX = 64 * IMPORT_LINES_MAX };

/* ---- the file ---- */

static enum result decode(struct work *w, struct str base64, struct str *ret)
{
    char *out = arena_alloc(w->arena, base64.len + 1);
    size_t len = 0;
    if (sodium_base642bin((unsigned char *)out, base64.len, base64.ptr, base64.len, "\r\n ", &len,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return problem_field(w->problem, "csv_base64", "invalid_format",
                             "Give the file's bytes in base64.");
    *ret = (struct str){out, len};
    return OK;
}

static enum result text_of(struct work *w, const struct import_in *in, struct str *ret)
{
    struct str bytes = in->csv;
    enum result r = OK;
    if ((in->csv.ptr != NULL) == (in->csv_base64.ptr != NULL))
        return problem_field(w->problem, "csv", "required",
                             "Give the table as csv, or the file's bytes as csv_base64.");
    if (in->csv_base64.ptr)
        r = decode(w, in->csv_base64, &bytes);
    if (r != OK)
        return r;
    const char *path = in->csv.ptr ? "csv" : "csv_base64";
    if (!csv_text(w->arena, bytes, ret))
        return problem_field(w->problem, path, "invalid_format",
                             "This is no CSV. Save the table as CSV (UTF-8) and try again.");
    return OK;
}

/* ---- who stood in earlier lines ---- */

struct seen {
    struct {
        struct str key;
        int64_t line;
    } slots[SEEN_SLOTS];
};

/* The line in which it stood before, or 0. */
static int64_t see(struct seen *seen, struct str key, int64_t line)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * 1099511628211u;
    for (size_t at = hash % SEEN_SLOTS;; at = (at + 1) % SEEN_SLOTS) {
        if (!seen->slots[at].line) {
            seen->slots[at].key = key;
            seen->slots[at].line = line;
            return 0;
        }
        if (str_eq(seen->slots[at].key, key))
            return seen->slots[at].line;
    }
}

static void check_seen(struct work *w, struct seen *seen, struct str key, enum column column,
                       const struct columns *c, struct step *s)
{
    int64_t before = see(seen, key, s->line);
    struct str heading = c->at[column] >= 0 ? c->headings[c->at[column]] : STR("");
    if (before)
        line_fault(
            w->arena, &s->what, heading, "duplicate_in_file",
            arena_printf(w->arena, "This client stands in line %lld already.", (long long)before));
}

/* ---- who is here already ---- */

/* The one client of this whole name and this number; NOT_FOUND where there is none. */
static enum result find_by_name(struct work *w, const struct line *l, struct client *ret)
{
    if (l->email.len || !l->phone.len)
        return NOT_FOUND;
    const struct client_details who = {.name = l->name, .phone = l->phone};
    return client_by_name(w, &who, ret);
}

static enum result find(struct work *w, const struct line *l, struct client *ret)
{
    enum result r = NOT_FOUND;
    if (l->id.set) {
        r = client_load_known(w, l->id.value, ret);
        if (r == NOT_FOUND)
            problem_clear(w->problem);
    }
    if (r == NOT_FOUND && l->email.len)
        r = client_by_email(w, l->email, ret);
    return r == NOT_FOUND ? find_by_name(w, l, ret) : r;
}

static bool says(struct str cell, struct str here)
{
    return cell.len && !str_eq(cell, here);
}

static bool differs(const struct line *l, const struct client *c)
{
    return says(l->name, c->name) || says(l->email, c->email) || says(l->phone, c->phone) ||
           says(l->notes, c->notes) || (l->tag_list.set && !str_eq(l->tags, c->tags)) ||
           (l->alert_list.set && !str_eq(l->alerts, c->alerts)) ||
           (l->status.set && !str_is(c->status, client_statuses[l->status.value])) ||
           (l->unsubscribed_at.set && !c->unsubscribed_s.set);
}

/* Found by its id, but the address is another's. */
static enum result check_address(struct work *w, const struct columns *c, struct step *s,
                                 const struct client *here)
{
    struct client other;
    enum result r = s->what.email.len ? client_by_email(w, s->what.email, &other) : NOT_FOUND;
    if (r == OK && other.id != here->id)
        line_fault(w->arena, &s->what, c->headings[c->at[COLUMN_EMAIL]], "already_exists",
                   "Another client has this e-mail address.");
    return r == NOT_FOUND ? OK : r;
}

static enum result decide(struct work *w, const struct import_in *in, const struct columns *c,
                          struct seen *seen, struct step *s)
{
    struct client here;
    s->action = PLAN_ERROR;
    if (s->what.errors.count)
        return OK;
    enum result r = find(w, &s->what, &here);
    if (r != OK && r != NOT_FOUND)
        return r;
    bool known = r == OK;
    if (known)
        check_seen(w, seen, str_printf(w->arena, "%lld", (long long)here.id), COLUMN_NAME, c, s);
    else if (s->what.email.len)
        check_seen(w, seen, str_lower(w->arena, s->what.email), COLUMN_EMAIL, c, s);
    r = known ? check_address(w, c, s, &here) : OK;
    if (r != OK || s->what.errors.count)
        return r;
    bool update = in->on_existing.set && in->on_existing.value == 1;
    if (known)
        s->client_id = here.id;
    s->action = !known ? PLAN_CREATE : update && differs(&s->what, &here) ? PLAN_UPDATE : PLAN_SKIP;
    return OK;
}

/* ---- the plan ---- */

static enum result too_long(struct work *w)
{
    return problem_field(w->problem, "csv", "too_many",
                         arena_printf(w->arena,
                                      "Give at most %d lines at a time: cut the file into pieces.",
                                      IMPORT_LINES_MAX));
}

static enum result read_lines(struct work *w, struct csv *csv, struct plan *ret)
{
    struct csv_record record;
    ret->steps = arena_new_array(w->arena, IMPORT_LINES_MAX, struct step);
    while (columns_name_somebody(&ret->columns) && csv_next(csv, &record)) {
        struct step s = {.line = record.line};
        if (!line_read(w->arena, &ret->columns, &record, &s.what))
            continue;
        if (ret->count == IMPORT_LINES_MAX)
            return too_long(w);
        ret->steps[ret->count++] = s;
    }
    return OK;
}

static void mark(struct work *w, struct plan *ret)
{
    struct buf b;
    buf_init(&b, MARK_MAX);
    for (size_t i = 0; i < ret->count; i++) {
        const struct step *s = &ret->steps[i];
        buf_printf(&b, "%lld %d %lld;", (long long)s->line, (int)s->action,
                   (long long)s->client_id);
        ret->counts[s->action]++;
    }
    token_hash(b.len ? b.ptr : "", b.len, ret->mark);
    buf_done(&b);
    (void)w;
}

enum result plan_make(struct work *w, const struct import_in *in, struct plan *ret)
{
    struct str text;
    struct csv_record head;
    enum result r = text_of(w, in, &text);
    if (r != OK)
        return r;
    *ret = (struct plan){0};
    struct csv csv = csv_begin(w->arena, text);
    if (!csv_next(&csv, &head))
        return problem_field(w->problem, "csv", "too_short",
                             "The file is empty. Its first line names the columns.");
    r = columns_read(w, &head, in->mapping, &ret->columns);
    if (r == OK)
        r = read_lines(w, &csv, ret);
    struct seen *seen = calloc(1, sizeof *seen);
    if (!seen)
        abort();
    for (size_t i = 0; r == OK && i < ret->count; i++)
        r = decide(w, in, &ret->columns, seen, &ret->steps[i]);
    free(seen);
    if (r == OK)
        mark(w, ret);
    return r;
}
