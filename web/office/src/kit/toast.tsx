/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What has just happened, at the foot of the page, with the way back where there is one. Failures
 * stay until they are closed.
 */
import { Button, CloseButton } from '@mantine/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { words } from '../words/kit';
import { problemText } from './problem';

interface Note {
  id: number;
  text: string;
  isFailure: boolean;
  undo?: () => void;
  other?: ToastAction;
}

/** A further thing that can be done about it, before the way back. */
export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  say: (text: string, undo?: () => void, other?: ToastAction) => void;
  /** An error, or words. */
  fail: (error: unknown) => void;
}

const Context = createContext<Toast>({ say: () => undefined, fail: () => undefined });

export const useToast = (): Toast => useContext(Context);

const SHORT_MS = 5_000;
const LONG_MS = 12_000;
const AT_MOST = 3;
let lastId = 0;

export function ToastHost({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([]);
  const add = useCallback((note: Omit<Note, 'id'>) => {
    lastId += 1;
    const id = lastId;
    setNotes((have) => [...have, { ...note, id }].slice(-AT_MOST));
  }, []);
  const drop = useCallback((id: number) => setNotes((have) => have.filter((each) => each.id !== id)), []);
  const toast = useMemo<Toast>(
    () => ({
      say: (text, undo, other) =>
        add({ text, isFailure: false, ...(undo ? { undo } : {}), ...(other ? { other } : {}) }),
      fail: (error) =>
        add({ text: typeof error === 'string' ? error : problemText(error), isFailure: true }),
    }),
    [add],
  );
  return (
    <Context.Provider value={toast}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {notes.map((note) => (
          <One key={note.id} note={note} drop={drop} />
        ))}
      </div>
    </Context.Provider>
  );
}

function One({ note, drop }: { note: Note; drop: (id: number) => void }) {
  const { id, text, isFailure, undo, other } = note;
  useEffect(() => {
    if (isFailure) return;
    const timer = setTimeout(() => drop(id), undo ? LONG_MS : SHORT_MS);
    return () => clearTimeout(timer);
  }, [id, isFailure, undo, drop]);
  const Icon = isFailure ? CircleAlert : CircleCheck;
  /* The focus goes back to what stands open, or to the page, and not to nowhere. */
  const close = (): void => {
    const open = document.querySelector<HTMLElement>('[role="dialog"]');
    (open ?? document.getElementById('content'))?.focus({ preventScroll: true });
    drop(id);
  };
  return (
    <div className="toast" data-bad={isFailure || undefined}>
      <Icon size={18} aria-hidden="true" />
      <span>{text}</span>
      {other && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            close();
            other.run();
          }}
        >
          {other.label}
        </Button>
      )}
      {undo && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            close();
            undo();
          }}
        >
          {words.undo}
        </Button>
      )}
      <CloseButton aria-label={words.close} onClick={close} />
    </div>
  );
}
