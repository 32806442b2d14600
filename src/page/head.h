/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* head: what search engines and chat programs read of a public page. */
#ifndef CAREOPS_PAGE_HEAD_H
#define CAREOPS_PAGE_HEAD_H

#include "base/buf.h"
#include "base/str.h"

/* Description, canonical address and Open Graph; everything is escaped here. */
struct page_head {
    struct str title, description, url;
};
void head_meta(struct buf *out, const struct page_head *head);

#endif
