/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One part of a service's page, under its heading. */
import { type ReactNode, useId } from 'react';

export function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint && <p className="soft small part-hint">{hint}</p>}
      <div className="stack">{children}</div>
    </section>
  );
}
