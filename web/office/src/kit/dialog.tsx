/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A dialog that is there while it is open. Once it goes, the focus is back where it came from. */
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

export function Dialog(props: Omit<ModalProps, 'opened' | 'returnFocus'>) {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      (isThere ? opener : document.getElementById('content'))?.focus();
    },
    [opener],
  );
  return <Modal {...props} opened returnFocus={false} />;
}
