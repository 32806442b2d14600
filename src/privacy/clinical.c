/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * clinical: notes about a client that are nobody's but those who treat them. Owns table
 * `client_clinical`.
 *
 * The text is sealed before it goes into the database and is in no list, no search, no log and no
 * audit: an event says that it was read or changed, by whom and when.
 */
#include "audit/audit.h"
#include "base/app.h"
#include "base/log.h"
#include "base/seal.h"
#include "privacy/internal.h"

/* ---- rows ---- */

enum result subject_load(struct work *w, int64_t client_id, struct subject *ret)
{
    struct client c;
    enum result res = client_load_known(w, client_id, &c);
    if (res == OK)
        *ret = (struct subject){.id = client_id, .name = c.name};
    return res;
}

enum result clinical_load(struct work *w, int64_t client_id, struct clinical *ret)
{
    struct db_rows r;
    *ret = (struct clinical){.text = STR("")};
    enum result res = db_one(w->tx, &r,
                             "SELECT notes, changed_s, changed_by, version FROM client_clinical"
                             " WHERE workspace_id = $1 AND client_id = $2",
                             db_i(w->actor.workspace_id), db_i(client_id));
    if (res != OK)
        return res == NOT_FOUND ? OK : res;
    struct str text;
    if (!seal_open(w->app->seal, w->arena, db_str(&r, 0, 0), &text)) {
        log_event(LOG_ERROR, "clinical notes were sealed with another key", NULL);
        return problem_set(w->problem, INTERNAL, "sealed_with_another_key",
                           "These notes were sealed with another key. Give the program the key "
                           "that it had (CAREOPS_SECRET_KEY, or secret.key in the data folder).");
    }
    *ret = (struct clinical){
        .text = text,
        .changed_s = db_opt_int(&r, 0, 1),
        .changed_by = db_str(&r, 0, 2),
        .version = db_int(&r, 0, 3),
    };
    return OK;
}

enum result clinical_write(struct work *w, int64_t client_id, const struct clinical *c)
{
    /* An empty text has nothing to seal, and is told from notes by that. */
    struct str sealed = c->text.len ? seal_close(w->app->seal, w->arena, c->text) : STR("");
    enum result res =
        c->version == 0
            ? db_exec(w->tx,
                      "DELETE FROM client_clinical WHERE workspace_id = $1 AND client_id = $2",
                      db_i(w->actor.workspace_id), db_i(client_id))
            : db_exec(w->tx,
                      "INSERT INTO client_clinical (workspace_id, client_id, notes, changed_s,"
                      " changed_by, version) VALUES ($1, $2, $3, $4, $5, 1)"
                      " ON CONFLICT (workspace_id, client_id) DO UPDATE SET notes = excluded.notes,"
                      " changed_s = excluded.changed_s, changed_by = excluded.changed_by,"
                      " version = client_clinical.version + 1",
                      db_i(w->actor.workspace_id), db_i(client_id), db_s(sealed),
                      db_i(c->changed_s.value), db_s(c->changed_by.ptr ? c->changed_by : STR("")));
    return res == OK ? audit_action(w, "client", client_id, "clinical_changed") : res;
}

static enum result write_now(struct work *w, int64_t client_id, struct str text)
{
    return clinical_write(w, client_id,
                          &(struct clinical){text, w->actor.name, some_int(w->now_s), 1});
}

/* ---- routes ---- */

struct notes_in {
    struct str text;
};
static const struct field notes_in_fields[] = {
    FIELD_STR(struct notes_in, text, 0, CLINICAL_NOTES_MAX, .required = true, .multiline = true),
};
static const struct shape notes_in_shape =
    SHAPE("ClinicalNotesText", struct notes_in, notes_in_fields);

struct notes_out {
    struct opt_int client_id, changed_at, version;
    struct str text, changed_by;
};
static const struct field notes_fields[] = {
    FIELD_ID(struct notes_out, client_id),
    FIELD_STR(struct notes_out, text, 0, CLINICAL_NOTES_MAX, .doc = "empty where there are none"),
    FIELD_INSTANT(struct notes_out, changed_at, .maybe = true),
    FIELD_STR(struct notes_out, changed_by, 0, 0, .maybe = true),
    FIELD_INT(struct notes_out, version, 0, 0, .doc = "0: never written"),
};
static const struct shape notes_shape = SHAPE("ClinicalNotes", struct notes_out, notes_fields);

static enum result answer(struct request *rq, struct work *w, int64_t client_id,
                          const struct clinical *c)
{
    struct notes_out out = {
        .client_id = some_int(client_id),
        .text = c->text,
        .changed_at = c->changed_s,
        .changed_by = c->version ? c->changed_by : (struct str){0},
        .version = some_int(c->version),
    };
    answer_etag(rq, c->version);
    answer_json(rq, 200, &notes_shape, &out, w->actor.permissions);
    return OK;
}

static enum result get_notes(struct request *rq, struct work *w)
{
    struct subject client;
    struct clinical notes;
    enum result res = subject_load(w, request_id_param(rq, 0), &client);
    if (res == OK)
        res = clinical_load(w, client.id, &notes);
    if (res == OK)
        res = audit_action(w, "client", client.id, "clinical_read");
    return res == OK ? answer(rq, w, client.id, &notes) : res;
}

static enum result put_notes(struct request *rq, struct work *w)
{
    const struct notes_in *in = rq->in;
    struct subject client;
    struct clinical notes;
    /* The client's row is the lock: two who write follow each other, and the second is told. */
    enum result res = db_exec(w->tx,
                              "UPDATE client SET version = version"
                              " WHERE workspace_id = $1 AND id = $2",
                              db_i(w->actor.workspace_id), db_i(request_id_param(rq, 0)));
    if (res == OK)
        res = subject_load(w, request_id_param(rq, 0), &client);
    if (res == OK)
        res = clinical_load(w, client.id, &notes);
    if (res == OK)
        res = route_check_version(rq, w, notes.version);
    if (res == OK && !str_eq(notes.text, in->text))
        res = write_now(w, client.id, in->text);
    if (res == OK)
        res = clinical_load(w, client.id, &notes);
    return res == OK ? answer(rq, w, client.id, &notes) : res;
}

#define NOTES_ROUTE                                                                                \
    .path = "/api/v1/clients/{id}/clinical-notes", .who = WHO_OWNER, .permissions = PERM_CLINICAL, \
    .mode = MODE_WRITE, .status = 200, .answer = &notes_shape, .tag = "privacy"

static const struct route clinical_routes[] = {
    {NOTES_ROUTE, .method = HTTP_GET_, .written_down = true, .handler = get_notes,
     .summary = "Clinical notes about a client; each reading is an event of the audit"},
    {NOTES_ROUTE, .method = HTTP_PUT_, .body = &notes_in_shape, .handler = put_notes,
     .summary = "Write them anew, under If-Match"},
};
const struct route_table clinical_table = {clinical_routes,
                                           sizeof clinical_routes / sizeof clinical_routes[0]};
