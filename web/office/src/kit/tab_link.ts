/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Of tabs and filters, which stand in the address, one alone is the current one. */
export const EXACT = { exact: true, includeSearch: true, explicitUndefined: true } as const;
