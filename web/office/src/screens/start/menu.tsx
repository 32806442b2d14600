/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A first menu by trade: what is offered is ticked, and looked over in its minutes and prices. */
import { Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { session } from '../../shell/session';
import { words } from '../../words/start';
import { servicesQuery, staffQuery, useReread } from './data';
import { type Offer, TRADES, type Trade, firstPrice, menuOf } from './menus';

interface Line extends Offer {
  isIn: boolean;
  price: number;
  key: string;
}

const linesOf = (trade: Trade, currency: string): Line[] =>
  menuOf(trade).map((offer) => ({
    name: offer.name,
    category: offer.category,
    duration_min: offer.duration_min,
    euros: offer.euros,
    segments: offer.segments,
    isIn: true,
    price: firstPrice(offer.euros, currency),
    key: newKey(),
  }));

export function Menu({ workspace, done }: { workspace: Workspace; done: () => void }) {
  const { currency } = workspace;
  const [trade, setTrade] = useState<Trade | ''>('');
  const [lines, setLines] = useState<Line[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const made = useRef(new Set<string>());
  const { data: have } = useQuery(servicesQuery);
  const { data: staff } = useQuery(staffQuery);
  const reread = useReread();
  const toast = useToast();
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const unit = 10 ** digits;
  const self = staff?.find(({ email }) => email === session.user.email);
  const chosen = lines.filter((each) => each.isIn);
  const edit = (key: string, part: Partial<Line>): void =>
    setLines((all) => all.map((each) => (each.key === key ? Object.assign({}, each, part) : each)));

  /* One after another: what is made once is not made again when the rest is tried again. */
  const send = async (): Promise<void> => {
    for (const { key, name, category, duration_min: minutes, segments, price } of chosen) {
      if (made.current.has(key)) continue;
      const body = {
        name,
        category,
        duration_min: minutes,
        price,
        active: true,
        ...(segments && sum(segments) === minutes ? { segments } : {}),
        ...(self ? { staff_ids: [self.id] } : {}),
      };
      // oxlint-disable-next-line no-await-in-loop -- in the order of the menu
      await ask(api.POST('/api/v1/services', { params: { header: { 'Idempotency-Key': key } }, body }));
      made.current.add(key);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy || chosen.length === 0) return;
    setBusy(true);
    setError(null);
    send()
      .then(() => {
        toast.say(words.menuMade(chosen.length));
        done();
      }, setError)
      .finally(() => {
        setBusy(false);
        reread();
      });
  };
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {have && have.length > 0 && (
        <p className="start-have">
          {words.menuHave(have.length)} <Link to="/app/services">{words.menuLook}</Link>
        </p>
      )}
      {error !== null && <Alarm>{problemText(error)}</Alarm>}
      <NativeSelect
        className="start-trade"
        label={words.trade}
        value={trade}
        onChange={(event) => {
          const next = TRADES.find((each) => each === event.currentTarget.value);
          setTrade(next ?? '');
          setLines(next ? linesOf(next, currency) : []);
        }}
        data={[
          { value: '', label: words.tradeChoose },
          ...TRADES.map((value) => ({ value, label: words.trades[value] })),
        ]}
      />
      {lines.length > 0 && (
        <ul className="start-menu" aria-label={words.steps.menu}>
          {lines.map((line) => (
            <li key={line.key}>
              <Checkbox
                label={line.name}
                description={line.category}
                checked={line.isIn}
                onChange={(event) => edit(line.key, { isIn: event.currentTarget.checked })}
              />
              <NumberInput
                aria-label={words.minutesOf(line.name)}
                value={line.duration_min}
                min={5}
                max={720}
                step={5}
                suffix={words.minutesSuffix}
                disabled={!line.isIn}
                onChange={(value) => edit(line.key, { duration_min: Number(value) || line.duration_min })}
              />
              <NumberInput
                aria-label={words.priceOf(line.name)}
                value={line.price / unit}
                min={0}
                decimalScale={digits}
                suffix={` ${currency}`}
                disabled={!line.isIn}
                onChange={(value) => edit(line.key, { price: Math.round(Number(value) * unit) })}
              />
            </li>
          ))}
        </ul>
      )}
      {lines.length > 0 && (
        <Act type="submit" className="start" busy={isBusy} disabled={chosen.length === 0}>
          {words.menuAdd(chosen.length)}
        </Act>
      )}
    </form>
  );
}

const sum = (segments: { minutes: number }[]): number => segments.reduce((all, { minutes }) => all + minutes, 0);
