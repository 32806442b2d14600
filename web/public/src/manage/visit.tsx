/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The visit at rest, with what its client may still do. */
import { ReachOut } from '../kit/business';
import type { Managed } from '../kit/contract';
import { clock, dateOf, dayLong, deviceZone, duration, money, zoneCity } from '../kit/format';
import { Icon } from '../kit/icons';
import { isOpen } from '../kit/open';
import { follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import { Alert, StepHeading, problemText } from '../kit/ui';
import { manage as words } from '../words/manage';
import { picker } from '../words/picker';
import { shared } from '../words/shared';
import type { Failure, Hand } from './manage';

interface VisitProps {
  hand: Hand;
  place: Place;
  heading: string | null;
}

export function Visit({ hand, place, heading }: VisitProps) {
  const { managed, failure } = hand;
  const { booking } = managed;
  const isLive = isOpen(booking);
  const title = (isLive && heading) || words.headings[booking.status];
  return (
    <>
      <StepHeading moved={place.moved}>{title}</StepHeading>
      {failure && <Failed hand={hand} failure={failure} />}
      {booking.status === 'pending' && <p class="sub">{words.pendingHint}</p>}
      <Facts managed={managed} isOff={booking.status === 'cancelled'} />
      {isLive ? <LiveActions hand={hand} place={place} /> : <PastActions hand={hand} />}
    </>
  );
}

function Failed({ hand, failure }: { hand: Hand; failure: Failure }) {
  const { problem, action } = failure;
  const again = problem === null || problem.status >= 500;
  return (
    <Alert key={failure.turn}>
      <p>
        {problem?.code === 'slot_taken'
          ? words.undoTaken
          : problem?.status === 409
            ? words.changedMeanwhile
            : problemText(problem)}
      </p>
      {again && action === 'restore' && (
        <button type="button" class="btn quiet" onClick={() => hand.act('restore')}>
          {shared.tryAgain}
        </button>
      )}
    </Alert>
  );
}

function Facts({ managed, isOff }: { managed: Managed; isOff: boolean }) {
  const { booking, business } = managed;
  const { locale } = business;
  return (
    <div class={isOff ? 'ticket off' : 'ticket'}>
      <p class="lead">
        {dayLong(dateOf(booking.local), locale)}
        <b>{clock(booking.local, locale)}</b>
      </p>
      {deviceZone() !== business.timezone && (
        <p class="zone">{picker.zone(zoneCity(business.timezone))}</p>
      )}
      <dl>
        <div>
          <dt>{words.what}</dt>
          <dd>
            {booking.services.map((each) => (
              <span key={each.id}>
                {each.name} <span class="sub">{duration(each.duration_min)}</span>
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>{words.who}</dt>
          <dd>{booking.staff.name}</dd>
        </div>
        {business.address && (
          <div>
            <dt>{words.where}</dt>
            <dd>{business.address}</dd>
          </div>
        )}
        <div>
          <dt>{words.price}</dt>
          <dd>{money(booking.price, business.currency, locale)}</dd>
        </div>
        {booking.notes && (
          <div>
            <dt>{words.notes}</dt>
            <dd>{booking.notes}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function LiveActions({ hand, place }: { hand: Hand; place: Place }) {
  const { managed, token } = hand;
  const links = [
    managed.can_reschedule && { to: { step: 'time' }, label: words.change, kind: 'btn' },
    managed.can_cancel && { to: { step: 'cancel' }, label: words.cancel, kind: 'btn quiet' },
  ].filter((each) => each !== false);
  return (
    <>
      {links.length === 0 && <p>{words.tooLate}</p>}
      <div class="actions">
        {links.map(({ to, label, kind }) => (
          <a key={label} class={kind} href={href(to)} onClick={follow(place, to)}>
            {label}
          </a>
        ))}
        {links.length === 0 && <ReachOut business={managed.business} />}
        <a
          class="btn quiet"
          href={`/api/v1/public/manage/${encodeURIComponent(token)}/calendar.ics`}
          download="visit.ics"
        >
          <Icon name="calendar" />
          {words.calendar}
        </a>
      </div>
    </>
  );
}

function PastActions({ hand }: { hand: Hand }) {
  const { managed, busy, act } = hand;
  const { booking, business } = managed;
  const services = booking.services.map((each) => each.id).join(',');
  return (
    <>
      <div class="actions">
        {managed.can_restore && (
          <button
            type="button"
            class="btn"
            aria-disabled={busy !== null}
            onClick={() => act('restore')}
          >
            {busy === 'restore' ? words.undoing : words.undo}
          </button>
        )}
        <a
          class="btn quiet"
          href={`/book/${encodeURIComponent(business.slug)}?service=${services}`}
        >
          {words.bookAgain}
        </a>
      </div>
      {managed.can_restore && <p class="sub">{words.undoHint}</p>}
    </>
  );
}
