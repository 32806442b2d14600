/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { usePortal } from './parts';

/** Instants on the business's clock. */
export function useInstant(): (at: string) => string {
  const { locale, timezone } = usePortal().member.workspace;
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timezone,
  });
  return (at) => format.format(new Date(at));
}
