/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The page behind the link to a form. Shell data first; a refocus reads it again. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../kit/api';
import { BusinessHeader, ReachOut } from '../kit/business';
import type { FormPage } from '../kit/contract';
import { clock, dateOf, dayLong } from '../kit/format';
import { useLoad } from '../kit/load';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { LoadFailed, StepHeading } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/form.css';
import { form as words } from '../words/form';
import { shared } from '../words/shared';
import { Fill } from './fill';

function Page({ token, first }: { token: string; first: FormPage | null }) {
  const load = useLoad<FormPage>(`/public/forms/${encodeURIComponent(token)}`, first);
  const page = load.value;
  const accent = page?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);
  const [moved, setMoved] = useState(false);

  if (page) {
    return (
      <div class="page">
        <BusinessHeader business={page.business} />
        <main key={page.status}>
          <Body
            token={token}
            page={page}
            moved={moved}
            put={(value) => {
              setMoved(true);
              load.put(value);
            }}
            reload={() => {
              setMoved(true);
              load.reload();
            }}
          />
        </main>
      </div>
    );
  }
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

interface BodyProps {
  token: string;
  page: FormPage;
  moved: boolean;
  put: (page: FormPage) => void;
  reload: () => void;
}

function Body({ token, page, moved, put, reload }: BodyProps) {
  const { business, local, name, status } = page;
  if (status !== 'pending') {
    const isDone = status === 'completed';
    return (
      <>
        <StepHeading moved={moved}>{isDone ? words.done : words.closed}</StepHeading>
        {isDone && page.thanks && <p class="thanks">{page.thanks}</p>}
        <p>{isDone ? words.doneHint(business.name) : words.closedHint}</p>
        <div class="actions">
          <ReachOut business={business} />
        </div>
      </>
    );
  }
  return (
    <>
      <div>
        <StepHeading moved={moved}>{name}</StepHeading>
        <p class="sub">
          {words.visit(dayLong(dateOf(local), business.locale), clock(local, business.locale))}
        </p>
      </div>
      {page.external_url ? (
        <Elsewhere business={business} url={page.external_url} />
      ) : (
        <Questions token={token} page={page} put={put} reload={reload} />
      )}
    </>
  );
}

function Questions({ token, page, put, reload }: Omit<BodyProps, 'moved'>) {
  const path = `/public/forms/${encodeURIComponent(token)}`;
  return (
    <>
      {page.saved_at && <p class="begun">{words.begun}</p>}
      <Fill<FormPage>
        name={`form.${token}`}
        fields={page.fields}
        known={page.answers}
        draftPath={`${path}/draft`}
        send={(answers) => call('POST', path, { body: { answers } })}
        onSent={put}
        onGone={reload}
      >
        <p class="sub">
          {words.seenBy(page.business.name)} {words.kept}
        </p>
      </Fill>
    </>
  );
}

function Elsewhere({ business, url }: { business: FormPage['business']; url: string }) {
  return (
    <>
      <p>{words.elsewhere(business.name)}</p>
      <div class="actions">
        <a class="btn" href={url} target="_blank" rel="noopener noreferrer">
          {words.openElsewhere}
        </a>
        <ReachOut business={business} />
      </div>
    </>
  );
}

const root = document.getElementById('root');
if (root) {
  const first = shellData<FormPage>('form');
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page token={decodeURIComponent(pathPart(1))} first={first} />, root);
}
