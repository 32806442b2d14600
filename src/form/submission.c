/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* submission: see submission.h. */
#include "form/submission.h"

#include "audit/audit.h"
#include "base/seal.h"

const char *const submission_statuses[] = {"pending", "completed", "dropped", NULL};

/* ---- the view ---- */

struct submitter {
    struct opt_int id;
    struct str name, email;
};
static const struct field submitter_fields[] = {
    FIELD_ID(struct submitter, id),
    FIELD_STR(struct submitter, name, 0, 0),
    FIELD_STR(struct submitter, email, 0, 0, .maybe = true, .visible_to = SEES_CONTACTS),
};
static const struct shape submitter_shape = SHAPE("FormClient", struct submitter, submitter_fields);

struct asked_form {
    struct opt_int id;
    struct str name;
    struct opt_bool clinical, external;
};
static const struct field asked_fields[] = {
    FIELD_ID(struct asked_form, id),
    FIELD_STR(struct asked_form, name, 0, 0),
    FIELD_BOOL(struct asked_form, clinical),
    FIELD_BOOL(struct asked_form, external, .doc = "filled in elsewhere"),
};
static const struct shape asked_shape = SHAPE("FormAsked", struct asked_form, asked_fields);

struct submission_view {
    struct opt_int id;
    struct asked_form *form;
    struct str status;
    struct opt_bool overdue;
    struct submitter *client;
    struct opt_int booking_id, visit_start, revision;
    struct shape_list fields;
    struct str answers;
    struct opt_bool sealed, readable;
    struct opt_int asked_at, requested_at, completed_at;
    struct str completed_by;
};
/* clang-format off */
#define VIEW_HEAD                                                                                  \
    FIELD_ID(struct submission_view, id),                                                          \
    FIELD_OBJECT(struct submission_view, form, asked_shape),                                       \
    FIELD_WORD(struct submission_view, status, submission_statuses),                               \
    FIELD_BOOL(struct submission_view, overdue,                                                    \
               .doc = "pending, asked for more than a day ago, and the visit is still to come"),   \
    FIELD_OBJECT(struct submission_view, client, submitter_shape),                                 \
    FIELD_ID(struct submission_view, booking_id, .maybe = true, .doc = "null: of a public form"),  \
    FIELD_INSTANT(struct submission_view, visit_start, .maybe = true),                             \
    FIELD_INT(struct submission_view, revision, 0, 0, .doc = "of the fields that were answered")
#define VIEW_TAIL                                                                                  \
    FIELD_BOOL(struct submission_view, sealed,                                                     \
               .doc = "there are answers, and this view holds them back"),                         \
    FIELD_BOOL(struct submission_view, readable,                                                   \
               .doc = "you may have them by GET /submissions/{id}"),                               \
    FIELD_INSTANT(struct submission_view, asked_at),                                               \
    FIELD_INSTANT(struct submission_view, requested_at, .maybe = true,                             \
                  .doc = "when the letter that asks for it was written"),                          \
    FIELD_INSTANT(struct submission_view, completed_at, .maybe = true),                            \
    FIELD_STR(struct submission_view, completed_by, 0, 0, .maybe = true,                           \
              .doc = "client, or the name of the member who said that it is filled in elsewhere")
/* clang-format on */

static const struct field submission_fields[] = {
    VIEW_HEAD,
    FIELD_RAW(struct submission_view, answers, .json = RAW_ANSWERS, .maybe = true,
              .doc = "of a signature the name; never clinical ones"),
    VIEW_TAIL,
};
const struct shape submission_shape =
    SHAPE("FormSubmission", struct submission_view, submission_fields);

static const struct field full_fields[] = {
    VIEW_HEAD,
    FIELD_LIST(struct submission_view, fields, form_field_shape, 0, 0, .doc = "as they were given"),
    FIELD_RAW(struct submission_view, answers, .json = RAW_ANSWERS, .maybe = true,
              .doc = "a signature is {name, drawing, signed_at, text}"),
    VIEW_TAIL,
};
const struct shape submission_full_shape =
    SHAPE("FormSubmissionFull", struct submission_view, full_fields);

/* ---- rows ---- */

