/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One visit and what its client says of it: asked, given, or no more to be changed. */
import { useState } from 'preact/hooks';
import { BusinessHeader } from '../kit/business';
import type { VisitToRate } from '../kit/contract';
import { dateOf, dayLong, today } from '../kit/format';
import { Stars } from '../kit/stars';
import { StepHeading } from '../kit/ui';
import { rate as words } from '../words/feedback';
import { Ask } from './ask';

const LOW = 3;

interface RateProps {
  path: string;
  visit: VisitToRate;
  put: (value: VisitToRate) => void;
}

export function Rate({ path, visit, put }: RateProps) {
  const [isChanging, setChanging] = useState(false);
  /* Whether the visitor has done something, so that a fresh page does not take the focus. */
  const [moved, setMoved] = useState(false);
  const { business, rating } = visit;
  const asks = visit.can_rate && (!rating || isChanging);
  const done = (answer: VisitToRate): void => {
    setChanging(false);
    setMoved(true);
    put(answer);
  };
  const change = (): void => {
    setChanging(true);
    setMoved(true);
  };
  return (
    <div class="page">
      <BusinessHeader business={business} />
      <main key={asks ? 'ask' : 'given'}>
        <StepHeading moved={moved}>{headingOf(visit, asks, moved)}</StepHeading>
        <p>
          {dayLong(dateOf(visit.local), business.locale)} · {visit.services.join(', ')}{' '}
          {words.with(visit.staff_name)}
        </p>
        {asks && <Ask path={path} visit={visit} done={done} />}
        {!asks && rating && <Given visit={visit} rating={rating} change={change} />}
        {!asks && !rating && <p>{words.notYetHint}</p>}
      </main>
    </div>
  );
}

function headingOf({ rating }: VisitToRate, asks: boolean, moved: boolean): string {
  if (asks) return words.title;
  if (!rating) return words.notYet;
  return moved ? words.thanks : words.given;
}

interface GivenProps {
  visit: VisitToRate;
  rating: NonNullable<VisitToRate['rating']>;
  change: () => void;
}

function Given({ visit, rating, change }: GivenProps) {
  const { business, change_until: until } = visit;
  return (
    <>
      <blockquote class="given">
        <Stars count={rating.stars} />
        {rating.comment && <p class="words">{rating.comment}</p>}
      </blockquote>
      {rating.may_show && <p>{words.shown}</p>}
      {rating.stars <= LOW && <p>{words.lowThanks(business.name)}</p>}
      <p class="sub">
        {visit.can_rate && until
          ? words.changeUntil(dayLong(today(business.timezone, new Date(until)), business.locale))
          : words.closed}
      </p>
      {visit.can_rate && (
        <div class="actions">
          <button type="button" class="btn quiet" onClick={change}>
            {words.change}
          </button>
        </div>
      )}
    </>
  );
}
