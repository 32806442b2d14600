/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outbox_list: see outbox_list.h. */
#include "message/outbox_list.h"

enum result outbox_of_booking(struct work *w, int64_t booking_id, int limit,
                              struct outbox_entry **ret, size_t *ret_count)
{
    struct db_rows r;
    enum result res = db_query(
        w->tx, &r,
        "SELECT id, created_s, attempts, kind, to_address, subject, status, last_error FROM message"
        " WHERE workspace_id = $1 AND booking_id = $2 ORDER BY id LIMIT $3",
        db_i(w->actor.workspace_id), db_i(booking_id), db_i(limit));
    if (res != OK)
        return res;
    struct outbox_entry *entries = arena_new_array(w->arena, r.count + 1, struct outbox_entry);
    for (size_t i = 0; i < r.count; i++)
        entries[i] = (struct outbox_entry){
            .id = db_int(&r, i, 0),
            .created_s = db_int(&r, i, 1),
            .attempts = db_int(&r, i, 2),
            .kind = db_str(&r, i, 3),
            .to_address = db_str(&r, i, 4),
            .subject = db_str(&r, i, 5),
            .status = db_str(&r, i, 6),
            .last_error = db_str(&r, i, 7),
        };
    *ret = entries;
    *ret_count = r.count;
    return OK;
}
