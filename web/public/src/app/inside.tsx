/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How much of everything there is. */
import type { Item, List, Named } from '../kit/contract';
import { type Loaded, useLoad } from '../kit/load';
import { LoadFailed } from '../kit/ui';
import { notLoaded } from '../words/shared';
import { app as words } from '../words/app';

interface InsideProps {
  services: Loaded<List<Named>>;
  staff: Loaded<List<Named>>;
}

export function Inside({ services, staff }: InsideProps) {
  const items = useLoad<List<Item>>('/items?limit=200');
  const low = items.value?.data.filter((each) => each.low).length ?? 0;
  return (
    <section class="panel" aria-labelledby="inside-title">
      <h2 id="inside-title">{words.inside}</h2>
      <div class="counts">
        <Count list={services} one={words.services[0]} many={words.services[1]} />
        <Count list={staff} one={words.staff[0]} many={words.staff[1]} />
        <Count
          list={items}
          one={words.items[0]}
          many={words.items[1]}
          note={low > 0 ? words.lowStock(low) : ''}
        />
      </div>
    </section>
  );
}

interface CountProps {
  list: Loaded<List<Named>>;
  one: string | undefined;
  many: string | undefined;
  note?: string;
}

function Count({ list, one, many, note }: CountProps) {
  if (list.problem || list.unreachable) {
    return <LoadFailed title={notLoaded} problem={list.problem} retry={list.reload} />;
  }
  const count = list.value?.data.length;
  return (
    <p aria-busy={list.loading}>
      <b>{count ?? '–'}</b>
      <span>
        {list.value?.next_cursor ? `${words.more} ${many}` : count === 1 ? one : many}
        {note && <em> · {note}</em>}
      </span>
    </p>
  );
}
