/* SPDX-License-Identifier: AGPL-3.0-or-later */

/** Browsers keep the clipboard from pages that came over plain http: false then. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
