/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What has been with a client: visits, letters, forms, ratings. Which of them, stands in the address. */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { CalendarDays, ClipboardList, type LucideIcon, Mail, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { Empty, Failed, Waiting } from '../../kit/states';
import { brief, date, dateTime, money } from '../../kit/time';
import { EXACT } from '../../kit/tab_link';
import { words } from '../../words/clients';
import { formsQuery, lettersQuery, ratingsQuery, visitsQuery } from './history_data';

const TABS = ['visits', 'messages', 'forms', 'ratings'] as const;
type Tab = (typeof TABS)[number];

const LISTS: Record<Tab, (props: { id: string }) => ReactNode> = {
  visits: Visits,
  messages: Letters,
  forms: Forms,
  ratings: Ratings,
};

export function History({ id }: { id: string }) {
  const search = useSearch({ from: '/app/clients/$id' });
  const tab = TABS.find((each) => each === search.tab) ?? 'visits';
  const Chosen = LISTS[tab];
  return (
    <section className="panel history" aria-label={words.history}>
      <nav aria-label={words.history}>
        <ul className="tabs">
          {TABS.map((each) => (
            <li key={each}>
              <Link
                to="."
                search={(last) => ({ ...last, tab: each === 'visits' ? undefined : each })}
                resetScroll={false}
                replace
                activeOptions={EXACT}
                className="tab"
                aria-current={each === tab ? 'true' : undefined}
              >
                {words.tabs[each]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Chosen id={id} />
    </section>
  );
}

interface ListProps<T> {
  read: { data: T[] | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  icon: LucideIcon;
  empty: [string, string];
  children: (one: T) => ReactNode;
}

/** The four states that each of the lists has. */
function List<T>({ read, icon, empty: [title, text], children }: ListProps<T>) {
  if (read.isPending) return <Waiting rows={3} height={48} />;
  if (!read.data) return <Failed error={read.error} retry={() => void read.refetch()} />;
  if (read.data.length === 0) return <Empty icon={icon} title={title} text={text} />;
  return <ul className="happened">{read.data.map((one) => children(one))}</ul>;
}

const VISIT_TONES = {
  pending: 'warn',
  confirmed: 'accent',
  completed: 'good',
  cancelled: undefined,
  no_show: 'bad',
} as const;

function Visits({ id }: { id: string }) {
  const read = useQuery(visitsQuery(id));
  return (
    <List read={read} icon={CalendarDays} empty={[words.noVisits, words.noVisitsText]}>
      {(visit) => (
        <li key={visit.id}>
          <div>
            <strong>{visit.services.map((service) => service.name).join(', ')}</strong>
            <p>
              {dateTime(visit.start)} · {words.withStaff(visit.staff.name)}
            </p>
            {visit.notes && <p className="happened-note">{visit.notes}</p>}
          </div>
          <span className="happened-end">
            <span className="chip" data-tone={VISIT_TONES[visit.status]}>
              {words.visitStatus[visit.status]}
            </span>
            <span>{money(visit.price)}</span>
          </span>
        </li>
      )}
    </List>
  );
}

const LETTER_TONES = { planned: undefined, queued: 'warn', sent: undefined, failed: 'bad', suppressed: 'warn' } as const;

function Letters({ id }: { id: string }) {
  const read = useQuery(lettersQuery(id));
  return (
    <List read={read} icon={Mail} empty={[words.noLetters, words.noLettersText]}>
      {(letter) => {
        const at = letter.sent_at ?? letter.due_at;
        return (
          <li key={letter.email_id ?? `${letter.kind}${letter.due_at}`}>
            <div>
              <strong>{letter.subject ?? letter.kind}</strong>
              {at && <p>{dateTime(at)}</p>}
              {letter.reason && <p className="happened-note">{letter.reason}</p>}
            </div>
            <span className="happened-end">
              <span className="chip" data-tone={LETTER_TONES[letter.state]}>
                {words.letterStatus[letter.state]}
              </span>
            </span>
          </li>
        );
      }}
    </List>
  );
}

const FORM_TONES = { pending: 'warn', completed: 'good', dropped: undefined } as const;

function Forms({ id }: { id: string }) {
  const read = useQuery(formsQuery(id));
  return (
    <List read={read} icon={ClipboardList} empty={[words.noForms, words.noFormsText]}>
      {(form) => (
        <li key={form.id}>
          <div>
            <strong>
              <Link to="/app/forms/$id" params={{ id: form.form.id }} search={{ tab: 'answers', show: form.id }}>
                {form.form.name}
              </Link>
            </strong>
            <p>{date(form.completed_at ?? form.asked_at)}</p>
          </div>
          <span className="happened-end">
            <span className="chip" data-tone={form.overdue ? 'bad' : FORM_TONES[form.status]}>
              {form.overdue ? words.formOverdue : words.formStatus[form.status]}
            </span>
          </span>
        </li>
      )}
    </List>
  );
}

function Ratings({ id }: { id: string }) {
  const read = useQuery(ratingsQuery(id));
  return (
    <List read={read} icon={Star} empty={[words.noRatings, words.noRatingsText]}>
      {(rating) => (
        <li key={rating.id}>
          <div>
            <span className="stars" role="img" aria-label={words.stars(rating.stars)}>
              {'★'.repeat(rating.stars)}
              {'☆'.repeat(5 - rating.stars)}
            </span>
            {rating.comment && <p className="happened-said">{rating.comment}</p>}
            <p>
              {rating.services.join(', ')} · {words.withStaff(rating.staff.name)}
            </p>
          </div>
          <span className="happened-end">{brief(rating.at)}</span>
        </li>
      )}
    </List>
  );
}
