/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The step that asks before a visit is given up, since that cannot be undone. */
import { BackLink, follow } from '../kit/link';
import { href } from '../kit/place';
import { staff as words } from '../words/staff';
import type { Booking } from '../kit/contract';
import { Heading, at, usePortal } from './parts';
import { queue } from './queue';

export function NoShow({ visit }: { visit: Booking }) {
  const { place } = usePortal();
  const back = { ...at(place), visit: visit.id };
  const mark = (): void => {
    queue.add(visit, 'no-show');
    place.go(at(place), 'replace');
  };
  return (
    <>
      <BackLink place={place} to={back} label={visit.client.name} />
      <Heading>{words.noShowTitle(visit.client.name)}</Heading>
      <p>{words.noShowHint}</p>
      <div class="actions">
        <button type="button" class="btn danger" onClick={mark}>
          {words.noShowYes}
        </button>
        <a class="btn quiet" href={href(back)} onClick={follow(place, back)}>
          {words.back}
        </a>
      </div>
    </>
  );
}
