/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A form that anybody may fill in to write to a business: the contact page with its questions. */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { dropToken, openedToken } from '../contact/opened';
import { Sent } from '../contact/sent';
import { Trap } from '../contact/trap';
import { Fill } from '../form/fill';
import { type Answer, call, isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import { BusinessHeader } from '../kit/business';
import type { Answers, LeadPage } from '../kit/contract';
import { useLoad } from '../kit/load';
import { usePlace } from '../kit/place';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { recall, remember } from '../kit/store';
import { LoadFailed, StepHeading } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/form.css';
import '../style/done.css';
import { contact as words } from '../words/contact';
import { form as formWords } from '../words/form';
import { shared } from '../words/shared';

function Page({ path, first }: { path: string; first: LeadPage | null }) {
  const load = useLoad<LeadPage>(path, first);
  const accent = load.value?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (load.value) return <Lead path={path} page={load.value} reload={load.reload} />;
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

interface LeadProps {
  path: string;
  page: LeadPage;
  reload: () => void;
}

interface Kept {
  email: string;
  thanks: string;
}

function Lead({ path, page, reload }: LeadProps) {
  const { business, id } = page;
  const place = usePlace();
  /* A reload of the last screen shows it again; its address alone, sent to a friend, does not. */
  const sent = place.query.has('sent') ? recall<Kept>(`lead.sent.${id}`) : null;
  return (
    <div class="page">
      <BusinessHeader business={business} />
      <main key={sent ? 'sent' : 'fill'}>
        {sent ? (
          <Sent
            {...sent}
            business={business}
            place={place}
            title={words.answersIn}
            another={words.againForm}
          />
        ) : (
          <>
            <div>
              <StepHeading moved={place.moved}>{page.name}</StepHeading>
              <p class="sub">{words.lead}</p>
            </div>
            <Ask
              path={path}
              page={page}
              reload={reload}
              onSent={(kept) => {
                remember(`lead.sent.${id}`, kept);
                place.go({ sent: '1' }, 'replace');
              }}
            />
          </>
        )}
      </main>
    </div>
  );
}

function Ask({ path, page, reload, onSent }: LeadProps & { onSent: (kept: Kept) => void }) {
  const { business, fields, id } = page;
  const opened = `lead.opened.${id}`;
  const [website, setWebsite] = useState('');
  const [attempts] = useState(() => new Attempts(`lead.${id}`));
  const [token] = useState(() => openedToken(opened, page.token));
  const email = useRef('');

  const send = async (answers: Answers): Promise<Answer<{ thanks: string } | null>> => {
    const key = fields.find(({ type }) => type === 'email')?.key ?? '';
    email.current = String(answers[key] ?? '');
    const body = { answers, ...(website && { website }) };
    /* The same key goes with the same body, and so with the token of its first try. */
    const attempt = attempts.attemptFor(body, token);
    const answer = await call<{ thanks: string } | null>('POST', path, {
      body: { ...body, ...(attempt.token && { opened_at_token: attempt.token }) },
      idempotencyKey: attempt.key,
    });
    if (isSettled(answer)) attempts.settle();
    return answer;
  };

  return (
    <Fill
      name={`lead.${id}`}
      fields={fields}
      known={{}}
      draftPath={null}
      send={send}
      onSent={(answer) => {
        dropToken(opened);
        onSent({ email: email.current, thanks: answer?.thanks ?? '' });
      }}
      onGone={reload}
    >
      <Trap value={website} onValue={setWebsite} />
      <p class="sub">
        {formWords.seenBy(business.name)} {formWords.keptHere}
      </p>
    </Fill>
  );
}

const root = document.getElementById('root');
if (root) {
  const first = shellData<LeadPage>('lead');
  const [slug, id] = [pathPart(1), pathPart(2)].map((part) =>
    encodeURIComponent(decodeURIComponent(part)),
  );
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page path={`/public/${slug}/forms/${id}`} first={first} />, root);
}
