/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What can be done with a visit in its state; what is nearest comes first. */
import { ActionIcon, Button } from '@mantine/core';
import { ArrowLeftRight, Check, CheckCheck, MoreHorizontal, Play, RotateCcw, UserX, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Act } from '../../kit/act';
import type { Booking } from '../../kit/contract';
import { Menu, MenuItem } from '../../kit/menu';
import { words } from '../../words/visit';
import { type Change, type Step, steps } from './change';
import type { Doing } from './visit';

interface ActionsProps {
  booking: Booking;
  change: Change;
  begin: (doing: Doing) => void;
}

const ICON = 17;

const STEPS = {
  confirm: { said: words.said.confirmed, now: { status: 'confirmed' }, run: steps.confirm },
  start: { said: words.said.started, run: steps.start },
  cancel: { said: words.said.cancelled, now: { status: 'cancelled' }, run: steps.cancel },
  noShow: { said: words.said.noShow, now: { status: 'no_show' }, run: steps.noShow },
  restore: { said: words.said.restored, now: { status: 'confirmed' }, run: steps.restore },
} satisfies Record<string, Step>;

export function Actions({ booking, change, begin }: ActionsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const act = (step: Step): void => change.mutate(step);
  /* The buttons change with the state, and the one that had the focus may be gone. */
  useEffect(() => {
    const held = document.activeElement;
    if (held && held !== document.body && held.isConnected) return;
    (bar.current?.querySelector<HTMLElement>('button') ?? bar.current)?.focus();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- after each change of what the buttons follow
  }, [booking.status, booking.started_at]);
  const isPast = Date.parse(booking.start) <= Date.now();
  const busy = change.isPending;
  const { status } = booking;
  if (status === 'completed' || status === 'no_show')
    return (
      <div className="visit-over soft" ref={bar} tabIndex={-1}>
        {words.over[status]}
      </div>
    );
  return (
    <div className="visit-actions" ref={bar}>
      {status === 'cancelled' && (
        <Act busy={busy} leftSection={<RotateCcw size={ICON} aria-hidden="true" />} onClick={() => act(STEPS.restore)}>
          {words.restore}
        </Act>
      )}
      {status === 'pending' && (
        <Act busy={busy} leftSection={<Check size={ICON} aria-hidden="true" />} onClick={() => act(STEPS.confirm)}>
          {words.confirm}
        </Act>
      )}
      {status === 'confirmed' && (
        <Button
          variant={isPast ? 'filled' : 'default'}
          leftSection={<CheckCheck size={ICON} aria-hidden="true" />}
          onClick={() => begin('complete')}
        >
          {words.complete}
        </Button>
      )}
      {status !== 'cancelled' && (
        <>
          <Button
            variant="default"
            leftSection={<ArrowLeftRight size={ICON} aria-hidden="true" />}
            onClick={() => begin('move')}
          >
            {words.move}
          </Button>
          <Act
            variant="default"
            busy={busy}
            leftSection={<X size={ICON} aria-hidden="true" />}
            onClick={() => act(STEPS.cancel)}
          >
            {words.cancelVisit}
          </Act>
          <Menu
            label={words.more}
            trigger={(props) => (
              <ActionIcon {...props} variant="default" aria-label={words.more} size={36}>
                <MoreHorizontal size={18} aria-hidden="true" />
              </ActionIcon>
            )}
          >
            {!booking.started_at && (
              <MenuItem icon={<Play size={16} aria-hidden="true" />} onClick={() => act(STEPS.start)}>
                {words.start}
              </MenuItem>
            )}
            {status === 'pending' && (
              <MenuItem icon={<CheckCheck size={16} aria-hidden="true" />} onClick={() => begin('complete')}>
                {words.complete}
              </MenuItem>
            )}
            <MenuItem icon={<UserX size={16} aria-hidden="true" />} onClick={() => act(STEPS.noShow)}>
              {words.noShow}
            </MenuItem>
          </Menu>
        </>
      )}
    </div>
  );
}
