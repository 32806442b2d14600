/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Tabs: what is to come, what was, all of it, and the lists that one has kept under a name. */
import { Button, CloseButton, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { BookmarkPlus } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { words } from '../../words/bookings';
import { words as kit } from '../../words/kit';
import { SHOWS, type Saved, type Search, dropView, keepView, narrowed, savedQuery, searchOf, showOf, textOf } from './data';

const KEEP_NAMES = 60;

export function Views({ search }: { search: Search }) {
  const { data: saved = [] } = useQuery(savedQuery);
  const [isKeeping, setKeeping] = useState(false);
  const text = textOf(search);
  const present = saved.find((one) => one.query === text);
  const show = showOf(search);
  const canKeep = !present && (narrowed(search) || search.sort !== undefined);
  return (
    <div className="booking-views">
      <nav aria-label={words.lists}>
        <ul className="tabs">
          {SHOWS.map((each) => (
            <li key={each}>
              <Link
                to="/app/bookings"
                search={each === 'upcoming' ? {} : { show: each }}
                className="tab"
                activeOptions={{ exact: true }}
                activeProps={{ 'aria-current': undefined }}
                aria-current={!present && each === show ? 'true' : undefined}
              >
                {words.shows[each]}
              </Link>
            </li>
          ))}
          {saved.map((one) => (
            <Kept key={one.id} one={one} isPresent={one === present} />
          ))}
        </ul>
      </nav>
      {canKeep && (
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<BookmarkPlus size={16} aria-hidden="true" />}
          onClick={() => setKeeping(true)}
        >
          {words.keep}
        </Button>
      )}
      {isKeeping && <Keep query={text} close={() => setKeeping(false)} />}
    </div>
  );
}

function Kept({ one, isPresent }: { one: Saved; isPresent: boolean }) {
  const cache = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const put = (change: (all: Saved[]) => Saved[]) =>
    cache.setQueryData(savedQuery.queryKey, (all: Saved[] | undefined) => change(all ?? []));
  const again = async (): Promise<void> => {
    try {
      const back = await keepView(one.name, one.query);
      put((all) => [...all.filter(({ id }) => id !== back.id), back]);
    } catch (error) {
      toast.fail(error);
    }
  };
  const drop = async (): Promise<void> => {
    const before = cache.getQueryData(savedQuery.queryKey);
    put((all) => all.filter(({ id }) => id !== one.id));
    document.getElementById('content')?.focus({ preventScroll: true });
    if (isPresent) void navigate({ to: '/app/bookings', search: {} });
    try {
      await dropView(one.id);
      toast.say(words.dropped(one.name), () => void again());
    } catch (error) {
      cache.setQueryData(savedQuery.queryKey, before);
      toast.fail(error);
    }
  };
  return (
    <li className="booking-kept">
      <Link
        to="/app/bookings"
        search={searchOf(one.query)}
        className="tab"
        activeProps={{ 'aria-current': undefined }}
        aria-current={isPresent ? 'true' : undefined}
      >
        {one.name}
      </Link>
      {isPresent && <CloseButton size="sm" aria-label={words.drop(one.name)} onClick={() => void drop()} />}
    </li>
  );
}

function Keep({ query, close }: { query: string; close: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!name.trim()) {
      setFault(words.nameMissing);
      field.current?.focus();
      return;
    }
    setBusy(true);
    try {
      const made = await keepView(name.trim(), query);
      cache.setQueryData(savedQuery.queryKey, (all: Saved[] | undefined) => [
        ...(all ?? []).filter(({ id }) => id !== made.id),
        made,
      ]);
      toast.say(words.kept(made.name));
      close();
    } catch (error) {
      setFault(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={close} title={words.keepTitle} size="sm">
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <TextInput
          ref={field}
          label={words.name}
          description={words.keepHint}
          data-autofocus
          maxLength={KEEP_NAMES}
          value={name}
          error={fault || undefined}
          onChange={(event) => {
            setFault('');
            setName(event.currentTarget.value);
          }}
        />
        <div className="row apart">
          <Button variant="default" onClick={close}>
            {kit.cancel}
          </Button>
          <Act type="submit" busy={busy}>
            {kit.save}
          </Act>
        </div>
      </form>
    </Dialog>
  );
}
