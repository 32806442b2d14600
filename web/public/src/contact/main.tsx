/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The contact page: starts from the data in the shell, or reads it when the shell has none. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { BusinessHeader } from '../kit/business';
import type { ContactPage } from '../kit/contract';
import { useLoad } from '../kit/load';
import { type Place, usePlace } from '../kit/place';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { recall, remember } from '../kit/store';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/contact.css';
import '../style/done.css';
import { contact as words } from '../words/contact';
import { shared } from '../words/shared';
import { Aside } from './aside';
import { Sent } from './sent';
import { Write } from './write';

function Page({ slug, first }: { slug: string; first: ContactPage | null }) {
  const load = useLoad<ContactPage>(`/public/${encodeURIComponent(slug)}/contact`, first);
  const place = usePlace();
  const accent = load.value?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (load.value) return <Contact page={load.value} place={place} />;
  return (
    <main class="narrow">
      <h1>{words.title}</h1>
      {load.problem || load.unreachable ? (
        <LoadFailed title={words.notLoaded} problem={load.problem} retry={load.reload} />
      ) : (
        <p role="status">{shared.loading}</p>
      )}
    </main>
  );
}

function Contact({ page, place }: { page: ContactPage; place: Place }) {
  const { business } = page;
  const sentTo = `contact.sent.${business.slug}`;
  /* A reload of the last screen shows it again; its address alone, sent to a friend, does not. */
  const email = place.query.has('sent') ? recall<string>(sentTo) : null;
  return (
    <div class="page">
      <BusinessHeader business={business} />
      <main key={email === null ? 'write' : 'sent'}>
        {email === null ? (
          <Write
            page={page}
            moved={place.moved}
            onSent={(address) => {
              remember(sentTo, address);
              place.go({ sent: '1' }, 'replace');
            }}
          />
        ) : (
          <Sent business={business} email={email} place={place} />
        )}
      </main>
      <Aside business={business} offersBooking={email === null} />
    </div>
  );
}

const root = document.getElementById('root');
if (root) {
  const first = shellData<ContactPage>('contact');
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page slug={decodeURIComponent(pathPart(1))} first={first} />, root);
}
