/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What the diary and the robot put to the owner: visits to mark and those that something has to come
 * before, people who were not told, ratings to
 * answer, and work that failed. Each is settled where it stands. A row that goes hands the focus to
 * the one that takes its place, and the panel says what has come of it.
 */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { ago } from '../kit/ago';
import { type Answer, call } from '../kit/api';
import type { Booking, Gate, Job, List, Rating, Untold, Workspace } from '../kit/contract';
import { clock, dateOf, dayMedium } from '../kit/format';
import { type Loaded, useLoad } from '../kit/load';
import { Stars } from '../kit/stars';
import { tel } from '../kit/tel';
import { LoadFailed, problemText } from '../kit/ui';
import { attention as words } from '../words/attention';
import { shared } from '../words/shared';

const SHOWN = 5;
const READ = 50;
/** A letter that goes again is taken or refused by then. */
const LETTER_MS = 3000;
const TITLE = 'attention-title';

const isEmpty = ({ value, problem, unreachable }: Loaded<List<unknown>>): boolean =>
  value?.data.length === 0 && !problem && !unreachable;

export function Attention({ workspace: { locale } }: { workspace: Workspace }) {
  const visits = useLoad<List<Booking>>(`/bookings?unmarked=true&limit=${READ}`);
  const gates = useLoad<List<Booking>>(`/bookings?gates=urgent&limit=${READ}`);
  const untold = useLoad<List<Untold>>(`/emails/not-told?limit=${READ}`);
  const ratings = useLoad<List<Rating>>(`/ratings?attention=true&limit=${READ}`);
  const jobs = useLoad<List<Job>>(`/jobs?limit=${READ}`);
  const [said, say] = useState('');

  const all: Loaded<List<unknown>>[] = [visits, gates, untold, ratings, jobs];
  const isLoading = all.some((each) => each.loading);
  const waits = all.some((each) => !each.loading && !isEmpty(each));
  return (
    <section class={`panel attention${waits ? ' waits' : ''}`} aria-labelledby={TITLE}>
      <div class="row">
        <h2 id={TITLE} tabIndex={-1}>
          {words.title}
        </h2>
        <p role="status" class="said">
          {said}
        </p>
      </div>
      {isLoading && !waits && <p role="status">{shared.loading}</p>}
      {!isLoading && !waits && <p class="sub">{words.none}</p>}
      {waits && (
        <div class="groups">
          <Group
            title={words.visits}
            failed={words.visitsFailed}
            load={visits}
            idOf={(each) => each.id}
            locale={locale}
            onSaid={say}
            Each={Visit}
          />
          <Group
            title={words.gates}
            failed={words.gatesFailed}
            load={gates}
            idOf={(each) => each.id}
            locale={locale}
            onSaid={say}
            Each={GateUnmet}
          />
          <Group
            title={words.untold}
            failed={words.untoldFailed}
            load={untold}
            idOf={(each) => each.email_id}
            locale={locale}
            onSaid={say}
            Each={NotTold}
          />
          <Group
            title={words.ratings}
            failed={words.ratingsFailed}
            load={ratings}
            idOf={(each) => each.id}
            locale={locale}
            onSaid={say}
            Each={LowRating}
          />
          <Group
            title={words.jobs}
            failed={words.jobsFailed}
            load={jobs}
            idOf={(each) => each.id}
            locale={locale}
            onSaid={say}
            Each={GivenUp}
          />
        </div>
      )}
    </section>
  );
}

/* ---- a list, and what its rows have in common ---- */

interface Common {
  /** It is settled: the row goes. `later` waits with reading again, for what takes a moment. */
  onDone: (said: string, later?: boolean) => void;
  /** Somebody else has changed it meanwhile. */
  onStale: () => void;
  onSaid: (said: string) => void;
}

interface EachProps<T> extends Common {
  of: T;
  locale: string;
}

interface GroupProps<T> {
  title: string;
  failed: string;
  load: Loaded<List<T>>;
  idOf: (each: T) => string;
  locale: string;
  onSaid: (said: string) => void;
  Each: FunctionComponent<EachProps<T>>;
}

