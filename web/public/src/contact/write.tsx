/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Writing to the business. Whatever goes wrong, what was typed stays: in the form, and over a reload
 * in the tab's memory. One message is sent at most once.
 */
import { useRef } from 'preact/hooks';
import { call, isFinal, isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import type { ContactPage, Problem } from '../kit/contract';
import { forget, recall, remember } from '../kit/store';
import { type Errors, type Form, useForm } from '../kit/submit';
import { Alert, Field, StepHeading, Submit, looksLikeEmail, problemText } from '../kit/ui';
import { contact as words } from '../words/contact';
import { shared } from '../words/shared';
import { Trap } from './trap';
import { dropToken, openedToken } from './opened';

const MESSAGE_MAX = 10_000;
const BLANK = { name: '', email: '', phone: '', message: '', website: '' };
type Filling = typeof BLANK;

function check({ name, email, message }: Filling): Errors {
  const errors: Errors = {};
  if (!name.trim()) errors.name = words.nameMissing;
  if (!email.trim()) errors.email = words.emailMissing;
  else if (!looksLikeEmail(email.trim())) errors.email = words.emailWrong;
  if (!message.trim()) errors.message = words.messageMissing;
  return errors;
}

function bodyOf({ name, email, phone, message, website }: Filling): Record<string, string> {
  return {
    name: name.trim(),
    email: email.trim(),
    message: message.trim(),
    ...(phone.trim() && { phone: phone.trim() }),
    ...(website && { website }),
  };
}

interface WriteProps {
  page: ContactPage;
  moved: boolean;
  onSent: (email: string) => void;
}

function useContact({ page, onSent }: WriteProps): Form<Filling> {
  const { slug } = page.business;
  const [draft, opened] = [`contact.${slug}`, `contact.opened.${slug}`];
  const attempts = useRef<Attempts | null>(null);
  attempts.current ??= new Attempts(draft);
  const token = useRef<string | null>(null);
  token.current ??= openedToken(opened, page.token);
  const form: Form<Filling> = useForm<Filling, null>({
    first: { ...BLANK, ...recall<Filling>(draft) },
    order: ['name', 'email', 'phone', 'message'],
    check,
    changed: (filling) => remember(draft, filling),
    send: async (filling) => {
      const body = bodyOf(filling);
      /* The same key goes with the same body, and so with the token of its first try. */
      const attempt = attempts.current?.attemptFor(body, token.current);
      const answer = await call<null>('POST', `/public/${encodeURIComponent(slug)}/contact`, {
        body: { ...body, ...(attempt?.token && { opened_at_token: attempt.token }) },
        idempotencyKey: attempt?.key ?? '',
      });
      if (isSettled(answer)) attempts.current?.settle();
      return answer;
    },
    done: () => {
      forget(draft);
      dropToken(opened);
      onSent(form.filling.email.trim());
    },
  });
  return form;
}

export function Write(props: WriteProps) {
  const { business } = props.page;
  const form = useContact(props);
  return (
    <>
      <StepHeading moved={props.moved}>{words.title}</StepHeading>
      <p>{words.lead}</p>
      {form.failure && (
        <Alert key={form.failure.turn}>
          <Told problem={form.failure.problem} retry={form.retry} />
        </Alert>
      )}
      <form noValidate onSubmit={form.submit}>
        <Fields form={form} />
        <Trap value={form.filling.website} onValue={form.edit('website')} />
        <p class="sub">{words.seenBy(business.name)}</p>
        <div class="actions">
          <Submit isSending={form.isSending} label={words.send} busy={words.sending} />
        </div>
      </form>
    </>
  );
}

function Told({ problem, retry }: { problem: Problem | null; retry: () => void }) {
  if (problem && isFinal(problem)) return <p>{problem.errors[0]?.message ?? problemText(problem)}</p>;
  return (
    <>
      <p>{problem?.status === 429 ? problemText(problem) : words.lost}</p>
      <button type="button" class="btn quiet" onClick={retry}>
        {shared.tryAgain}
      </button>
    </>
  );
}

function Fields({ form: { filling, errors, edit } }: { form: Form<Filling> }) {
  return (
    <>
      <Field
        id="name"
        label={words.name}
        value={filling.name}
        error={errors.name}
        input={{ autoComplete: 'name', required: true, maxLength: 120 }}
        onValue={edit('name')}
      />
      <Field
        id="email"
        label={words.email}
        hint={words.emailHint}
        value={filling.email}
        error={errors.email}
        input={{
          type: 'email',
          inputMode: 'email',
          autoComplete: 'email',
          required: true,
          maxLength: 254,
        }}
        onValue={edit('email')}
      />
      <Field
        id="phone"
        label={words.phone}
        value={filling.phone}
        error={errors.phone}
        input={{ type: 'tel', autoComplete: 'tel', maxLength: 32 }}
        onValue={edit('phone')}
      />
      <Field
        id="message"
        label={words.message}
        value={filling.message}
        error={errors.message}
        rows={5}
        max={MESSAGE_MAX}
        onValue={edit('message')}
      />
    </>
  );
}
