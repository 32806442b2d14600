/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Everything from one field: where to go, what to make, whom to find, what to do. */
import './style/palette.css';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog } from '../kit/dialog';
import { words } from '../words/actions';
import { useHands } from './hands';
import { Keys } from './keys_shown';
import { type Found, type FoundGroup, useFound } from './palette_found';

export default function Palette({ close }: { close: () => void }) {
  return (
    <Dialog
      title={words.palette}
      onClose={close}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size="38rem"
      padding={0}
      classNames={{ header: 'unseen', content: 'palette' }}
    >
      <Inside close={close} />
    </Dialog>
  );
}

function Inside({ close }: { close: () => void }) {
  const id = useId();
  const hands = useHands();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { groups, state } = useFound(typed);
  const all = groups.flatMap((group) => group.found);
  const current = all[Math.min(at, all.length - 1)];

  const choose = (found: Found): void => {
    close();
    found.run(hands);
  };
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined && all.length > 0) {
      event.preventDefault();
      const isStep = event.key.startsWith('Arrow');
      setAt(isStep ? (to + all.length) % all.length : Math.max(0, Math.min(to, all.length - 1)));
    } else if (event.key === 'Enter' && current && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(current);
    }
  };
  return (
    <>
      <div className="palette-field">
        <Search size={19} aria-hidden="true" />
        <input
          data-autofocus
          role="combobox"
          aria-label={words.field}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={id}
          aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={words.field}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div id={id} role="listbox" aria-label={words.results} className="palette-list" aria-busy={state === 'searching'}>
        {groups.map((group) => (
          <Group key={group.name} group={group} listId={id} current={current} choose={choose} />
        ))}
      </div>
      <Note state={state} isEmpty={all.length === 0} />
      <p className="palette-foot" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> {words.moves} <kbd>↵</kbd> {words.chooses} <kbd>Esc</kbd> {words.closes}
      </p>
    </>
  );
}

interface GroupProps {
  group: FoundGroup;
  listId: string;
  current: Found | undefined;
  choose: (found: Found) => void;
}

function Group({ group, listId, current, choose }: GroupProps) {
  const headId = `${listId}-${group.name}`;
  return (
    <div role="group" aria-labelledby={headId}>
      <p id={headId} className="palette-group">
        {words.groups[group.name]}
      </p>
      {group.found.map((found) => (
        <One key={found.id} id={`${listId}-${found.id}`} found={found} isCurrent={found === current} choose={choose} />
      ))}
    </div>
  );
}

interface OneProps {
  id: string;
  found: Found;
  isCurrent: boolean;
  choose: (found: Found) => void;
}

function One({ id, found, isCurrent, choose }: OneProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events -- the field has the focus and the keys
    <div ref={line} id={id} role="option" aria-selected={isCurrent} className="palette-one" onClick={() => choose(found)}>
      {found.icon}
      <span>{found.label}</span>
      {found.note && <small>{found.note}</small>}
      {found.keys && <Keys keys={found.keys} />}
    </div>
  );
}

function Note({ state, isEmpty }: { state: ReturnType<typeof useFound>['state']; isEmpty: boolean }) {
  const text = state === 'failed' ? words.clientsFailed : state === 'searching' ? words.searching : isEmpty ? words.none : '';
  return (
    <div className="palette-note" role="status">
      {text && <p>{text}</p>}
      {text === words.none && <p>{words.noneText}</p>}
    </div>
  );
}
