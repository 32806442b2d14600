/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The visit as it stands, in sight from the second step on, and the place to change what is in it. */
import { clock, dateOf, dayLong, duration } from '../kit/format';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { href } from '../kit/place';
import { book as words } from '../words/book';
import { type StepProps, addableTo, priceText, queryOf, totalMinutes } from './visit';

export function Summary({ shop, visit, place, isFinal }: StepProps & { isFinal: boolean }) {
  const { services, at, staffId } = visit;
  const person = shop.staff.find((each) => each.id === staffId);
  const add = queryOf(visit, { adding: true });
  const many = services.length > 1;
  return (
    <section class="visit" aria-label={words.yourVisit}>
      <ul>
        {services.map((service) => (
          <li key={service.id}>
            <span class="name">
              {service.name} <span class="sub">{duration(totalMinutes([service], staffId))}</span>
            </span>
            <span class="price">{priceText([service], staffId, shop)}</span>
            {many && !isFinal && (
              <button
                type="button"
                class="turn"
                aria-label={words.remove(service.name)}
                onClick={() =>
                  place.go(
                    queryOf(visit, { services: services.filter((each) => each !== service) }),
                    'replace',
                  )
                }
              >
                <Icon name="cross" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {many && (
        <p class="total">
          <span class="name">
            {words.total} <span class="sub">{duration(totalMinutes(services, staffId))}</span>
          </span>
          <span class="price">{priceText(services, staffId, shop)}</span>
        </p>
      )}
      {isFinal && at && (
        <p class="when">
          <strong>
            {dayLong(dateOf(at), shop.locale)}, {clock(at, shop.locale)}
          </strong>
          <span class="sub">{person ? words.withPerson(person.name) : words.withAnyone}</span>
        </p>
      )}
      {!isFinal && addableTo(shop, services).length > 0 && (
        <a class="more" href={href(add)} onClick={follow(place, add)}>
          <Icon name="plus" />
          {words.anotherService}
        </a>
      )}
    </section>
  );
}
