/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* routes: the list of all tables. */
#include "app/routes.h"

#include "account/account.h"
#include "audit/audit.h"
#include "catalog/catalog.h"
#include "client/client.h"
#include "diary/diary.h"
#include "feedback/feedback.h"
#include "form/form.h"
#include "http/dispatch.h"
#include "inbox/inbox.h"
#include "job/job.h"
#include "lead/lead.h"
#include "live/live.h"
#include "merge/merge.h"
#include "message/mail_settings.h"
#include "message/message_routes.h"
#include "page/page.h"
#include "privacy/privacy.h"
#include "report/report.h"
#include "robot/robot.h"
#include "sample/sample.h"
#include "saved/saved_views.h"
#include "stock/stock.h"
#include "team/team.h"
#include "today/today.h"
#include "transfer/transfer.h"
#include "workspace/workspace.h"

/* clang-format off: one a line, also where they could be packed */
const struct route_table *const all_tables[] = {
    &public_table,
    &pick_table,
    &manage_table,
    &rate_table,
    &unsubscribe_table,
    &form_public_table,
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
    &form_table,
    &form_submission_table,
    &form_desk_table,
    &form_print_table,
    &form_remind_table,
    &stock_table,
    &movement_table,
    &stocktake_table,
    &client_table,
    &booking_table,
    &rating_table,
    &automation_table,
    &job_table,
    &message_table,
    &not_told_table,
    &webhook_table,
    &devmail_table,
    &lead_table,
    &contact_table,
    &inbox_table,
    &saved_table,
    &audit_table,
    &live_table,
    &docs_table,
    &ops_table,
    &page_table,
    &feedback_page_table,
    &export_table,
    &import_table,
    &merge_table,
    &annex_table,
    &clinical_table,
    &person_table,
    &erase_table,
    &office_page_table,
    &menu_table,
    &saved_view_table,
    &calendar_table,
    &today_table,
    &report_table,
    &mail_settings_table,
    &mail_test_table,
    &business_export_table,
    &audit_csv_table,
    &sample_table,
};
/* clang-format on */
const size_t all_table_count = sizeof all_tables / sizeof all_tables[0];
