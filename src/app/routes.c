/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* routes: the list of all tables. */
#include "app/routes.h"

#include "account/account.h"
#include "audit/audit.h"
#include "catalog/catalog.h"
#include "client/client.h"
#include "diary/diary.h"
#include "http/dispatch.h"
#include "inbox/inbox.h"
#include "live/live.h"
#include "message/message_routes.h"
#include "page/page.h"
#include "stock/stock.h"
#include "team/team.h"
#include "workspace/workspace.h"

const struct route_table *const all_tables[] = {
    &public_table,
    &pick_table,
    &manage_table,
    &signup_table,
    &session_table,
    &password_table,
    &token_table,
    &two_factor_table,
    &workspace_table,
    &team_table,
    &invitation_table,
    &time_off_table,
    &time_off_request_table,
    &catalog_table,
    &resource_table,
    &stock_table,
    &client_table,
    &booking_table,
    &message_table,
    &not_told_table,
    &webhook_table,
    &devmail_table,
    &contact_table,
    &inbox_table,
    &audit_table,
    &live_table,
    &docs_table,
    &ops_table,
    &page_table,
};
const size_t all_table_count = sizeof all_tables / sizeof all_tables[0];
