/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What goes with the invented week, asked before it does. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/sample';
import { type Sample, sampleQuery } from './data';

export default function Remove({ sample, close }: { sample: Sample; close: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/workspace/sample')),
    /* The band goes with its dialog, which leaves the focus on the page. */
    onSuccess: () => {
      cache.setQueryData(sampleQuery.queryKey, { ...sample, present: false });
      void cache.invalidateQueries();
      toast.say(words.removed);
    },
  });
  return (
    <Dialog onClose={close} title={words.title}>
      <div className="stack">
        <p>{words.goes(sample)}</p>
        <p>{words.goesToo}</p>
        <p>{words.stays}</p>
        <p className="soft">{words.final}</p>
        {remove.error && <Alarm>{problemText(remove.error)}</Alarm>}
        <div className="row apart">
          <Button variant="default" data-autofocus onClick={close}>
            {words.keep}
          </Button>
          <Act color="red.9" busy={remove.isPending} onClick={() => remove.mutate()}>
            {words.removeDo}
          </Act>
        </div>
      </div>
    </Dialog>
  );
}
