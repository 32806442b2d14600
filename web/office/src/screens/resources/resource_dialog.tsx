/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A room or device, new or as it is: its name, and who counts on it. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words as kit } from '../../words/kit';
import { words } from '../../words/resources';
import { KINDS, type Kind, type Resource, resourceQuery } from './data';
import { useSwitch } from './switching';
import { UsedBy } from './used_by';

interface DialogProps {
  /** Null: a new one. */
  id: string | null;
  close: () => void;
}

export default function ResourceDialog({ id, close }: DialogProps) {
  return (
    <Dialog onClose={close} title={id ? words.one : words.add} size="lg">
      {id ? <Existing id={id} close={close} /> : <Fields resource={null} close={close} />}
    </Dialog>
  );
}

function Existing({ id, close }: { id: string; close: () => void }) {
  const { data, error, isPending, refetch } = useQuery(resourceQuery(id));
  if (isPending) return <Waiting rows={3} height={56} />;
  if (!data) {
    const isGone = error instanceof Refusal && [400, 404].includes(error.status);
    return <Failed title={isGone ? words.gone : undefined} error={error} retry={() => void refetch()} />;
  }
  return (
    <div className="stack">
      <Fields key={data.version} resource={data} close={close} />
      {data.used_by && <UsedBy resource={data} />}
    </div>
  );
}

function Fields({ resource, close }: { resource: Resource | null; close: () => void }) {
  const [name, setName] = useState(resource?.name ?? '');
  const [kind, setKind] = useState<Kind>(resource?.kind ?? 'room');
  const [isUnnamed, setUnnamed] = useState(false);
  const [key, setKey] = useState(newKey);
  const cache = useQueryClient();
  const toast = useToast();
  const turn = useSwitch();
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim() };
      if (!resource) {
        const params = { header: { 'Idempotency-Key': key } };
        return ask(api.POST('/api/v1/resources', { params, body: { ...body, kind } }));
      }
      const params = { path: { id: resource.id }, header: { 'If-Match': ifMatch(resource.version) } };
      return ask(api.PATCH('/api/v1/resources/{id}', { params, body }));
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['resources'] });
      toast.say(resource ? words.saved : words.added);
      close();
    },
    onError: (error) => {
      setKey(newKey());
      if (error instanceof Refusal && error.status === 412) void cache.invalidateQueries({ queryKey: ['resources'] });
    },
  });
  const faults = { ...faultsByField(save.error), ...(isUnnamed ? { name: words.nameMissing } : {}) };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setUnnamed(!name.trim());
    if (name.trim()) save.mutate();
    else event.currentTarget.querySelector('input')?.focus();
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {save.error && Object.keys(faults).length === 0 && <Alarm>{problemText(save.error)}</Alarm>}
      <div className="resource-fields">
        <TextInput
          data-autofocus
          label={words.name}
          value={name}
          required
          maxLength={120}
          autoComplete="off"
          error={faults['name']}
          onChange={(event) => {
            setUnnamed(false);
            setName(event.currentTarget.value);
          }}
        />
        {!resource && (
          <NativeSelect
            label={words.kind}
            value={kind}
            data={KINDS.map((value) => ({ value, label: words.kindOne[value] }))}
            onChange={(event) => setKind(event.currentTarget.value === 'device' ? 'device' : 'room')}
          />
        )}
      </div>
      <div className="row apart">
        {resource ? (
          <Button variant="default" onClick={() => turn(resource, !resource.active)}>
            {resource.active ? words.turnOff : words.turnOn}
          </Button>
        ) : (
          <Button variant="default" onClick={close}>
            {kit.cancel}
          </Button>
        )}
        <Act type="submit" busy={save.isPending}>
          {resource ? kit.save : words.addOne}
        </Act>
      </div>
    </form>
  );
}
