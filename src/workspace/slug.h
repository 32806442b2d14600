/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * slug: the last part of a business's public address, made from its name.
 *
 * [a-z0-9] and single dashes, 2 to SLUG_MAX characters. Latin letters lose their accents
 * ("Élan & Müller" → "elan-muller"); what is left of a name in another script may be nothing, and
 * then it is "business". Pure.
 */
#ifndef CAREOPS_WORKSPACE_SLUG_H
#define CAREOPS_WORKSPACE_SLUG_H

#include "base/str.h"

enum { SLUG_MAX = 63 };

/* At most `max` characters (2 … SLUG_MAX), so that the caller can leave room for a number. */
struct str slug_of(struct arena *a, struct str name, size_t max);
/* The API's own words where slugs stand: /public/manage/{token}, /public/rate/{token}. Nobody
 * can have them. */
bool slug_reserved(struct str slug);

#endif