enum column {
    C_ID,
    C_STATUS,
    C_CLIENT,
    C_CLIENT_NAME,
    C_CLIENT_EMAIL,
    C_BOOKING,
    C_START,
    C_REVISION,
    C_ANSWERS,
    C_ASKED,
    C_REQUESTED,
    C_COMPLETED,
    C_BOOKING_STATUS,
    C_END,
    C_STAFF,
    C_COMPLETED_BY,
    C_FORM,
    C_FORM_NAME,
    C_CLINICAL,
    C_STAFF_READS,
    C_FIELDS,
};
#define COLUMNS                                                                                \
    "SELECT s.id, s.status, s.client_id, c.name, c.email, s.booking_id, b.start_s,"            \
    " s.form_revision, s.answers, s.asked_s, s.requested_s, s.completed_s, b.status, b.end_s," \
    " b.staff_id, s.completed_by, f.id, f.name, f.clinical, f.staff_reads, v.fields"
#define JOINED                                                                          \
    " JOIN form f ON f.workspace_id = s.workspace_id AND f.id = s.form_id"              \
    " JOIN form_version v ON v.workspace_id = s.workspace_id AND v.form_id = s.form_id" \
    "  AND v.form_revision = s.form_revision"                                           \
    " JOIN client c ON c.workspace_id = s.workspace_id AND c.id = s.client_id"          \
    " LEFT JOIN booking b ON b.workspace_id = s.workspace_id AND b.id = s.booking_id"   \
    " WHERE s.workspace_id = $1"
#define SUBMISSION COLUMNS " FROM form_submission s" JOINED
/* Of those that wait a day and more, the last asked first. Almost all of them are of visits to
 * come: a form is dropped with its visit, so that the look is not longer than it needs. */
#define OVERDUE                                                                           \
    COLUMNS                                                                               \
    " FROM (SELECT * FROM form_submission WHERE workspace_id = $1 AND status = 'pending'" \
    " AND (requested_s, id) < ($2, $3)"                                                   \
    " ORDER BY requested_s DESC, id DESC LIMIT 1000) s" JOINED                            \
    " AND b.end_s > $5 AND b.status IN ('pending', 'confirmed')"                          \
    " ORDER BY s.requested_s DESC, s.id DESC LIMIT $4"
#define NEWEST " AND s.id < $2 ORDER BY s.id DESC LIMIT $3"
/* Of $4: all, all visits, or the visits of a member. */
#define NEWEST_OF                                                             \
    " AND s.id < $2 AND ($4 = 0 OR b.staff_id = $4 OR ($4 < 0 AND b.id > 0))" \
    " ORDER BY s.id DESC LIMIT $3"
enum { OF_ALL = 0, OF_ALL_VISITS = -1 };

static bool owns_all(const struct work *w)
{
    return w->actor.permissions & RIGHT_OWNER;
}

static bool is_own(const struct work *w, const struct db_rows *r, size_t i)
{
    return w->actor.staff_id != 0 && !w->actor.token_id && !db_is_null(r, i, C_STAFF) &&
           db_int(r, i, C_STAFF) == w->actor.staff_id;
}

static bool sees(const struct work *w, const struct db_rows *r, size_t i)
{
    return owns_all(w) || (w->sees_all && !db_is_null(r, i, C_BOOKING)) || is_own(w, r, i);
}

static bool reads(const struct work *w, const struct db_rows *r, size_t i)
{
    if (!owns_all(w) && !(is_own(w, r, i) && db_int(r, i, C_STAFF_READS) != 0))
        return false;
    return db_int(r, i, C_CLINICAL) == 0 || (w->actor.permissions & PERM_CLINICAL);
}

static bool is_open(const struct work *w, const struct db_rows *r, size_t i)
{
    return str_is(db_str(r, i, C_STATUS), "pending") && !db_is_null(r, i, C_BOOKING) &&
           visit_is_open(db_str(r, i, C_BOOKING_STATUS), db_int(r, i, C_END), w->now_s);
}

static struct str completed_by(const struct db_rows *r, size_t i)
{
    if (db_is_null(r, i, C_COMPLETED))
        return (struct str){0};
    return db_is_null(r, i, C_COMPLETED_BY) ? STR("client") : db_str(r, i, C_COMPLETED_BY);
}

