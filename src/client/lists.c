/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lists: tags and alerts, which rows keep as JSON arrays of texts. See client.h. */
#include "client/client.h"

#include "http/json_write.h"

enum { LIST_BYTES_MAX = 64 * 1024 };

struct listed {
    struct str_list list;
};
static const struct field listed_fields[] = {FIELD_STRS(struct listed, list, 0, 0)};
static const struct shape listed_shape = SHAPE("Listed", struct listed, listed_fields);

struct str client_list_json(struct arena *a, const struct str_list *list)
{
    struct buf b;
    buf_init(&b, LIST_BYTES_MAX);
    struct json_out j = jw(&b);
    jw_open(&j, '[');
    for (size_t i = 0; i < list->count; i++)
        jw_text(&j, list->items[i]);
    jw_close(&j, ']');
    struct str text = str_copy(a, buf_view(&b));
    buf_done(&b);
    return text;
}

struct str_list client_list_read(struct arena *a, struct str json)
{
    struct problem unheard = {0};
    struct listed in = {0};
    struct str object = str_printf(a, "{\"list\":" STR_FMT "}", STR_ARG(json));
    if (!json.len || shape_read(a, &unheard, &listed_shape, object, &in) != OK)
        return (struct str_list){.set = true};
    return in.list;
}