function Group<T>({ title, failed, load, idOf, locale, onSaid, Each }: GroupProps<T>) {
  const [isWhole, setWhole] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const all = load.value?.data ?? [];
  const shown = isWhole ? all : all.slice(0, SHOWN);
  const hidden = all.length - shown.length;
  /* The button that shows the rest goes with it. */
  useLayoutEffect(() => {
    if (isWhole) focusRow(list.current, SHOWN);
  }, [isWhole]);
  const take = (id: string): void => {
    if (load.value) load.put({ ...load.value, data: all.filter((each) => idOf(each) !== id) });
  };
  /* The button goes with what it says. */
  const retry = (): void => {
    focusRow(null, 0);
    load.reload();
  };
  const hasFailed = load.problem !== null || load.unreachable;
  if (shown.length === 0 && !hasFailed) return null;
  return (
    <div>
      <h3>{title}</h3>
      {hasFailed && <LoadFailed title={failed} problem={load.problem} retry={retry} />}
      <ul class="rows" ref={list}>
        {shown.map((each) => {
          const id = idOf(each);
          return (
            <Each
              key={id}
              of={each}
              locale={locale}
              onSaid={onSaid}
              onStale={load.refresh}
              onDone={(said, later) => {
                onSaid(said);
                take(id);
                if (later) setTimeout(load.refresh, LETTER_MS);
                else load.refresh();
              }}
            />
          );
        })}
      </ul>
      {hidden > 0 && (
        <button type="button" class="btn quiet" onClick={() => setWhole(true)}>
          {words.more(hidden)}
        </button>
      )}
      {hidden === 0 && load.value?.next_cursor && <p class="sub">{words.behind}</p>}
    </div>
  );
}

/** The row at a place, else the last one, else the panel's own heading. */
function focusRow(list: Element | null, place: number): void {
  const row = list?.isConnected ? (list.children[place] ?? list.lastElementChild) : null;
  (row?.querySelector('button') ?? document.getElementById(TITLE))?.focus();
}

interface Action {
  label: string;
  send: () => Promise<Answer<unknown>>;
  said: string;
  later?: boolean;
}

interface RowProps extends Common {
  /** Whom or what it is about: the buttons of all rows say the same, so each names its own. */
  about: string;
  actions: Action[];
  children: ComponentChildren;
}

const STALE = new Set([404, 409, 412]);
/** Nobody was quicker: something has to come first, as it says. */
const STANDS = 'gate_unmet';

