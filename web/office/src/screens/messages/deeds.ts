/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Sending a letter once more, and saying that its reader knows. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import { useToast } from '../../kit/toast';
import { words } from '../../words/messages';

export function useDeeds(done?: () => void) {
  const cache = useQueryClient();
  const toast = useToast();
  const settle = (said: string) => ({
    onSuccess: () => {
      toast.say(said);
      done?.();
    },
    onError: (error: unknown) => toast.fail(error),
    onSettled: () => void cache.invalidateQueries({ queryKey: ['emails'] }),
  });
  const retry = useMutation({
    mutationFn: (id: string) => ask(api.POST('/api/v1/emails/{id}/retry', { params: { path: { id } } })),
    ...settle(words.retried),
  });
  const told = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST('/api/v1/emails/{id}/told', { params: { path: { id } }, body: { how: words.byPhone } })),
    ...settle(words.noted),
  });
  return { retry, told };
}
