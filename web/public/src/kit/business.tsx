/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a client always sees of a business: its name, where it is, when it is open, its policy. */
import { shared } from '../words/shared';
import type { Business, Closure, Hours, Policy } from './contract';
import { clockText, dayMedium, span, weekdayName } from './format';
import { tel } from './tel';

type Face = Pick<Business, 'name' | 'address' | 'phone'>;

export function BusinessHeader({ business }: { business: Face }) {
  return (
    <header class="biz">
      <h1>{business.name}</h1>
      {(business.address || business.phone) && (
        <p>
          {business.address && <span>{business.address}</span>}
          {business.phone && <a href={tel(business.phone)}>{business.phone}</a>}
        </p>
      )}
    </header>
  );
}

export const policyText = (policy: Policy): string =>
  policy.cancel_cutoff_min > 0
    ? shared.policy(span(policy.cancel_cutoff_min))
    : shared.policyAnytime;

interface AboutProps {
  business: Business;
  hours: Hours[];
  closures: Closure[];
}

export function About({ business, hours, closures }: AboutProps) {
  const { locale } = business;
  return (
    <aside class="about">
      {hours.length > 0 && (
        <section>
          <h2>{shared.openingHours}</h2>
          <dl class="hours">
            {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
              <div key={weekday}>
                <dt>{weekdayName(weekday, locale)}</dt>
                <dd>{spansOf(hours, weekday, locale) || shared.closed}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {closures.length > 0 && (
        <section>
          <h2>{shared.closures}</h2>
          <ul>
            {closures.slice(0, 6).map((closure) => (
              <li key={closure.from}>{closureText(closure, locale)}</li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{shared.goodToKnow}</h2>
        <p>{policyText(business.policy)}</p>
      </section>
      <section>
        <h2>{shared.contact}</h2>
        <p>
          <a href={contactPage(business)}>{shared.write}</a>
        </p>
        {business.contact_email && (
          <p>
            <a href={`mailto:${business.contact_email}`}>{business.contact_email}</a>
          </p>
        )}
      </section>
    </aside>
  );
}

function spansOf(hours: Hours[], weekday: number, locale: string): string {
  return hours
    .filter((each) => each.weekday === weekday)
    .map((each) => `${clockText(each.start, locale)} – ${clockText(each.end, locale)}`)
    .join(', ');
}

function closureText({ from, to, reason }: Closure, locale: string): string {
  const days =
    from === to ? dayMedium(from, locale) : `${dayMedium(from, locale)} – ${dayMedium(to, locale)}`;
  return reason ? `${days}: ${reason}` : days;
}

const contactPage = ({ slug }: Pick<Business, 'slug'>): string =>
  `/contact/${encodeURIComponent(slug)}`;

/** How to reach a business when a page alone cannot help. */
export function ReachOut({ business }: { business: Pick<Business, 'phone' | 'slug'> }) {
  return (
    <>
      {business.phone && (
        <a class="btn quiet" href={tel(business.phone)}>
          {shared.call(business.phone)}
        </a>
      )}
      <a class="btn quiet" href={contactPage(business)}>
        {shared.write}
      </a>
    </>
  );
}
