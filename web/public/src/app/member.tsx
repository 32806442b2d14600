/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One member: their invitation, what they do and may do, and the end of their work here. */
import { useEffect, useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import type { Staff } from '../kit/contract';
import { call } from '../kit/api';
import { BackLink } from '../kit/link';
import { useLoad } from '../kit/load';
import type { Place } from '../kit/place';
import { Alert, Failure, Reading, StepHeading } from '../kit/ui';
import { shared } from '../words/shared';
import { team as words } from '../words/team';
import { type Rights, RightsFields } from './fields';
import { LeftOf } from './left';
import { type TeamData, invitationStatus } from './team_data';

interface MemberPageProps {
  id: string;
  place: Place;
  data: TeamData;
  self: string;
}

export function MemberPage({ id, place, data, self }: MemberPageProps) {
  const load = useLoad<Staff>(`/staff/${encodeURIComponent(id)}`);
  const member = load.value;
  const put = (next: Staff): void => {
    load.put(next);
    data.members.reload();
  };
  /* What has become of the letter stands in the list as well. */
  const status = member?.invitation?.status;
  const { reload } = data.members;
  useEffect(() => {
    if (status) reload();
  }, [status, reload]);
  return (
    <div class="stack">
      <section class="panel">
        <BackLink place={place} to={{}} label={words.back} />
        <StepHeading moved={place.moved}>{member?.name ?? words.title}</StepHeading>
        <Reading load={load} />
        {member && (
          <>
            <p class="sub">
              {member.email} · {member.role === 'owner' ? words.owner : words.staff}
            </p>
            <Said member={member} place={place} onMember={put} />
            <Invitation member={member} onMember={put} onAgain={load.reload} />
            {member.active && (
              <Change
                key={member.version}
                member={member}
                data={data}
                onMember={put}
                onStale={load.reload}
                place={place}
              />
            )}
          </>
        )}
      </section>
      {member && !member.active && <LeftOf member={member} data={data} />}
      {member && member.email !== self && <End member={member} place={place} onMember={put} />}
    </div>
  );
}

interface PartProps {
  member: Staff;
  place: Place;
  onMember: (member: Staff) => void;
}

/** What has just been done; deactivating can be undone from here. */
function Said({ member, place, onMember }: PartProps) {
  const act = useAct();
  const said = place.query.get('said');
  const text: Record<string, string> = {
    invited: words.invited(member.name),
    saved: words.saved,
    off: words.deactivated(member.name),
    on: words.reactivated(member.name),
  };
  return (
    <div class="row">
      <p role="status" class="said">
        {said ? (text[said] ?? '') : ''}
      </p>
      {said === 'off' && !member.active && (
        <button
          type="button"
          class="btn quiet"
          aria-disabled={act.isBusy}
          onClick={() =>
            act.run(
              () => call<Staff>('POST', `/staff/${member.id}/reactivate`),
              (next) => {
                onMember(next);
                place.go({ member: next.id, said: 'on' }, 'replace');
              },
            )
          }
        >
          {words.undo}
        </button>
      )}
    </div>
  );
}

const WAIT_MS = 2000;
const LOOKS_MAX = 15;

interface InvitationProps {
  member: Staff;
  onMember: (member: Staff) => void;
  onAgain: () => void;
}

function Invitation({ member, onMember, onAgain }: InvitationProps) {
  const act = useAct();
  const [isResent, setResent] = useState(false);
  const [looks, setLooks] = useState(0);
  const status = invitationStatus(member);

  /* While the letter is on its way, what becomes of it is a matter of seconds. */
  useEffect(() => {
    if (status !== 'queued' || looks >= LOOKS_MAX) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      onAgain();
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [status, looks, onAgain]);

  if (!status) return null;
  const isBad = status === 'failed' || status === 'expired';
  return (
    <div class={isBad ? 'state bad' : 'state'}>
      <p>
        <strong>{words.status[status]}.</strong> {words.statusHint[status](member.email)}
      </p>
      {status === 'failed' && member.invitation?.last_error && (
        <p class="sub">{words.mailboxSaid(member.invitation.last_error)}</p>
      )}
      <p role="status" class="said">
        {isResent ? words.resent : ''}
      </p>
      <Failure of={act} />
      <button
        type="button"
        class={isBad ? 'btn' : 'btn quiet'}
        aria-disabled={act.isBusy}
        onClick={() =>
          act.run(
            () => call<Staff>('POST', `/staff/${member.id}/resend-invite`),
            (next) => {
              setResent(true);
              setLooks(0);
              onMember(next);
            },
          )
        }
      >
        {act.isBusy ? words.resending : words.resend}
      </button>
    </div>
  );
}

interface ChangeProps extends PartProps {
  data: TeamData;
  onStale: () => void;
}

const same = (one: string[], other: string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

function Change({ member, place, data, onMember, onStale }: ChangeProps) {
  const act = useAct();
  const [rights, setRights] = useState<Rights>(member);
  const isOwner = member.role === 'owner';
  const isChanged =
    rights.bookable !== member.bookable ||
    !same(rights.service_ids, member.service_ids) ||
    !same(rights.permissions, member.permissions);
  const save = (event: Event): void => {
    event.preventDefault();
    const { bookable, service_ids, permissions } = rights;
    const body = isOwner ? { bookable, service_ids } : { bookable, service_ids, permissions };
    act.run(
      () => call<Staff>('PATCH', `/staff/${member.id}`, { body, version: member.version }),
      (next) => {
        onMember(next);
        place.go({ member: next.id, said: 'saved' }, 'replace');
        document.querySelector('h2')?.focus();
      },
    );
  };
  const isStale = act.failure?.problem?.status === 412;
  return (
    <form noValidate onSubmit={save}>
      {isStale ? (
        <Alert key={act.failure?.turn}>
          <p>{words.changedMeanwhile}</p>
          <button
            type="button"
            class="btn quiet"
            onClick={() => {
              act.clear();
              onStale();
            }}
          >
            {shared.tryAgain}
          </button>
        </Alert>
      ) : (
        <Failure of={act} />
      )}
      <RightsFields
        data={data}
        rights={rights}
        isOwner={isOwner}
        onChange={(next) => {
          setRights(next);
          if (place.query.get('said')) place.go({ member: member.id }, 'replace');
        }}
      />
      <div class={isChanged ? 'actions savebar' : 'actions'}>
        <button
          type="submit"
          class={isChanged ? 'btn' : 'btn quiet'}
          aria-disabled={act.isBusy || !isChanged}
        >
          {act.isBusy ? words.saving : words.save}
        </button>
        {isChanged && (
          <button type="button" class="btn quiet" onClick={() => setRights(member)}>
            {words.cancel}
          </button>
        )}
      </div>
    </form>
  );
}

function End({ member, place, onMember }: PartProps) {
  const act = useAct();
  const send = (what: 'deactivate' | 'reactivate'): void =>
    act.run(
      () => call<Staff>('POST', `/staff/${member.id}/${what}`),
      (next) => {
        onMember(next);
        place.go({ member: next.id, said: next.active ? 'on' : 'off' }, 'replace');
        document.querySelector('h2')?.focus();
      },
    );
  return (
    <section class="panel">
      <h2>{member.active ? words.deactivate : words.reactivate}</h2>
      <p class="sub">
        {member.active ? words.deactivateLead : words.inactiveLead(member.name)}
      </p>
      <Failure of={act} />
      {member.active ? (
        <button
          type="button"
          class="btn danger"
          aria-disabled={act.isBusy}
          onClick={() => send('deactivate')}
        >
          {act.isBusy ? words.deactivating : `${words.deactivate} ${member.name}`}
        </button>
      ) : (
        <button
          type="button"
          class="btn quiet"
          aria-disabled={act.isBusy}
          onClick={() => send('reactivate')}
        >
          {act.isBusy ? words.reactivating : `${words.reactivate} ${member.name}`}
        </button>
      )}
    </section>
  );
}
