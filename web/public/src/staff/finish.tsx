/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Finishing a visit: what was planned is filled in, and what was really used can be set right. */
import { useState } from 'preact/hooks';
import { Icon } from '../kit/icons';
import { BackLink } from '../kit/link';
import { focusFirst } from '../kit/ui';
import { staff as words } from '../words/staff';
import type { Booking, Material, TestResult } from '../kit/contract';
import { Heading, at, usePortal } from './parts';
import { type Used, queue } from './queue';

const QUANTITY = /^\d{1,9}([.,]\d{1,3})?$/;

/** What is typed as a quantity; null where it is none. */
export function quantityOf(text: string): number | null {
  const trimmed = text.trim();
  return QUANTITY.test(trimmed) ? Number(trimmed.replace(',', '.')) : null;
}

/** A step that fits the amount: a tube by fives, drops by tenths. */
export function stepOf(planned: number): number {
  if (planned >= 20) return 5;
  if (planned < 1) return 0.1;
  return Number.isInteger(planned) ? 1 : 0.5;
}

export function stepped(text: string, by: number): string {
  const next = Math.max(0, (quantityOf(text) ?? 0) + by);
  return String(Math.round(next * 1000) / 1000);
}

const TEST_ID = 'test-result';
const RESULTS: TestResult[] = ['passed', 'failed'];
const idOf = (material: Material): string => `used-${material.item_id}`;

export function Finish({ visit }: { visit: Booking }) {
  const { place } = usePortal();
  const back = { ...at(place), visit: visit.id };
  const [filling, setFilling] = useState<Record<string, string>>(() =>
    Object.fromEntries(visit.materials.map((each) => [each.item_id, String(each.quantity)])),
  );
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [result, setResult] = useState<TestResult | null>(visit.test_result ?? null);

  const finish = (event: Event): void => {
    event.preventDefault();
    const found: Record<string, string> = {};
    const used: Used[] = [];
    for (const each of visit.materials) {
      const quantity = quantityOf(filling[each.item_id] ?? '');
      if (quantity === null) found[idOf(each)] = words.quantityWrong;
      else used.push({ item_id: each.item_id, quantity });
    }
    if (visit.is_test && !result) found[TEST_ID] = words.testMissing;
    setErrors(found);
    if (focusFirst(found, [...visit.materials.map(idOf), TEST_ID])) return;
    queue.add(visit, 'complete', used.length > 0 ? used : null, result);
    place.go(at(place), 'replace');
  };
  const edit = (material: Material, text: string): void => {
    setFilling({ ...filling, [material.item_id]: text });
    setErrors({ ...errors, [idOf(material)]: '' });
  };

  return (
    <>
      <BackLink place={place} to={back} label={visit.client.name} />
      <Heading>{words.finishTitle(visit.client.name)}</Heading>
      <p>{visit.materials.length > 0 ? words.finishHint : words.finishNothing}</p>
      <form noValidate onSubmit={finish}>
        {visit.materials.map((each) => (
          <Quantity
            key={each.item_id}
            material={each}
            text={filling[each.item_id] ?? ''}
            error={errors[idOf(each)] ?? ''}
            onText={(text) => edit(each, text)}
          />
        ))}
        {visit.is_test && (
          <Outcome
            result={result}
            error={errors[TEST_ID]}
            onResult={(next) => {
              setResult(next);
              setErrors({ ...errors, [TEST_ID]: '' });
            }}
          />
        )}
        <button type="submit" class="btn">
          {words.finishVisit}
        </button>
      </form>
    </>
  );
}

interface OutcomeProps {
  result: TestResult | null;
  error: string | undefined;
  onResult: (result: TestResult) => void;
}

/** Of a patch test: what depends on it may follow, or not. */
function Outcome({ result, error, onResult }: OutcomeProps) {
  return (
    <fieldset class="field" aria-describedby={`${TEST_ID}-hint`}>
      <legend>{words.testTitle}</legend>
      {RESULTS.map((each, i) => (
        <label key={each} class="check">
          <input
            type="radio"
            name={TEST_ID}
            id={i === 0 ? TEST_ID : `${TEST_ID}-${i}`}
            checked={result === each}
            onChange={() => onResult(each)}
          />
          {words.test[each]}
        </label>
      ))}
      {error && <p class="error">{error}</p>}
      <p class="hint" id={`${TEST_ID}-hint`}>
        {words.testHint}
      </p>
    </fieldset>
  );
}

interface QuantityProps {
  material: Material;
  text: string;
  error: string;
  onText: (text: string) => void;
}

function Quantity({ material, text, error, onText }: QuantityProps) {
  const id = idOf(material);
  const step = stepOf(material.quantity);
  return (
    <div class="field">
      <label for={id}>
        {material.name} <span class="sub">({material.unit})</span>
      </label>
      <div class="amount">
        <button
          type="button"
          class="btn quiet"
          aria-label={words.less(material.name)}
          onClick={() => onText(stepped(text, -step))}
        >
          <Icon name="minus" />
        </button>
        <input
          id={id}
          name={id}
          inputMode="decimal"
          autoComplete="off"
          maxLength={14}
          value={text}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onInput={(event) => onText(event.currentTarget.value)}
        />
        <button
          type="button"
          class="btn quiet"
          aria-label={words.more(material.name)}
          onClick={() => onText(stepped(text, step))}
        >
          <Icon name="plus" />
        </button>
      </div>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
