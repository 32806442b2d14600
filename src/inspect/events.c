/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "inspect/internal.h"
const struct check_list event_checks = {NULL, 0};
