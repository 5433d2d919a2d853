import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyTheme, storedTheme, type Theme } from './theme.ts';

const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

export function ThemeChoice() {
  const { t } = useTranslation('shell');
  const [theme, setTheme] = useState(storedTheme);
  const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length]!;
  return (
    <button
      type="button"
      aria-label={t('colours.label', { now: t(`colours.${theme}`), next: t(`colours.${next}`) })}
      title={t('colours.title', { now: t(`colours.${theme}`) })}
      className="grid size-10 shrink-0 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink"
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      <svg viewBox="0 0 20 20" className="size-5" aria-hidden="true">
        {theme === 'light' ? (
          <g stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" fill="none">
            <circle cx="10" cy="10" r="3.4" />
            <path d="M10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2" />
          </g>
        ) : theme === 'dark' ? (
          <path
            d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
          />
        ) : (
          <>
            <circle cx="10" cy="10" r="6.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
            <path d="M10 3.2a6.8 6.8 0 0 1 0 13.6Z" fill="currentColor" />
          </>
        )}
      </svg>
    </button>
  );
}
