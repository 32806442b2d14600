/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A dialog that is there while it is open. Once it goes, the focus is back where it came from. */
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { words } from '../words/kit';

type DialogProps = Omit<ModalProps, 'opened' | 'returnFocus' | 'closeButtonProps' | 'withOverlay'>;

const SHADE = 0.4;

export function Dialog({ title, children, withCloseButton = true, ...rest }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      (isThere ? opener : document.getElementById('content'))?.focus();
    },
    [opener],
  );
  return (
    <Modal.Root centered {...rest} opened returnFocus={false}>
      <Modal.Overlay backgroundOpacity={SHADE} />
      <Modal.Content radius="lg">
        {/* The page's own banner stays the only one. */}
        <Modal.Header role="presentation">
          <Modal.Title>{title}</Modal.Title>
          {withCloseButton && <Modal.CloseButton aria-label={words.close} />}
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
