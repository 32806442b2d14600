/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whether clients can book it, and the link that leads them right to it. */
import { Button, Switch, TextInput } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useToast } from '../../kit/toast';
import { words } from '../../words/service';
import { words as list } from '../../words/services';
import { linkOf } from './changes';
import type { Editing } from './editing';
import { Part } from './part';

export function Online({ editing: { draft, edit }, id }: { editing: Editing; id: string }) {
  const toast = useToast();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(linkOf(id));
    toast.say(list.linkCopied);
  };
  return (
    <Part title={words.parts.online}>
      <Switch
        label={words.active}
        description={words.activeHint}
        checked={draft.active}
        onChange={(event) => edit({ active: event.currentTarget.checked })}
      />
      <div className="service-link">
        <TextInput label={words.link} value={linkOf(id)} readOnly />
        <Button
          variant="default"
          leftSection={<Copy size={16} aria-hidden="true" />}
          onClick={() => void copy().catch(toast.fail)}
        >
          {words.copy}
        </Button>
      </div>
    </Part>
  );
}
