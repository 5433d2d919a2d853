import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explainByVersion, OutdatedPageError } from '../pwa/new-version.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../words/language.ts';
import { chooseLanguage, useLanguage } from '../words/words.ts';

/** A select that looks like its short name, so that it fits into the header of a phone. */
export function LanguageChoice() {
  const { t } = useTranslation('shell');
  const language = useLanguage();
  const [missing, setMissing] = useState<'outdated' | 'unreachable' | null>(null);

  async function choose(next: Language): Promise<void> {
    setMissing(null);
    try {
      await explainByVersion(() => chooseLanguage(next));
    } catch (error) {
      setMissing(error instanceof OutdatedPageError ? 'outdated' : 'unreachable');
    }
  }

  return (
    <span className="relative grid size-10 shrink-0 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent">
      <span aria-hidden="true" className="text-xs font-semibold uppercase tracking-wide">
        {language}
      </span>
      <select
        aria-label={t('language')}
        title={t('language')}
        value={language}
        className="absolute inset-0 cursor-pointer bg-surface text-base text-ink opacity-0"
        onChange={(event) => void choose(event.target.value as Language)}
      >
        {LANGUAGES.map((name) => (
          <option key={name} value={name} lang={name}>
            {LANGUAGE_NAMES[name]}
          </option>
        ))}
      </select>
      <span
        role="status"
        data-testid="language-missing"
        className="absolute right-0 top-full z-20 w-60 rounded-lg border border-warn/40 bg-warn-soft p-3 text-sm text-ink empty:hidden"
      >
        {missing && t(`languageMissing.${missing}`)}
      </span>
    </span>
  );
}
