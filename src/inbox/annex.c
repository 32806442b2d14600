/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * annex: what comes with a message that came by mail: its files, the history below it, and who
 * wrote it where that was not the client.
 *
 * A file is somebody's who may be anybody. It is never shown by us: it goes out as a download,
 * under a type that browsers do not run, and whatever opens it has no rights here. Pictures and
 * PDFs keep their type, since people look at them.
 */
#include "inbox/internal.h"

#include <string.h>

enum { QUOTED_MAX = 20000, FILES_MAX = 64 };

/* ---- keeping ---- */

/* Cut between characters, and said so. */
static struct str quoted_of(struct arena *a, struct str s)
{
    size_t len = QUOTED_MAX;
    if (!s.ptr)
        return STR("");
    if (s.len <= len)
        return s;
    while (len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len--;
    return str_printf(a, "%.*s\n…", (int)len, s.ptr);
}

static enum result keep_file(struct work *w, int64_t message_id, const struct inbox_file *f)
{
    return db_exec(w->tx,
                   "INSERT INTO conversation_attachment (workspace_id, message_id, id, name, type,"
                   " size, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   db_i(w->actor.workspace_id), db_i(message_id), db_i(env_id(w->env)),
                   db_s(f->name), db_s(f->type), db_i(f->size), db_bytes(f->bytes));
}

enum result annex_keep(struct work *w, int64_t conversation_id, int64_t message_id,
                       const struct inbox_annex *in)
{
    size_t files = in->file_count < FILES_MAX ? in->file_count : FILES_MAX;
    enum result res = db_exec(
        w->tx,
        "UPDATE conversation_message SET quoted = $4, from_name = $5, from_address = $6, files = $7"
        " WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3",
        db_i(w->actor.workspace_id), db_i(conversation_id), db_i(message_id),
        db_s(quoted_of(w->arena, in->quoted)), db_s(in->from_name.ptr ? in->from_name : STR("")),
        db_s(in->from_address.ptr ? in->from_address : STR("")), db_i((int64_t)files));
    for (size_t i = 0; res == OK && i < files; i++)
        res = keep_file(w, message_id, &in->files[i]);
    return res;
}

/* ---- showing ---- */

static const struct field attachment_fields[] = {
    FIELD_ID(struct attachment_view, id),
    FIELD_STR(struct attachment_view, name, 0, 0),
    FIELD_STR(struct attachment_view, type, 0, 0, .doc = "as the sender says"),
    FIELD_INT(struct attachment_view, size, 0, 0, .doc = "bytes"),
    FIELD_BOOL(struct attachment_view, kept,
               .doc = "false: left out, since it was too large or one too many"),
};
const struct shape attachment_shape =
    SHAPE("Attachment", struct attachment_view, attachment_fields);

static const struct field sender_fields[] = {
    FIELD_STR(struct sender_view, name, 0, 0),
    FIELD_STR(struct sender_view, address, 0, 0, .visible_to = SEES_CONTACTS, .omit = true),
};
const struct shape sender_shape = SHAPE("MessageSender", struct sender_view, sender_fields);

struct sender_view *sender_of(struct arena *a, struct str name, struct str address)
{
    if (address.len == 0)
        return NULL;
    struct sender_view *v = arena_new(a, struct sender_view);
    *v = (struct sender_view){name, address};
    return v;
}

enum result annex_files(struct work *w, int64_t message_id, struct shape_list *ret)
{
    struct db_rows r;
    enum result res = db_query(w->tx, &r,
                               "SELECT id, name, type, size,"
                               " CASE WHEN bytes IS NULL THEN 0 ELSE 1 END"
                               " FROM conversation_attachment"
                               " WHERE workspace_id = $1 AND message_id = $2 ORDER BY id LIMIT $3",
                               db_i(w->actor.workspace_id), db_i(message_id), db_i(FILES_MAX));
    if (res != OK)
        return res;
    struct attachment_view *list = arena_new_array(w->arena, r.count + 1, struct attachment_view);
    for (size_t i = 0; i < r.count; i++)
        list[i] = (struct attachment_view){
            .id = some_int(db_int(&r, i, 0)),
            .name = db_str(&r, i, 1),
            .type = db_str(&r, i, 2),
            .size = some_int(db_int(&r, i, 3)),
            .kept = some_bool(db_int(&r, i, 4) != 0),
        };
    *ret = (struct shape_list){true, r.count, list};
    return OK;
}

/* ---- downloading ---- */

static struct str harmless(struct str type)
{
    static const char *const shown[] = {"image/jpeg", "image/png", "image/gif", "image/webp",
                                        "application/pdf"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (str_is(type, shown[i]))
            return type;
    return STR("application/octet-stream");
}

/* RFC 6266: for old readers what of the name is plain, for the others all of it (RFC 8187). */
static struct str disposition(struct arena *a, struct str name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    struct buf out;
    buf_init(&out, 8 * name.len + 100);
    buf_z(&out, "attachment; filename=\"");
    for (size_t i = 0; i < name.len; i++)
        if (((unsigned char)name.ptr[i] & 0xC0) != 0x80)
            buf_byte(&out, name.ptr[i] && strchr(plain, name.ptr[i]) ? name.ptr[i] : '_');
    buf_z(&out, "\"; filename*=UTF-8''");
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] && strchr(plain, name.ptr[i]))
            buf_byte(&out, name.ptr[i]);
        else
            buf_printf(&out, "%%%02X", (unsigned char)name.ptr[i]);
    }
    struct str ret = str_copy(a, buf_view(&out));
    buf_done(&out);
    return ret;
}

static enum result get_attachment(struct request *rq, struct work *w)
{
    struct conversation c;
    struct db_rows r;
    enum result res = conversation_load(w, request_id_param(rq, 0), &c);
    if (res == OK)
        res = db_one(w->tx, &r,
                     "SELECT a.name, a.type, a.bytes FROM conversation_attachment a"
                     " JOIN conversation_message m ON m.workspace_id = a.workspace_id"
                     "  AND m.conversation_id = $2 AND m.id = a.message_id"
                     " WHERE a.workspace_id = $1 AND a.id = $3",
                     db_i(w->actor.workspace_id), db_i(c.id), db_i(request_id_param(rq, 1)));
    if (res == NOT_FOUND)
        return work_missing(w, "attachment");
    if (res != OK)
        return res;
    if (db_is_null(&r, 0, 2))
        return problem_set(w->problem, NOT_FOUND, "attachment_left_out",
                           "This file was not kept: it was too large, or one too many. Ask the "
                           "sender for it.");
    answer_header(rq, "Content-Disposition", disposition(w->arena, db_str(&r, 0, 0)));
    answer_header(rq, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    answer_header(rq, "X-Content-Type-Options", STR("nosniff"));
    answer_header(rq, "Cache-Control", STR("no-store"));
    answer_text(rq, 200, str_z(w->arena, harmless(db_str(&r, 0, 1))), db_str(&r, 0, 2));
    return OK;
}

static const struct route routes[] = {
    {
        .method = HTTP_GET_,
        .path = "/api/v1/conversations/{id}/attachments/{attachment_id}",
        .who = WHO_STAFF,
        .all_with = PERM_INBOX,
        .mode = MODE_READ,
        .status = 200,
        .answer_is_file = true,
        .handler = get_attachment,
        .tag = "inbox",
        .summary = "A file that came with a message, as a download",
    },
};
const struct route_table annex_table = {routes, sizeof routes / sizeof *routes};
