/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { describe, expect, test } from 'vitest';
import { answersOf, check, draftOf, firstFilling } from '../src/form/filling';
import { shownFields } from '../src/form/shown';
import { drawn, pathOf, pointOf, thinned } from '../src/form/stroke';
import type { FormField } from '../src/kit/contract';

const field = (key: string, type: FormField['type'], more: Partial<FormField> = {}): FormField => ({
  key,
  type,
  label: key,
  help: '',
  options: [],
  required: false,
  ...more,
});
const when = (key: string, is: 'answered' | 'equals' | 'includes', value?: string) => ({
  show_if: { key, is, ...(value !== undefined && { value }) },
});
const keysOf = (fields: FormField[], filling: Record<string, unknown>): string[] =>
  shownFields(fields, firstFilling(fields, {}, filling)).map(({ key }) => key);

describe('what is on show', () => {
  test.each([
    ['text', 'answered', undefined, 'x', ' '],
    ['text', 'equals', 'x', ' x ', 'y'],
    ['date', 'equals', '1990-02-28', '1990-02-28', ''],
    ['number', 'equals', '61.5', '61,50', '61'],
    ['number', 'equals', '0', '0', ''],
    ['consent', 'answered', undefined, true, false],
    ['consent', 'equals', 'false', false, true],
    ['consent', 'equals', 'true', true, false],
    ['several', 'includes', 'a', ['a', 'b'], ['b']],
    ['several', 'answered', undefined, ['a'], []],
    ['signature', 'answered', undefined, { name: 'Cleo', drawing: null }, ''],
  ] as const)('%s %s %s follows its answer', (type, is, value, met, unmet) => {
    const fields = [field('a', type), field('b', 'text', when('a', is, value))];
    expect(keysOf(fields, { a: met })).toEqual(['a', 'b']);
    expect(keysOf(fields, { a: unmet })).toEqual(['a']);
  });

  test('what is hidden counts as not answered and meets no condition', () => {
    const fields = [
      field('a', 'text'),
      field('b', 'consent', when('a', 'answered')),
      field('c', 'text', when('b', 'equals', 'false')),
    ];
    expect(keysOf(fields, { a: '', b: false })).toEqual(['a']);
    expect(keysOf(fields, { a: 'x', b: false })).toEqual(['a', 'b', 'c']);
  });

  test('a hidden section hides what follows it, up to the next', () => {
    const fields = [
      field('a', 'text'),
      field('s', 'section', when('a', 'answered')),
      field('b', 'text', { required: true }),
      field('t', 'section'),
      field('c', 'text'),
    ];
    expect(keysOf(fields, {})).toEqual(['a', 't', 'c']);
    expect(keysOf(fields, { a: 'x' })).toEqual(['a', 's', 'b', 't', 'c']);
    expect(check(fields, firstFilling(fields, {}, {}))).toEqual({});
    const typed = firstFilling(fields, {}, { b: 'kept' });
    expect(answersOf(fields, typed)).toEqual({});
    expect(draftOf(fields, typed)).toEqual({ a: '', b: 'kept', c: '' });
  });
});

describe('what is sent', () => {
  test('bounds of a number are told in words', () => {
    const fields = [field('n', 'number', { min: 1, max: 3 })];
    expect(check(fields, { n: '0,5' }).n).toMatch(/1 or more/);
    expect(check(fields, { n: '4' }).n).toMatch(/3 or less/);
    expect(check(fields, { n: '3' })).toEqual({});
  });

  test('a signature is its name, with the drawing where there is one', () => {
    const fields = [field('s', 'signature', { required: true })];
    const drawing = drawn(null, [1, 1, 9, 9]);
    expect(answersOf(fields, { s: { name: ' Cleo ', drawing: null } })).toEqual({ s: 'Cleo' });
    expect(answersOf(fields, { s: { name: 'Cleo', drawing } })).toEqual({
      s: { name: 'Cleo', drawing },
    });
    expect(check(fields, { s: { name: '', drawing } }).s).toBeTruthy();
  });
});

describe('a drawn line', () => {
  test('keeps its shape with few points', () => {
    const straight = Array.from({ length: 50 }, (_, i) => [i * 4, 100]).flat();
    expect(thinned(straight)).toEqual([0, 100, 196, 100]);
    const corner = [0, 0, 50, 0, 100, 0, 100, 50, 100, 100];
    expect(thinned(corner)).toEqual([0, 0, 100, 0, 100, 100]);
    expect(thinned([5, 5])).toEqual([5, 5]);
    expect(thinned([0, 0, 50, 50, 0, 0])).toEqual([0, 0, 50, 50, 0, 0]);
  });

  test('is whole numbers within its space, wherever the pointer goes', () => {
    const box = { left: 10, top: 20, width: 288, height: 115.2 };
    expect(pointOf(box, 154, 77.6)).toEqual([300, 120]);
    expect(pointOf(box, -50, 900)).toEqual([0, 240]);
  });

  test('never is more than the server takes: a long one comes in pieces that touch', () => {
    const zigzag = Array.from({ length: 600 }, (_, i) => [i, i % 2 ? 0 : 200]).flat();
    const drawing = drawn(null, zigzag);
    expect(drawing?.strokes.map((stroke) => stroke.length / 2)).toEqual([250, 250, 102]);
    expect(drawing?.strokes[1]?.slice(0, 2)).toEqual(drawing?.strokes[0]?.slice(-2));
    const full = drawn(drawn(drawing, zigzag), zigzag);
    expect(full).toBeNull();
  });

  test('is drawn as one path, a tap as a dot', () => {
    expect(pathOf([[1, 2, 3, 4], [5, 6]])).toBe('M1 2L3 4M5 6h.01');
  });
});
