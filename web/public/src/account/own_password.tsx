/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The password that came by mail is replaced before anything else. */
import { call } from '../kit/api';
import { type Errors, useForm } from '../kit/submit';
import { Failure, Submit } from '../kit/ui';
import { account as words, form as formWords } from '../words/account';
import { LEAST_PASSWORD, PasswordField, Title } from './parts';

interface OwnPasswordProps {
  /** The mailed one, where it has just been typed: then it is not asked for again. */
  mailed: string | null;
  onDone: (password: string) => void;
}

export function OwnPassword({ mailed, onDone }: OwnPasswordProps) {
  const form = useForm({
    first: { current_password: mailed ?? '', new_password: '' },
    order: ['current_password', 'new_password'],
    check: ({ current_password, new_password }) => {
      const errors: Errors = {};
      if (!current_password) errors.current_password = words.passwordMissing;
      if (new_password.length < LEAST_PASSWORD) {
        errors.new_password = formWords.passwordShort(LEAST_PASSWORD);
      }
      return errors;
    },
    send: (filling) => call<null>('POST', '/password/change', { body: filling }),
    done: () => onDone(form.filling.new_password),
  });
  const { filling, errors, edit } = form;
  return (
    <>
      <Title moved={mailed !== null}>{words.newTitle}</Title>
      <p class="lead">{words.newLead}</p>
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
        {mailed === null && (
          <PasswordField
            id="current_password"
            label={words.mailedPassword}
            value={filling.current_password}
            error={errors.current_password}
            autoComplete="current-password"
            onValue={edit('current_password')}
          />
        )}
        <PasswordField
          id="new_password"
          label={words.newPassword}
          hint={formWords.passwordHint}
          value={filling.new_password}
          error={errors.new_password}
          autoComplete="new-password"
          onValue={edit('new_password')}
        />
        <Submit isSending={form.isSending} label={words.change} busy={words.changing} />
      </form>
    </>
  );
}
