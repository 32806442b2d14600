/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* take: one mail goes where it belongs. See mailin.h. */
#include "mailin/internal.h"

#include "base/log.h"
#include "client/client.h"
#include "inbox/inbox.h"
#include "message/reply_address.h"

#include <string.h>

enum { OWNERS_MAX = 8, MERGES_MAX = 8, FILES_MAX = INCOMING_FILES_MAX + INCOMING_LEFT_OUT_MAX + 2 };

/* ---- whose it is ---- */

struct owners {
    struct reply_owner list[OWNERS_MAX];
    size_t count;
    const char *why_none;
};

static void add_owner(struct owners *o, struct reply_owner one)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->list[i].workspace_id == one.workspace_id && o->list[i].client_id == one.client_id)
            return;
    if (o->count < OWNERS_MAX)
        o->list[o->count++] = one;
}

static enum result by_token(struct work *w, const struct incoming *in, struct owners *o)
{
    enum result res = OK;
    for (size_t i = 0; res == OK && i < in->recipient_count; i++) {
        struct reply_owner one;
        res = reply_owner_of(w, in->recipients[i], &one);
        if (res == OK)
            add_owner(o, one);
        else if (res == NOT_FOUND)
            res = OK;
    }
    return res;
}

static enum result by_letter(struct work *w, const struct incoming *in, struct owners *o)
{
    enum result res = OK;
    for (size_t i = 0; res == OK && o->count == 0 && i < in->reference_count; i++) {
        struct reply_owner one;
        res = reply_owner_of_letter(w, in->references[i], &one);
        if (res == OK)
            add_owner(o, one);
        else if (res == NOT_FOUND)
            res = OK;
    }
    return res;
}

/* Anybody can write any sender; so whoever is found by it has no more than a visitor of the contact
 * page, and where two businesses know the address it is neither's. */
static enum result by_sender(struct work *w, const struct incoming *in, struct owners *o)
{
    struct db_rows r;
    if (in->from_address.len == 0) {
        o->why_none = "no_sender";
        return OK;
    }
    struct db_reach before = db_across(w->tx, "a sender without a token is looked for everywhere");
    enum result res =
        db_query(w->tx, &r, "SELECT workspace_id, id FROM client WHERE email_key = $1 LIMIT 2",
                 db_s(in->from_address));
    db_back(w->tx, before);
    if (res != OK)
        return res;
    o->why_none = r.count > 1 ? "several_businesses" : "unknown_sender";
    if (r.count == 1)
        add_owner(o, (struct reply_owner){db_int(&r, 0, 0), db_int(&r, 0, 1)});
    return OK;
}

static enum result find_owners(struct work *w, const struct incoming *in, struct owners *o)
{
    *o = (struct owners){0};
    enum result res = by_token(w, in, o);
    if (res == OK && o->count == 0)
        res = by_letter(w, in, o);
    if (res == OK && o->count == 0)
        res = by_sender(w, in, o);
    return res;
}

/* ---- what is kept of it ---- */

/* "Re: …", "AW: …", "Antw: …", "SV: …": the subject of our own letter, come back. */
static bool is_reply_subject(struct str s)
{
    const char *colon = s.len > 0 ? memchr(s.ptr, ':', s.len < 7 ? s.len : 7) : NULL;
    return s.len == 0 || colon;
}

static size_t bytes_of(struct str s, size_t characters)
{
    size_t i = 0;
    while (i < s.len && characters > 0) {
        i++;
        while (i < s.len && ((unsigned char)s.ptr[i] & 0xC0) == 0x80)
            i++;
        characters--;
    }
    return i;
}

/* The words as the conversation shows them; *ret_long where all of them go into a file as well. */
static struct str words_of(struct arena *a, const struct incoming *in, bool *ret_long)
{
    enum { ROOM = INBOX_TEXT_MAX - 200 };
    struct str text = in->text;
    if (text.len == 0)
        text = in->file_count + in->left_out_count > 0 ? STR("(No words, only files.)")
                                                       : STR("(An empty mail.)");
    if (!is_reply_subject(in->subject))
        text = str_printf(a, STR_FMT "\n\n" STR_FMT, STR_ARG(in->subject), STR_ARG(text));
    *ret_long = str_utf8_len(text) > INBOX_TEXT_MAX;
    if (!*ret_long)
        return text;
    return str_printf(a, "%.*s…\n\n(The whole text is in the file message.txt.)",
                      (int)bytes_of(text, ROOM), text.ptr);
}

static size_t files_of(struct arena *a, const struct incoming *in, bool whole_text,
                       struct inbox_file *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < in->file_count; i++)
        ret[n++] = (struct inbox_file){in->files[i].name, in->files[i].type, in->files[i].size,
                                       in->files[i].bytes};
    if (whole_text)
        ret[n++] = (struct inbox_file){STR("message.txt"), STR("text/plain"), (int64_t)in->text.len,
                                       in->text};
    for (size_t i = 0; i < in->left_out_count; i++)
        ret[n++] = (struct inbox_file){
            in->left_out[i].name, in->left_out[i].type, in->left_out[i].size, {0}};
    if (in->left_out_more > 0)
        ret[n++] = (struct inbox_file){str_printf(a, "and %zu more", in->left_out_more),
                                       STR("application/octet-stream"),
                                       0,
                                       {0}};
    return n;
}

