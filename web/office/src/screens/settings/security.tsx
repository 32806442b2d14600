/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The rules of access for the whole team. Each saves as it is switched, and can be taken back. */
import { Button, NativeSelect, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { api, ask } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { session } from '../../shell/session';
import { words } from '../../words/settings_more';
import { words as common } from '../../words/settings';
import { workspaceQuery } from './data';
import { WithWorkspace } from './with_workspace';

export default function Security() {
  return <WithWorkspace>{(workspace) => <Rules workspace={workspace} />}</WithWorkspace>;
}

type Rule = Partial<Pick<Workspace, 'require_two_factor' | 'staff_see_contacts' | 'session_idle_min'>>;

const IDLE = [15, 60, 480, 1440, 10_080, 20_160, 43_200];

function Rules({ workspace }: { workspace: Workspace }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [asked, setAsked] = useState<Rule>({});
  const save = useMutation({
    mutationFn: (rule: Rule) => ask(api.PATCH('/api/v1/workspace', { body: rule })),
    onMutate: setAsked,
    onSuccess: (next, rule) => {
      const before = Object.fromEntries(Object.keys(rule).map((name) => [name, workspace[name as keyof Rule]])) as Rule;
      cache.setQueryData(workspaceQuery.queryKey, next);
      toast.say(common.saved, () => save.mutate(before));
    },
    onSettled: () => setAsked({}),
  });
  /* While it is saved, a switch stands as it was put; what was refused falls back. */
  const shown = { ...workspace, ...asked };
  const needsOwn = save.error instanceof Refusal && save.error.status === 409 && !session.user.two_factor;
  const idle = IDLE.includes(shown.session_idle_min) ? IDLE : [shown.session_idle_min, ...IDLE];
  return (
    <div className="stack">
      {save.error && (
        <Alarm>
          <p>{needsOwn ? words.ownFirst : problemText(save.error)}</p>
          {needsOwn && <a href="/account">{words.ownFirstLink}</a>}
        </Alarm>
      )}
      <section className="panel stack" aria-labelledby="security-signin">
        <h2 id="security-signin">{words.signIn}</h2>
        <Switch
          label={words.requireTwoFactor}
          description={words.requireTwoFactorHint}
          checked={shown.require_two_factor}
          onChange={(event) => save.mutate({ require_two_factor: event.currentTarget.checked })}
        />
        <NativeSelect
          className="short-field"
          label={words.idle}
          value={String(shown.session_idle_min)}
          data={idle.map((minutes) => ({ value: String(minutes), label: words.idleFor(minutes) }))}
          onChange={(event) => save.mutate({ session_idle_min: Number(event.currentTarget.value) })}
        />
      </section>
      <section className="panel stack" aria-labelledby="security-staff">
        <h2 id="security-staff">{words.staff}</h2>
        <Switch
          label={words.contacts}
          description={words.contactsHint}
          checked={shown.staff_see_contacts}
          onChange={(event) => save.mutate({ staff_see_contacts: event.currentTarget.checked })}
        />
      </section>
      <section className="panel stack" aria-labelledby="security-own">
        <h2 id="security-own">{words.ownTitle}</h2>
        <p className="soft">{words.ownText}</p>
        <Button
          component="a"
          href="/account"
          variant="default"
          className="start"
          leftSection={<ExternalLink size={16} aria-hidden="true" />}
        >
          {words.ownLink}
        </Button>
      </section>
    </div>
  );
}
