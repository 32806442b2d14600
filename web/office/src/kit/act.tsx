/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A button that sends something: once, however often it is pressed. While it waits it keeps the focus,
 * which a disabled button would drop.
 */
import { Button, type ButtonProps, Loader } from '@mantine/core';
import type { ComponentProps } from 'react';

type ActProps = ButtonProps & Omit<ComponentProps<'button'>, keyof ButtonProps> & { busy: boolean };

const LOADER_PX = 16;

export function Act({ busy, onClick, leftSection, ...rest }: ActProps) {
  return (
    <Button
      {...rest}
      aria-disabled={busy || undefined}
      leftSection={busy ? <Loader size={LOADER_PX} color="currentcolor" /> : leftSection}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
