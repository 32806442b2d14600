/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The second tap of a cancellation, with the policy in sight before it. */
import { policyText } from '../kit/business';
import { clock, dateOf, dayLong } from '../kit/format';
import { BackLink, follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import { Alert, StepHeading, problemText } from '../kit/ui';
import { manage as words } from '../words/manage';
import type { Hand } from './manage';

export function Cancel({ hand, place }: { hand: Hand; place: Place }) {
  const { booking, business } = hand.managed;
  return (
    <>
      <BackLink place={place} to={{}} label={words.back} />
      <StepHeading moved={place.moved}>{words.cancelTitle}</StepHeading>
      {hand.failure && (
        <Alert key={hand.failure.turn}>
          <p>{problemText(hand.failure.problem)}</p>
        </Alert>
      )}
      <p class="lead">
        {dayLong(dateOf(booking.local), business.locale)}
        <b>{clock(booking.local, business.locale)}</b>
      </p>
      <p>
        {policyText(business.policy)} {words.cancelUndo}
      </p>
      <div class="actions">
        <button
          type="button"
          class="btn danger"
          aria-disabled={hand.busy !== null}
          onClick={() => hand.act('cancel')}
        >
          {hand.busy === 'cancel' ? words.cancelling : words.cancelYes}
        </button>
        <a class="btn quiet" href={href({})} onClick={follow(place, {})}>
          {words.cancelNo}
        </a>
      </div>
    </>
  );
}
