/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The owner's office: one page, one chunk per screen. Apart from the build of the public pages, so
 * that none of this reaches a client's phone.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    /* Older targets lower light-dark() into nothing. */
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5', 'ios17.5'],
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'office.html' },
  },
});
