/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One visit: what it needs, and its steps: finishing with what was used, and no-show. */
import { useState } from 'preact/hooks';
import { clock, dateOf, dayLong, duration } from '../kit/format';
import { BackLink, follow } from '../kit/link';
import { isOpen } from '../kit/open';
import { href } from '../kit/place';
import { tel } from '../kit/tel';
import { Alert, problemText } from '../kit/ui';
import { staff as words } from '../words/staff';
import { ask, online, useNow, useRead } from './ask';
import type { Booking, Gate, List, Material } from '../kit/contract';
import { partsOf, useShown } from './day';
import { AnswersPage } from './answers';
import { Finish } from './finish';
import { Forms } from './forms';
import { NoShow } from './noshow';
import {
  Alerts,
  Failed,
  Heading,
  Skeleton,
  StateBadge,
  VisitActions,
  at,
  isHeldUp,
  lengthOf,
  quantityText,
  usePortal,
} from './parts';
import { useStore } from './store';

/** As the server has it, else as it stands in today's list, which the phone keeps. */
export function VisitPage({ id }: { id: string }) {
  const { place, day } = usePortal();
  const read = useRead<Booking>(`/bookings/${encodeURIComponent(id)}`, 'visits');
  const listed = day.visits?.find((each) => each.id === id) ?? null;
  const shown = useShown(read.value ? [read.value] : null)?.[0] ?? null;
  const visit = shown ?? (read.problem ? null : listed);
  const step = place.query.get('step');
  const back = at(place);
  if (!visit) {
    return (
      <>
        <BackLink place={place} to={back} label={backLabel(back)} />
        {read.loading && <Skeleton />}
        {read.problem?.status === 404 ? <Gone /> : !read.loading && <Unread read={read} />}
      </>
    );
  }
  const form = place.query.get('form');
  if (form) return <AnswersPage key={form} id={form} visitId={id} />;
  if (isOpen(visit) && step === 'finish') return <Finish key="finish" visit={visit} />;
  if (isOpen(visit) && step === 'no-show') return <NoShow key="no-show" visit={visit} />;
  return <Details key="details" visit={visit} />;
}

const backLabel = (back: Record<string, string>): string =>
  back.view === 'week' ? words.week : words.today;

function Unread({ read }: { read: Parameters<typeof Failed>[0]['read'] }) {
  return (
    <>
      <Heading>{words.open}</Heading>
      <Failed read={read} />
    </>
  );
}

function Gone() {
  return (
    <>
      <Heading>{words.gone}</Heading>
      <p>{words.goneHint}</p>
    </>
  );
}

function Details({ visit }: { visit: Booking }) {
  const { member, place, day } = usePortal();
  const { locale } = member.workspace;
  const nowMs = useNow();
  const back = at(place);
  const after = isOpen(visit) ? null : day.visits && partsOf(day.visits, nowMs).next;
  return (
    <>
      <BackLink place={place} to={back} label={backLabel(back)} />
      <Heading>{visit.client.name}</Heading>
      <p class="lead">
        {dayLong(dateOf(visit.local), locale)}, {clock(visit.local, locale)} –{' '}
        {clock(visit.local_end, locale)} <StateBadge visit={visit} />
      </p>
      <Alerts alerts={visit.client_alerts} />
      {after && (
        <a class="btn quiet" href={href({ visit: after.id })} onClick={follow(place, { visit: after.id })}>
          {words.nextVisit(clock(after.local, locale), after.client.name)}
        </a>
      )}
      {isHeldUp(visit) && <Gates visit={visit} />}
      {visit.test_result && (
        <p class={visit.test_result === 'failed' ? 'minds-box' : 'sub'}>
          {words.testResult[visit.test_result]}
        </p>
      )}
      <Forms visit={visit} />
      <Needs visit={visit} />
      <section class="panel">
        <h2>{words.notes}</h2>
        <p class={visit.notes ? 'quote' : 'sub'}>{visit.notes || words.noNotes}</p>
      </section>
      <Contact visit={visit} />
      <div class="dock">
        <VisitActions visit={visit} nowMs={nowMs} />
      </div>
    </>
  );
}

