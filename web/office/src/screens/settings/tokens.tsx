/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** API tokens: what has access, giving it, and taking it away. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm, Empty, Failed, Waiting } from '../../kit/states';
import { brief, date } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words as kit } from '../../words/kit';
import { words } from '../../words/settings_more';
import { type Token, tokensQuery } from './data';
import { NewToken } from './token_new';

export default function Tokens() {
  const list = useQuery(tokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  if (list.isPending) return <Waiting rows={3} height={64} />;
  if (!list.data) return <Failed error={list.error} retry={() => void list.refetch()} />;
  const add = (
    <Button ref={button} className="start" leftSection={<Plus size={17} aria-hidden="true" />} onClick={() => setMaking(true)}>
      {words.newToken}
    </Button>
  );
  return (
    <div className="stack">
      {list.data.length === 0 ? (
        <section className="panel">
          <Empty icon={KeyRound} title={words.noTokens} text={words.noTokensText} action={add} />
        </section>
      ) : (
        <>
          {add}
          <ul className="panel token-list" aria-label={words.tokens}>
            {list.data.map((token) => (
              <Row key={token.id} token={token} revoke={() => setLeaving(token)} />
            ))}
          </ul>
        </>
      )}
      {isMaking && <NewToken close={() => setMaking(false)} />}
      {leaving && (
        <Revoke
          token={leaving}
          close={(isGone) => {
            setLeaving(null);
            if (isGone) button.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** `Bookings (read), Clients`. */
function scopesText(scopes: string[]): string {
  return scopes
    .map((scope) => {
      const [name = scope, level] = scope.split(':');
      const label = words.scopeNames[name] ?? name;
      return level === 'read' ? words.onlyRead(label) : label;
    })
    .join(', ');
}

function Row({ token: { name, scopes, last_used_at: used, expires_at: ends }, revoke }: { token: Token; revoke: () => void }) {
  const isOver = ends !== null && new Date(ends) <= new Date();
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <p className="soft small">
          {scopesText(scopes)} · {used ? words.lastUsed(brief(used)) : words.neverUsed} ·{' '}
          {ends ? (isOver ? words.ended(date(ends)) : words.until(date(ends))) : words.forever}
        </p>
      </div>
      <Button variant="default" aria-label={words.revokeOf(name)} onClick={revoke}>
        {words.revoke}
      </Button>
    </li>
  );
}

/** It cannot be undone: a program that has it stops at once. */
function Revoke({ token: { id, name }, close }: { token: Token; close: (isGone: boolean) => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['tokens'] });
      toast.say(words.revoked);
      close(true);
    },
  });
  return (
    <Dialog title={words.revokeTitle(name)} onClose={() => close(false)}>
      <div className="stack">
        <p>{words.revokeText}</p>
        {revoke.error && <Alarm>{problemText(revoke.error)}</Alarm>}
        <div className="row apart">
          <Button variant="default" data-autofocus onClick={() => close(false)}>
            {kit.cancel}
          </Button>
          <Act color="red.9" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {words.revokeDo}
          </Act>
        </div>
      </div>
    </Dialog>
  );
}
