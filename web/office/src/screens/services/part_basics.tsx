/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a service is called, and what it costs. */
import { TextInput, Textarea } from '@mantine/core';
import { words } from '../../words/service';
import { symbol } from './amounts';
import { CategoryField } from './category_field';
import type { Editing } from './editing';
import { Part } from './part';

export function Basics({ editing: { draft, faults, edit } }: { editing: Editing }) {
  return (
    <Part title={words.parts.basics}>
      <TextInput
        label={words.name}
        value={draft.name}
        required
        maxLength={120}
        autoComplete="off"
        error={faults['name']}
        onChange={(event) => edit({ name: event.currentTarget.value })}
      />
      <div className="pair">
        <CategoryField value={draft.category} error={faults['category']} onChange={(category) => edit({ category })} />
        <TextInput
          className="at-end"
          label={words.price}
          inputMode="decimal"
          required
          leftSection={<span className="soft">{symbol}</span>}
          value={draft.price}
          error={faults['price']}
          onChange={(event) => edit({ price: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label={words.description}
        description={words.descriptionHint}
        value={draft.description}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        error={faults['description']}
        onChange={(event) => edit({ description: event.currentTarget.value })}
      />
    </Part>
  );
}
