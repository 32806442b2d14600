/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The form itself. What is wrong is listed above it, each a way to its question. What is typed is
 * kept on the way (draft.ts), and forgotten when it has been sent.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Answer } from '../kit/api';
import type { Answers, FormField, Problem } from '../kit/contract';
import { recall } from '../kit/store';
import { Alert, Failure, Submit } from '../kit/ui';
import { form as words } from '../words/form';
import { Control, idOf } from './control';
import { type DraftState, useDraft } from './draft';
import { type Errors, answersOf, check, draftOf, firstFilling } from './filling';
import { shownFields } from './shown';
import type { Filling, Value } from './value';

interface FillProps<T> {
  /** What the tab keeps this filling under. */
  name: string;
  fields: FormField[];
  known: Answers;
  /** Where what is typed is saved until it is sent; null: in the tab alone. */
  draftPath: string | null;
  send: (answers: Answers) => Promise<Answer<T>>;
  onSent: (value: T) => void;
  /** The form cannot be filled in any more. */
  onGone: () => void;
  /** What stands before the button. */
  children: ComponentChildren;
}

interface Refused {
  errors: Errors;
  /** What no question explains. */
  failure: { problem: Problem | null; turn: number } | null;
  turn: number;
}

const FINE: Refused = { errors: {}, failure: null, turn: 0 };

export function Fill<T>(props: FillProps<T>) {
  const { name, fields } = props;
  const [filling, setFilling] = useState<Filling>(() =>
    firstFilling(fields, props.known, recall<Filling>(name)),
  );
  const [refused, setRefused] = useState<Refused>(FINE);
  const [isSending, setSending] = useState(false);
  const inFlight = useRef(false);
  const draft = useDraft(name, props.draftPath, props.onGone);
  const shown = shownFields(fields, filling);

  const edit = (key: string, value: Value): void => {
    const next = { ...filling, [key]: value };
    setFilling(next);
    draft.keep(next, draftOf(fields, next));
    if (refused.errors[key]) {
      setRefused({ ...refused, errors: { ...refused.errors, [key]: '' } });
    }
  };

  const tell = (problem: Problem | null): void => {
    const turn = Date.now();
    const told = problem ? explained(problem, fields) : {};
    const isExplained = Object.keys(told).length > 0;
    setRefused({ errors: told, failure: isExplained ? null : { problem, turn }, turn });
  };

  const send = async (): Promise<void> => {
    if (inFlight.current) return;
    const errors = check(fields, filling);
    setRefused({ errors, failure: null, turn: Date.now() });
    if (Object.keys(errors).length > 0) return;

    inFlight.current = true;
    setSending(true);
    const answer = await props.send(answersOf(fields, filling));
    inFlight.current = false;
    setSending(false);
    if (answer.kind === 'ok') {
      draft.drop();
      props.onSent(answer.value);
    } else if (answer.kind === 'problem' && answer.problem.status === 409) {
      draft.drop();
      props.onGone();
    } else {
      tell(answer.kind === 'problem' ? answer.problem : null);
    }
  };

  return (
    <>
      <Summary fields={shown} refused={refused} />
      <Failure of={refused} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {sectionsOf(shown).map(({ section, questions }) => (
          <Section key={section?.key ?? ''} section={section}>
            {questions.map((field) => (
              <Control
                key={field.key}
                field={field}
                value={filling[field.key] ?? ''}
                error={refused.errors[field.key]}
                onValue={(value) => edit(field.key, value)}
              />
            ))}
          </Section>
        ))}
        {props.children}
        <div class="actions">
          <Submit isSending={isSending} label={words.send} busy={words.sending} />
        </div>
        <Kept state={draft.state} />
      </form>
    </>
  );
}

/** Also what is wrong within an answer: `answers.signed.name` is about the question `signed`. */
function explained(problem: Problem, fields: FormField[]): Errors {
  const errors: Errors = {};
  for (const { path, message } of problem.errors) {
    const [, key = ''] = path.split('.');
    if (fields.some((field) => field.key === key)) errors[key] ??= message;
  }
  return errors;
}

interface Part {
  section: FormField | null;
  questions: FormField[];
}

function sectionsOf(fields: FormField[]): Part[] {
  const parts: Part[] = [{ section: null, questions: [] }];
  for (const field of fields) {
    if (field.type === 'section') parts.push({ section: field, questions: [] });
    else parts.at(-1)?.questions.push(field);
  }
  return parts.filter(({ section, questions }) => section || questions.length > 0);
}

function Section({ section, children }: { section: FormField | null; children: ComponentChildren }) {
  if (!section) return <>{children}</>;
  const id = idOf(section.key);
  return (
    <section class="part" aria-labelledby={id}>
      <div>
        <h3 id={id}>{section.label}</h3>
        {section.help && <p class="sub">{section.help}</p>}
      </div>
      {children}
    </section>
  );
}

/** Seen and not read out, since it changes with every pause; that it fails is. */
function Kept({ state }: { state: DraftState }) {
  return (
    <p class={`kept ${state}`} role={state === 'unsaved' ? 'status' : undefined}>
      {state === 'none' ? '' : words[state]}
    </p>
  );
}

function Summary({ fields, refused }: { fields: FormField[]; refused: Refused }) {
  const wrong = fields.filter(({ key }) => refused.errors[key]);
  if (wrong.length === 0) return null;
  return (
    <Alert key={refused.turn}>
      <p>
        <strong>{words.summary(wrong.length)}</strong>
      </p>
      <ul>
        {wrong.map(({ key, label }) => (
          <li key={key}>
            <a
              href={`#${idOf(key)}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(idOf(key))?.focus();
              }}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
