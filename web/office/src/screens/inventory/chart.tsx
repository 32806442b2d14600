/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The stock over time as a stair, with the mark under which one reorders; and the same as a table. */
import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { ChartLine, Table } from 'lucide-react';
import { Failed, Waiting } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { words } from '../../words/inventory';
import { amount, number, round } from './amount';
import { type ItemFull, levelsQuery } from './data';
import { localDate } from './local_date';

type Day = { date: string; on_hand: number; reserved: number };

const SPANS = ['30', '90', '365'] as const;

function finding(days: Day[], unit: string): string {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last || days.length < 3) return words.chartFinding.fresh;
  const change = round(last.on_hand - first.on_hand);
  if (change === 0) return words.chartFinding.same(days.length - 1);
  const how = change < 0 ? words.chartFinding.down : words.chartFinding.up;
  return how(amount(Math.abs(change), unit), days.length - 1);
}

export function Chart({ item }: { item: ItemFull }) {
  const search = useSearch({ from: '/app/inventory/$id' });
  const span = SPANS.find((each) => each === search.days) ?? '90';
  const isTable = search.as === 'table';
  const read = useQuery({ ...levelsQuery(item.id, Number(span)), placeholderData: keepPreviousData });
  const days = read.data ?? [];
  return (
    <section className="panel" aria-labelledby="chart-title">
      <div className="stock-chart-head">
        <div>
          <h2 id="chart-title">{read.data ? finding(days, item.unit) : words.chart}</h2>
          <p className="soft small">{words.chart}</p>
        </div>
        <nav aria-label={words.span}>
          <ul className="row">
            {SPANS.map((each) => (
              <li key={each}>
                <Link
                  to="."
                  search={(last) => ({ ...last, days: each === '90' ? undefined : each })}
                  resetScroll={false}
                  replace
                  activeOptions={EXACT}
                  className="filter"
                  aria-current={each === span ? 'true' : undefined}
                >
                  {words.spans[each]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      {read.isPending && <Waiting rows={1} height={180} />}
      {read.isError && !read.data && <Failed error={read.error} retry={() => void read.refetch()} />}
      {read.data && (isTable ? <AsTable days={days} unit={item.unit} /> : <Drawing days={days} item={item} />)}
      <Button
        renderRoot={(props) => (
          <Link
            to="."
            search={(last) => ({ ...last, as: isTable ? undefined : 'table' })}
            resetScroll={false}
            replace
            {...props}
          />
        )}
        variant="subtle"
        size="compact-sm"
        className="stock-chart-switch"
        leftSection={isTable ? <ChartLine size={15} aria-hidden="true" /> : <Table size={15} aria-hidden="true" />}
      >
        {isTable ? words.asChart : words.asTable}
      </Button>
    </section>
  );
}

const WIDTH = 640;
const HEIGHT = 180;

/** A stair: what is on the shelf stays the same until something moves. */
function stair(values: number[], top: number): string {
  const step = WIDTH / Math.max(values.length, 1);
  const y = (value: number): string => (HEIGHT - (value / top) * HEIGHT).toFixed(1);
  return values
    .map((value, at) => `${at === 0 ? 'M0' : 'H'}${at === 0 ? `,${y(value)}` : (at * step).toFixed(1)}V${y(value)}`)
    .concat(`H${WIDTH}`)
    .join('');
}

/** A round number a little above all. */
function roundTop(most: number): number {
  const step = 10 ** Math.floor(Math.log10(most));
  const times = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * step >= most * 1.04) ?? 12;
  return round(times * step);
}

function Drawing({ days, item }: { days: Day[]; item: ItemFull }) {
  const mark = item.reorder_point;
  const most = Math.max(...days.map((day) => day.on_hand), mark, 0);
  const top = most > 0 ? roundTop(most) : 1;
  const line = stair(days.map((day) => day.on_hand), top);
  const held = stair(days.map((day) => day.reserved), top);
  const markY = HEIGHT - (mark / top) * HEIGHT;
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure className="stock-chart">
      <span className="stock-chart-top" aria-hidden="true">
        {number(top)}
      </span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={finding(days, item.unit)}>
        <path className="stock-chart-area" d={`${line}V${HEIGHT}H0Z`} />
        <path className="stock-chart-held" d={`${held}V${HEIGHT}H0Z`} />
        <path className="stock-chart-line" d={line} />
        {mark > 0 && <line className="stock-chart-mark" x1="0" x2={WIDTH} y1={markY} y2={markY} />}
      </svg>
      <p className="stock-chart-days" aria-hidden="true">
        <span>{first && localDate(first.date)}</span>
        <span>{last && localDate(last.date)}</span>
      </p>
      <figcaption className="stock-chart-legend">
        <span data-of="line">{words.legend.onHand}</span>
        <span data-of="held">{words.legend.reserved}</span>
        {mark > 0 && <span data-of="mark">{words.legend.reorder}</span>}
      </figcaption>
    </figure>
  );
}

function AsTable({ days, unit }: { days: Day[]; unit: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keyboard
    <div className="stock-chart-table" role="region" aria-label={words.chart} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col">{words.legend.onHand}</th>
            <th scope="col">{words.legend.reserved}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.date}>
              <th scope="row">{localDate(day.date)}</th>
              <td>{amount(day.on_hand, unit)}</td>
              <td>{amount(day.reserved, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
