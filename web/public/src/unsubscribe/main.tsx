/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The page on which a client stops the letters that are not about their own visits. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import { BusinessHeader } from '../kit/business';
import type { Subscription } from '../kit/contract';
import { useLoad } from '../kit/load';
import { applyAccent, pathPart, shellData } from '../kit/shell';
import { Failure, LoadFailed, StepHeading } from '../kit/ui';
import '../style/base.css';
import '../style/page.css';
import '../style/feedback.css';
import { unsubscribe as words } from '../words/feedback';
import { shared } from '../words/shared';

interface WishProps {
  path: string;
  subscription: Subscription;
  put: (value: Subscription) => void;
}

function Wish({ path, subscription: { business, subscribed }, put }: WishProps) {
  const act = useAct();
  const [moved, setMoved] = useState(false);
  const wish = (wanted: boolean): void =>
    act.run(
      () => call<Subscription>('POST', path, { body: { subscribed: wanted } }),
      (answer) => {
        setMoved(true);
        put(answer);
      },
    );
  const heading = !subscribed ? words.stopped : moved ? words.on : words.title;
  const label = subscribed ? words.stop : words.again;
  const busy = subscribed ? words.stopping : words.starting;
  return (
    <div class="page">
      <BusinessHeader business={business} />
      <main key={String(subscribed)}>
        <StepHeading moved={moved}>{heading}</StepHeading>
        <Failure of={act} />
        <p>
          {subscribed ? words.hint(business.name) : words.stoppedHint(business.name)} {words.still}
        </p>
        <div class="actions">
          <button
            type="button"
            class={subscribed ? 'btn' : 'btn quiet'}
            aria-disabled={act.isBusy}
            onClick={() => wish(!subscribed)}
          >
            {act.isBusy ? busy : label}
          </button>
        </div>
      </main>
    </div>
  );
}

function Page({ token, first }: { token: string; first: Subscription | null }) {
  const path = `/public/unsubscribe/${encodeURIComponent(token)}`;
  const load = useLoad<Subscription>(path, first);
  const accent = load.value?.business.accent_color ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (load.value) return <Wish path={path} subscription={load.value} put={load.put} />;
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

const root = document.getElementById('root');
if (root) {
  const first = shellData<Subscription>('unsubscribe');
  applyAccent(first?.business.accent_color ?? null);
  root.replaceChildren();
  render(<Page token={decodeURIComponent(pathPart(1))} first={first} />, root);
}
