/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Receive, count, throw away, adjust: one dialog, of one item or of one that is chosen in it. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Item } from '../../kit/contract';
import { Dialog } from '../../kit/dialog';
import { Failed, Waiting } from '../../kit/states';
import { money } from '../../kit/time';
import { words } from '../../words/inventory';
import { words as kit } from '../../words/kit';
import { amount, number, parse, parseCost } from './amount';
import { type HandKind, choicesQuery, itemQuery } from './data';
import { type Move, after, useMove } from './moving';

interface DialogProps {
  kind: HandKind;
  /** The item's id; without one it is chosen here. */
  id: string | undefined;
  close: () => void;
}

export default function MoveDialog({ kind, id, close }: DialogProps) {
  const [chosen, setChosen] = useState('');
  const of = id ?? chosen;
  const read = useQuery({ ...itemQuery(of), enabled: of !== '' });
  const title = read.data ? words.moveTitle[kind](read.data.name) : words.moveSome[kind];
  return (
    <Dialog onClose={close} title={title}>
      <div className="stack">
        {!id && <Choose value={chosen} onChange={setChosen} />}
        {of !== '' && read.isPending && <Waiting rows={2} height={44} />}
        {read.isError && !read.data && <Failed error={read.error} retry={() => void read.refetch()} />}
        {read.data && <Fields key={read.data.id} item={read.data} kind={kind} close={close} />}
      </div>
    </Dialog>
  );
}

function Choose({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data = [] } = useQuery(choicesQuery);
  return (
    <NativeSelect
      data-autofocus
      label={words.whichItem}
      value={value}
      data={[{ value: '', label: words.chooseItem }, ...data.map((each) => ({ value: each.id, label: each.name }))]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const LABEL = {
  receive: words.amountIn,
  waste: words.amountIn,
  count: words.countedIn,
  adjust: words.differenceIn,
} as const;

function faultOf(item: Item, kind: HandKind, value: number | null, packs: boolean): string | null {
  if (value === null || (kind === 'adjust' && value === 0)) return words.needsAmount;
  if (packs && !Number.isInteger(value)) return words.needsAmount;
  if (kind === 'count' ? value < 0 : kind !== 'adjust' && value <= 0) return words.needsMore;
  const then = after({ item, kind, ...(packs ? { packs: value } : { quantity: value }) });
  return then < item.reserved ? words.tooLittle(amount(item.reserved, item.unit)) : null;
}

function Fields({ item, kind, close }: { item: Item; kind: HandKind; close: () => void }) {
  const pack = kind === 'receive' ? item.pack : null;
  const [inPacks, setInPacks] = useState(pack !== null);
  const [typed, setTyped] = useState('');
  const [cost, setCost] = useState('');
  const [reason, setReason] = useState('');
  const [isTold, setTold] = useState(false);
  const move = useMove();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  /* The item comes after the dialog, and the number is what one has come for. */
  useEffect(() => field.current?.focus(), []);
  const value = parse(typed);
  const fault = faultOf(item, kind, value, inPacks);
  const costIsWrong = cost.trim() !== '' && parseCost(cost) === null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTold(true);
    if (fault !== null || value === null || costIsWrong) {
      event.currentTarget.querySelector<HTMLInputElement>(costIsWrong && fault === null ? '[data-cost]' : '[data-amount]')?.focus();
      return;
    }
    const unitCost = cost.trim() ? parseCost(cost) : null;
    const wanted: Move = {
      item,
      kind,
      reason: reason.trim(),
      ...(inPacks ? { packs: value } : { quantity: value }),
      ...(unitCost === null ? {} : { unit_cost: unitCost }),
    };
    move(wanted);
    close();
  };
  const then = fault === null && value !== null ? after({ item, kind, ...(inPacks ? { packs: value } : { quantity: value }) }) : null;
  const suggested = kind === 'waste' || kind === 'adjust' ? words.reasons[kind] : [];
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {pack && (
        <NativeSelect
          label={words.howDelivered}
          value={inPacks ? 'packs' : 'units'}
          data={[
            { value: 'packs', label: words.inPacks(pack.name) },
            { value: 'units', label: words.inUnits(item.unit) },
          ]}
          onChange={(event) => setInPacks(event.currentTarget.value === 'packs')}
        />
      )}
      <TextInput
        ref={field}
        data-autofocus
        data-amount
        className="amount-field"
        label={pack && inPacks ? words.packsOf(pack.name, amount(pack.size, item.unit)) : LABEL[kind](item.unit)}
        description={kind === 'adjust' ? words.differenceHint : undefined}
        inputMode={kind === 'adjust' ? 'text' : 'decimal'}
        autoComplete="off"
        value={typed}
        error={isTold ? fault : null}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {kind === 'receive' && (
        <TextInput
          data-cost
          label={words.costOf(item.unit)}
          description={item.unit_cost === null ? words.costHintNone : words.costHint(money(item.unit_cost))}
          inputMode="decimal"
          autoComplete="off"
          value={cost}
          error={isTold && costIsWrong ? words.numberWrong : null}
          onChange={(event) => setCost(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={words.reason}
        description={words.reasonHint}
        value={reason}
        maxLength={300}
        list={suggested.length > 0 ? listId : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {suggested.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
      <p className="now-then" aria-live="polite">
        {words.nowThen(number(item.on_hand), then === null ? '…' : amount(then, item.unit))}
      </p>
      <div className="row apart">
        <Button variant="default" onClick={close}>
          {kit.cancel}
        </Button>
        <Button type="submit">{words.kinds[kind]}</Button>
      </div>
    </form>
  );
}
