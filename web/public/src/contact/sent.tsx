/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The last screen: what happens next, and what a visitor can do meanwhile. */
import type { Face } from '../kit/contract';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import { StepHeading } from '../kit/ui';
import { contact as words } from '../words/contact';
import { bookingPage } from './aside';

interface SentProps {
  business: Face;
  email: string;
  place: Place;
  title?: string;
  /** What the business itself says to it. */
  thanks?: string;
  /** What the way back to the empty form is called. */
  another?: string;
}

export function Sent({
  business,
  email,
  place,
  title = words.sent,
  thanks,
  another = words.another,
}: SentProps) {
  return (
    <div class="done">
      <span class="seal">
        <Icon name="check" />
      </span>
      <StepHeading moved={place.moved}>{title}</StepHeading>
      {thanks && <p class="thanks">{thanks}</p>}
      <p class="lead">
        {email ? words.sentNext(business.name, email) : words.sentNextPlain(business.name)}
      </p>
      <p class="sub">{business.phone ? words.sentSpam : words.sentSpamPlain}</p>
      <p>{words.sentBook}</p>
      <div class="actions">
        <a class="btn" href={bookingPage(business)}>
          <Icon name="calendar" />
          {words.book}
        </a>
      </div>
      <a class="more" href={href({})} onClick={follow(place, {})}>
        {another}
      </a>
    </div>
  );
}
