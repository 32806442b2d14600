/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a form is for, who reads it, and where it can be reached. */
import { Button, NativeSelect, Switch, TextInput, Textarea } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useToast } from '../../kit/toast';
import { session } from '../../shell/session';
import { words } from '../../words/forms';
import type { Building } from './building';
import type { Draft } from './draft';

const KINDS = Object.keys(words.kinds) as Draft['kind'][];

export function Settings({ building, formId }: { building: Building; formId: string | null }) {
  const { draft, faults, edit } = building;
  const toggle = (name: 'active' | 'every_visit' | 'clinical' | 'staff_reads' | 'public') => ({
    checked: draft[name],
    error: faults[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => edit({ [name]: event.currentTarget.checked }),
  });
  return (
    <div className="settings">
      <section className="panel stack">
        <NativeSelect
          label={words.kind}
          description={words.kindHints[draft.kind]}
          value={draft.kind}
          data={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(event) => {
            const kind = KINDS.find((each) => each === event.currentTarget.value);
            if (!kind) return;
            edit({
              kind,
              ...(kind === 'contact' ? {} : { public: false }),
              ...(kind === 'intake' ? {} : { every_visit: false }),
            });
          }}
        />
        {draft.kind === 'intake' && (
          <Switch label={words.everyVisit} description={words.everyVisitHint} {...toggle('every_visit')} />
        )}
        <Switch label={words.active} description={words.activeHint} {...toggle('active')} />
      </section>
      <section className="panel stack">
        <Switch label={words.clinicalLabel} description={words.clinicalHint} {...toggle('clinical')} />
        <Switch label={words.staffReads} description={words.staffReadsHint} {...toggle('staff_reads')} />
      </section>
      <section className="panel stack">
        {draft.kind === 'contact' && (
          <Switch label={words.publicLabel} description={words.publicHint} {...toggle('public')} />
        )}
        {draft.public && formId && <PublicLink id={formId} />}
        {!draft.public && (
          <TextInput
            label={words.externalLabel}
            description={words.externalHint}
            type="url"
            placeholder="https://"
            value={draft.external_url}
            error={faults['external_url']}
            onChange={(event) => edit({ external_url: event.currentTarget.value })}
          />
        )}
      </section>
      <section className="panel stack">
        <Textarea
          label={words.thanks}
          description={words.thanksHint}
          value={draft.thanks}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          error={faults['thanks']}
          onChange={(event) => edit({ thanks: event.currentTarget.value })}
        />
      </section>
    </div>
  );
}

function PublicLink({ id }: { id: string }) {
  const toast = useToast();
  const url = `${location.origin}/contact/${session.workspace.slug}/${id}`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(url);
    toast.say(words.copied);
  };
  return (
    <div className="public-link">
      <TextInput label={words.publicLink} value={url} readOnly />
      <Button
        variant="default"
        leftSection={<Copy size={16} aria-hidden="true" />}
        onClick={() => void copy().catch(toast.fail)}
      >
        {words.copy}
      </Button>
    </div>
  );
}
