/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One question in the list: closed, a line; open, all there is to it. */
import { ActionIcon, Button } from '@mantine/core';
import { ArrowDown, ArrowUp, Copy, GripVertical, Trash2 } from 'lucide-react';
import { words } from '../../words/forms';
import type { DraftField } from './draft';
import { FieldEdit } from './field_edit';
import { FieldIcon } from './field_icon';

export interface CardProps {
  field: DraftField;
  at: number;
  all: DraftField[];
  faults: Record<string, string>;
  isOpen: boolean;
  isDragged: boolean;
  open: () => void;
  close: () => void;
  edit: (field: DraftField) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
  duplicate: () => void;
  /** The place of what is being dragged; null: nothing any more. */
  drag: (at: number | null) => void;
  drop: () => void;
}

export function FieldCard(props: CardProps) {
  const { field, at, all, faults, isOpen, isDragged, drag, drop } = props;
  const label = field.label || words.unnamed;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons move it as well
    <li
      id={field.id}
      className="field"
      data-section={field.type === 'section' || undefined}
      data-open={isOpen || undefined}
      data-dragged={isDragged || undefined}
      data-bad={Object.keys(faults).length > 0 || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        drop();
      }}
    >
      <div className="field-line">
        <span
          className="field-grip"
          title={words.drag}
          draggable
          aria-hidden="true"
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', label);
            drag(at);
          }}
          onDragEnd={() => drag(null)}
        >
          <GripVertical size={17} />
        </span>
        <button
          type="button"
          className="field-open"
          data-open
          aria-expanded={isOpen}
          onClick={isOpen ? props.close : props.open}
        >
          <FieldIcon type={field.type} />
          <span className="unseen">{words.fieldNumber(at + 1)}</span>
          <span className="field-label" data-empty={!field.label || undefined}>
            {label}
            {field.required && <span aria-hidden="true"> *</span>}
          </span>
          <span className="field-type">
            {words.types[field.type]}
            {field.show_if && ` · ${words.conditional}`}
          </span>
        </button>
        <span className="field-tools">
          <ActionIcon
            size={32}
            data-move="up"
            aria-label={words.up(label)}
            disabled={at === 0}
            onClick={() => props.move(-1)}
          >
            <ArrowUp size={16} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon
            size={32}
            data-move="down"
            aria-label={words.down(label)}
            disabled={at === all.length - 1}
            onClick={() => props.move(1)}
          >
            <ArrowDown size={16} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon size={32} aria-label={words.removeField(label)} onClick={props.remove}>
            <Trash2 size={16} aria-hidden="true" />
          </ActionIcon>
        </span>
      </div>
      {isOpen && (
        <div className="field-body">
          <FieldEdit field={field} at={at} all={all} faults={faults} edit={props.edit} />
          <div className="row apart">
            <Button
              variant="subtle"
              size="xs"
              aria-label={words.duplicate(label)}
              leftSection={<Copy size={15} aria-hidden="true" />}
              onClick={props.duplicate}
            >
              {words.duplicateShort}
            </Button>
            <Button variant="default" size="xs" onClick={props.close}>
              {words.closeField}
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}
