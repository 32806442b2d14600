/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the client was told, what was held back and why, and what is still to come. */
import { useQuery } from '@tanstack/react-query';
import type { BookingMessage } from '../../kit/contract';
import { Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { words } from '../../words/visit';
import { messagesQuery } from './data';

const TONES = { planned: undefined, queued: 'warn', sent: 'good', failed: 'bad', suppressed: undefined } as const;

export function Told({ id }: { id: string }) {
  const { data, isPending, error, refetch } = useQuery(messagesQuery(id));
  return (
    <section className="visit-part">
      <h3>{words.messages}</h3>
      {isPending && <Waiting rows={2} height={40} />}
      {error && !data && <Failed error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="soft">{words.noMessages}</p>}
      {data && data.length > 0 && (
        <ul className="visit-list">
          {data.map((one) => (
            <Letter key={one.email_id ?? `${one.kind}${one.due_at}`} letter={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

const reasons: Partial<Record<string, string>> = words.reasons;
const kinds: Partial<Record<string, string>> = words.kinds;

function Letter({ letter }: { letter: BookingMessage }) {
  const at = letter.sent_at ?? letter.due_at;
  const why = letter.reason ? (reasons[letter.reason] ?? letter.reason) : null;
  return (
    <li>
      <div>
        <strong>{kinds[letter.kind] ?? letter.subject ?? letter.kind}</strong>
        <p className="soft">
          {at && <span>{dateTime(at)}</span>}
          {why && <span>{why}</span>}
          {letter.state === 'failed' && letter.last_error && <span>{letter.last_error}</span>}
          {letter.told_by && <span>{words.toldBy(letter.told_by)}</span>}
        </p>
      </div>
      <span className="chip" data-tone={letter.not_told ? 'bad' : TONES[letter.state]}>
        {letter.not_told ? words.notTold : words.letter[letter.state]}
      </span>
    </li>
  );
}
