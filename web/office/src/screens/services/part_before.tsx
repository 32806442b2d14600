/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Forms that are asked for, and what has to be so before a visit can take place. */
import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { words } from '../../words/service';
import { formsQuery, servicesQuery } from './data';
import type { DraftGate, GateKind } from './draft';
import type { Editing } from './editing';
import { Part } from './part';

const KINDS = Object.keys(words.gateKinds) as GateKind[];
const MOST = 10;

export function Before({ editing, id }: { editing: Editing; id: string }) {
  const { draft, edit } = editing;
  const { data: forms } = useQuery(formsQuery);
  const offered = (forms ?? []).filter((form) => form.active || draft.forms.includes(form.id));
  return (
    <Part title={words.parts.first}>
      <fieldset className="service-forms">
        <legend>{words.forms}</legend>
        {forms && offered.length === 0 && (
          <p className="soft">
            {words.noForms}{' '}
            <Link to="/app/forms/$id" params={{ id: 'new' }}>
              {words.toForms}
            </Link>
          </p>
        )}
        {offered.map((form) => (
          <Checkbox
            key={form.id}
            label={form.name}
            checked={draft.forms.includes(form.id)}
            onChange={(event) =>
              edit({
                forms: event.currentTarget.checked
                  ? [...draft.forms, form.id]
                  : draft.forms.filter((each) => each !== form.id),
              })
            }
          />
        ))}
      </fieldset>
      <Gates editing={editing} id={id} />
    </Part>
  );
}

function Gates({ editing: { draft, faults, edit }, id }: { editing: Editing; id: string }) {
  const { data: forms = [] } = useQuery(formsQuery);
  const { data: services = [] } = useQuery(servicesQuery);
  const { requires } = draft;
  const set = (at: number, change: Partial<DraftGate>): void =>
    edit({ requires: requires.map((each, place) => (place === at ? { ...each, ...change } : each)) });
  const choices = (kind: GateKind) =>
    (kind === 'form' ? forms : services.filter((each) => each.id !== id)).map((each) => ({ value: each.id, label: each.name }));
  return (
    <div className="stack">
      <div>
        <h3>{words.gates}</h3>
        <p className="soft small">{requires.length > 0 ? words.gatesHint : words.noGates}</p>
      </div>
      {requires.map((gate, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a condition is what stands at its place
        <div key={at} className="gate">
          <NativeSelect
            aria-label={words.gateKindOf(at + 1)}
            value={gate.kind}
            data={KINDS.map((value) => ({ value, label: words.gateKinds[value] }))}
            onChange={(event) => {
              const kind = KINDS.find((each) => each === event.currentTarget.value);
              const isOther = (kind === 'form') !== (gate.kind === 'form');
              if (kind) set(at, { kind, ...(isOther ? { target: '' } : {}) });
            }}
          />
          <NativeSelect
            aria-label={words.gateWhat(at + 1)}
            value={gate.target}
            error={faults[`requires.${at}.target`] ?? faults[`requires.${at}.form_id`] ?? faults[`requires.${at}.service_id`]}
            data={[{ value: '', label: words.chooseGate }, ...choices(gate.kind)]}
            onChange={(event) => set(at, { target: event.currentTarget.value })}
          />
          <TextInput
            label={words.lead}
            aria-label={words.gateLead(at + 1)}
            inputMode="numeric"
            value={gate.lead}
            error={faults[`requires.${at}.lead_hours`]}
            onChange={(event) => set(at, { lead: event.currentTarget.value })}
          />
          <TextInput
            label={words.valid}
            aria-label={words.gateValid(at + 1)}
            inputMode="numeric"
            placeholder={words.always}
            value={gate.valid}
            error={faults[`requires.${at}.valid_days`]}
            onChange={(event) => set(at, { valid: event.currentTarget.value })}
          />
          <ActionIcon
            size={36}
            aria-label={words.removeGate(at + 1)}
            onClick={() => {
              document.getElementById('add-gate')?.focus();
              edit({ requires: requires.toSpliced(at, 1) });
            }}
          >
            <X size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <Button
        id="add-gate"
        className="start"
        variant="light"
        size="xs"
        leftSection={<Plus size={15} aria-hidden="true" />}
        aria-disabled={requires.length >= MOST || undefined}
        onClick={() =>
          requires.length < MOST && edit({ requires: [...requires, { kind: 'patch_test', target: '', lead: '0', valid: '' }] })
        }
      >
        {words.addGate}
      </Button>
    </div>
  );
}
