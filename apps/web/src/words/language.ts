export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the languages call themselves. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/** The one chosen here before, else the first of the browser's that there is, else English. */
export function languageOf(chosen: string | null, preferred: readonly string[]): Language {
  const known = (tag: string) => LANGUAGES.find((language) => language === tag.toLowerCase().split('-')[0]);
  return (chosen === null ? undefined : known(chosen)) ?? preferred.map(known).find(Boolean) ?? 'en';
}
