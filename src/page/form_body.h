/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* form_body: what stands on a form's page before its script, and without JavaScript. */
#ifndef CAREOPS_PAGE_FORM_BODY_H
#define CAREOPS_PAGE_FORM_BODY_H

#include "form/form.h"

void form_body(struct buf *out, const struct workspace *ws, const struct form_found *f);

#endif
