/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Mantine drawn with the office's own tokens (style/tokens.css). */
import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core';

/** One colour in Mantine's ten places; what differs between them is set below. */
const brand: MantineColorsTuple = [
  'var(--tint)',
  'var(--tint)',
  'var(--tint-strong)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--fill)',
  'var(--fill)',
  'var(--fill)',
  'var(--fill-hover)',
];

/** What the library draws grey by itself (switches, what waits, what is disabled) is as warm as the rest. */
const gray: MantineColorsTuple = [
  ...(['#faf8f6', '#f4f1ed', '#efebe6', '#e9e4de', '#d6cec6'] as const),
  ...(['#b5aca4', '#8d857e', '#625b56', '#413b37', '#24201e'] as const),
];
const dark: MantineColorsTuple = [
  ...(['#d9d1cb', '#b9afa8', '#8d857e', '#6b635e', '#433d39'] as const),
  ...(['#35302d', '#282423', '#1f1c1b', '#1a1716', '#151312'] as const),
];

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 6,
  colors: { brand, gray, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  radius: { sm: '6px', md: '10px', lg: '14px' },
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  /* Without their components, which the shell does not need. */
  components: {
    Button: { defaultProps: { fw: 550 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
  },
});

const drawn = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-placeholder': 'var(--soft)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-brand-filled': 'var(--fill)',
  '--mantine-color-brand-filled-hover': 'var(--fill-hover)',
  '--mantine-color-brand-light': 'var(--tint)',
  '--mantine-color-brand-light-hover': 'var(--tint-strong)',
  '--mantine-color-brand-light-color': 'var(--accent)',
  '--mantine-color-brand-outline': 'var(--accent)',
  '--mantine-color-brand-outline-hover': 'var(--tint)',
  '--mantine-color-brand-text': 'var(--accent)',
  '--mantine-color-gray-light-color': 'var(--soft)',
  '--mantine-color-gray-light': 'var(--hover)',
  '--mantine-color-gray-light-hover': 'var(--hover)',
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: drawn, dark: drawn });

/** The business's colour, where it has chosen one. */
export function applyBrand(color: string | null): void {
  if (color && CSS.supports('color', color)) {
    document.documentElement.style.setProperty('--brand', color);
  }
}
