/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The last screen: what is booked, and what a client does next with it. */
import type { Receipt, Shop } from '../kit/contract';
import { clock, dateOf, dayLong, money } from '../kit/format';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import { StepHeading } from '../kit/ui';
import { book as words } from '../words/book';

/** What the tab keeps of a booking, so that a reload shows it again. */
export interface Kept {
  receipt: Receipt;
  email: string;
}

const tokenOf = (manageUrl: string): string => manageUrl.split('/').pop() ?? '';

export function Done({ receipt, email, shop, place }: Kept & { shop: Shop; place: Place }) {
  const { booking, manage_url } = receipt;
  const isPending = booking.status === 'pending';
  return (
    <div class="done">
      <span class="seal">
        <Icon name="check" />
      </span>
      <StepHeading moved={place.moved}>{isPending ? words.pending : words.confirmed}</StepHeading>
      <p class="lead">
        {dayLong(dateOf(booking.local), shop.locale)}, {clock(booking.local, shop.locale)}
      </p>
      <p>
        {booking.services.map((each) => each.name).join(' + ')}{' '}
        {words.withPerson(booking.staff.name)} · {money(booking.price, shop.currency, shop.locale)}
      </p>
      <p class="sub">
        {isPending
          ? words.pendingHint
          : email
            ? words.confirmedHint(email)
            : words.confirmedHintPlain}
      </p>
      <div class="actions">
        <a
          class="btn"
          href={`/api/v1/public/manage/${tokenOf(manage_url)}/calendar.ics`}
          download="visit.ics"
        >
          <Icon name="calendar" />
          {words.calendar}
        </a>
        <a class="btn quiet" href={`/manage/${tokenOf(manage_url)}`}>
          {words.manage}
        </a>
      </div>
      <a class="more" href={href({})} onClick={follow(place, {})}>
        {words.again}
      </a>
    </div>
  );
}
