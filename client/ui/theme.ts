import { createSignal } from 'solid-js';
import { readSetting, saveSetting } from '../lib/local-storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The active theme; `theme-script.js` has applied it before the first paint. */
export function createTheme() {
  const stored = readSetting('theme');
  const [theme, setTheme] = createSignal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');
  return {
    theme,
    /** Applies and saves a theme. */
    use(next: Theme): void {
      setTheme(next);
      saveSetting('theme', next === 'system' ? null : next);
      if (next === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = next;
    },
  };
}