/* A letter of ours that comes back would be answered by the next one. */
static bool is_machine(const struct work *w, const struct incoming *in)
{
    return in->kind != INCOMING_PERSON ||
           reply_is_ours(w->app->inbound_address, in->from_address) ||
           (w->app->mail_from && str_is(in->from_address, w->app->mail_from));
}

static enum result first_time(struct work *w, const char *key, bool *ret)
{
    int64_t added = 0;
    enum result res = db_count(w->tx, &added,
                               "INSERT INTO mail_seen (workspace_id, mail_key, seen_s)"
                               " VALUES ($1, $2, $3) ON CONFLICT (workspace_id, mail_key)"
                               " DO NOTHING",
                               db_i(w->actor.workspace_id), db_z(key), db_i(w->now_s));
    *ret = added > 0;
    return res;
}

static enum result receive(struct work *w, const struct client *client, const struct incoming *in)
{
    struct str theirs = str_lower(w->arena, client->email);
    bool is_client = in->from_address.len > 0 && str_eq(theirs, in->from_address);
    struct str sender = in->from_name.len ? in->from_name : in->from_address;
    struct inbox_file *files = arena_new_array(w->arena, FILES_MAX, struct inbox_file);
    bool whole_text;
    struct inbox_received what = {
        .client_id = client->id,
        .via = VIA_MAIL,
        .doubt = is_machine(w, in) ? DOUBT_AUTOMATIC : DOUBT_NONE,
        .text = words_of(w->arena, in, &whole_text),
        .email = in->from_address.len ? in->from_address : (struct str){0},
    };
    struct inbox_annex annex = {
        .quoted = in->quoted,
        .files = files,
        .file_count = files_of(w->arena, in, whole_text || in->text_cut, files),
    };
    if (!is_client) {
        annex.from_address = in->from_address.len ? in->from_address : STR("?");
        annex.from_name = in->from_name;
    }
    what.annex = &annex;
    w->actor.name = is_client || sender.len == 0 ? client->name : sender;
    struct inbox_place place;
    return inbox_receive(w, &what, &place);
}

/* Whoever turned out to be another is that one: letters that they have been sent go on working. */
static enum result load_client(struct work *w, int64_t id, struct client *ret)
{
    enum result res = client_load_any(w, id, ret);
    for (int i = 0; res == OK && ret->merged_into.set && i < MERGES_MAX; i++)
        res = client_load_any(w, ret->merged_into.value, ret);
    return res;
}

static enum result give(struct work *w, const struct reply_owner *owner, const struct incoming *in,
                        struct mailin_taken *ret)
{
    struct client client;
    bool first = false;
    work_enter(w, (struct actor){.kind = ACTOR_CLIENT, .workspace_id = owner->workspace_id});
    enum result res = load_client(w, owner->client_id, &client);
    if (res == NOT_FOUND) { /* erased since the letter was sent */
        problem_clear(w->problem);
        return OK;
    }
    if (res == OK)
        res = first_time(w, in->key, &first);
    if (res == OK && first)
        res = receive(w, &client, in);
    ret->places += res == OK && first;
    ret->seen_before += res == OK && !first;
    return res;
}

enum result mailin_take(struct work *w, const struct mailin_mail *mail, struct mailin_taken *ret)
{
    struct owners owners;
    *ret = (struct mailin_taken){0};
    enum result res = find_owners(w, &mail->in, &owners);
    for (size_t i = 0; res == OK && i < owners.count; i++)
        res = give(w, &owners.list[i], &mail->in, ret);
    if (res != OK || ret->places + ret->seen_before > 0)
        return res;
    ret->unmatched = owners.count > 0 ? "client_gone" : owners.why_none;
    return unmatched_keep(w, mail, ret->unmatched);
}

void mailin_log(const struct mailin_mail *mail, const struct mailin_taken *t)
{
    static const char *const sources[] = {"imap", "resend"};
    static const char *const kinds[] = {"person", "auto_reply", "bounce", "bulk"};
    log_event(t->unmatched ? LOG_WARN : LOG_INFO,
              t->unmatched ? "mail belongs nowhere; see careops unmatched" : "mail received",
              "s:source", sources[mail->source], "s:kind", kinds[mail->in.kind], "i:bytes",
              (int64_t)mail->raw.len, "i:conversations", (int64_t)t->places, "i:seen_before",
              (int64_t)t->seen_before, "s:why", t->unmatched, NULL);
}

struct work mailin_work(const struct app *app, struct db_tx *tx, struct arena *a, struct problem *p)
{
    return (struct work){
        .arena = a,
        .tx = tx,
        .env = app->env,
        .app = app,
        .problem = p,
        .now_s = env_now_s(app->env),
        .request_id = STR("mail"),
        .actor = {.kind = ACTOR_SYSTEM},
    };
}
