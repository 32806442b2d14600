/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* head: see head.h. */
#include "page/head.h"

#include "page/shell.h"

static void meta(struct buf *out, const char *start, struct str content)
{
    buf_z(out, start);
    buf_z(out, "\" content=\"");
    html_text(out, content);
    buf_z(out, "\">");
}

void head_meta(struct buf *out, const struct page_head *head)
{
    meta(out, "<meta name=\"description", head->description);
    buf_z(out, "<link rel=\"canonical\" href=\"");
    html_text(out, head->url);
    buf_z(out, "\"><meta property=\"og:type\" content=\"website\">");
    meta(out, "<meta property=\"og:title", head->title);
    meta(out, "<meta property=\"og:description", head->description);
    meta(out, "<meta property=\"og:url", head->url);
}
