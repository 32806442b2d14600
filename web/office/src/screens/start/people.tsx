/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who can be booked: oneself, by a switch, and whoever is invited. */
import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import { Face } from '../../kit/face';
import { problemText } from '../../kit/problem';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { session } from '../../shell/session';
import { words } from '../../words/start';
import { servicesQuery, staffQuery, useReread } from './data';

export function People({ done }: { done: () => void }) {
  const staff = useQuery(staffQuery);
  const services = useQuery(servicesQuery);
  const reread = useReread();
  const self = staff.data?.find(({ email }) => email === session.user.email);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const isBookable = wanted ?? (self ? self.bookable || staff.data?.length === 1 : true);
  const save = useMutation({
    mutationFn: async () => {
      if (!self || !services.data) return;
      const all = services.data.map(({ id }) => id);
      await ask(
        api.PATCH('/api/v1/staff/{id}', {
          params: { path: { id: self.id }, header: { 'If-Match': ifMatch(self.version) } },
          body: {
            bookable: isBookable,
            ...(isBookable && self.service_ids.length === 0 ? { service_ids: all } : {}),
          },
        }),
      );
    },
    onSuccess: done,
    onSettled: reread,
  });
  const failed = staff.error ?? services.error;
  if (!staff.data || !services.data) {
    return failed ? (
      <Failed error={failed} retry={() => void Promise.all([staff.refetch(), services.refetch()])} />
    ) : (
      <Waiting rows={3} />
    );
  }
  return (
    <div className="stack">
      {save.error && <Alarm>{problemText(save.error)}</Alarm>}
      <Switch
        label={words.selfBookable}
        description={words.selfBookableHint}
        checked={isBookable}
        onChange={(event) => setWanted(event.currentTarget.checked)}
      />
      <ul className="start-people" aria-label={words.peopleHere}>
        {staff.data
          .filter(({ active }) => active)
          .map((each) => (
            <li key={each.id}>
              <Face name={each.name} size={36} />
              <span>{each.name}</span>
              <span className="soft small">{words.does(each.service_ids.length)}</span>
            </li>
          ))}
      </ul>
      <div className="row">
        <Act busy={save.isPending} onClick={() => save.mutate()}>
          {words.peopleSave}
        </Act>
        <Button
          variant="default"
          leftSection={<UserPlus size={17} aria-hidden="true" />}
          renderRoot={(props) => <Link to="/app/team" search={{ member: 'new' }} {...props} />}
        >
          {words.invite}
        </Button>
      </div>
    </div>
  );
}
