/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* paper: see paper.h. Lengths are in points, 72 to the inch, but where they say mm. */
#include "paper/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

static const double mm = 72.0 / 25.4;
static const double page_width = 210 * 72.0 / 25.4, page_height = 297 * 72.0 / 25.4;
static const double margin = 20 * 72.0 / 25.4, foot_height = 12 * 72.0 / 25.4;
static const double drawing_width = 80 * 72.0 / 25.4, drawing_height = 30 * 72.0 / 25.4;

struct paper {
    struct buf *out;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts; /* its own: a shared one is a thread's, and never given back */
    PangoContext *context;
    char *foot;
    int page;
    double y;                /* where the next thing begins */
    double drawing_x, scale; /* of the drawing in hand */
    double drawing_bottom;
};

static const struct {
    const char *font;
    double grey, before; /* before: the gap above, none at the top of a page */
} styles[] = {
    [PAPER_TITLE] = {"Sans Bold 16", 0, 4},  [PAPER_HEADING] = {"Sans Bold 11.5", 0, 14},
    [PAPER_LABEL] = {"Sans Bold 9.5", 0, 8}, [PAPER_TEXT] = {"Sans 10", 0, 2},
    [PAPER_SMALL] = {"Sans 8", 0.35, 1},
};

static cairo_status_t write_out(void *self, const unsigned char *bytes, unsigned len)
{
    struct paper *p = self;
    buf_add(p->out, (const char *)bytes, len);
    return p->out->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

struct paper *paper_new(struct buf *out, struct str title, struct str foot)
{
    struct paper *p = calloc(1, sizeof *p);
    if (!p)
        abort(); /* as the arena does */
    p->out = out;
    p->surface = cairo_pdf_surface_create_for_stream(write_out, p, page_width, page_height);
    char *name = strndup(title.ptr ? title.ptr : "", title.len);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, name ? name : "");
    free(name);
    p->cr = cairo_create(p->surface);
    p->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    p->context = pango_font_map_create_context(p->fonts);
    pango_cairo_update_context(p->cr, p->context);
    p->foot = strndup(foot.ptr ? foot.ptr : "", foot.len);
    p->page = 1;
    p->y = margin;
    return p;
}

static PangoLayout *layout_of(struct paper *p, enum paper_style style, const char *text, int len)
{
    PangoLayout *layout = pango_layout_new(p->context);
    PangoFontDescription *font = pango_font_description_from_string(styles[style].font);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)((page_width - 2 * margin) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, len);
    return layout;
}

/* ---- pages ---- */

static void end_page(struct paper *p)
{
    char text[256];
    snprintf(text, sizeof text, "%.200s · %d", p->foot ? p->foot : "", p->page);
    PangoLayout *layout = layout_of(p, PAPER_SMALL, text, -1);
    cairo_set_source_rgb(p->cr, 0.35, 0.35, 0.35);
    cairo_move_to(p->cr, margin, page_height - margin + foot_height / 2);
    pango_cairo_show_layout(p->cr, layout);
    g_object_unref(layout);
    cairo_show_page(p->cr);
}

/* Where `height` does not fit any more, it goes to the next page. */
static void make_room(struct paper *p, double height)
{
    if (p->y + height <= page_height - margin)
        return;
    end_page(p);
    p->page++;
    p->y = margin;
}

static void gap(struct paper *p, double height)
{
    if (p->y > margin)
        p->y += height;
}

void paper_gap(struct paper *p, double height_mm)
{
    gap(p, height_mm * mm);
}

void paper_rule(struct paper *p)
{
    make_room(p, 2 * mm);
    cairo_set_source_rgb(p->cr, 0.75, 0.75, 0.75);
    cairo_set_line_width(p->cr, 0.5);
    cairo_move_to(p->cr, margin, p->y + mm);
    cairo_line_to(p->cr, page_width - margin, p->y + mm);
    cairo_stroke(p->cr);
    p->y += 2 * mm;
}

/* ---- text ---- */

void paper_text(struct paper *p, enum paper_style style, struct str text)
{
    if (text.len == 0)
        return;
    PangoLayout *layout = layout_of(p, style, text.ptr, (int)text.len);
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    /* A heading does not stay behind alone. */
    double lead = style == PAPER_TEXT || style == PAPER_SMALL ? 0 : 12 * mm;
    gap(p, styles[style].before);
    make_room(p, lead);
    do {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(line, NULL, &box);
        double height = (double)box.height / PANGO_SCALE;
        make_room(p, height);
        double above = (double)(pango_layout_iter_get_baseline(line) - box.y) / PANGO_SCALE;
        cairo_set_source_rgb(p->cr, styles[style].grey, styles[style].grey, styles[style].grey);
        cairo_move_to(p->cr, margin + (double)box.x / PANGO_SCALE, p->y + above);
        pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(line));
        p->y += height;
    } while (pango_layout_iter_next_line(line));
    pango_layout_iter_free(line);
    g_object_unref(layout);
}

/* ---- drawings ---- */

void paper_drawing(struct paper *p, int width, int height)
{
    double across = drawing_width / width, down = drawing_height / height;
    p->scale = across < down ? across : down;
    gap(p, 2 * mm);
    make_room(p, height * p->scale);
    p->drawing_x = margin;
    p->drawing_bottom = p->y + height * p->scale;
    cairo_set_source_rgb(p->cr, 0, 0, 0);
    cairo_set_line_width(p->cr, 1.2);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
}

void paper_stroke(struct paper *p, const int *xy, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double x = p->drawing_x + xy[2 * i] * p->scale, y = p->y + xy[2 * i + 1] * p->scale;
        if (i == 0)
            cairo_move_to(p->cr, x, y);
        cairo_line_to(p->cr, x, y); /* a single point is a dot, by its round cap */
    }
    cairo_stroke(p->cr);
}

void paper_drawing_end(struct paper *p)
{
    p->y = p->drawing_bottom;
    paper_rule(p);
}

/* ---- the end ---- */

enum result paper_end(struct paper *p)
{
    end_page(p);
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    bool good = cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS && !p->out->overflow;
    cairo_surface_destroy(p->surface);
    g_object_unref(p->context);
    g_object_unref(p->fonts);
    free(p->foot);
    free(p);
    return good ? OK : INTERNAL;
}
