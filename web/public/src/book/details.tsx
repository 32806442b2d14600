/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The last step before the booking. Whatever goes wrong, what was typed stays: in the form, and over
 * a reload in the tab's memory. One filling of the form books at most once.
 */
import { useRef, useState } from 'preact/hooks';
import { call, isFinal, isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import { policyText } from '../kit/business';
import type { Gate, Problem, Receipt, Shop, Slot } from '../kit/contract';
import { clock, dateOf, dayMedium, money } from '../kit/format';
import { BackLink, follow } from '../kit/link';
import { href } from '../kit/place';
import { forget, recall, remember } from '../kit/store';
import { type Errors, type Form, useForm } from '../kit/submit';
import { Alert, Field, StepHeading, looksLikeEmail, problemText } from '../kit/ui';
import { book as words } from '../words/book';
import { shared } from '../words/shared';
import { type Hold, useHold } from './hold';
import { type StepProps, type Visit, priceText, queryOf, wishOf } from './visit';

type BookingForm = Form<Filling>;

const BLANK = { name: '', email: '', phone: '', notes: '' };
type Filling = typeof BLANK;

function check({ name, email }: Filling): Errors {
  const errors: Errors = {};
  if (!name.trim()) errors.name = words.nameMissing;
  if (!email.trim()) errors.email = words.emailMissing;
  else if (!looksLikeEmail(email.trim())) errors.email = words.emailWrong;
  return errors;
}

function bodyOf(visit: Visit, filling: Filling): Record<string, unknown> {
  const phone = filling.phone.trim();
  const notes = filling.notes.trim();
  return {
    ...wishOf(visit),
    client: {
      name: filling.name.trim(),
      email: filling.email.trim(),
      ...(phone && { phone }),
    },
    ...(notes && { notes }),
  };
}

interface DetailsProps extends StepProps {
  onBooked: (receipt: Receipt, email: string) => void;
}

function useBookingForm({ shop, visit, place, onBooked }: DetailsProps): [BookingForm, Hold] {
  const draft = `draft.${shop.slug}`;
  const attempts = useRef<Attempts | null>(null);
  attempts.current ??= new Attempts(shop.slug);
  const hold = useHold({ shop, visit, place }, !attempts.current.isOpen);
  const form: BookingForm = useForm<Filling, Receipt>({
    first: { ...BLANK, ...recall<Filling>(draft) },
    order: ['name', 'email', 'phone', 'notes'],
    check,
    changed: (filling) => remember(draft, filling),
    send: async (filling) => {
      const path = `/public/${encodeURIComponent(shop.slug)}/bookings`;
      const body = bodyOf(visit, filling);
      const token = await hold.token();
      const first = attempts.current?.attemptFor(body, token);
      if (first?.token !== token) await hold.giveBack();
      const answer = await call<Receipt>('POST', path, {
        body: { ...body, ...(first?.token && { hold_token: first.token }) },
        idempotencyKey: first?.key ?? '',
      });
      if (isSettled(answer)) attempts.current?.settle();
      return answer;
    },
    done: (receipt) => {
      forget(draft);
      hold.settle();
      onBooked(receipt, form.filling.email.trim());
    },
  });
  return [form, hold];
}

export function Details(props: DetailsProps) {
  const { shop, visit, place } = props;
  const [form, hold] = useBookingForm(props);
  const failure = form.failure ?? (hold.refusal && { problem: hold.refusal, turn: 0 });
  const [instead, setInstead] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);

  const take = (slot: Slot): void => {
    const keepsStaff = visit.staffId !== null && slot.staff_ids.includes(visit.staffId);
    place.go(
      queryOf(visit, { at: slot.local, staffId: keepsStaff ? visit.staffId : null }),
      'replace',
    );
    form.clear();
    setInstead(slot.local);
    button.current?.focus();
  };

  return (
    <>
      <BackLink place={place} to={queryOf(visit, { at: null })} label={words.backToTime} />
      <StepHeading moved={place.moved}>{words.details}</StepHeading>
      {failure && (
        <Alert key={failure.turn}>
          <Told problem={failure.problem} take={take} retry={form.retry} {...props} />
        </Alert>
      )}
      <form noValidate onSubmit={form.submit}>
        <Fields form={form} />
        <div class="bar">
          <p role="status">{noteOf(hold, instead === visit.at ? instead : null, shop)}</p>
          <p class="sub">{policyText(shop.policy)}</p>
          <button ref={button} type="submit" class="btn" aria-disabled={form.isSending}>
            {form.isSending ? words.sending : submitText(visit, shop, hold)}
          </button>
        </div>
      </form>
    </>
  );
}

