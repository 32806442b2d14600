/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One thing that waits: what it is, of whom, since when, and its buttons. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  CalendarClock,
  CalendarX2,
  CircleAlert,
  ClipboardList,
  Clock,
  Hourglass,
  type LucideIcon,
  MailX,
  MessageSquare,
  PackageOpen,
  Phone,
  Star,
  TreePalm,
  Zap,
} from 'lucide-react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { jobName } from '../../words/jobs';
import { words } from '../../words/today';
import type { Acting } from './acting';
import { type Waiting, gatesQuery, keyOf } from './data';
import { type Deed, deedsOf } from './deeds';
import { ATTENTION, useGoing } from './focus';
import { span, when } from './when';

const ICONS: Record<string, LucideIcon> = {
  unconfirmed: CalendarClock,
  unmarked: Clock,
  staff_inactive: CalendarX2,
  staff_off: CalendarX2,
  closed: CalendarX2,
  outside_hours: CalendarX2,
  gate_unmet: Hourglass,
  form_overdue: ClipboardList,
  form_pending: ClipboardList,
  not_told: MailX,
  failed_email: MailX,
  short_stock: PackageOpen,
  low_stock: PackageOpen,
  time_off_request: TreePalm,
  unanswered: MessageSquare,
  low_rating: Star,
  parked_job: Zap,
};

const CLASHES = ['staff_inactive', 'staff_off', 'closed', 'outside_hours'];

/** Of whom or what it is. */
function titleOf(of: Waiting): string {
  if (of.code === 'parked_job') return jobName(of.kind);
  if (of.code === 'time_off_request') return of.staff_name ?? '';
  if (of.code === 'failed_email' || of.code.endsWith('_stock')) return of.name ?? '';
  return of.client_name ?? '';
}

const visitLine = (of: Waiting): string =>
  [of.start && when(of.start), of.services, of.staff_name].filter(Boolean).join(' · ');

/** What there is to know about it, a line each. */
function linesOf(of: Waiting): string[] {
  switch (of.code) {
    case 'short_stock':
      return [words.stockLine(of.available ?? 0, of.unit ?? '', of.reorder_point ?? 0), words.stops(of.services ?? '')];
    case 'low_stock':
      return [words.stockLine(of.available ?? 0, of.unit ?? '', of.reorder_point ?? 0)];
    case 'not_told':
      return [
        [of.name && words.letter(of.name), of.start && words.visitAt(when(of.start))].filter(Boolean).join(' · '),
        of.detail ?? '',
      ];
    case 'failed_email':
      return [words.to(of.client_name ?? ''), of.detail ?? ''];
    case 'unanswered':
      return [of.at ? words.wroteAt(when(of.at)) : '', of.detail ?? ''];
    case 'low_rating':
      return [
        [of.staff_name, of.at && when(of.at)].filter(Boolean).join(' · '),
        of.detail ?? '',
      ];
    case 'time_off_request':
      return [of.start && of.end ? span(of.start, of.end) : '', of.detail ?? ''];
    case 'parked_job':
      return [
        [of.client_name, of.at && words.gaveUpAt(when(of.at))].filter(Boolean).join(' · '),
        of.detail ?? '',
      ];
    case 'form_overdue':
    case 'form_pending':
      return [[of.name, of.start && words.visitAt(when(of.start))].filter(Boolean).join(' · ')];
    default:
      return [visitLine(of), ...(CLASHES.includes(of.code) && of.minutes ? [words.minutesOut(of.minutes)] : [])];
  }
}

export function WaitingRow({ of, act }: { of: Waiting; act: Acting['act'] }) {
  const row = useGoing(ATTENTION);
  const Icon = ICONS[of.code] ?? CircleAlert;
  const title = titleOf(of);
  const [first = '', ...more] = linesOf(of);
  const about = first && of.start ? `${title}, ${when(of.start)}` : title;

  return (
    <li className="wait" data-code={of.code} data-severity={of.severity} ref={row}>
      <span className="wait-icon">
        <Icon size={19} strokeWidth={1.9} aria-hidden="true" />
      </span>
      <div className="wait-text">
        <p className="wait-head">
          <strong>{title}</strong>
          {of.stars !== undefined && <Stars count={of.stars} />}
          <span className="chip" data-tone={TONES[of.severity]}>
            {words.codes[of.code] ?? of.message}
          </span>
        </p>
        {first && <p className="soft">{first}</p>}
        {more.filter(Boolean).map((line) => (
          <p key={line} className="wait-more">
            {line}
          </p>
        ))}
        {of.code === 'gate_unmet' && <Gates id={of.id} />}
        {of.client_phone && CALLED.has(of.code) && <Call number={of.client_phone} />}
      </div>
      <div className="wait-actions">
        {deedsOf(of).map((deed) => (
          <DeedButton key={deed.label} deed={deed} about={about} run={() => act(keyOf(of), about, deed)} />
        ))}
        <Way of={of} about={about} />
      </div>
    </li>
  );
}

