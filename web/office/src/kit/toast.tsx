/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What has just happened, at the foot of the page, with the way back where there is one, which Ctrl+Z
 * takes, too. Failures stay until they are closed.
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

/** The way back from the change just made, as long as it is said. */
let back: (() => void) | undefined;

/** For a change whose word comes after it, or that has a way back of its own. */
export function justChanged(undo?: () => void): void {
  back = undo;
}

const isUndo = ({ ctrlKey, metaKey, shiftKey, key, target }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) &&
  !shiftKey &&
  key.toLowerCase() === 'z' &&
  !(target instanceof Element && target.closest('input, textarea, select, [contenteditable]'));

/** The focus goes back to what stands open, or to the page, and not to nowhere. */
function leave(): void {
  const open = document.querySelector<HTMLElement>('[role="dialog"]');
  (open ?? document.getElementById('content'))?.focus({ preventScroll: true });
}

export function ToastHost({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([]);
  const add = useCallback((note: Omit<Note, 'id'>) => {
    lastId += 1;
    const id = lastId;
    setNotes((have) => [...have, { ...note, id }].slice(-AT_MOST));
  }, []);
  const drop = useCallback((id: number) => setNotes((have) => have.filter((each) => each.id !== id)), []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const undo = back;
      if (!undo || event.defaultPrevented || !isUndo(event)) return;
      event.preventDefault();
      if (document.activeElement?.closest('.toast')) leave();
      back = undefined;
      setNotes((have) => have.filter((each) => each.undo !== undo));
      undo();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  const toast = useMemo<Toast>(
    () => ({
      say: (text, undo, other) => {
        if (undo) justChanged(undo);
        add({ text, isFailure: false, ...(undo ? { undo } : {}), ...(other ? { other } : {}) });
      },
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
  useEffect(
    () => () => {
      if (back === undo) back = undefined;
    },
    [undo],
  );
  const Icon = isFailure ? CircleAlert : CircleCheck;
  const close = (): void => {
    leave();
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