/* Without answers. */
static struct submission_view view_of(struct work *w, const struct db_rows *r, size_t i)
{
    struct submitter *client = arena_new(w->arena, struct submitter);
    *client = (struct submitter){
        .id = some_int(db_int(r, i, C_CLIENT)),
        .name = db_str(r, i, C_CLIENT_NAME),
        .email = db_str(r, i, C_CLIENT_EMAIL),
    };
    struct asked_form *form = arena_new(w->arena, struct asked_form);
    *form = (struct asked_form){
        .id = some_int(db_int(r, i, C_FORM)),
        .name = db_str(r, i, C_FORM_NAME),
        .clinical = some_bool(db_int(r, i, C_CLINICAL) != 0),
        .external = some_bool(str_is(db_str(r, i, C_FIELDS), fields_none)),
    };
    struct opt_int requested_s = db_opt_int(r, i, C_REQUESTED);
    bool late = requested_s.set && requested_s.value + FORM_OVERDUE_S < w->now_s;
    return (struct submission_view){
        .id = some_int(db_int(r, i, C_ID)),
        .form = form,
        .status = db_str(r, i, C_STATUS),
        .overdue = some_bool(late && is_open(w, r, i)),
        .client = client,
        .booking_id = db_opt_int(r, i, C_BOOKING),
        .visit_start = db_opt_int(r, i, C_START),
        .revision = some_int(db_int(r, i, C_REVISION)),
        .sealed = some_bool(!db_is_null(r, i, C_ANSWERS)),
        .readable = some_bool(!db_is_null(r, i, C_ANSWERS) && reads(w, r, i)),
        .asked_at = some_int(db_int(r, i, C_ASKED)),
        .requested_at = requested_s,
        .completed_at = db_opt_int(r, i, C_COMPLETED),
        .completed_by = completed_by(r, i),
    };
}

/* Answers that another key has sealed stay held back. */
static void add_plain_answers(struct work *w, const struct db_rows *r, size_t i,
                              struct submission_view *v)
{
    struct str kept;
    if (!v->readable.value || v->form->clinical.value)
        return;
    if (!seal_open(w->app->seal, w->arena, db_str(r, i, C_ANSWERS), &kept)) {
        v->readable = some_bool(false);
        return;
    }
    v->answers = kept;
    v->sealed = some_bool(false);
}

/* ---- lists ---- */

static enum result read_list(struct work *w, const struct submission_query *q, struct db_rows *ret)
{
    struct db_value ws = db_i(w->actor.workspace_id), below = db_i(q->below_id),
                    limit = db_i((int64_t)q->limit);
    struct db_value of = db_i(owns_all(w)   ? OF_ALL
                              : w->sees_all ? OF_ALL_VISITS
                                            : w->actor.staff_id);
    if (q->booking_id)
        return db_query(w->tx, ret, SUBMISSION " AND s.booking_id = $5" NEWEST_OF, ws, below, limit,
                        of, db_i(q->booking_id));
    if (q->client_id)
        return db_query(w->tx, ret, SUBMISSION " AND s.client_id = $5" NEWEST_OF, ws, below, limit,
                        of, db_i(q->client_id));
    if (q->form_id && q->status)
        return db_query(w->tx, ret, SUBMISSION " AND s.form_id = $4 AND s.status = $5" NEWEST, ws,
                        below, limit, db_i(q->form_id), db_z(q->status));
    if (q->form_id)
        return db_query(w->tx, ret, SUBMISSION " AND s.form_id = $4" NEWEST, ws, below, limit,
                        db_i(q->form_id));
    if (q->overdue)
        return db_query(w->tx, ret, OVERDUE, ws, db_i(q->below_requested_s), below, limit,
                        db_i(w->now_s));
    if (q->status)
        return db_query(w->tx, ret, SUBMISSION " AND s.status = $4" NEWEST, ws, below, limit,
                        db_z(q->status));
    return db_query(w->tx, ret, SUBMISSION NEWEST, ws, below, limit);
}

