/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The parts of a service over one draft, and the bar that saves it. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { FormEvent } from 'react';
import { Act } from '../../kit/act';
import { PageHead } from '../../kit/page';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { words } from '../../words/service';
import { words as list } from '../../words/services';
import type { Service } from './data';
import { type Editing, useEditing } from './editing';
import { Basics } from './part_basics';
import { Before } from './part_before';
import { Materials } from './part_materials';
import { Online } from './part_online';
import { People } from './part_people';
import { Rooms } from './part_rooms';
import { Time } from './part_time';
import { Preview } from './preview';
import { Stale } from './stale';

export function Editor({ service }: { service: Service }) {
  const editing = useEditing(service);
  const { error, faults, theirs, save } = editing;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save();
  };
  const back = (
    <Link to="/app/services">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.back}
    </Link>
  );
  const isStale = error instanceof Refusal && error.status === 412;
  const hasFaults = Object.keys(faults).length > 0;
  return (
    <form className="service-edit" onSubmit={submit} noValidate>
      <PageHead
        title={service.name}
        back={back}
        note={!service.active && <span className="chip">{list.switchedOff}</span>}
      />
      {theirs && <Stale key={theirs.service.version} editing={editing} theirs={theirs} />}
      {(hasFaults || (error instanceof Error && !isStale)) && <Alarm>{hasFaults ? words.faults : problemText(error)}</Alarm>}
      <div className="service-grid">
        <div className="stack">
          <Basics editing={editing} />
          <Time editing={editing} />
          <People editing={editing} />
          <Materials editing={editing} />
          <Rooms editing={editing} />
          <Before editing={editing} id={service.id} />
          <Online editing={editing} id={service.id} />
        </div>
        <Preview draft={editing.draft} />
      </div>
      <SaveBar editing={editing} />
    </form>
  );
}

/** Where there is something to save, over the foot of the page. */
function SaveBar({ editing: { isDirty, isSaving, discard } }: { editing: Editing }) {
  if (!isDirty) return null;
  return (
    <div className="save-bar" role="region" aria-label={words.unsaved}>
      <span>{words.unsaved}</span>
      <Button variant="default" onClick={discard}>
        {words.discard}
      </Button>
      <Act type="submit" busy={isSaving}>
        {words.save}
      </Act>
    </div>
  );
}
