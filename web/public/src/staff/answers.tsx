/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What a client has answered, under the questions as they were asked. Read once and not again by
 * itself: each reading of clinical answers is written down.
 */
import { useEffect, useState } from 'preact/hooks';
import { shownFields } from '../form/shown';
import { pathOf } from '../form/stroke';
import { firstFilling } from '../form/filling';
import type { Answer } from '../kit/api';
import type { Answers, FormField, Signed, SubmissionWhole } from '../kit/contract';
import { BackLink } from '../kit/link';
import { staff as words } from '../words/staff';
import { ask } from './ask';
import { Failed, Heading, Skeleton, at, usePortal } from './parts';
import { useInstant } from './instant';

/** Null while it is on its way. */
function useOnce<T>(path: string): [Answer<T> | null, () => void] {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void ask<T>('GET', path, { signal: abort.signal }).then((said) => {
      if (!abort.signal.aborted) setAnswer(said);
    });
    return () => abort.abort();
  }, [path, turn]);
  return [
    answer,
    () => {
      setAnswer(null);
      setTurn(turn + 1);
    },
  ];
}

export function AnswersPage({ id, visitId }: { id: string; visitId: string }) {
  const { place } = usePortal();
  const [answer, again] = useOnce<SubmissionWhole>(`/submissions/${encodeURIComponent(id)}`);
  const back = { ...at(place), visit: visitId };
  const value = answer?.kind === 'ok' ? answer.value : null;
  const isGone = answer?.kind === 'problem' && answer.problem.status === 404;
  const failed = {
    problem: answer?.kind === 'problem' ? answer.problem : null,
    unreachable: answer?.kind === 'unreachable',
    reload: again,
  };
  return (
    <>
      <BackLink place={place} to={back} label={value?.client.name ?? words.back} />
      <Heading>{value?.form.name ?? (isGone ? words.formGone : words.forms)}</Heading>
      {answer === null && <Skeleton />}
      {isGone && <p>{words.formGoneHint}</p>}
      {answer && !value && !isGone && <Failed read={failed} />}
      {value && <Given submission={value} />}
    </>
  );
}

function Given({ submission }: { submission: SubmissionWhole }) {
  const instant = useInstant();
  const { answers, fields, completed_at: doneAt, completed_by: by } = submission;
  return (
    <>
      {doneAt && (
        <p class="sub">
          {words.answeredBy(by && by !== 'client' ? by : words.theClient, instant(doneAt))}
        </p>
      )}
      {answers ? (
        <>
          <Questions fields={fields} answers={answers} />
          <div class="actions">
            <a
              class="btn quiet"
              href={`/api/v1/submissions/${encodeURIComponent(submission.id)}/form.pdf`}
              download
            >
              {words.pdf}
            </a>
          </div>
        </>
      ) : (
        <p>{submission.form.clinical ? words.mayNotReadClinical : words.mayNotRead}</p>
      )}
    </>
  );
}

/** What a condition hid was never asked. */
function Questions({ fields, answers }: { fields: FormField[]; answers: Answers }) {
  return (
    <dl class="answers panel">
      {shownFields(fields, firstFilling(fields, answers, null)).map((field) =>
        field.type === 'section' ? (
          <div key={field.key} class="part">
            <dt>
              <h2>{field.label}</h2>
            </dt>
            <dd class="sub">{field.help}</dd>
          </div>
        ) : (
          <div key={field.key}>
            <dt>{field.label}</dt>
            <dd>
              <Value value={answers[field.key]} type={field.type} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** With its year: a date of birth is one. */
const dateText = (date: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00Z`),
  );

function Value({ value, type }: { value: Answers[string] | undefined; type: FormField['type'] }) {
  const { locale } = usePortal().member.workspace;
  if (value === undefined || value === '') return <span class="sub">{words.noAnswer}</span>;
  if (typeof value === 'boolean') return <b>{value ? words.yes : words.no}</b>;
  if (Array.isArray(value)) return <b>{value.join(', ')}</b>;
  if (typeof value === 'object') return <Signature signed={value} />;
  return <b class="quote">{type === 'date' ? dateText(String(value), locale) : String(value)}</b>;
}

function Signature({ signed }: { signed: Signed }) {
  const instant = useInstant();
  const { drawing, name, signed_at: signedAt, text } = signed;
  return (
    <>
      {drawing && (
        <svg
          class="signature"
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          role="img"
          aria-label={words.signatureOf(name)}
        >
          <path d={pathOf(drawing.strokes)} />
        </svg>
      )}
      <b>{name}</b> {signedAt && <span class="sub">{words.signedAt(instant(signedAt))}</span>}
      {text && (
        <details>
          <summary>{words.signedText}</summary>
          <p class="quote sub">{text}</p>
        </details>
      )}
    </>
  );
}
