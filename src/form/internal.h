/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of form/ share and nobody else sees. */
#ifndef CAREOPS_FORM_INTERNAL_H
#define CAREOPS_FORM_INTERNAL_H

#include "client/client.h"
#include "form/form.h"

/* ---- fields.c: the fields of a form ---- */

enum field_type {
    TYPE_TEXT,
    TYPE_LONG_TEXT,
    TYPE_EMAIL,
    TYPE_PHONE,
    TYPE_NUMBER,
    TYPE_DATE,
    TYPE_CHOICE,
    TYPE_SEVERAL,
    TYPE_CONSENT,
    TYPE_SIGNATURE,
    TYPE_SECTION, /* a heading: it takes no answer */
    TYPE__MAX,
};
extern const char *const field_type_names[]; /* NULL-terminated */
extern const char *const form_kinds[];       /* the same */

/* What has to hold of an earlier answer for a field to be shown. */
enum show_is { SHOW_ANSWERED, SHOW_EQUALS, SHOW_INCLUDES };

struct show_if {
    struct str key;
    struct opt_int is; /* enum show_is */
    struct str value;  /* as the answer's text; absent where `is` is SHOW_ANSWERED */
};

/* One question or heading, on the wire and in the database. */
struct form_field {
    struct str key, label, help;
    struct opt_int type;
    struct opt_bool required;
    struct str_list options;
    struct opt_int min, max; /* of a number, thousandths */
    struct show_if *show_if; /* NULL: always */
};

struct form_fields {
    size_t count;
    struct form_field *items;
};

/* The rules that the shape cannot say, and the whole's size. *ret_json is what is kept. */
enum result fields_check(struct work *w, const struct shape_list *list,
                         struct str *ret_json) must_check;
/* What fields_check has kept. */
struct form_fields fields_read(struct arena *a, struct str json);
/* No questions at all: the form is filled in elsewhere. */
extern const char fields_none[];

/* ---- shown.c: pure ---- */

/*
 * Which fields are there to be seen, one bool each: the conditions, looked at from top to bottom,
 * and what a hidden section takes with it. `answers` is the JSON as the client sent it; what in it
 * is no proper answer meets no condition. The pages decide in the same way.
 */
void fields_shown(const struct form_fields *fields, struct str answers, bool *ret_shown);

/* ---- signature.c: pure ---- */

enum {
    SIGNATURE_NAME_MIN = 2, /* characters, typed */
    SIGNATURE_NAME_MAX = 120,
    SIGNATURE_KEPT_MAX = 320 * 1024, /* bytes: a drawing, and all the words of a form, escaped */
};

/*
 * A signature as the client sent it (JSON: the name, or the name and a drawing), checked and in our
 * own words: {"name":…,"drawing":…}. Absent where it is blank. INVALID with errors below `path`.
 * Drafts may hold half a name.
 */
enum result signature_check(struct arena *a, struct problem *p, const char *path, struct str json,
                            bool draft, struct str *ret) must_check;
/* Of what was checked: the name alone, as a JSON text; and the whole as it is kept and shown, with
 * when it was signed, by the server's clock, and under which words. */
struct str signature_name(struct arena *a, struct str checked);
struct str signature_kept(struct arena *a, struct str checked, struct opt_int signed_s,
                          struct str text);
/* What field `i` signs: the labels and helps that were shown, down to its own. */
struct str signature_text(struct arena *a, const struct form_fields *fields, const bool *shown,
                          size_t i);

/* ---- answers.c: pure ---- */

/*
 * The answers to `fields`, as JSON text of the caller, checked. INVALID with an error at
 * "answers.<key>" for each that is wrong; else *ret is the same in our own words: an object with
 * what was answered and nothing else, `<` escaped; of a signature it has the name. What is hidden
 * is left out, whatever it is. *ret_signatures has the signatures whole, by key; absent: none.
 */
enum result answers_check(struct arena *a, struct problem *p, const struct form_fields *fields,
                          struct str json, int64_t now_s, struct str *ret,
                          struct str *ret_signatures) must_check;
/* The same for what is being typed: right in kind and size, and no more. */
enum result answers_check_draft(struct arena *a, struct problem *p,
                                const struct form_fields *fields, struct str json,
                                struct str *ret) must_check;
/* What stands in the form when it is opened: what the business knows of the client, and over it
 * their draft (absent: none). */
struct str answers_begun(struct arena *a, const struct form_fields *fields, const struct client *c,
                         struct str draft);
/* As one submission shows them, with the signatures as objects. `signatures` absent: they were
 * given when the name alone was kept. */
struct str answers_shown(struct arena *a, const struct form_fields *fields, struct str kept,
                         struct str signatures, int64_t completed_s);

/* ---- words.c: pure ---- */

/* One answer as a person reads it, by the key; absent where there is none. Of a signature the name.
 */
struct str answer_words(struct arena *a, const struct form_field *f, struct str answers);
/* All of them, a question and its answer a line, below `title`; at most `most` characters, and says
 * so where it had to be cut. */
struct str answers_words(struct arena *a, const struct form_fields *fields, struct str title,
                         struct str answers, size_t most);

/* ---- form.c ---- */

struct form {
    int64_t id;
    struct str name, kind;
    struct str fields; /* JSON as fields_check keeps it */
    int64_t revision;
    bool active, every_visit, clinical, staff_reads, is_public;
    struct str external_url; /* absent: none */
    struct str thanks;
    int64_t version;
};

struct form_in {
    struct str name;
    struct opt_int kind;
    struct shape_list fields;
    struct opt_bool active, every_visit, clinical, staff_reads, is_public;
    struct str external_url, thanks;
    bool no_external_url; /* an explicit null */
};

enum result form_load(struct work *w, int64_t id, struct form *ret) must_check;
/* Newest last; those switched off too. */
enum result form_list(struct work *w, int64_t after_id, size_t limit, struct form **ret,
                      size_t *ret_count) must_check;
/* Its fields as they were in an earlier revision. */
enum result form_fields_at(struct work *w, int64_t id, int64_t revision,
                           struct str *ret_json) must_check;
enum result form_create(struct work *w, const struct form_in *in, int64_t *ret_id) must_check;
/* Under If-Match. */
enum result form_change(struct request *rq, struct work *w, int64_t id,
                        const struct form_in *in) must_check;

/* ---- link.c ---- */

/* Whether a form can still be filled in for a visit. */
bool visit_is_open(struct str booking_status, int64_t end_s, int64_t now_s);

/* And after its end, where it is not marked and cannot be completed without the form. */
enum result form_is_awaited(struct work *w, int64_t submission_id, bool *ret) must_check;

struct form_found {
    int64_t id, form_id;
    struct str name, thanks, external_url;
    struct form_fields fields;
    enum form_state state;
    struct opt_int completed_s;
    int64_t start_s, end_s; /* of the visit */
    int64_t booking_id, staff_id;
    struct client client;
    struct str draft; /* opened; absent: none */
    struct opt_int draft_s;
};

#endif
