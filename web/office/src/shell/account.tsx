/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How this person has the office: its look, its language; and the way to their account. */
import { useMantineColorScheme } from '@mantine/core';
import { Keyboard, UserRound } from 'lucide-react';
import { useId } from 'react';
import { useToast } from '../kit/toast';
import { LANGUAGES } from '../words/choose';
import { languageNames, words } from '../words/shell';
import { speak } from './language';
import { LOOKS } from './look';
import { show } from './overlays';
import { session } from './session';

export function AccountPanel({ close }: { close: () => void }) {
  return (
    <div className="account">
      <Look />
      <LanguageChoice />
      <ul>
        <li>
          <a className="place" href="/account">
            <UserRound size={19} strokeWidth={1.9} aria-hidden="true" />
            {words.account}
          </a>
        </li>
        <li className="keys-row">
          <button
            type="button"
            className="place place-button"
            onClick={() => {
              close();
              show('keys');
            }}
          >
            <Keyboard size={19} strokeWidth={1.9} aria-hidden="true" />
            {words.keys}
          </button>
        </li>
      </ul>
    </div>
  );
}

function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = useId();
  return (
    <fieldset className="look">
      <legend>{words.theme}</legend>
      {LOOKS.map((look) => (
        <label key={look}>
          <input
            type="radio"
            name={name}
            value={look}
            checked={colorScheme === look}
            onChange={() => setColorScheme(look)}
          />
          <span>{words.themes[look]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function LanguageChoice() {
  const toast = useToast();
  return (
    <label className="speak">
      <span>{words.language}</span>
      <select
        defaultValue={session.language ?? ''}
        onChange={(event) => {
          const field = event.currentTarget;
          const chosen = LANGUAGES.find((each) => each === field.value) ?? null;
          speak(chosen).catch((error: unknown) => {
            field.value = session.language ?? '';
            toast.fail(error);
          });
        }}
      >
        <option value="">{words.languageOfBusiness}</option>
        {LANGUAGES.map((each) => (
          <option key={each} value={each} lang={each}>
            {languageNames[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
