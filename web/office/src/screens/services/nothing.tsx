/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The way to a new service, and what stands where a search finds none. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Plus, SearchX } from 'lucide-react';
import { Empty } from '../../kit/states';
import { words } from '../../words/services';

export function AddButton() {
  return (
    <Button
      renderRoot={(props) => (
        <Link to="/app/services" search={(last) => ({ q: last.q, category: last.category, show: 'new' })} {...props} />
      )}
      leftSection={<Plus size={17} aria-hidden="true" />}
    >
      {words.newService}
    </Button>
  );
}

export function NoneFound() {
  const action = (
    <Button
      variant="default"
      renderRoot={(props) => <Link to="/app/services" search={(last) => ({ state: last.state })} {...props} />}
    >
      {words.clear}
    </Button>
  );
  return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={action} />;
}
