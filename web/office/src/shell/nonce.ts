/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The nonce of this answer, which the style tags made by scripts must bear. */
const meta = document.querySelector<HTMLMetaElement>('meta[name="careops-nonce"]');

export const nonce = meta?.content ?? '';
