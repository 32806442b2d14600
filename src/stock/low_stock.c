/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* low_stock: tells the owners that an item is to be reordered. See low_stock.h. */
#include "stock/low_stock.h"

#include "base/civil.h"
#include "message/letter.h"
#include "team/team.h"
#include "workspace/workspace.h"

static struct str amount(struct work *w, int64_t thousandths, struct str unit)
{
    char number[THOUSANDTHS_TEXT];
    thousandths_format(thousandths, number);
    return str_printf(w->arena, "%s " STR_FMT, number, STR_ARG(unit));
}

enum result low_stock_tell(struct work *w, const struct item *item)
{
    struct workspace ws;
    struct staff_member *owners;
    size_t count;
    enum result res = workspace_load(w, w->actor.workspace_id, &ws);
    if (res == OK)
        res = team_owners(w, &owners, &count);
    if (res != OK)
        return res;
    struct letter_business business = {.name = ws.name, .locale = ws.locale, .tz = ws.tz};
    struct letter_in in = {
        .business = &business,
        .url = str_printf(w->arena, "%s/app", w->app->base_url),
        .item = item->name,
        .available = amount(w, item->on_hand - item->reserved, item->unit),
        .reorder_point = amount(w, item->reorder_point, item->unit),
    };
    for (size_t i = 0; i < count && res == OK; i++) {
        in.to_name = owners[i].name;
        in.to_address = owners[i].email;
        struct str occurrence =
            str_printf(w->arena, "%lld/%lld", (long long)item->low_count, (long long)owners[i].id);
        res = letter_send(w, LETTER_LOW_STOCK, &in, item->id, occurrence);
    }
    return res;
}
