/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of inbox/ share and nobody else sees. */
#ifndef CAREOPS_INBOX_INTERNAL_H
#define CAREOPS_INBOX_INTERNAL_H

#include "client/client.h"
#include "inbox/inbox.h"

enum { MESSAGE_MAX = 10000, PREVIEW_MAX = 120, UNREAD_MAX = 100 };

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_NOTE };
extern const char *const direction_names[]; /* NULL-terminated, in the enum's order */

struct conversation {
    int64_t id, client_id;
    struct str client_name;
    bool unanswered;
    int64_t unread; /* of the caller; at most UNREAD_MAX, which stands for more */
    int64_t last_id, version;
    bool spoken; /* there is a message; the rest is about the newest */
    enum direction last_direction;
    struct str last_preview;
    int64_t last_at_s;
    bool last_doubtful;
};

/* NOT_FOUND, with words, also where the caller may not see it. */
enum result conversation_load(struct work *w, int64_t id, struct conversation *ret) must_check;

struct conversation_query {
    struct opt_int client_id, filter; /* filter: index of conversation_filters */
    struct opt_int limit;
    struct str cursor;
};
extern const char *const conversation_filters[];
/* Unanswered first, then the newest; *ret_next is absent on the last page. */
enum result conversation_page(struct work *w, const struct conversation_query *q,
                              struct conversation **ret, size_t *ret_count,
                              struct str *ret_next) must_check;

/* The client's conversation, begun where there is none; safe against two at once. */
enum result conversation_open(struct work *w, int64_t client_id, int64_t *ret_id,
                              bool *ret_created) must_check;
/* Whether the caller may begin one with this client; NOT_FOUND at client_id. */
enum result conversation_may_open(struct work *w, int64_t client_id) must_check;

struct said {
    enum direction direction;
    struct str body;
    bool doubtful;
};
/* Writes the message, by the caller in w->actor, and what follows from it for the conversation. */
enum result conversation_say(struct work *w, int64_t id, const struct said *what,
                             int64_t *ret_message_id) must_check;
/* The caller has read all of it so far. */
enum result conversation_read(struct work *w, const struct conversation *c) must_check;

struct message_view {
    struct opt_int id, direction, at;
    struct str body, author, author_kind, email_status;
    struct opt_bool doubtful;
};
/* The newest ones below an id, in the order of time. */
enum result conversation_messages(struct work *w, int64_t id, int64_t below_id, int64_t limit,
                                  struct message_view **ret, size_t *ret_count,
                                  bool *ret_more) must_check;
enum result conversation_message(struct work *w, int64_t id, int64_t message_id,
                                 struct message_view *ret) must_check;

#endif
