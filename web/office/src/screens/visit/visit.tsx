/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Stands over every screen while the address has `?visit=<id>`. */
export function VisitDrawer({ id }: { id: string }) {
  return <div hidden>{id}</div>;
}
