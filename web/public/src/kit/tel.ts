/* SPDX-License-Identifier: AGPL-3.0-or-later */

/** The link that calls a number, however people have written it. */
export const tel = (phone: string): string => `tel:${phone.replace(/[^+\d]/g, '')}`;
