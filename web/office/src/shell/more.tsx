/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Every place, and what else the frame offers, on a sheet from the foot of a phone. */
import './style/palette.css';
import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { Dialog } from '../kit/dialog';
import { waitingQuery } from '../screens/inbox/counts';
import { words } from '../words/shell';
import { AccountPanel } from './account';
import { useLeave } from './leave';
import { may } from './session';
import { Places, Who } from './side';

export default function More({ close }: { close: () => void }) {
  const out = useLeave();
  const { data: waiting } = useQuery({ ...waitingQuery, enabled: may('inbox') });
  return (
    <Dialog
      title={words.moreTitle}
      onClose={close}
      centered={false}
      classNames={{ inner: 'sheet-inner', content: 'sheet' }}
      transitionProps={{ transition: 'slide-up' }}
    >
      <nav aria-label={words.moreTitle} className="more-places">
        <Places waiting={waiting} onGo={close} />
      </nav>
      <div className="more-foot">
        <Who />
        <AccountPanel close={close} />
        <button type="button" className="place place-button" onClick={out}>
          <LogOut size={18} strokeWidth={1.9} aria-hidden="true" />
          {words.signOut}
        </button>
      </div>
    </Dialog>
  );
}
