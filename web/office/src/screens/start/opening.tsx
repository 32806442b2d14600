/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When the business is open in the week. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { Week, type WeekSpan, weekFault } from '../../kit/week';
import { words } from '../../words/start';
import { useReread } from './data';

const USUAL: WeekSpan[] = [1, 2, 3, 4, 5, 6].map((weekday) => ({
  weekday,
  start: '09:00',
  end: weekday === 6 ? '14:00' : '18:00',
}));

export function Opening({ workspace, done }: { workspace: Workspace; done: () => void }) {
  const [hours, setHours] = useState<WeekSpan[]>(workspace.hours.length > 0 ? workspace.hours : USUAL);
  const reread = useReread();
  const fault = weekFault(hours);
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH('/api/v1/workspace', {
          params: { header: { 'If-Match': ifMatch(workspace.version) } },
          body: { hours },
        }),
      ),
    onSuccess: done,
    onSettled: reread,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!fault && hours.length > 0) save.mutate();
  };
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {save.error && <Alarm>{problemText(save.error)}</Alarm>}
      <Week spans={hours} change={setHours} />
      {fault && <Alarm>{fault}</Alarm>}
      <Act type="submit" className="start" busy={save.isPending} disabled={fault !== null || hours.length === 0}>
        {words.hoursSave}
      </Act>
    </form>
  );
}
