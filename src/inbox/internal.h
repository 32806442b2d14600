/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal: what the files of inbox/ share and nobody else sees. */
#ifndef CAREOPS_INBOX_INTERNAL_H
#define CAREOPS_INBOX_INTERNAL_H

#include "client/client.h"
#include "inbox/inbox.h"

enum { PREVIEW_MAX = 120, UNREAD_MAX = 100, COUNT_MAX = 100 };

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_NOTE };
extern const char *const direction_names[]; /* NULL-terminated, in the enum's order */
extern const char *const via_names[];       /* as above, of enum inbox_via */
extern const char *const doubt_names[];     /* as above, of enum inbox_doubt; none is "" */
enum folder { FOLDER_INBOX, FOLDER_DOUBTFUL };
extern const char *const folder_names[]; /* as above */
/* Which of the names it is. */
int64_t name_index(const char *const *names, struct str name);

struct conversation {
    int64_t id, client_id;
    struct str client_name;
    enum folder folder;
    int64_t assigned_id; /* the member who looks after it; 0: nobody */
    struct str assigned_name;
    bool unanswered;
    bool unwelcomed;             /* its client was made by a doubtful message */
    int64_t unread;              /* of the caller; at most UNREAD_MAX, which stands for more */
    struct shape_list answering; /* struct inbox_person: who writes just now, but the caller */
    int64_t last_id, version;
    bool spoken; /* there is a message; the rest is about the newest */
    enum direction last_direction;
    struct str last_preview;
    int64_t last_at_s;
    bool last_doubtful;
    int64_t match_id; /* of a search: the message that has its words; 0: the client's name does */
    struct str match_excerpt;
};

/* ---- list.c ---- */

/* By its id, or (id 0) by its client's. NOT_FOUND also where the caller may not see it; _load says
 * so. */
enum result conversation_find(struct work *w, int64_t id, int64_t client_id,
                              struct conversation *ret) must_check;
enum result conversation_load(struct work *w, int64_t id, struct conversation *ret) must_check;

struct conversation_query {
    struct opt_int client_id, filter; /* filter: index of conversation_filters */
    struct opt_int folder, assigned_to;
    struct str q;
    struct opt_int limit;
    struct str cursor;
};
extern const char *const conversation_filters[];
/* Unanswered first, then the newest; *ret_next is absent on the last page. */
enum result conversation_page(struct work *w, const struct conversation_query *q,
                              struct conversation **ret, size_t *ret_count,
                              struct str *ret_next) must_check;

/* Whether one has what the query's filters ask for; a folder only where one is asked for. */
bool conversation_fits(const struct work *w, const struct conversation_query *q,
                       const struct conversation *c);

/* ---- search.c ---- */

/* The same for a query with words (q): by name, then by the newest mention. */
enum result conversation_search(struct work *w, const struct conversation_query *q,
                                struct conversation **ret, size_t *ret_count,
                                struct str *ret_next) must_check;
/* Makes a message findable. */
enum result search_index(struct work *w, int64_t workspace_id, int64_t message_id,
                         struct str body) must_check;

/* What waits, in conversations; each figure is at most COUNT_MAX, which stands for more. */
struct conversation_counts {
    int64_t unanswered, unread, mine, unassigned, doubtful;
};
enum result conversation_counts(struct work *w, struct conversation_counts *ret) must_check;
/* Whether the caller may begin one with this client; NOT_FOUND at client_id. */
enum result conversation_may_open(struct work *w, int64_t client_id) must_check;

/* ---- conversation.c ---- */

/* The client's conversation, begun where there is none (in the folder `doubtful`, if so); safe
 * against two at once. */
enum result conversation_open(struct work *w, int64_t client_id, bool doubtful, int64_t *ret_id,
                              bool *ret_created) must_check;

struct said {
    enum direction direction;
    struct str body;
    struct opt_int seen_id; /* an answer: the newest message that its author has seen */
    enum inbox_via via;
    enum inbox_doubt doubt;
};
struct spoken {
    int64_t message_id;
    bool doubtful;   /* also where the sender was set aside */
    bool unwelcomed; /* the client was made by a doubtful message */
};
/*
 * Writes the message, by the caller in w->actor, and what follows from it for the conversation: it
 * waits for an answer or not, and lies in the inbox from the first word on that is not doubtful
 * (what the business says itself is none). The one way in. CONFLICT answered_meanwhile where
 * somebody else has written since seen_id.
 */
enum result conversation_say(struct work *w, int64_t id, const struct said *what,
                             struct spoken *ret) must_check;
enum result conversation_unwelcomed(struct work *w, int64_t id, bool unwelcomed) must_check;

/* ---- answering.c ---- */

enum { ANSWERING_SHOWN = 20 /* of one conversation */ };
/* The caller writes an answer here, or not any more. */
enum result answering_set(struct work *w, int64_t conversation_id, bool answering) must_check;
/* Fills in who does, in each of the conversations. */
enum result answering_of(struct work *w, struct conversation *list, size_t count) must_check;
/* CONFLICT answered_meanwhile, with who has written since, where somebody else has. */
enum result answered_meanwhile(struct work *w, int64_t conversation_id, int64_t seen_id) must_check;

/* What follows from a client's word that is not doubtful (receive.c). */
struct received {
    int64_t client_id, message_id;
    struct str name, email, phone, text; /* absent: the client's own */
    bool welcome;
};
enum result received_follows(struct work *w, const struct received *what) must_check;
/* What a person decides about one. */
struct conversation_change {
    struct opt_int assigned_to; /* set with 0: nobody */
    struct opt_int folder;
};
/*
 * Assigns it and puts it into a folder. One that comes out of `doubtful` has for its newest
 * doubtful word what it would have had at once, and no word in it is doubtful any more. One that is
 * put there stays there with all that its client writes, until a person takes it out or answers.
 */
enum result conversation_change(struct work *w, const struct conversation *c,
                                const struct conversation_change *to) must_check;
/* The caller has read all of it so far. */
enum result conversation_read(struct work *w, const struct conversation *c) must_check;

/* What came with a message (annex.c). */
struct attachment_view {
    struct opt_int id, size;
    struct str name, type;
    struct opt_bool kept;
};
extern const struct shape attachment_shape;
struct sender_view {
    struct str name, address;
};
extern const struct shape sender_shape;
enum result annex_keep(struct work *w, int64_t conversation_id, int64_t message_id,
                       const struct inbox_annex *in) must_check;
/* The message's files, as a list of attachment_view. */
enum result annex_files(struct work *w, int64_t message_id, struct shape_list *ret) must_check;
/* NULL where the client wrote it. */
struct sender_view *sender_of(struct arena *a, struct str name, struct str address);

struct message_view {
    struct opt_int id, direction, at;
    struct str body, author, author_kind, email_status, via, doubt, quoted;
    struct opt_bool doubtful;
    struct sender_view *from;
    struct shape_list attachments;
    int64_t files; /* how many of them there are */
};
/* The newest ones below an id, in the order of time. */
enum result conversation_messages(struct work *w, int64_t id, int64_t below_id, int64_t limit,
                                  struct message_view **ret, size_t *ret_count,
                                  bool *ret_more) must_check;
enum result conversation_message(struct work *w, int64_t id, int64_t message_id,
                                 struct message_view *ret) must_check;

#endif
