/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Why a call to the API did not do what it was to do. */

export interface FieldFault {
  path: string;
  code: string;
  message: string;
}

export class Refusal extends Error {
  override name = 'Refusal';

  constructor(
    /** 0: no answer came. */
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly faults: FieldFault[],
    /** The whole problem, for what only some of them hold. */
    readonly more: Readonly<Record<string, unknown>>,
  ) {
    super(detail || code || String(status));
  }

  /** The same call may work in a moment. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Server paths are `client.email` or `/client/email`; a form knows its field by the last part. */
export function faultsByField(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!(error instanceof Refusal)) return found;
  for (const { path, message } of error.faults) {
    const name = path.split(/[./]/).findLast((part) => !/^\d*$/.test(part));
    if (name && !(name in found)) found[name] = message;
  }
  return found;
}