const TONES = { urgent: 'bad', warning: 'warn', info: '' } as const;
/** Where a call is the next step. */
const CALLED = new Set(['not_told', 'gate_unmet', 'low_rating', ...CLASHES]);

export function DeedButton({ deed, about, run }: { deed: Deed; about: string; run: () => void }) {
  return (
    <Button
      size="compact-sm"
      variant={deed.isFirst ? 'light' : 'default'}
      aria-label={`${deed.label}: ${about}`}
      onKeyDown={withoutRepeat}
      /* The second half of a double click falls on the row that has moved up, which nobody meant. */
      onClick={(event: MouseEvent) => {
        if (event.detail < 2) run();
      }}
    >
      {deed.label}
    </Button>
  );
}

/** A key that is held down would go through the whole list. */
function withoutRepeat(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}

/** Where it is mended that takes more than a click. */
function Way({ of, about }: { of: Waiting; about: string }) {
  if (CLASHES.includes(of.code))
    return (
      <ToVisit id={of.id} label={words.move} about={about} isFirst />
    );
  if (of.code === 'gate_unmet') return <ToVisit id={of.id} label={words.open} about={about} />;
  if (of.code === 'unanswered')
    return (
      <WayLink about={about} label={words.answer} isFirst>
        {(props) => <Link {...props} to="/app/inbox/$id" params={{ id: of.id }} />}
      </WayLink>
    );
  if (of.code.endsWith('_stock')) return <ToItem id={of.id} about={about} isFirst={of.code === 'short_stock'} />;
  if (of.code === 'low_rating' && of.client_id) {
    const id = of.client_id;
    return (
      <WayLink about={about} label={words.client}>
        {(props) => <Link {...props} to="/app/clients/$id" params={{ id }} />}
      </WayLink>
    );
  }
  return null;
}

type LinkProps = Record<string, unknown> & { className?: string };

function WayLink(props: { about: string; label: string; isFirst?: boolean; children: (props: LinkProps) => ReactNode }) {
  const { about, label, isFirst, children } = props;
  return (
    <Button
      size="compact-sm"
      variant={isFirst ? 'light' : 'default'}
      aria-label={`${label}: ${about}`}
      renderRoot={children}
    >
      {label}
    </Button>
  );
}

export function ToVisit({ id, label, about, isFirst = false }: { id: string; label: string; about: string; isFirst?: boolean }) {
  return (
    <WayLink about={about} label={label} isFirst={isFirst}>
      {(props) => <Link {...props} to="." search={(old) => ({ ...old, visit: id })} />}
    </WayLink>
  );
}

export function ToItem({ id, about, isFirst = false }: { id: string; about: string; isFirst?: boolean }) {
  return (
    <WayLink about={about} label={words.receive} isFirst={isFirst}>
      {(props) => <Link {...props} to="/app/inventory/$id" params={{ id }} search={{ do: 'receive' }} />}
    </WayLink>
  );
}

export function Call({ number }: { number: string }) {
  return (
    <a className="call" href={`tel:${number.replaceAll(/[^\d+]/g, '')}`}>
      <Phone size={14} aria-hidden="true" />
      {words.call(number)}
    </a>
  );
}

const MOST_STARS = 5;

function Stars({ count }: { count: number }) {
  return (
    <span className="stars" role="img" aria-label={words.stars(count)}>
      {'★'.repeat(count)}
      {'☆'.repeat(MOST_STARS - count)}
    </span>
  );
}

/** What has to come first, in the server's words, and where it is booked. */
function Gates({ id }: { id: string }) {
  const { data } = useQuery(gatesQuery(id));
  const unmet = data?.data.filter(({ ok }) => !ok) ?? [];
  return unmet.map((gate) => (
    <p key={`${gate.kind} ${gate.service_id ?? gate.form_id ?? ''}`} className="wait-more">
      {gate.why} {gate.book_url && <a href={gate.book_url}>{words.bookFirst(gate.name)}</a>}
    </p>
  ));
}
