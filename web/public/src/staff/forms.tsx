/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The forms of a visit: what the client was asked, filling it in here, and the way to the answers. */
import { useState } from 'preact/hooks';
import type { Booking, List, Submission } from '../kit/contract';
import { follow } from '../kit/link';
import { isOpen } from '../kit/open';
import { href } from '../kit/place';
import { Alert, problemText } from '../kit/ui';
import { staff as words } from '../words/staff';
import { ask, online, useRead } from './ask';
import { Failed, at, usePortal } from './parts';
import { useStore } from './store';

export function Forms({ visit }: { visit: Booking }) {
  const read = useRead<List<Submission>>(
    `/bookings/${encodeURIComponent(visit.id)}/forms`,
    'visits',
  );
  const asked = read.value?.data.filter((each) => each.status !== 'dropped');
  /* Most visits have none: nothing stands there until it is known. */
  if (read.loading || asked?.length === 0) return null;
  return (
    <section class="panel">
      <h2>{words.forms}</h2>
      {!asked && <Failed read={read} />}
      <ul class="asked-forms">
        {asked?.map((each) => (
          <One key={each.id} visit={visit} submission={each} />
        ))}
      </ul>
    </section>
  );
}

function One({ visit, submission }: { visit: Booking; submission: Submission }) {
  const { place } = usePortal();
  const { form, status } = submission;
  const isPending = status === 'pending';
  const to = { ...at(place), visit: visit.id, form: submission.id };
  return (
    <li>
      <p>
        <strong>{form.name}</strong>{' '}
        <span class={`badge ${isPending ? 'waits' : status}`}>
          {isPending && submission.overdue ? words.formOverdue : words.formStatus[status]}
        </span>
      </p>
      {isPending && isOpen(visit) && <FillHere submission={submission} />}
      {status === 'completed' && submission.readable && (
        <a class="btn quiet" href={href(to)} onClick={follow(place, to)}>
          {form.clinical ? words.readClinical : words.readForm}
          <span class="unseen">: {form.name}</span>
        </a>
      )}
      {status === 'completed' && !submission.readable && !form.external && (
        <p class="hint">{form.clinical ? words.mayNotReadClinical : words.mayNotRead}</p>
      )}
    </li>
  );
}

/** A fresh link, opened in this tab: Back leads to the visit again. */
function FillHere({ submission }: { submission: Submission }) {
  const isOnline = useStore(online);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ text: string; turn: number } | null>(null);
  const open = async (): Promise<void> => {
    if (isBusy || !isOnline) return;
    setBusy(true);
    const path = `/submissions/${encodeURIComponent(submission.id)}/link`;
    const answer = await ask<{ url: string }>('POST', path, { body: {} });
    if (answer.kind === 'ok') {
      const url = new URL(answer.value.url);
      /* The address that clients use may be another than the one that this page came from. */
      location.assign(submission.form.external ? url.href : url.pathname);
      setBusy(false);
      return;
    }
    setBusy(false);
    const problem = answer.kind === 'problem' ? answer.problem : null;
    setFailure({ text: problemText(problem), turn: Date.now() });
  };
  return (
    <>
      {failure && (
        <Alert key={failure.turn}>
          <p>{failure.text}</p>
        </Alert>
      )}
      <button
        type="button"
        class="btn quiet"
        aria-disabled={isBusy || !isOnline}
        onClick={() => void open()}
      >
        {isBusy ? words.openingForm : words.fillHere}
        <span class="unseen">: {submission.form.name}</span>
      </button>
      <p class="hint">{isOnline ? words.fillHereHint : words.needsConnection}</p>
    </>
  );
}
