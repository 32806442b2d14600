/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A screen's heading, which takes the focus when one comes to it from another screen. */
import { type ReactNode, useEffect, useRef } from 'react';
import { session } from '../shell/session';

let isFirst = true;

interface HeadProps {
  title: string;
  /** Beside the title: how many, which state. */
  note?: ReactNode;
  /** Over the title: the way back. */
  back?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ title, note, back, actions }: HeadProps) {
  const heading = useArrival<HTMLHeadingElement>(title);
  return (
    <header className="page-head">
      {back && <div className="page-back">{back}</div>}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {note && <div className="page-note">{note}</div>}
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}

/** Where a screen cannot say yet, or no more, of what it is: heard and not seen. */
export function QuietHead({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · ${session.workspace.name}`;
  }, [title]);
  return <h1 className="unseen">{title}</h1>;
}

/** The title of the window, and the focus on what tells where one has come to. */
export function useArrival<E extends HTMLElement>(title: string) {
  const heading = useRef<E>(null);
  useEffect(() => {
    document.title = `${title} · ${session.workspace.name}`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}