enum result submission_list(struct work *w, const struct submission_query *q,
                            struct submission_view **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = read_list(w, q, &r);
    if (res != OK)
        return res;
    struct submission_view *list = arena_new_array(w->arena, r.count + 1, struct submission_view);
    for (size_t i = 0; i < r.count; i++) {
        list[i] = view_of(w, &r, i);
        add_plain_answers(w, &r, i, &list[i]);
    }
    *ret = list;
    *ret_count = r.count;
    return OK;
}

const struct submission_view *submission_at(const struct submission_view *list, size_t i)
{
    return &list[i];
}

struct str submission_cursor(struct work *w, const struct submission_query *q,
                             const struct submission_view *last)
{
    return cursor_write(w->arena, q->overdue ? last->requested_at.value : 0, last->id.value);
}

/* ---- one ---- */

enum result submission_load(struct work *w, int64_t id, struct submission *ret)
{
    struct db_rows r;
    enum result res =
        db_one(w->tx, &r, SUBMISSION " AND s.id = $2", db_i(w->actor.workspace_id), db_i(id));
    if (res == NOT_FOUND || (res == OK && !sees(w, &r, 0)))
        return work_missing(w, "form to fill in");
    if (res != OK)
        return res;
    struct submission_view *view = arena_new(w->arena, struct submission_view);
    *view = view_of(w, &r, 0);
    *ret = (struct submission){
        .id = id,
        .form_id = view->form->id.value,
        .revision = view->revision.value,
        .booking_id = view->booking_id.value,
        .client_id = view->client->id.value,
        .status = view->status,
        .form_name = view->form->name,
        .client_name = view->client->name,
        .clinical = view->form->clinical.value,
        .readable = view->readable.value,
        .open = is_open(w, &r, 0),
        .elsewhere = view->form->external.value,
        .visit_start_s = view->visit_start,
        .requested_s = view->requested_at,
        .completed_s = view->completed_at,
        .fields = fields_read(w->arena, db_str(&r, 0, C_FIELDS)),
        .view = view,
    };
    view->fields = (struct shape_list){true, ret->fields.count, ret->fields.items};
    if (!ret->open && str_is(ret->status, "pending") && ret->booking_id)
        return form_is_awaited(w, id, &ret->open);
    return OK;
}

static enum result open_both(struct work *w, const struct db_rows *r, struct str *ret_answers,
                             struct str *ret_signatures)
{
    *ret_signatures = (struct str){0};
    bool open = seal_open(w->app->seal, w->arena, db_str(r, 0, 0), ret_answers);
    if (open && !db_is_null(r, 0, 1))
        open = seal_open(w->app->seal, w->arena, db_str(r, 0, 1), ret_signatures);
    return open ? OK
                : problem_set(w->problem, CONFLICT, "sealed_with_another_key",
                              "These answers were sealed with another key. Ask whoever runs this "
                              "server for the CAREOPS_SECRET_KEY of before.");
}

static enum result write_down(struct work *w, const struct submission *s, const char *what)
{
    if (!s->clinical)
        return OK;
    struct audit a;
    audit_begin(&a, w, "form_submission", s->id, what);
    audit_str(&a, "form", (struct str){0}, s->form_name);
    audit_str(&a, "client_id", (struct str){0},
              str_printf(w->arena, "%lld", (long long)s->client_id));
    return audit_end(&a);
}

enum result submission_answers(struct work *w, struct submission *s, const char *what,
                               struct str *ret)
{
    struct db_rows r;
    struct str kept, signatures;
    *ret = (struct str){0};
    if (!s->completed_s.set)
        return OK;
    if (!s->readable)
        return problem_set(w->problem, DENIED, "forbidden",
                           "The answers of this form are not yours to read. Ask the owner.");
    enum result res = db_one(w->tx, &r,
                             "SELECT answers, signatures FROM form_submission"
                             " WHERE workspace_id = $1 AND id = $2",
                             db_i(w->actor.workspace_id), db_i(s->id));
    if (res == OK)
        res = open_both(w, &r, &kept, &signatures);
    if (res == OK)
        res = write_down(w, s, what);
    if (res != OK)
        return res;
    *ret = answers_shown(w->arena, &s->fields, kept, signatures, s->completed_s.value);
    s->view->answers = *ret;
    s->view->sealed = some_bool(false);
    return OK;
}
