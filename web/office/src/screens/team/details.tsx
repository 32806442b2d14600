/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Name, services and permissions, saved together and not over somebody else's change. */
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Staff } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { words as kit } from '../../words/kit';
import { memberQuery, usePut } from './data';
import { type Rights, RightsFields, isSame } from './rights';

type Touched = Partial<Rights & { name: string }>;

export function Details({ member }: { member: Staff }) {
  const { id, version } = member;
  const [touched, setTouched] = useState<Touched>({});
  const cache = useQueryClient();
  const toast = useToast();
  const put = usePut();
  const now = { ...member, ...touched };
  const body: Touched = {};
  if (now.name.trim() !== member.name) body.name = now.name.trim();
  if (now.bookable !== member.bookable) body.bookable = now.bookable;
  if (!isSame(now.service_ids, member.service_ids)) body.service_ids = now.service_ids;
  if (!isSame(now.permissions, member.permissions)) body.permissions = now.permissions;
  const isChanged = Object.keys(body).length > 0;
  const save = useMutation({
    mutationFn: () =>
      ask(api.PATCH('/api/v1/staff/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body })),
    onSuccess: (next) => {
      put(next);
      setTouched({});
      toast.say(words.saved);
    },
    onError: (error) => {
      if (error instanceof Refusal && error.status === 412) {
        void cache.invalidateQueries({ queryKey: memberQuery(id).queryKey });
      }
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isChanged) save.mutate();
  };
  const faults = faultsByField(save.error);
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {save.error && Object.keys(faults).length === 0 && <Alarm>{problemText(save.error)}</Alarm>}
      <TextInput
        className="team-name"
        label={words.name}
        description={words.nameHint}
        value={now.name}
        maxLength={120}
        error={faults['name']}
        onChange={(event) => setTouched({ ...touched, name: event.currentTarget.value })}
      />
      <RightsFields
        rights={now}
        isOwner={member.role === 'owner'}
        edit={(change) => setTouched((old) => ({ ...old, ...change }))}
      />
      <div className="row">
        <Act type="submit" busy={save.isPending} disabled={!isChanged}>
          {kit.save}
        </Act>
        {isChanged && (
          <Button variant="subtle" onClick={() => setTouched({})}>
            {words.discard}
          </Button>
        )}
      </div>
    </form>
  );
}
