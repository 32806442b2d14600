/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The flow of a booking: service, time, details, done. The URL says which step it is. */
import { About, BusinessHeader } from '../kit/business';
import type { Receipt, Shop } from '../kit/contract';
import { BackLink } from '../kit/link';
import { Picker } from '../kit/picker';
import { usePlace } from '../kit/place';
import { recall, remember } from '../kit/store';
import { StepHeading } from '../kit/ui';
import { book as words } from '../words/book';
import { Details } from './details';
import { Done, type Kept } from './done';
import { lastToken } from './hold';
import { Services } from './services';
import { Summary } from './summary';
import { type StepProps, peopleFor, queryOf, readVisit, stepOf } from './visit';

export function Book({ shop }: { shop: Shop }) {
  const place = usePlace();
  const visit = readVisit(shop, place.query);
  const done = place.query.get('done');
  const kept = done ? recall<Kept>(`receipt.${shop.slug}`) : null;
  const receipt = kept?.receipt.booking.id === done ? kept : null;
  const step = stepOf(visit, receipt?.receipt ?? null);
  const props = { shop, visit, place };

  const finish = (answer: Receipt, email: string): void => {
    remember(`receipt.${shop.slug}`, { receipt: answer, email } satisfies Kept);
    place.go({ done: answer.booking.id }, 'replace');
  };

  return (
    <div class="page">
      <BusinessHeader business={shop} />
      {(step === 'time' || step === 'details') && (
        <Summary {...props} isFinal={step === 'details'} />
      )}
      <main key={step + String(visit.adding)}>
        {step === 'services' && <Services {...props} />}
        {step === 'time' && <Time {...props} />}
        {step === 'details' && <Details {...props} onBooked={finish} />}
        {receipt && <Done {...receipt} shop={shop} place={place} />}
      </main>
      <About business={shop} hours={shop.hours} closures={shop.closures} />
    </div>
  );
}

function Time({ shop, visit, place }: StepProps) {
  return (
    <>
      <BackLink place={place} to={{}} label={words.backToServices} />
      <StepHeading moved={place.moved}>{words.visitTime}</StepHeading>
      <Picker
        business={shop}
        serviceIds={visit.services.map((each) => each.id)}
        people={peopleFor(shop, visit.services)}
        staffId={visit.staffId}
        holdToken={lastToken(shop)}
        day={visit.day}
        onStaff={(staffId) => place.go(queryOf(visit, { staffId, day: null }), 'replace')}
        onDay={(day) => place.go(queryOf(visit, { day }), 'replace')}
        onPick={(slot) => {
          place.go(queryOf(visit, { day: slot.local.slice(0, 10) }), 'replace');
          place.go(queryOf(visit, { at: slot.local }), 'push');
        }}
      />
    </>
  );
}
