/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * inbox: conversations with clients.
 *
 * One conversation with each client. Its messages are what the client wrote (`in`), what the
 * business answered (`out`, which goes to the client by e-mail) and notes that stay inside.
 * Invariants
 * - a message is kept whole and its words are never changed; its row, the letter it causes and the
 * audit event are of one transaction;
 * - unanswered: since the client's last message nobody has answered; a note is no answer;
 * - a conversation lies in the folder `doubtful` while all that the client wrote in it is doubtful,
 * or a person has put it there; else in `inbox`. What is doubtful causes nothing, and is not lost;
 * - the owner and who holds `inbox` see all; any other member those of the clients with whom they
 *   have, or had, a visit, and those assigned to them; the rest looks absent.
 * Each member has read up to a message of their own.
 *
 * inbox knows client, message, team, workspace and audit.
 */
#ifndef CAREOPS_INBOX_INBOX_H
#define CAREOPS_INBOX_INBOX_H

#include "db/work.h"
#include "http/route.h"

/* The longest message, in characters: whoever receives a longer one cuts it and says so in it. */
enum { INBOX_TEXT_MAX = 10000 };

/* The way that a message came or went. */
enum inbox_via {
    VIA_CONTACT, /* the contact page */
    VIA_MAIL,    /* an answer to a letter */
    VIA_FORM,    /* a public form */
    VIA_PORTAL,  /* a member of staff wrote it, */
    VIA_OFFICE,  /* the owner */
};

/* Why a message is not taken for a person's who means it. */
enum inbox_doubt {
    DOUBT_NONE,
    DOUBT_HONEYPOT,  /* the field that people do not see was filled in */
    DOUBT_TOO_FAST,  /* sent sooner than a person can write */
    DOUBT_STALE,     /* the page was opened more than a day before */
    DOUBT_TOO_MANY,  /* so many came from this address, or to this business */
    DOUBT_REPEATED,  /* the same words came a moment ago */
    DOUBT_LINKS,     /* it is links, and little else */
    DOUBT_SENDER,    /* a person has put this sender's conversation into the folder */
    DOUBT_AUTOMATIC, /* an answering machine, a bounce, a loop: nobody waits for an answer */
};

struct inbox_file {
    struct str name, type; /* one line each, never empty */
    int64_t size;
    struct str bytes; /* absent: it was left out, and only its name is kept */
};
/* What may come with a message, beside its words. */
struct inbox_annex {
    struct str quoted; /* the history below the words; a very long one is cut */
    /* Who wrote it, where that is not the client; else both absent. */
    struct str from_name, from_address;
    const struct inbox_file *files;
    size_t file_count;
};

/*
 * What a client has written to the business, whatever the way. The client exists (see
 * client_find_or_make); w is entered at the business, and w->actor says who speaks: ACTOR_CLIENT
 * and the name that they gave.
 *
 * In the caller's transaction: the conversation is begun where there is none, the message is put
 * in, and unless it is doubtful follows what follows from a client's word: the conversation waits
 * for an answer in the inbox, the client's automations go on, the owners are told by letter, and a
 * client who is new is welcomed, once in their life. A doubtful one waits in the conversation, and
 * where that has nothing better in the folder `doubtful`, and causes nothing more.
 */
struct inbox_received {
    int64_t client_id;
    bool created; /* the client was made by this very message: is to be welcomed */
    enum inbox_via via;
    enum inbox_doubt doubt;
    struct str text; /* valid UTF-8, 1 to INBOX_TEXT_MAX characters, lines end with \n */
    /* As given with this message, for the owners' letter; absent: the client's own. */
    struct str email, phone;
    const struct inbox_annex *annex; /* NULL: nothing came with it */
};
struct inbox_place {
    int64_t conversation_id, message_id;
    bool doubtful; /* as it was put in: a sender who was set aside stays there */
};
enum result inbox_receive(struct work *w, const struct inbox_received *in,
                          struct inbox_place *ret) must_check;

/* Whether this conversation is one that the member may see without `inbox`: for whoever tells of it
 * (live). */
enum result inbox_owns(struct work *w, int64_t conversation_id, bool *ret) must_check;

/*
 * What messages are found by. The sweep makes the words of messages that have none (from before
 * there were any, or written past the program), a bounded number; call again while it tells of
 * some, in a writing transaction open to all tenants. Forgetting removes those of one conversation,
 * and goes before its messages are emptied or removed.
 */
enum result inbox_index_sweep(struct work *w, int64_t *ret_done) must_check;
enum result inbox_forget_words(struct work *w, int64_t conversation_id) must_check;

/* What a sample client has written, and what the caller has answered: nobody is told, and nothing
 * follows (sample/sample.h). The client has no conversation yet. */
struct client;
struct inbox_invented {
    bool answer;
    int64_t at_s;
    struct str text;
};
enum result inbox_invent(struct work *w, const struct client *c, const struct inbox_invented *lines,
                         size_t count) must_check;

/*
 * Who is writing an answer just now, as rows that mean something for ANSWERING_S: whoever goes on
 * writing says so again. For the event stream (live): all of them, of every business, by
 * (workspace, conversation, member), at most ANSWERING_ROWS; the transaction is open to all.
 */
enum { ANSWERING_S = 15, ANSWERING_ROWS = 1000 };
struct inbox_answering {
    int64_t workspace_id, conversation_id, staff_id, at_s;
    struct str name;
};
enum result inbox_answering(struct db_tx *tx, struct arena *a, int64_t now_s,
                            struct inbox_answering **ret, size_t *ret_count) must_check;
/* {staff_id, name} of struct inbox_person. */
struct inbox_person {
    struct opt_int staff_id;
    struct str name;
};
extern const struct shape inbox_person_shape;

extern const struct route_table inbox_table;   /* /conversations… */
extern const struct route_table annex_table;   /* /conversations/{id}/attachments… */
extern const struct route_table contact_table; /* /public/{slug}/contact */
extern const struct route_table saved_table;   /* /saved-replies… */

#endif
