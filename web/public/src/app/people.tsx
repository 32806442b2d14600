/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Everybody who works here, and before them what waits for the owner. */
import { follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import type { Staff } from '../kit/contract';
import { Reading, StepHeading } from '../kit/ui';
import { team as words } from '../words/team';
import { LeftWithoutStaff } from './left';
import { type TeamData, invitationStatus } from './team_data';

interface PeopleProps {
  place: Place;
  data: TeamData;
  self: string;
}

const INVITE = { member: 'new' };

export function People({ place, data, self }: PeopleProps) {
  const { members } = data;
  const all = members.value?.data ?? [];
  const active = all.filter((each) => each.active);
  const former = all.filter((each) => !each.active);
  return (
    <div class="stack">
      <LeftWithoutStaff data={data} />
      <section class="panel" aria-labelledby="people-title">
        <div class="row spread">
          <StepHeading moved={place.moved}>
            <span id="people-title">{words.people}</span>
          </StepHeading>
          <a class="btn" href={href(INVITE)} onClick={follow(place, INVITE)}>
            {words.invite}
          </a>
        </div>
        <Reading load={members} />
        <Rows members={active} place={place} self={self} />
        {members.value && all.length === 1 && (
          <p class="sub">
            <strong>{words.alone}</strong> {words.aloneHint}
          </p>
        )}
        {former.length > 0 && (
          <>
            <h3>{words.former}</h3>
            <Rows members={former} place={place} self={self} />
          </>
        )}
      </section>
    </div>
  );
}

function Rows({ members, place, self }: { members: Staff[]; place: Place; self: string }) {
  return (
    <ul class="rows linked">
      {members.map((each) => {
        const to = { member: each.id };
        const status = invitationStatus(each);
        return (
          <li key={each.id}>
            <a href={href(to)} onClick={follow(place, to)}>
              <span class="initial" aria-hidden="true">
                {[...each.name][0]?.toUpperCase()}
              </span>
              <span>
                <strong>{each.name}</strong>
                <span class="sub">{rightsOf(each)}</span>
              </span>
              {each.email === self && <span class="badge">{words.you}</span>}
              {status && (
                <span class={status === 'failed' || status === 'expired' ? 'badge bad' : 'badge'}>
                  {words.status[status]}
                </span>
              )}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** `Staff · Clients can book them`. */
function rightsOf(member: Staff): string {
  const role = member.role === 'owner' ? words.owner : words.staff;
  return member.active
    ? `${role} · ${member.bookable ? words.bookable : words.notBookable}`
    : member.email;
}
