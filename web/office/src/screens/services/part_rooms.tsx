/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rooms and devices: each need is a line, and whichever of its choices is free is taken. */
import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { words } from '../../words/service';
import { resourcesQuery } from './data';
import type { Editing } from './editing';
import { Part } from './part';

const MOST = 5;

export function Rooms({ editing: { draft, edit } }: { editing: Editing }) {
  const { data: resources = [], isPending } = useQuery(resourcesQuery);
  const { needs } = draft;
  const chosen = new Set(needs.flat());
  const offered = resources.filter(({ id, active }) => active || chosen.has(id));
  if (!isPending && offered.length === 0) {
    return (
      <Part title={words.parts.rooms}>
        <p className="soft">{words.noRooms}</p>
        <Button
          className="start"
          variant="default"
          renderRoot={(props) => <Link to="/app/resources" search={{ show: 'new' }} {...props} />}
        >
          {words.toRooms}
        </Button>
      </Part>
    );
  }
  return (
    <Part title={words.parts.rooms} hint={words.needsHint}>
      {needs.length === 0 && <p className="soft">{words.noNeeds}</p>}
      {needs.map((need, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a need is what stands at its place
        <fieldset key={at} className="need">
          <legend>
            {words.need(at + 1)} <span className="soft">· {words.oneOf}</span>
          </legend>
          <div className="need-choices">
            {offered.map(({ id, name, active }) => (
              <Checkbox
                key={id}
                label={active ? name : `${name} (${words.resourceOff})`}
                checked={need.includes(id)}
                onChange={(event) =>
                  edit({
                    needs: needs.with(at, event.currentTarget.checked ? [...need, id] : need.filter((each) => each !== id)),
                  })
                }
              />
            ))}
          </div>
          <ActionIcon
            size={36}
            aria-label={words.removeNeed(at + 1)}
            onClick={() => {
              document.getElementById('add-need')?.focus();
              edit({ needs: needs.toSpliced(at, 1) });
            }}
          >
            <X size={16} aria-hidden="true" />
          </ActionIcon>
        </fieldset>
      ))}
      <Button
        id="add-need"
        className="start"
        variant="light"
        size="xs"
        leftSection={<Plus size={15} aria-hidden="true" />}
        aria-disabled={needs.length >= MOST || undefined}
        onClick={() => needs.length < MOST && edit({ needs: [...needs, []] })}
      >
        {words.addNeed}
      </Button>
    </Part>
  );
}
