/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What has happened to the visit, newest first, and the way back from the last of it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { Act } from '../../kit/act';
import type { Booking, HistoryEntry } from '../../kit/contract';
import { Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/visit';
import { historyQuery } from './data';
import { takeBack } from './tell';

export function History({ booking }: { booking: Booking }) {
  const { data, isPending, error, refetch } = useQuery(historyQuery(booking.id));
  const events = data?.filter((entry) => entry.type === 'event').toReversed();
  return (
    <section className="visit-part" id="visit-history">
      <h3>{words.history}</h3>
      {isPending && <Waiting rows={3} height={32} />}
      {error && !data && <Failed error={error} retry={() => void refetch()} />}
      {events && (
        <ol className="visit-history">
          {events.map((entry) => (
            <Entry key={entry.id} entry={entry} booking={booking} />
          ))}
        </ol>
      )}
    </section>
  );
}

const actions: Partial<Record<string, string>> = words.actions;
const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text);

/** Which of the changes are shown, and how each reads. */
const FIELDS = ['start', 'end', 'staff', 'status', 'notes'] as const;
const statuses: Partial<Record<string, string>> = words.status;

function read(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '–';
  return isInstant(value) ? dateTime(value) : (statuses[value] ?? value);
}

function changesOf({ changes = {}, action }: HistoryEntry): string[] {
  if (action === 'created') return [];
  return FIELDS.flatMap((field) => {
    const change = changes[field];
    if (!Array.isArray(change)) return [];
    if (field === 'end' && changes['start']) return [];
    return [`${words.fields[field]}: ${read(change[0])} → ${read(change[1])}`];
  });
}

function Entry({ entry, booking }: { entry: HistoryEntry; booking: Booking }) {
  const cache = useQueryClient();
  const toast = useToast();
  const undo = useMutation({
    mutationFn: () => takeBack(cache, toast, booking.id, booking.version),
    onSettled: () => document.querySelector<HTMLElement>('.visit-actions button, [role="dialog"]')?.focus(),
  });
  const who = entry.actor || (entry.actor_kind ? words.actors[entry.actor_kind] : '');
  return (
    <li>
      <div>
        <strong>{actions[entry.action ?? ''] ?? entry.action}</strong>
        <p className="soft">
          {dateTime(entry.at)}
          {who && ` · ${who}`}
        </p>
        {changesOf(entry).map((line) => (
          <p key={line} className="visit-changed">
            {line}
          </p>
        ))}
      </div>
      {entry.undoable && (
        <Act
          size="compact-sm"
          variant="light"
          busy={undo.isPending}
          leftSection={<RotateCcw size={14} aria-hidden="true" />}
          onClick={() => undo.mutate()}
        >
          {words.takeBack}
        </Act>
      )}
    </li>
  );
}
