/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Inviting someone: what they are called, where they read their mail, what they do and may do. */
import { useRef, useState } from 'preact/hooks';
import { call, isSettled } from '../kit/api';
import type { Staff } from '../kit/contract';
import { Attempts } from '../kit/attempt';
import { BackLink } from '../kit/link';
import type { Place } from '../kit/place';
import { type Errors, useForm } from '../kit/submit';
import { Failure, Field, StepHeading, Submit, looksLikeEmail } from '../kit/ui';
import { team as words } from '../words/team';
import { type Rights, RightsFields } from './fields';
import type { TeamData } from './team_data';

const NONE: Rights = { bookable: true, service_ids: [], permissions: [] };

function check({ name, email }: { name: string; email: string }): Errors {
  const errors: Errors = {};
  if (!name.trim()) errors.name = words.nameMissing;
  if (!email.trim()) errors.email = words.emailMissing;
  else if (!looksLikeEmail(email.trim())) errors.email = words.emailWrong;
  return errors;
}

export function Invite({ place, data }: { place: Place; data: TeamData }) {
  const [rights, setRights] = useState(NONE);
  const attempts = useRef<Attempts | null>(null);
  attempts.current ??= new Attempts(null);
  const form = useForm({
    first: { name: '', email: '' },
    order: ['name', 'email'],
    check,
    send: async ({ name, email }) => {
      const body = { name: name.trim(), email: email.trim(), role: 'staff', ...rights };
      const idempotencyKey = attempts.current?.keyFor(body) ?? '';
      const answer = await call<Staff>('POST', '/staff', { body, idempotencyKey });
      if (isSettled(answer)) attempts.current?.settle();
      return answer;
    },
    explain: ({ code, detail }): Errors => (code === 'already_exists' ? { email: detail } : {}),
    done: (member) => {
      data.members.reload();
      place.go({ member: member.id, said: 'invited' }, 'replace');
    },
  });
  const { filling, errors, edit } = form;
  return (
    <section class="panel">
      <BackLink place={place} to={{}} label={words.back} />
      <StepHeading moved={place.moved}>{words.inviteTitle}</StepHeading>
      <p class="sub">{words.inviteLead}</p>
      <form noValidate onSubmit={form.submit}>
        <Failure of={form} />
        <Field
          id="name"
          label={words.name}
          hint={words.nameHint}
          value={filling.name}
          error={errors.name}
          input={{ autoComplete: 'off', required: true, maxLength: 120 }}
          onValue={edit('name')}
        />
        <Field
          id="email"
          label={words.email}
          hint={words.emailHint}
          value={filling.email}
          error={errors.email}
          input={{ type: 'email', inputMode: 'email', autoComplete: 'off', required: true }}
          onValue={edit('email')}
        />
        <RightsFields data={data} rights={rights} onChange={setRights} />
        <Submit isSending={form.isSending} label={words.send} busy={words.sending} />
      </form>
    </section>
  );
}
