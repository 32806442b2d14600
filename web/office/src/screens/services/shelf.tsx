/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is not offered: switched off, or retired. Past visits keep it; it can come back. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheckBig, Undo2 } from 'lucide-react';
import { Read } from '../../kit/list';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { words } from '../../words/services';
import { priceText, timeText } from './amounts';
import { useChanges } from './changes';
import { type Service, shelfQuery, staffQuery } from './data';
import { type Filters, fits, isFiltering } from './find';
import { NoneFound } from './nothing';
import { Faces } from './row';

export function Shelf({ filters }: { filters: Filters }) {
  return (
    <Read read={useQuery(shelfQuery)} rows={3} height={68}>
      {(all) => <Found all={all} filters={filters} />}
    </Read>
  );
}

function Found({ all, filters }: { all: Service[]; filters: Filters }) {
  const found = all.filter(fits(filters)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (all.length === 0) return <Empty icon={CircleCheckBig} title={words.shelfEmptyTitle} text={words.shelfEmptyText} />;
  if (found.length === 0 && isFiltering(filters)) return <NoneFound />;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
    <ul className="service-list" aria-label={words.states.off} onKeyDown={walkRows}>
      {found.map((service) => (
        <ShelfRow key={service.id} service={service} />
      ))}
    </ul>
  );
}

function ShelfRow({ service }: { service: Service }) {
  const { data: staff = [] } = useQuery(staffQuery);
  const { act } = useChanges();
  return (
    <li className="service-row">
      <div className="service-main">
        {service.retired ? (
          <span className="service-name">{service.name}</span>
        ) : (
          <Link to="/app/services/$id" params={{ id: service.id }} className="service-name" data-row>
            {service.name}
          </Link>
        )}
        <span className="service-marks">
          <span className="chip">{service.retired ? words.retired : words.switchedOff}</span>
        </span>
      </div>
      <Faces service={service} staff={staff} />
      <span className="service-time">{timeText(service)}</span>
      <span className="service-price">{priceText(service)}</span>
      <Button
        variant="default"
        size="xs"
        aria-label={words.restoreOf(service.name)}
        leftSection={<Undo2 size={15} aria-hidden="true" />}
        onClick={() => act('restore', service)}
      >
        {words.restore}
      </Button>
    </li>
  );
}
