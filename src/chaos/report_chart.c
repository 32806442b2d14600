/* SPDX-License-Identifier: AGPL-3.0-or-later */
typedef int report_chart_not_yet;
