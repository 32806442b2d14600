/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Stands over every screen while the address has `?new=<start>`. */
export function NewVisit({ start }: { start: string }) {
  return <div hidden>{start}</div>;
}
