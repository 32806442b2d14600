/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The rules of access that hold for the whole team. Each switch saves at once. */
import { useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import type { Session, Workspace } from '../kit/contract';
import type { Place } from '../kit/place';
import { Alert, StepHeading, problemText } from '../kit/ui';
import { team as words } from '../words/team';
import { Check } from './fields';
import type { TeamData } from './team_data';

interface RulesProps {
  place: Place;
  session: Session;
  data: TeamData;
  onWorkspace: (workspace: Workspace) => void;
}

export function Rules({ place, session, data, onWorkspace }: RulesProps) {
  const act = useAct();
  const [said, setSaid] = useState('');
  const [change, setChange] = useState<Partial<Workspace>>({});
  /* While it is saved, a switch stands as it was put. */
  const workspace = act.isBusy ? { ...data.workspace, ...change } : data.workspace;
  const save = (next: Partial<Workspace>): void => {
    setSaid('');
    setChange(next);
    send(next);
  };
  const send = (body: Partial<Workspace>): void => {
    act.run(
      () => call<Workspace>('PATCH', '/workspace', { body }),
      (next) => {
        onWorkspace(next);
        setSaid(words.saved);
      },
    );
  };
  const needsOwn = act.failure?.problem?.status === 409 && !session.user.two_factor;
  return (
    <section class="panel" aria-labelledby="rules-title">
      <StepHeading moved={place.moved}>
        <span id="rules-title">{words.rulesTitle}</span>
      </StepHeading>
      <p role="status" class="said">
        {said}
      </p>
      {act.failure && (
        <Alert key={act.failure.turn}>
          <p>{needsOwn ? words.ownFirst : problemText(act.failure.problem)}</p>
          {needsOwn && (
            <a class="btn quiet" href="/account">
              {words.ownFirstLink}
            </a>
          )}
        </Alert>
      )}
      <Check
        /* What the server refused stays as it was. */
        key={`two-factor ${act.failure?.turn}`}
        name="require_two_factor"
        label={words.requireTwoFactor}
        hint={words.requireTwoFactorHint}
        checked={workspace.require_two_factor}
        onChange={(require_two_factor) => save({ require_two_factor })}
      />
      <Check
        key={`contacts ${act.failure?.turn}`}
        name="staff_see_contacts"
        label={words.contacts}
        hint={words.contactsHint}
        checked={workspace.staff_see_contacts}
        onChange={(staff_see_contacts) => save({ staff_see_contacts })}
      />
      <Idle
        minutes={workspace.session_idle_min}
        onChange={(session_idle_min) => save({ session_idle_min })}
      />
    </section>
  );
}

function Idle({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const choices = words.idleChoices.some(([value]) => value === minutes)
    ? words.idleChoices
    : [[minutes, words.minutes(minutes)] as [number, string], ...words.idleChoices];
  return (
    <div class="field short">
      <label for="session_idle_min">{words.idle}</label>
      <select
        id="session_idle_min"
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        {choices.map(([value, label]) => (
          <option key={value} value={value} selected={value === minutes}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
