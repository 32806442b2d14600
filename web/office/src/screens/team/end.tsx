/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The end of somebody's work here, and back. Their sessions end at once. */
import { useMutation } from '@tanstack/react-query';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Staff } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { usePut } from './data';

export function End({ member: { id, name, active } }: { member: Staff }) {
  const put = usePut();
  const toast = useToast();
  const params = { path: { id } };
  const on = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/staff/{id}/reactivate', { params })),
    onSuccess: (next) => {
      put(next);
      toast.say(words.reactivated(name));
    },
    onError: (error) => toast.fail(error),
  });
  const off = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/staff/{id}/deactivate', { params })),
    onSuccess: (next) => {
      put(next);
      document.querySelector('h1')?.focus();
      toast.say(words.deactivated(name), () => on.mutate());
    },
  });
  return (
    <section className="panel team-end" aria-label={active ? words.deactivate : words.reactivate}>
      <div>
        <h2>{active ? words.deactivate : words.reactivate}</h2>
        <p className="soft small">{active ? words.deactivateLead : words.inactiveLead(name)}</p>
      </div>
      {off.error && <Alarm>{problemText(off.error)}</Alarm>}
      {active ? (
        <Act variant="default" className="team-bad" busy={off.isPending} onClick={() => off.mutate()}>
          {`${words.deactivate} ${name}`}
        </Act>
      ) : (
        <Act variant="default" busy={on.isPending} onClick={() => on.mutate()}>
          {`${words.reactivate} ${name}`}
        </Act>
      )}
    </section>
  );
}
