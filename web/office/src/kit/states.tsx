/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands where nothing is yet, where it failed, and where there is nothing. */
import { Button, Skeleton } from '@mantine/core';
import { CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { words } from '../words/kit';
import { problemText } from './problem';

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  text?: string;
  action?: ReactNode;
}

export function Empty({ icon: Icon, title, text, action }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon size={26} strokeWidth={1.7} aria-hidden="true" />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action && <div className="state-action">{action}</div>}
    </div>
  );
}

export function Failed({ error, retry, title = words.notLoaded }: { error: unknown; retry: () => void; title?: string }) {
  return (
    <div className="state" role="alert">
      <span className="state-icon" data-bad>
        <CircleAlert size={26} strokeWidth={1.7} aria-hidden="true" />
      </span>
      <p className="state-title">{title}</p>
      <p>{problemText(error)}</p>
      <div className="state-action">
        <Button variant="default" onClick={retry}>
          {words.tryAgain}
        </Button>
      </div>
    </div>
  );
}

/** Rows of the height of what will stand there; not to be seen where the answer is quick. */
export function Waiting({ rows = 6, height = 56 }: { rows?: number; height?: number }) {
  return (
    <div className="waiting" aria-busy="true">
      <span className="unseen">{words.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </div>
  );
}

/** A failure beside what was to be done. */
export function Alarm({ children }: { children: ReactNode }) {
  return (
    <div className="alarm" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}
