/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A panel at the end of the page, the whole screen on a phone. It is there while it is open; once it
 * goes, the focus is back where it came from.
 */
import { Drawer } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { words } from '../words/kit';

interface SheetProps {
  title: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

/** Put together from its parts, since the library's own head is a landmark of the page. */
export function Sheet({ title, className = '', onClose, children }: SheetProps) {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      (isThere ? opener : document.getElementById('content'))?.focus({ preventScroll: true });
    },
    [opener],
  );
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="34rem" padding={0} returnFocus={false} className={className}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        <div className="sheet-head">
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={words.close} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