/** What is missing, and what to do about it. */
function Gates({ visit }: { visit: Booking }) {
  const read = useRead<List<Gate>>(`/bookings/${encodeURIComponent(visit.id)}/gates`, 'visits');
  return (
    <section class="panel">
      <h2>{words.gates}</h2>
      {!read.value && !read.loading && <Failed read={read} />}
      <ul class="lines">
        {read.value?.data
          .filter(({ done }) => !done)
          .map((each) => (
            <li key={each.name}>{each.why}</li>
          ))}
      </ul>
    </section>
  );
}

function Needs({ visit }: { visit: Booking }) {
  const isUsed = visit.status === 'completed';
  return (
    <section class="panel">
      <h2>{words.services}</h2>
      <ul class="lines">
        {visit.services.map((each) => (
          <li key={each.id}>
            <span>{each.name}</span>
            <span class="sub">{duration(each.duration_min)}</span>
          </li>
        ))}
        {visit.services.length > 1 && (
          <li>
            <span class="sub">{lengthOf(visit)}</span>
          </li>
        )}
      </ul>
      {visit.resources.length > 0 && (
        <>
          <h3>{words.place}</h3>
          <p>{visit.resources.map((each) => each.name).join(', ')}</p>
        </>
      )}
      <h3>{isUsed ? words.used : words.prepare}</h3>
      {visit.materials.length === 0 && <p class="sub">{words.nothingToPrepare}</p>}
      <ul class="lines">
        {visit.materials.map((each) => (
          <MaterialLine key={each.item_id} material={each} isUsed={isUsed} />
        ))}
      </ul>
    </section>
  );
}

function MaterialLine({ material, isUsed }: { material: Material; isUsed: boolean }) {
  const quantity = isUsed ? (material.used ?? material.quantity) : material.quantity;
  return (
    <li>
      <span>{material.name}</span>
      <b>{quantityText(quantity, material.unit)}</b>
    </li>
  );
}

/** Nothing where the owner keeps contact details to themselves. */
function Contact({ visit }: { visit: Booking }) {
  const { hasInbox } = usePortal();
  const { email, phone } = visit.client;
  if (!email && !phone && !hasInbox) return null;
  return (
    <section class="panel">
      <h2>{words.contact}</h2>
      {(email || phone) && (
        <ul class="reach">
          {phone && (
            <li>
              <a href={tel(phone)}>{phone}</a>
            </li>
          )}
          {email && (
            <li>
              <a href={`mailto:${email}`}>{email}</a>
            </li>
          )}
        </ul>
      )}
      {hasInbox && <Write visit={visit} />}
    </section>
  );
}

function Write({ visit }: { visit: Booking }) {
  const { place } = usePortal();
  const isOnline = useStore(online);
  const [failure, setFailure] = useState<{ text: string; turn: number } | null>(null);
  const open = async (): Promise<void> => {
    const body = { client_id: visit.client.id };
    const answer = await ask<{ id: string }>('POST', '/conversations', { body });
    if (answer.kind === 'ok') {
      place.go({ view: 'messages', with: answer.value.id }, 'push');
      return;
    }
    const problem = answer.kind === 'problem' ? answer.problem : null;
    setFailure({ text: `${words.messageFailed} ${problemText(problem)}`, turn: Date.now() });
  };
  return (
    <>
      {failure && (
        <Alert key={failure.turn}>
          <p>{failure.text}</p>
        </Alert>
      )}
      <button
        type="button"
        class="btn quiet"
        aria-disabled={!isOnline}
        onClick={() => isOnline && void open()}
      >
        {words.message(visit.client.name)}
      </button>
      {!isOnline && <p class="hint">{words.needsConnection}</p>}
    </>
  );
}
