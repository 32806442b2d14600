/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What an import will do: the columns as they were understood, and each line. */
import { NativeSelect } from '@mantine/core';
import type { ImportPlan } from '../../kit/contract';
import { words } from '../../words/clients';
import type { Mapping } from './import_file';

interface PreviewProps {
  preview: ImportPlan;
  isReading: boolean;
  map: (mapping: Mapping) => void;
}

const TONES = { create: 'good', update: 'accent', skip: undefined, error: 'bad' } as const;
const COUNTS = ['create', 'update', 'skip', 'error'] as const;

export function ImportPreview({ preview, isReading, map }: PreviewProps) {
  const { counts, rows } = preview;
  const all = counts.create + counts.update + counts.skip + counts.error;
  return (
    <>
      <Columns preview={preview} map={map} />
      <section className="stack" aria-busy={isReading}>
        <div className="row apart">
          <h3>{words.importPreview}</h3>
          <p className="row" role="status">
            {COUNTS.filter((each) => counts[each] > 0).map((each) => (
              <span key={each} className="chip" data-tone={TONES[each]}>
                {words.importCounts[each](counts[each])}
              </span>
            ))}
          </p>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is to be reached by keys */}
        <div className="import-rows" tabIndex={0} role="region" aria-label={words.importPreview}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.importLine}</th>
                <th scope="col">{words.importAction}</th>
                <th scope="col">{words.importClient}</th>
                <th scope="col">{words.importFaults}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.line}>
                  <td>{row.line}</td>
                  <td>
                    <span className="chip" data-tone={TONES[row.action]}>
                      {words.importActions[row.action]}
                    </span>
                  </td>
                  <td>
                    {row.client.name}
                    <small>{[row.client.email, row.client.phone].filter(Boolean).join(' · ')}</small>
                  </td>
                  <td>
                    {row.errors.map((fault) => (
                      <span key={fault.column + fault.code} className="import-fault">
                        {`${fault.column}: ${fault.message}`}
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {rows.length < all && <p className="soft small">{words.importMore}</p>}
      </section>
    </>
  );
}

/** Always offered; the others where the file has them. */
const USUAL = new Set(['name', 'first_name', 'last_name', 'email', 'phone', 'tags', 'alerts', 'notes']);

function Columns({ preview: { columns, mapping }, map }: Pick<PreviewProps, 'preview' | 'map'>) {
  const none = { value: '', label: words.importNoColumn };
  const fields = Object.entries(mapping).filter(([field, column]) => column || USUAL.has(field));
  const choose = (changed: string, to: string): void => {
    const pairs = Object.entries(mapping).map(([field, column]) => [field, field === changed ? to : (column ?? '')]);
    map(Object.fromEntries(pairs.filter(([, column]) => column)) as Mapping);
  };
  return (
    <fieldset className="import-columns">
      <legend>{words.importColumns}</legend>
      <div>
        {fields.map(([field, column]) => (
          <NativeSelect
            key={field}
            label={words.fields[field] ?? field}
            value={column ?? ''}
            data={[none, ...columns.filter(Boolean).map((each) => ({ value: each, label: each }))]}
            onChange={(event) => choose(field, event.currentTarget.value)}
          />
        ))}
      </div>
    </fieldset>
  );
}