/** What the visitor should know of the chosen time, the urgent first. */
function noteOf({ isOver }: Hold, instead: string | null, shop: Shop): string | null {
  if (isOver !== null) return isOver ? words.keptNoMore : words.keptBriefly;
  return instead && words.chosenInstead(whenText(instead, shop));
}

const whenText = (local: string, { locale }: Shop): string =>
  `${dayMedium(dateOf(local), locale)}, ${clock(local, locale)}`;

/** With anyone it is known once the time is held, since then it is known with whom. */
function submitText({ services, staffId }: Visit, shop: Shop, { price }: Hold): string {
  const text = price === null ? priceText(services, staffId, shop) : money(price, shop.currency, shop.locale);
  const costs = price ?? services.some((each) => each.price);
  return costs ? words.submit(text) : words.submitFree;
}

function Fields({ form }: { form: BookingForm }) {
  const { filling, errors, edit } = form;
  return (
    <>
      <Field
        id="name"
        label={words.name}
        value={filling.name}
        error={errors.name}
        input={{ autoComplete: 'name', required: true }}
        onValue={edit('name')}
      />
      <Field
        id="email"
        label={words.email}
        hint={words.emailHint}
        value={filling.email}
        error={errors.email}
        input={{ type: 'email', inputMode: 'email', autoComplete: 'email', required: true }}
        onValue={edit('email')}
      />
      <Field
        id="phone"
        label={words.phone}
        value={filling.phone}
        error={errors.phone}
        input={{ type: 'tel', autoComplete: 'tel' }}
        onValue={edit('phone')}
      />
      <Field
        id="notes"
        label={words.notes}
        value={filling.notes}
        error={errors.notes}
        rows={2}
        onValue={edit('notes')}
      />
    </>
  );
}

interface ToldProps extends StepProps {
  /** Null when no answer came. */
  problem: Problem | null;
  take: (slot: Slot) => void;
  retry: () => void;
}

/** What went wrong in words, with the way on one tap away. */
function Told({ problem, take, retry, ...step }: ToldProps) {
  if (problem === null || !isFinal(problem)) {
    return (
      <>
        <p>{problem?.status === 429 ? problemText(problem) : words.lostConnection}</p>
        <button type="button" class="btn quiet" onClick={retry}>
          {shared.tryAgain}
        </button>
      </>
    );
  }
  if (problem.code === 'gate_unmet') return <First gates={problem.gates} {...step} />;
  if (problem.status === 409) return <Taken problem={problem} take={take} {...step} />;
  return (
    <>
      <p>{problem.errors[0]?.message ?? problemText(problem)}</p>
      <OtherTimes {...step} />
    </>
  );
}

function Taken({
  problem,
  take,
  ...step
}: StepProps & Pick<ToldProps, 'take'> & { problem: Problem }) {
  const { locale } = step.shop;
  const nearest = problem.nearest.slice(0, 3);
  return (
    <>
      <p>
        <strong>{problem.code === 'slot_taken' ? words.taken : words.notOffered}</strong>{' '}
        {nearest.length > 0 ? words.takenNearest : words.takenNone}
      </p>
      <div class="nearest">
        {nearest.map((slot) => (
          <button key={slot.start} type="button" class="slot" onClick={() => take(slot)}>
            <small>{dayMedium(dateOf(slot.local), locale)}</small>
            {clock(slot.local, locale)}
          </button>
        ))}
      </div>
      <OtherTimes {...step} />
    </>
  );
}

/** What has to be booked first, one tap away. */
function First({ gates, place }: StepProps & { gates: Gate[] }) {
  return (
    <>
      {gates.map(
        ({ ok, why, name, service_id: service }) =>
          !ok && (
            <>
              <p>{why}</p>
              {service && (
                <a class="btn quiet" href={href({ service })} onClick={follow(place, { service })}>
                  {words.bookFirst(name)}
                </a>
              )}
            </>
          ),
      )}
    </>
  );
}

function OtherTimes({ visit, place }: StepProps) {
  const times = queryOf(visit, { at: null });
  return (
    <a class="btn quiet" href={href(times)} onClick={follow(place, times)}>
      {words.otherTimes}
    </a>
  );
}
