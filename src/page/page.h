/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * page: the web pages as the server gives them out: shells with their first data, assets, friendly
 * errors.
 */
#ifndef CAREOPS_PAGE_PAGE_H
#define CAREOPS_PAGE_PAGE_H

#include "http/route.h"
#include "page/shell.h"

extern const struct route_table page_table;
extern const struct route_table office_page_table;   /* /app/inbox and what stands beside it */
extern const struct route_table feedback_page_table; /* /rate/{token}, /unsubscribe/{token} */

/* A person who follows a wrong link gets a page, not a JSON document. For the dispatcher: answers
 * in HTML what failed outside /api. */
void page_problem(const struct app *app, struct request *rq, enum result result,
                  const struct problem *p);

/* One embedded file by its full name, or NOT_FOUND; `hashed`: under that name it never changes. */
enum result asset_answer(struct request *rq, struct work *w, const char *name,
                         bool hashed) must_check;

/* Handlers of the routes /contact/{slug} and /contact/{slug}/{form_id}. */
enum result contact_page(struct request *rq, struct work *w) must_check;
enum result open_form_page(struct request *rq, struct work *w) must_check;

/* The booking page of a business: head, readable body, data. */
struct workspace;
enum result book_page_fill(struct work *w, const struct workspace *ws,
                           struct shell_fill *ret) must_check;

#endif
