/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Starts the office. */
import './shell/policy';
import '@mantine/core/styles.css';
import './shell/style/tokens.css';
import './shell/style/base.css';
import './shell/style/frame.css';
import './kit/style/kit.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ToastHost } from './kit/toast';
import { cache } from './shell/cache';
import { follow } from './shell/live';
import { lookKeeper } from './shell/look';
import { nonce } from './shell/nonce';
import { router } from './shell/router';
import { session } from './shell/session';
import { applyBrand, theme, variables } from './shell/theme';

setNonce(nonce);
applyBrand(session.workspace.accent_color);

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        colorSchemeManager={lookKeeper}
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={cache}>
          <ToastHost>
            <RouterProvider router={router} />
          </ToastHost>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
  void follow();
}

/* A page that Back brings out of the browser's memory asks again who is signed in. */
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
