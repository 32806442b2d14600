/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox_list: see outbox_list.h. */
#include "message/outbox_list.h"

#define ENTRY                                                                               \
    "SELECT id, created_s, attempts, kind, to_address, subject, status, last_error, due_s," \
    " sent_s, delivery_s, reason, delivery, told_by, untold, booking_id FROM message"

static void read_entries(struct work *w, const struct db_rows *r, struct outbox_entry **ret,
                         size_t *ret_count)
{
    struct outbox_entry *entries = arena_new_array(w->arena, r->count + 1, struct outbox_entry);
    for (size_t i = 0; i < r->count; i++)
        entries[i] = (struct outbox_entry){
            .id = db_int(r, i, 0),
            .created_s = db_int(r, i, 1),
            .attempts = db_int(r, i, 2),
            .kind = db_str(r, i, 3),
            .to_address = db_str(r, i, 4),
            .subject = db_str(r, i, 5),
            .status = db_str(r, i, 6),
            .last_error = db_str(r, i, 7),
            .due_s = db_int(r, i, 8),
            .sent_s = db_opt_int(r, i, 9),
            .delivery_s = db_opt_int(r, i, 10),
            .reason = db_str(r, i, 11),
            .delivery = db_str(r, i, 12),
            .told_by = db_str(r, i, 13),
            .untold = db_int(r, i, 14) != 0,
            .booking_id = db_opt_int(r, i, 15),
            .to_client = !str_starts(db_str(r, i, 3), STR("owner_")),
        };
    *ret = entries;
    *ret_count = r->count;
}

enum result outbox_of_booking(struct work *w, int64_t booking_id, int limit,
                              struct outbox_entry **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r, ENTRY " WHERE workspace_id = $1 AND booking_id = $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(booking_id), db_i(limit));
    if (res == OK)
        read_entries(w, &r, ret, ret_count);
    return res;
}

enum result outbox_of_client(struct work *w, int64_t client_id, int64_t below_id, int limit,
                             struct outbox_entry **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res =
        db_query(w->tx, &r,
                 ENTRY " WHERE workspace_id = $1 AND client_id = $2 AND id < $3"
                       " AND kind NOT LIKE 'owner%' ORDER BY id DESC LIMIT $4",
                 db_i(w->actor.workspace_id), db_i(client_id), db_i(below_id), db_i(limit));
    if (res == OK)
        read_entries(w, &r, ret, ret_count);
    return res;
}
