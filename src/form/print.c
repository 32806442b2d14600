/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * print: a form that is filled in, as a PDF to keep or to hand over.
 *
 * It says what was asked and shown, what was answered, and under what a person has set their name,
 * when. The handler reads and writes down that it was read; the pages are made afterwards, outside
 * of the transaction.
 */
#include "form/form.h"

#include "form/submission.h"
#include "paper/paper.h"

#include <jansson.h>

enum { PDF_MAX = 8 * 1024 * 1024, STROKE_POINTS_MAX = 500 };

struct sheet {
    struct submission s;
    struct str answers, business, address, visit, filled_in;
    const struct tz *tz;
};

/* "2026-11-22 10:00" on the business's clock. */
static struct str clock_text(struct arena *a, const struct tz *tz, int64_t at_s)
{
    char local[LOCAL_TEXT];
    tz_local_format(tz, at_s, local);
    return str_printf(a, "%.10s %.5s", local, local + 11);
}

static enum result gather(struct request *rq, struct work *w)
{
    struct workspace ws;
    struct sheet *sheet = arena_new(rq->arena, struct sheet);
    enum result res = submission_load(w, request_id_param(rq, 0), &sheet->s);
    struct submission *s = &sheet->s;
    if (res == OK && (!s->completed_s.set || s->elsewhere))
        return problem_set(w->problem, CONFLICT, "not_filled_in",
                           s->elsewhere ? "This form is filled in elsewhere; print it there."
                                        : "This form is not filled in yet.");
    if (res == OK)
        res = submission_answers(w, s, "printed", &sheet->answers);
    if (res == OK)
        res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res != OK)
        return res;
    sheet->business = ws.name;
    sheet->address = ws.address;
    sheet->tz = ws.tz;
    sheet->filled_in = str_printf(
        rq->arena, "Filled in by " STR_FMT " on " STR_FMT " (" STR_FMT ")", STR_ARG(s->client_name),
        STR_ARG(clock_text(rq->arena, ws.tz, s->completed_s.value)), STR_ARG(ws.timezone));
    if (s->visit_start_s.set)
        sheet->visit = str_printf(rq->arena, "For the visit on " STR_FMT,
                                  STR_ARG(clock_text(rq->arena, ws.tz, s->visit_start_s.value)));
    rq->made = sheet;
    return OK;
}

/* ---- the pages ---- */

static struct str text_of(const json_t *v)
{
    return (struct str){json_string_value(v), json_string_length(v)};
}

static void draw_stroke(struct paper *p, const json_t *stroke)
{
    int xy[2 * STROKE_POINTS_MAX];
    size_t count = json_array_size(stroke) / 2;
    if (count > STROKE_POINTS_MAX)
        count = STROKE_POINTS_MAX;
    for (size_t i = 0; i < 2 * count; i++)
        xy[i] = (int)json_integer_value(json_array_get(stroke, i));
    if (count > 0)
        paper_stroke(p, xy, count);
}

static void draw(struct paper *p, const json_t *drawing)
{
    int width = (int)json_integer_value(json_object_get(drawing, "width"));
    int height = (int)json_integer_value(json_object_get(drawing, "height"));
    const json_t *strokes = json_object_get(drawing, "strokes");
    if (width <= 0 || height <= 0)
        return; /* signed by the typed name alone */
    paper_drawing(p, width, height);
    for (size_t i = 0; i < json_array_size(strokes); i++)
        draw_stroke(p, json_array_get(strokes, i));
    paper_drawing_end(p);
}

static void print_signature(struct paper *p, struct arena *a, const struct sheet *sheet,
                            const json_t *v)
{
    int64_t at_s = sheet->s.completed_s.value;
    struct str when = text_of(json_object_get(v, "signed_at"));
    if (when.ptr && !instant_parse(when, &at_s))
        at_s = sheet->s.completed_s.value;
    draw(p, json_object_get(v, "drawing"));
    paper_text(p, PAPER_TEXT, text_of(json_object_get(v, "name")));
    paper_text(p, PAPER_SMALL,
               str_printf(a,
                          "Signed on " STR_FMT ", by the clock of the server, under all that "
                          "stands above.",
                          STR_ARG(clock_text(a, sheet->tz, at_s))));
}

static void print_field(struct paper *p, struct arena *a, const struct sheet *sheet,
                        const struct form_field *f, const json_t *answers)
{
    bool section = f->type.value == TYPE_SECTION;
    paper_text(p, section ? PAPER_HEADING : PAPER_LABEL, f->label);
    paper_text(p, PAPER_SMALL, f->help);
    const json_t *v = json_object_getn(answers, f->key.ptr, f->key.len);
    if (section)
        return;
    if (f->type.value == TYPE_SIGNATURE && json_is_object(v)) {
        print_signature(p, a, sheet, v);
        return;
    }
    struct str words = v ? answer_words(a, f, sheet->answers) : STR("—");
    paper_text(p, PAPER_TEXT, words);
}

static enum result print(struct request *rq, struct work *w)
{
    const struct sheet *sheet = rq->made;
    const struct form_fields *fields = &sheet->s.fields;
    struct arena *a = rq->arena;
    bool *shown = arena_new_array(a, fields->count + 1, bool);
    fields_shown(fields, sheet->answers, shown);
    json_t *answers = json_loadb(sheet->answers.ptr, sheet->answers.len, 0, NULL);
    struct buf out;
    buf_init(&out, PDF_MAX);
    struct paper *p =
        paper_new(&out, sheet->s.form_name,
                  str_printf(a, STR_FMT " · no. %lld, revision %lld", STR_ARG(sheet->business),
                             (long long)sheet->s.id, (long long)sheet->s.revision));
    paper_text(p, PAPER_SMALL, sheet->business);
    paper_text(p, PAPER_SMALL, sheet->address);
    paper_text(p, PAPER_TITLE, sheet->s.form_name);
    paper_text(p, PAPER_TEXT, sheet->filled_in);
    paper_text(p, PAPER_TEXT, sheet->visit);
    paper_rule(p);
    for (size_t i = 0; i < fields->count; i++)
        if (shown[i])
            print_field(p, a, sheet, &fields->items[i], answers);
    enum result res = paper_end(p);
    json_decref(answers);
    if (res == OK) {
        answer_text(rq, 200, "application/pdf", str_copy(a, buf_view(&out)));
        answer_header(
            rq, "Content-Disposition",
            str_printf(a, "attachment; filename=\"form-%lld.pdf\"", (long long)sheet->s.id));
    } else {
        res = problem_set(w->problem, res, "not_printed", "The document could not be made.");
    }
    buf_done(&out);
    return res;
}

static const struct route routes[] = {
    {.method = HTTP_GET_,
     .path = "/api/v1/submissions/{id}/form.pdf",
     .who = WHO_STAFF,
     .all_with = PERM_BOOKINGS,
     .mode = MODE_WRITE,
     .written_down = true,
     .slow = true, /* in the workers that give way: pages take their time */
     .status = 200,
     .answer_is_file = true,
     .handler = gather,
     .after = print,
     .tag = "forms",
     .summary = "A form that is filled in as a PDF, with its signatures"},
};
const struct route_table form_print_table = {routes, sizeof routes / sizeof routes[0]};