function Row({ about, actions, children, onDone, onStale, onSaid }: RowProps) {
  const act = useAct();
  const [chosen, setChosen] = useState('');
  const item = useRef<HTMLLIElement>(null);
  const { failure } = act;
  const isStale =
    STALE.has(failure?.problem?.status ?? 0) && failure?.problem?.code !== STANDS;

  useEffect(() => {
    if (isStale) onStale();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [failure]);

  /* Its going is noticed here and not where it was caused, since a list that is read again takes rows
   * away as well. */
  const last = useRef({ isStale, about, onSaid });
  last.current = { isStale, about, onSaid };
  useLayoutEffect(() => {
    const row = item.current;
    return () => {
      const { current } = last;
      if (current.isStale) current.onSaid(words.meanwhile(current.about));
      if (!row?.contains(document.activeElement)) return;
      const list = row.parentElement;
      const place = [...(list?.children ?? [])].indexOf(row);
      queueMicrotask(() => focusRow(list, place));
    };
  }, []);

  /* The second half of a double click falls on the row that has moved up, which nobody meant. */
  const start = (event: MouseEvent, { label, send, said, later }: Action): void => {
    if (event.detail > 1) return;
    setChosen(label);
    act.run(send, () => onDone(said, later));
  };
  return (
    <li ref={item}>
      <div class="detail">{children}</div>
      <div class="actions">
        {actions.map((each) => (
          <button
            key={each.label}
            type="button"
            class="btn quiet"
            aria-label={`${each.label}: ${about}`}
            aria-disabled={act.isBusy}
            onKeyDown={withoutRepeat}
            onClick={(event) => start(event, each)}
          >
            {act.isBusy && chosen === each.label ? words.working : each.label}
          </button>
        ))}
      </div>
      {failure && (
        <p class="error" role="alert" key={failure.turn}>
          {problemText(failure.problem)}
        </p>
      )}
    </li>
  );
}

/** A key that is held down would go through the whole list. */
function withoutRepeat(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}

/* ---- the five kinds ---- */

const whenOf = ({ local }: Booking, locale: string): string =>
  `${dayMedium(dateOf(local), locale)}, ${clock(local, locale)}`;

const servicesOf = ({ services, staff }: Booking): string =>
  words.visit(services.map(({ name }) => name).join(' + '), staff.name);

function Visit({ of: visit, locale, ...common }: EachProps<Booking>) {
  const { client, version } = visit;
  const when = whenOf(visit, locale);
  const mark = (as: string) => () => call('POST', `/bookings/${visit.id}/${as}`, { version });
  return (
    <Row
      {...common}
      about={`${client.name}, ${when}`}
      actions={[
        { label: words.completed, send: mark('complete'), said: words.completedSaid(client.name) },
        { label: words.noShow, send: mark('no-show'), said: words.noShowSaid(client.name) },
      ]}
    >
      <strong>{client.name}</strong>
      <span class="sub">
        <time datetime={visit.start}>{when}</time> · {servicesOf(visit)}
      </span>
    </Row>
  );
}

function GateUnmet({ of: visit, locale, ...common }: EachProps<Booking>) {
  const gates = useLoad<List<Gate>>(`/bookings/${visit.id}/gates`).value?.data ?? [];
  const unmet = gates.filter(({ ok }) => !ok);
  const { client } = visit;
  const when = whenOf(visit, locale);
  return (
    <Row {...common} about={`${client.name}, ${when}`} actions={[]}>
      <strong>{client.name}</strong>
      <span class="sub">
        <time datetime={visit.start}>{when}</time> · {servicesOf(visit)}
      </span>
      {unmet.length === 0 && <p>{words.gateUnmet}</p>}
      {unmet.map((gate) => (
        <p key={`${gate.kind} ${gate.service_id ?? gate.form_id}`}>
          {gate.why} {gate.book_url && <a href={gate.book_url}>{words.bookFirst(gate.name)}</a>}
        </p>
      ))}
      {client.phone && <a href={tel(client.phone)}>{shared.call(client.phone)}</a>}
    </Row>
  );
}

function NotTold({ of: letter, ...common }: EachProps<Untold>) {
  const { client, next_step: step, email_id: id } = letter;
  const told = {
    label: words.told,
    send: () => call('POST', `/emails/${id}/told`, { body: { how: words.toldHow } }),
    said: words.toldSaid(client.name),
  };
  const retry = {
    label: shared.tryAgain,
    send: () => call('POST', `/emails/${id}/retry`),
    said: words.resentSaid(client.name),
    later: true,
  };
  return (
    <Row
      {...common}
      about={`${client.name}, ${letter.subject}`}
      actions={step.code === 'retry' ? [told, retry] : [told]}
    >
      <strong>{client.name}</strong>
      <span class="sub">{words.letter(letter.subject)}</span>
      <p>
        {letter.why} {step.message}
      </p>
      {client.phone && <a href={tel(client.phone)}>{shared.call(client.phone)}</a>}
    </Row>
  );
}

function LowRating({ of: rating, ...common }: EachProps<Rating>) {
  const { id, client, staff, version } = rating;
  const handle = () => call('PATCH', `/ratings/${id}`, { body: { handled: true }, version });
  return (
    <Row
      {...common}
      about={client.name}
      actions={[{ label: words.seen, send: handle, said: words.seenSaid(client.name) }]}
    >
      <strong>
        <Stars count={rating.stars} /> {client.name}
      </strong>
      <span class="sub">
        {words.visit(rating.services.join(' + '), staff.name)} · {ago(rating.changed_at)}
      </span>
      {rating.comment && <p class="words">{rating.comment}</p>}
    </Row>
  );
}

function GivenUp({ of: job, locale, ...common }: EachProps<Job>) {
  /* It is told by its ids alone. Where the visit is gone, the kind has to do. */
  const visit = useLoad<Booking>(job.booking_id && `/bookings/${job.booking_id}`).value;
  const what = words.job[job.kind] ?? words.otherJob;
  const about = visit ? `${visit.client.name}, ${whenOf(visit, locale)}` : '';
  return (
    <Row
      {...common}
      about={about ? `${what}, ${about}` : what}
      actions={[
        {
          label: shared.tryAgain,
          send: () => call('POST', `/jobs/${job.id}/retry`, { version: job.version }),
          said: words.jobSaid(what),
        },
      ]}
    >
      <strong>{what}</strong>
      {about && <span class="sub">{about}</span>}
      <p>{job.last_error ?? words.noReason}</p>
      <span class="sub">{words.tries(job.attempts, ago(job.ended_at ?? job.due_at))}</span>
    </Row>
  );
}
