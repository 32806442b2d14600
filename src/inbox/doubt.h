/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * doubt: whether what came by a public form was written by a person who means it.
 *
 * Nobody else is asked, nothing is loaded from elsewhere, and nothing that a person might have sent
 * is refused for it: what is doubtful is kept, in a folder where somebody can look. Whoever sends
 * no more than the form's words is judged by those alone.
 *
 *   honeypot   people do not see the field `website`; programs that fill in every form do;
 *   time       the page is given a token that says when it was opened. Sooner than DOUBT_LEAST_S
 *              nobody has written a sentence, and after DOUBT_MOST_S it is somebody's copy. It is
 *              sealed (base/seal.h), and good for one business;
 *   counts     of one address at one business, of strangers at one business, of the same words
 *              (limits of http/limit.h, so each process counts for itself; CAREOPS_RATE_LIMIT=off
 *              switches them off). Far beyond that the route's own limit answers 429;
 *   words      sent again with nobody having answered, or links and little else.
 *
 * A client whom the business knows may send links, the words of others, and many in a crowd.
 *
 * Any public form calls visitor_count once, outside the transaction (a route's `before`), and
 * visitor_doubt inside it.
 */
#ifndef CAREOPS_INBOX_DOUBT_H
#define CAREOPS_INBOX_DOUBT_H

#include "http/request.h"
#include "inbox/inbox.h"

enum {
    DOUBT_LEAST_S = 3,
    DOUBT_MOST_S = 24 * 3600,
    DOUBT_AGAIN_S = 24 * 3600, /* for so long the same words are the same */
};

struct visitor {
    /* as sent; absent where nothing was */
    struct str website, opened_at_token, text;
    /* visitor_count's */
    bool many_from_address, many_to_business, same_words;
};

/* The two fields that a public form has for it, of a body struct with both as `struct str`. */
/* clang-format off */
#define VISITOR_FIELDS(type)                                                                       \
    FIELD_STR(type, website, 0, 2000, .multiline = true, .raw = true,                              \
              .doc = "leave it empty: people do not see it"),                                      \
    FIELD_STR(type, opened_at_token, 0, 400, .raw = true,                                          \
              .doc = "what the page was given when it was opened")
/* clang-format on */

/* Counts this sender, once a request: where a transaction runs again, it does not count again. */
void visitor_count(const struct request *rq, const struct app *app, struct str slug,
                   struct visitor *v);

/* The verdict. `created`: the client was made just now, for this. */
enum result visitor_doubt(struct work *w, const struct visitor *v, int64_t client_id, bool created,
                          enum inbox_doubt *ret) must_check;
/* What can be said before there is a client: by the page alone. */
enum inbox_doubt visitor_doubt_of_page(struct work *w, const struct visitor *v);

/* The token for a page of this business that is opened now. */
struct str visitor_token(struct work *w);

/* Whether a text is links and little else. */
bool doubt_links(struct str text);

#endif
