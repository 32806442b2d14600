/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* language: the language in which a person reads the office. It is the person's own, wherever they
 * are a member; whoever has chosen none reads that of the business, where the office speaks it. */
#include "account/internal.h"

const char *const language_names[] = {"en", "pl", NULL};

static size_t language_index(struct str name)
{
    size_t i = 0;
    while (language_names[i] && !str_is(name, language_names[i]))
        i++;
    return i;
}

/* Absent where none of them is chosen. */
static struct opt_int choice_of(struct str name)
{
    size_t i = language_index(name);
    return language_names[i] ? some_int((int64_t)i) : (struct opt_int){0};
}

/* "pl-PL" is read in "pl". */
static struct str language_of_locale(struct str locale)
{
    size_t len = 0;
    while (len < locale.len && locale.ptr[len] != '-')
        len++;
    return (struct str){locale.ptr, len};
}

enum result account_chosen_language(struct work *w, struct opt_int *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows, "SELECT language FROM user_account WHERE id = $1",
                           db_i(w->actor.user_id));
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    if (r == OK)
        *ret = choice_of(db_str(&rows, 0, 0));
    return r;
}

enum result account_language(struct work *w, struct str *ret)
{
    struct db_rows rows;
    enum result r = db_one(w->tx, &rows,
                           "SELECT u.language, ws.locale FROM workspace ws"
                           " JOIN user_account u ON u.id = $2 WHERE ws.id = $1",
                           db_i(w->actor.workspace_id), db_i(w->actor.user_id));
    if (r == NOT_FOUND)
        return work_missing(w, "account");
    if (r != OK)
        return r;
    struct opt_int chosen = choice_of(db_str(&rows, 0, 0));
    if (!chosen.set)
        chosen = choice_of(language_of_locale(db_str(&rows, 0, 1)));
    *ret = str_of(language_names[chosen.set ? chosen.value : 0]);
    return OK;
}

struct language_in {
    struct opt_int language;
    bool language_null;
};

static const struct field language_fields[] = {
    FIELD_ENUM(struct language_in, language, language_names, .nullable = true,
               .nullable_offset = offsetof(struct language_in, language_null),
               .doc = "of the office; null: that of the business"),
};
const struct shape session_change_shape =
    SHAPE("SessionChange", struct language_in, language_fields);

enum result patch_session(struct request *rq, struct work *w)
{
    const struct language_in *in = rq->in;
    enum result r = account_need_session(w);
    if (r == OK && (in->language.set || in->language_null))
        r = db_exec(
            w->tx, "UPDATE user_account SET language = $2 WHERE id = $1", db_i(w->actor.user_id),
            in->language.set ? db_z(language_names[in->language.value]) : db_s((struct str){0}));
    return r == OK ? account_answer_session(rq, w) : r;
}
