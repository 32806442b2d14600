/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the robot does by itself: a switch each, when it goes, and the way to its words. */
import './automations.css';
import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, RotateCw } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import { Read } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Alarm } from '../../kit/states';
import { brief } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/automations';
import { jobName } from '../../words/jobs';
import { words as kit } from '../../words/kit';
import { type Automation, listQuery, parkedQuery, useChange } from './data';
import { whenOf } from './when';

export function AutomationsScreen() {
  return (
    <div className="page automations">
      <PageHead title={words.title} />
      <p className="automations-lead">{words.lead}</p>
      <Parked />
      <List />
    </div>
  );
}

function List() {
  return (
    <Read read={useQuery(listQuery)} rows={9} height={64}>
      {(all) => (
        <>
          <Group title={words.toClients} all={all.filter((each) => each.to_client)} />
          <Group title={words.toYou} all={all.filter((each) => !each.to_client)} />
        </>
      )}
    </Read>
  );
}

function Group({ title, all }: { title: string; all: Automation[] }) {
  return (
    <section aria-label={title}>
      <h2 className="automations-group">{title}</h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links */}
      <ul className="panel row-list automations-list" onKeyDown={walkRows}>
        {all.map((each) => (
          <Row key={each.key} of={each} />
        ))}
      </ul>
    </section>
  );
}

function Row({ of }: { of: Automation }) {
  const { name } = words.kinds[of.key];
  const change = useChange();
  const toast = useToast();
  const set = (from: Automation, enabled: boolean): void =>
    change.mutate(
      { of: from, change: { enabled } },
      {
        onSuccess: (now) =>
          toast.say(enabled ? words.switchedOn(name) : words.switchedOff(name), () => set(now, !enabled)),
        onError: (error) => toast.fail(error),
      },
    );
  return (
    <li>
      <Switch
        aria-label={name}
        checked={of.enabled}
        onChange={(event) => {
          if (!change.isPending) set(of, event.currentTarget.checked);
        }}
      />
      <div className="row-main">
        <Link to="/app/automations/$key" params={{ key: of.key }} className="row-link" data-row>
          {name}
        </Link>
        <p className="soft small">{whenOf(of)}</p>
      </div>
      {of.changed && <span className="chip">{words.changed}</span>}
      <ChevronRight size={18} aria-hidden="true" />
    </li>
  );
}

/** Work that was given up stands over all, since nobody else will see to it. */
function Parked() {
  const { data, error, refetch } = useQuery(parkedQuery);
  const cache = useQueryClient();
  const toast = useToast();
  const again = useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      ask(
        api.POST('/api/v1/jobs/{id}/retry', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } } }),
      ),
    onSuccess: () => {
      document.getElementById('content')?.focus({ preventScroll: true });
      toast.say(words.triedAgain);
    },
    onError: (failure) => toast.fail(failure),
    onSettled: () => void cache.invalidateQueries({ queryKey: parkedQuery.queryKey }),
  });
  if (error && !data) {
    return (
      <Alarm>
        {words.parkedFailed}{' '}
        <Button variant="default" size="compact-sm" onClick={() => void refetch()}>
          {kit.tryAgain}
        </Button>
      </Alarm>
    );
  }
  if (!data || data.data.length === 0) return null;
  return (
    <section className="panel automations-parked" aria-label={words.parked}>
      <h2>{words.parked}</h2>
      <ul>
        {data.data.map((job) => (
          <li key={job.id}>
            <div>
              <strong>{jobName(job.kind)}</strong>
              <p className="soft small">
                {job.last_error ?? words.noReason} {words.tries(job.attempts, brief(job.ended_at ?? job.due_at))}
              </p>
            </div>
            <Act
              variant="default"
              size="sm"
              leftSection={<RotateCw size={16} aria-hidden="true" />}
              busy={again.isPending && again.variables.id === job.id}
              onClick={() => again.mutate(job)}
            >
              {kit.tryAgain}
            </Act>
          </li>
        ))}
      </ul>
    </section>
  );
}
