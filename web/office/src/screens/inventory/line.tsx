/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One item of a stocktake: a big field, and after counting what it differs by. */
import { CloseButton, TextInput } from '@mantine/core';
import { Check, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { StocktakeLine } from '../../kit/contract';
import { keep, kept } from '../../kit/kept';
import { money } from '../../kit/time';
import { words } from '../../words/inventory';
import { difference, parse, typed } from './amount';

/** The unit has the room that it needs, and the number all the rest. */
const UNIT_LETTER_REM = 0.5;

interface LineProps {
  take: string;
  line: StocktakeLine;
  isOpen: boolean;
  put: (itemId: string, counted: number | null) => void;
  next: () => void;
}

export function Line({ take, line, isOpen, put, next }: LineProps) {
  const { name, sku, category, unit, counted } = line;
  const more = [sku, category].filter(Boolean).join(' · ');
  return (
    <li className="count-line" data-counted={counted !== null || undefined}>
      <div className="count-name">
        <b>{name}</b>
        {more && <small>{more}</small>}
        <Found line={line} />
      </div>
      {isOpen ? (
        <Field take={take} line={line} put={put} next={next} />
      ) : (
        <span className="count-was">{counted === null ? '–' : `${typed(counted)} ${unit}`}</span>
      )}
    </li>
  );
}

function Field({ take, line, put, next }: Omit<LineProps, 'isOpen'>) {
  const { item_id: id, name, unit, counted } = line;
  const draftName = `stocktake-typed:${take}:${id}`;
  /* Half a number survives a reload, too; null: the field shows what was counted. */
  const [text, setText] = useState<string | null>(() => kept(draftName) || null);
  const [isWrong, setWrong] = useState(false);
  const type = (value: string | null): void => {
    setText(value);
    setWrong(false);
    keep(draftName, value ?? '');
  };
  const settle = (): boolean => {
    if (text === null || !text.trim()) {
      type(null);
      return true;
    }
    const value = parse(text);
    if (value === null || value < 0) {
      setWrong(true);
      return false;
    }
    if (value !== counted) put(id, value);
    type(null);
    return true;
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Escape' && text !== null) {
      event.preventDefault();
      type(null);
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (settle()) next();
  };
  return (
    <TextInput
      className="count-field"
      data-line={id}
      aria-label={words.countOf(name, unit)}
      inputMode="decimal"
      enterKeyHint="next"
      autoComplete="off"
      value={text ?? (counted === null ? '' : typed(counted))}
      error={isWrong ? words.numberWrong : null}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={press}
      rightSectionWidth={`${unit.length * UNIT_LETTER_REM + (counted === null ? 1 : 2.25)}rem`}
      rightSection={
        <span className="count-unit">
          {unit}
          {counted !== null && (
            <CloseButton size="sm" aria-label={words.takeBack(name)} onClick={() => put(id, null)} />
          )}
        </span>
      }
    />
  );
}

function Found({ line: { counted, variance, value, unit, overtaken } }: { line: StocktakeLine }) {
  if (overtaken) return <span className="found">{words.overtaken}</span>;
  if (counted === null || variance === null) return null;
  if (variance === 0) {
    return (
      <span className="found" data-tone="good">
        <Check size={15} aria-hidden="true" />
        {words.fits}
      </span>
    );
  }
  const by = difference(variance, unit);
  return (
    <span className="found" data-tone="warn">
      <TriangleAlert size={15} aria-hidden="true" />
      {value === null ? words.variance(by) : words.varianceWorth(by, money(value))}
    </span>
  );
}
