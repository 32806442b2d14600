/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Beside the form: booking at once, and the other ways to the business. */
import type { Face } from '../kit/contract';
import { contact as words } from '../words/contact';
import { shared } from '../words/shared';
import { tel } from '../kit/tel';

export const bookingPage = ({ slug }: Face): string => `/book/${encodeURIComponent(slug)}`;

export function Aside({ business, offersBooking }: { business: Face; offersBooking: boolean }) {
  const { phone, contact_email: email } = business;
  if (!offersBooking && !phone && !email) return null;
  return (
    <aside class="about">
      {offersBooking && (
        <section>
          <h2>{words.directTitle}</h2>
          <p>{words.directHint}</p>
          <a href={bookingPage(business)}>{words.book}</a>
        </section>
      )}
      {(phone || email) && (
        <section>
          <h2>{words.otherWays}</h2>
          <ul>
            {phone && (
              <li>
                <a href={tel(phone)}>{shared.call(phone)}</a>
              </li>
            )}
            {email && (
              <li>
                <a href={`mailto:${email}`}>{email}</a>
              </li>
            )}
          </ul>
        </section>
      )}
    </aside>
  );
}
