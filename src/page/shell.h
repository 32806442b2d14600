/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * shell: the pages as the web build made them, with the places that the server fills: {{lang}},
 * {{dir}} and <!--careops:title|head|body|data-->, and {{nonce}} where a page's script makes style
 * tags.
 *
 * Read once at start into pieces; each shell's Content-Security-Policy carries the SHA-256 of its
 * own inlined <style>. Immutable, so any thread. The data goes in as a JSON script tag (not
 * executed, `<` escaped by the JSON writer), so that the first paint needs no second request.
 */
#ifndef CAREOPS_PAGE_SHELL_H
#define CAREOPS_PAGE_SHELL_H

#include "base/buf.h"
#include "http/request.h"

struct shells;

/* Never NULL; a build without web pages has none, and each page then answers 404. */
struct shells *shells_new(void);
void shells_free(struct shells *s);

struct shell_fill {
    struct str lang;  /* absent: "en"; {{dir}} follows from it */
    struct str title; /* text, escaped here */
    struct str head;  /* HTML, already escaped */
    struct str body;  /* HTML, already escaped */
    struct str data;  /* JSON from shape_write */
    bool personal;    /* no-store; else no-cache with an ETag */
};

/* Answers with the page; false where this build has no such shell. */
bool shell_answer(const struct shells *s, struct request *rq, const char *name, int status,
                  const struct shell_fill *fill);

/* Text into HTML, also for attributes in double quotes. */
void html_text(struct buf *out, struct str s);

#endif
