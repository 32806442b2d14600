/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The first step: one tap on a service leads on. The server writes the same markup (SHELL.md). */
import { ReachOut } from '../kit/business';
import type { Service } from '../kit/contract';
import { duration } from '../kit/format';
import { BackLink, follow } from '../kit/link';
import { href } from '../kit/place';
import { StepHeading } from '../kit/ui';
import { book as words } from '../words/book';
import { Ratings } from './ratings';
import {
  type StepProps,
  addableTo,
  byCategory,
  priceText,
  queryOf,
  totalMinutes,
} from './visit';

export function Services({ shop, visit, place }: StepProps) {
  const offered = visit.adding ? addableTo(shop, visit.services) : shop.services;
  return (
    <>
      {visit.adding && (
        <BackLink place={place} to={queryOf(visit, { adding: false })} label={words.backToTime} />
      )}
      <StepHeading moved={place.moved}>
        {visit.adding ? words.anotherService : words.services}
      </StepHeading>
      {offered.length === 0 && (
        <div class="empty">
          <p>{visit.adding ? words.noPair : words.noServices}</p>
          {!visit.adding && <p>{words.noServicesHint}</p>}
          <ReachOut business={shop} />
        </div>
      )}
      {byCategory(offered).map(({ category, services }) => (
        <section key={category} class="menu">
          {category && <h3>{category}</h3>}
          <ul>
            {services.map((service) => (
              <li key={service.id}>
                <ServiceCard service={service} shop={shop} visit={visit} place={place} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {!visit.adding && <Ratings ratings={shop.ratings} />}
    </>
  );
}

function ServiceCard({ service, shop, visit, place }: StepProps & { service: Service }) {
  const services = visit.adding ? [...visit.services, service] : [service];
  const staff = visit.staffId;
  const staffId = staff && service.staff_ids.includes(staff) ? staff : null;
  const to = queryOf(visit, {
    services,
    adding: false,
    staffId,
    at: null,
  });
  return (
    <a class="card" href={href(to)} onClick={follow(place, to)}>
      <span class="name">{service.name}</span>
      <span class="price">{priceText([service], staffId, shop)}</span>
      <span class="sub">
        {duration(totalMinutes([service], staffId))}
        {service.description && ` · ${service.description}`}
      </span>
    </a>
  );
}
