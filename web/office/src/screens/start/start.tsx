/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** From sign-up to a page that clients can book: five steps, each can be passed over and come back to. */
import './start.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { PageHead } from '../../kit/page';
import { Failed, Waiting } from '../../kit/states';
import { words } from '../../words/start';
import { SampleBand, SampleOffer } from '../sample/sample';
import { Contact } from './contact';
import { STEPS, type Step, readinessQuery, workspaceQuery } from './data';
import { Menu } from './menu';
import { Open } from './open';
import { Opening } from './opening';
import { People } from './people';

/** The check of the server's that each step settles. */
const SETTLES: Record<Step, string> = {
  menu: 'service',
  hours: 'hours',
  people: 'staff',
  contact: 'contact',
  open: '',
};

export function StartScreen() {
  const search = useSearch({ from: '/app/start' });
  const workspace = useQuery(workspaceQuery);
  const readiness = useQuery(readinessQuery);
  const navigate = useNavigate();
  if (!workspace.data || !readiness.data) {
    const failed = workspace.error ? workspace : readiness;
    return (
      <div className="page start-page">
        <PageHead title={words.title} />
        {failed.error ? (
          <Failed error={failed.error} retry={() => void Promise.all([workspace.refetch(), readiness.refetch()])} />
        ) : (
          <Waiting rows={5} height={64} />
        )}
      </div>
    );
  }
  const { checks } = readiness.data;
  const isDone = (step: Step): boolean =>
    step === 'open'
      ? (workspace.data?.published ?? false)
      : (checks.find(({ code }) => code === SETTLES[step])?.ok ?? false);
  const here = STEPS.find((each) => each === search.step) ?? STEPS.find((each) => !isDone(each)) ?? 'open';
  const next = STEPS[STEPS.indexOf(here) + 1];
  const go = (): void => void navigate({ to: '/app/start', search: { step: next ?? 'open' } });
  return (
    <div className="page start-page">
      <PageHead title={words.title} note={<span>{words.lead}</span>} />
      <SampleBand />
      <div className="start-parts">
        <Steps here={here} isDone={isDone} />
        <section className="panel start-step" key={here} aria-labelledby="step-title">
          <StepHead step={here} isFirst={search.step === undefined} />
          {here === 'menu' && <Menu workspace={workspace.data} done={go} />}
          {here === 'hours' && <Opening workspace={workspace.data} done={go} />}
          {here === 'people' && <People done={go} />}
          {here === 'contact' && <Contact workspace={workspace.data} done={go} />}
          {here === 'open' && <Open workspace={workspace.data} readiness={readiness.data} />}
          {next && (
            <Button
              className="start-skip"
              variant="subtle"
              renderRoot={(props) => <Link to="/app/start" search={{ step: next }} {...props} />}
            >
              {isDone(here) ? words.next : words.skip}
            </Button>
          )}
        </section>
      </div>
      <SampleOffer isReady={readiness.data.ready} />
    </div>
  );
}

/** The focus follows the steps, but not the first look at the page. */
function StepHead({ step, isFirst }: { step: Step; isFirst: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <>
      <h2 id="step-title" ref={heading} tabIndex={-1}>
        {words.steps[step]}
      </h2>
      <p className="soft">{words.leads[step]}</p>
    </>
  );
}

function Steps({ here, isDone }: { here: Step; isDone: (step: Step) => boolean }) {
  const list = useRef<HTMLOListElement>(null);
  /* On a phone they stand in a line that is longer than the screen. */
  useEffect(() => {
    const one = list.current?.children[STEPS.indexOf(here)];
    if (!list.current || !(one instanceof HTMLElement)) return;
    list.current.scrollLeft = one.offsetLeft - (list.current.clientWidth - one.offsetWidth) / 2;
  }, [here]);
  return (
    <nav aria-label={words.stepsLabel}>
      <ol className="start-steps" ref={list}>
        {STEPS.map((step, at) => (
          <li key={step} data-done={isDone(step) || undefined}>
            <Link
              to="/app/start"
              search={{ step }}
              activeProps={{}}
              aria-current={step === here ? 'step' : undefined}
            >
              <span className="start-mark" aria-hidden="true">
                {isDone(step) ? <Check size={15} /> : at + 1}
              </span>
              {words.steps[step]}
              {isDone(step) && <span className="unseen">{words.stepDone}</span>}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
