/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Stands over every screen while the address has `?new=<start>` (or `now`), with `person`, `client`
 * and `service` where they are known already.
 */
import './visit.css';
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import type { BookingNew } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Sheet } from '../../kit/sheet';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { isOwner } from '../../shell/session';
import { words as kit } from '../../words/kit';
import { words } from '../../words/visit';
import { menuQuery, peopleQuery, visitQuery } from './data';
import { FindClient, type Who } from './find_client';
import { Refused } from './nearest';
import { PickServices } from './pick_services';
import { PickTime, useVerdict } from './pick_time';
import { readAgain } from './tell';
import { dayAt, today } from './times';
import { useClientOf } from './client_of';

const startOf = (start: string): Date | null => {
  const at = new Date(start);
  return Number.isNaN(at.getTime()) ? null : at;
};

export function NewVisit({ start }: { start: string }) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (visit?: string): void =>
    void navigate({
      to: '.',
      search: ({ new: _new, person: _person, client: _client, service: _service, ...rest }: Record<string, unknown>) => ({
        ...rest,
        ...(visit ? { visit } : {}),
      }),
      replace: true,
      resetScroll: false,
    });
  const at = startOf(start);
  return (
    <Sheet onClose={() => go()} title={words.newVisit} className="visit">
      <NewForm
        at={at}
        person={search.person ?? ''}
        clientId={search.client ?? ''}
        services={search.service ? search.service.split(',') : []}
        close={go}
      />
    </Sheet>
  );
}

interface FormProps {
  at: Date | null;
  person: string;
  clientId: string;
  services: string[];
  close: (visit?: string) => void;
}

function NewForm({ at, person, clientId, services: asked, close }: FormProps) {
  const cache = useQueryClient();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const { data: menu = [], isSuccess: isMenuRead } = useQuery(menuQuery);
  const { data: people = [] } = useQuery(peopleQuery);
  const [chosenWho, setChosenWho] = useState<Who | undefined>(undefined);
  const [services, setServices] = useState(asked);
  const [staff, setStaff] = useState(person);
  const [day, setDay] = useState(at ? dayAt(at) : today());
  const [start, setStart] = useState<string | null>(at ? at.toISOString().replace(/\.\d+Z$/, 'Z') : null);
  const [notes, setNotes] = useState('');
  const [key, setKey] = useState(newKey);
  const [missing, setMissing] = useState<Record<string, string>>({});
  const known = useClientOf(clientId);
  const who: Who = chosenWho === undefined ? known : chosenWho;

  const doesAll = (id: string): boolean =>
    services.every((service) => menu.find((one) => one.id === service)?.staff_ids.includes(id) ?? true);
  const able = people.filter(({ id }) => doesAll(id));
  const slots = {
    services,
    day,
    ...(staff ? { staff } : {}),
    ...(who?.kind === 'known' ? { client: who.id } : {}),
  };
  const verdict = useVerdict(slots, start);

  const create = useMutation({
    mutationFn: (body: BookingNew) =>
      ask(api.POST('/api/v1/bookings', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: (made) => {
      cache.setQueryData(visitQuery(made.id).queryKey, made);
      readAgain(cache);
      toast.say(words.said.booked);
      close(made.id);
    },
    onError: (error) => {
      /* What got no answer may have happened: the same key finds it. */
      if (!(error instanceof Refusal) || error.status !== 0) setKey(newKey());
      void cache.invalidateQueries({ queryKey: ['bookings', 'slots'] });
    },
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const fresh = who?.kind === 'new' ? who.details : null;
    const lacks = {
      ...(who ? {} : { client: words.missing.client }),
      ...(fresh && !fresh.name.trim() ? { name: words.missing.name } : {}),
      ...(services.length > 0 ? {} : { service_ids: words.missing.service }),
      ...(start ? {} : { start: words.missing.start }),
    };
    setMissing(lacks);
    if (Object.keys(lacks).length > 0 || !who || !start) {
      requestAnimationFrame(() =>
        (form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-missing] input') ?? null)?.focus(),
      );
      return;
    }
    create.mutate({
      service_ids: services,
      start,
      ...(staff ? { staff_id: staff } : {}),
      ...(who.kind === 'known'
        ? { client_id: who.id }
        : {
            client: {
              name: who.details.name.trim(),
              ...(who.details.phone.trim() ? { phone: who.details.phone.trim() } : {}),
              ...(who.details.email.trim() ? { email: who.details.email.trim() } : {}),
            },
          }),
      ...(notes.trim() ? { notes: notes.trim() } : {}),
      ...(verdict?.kind === 'hours' ? { override_hours: true } : {}),
    });
  };
  /** What was wrong is no longer so once something changes. */
  const edit = <T,>(set: (value: T) => void) => (value: T): void => {
    create.reset();
    setMissing({});
    set(value);
  };
  const faults = { ...faultsByField(create.error), ...missing };
  const isOfTime = create.error instanceof Refusal && ['slot_taken', 'out_of_stock', 'gate_unmet'].includes(create.error.code);
  const isOther = create.error && !isOfTime && Object.keys(faultsByField(create.error)).length === 0;
  const setTime = edit(setStart);
  return (
    <form ref={form} className="visit-body new-visit" onSubmit={submit} noValidate>
      {isOther && create.error && <Alarm>{problemText(create.error)}</Alarm>}
      <FindClient who={who} setWho={edit(setChosenWho)} faults={faults} />
      <PickServices menu={menu} chosen={services} set={edit(setServices)} fault={faults['service_ids']} />
      {isMenuRead && menu.length === 0 && <NoServices />}
      <NativeSelect
        label={words.person}
        value={staff}
        error={faults['staff_id']}
        onChange={(event) => edit(setStaff)(event.currentTarget.value)}
        data={[
          { value: '', label: words.anybody },
          ...able.map(({ id, name }) => ({ value: id, label: name })),
          ...people
            .filter(({ id }) => id === staff && !doesAll(id))
            .map(({ id, name }) => ({ value: id, label: words.doesNot(name) })),
        ]}
      />
      <PickTime
        ask={slots}
        start={start}
        setDay={(next) => {
          setDay(next);
          setTime(null);
        }}
        setStart={setTime}
        trouble={
          isOfTime && create.error ? (
            <Refused
              error={create.error}
              start={start}
              choose={(next) => {
                setDay(dayAt(new Date(next)));
                setTime(next);
              }}
            />
          ) : missing['start'] ? (
            <p className="pick-warning" data-bad data-missing role="alert">
              {missing['start']}
            </p>
          ) : undefined
        }
      />
      <Textarea
        label={words.notes}
        placeholder={words.notesHint}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={notes}
        error={faults['notes']}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
      <div className="row apart new-visit-end">
        <Button variant="default" onClick={() => close()}>
          {kit.cancel}
        </Button>
        <Act type="submit" busy={create.isPending}>
          {verdict?.kind === 'hours' ? words.bookAllTheSame : words.bookNow}
        </Act>
      </div>
    </form>
  );
}

/** Without a menu there is no visit: the way to one. */
function NoServices() {
  return (
    <p className="no-services">
      {words.noServices} {isOwner && <Link to="/app/services">{words.toServices}</Link>}
    </p>
  );
}
