/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How tomorrow stands: a score, every cause with its points, and a button for each. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Boxes, ClipboardList, DoorOpen, type LucideIcon, MailX, UserRound, CalendarCheck } from 'lucide-react';
import { useState } from 'react';
import { api, ask, ifMatch } from '../../kit/api';
import { Failed, Waiting } from '../../kit/states';
import { calendarDate, clock } from '../../kit/time';
import { plural } from '../../words/plural';
import { words } from '../../words/today';
import { type Acting, useActing } from './acting';
import { type Cause, type Health, healthQuery } from './data';
import { type Deed, remind, told } from './deeds';
import { HEALTH, useGoing } from './focus';
import { DeedButton, ToItem, ToVisit } from './row';
import { useSteady } from './steady';

const SHOWN = 4;

const ICONS: Record<Cause['group'], LucideIcon> = {
  staff: UserRound,
  room: DoorOpen,
  stock: Boxes,
  forms: ClipboardList,
  messages: MailX,
  visits: CalendarCheck,
};

const keyOf = (of: Cause): string =>
  [of.code, of.booking_id ?? of.item_id ?? '', of.version ?? '', of.resource_id ?? of.submission_id ?? of.email_id ?? ''].join(' ');

export function HealthCard() {
  const { data, error, refetch } = useQuery(healthQuery);
  return (
    <section className="panel health" aria-labelledby={HEALTH}>
      <header className="panel-head">
        <h2 id={HEALTH} tabIndex={-1}>
          {words.health}
        </h2>
        {data && (
          <p className="soft small">{calendarDate(data.date, { weekday: 'long', day: 'numeric', month: 'long' })}</p>
        )}
      </header>
      {data ? <Body health={data} /> : error ? <Failed error={error} retry={() => void refetch()} /> : <Waiting rows={3} height={44} />}
    </section>
  );
}

function Body({ health }: { health: Health }) {
  const { gone, act } = useActing();
  const [isWhole, setWhole] = useState(false);
  const steady = useSteady(health.causes, keyOf);
  const causes = steady.shown.filter((each) => !gone.has(keyOf(each)));
  const shown = isWhole ? causes : causes.slice(0, SHOWN);
  const hidden = causes.length - shown.length;
  const { score, points, visits } = health;
  return (
    <>
      <div className="health-top">
        <Ring score={score} />
        <div>
          <p className="health-word">{visits === 0 ? words.noVisits : score === 100 ? words.wholeScore : words.score(score)}</p>
          <p className="soft small">
            {visits === 0
              ? words.noVisitsText
              : points === 0
                ? words.wellText(visits, plural(visits, words.visitsForms))
                : words.sum(points, score)}
          </p>
          <ul className="health-groups">
            {health.groups.map((each) => {
              const Icon = ICONS[each.group];
              return (
                <li key={each.group} className="chip" data-tone={each.points > 0 ? 'warn' : undefined}>
                  <Icon size={13} aria-hidden="true" />
                  {words.groups[each.group]}
                  {each.points > 0 && <b>−{each.points}</b>}
                </li>
              );
            })}
          </ul>
        </div>
      </div>
      {causes.length > 0 && (
        <ul className="causes" {...steady.hold}>
          {shown.map((each) => (
            <CauseRow key={keyOf(each)} of={each} act={act} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button variant="subtle" className="more" onClick={() => setWhole(true)}>
          {words.showMore(hidden)}
        </Button>
      )}
    </>
  );
}

const RADIUS = 30;
const AROUND = 2 * Math.PI * RADIUS;
const toneOf = (score: number): string => (score >= 90 ? 'good' : score >= 60 ? 'warn' : 'bad');

function Ring({ score }: { score: number }) {
  return (
    <svg className="ring" data-tone={toneOf(score)} viewBox="0 0 72 72" role="img" aria-label={words.scoreOf(score)}>
      <circle cx="36" cy="36" r={RADIUS} className="ring-whole" />
      <circle
        cx="36"
        cy="36"
        r={RADIUS}
        className="ring-part"
        strokeDasharray={`${(score / 100) * AROUND} ${AROUND}`}
        transform="rotate(-90 36 36)"
      />
      <text x="36" y="36" dy="0.36em" textAnchor="middle">
        {score}
      </text>
    </svg>
  );
}

function textOf(of: Cause): string {
  if (of.group === 'stock')
    return words.stockCause(of.needed ?? 0, of.left ?? 0, of.unit ?? '', of.reorder_point ?? 0);
  const visit = [of.start && clock(of.start), of.services, of.staff_name].filter(Boolean).join(' · ');
  return [visit, of.resource_name, of.form_name].filter(Boolean).join(' · ');
}

function CauseRow({ of, act }: { of: Cause; act: Acting['act'] }) {
  const title = of.group === 'stock' ? (of.item_name ?? '') : (of.client_name ?? '');
  const about = of.start ? `${title}, ${clock(of.start)}` : title;
  const row = useGoing(HEALTH);
  return (
    <li className="cause" data-code={of.code} ref={row}>
      <p className="cause-points" aria-label={words.points(of.points)}>
        −{of.points}
      </p>
      <div>
        <p className="cause-head">
          <strong>{title}</strong> <span className="soft">{words.causes[of.code] ?? of.message}</span>
        </p>
        <p className="soft small">
          {textOf(of)}
          {of.minutes > 0 && <> · {words.minutes(of.minutes)}</>}
        </p>
      </div>
      <Mend of={of} about={about} act={act} />
    </li>
  );
}

function deedOf(of: Cause): Deed | null {
  const name = of.client_name ?? '';
  if (of.action === 'confirm' && of.booking_id) {
    const params = { path: { id: of.booking_id }, header: { 'If-Match': ifMatch(of.version ?? 0) } };
    return {
      label: words.confirm,
      isFirst: true,
      send: () => ask(api.POST('/api/v1/bookings/{id}/confirm', { params, body: {} })),
      said: words.confirmed(name),
    };
  }
  if (of.action === 'remind' && of.submission_id) return remind(of.submission_id, name);
  if (of.action === 'told' && of.email_id) return told(of.email_id, name);
  return null;
}

function Mend({ of, about, act }: { of: Cause; about: string; act: Acting['act'] }) {
  const deed = deedOf(of);
  if (deed) return <DeedButton deed={deed} about={about} run={() => act(keyOf(of), about, deed)} />;
  if (of.item_id) return <ToItem id={of.item_id} about={about} />;
  if (of.booking_id) return <ToVisit id={of.booking_id} label={of.action === 'move' ? words.move : words.open} about={about} />;
  return null;
}
