/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Moving a visit: a new time, then a look at both times before it counts. */
import type { Named, Shop, Slot } from '../kit/contract';
import { clock, dateOf, dayLong, dayMedium, instantOf, isDate } from '../kit/format';
import { BackLink } from '../kit/link';
import { useLoad } from '../kit/load';
import { Picker } from '../kit/picker';
import type { Place, Query } from '../kit/place';
import { Alert, StepHeading, problemText } from '../kit/ui';
import { manage as words } from '../words/manage';
import type { Hand } from './manage';

const ANYONE = 'any';

export function Times({ hand, place }: { hand: Hand; place: Place }) {
  const { booking, business } = hand.managed;
  const shop = useLoad<Shop>(`/public/${encodeURIComponent(business.slug)}`);
  const ids = booking.services.map((each) => each.id);
  const staff = place.query.get('staff') ?? booking.staff.id;
  const day = place.query.get('day');
  const here = (change: Query): Query => ({ step: 'time', staff, day, ...change });

  return (
    <>
      <BackLink place={place} to={{}} label={words.back} />
      <StepHeading moved={place.moved}>{words.choose}</StepHeading>
      <Picker
        business={business}
        serviceIds={ids}
        people={shop.value ? peopleWhoDo(shop.value, ids) : []}
        staffId={staff === ANYONE ? null : staff}
        day={isDate(day) ? day : null}
        onStaff={(id) => place.go(here({ staff: id ?? ANYONE, day: null }), 'replace')}
        onDay={(date) => place.go(here({ day: date }), 'replace')}
        onPick={(slot) => {
          hand.clear();
          place.go(here({ day: dateOf(slot.local) }), 'replace');
          place.go({ at: slot.local, staff: personFor(slot, staff, booking.staff.id) }, 'push');
        }}
      />
    </>
  );
}

function peopleWhoDo(shop: Shop, ids: string[]): Named[] {
  const services = shop.services.filter((each) => ids.includes(each.id));
  return shop.staff.filter((person) =>
    services.every((each) => each.staff_ids.includes(person.id)),
  );
}

/** Anyone means the same person where they are free, and else whoever is. */
function personFor(slot: Slot, wanted: string, now: string): string {
  if (slot.staff_ids.includes(wanted)) return wanted;
  return slot.staff_ids.includes(now) ? now : (slot.staff_ids[0] ?? now);
}

export function Confirm({ hand, place, at }: { hand: Hand; place: Place; at: string }) {
  const { booking, business } = hand.managed;
  const { locale } = business;
  const staff = place.query.get('staff');
  const start = instantOf(at);
  const move = (): void => {
    if (start) hand.act('reschedule', { start, ...(staff && { staff_id: staff }) });
  };
  return (
    <>
      <BackLink
        place={place}
        to={{ step: 'time', staff, day: dateOf(at) }}
        label={words.backToTimes}
      />
      <StepHeading moved={place.moved}>{words.confirmTitle}</StepHeading>
      {hand.failure && <Refused hand={hand} place={place} />}
      <dl class="swap">
        <div>
          <dt>{words.now}</dt>
          <dd>
            {dayLong(dateOf(booking.local), locale)}, {clock(booking.local, locale)}
          </dd>
        </div>
        <div>
          <dt>{words.next}</dt>
          <dd class="lead">
            {dayLong(dateOf(at), locale)}
            <b>{clock(at, locale)}</b>
          </dd>
        </div>
      </dl>
      <div class="actions">
        <button type="button" class="btn" aria-disabled={hand.busy !== null} onClick={move}>
          {hand.busy === 'reschedule' ? words.moving : words.move}
        </button>
      </div>
    </>
  );
}

function Refused({ hand, place }: { hand: Hand; place: Place }) {
  const failure = hand.failure;
  if (!failure) return null;
  const { booking, business } = hand.managed;
  return (
    <Alert key={failure.turn}>
      <p>
        {failure.problem?.status === 409 ? words.taken : problemText(failure.problem)}{' '}
        {failure.nearest.length > 0 && words.takenNearest}
      </p>
      <div class="nearest">
        {failure.nearest.map((slot) => (
          <button
            key={slot.start}
            type="button"
            class="slot"
            onClick={() => {
              hand.clear();
              const staff = personFor(slot, place.query.get('staff') ?? '', booking.staff.id);
              place.go({ at: slot.local, staff }, 'replace');
            }}
          >
            <small>{dayMedium(dateOf(slot.local), business.locale)}</small>
            {clock(slot.local, business.locale)}
          </button>
        ))}
      </div>
    </Alert>
  );
}
