/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* form_body: as the third sample of web/public/SHELL.md. */
#include "page/form_body.h"

#include "page/book_body.h"
#include "page/shell.h"

void form_body(struct buf *out, const struct workspace *ws, const struct form_found *f)
{
    enum form_state state = form_state_of(f);
    buf_z(out, "<div class=\"page\">");
    body_business(out, ws);
    buf_z(out, "<main><h2>");
    if (state == FORM_PENDING)
        html_text(out, form_name_of(f));
    else
        buf_z(out, state == FORM_COMPLETED ? "Thank you, your answers are in"
                                           : "This form is no longer needed");
    buf_z(out, "</h2>");
    if (state == FORM_PENDING)
        buf_z(out, "<noscript><p>To fill in the form here, please turn on JavaScript, or call us."
                   "</p></noscript>");
    buf_z(out, "</main></div>");
}
