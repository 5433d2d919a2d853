import type { TFunction } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { keepChoice, recallChoice } from '../ui/choices.ts';
import { formatCount } from '../ui/quantity.ts';
import type english from './en/index.ts';
import { words } from './instance.ts';
import { type Language, languageOf } from './language.ts';

/** The English texts are the reference: a key that they lack is a type error, one that another language lacks fails a test. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof english;
  }
}

/** Translates keys of a namespace: `useTranslation('data').t` in a component, `words.getFixedT(null, 'data')` outside. */
export type Words<Namespace extends keyof typeof english> = TFunction<Namespace>;

/** Each language is a chunk of its own. */
const TEXTS: Readonly<Record<Language, () => Promise<{ default: object }>>> = {
  en: () => import('./en/index.ts'),
  de: () => import('./de/index.ts'),
};

/** Fetches the texts of the person's language; nothing can be drawn before. */
export async function startWords(): Promise<void> {
  const language = languageOf(recallChoice('language'), navigator.languages);
  const texts = fetchTexts(language);
  await words.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'shell',
    resources: {},
    // React escapes.
    interpolation: { escapeValue: false },
  });
  // As the person's own kind of the language writes them, like all other numbers.
  words.services.formatter?.add('number', (count: number) => formatCount(count));
  await texts;
  await speak(language);
}

/** Changes the language for good; components that use `useTranslation` follow by themselves. Rejects when its texts cannot be had. */
export async function chooseLanguage(language: Language): Promise<void> {
  await fetchTexts(language);
  keepChoice('language', language);
  await speak(language);
}

/** English whatever the page speaks, for parts of it that stand where all else is English. */
export async function englishWords(): Promise<typeof words> {
  await fetchTexts('en');
  return words.cloneInstance({ lng: 'en' });
}

/** The language the page speaks now. */
export function useLanguage(): Language {
  return languageOf(useTranslation().i18n.language, []);
}

async function fetchTexts(language: Language): Promise<void> {
  const { default: texts } = await TEXTS[language]();
  for (const [namespace, keys] of Object.entries(texts)) words.addResourceBundle(language, namespace, keys);
}

async function speak(language: Language): Promise<void> {
  await words.changeLanguage(language);
  document.documentElement.lang = language;
}
