/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The settings that every page is built with; build.mjs adds the page. One page is one shell with its
 * CSS inside and at most one script beside it, so that a first visit asks for two files.
 */
import { defineConfig, type Plugin } from 'vite';

function inlineCss(): Plugin {
  return {
    name: 'careops-inline-css',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (file.type !== 'asset' || !name.endsWith('.html')) continue;
          const html = String(file.source).replace(
            /[ \t]*<link rel="stylesheet"[^>]*href="\/([^"]+\.css)"[^>]*>\n?/g,
            (_link, css: string) => {
              const sheet = bundle[css];
              if (sheet?.type !== 'asset')
                throw new Error(`${name} links ${css}, which is not built`);
              delete bundle[css];
              return `<style>${String(sheet.source).trim()}</style>\n`;
            },
          );
          file.source = html;
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [inlineCss()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    /* Older targets lower light-dark() into nothing. */
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5', 'ios17.5'],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
