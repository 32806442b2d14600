/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All keys, out of the table of the actions, and the switch for the single ones. */
import './style/palette.css';
import { useState } from 'react';
import { Dialog } from '../kit/dialog';
import { words } from '../words/actions';
import { type Action, actions } from './actions';
import { hasSingleKeys, setSingleKeys } from './keys';
import { Keys } from './keys_shown';
import { PALETTE_KEYS } from './side';

/** Keys that are held together, which work also where the single ones are switched off. */
const HELD: Record<string, string> = { palette: PALETTE_KEYS, undo: PALETTE_KEYS.replace('K', 'Z') };

const GROUPS = ['screen', 'create', 'go'] as const;

export default function KeyList({ close }: { close: () => void }) {
  const [isOn, setOn] = useState(hasSingleKeys);
  return (
    <Dialog title={words.keys} onClose={close} size="44rem">
      <p className="soft">{words.keysText}</p>
      <div className="key-groups" data-off={!isOn || undefined}>
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{words.groups[group]}</h3>
            <dl>
              {actions
                .filter((each) => each.group === group && (each.keys || each.id in HELD))
                .map((each) => (
                  <Line key={each.id} action={each} />
                ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="key-switch">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setSingleKeys(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        <span>
          {words.single}
          <small>{words.singleHint}</small>
        </span>
      </label>
    </Dialog>
  );
}

function Line({ action }: { action: Action }) {
  return (
    <div>
      <dt>{action.label}</dt>
      <dd>{action.keys ? <Keys keys={action.keys} /> : <kbd>{HELD[action.id]}</kbd>}</dd>
    </div>
  );
}
