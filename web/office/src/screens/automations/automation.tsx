/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One automation: when it goes and in which words, beside the letter as a client would get it. */
import './automations.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, SearchX } from 'lucide-react';
import { PageHead } from '../../kit/page';
import { Empty, Failed, Waiting } from '../../kit/states';
import { words } from '../../words/automations';
import { type Automation, listQuery } from './data';
import { Editor } from './editor';
import { Preview } from './preview';
import { useDraft } from './draft';
import { whenOf } from './when';

export function AutomationScreen() {
  const { key } = useParams({ from: '/app/automations/$key' });
  const { data, error, isPending, refetch } = useQuery(listQuery);
  const found = data?.find((each) => each.key === key);
  const back = (
    <Link to="/app/automations">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.title}
    </Link>
  );
  if (found) return <One key={found.key} of={found} back={back} />;
  return (
    <div className="page">
      <PageHead title={words.automationTitle} back={back} />
      {isPending && <Waiting rows={5} />}
      {!isPending && !data && <Failed error={error} retry={() => void refetch()} />}
      {data && <Empty icon={SearchX} title={words.gone} text={words.goneText} />}
    </div>
  );
}

function One({ of, back }: { of: Automation; back: React.ReactNode }) {
  const draft = useDraft(of);
  const { name } = words.kinds[of.key];
  return (
    <div className="page automations">
      <PageHead title={name} back={back} note={<span>{whenOf(of)}</span>} />
      <div className="automation" data-single={of.subject === null || undefined}>
        <Editor of={of} draft={draft} />
        {of.subject !== null && <Preview of={of} draft={draft} />}
      </div>
    </div>
  );
}
