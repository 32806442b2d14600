/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * unmatched: mails of which nobody knows whose they are. See mailin.h.
 *
 * They may be anybody's words, so they lie sealed and only the operator, who has the key, can read
 * them. A very large one is kept without its words: it still is where it came from.
 */
#include "mailin/internal.h"

#include "base/civil.h"
#include "base/seal.h"

#include <inttypes.h>

enum {
    KEPT_SIZE_MAX = 1024 * 1024,
    SEEN_LIFE_S = 180 * 24 * 3600, /* longer than any source looks back */
    LIST_MAX = 1000,
};

enum result unmatched_keep(struct work *w, const struct mailin_mail *mail, const char *why)
{
    static const char *const sources[] = {"imap", "resend"};
    struct str raw = mail->raw.len <= KEPT_SIZE_MAX ? mail->raw : STR("");
    struct str sealed = raw.len ? seal_close(w->app->seal, w->arena, raw) : STR("");
    if (!str_utf8_ok(sealed)) /* no key (tests): bytes that are no text cannot be kept as one */
        sealed = STR("");
    return db_exec(w->tx,
                   "INSERT INTO mail_unmatched (mail_key, id, source, why, received_s, size, raw)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (mail_key) DO NOTHING",
                   db_z(mail->in.key), db_i(env_id(w->env)), db_z(sources[mail->source]), db_z(why),
                   db_i(w->now_s), db_i((int64_t)mail->raw.len), db_s(sealed));
}

enum result mailin_sweep(struct work *w)
{
    /* The numbers are written down: PostgreSQL plans an unknown LIMIT as a tenth of the table. */
    enum result res =
        db_exec(w->tx,
                "DELETE FROM mail_unmatched WHERE mail_key IN (SELECT mail_key FROM mail_unmatched"
                " WHERE received_s < $1 ORDER BY received_s LIMIT 500)",
                db_i(w->now_s - MAILIN_UNMATCHED_LIFE_S));
    if (res == OK)
        res = db_exec(w->tx,
                      "DELETE FROM mail_seen WHERE (workspace_id, mail_key) IN"
                      " (SELECT workspace_id, mail_key FROM mail_seen WHERE seen_s < $1"
                      " ORDER BY seen_s LIMIT 500)",
                      db_i(w->now_s - SEEN_LIFE_S));
    return res;
}

static void print_time(int64_t at_s, FILE *out)
{
    char text[INSTANT_TEXT];
    instant_format(at_s, text);
    fputs(text, out);
}

static enum result print_list(struct work *w, FILE *out)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id, received_s, source, why, size FROM mail_unmatched"
                               " ORDER BY received_s DESC LIMIT $1",
                               db_i(LIST_MAX));
    for (size_t i = 0; res == OK && i < r.count; i++) {
        fprintf(out, "%" PRId64 "  ", db_int(&r, i, 0));
        print_time(db_int(&r, i, 1), out);
        fprintf(out, "  %s  " STR_FMT "  %" PRId64 " bytes\n", db_str(&r, i, 2).ptr,
                STR_ARG(db_str(&r, i, 3)), db_int(&r, i, 4));
    }
    if (res == OK && r.count == 0)
        fputs("no mail is without an owner\n", out);
    return res;
}

enum result mailin_print_unmatched(struct work *w, int64_t id, FILE *out)
{
    struct db_rows r;
    struct str raw;
    if (id == 0)
        return print_list(w, out);
    enum result res = db_one(w->tx, &r, "SELECT raw FROM mail_unmatched WHERE id = $1", db_i(id));
    if (res == NOT_FOUND)
        return problem_set(w->problem, NOT_FOUND, "not_found",
                           "There is no such mail; careops unmatched lists them.");
    if (res != OK)
        return res;
    if (db_str(&r, 0, 0).len == 0)
        return problem_set(w->problem, NOT_FOUND, "not_kept",
                           "This mail is too large to be kept here; it still is where it came "
                           "from.");
    if (!seal_open(w->app->seal, w->arena, db_str(&r, 0, 0), &raw))
        return problem_set(w->problem, CONFLICT, "wrong_key",
                           "This mail was sealed with another key.");
    fwrite(raw.ptr, 1, raw.len, out);
    return OK;
}
