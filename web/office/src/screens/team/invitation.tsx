/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the invitation of a member is, and a new one. */
import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Staff } from '../../kit/contract';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { invitationStatus, usePut } from './data';

export function Invitation({ member }: { member: Staff }) {
  const { id, email } = member;
  const put = usePut();
  const toast = useToast();
  const again = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/staff/{id}/resend-invite', { params: { path: { id } } })),
    onSuccess: (next) => {
      put(next);
      toast.say(words.resent);
    },
    onError: (error) => toast.fail(error),
  });
  const status = invitationStatus(member);
  if (!status) return null;
  const isBad = status === 'failed' || status === 'expired';
  return (
    <section className="panel team-invitation" data-bad={isBad || undefined} aria-label={words.status[status]}>
      <div>
        <p>
          <strong>{words.status[status]}.</strong> {words.statusHint[status](email)}
        </p>
        {status === 'failed' && member.invitation?.last_error && (
          <p className="soft small">{words.mailboxSaid(member.invitation.last_error)}</p>
        )}
      </div>
      <Act
        variant={isBad ? 'filled' : 'default'}
        busy={again.isPending}
        leftSection={<Send size={16} aria-hidden="true" />}
        onClick={() => again.mutate()}
      >
        {words.resend}
      </Act>
    </section>
  );
}
