/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Answers under the questions as they were asked. */
import type { FormField, Submission } from '../../kit/contract';
import { dateTime } from '../../kit/time';
import { words } from '../../words/forms';

type All = NonNullable<Submission['answers']>;
type Answer = All[string];
type Signature = Extract<Answer, { name: string }>;

export function Answers({ fields, answers }: { fields: FormField[]; answers: All }) {
  return (
    <div className="answers">
      {fields.map((field) =>
        field.type === 'section' ? (
          <h3 key={field.key}>{field.label}</h3>
        ) : (
          <dl key={field.key}>
            <dt>{field.label}</dt>
            <dd>
              <One answer={answers[field.key]} />
            </dd>
          </dl>
        ),
      )}
    </div>
  );
}

function One({ answer }: { answer: Answer | undefined }) {
  if (answer === undefined || answer === '') return <span className="soft">{words.noAnswer}</span>;
  if (typeof answer === 'boolean') return <>{answer ? words.yes : words.no}</>;
  if (Array.isArray(answer)) return <>{answer.join(', ')}</>;
  if (typeof answer === 'object') return <Signed signature={answer} />;
  return <>{String(answer)}</>;
}

function Signed({ signature: { name, drawing, signed_at: at } }: { signature: Signature }) {
  return (
    <>
      {drawing && (
        <svg
          className="signature"
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          role="img"
          aria-label={words.signature(name)}
        >
          {drawing.strokes.map((stroke, turn) => (
            // oxlint-disable-next-line react/no-array-index-key -- strokes are never moved
            <polyline key={turn} points={stroke.join(' ')} />
          ))}
        </svg>
      )}
      <span>{at ? words.signed(name, dateTime(at)) : name}</span>
    </>
  );
}
