import { keepChoice, recallChoice } from './choices.ts';

export type Theme = 'system' | 'light' | 'dark';

export function storedTheme(): Theme {
  const stored = recallChoice('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  keepChoice('theme', theme === 'system' ? null : theme);
  window.dispatchEvent(new Event('themechange'));
}
