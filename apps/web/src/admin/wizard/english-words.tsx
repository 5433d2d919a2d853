import type { i18n } from 'i18next';
import { type ReactNode, useEffect, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Loading } from '../../ui/shell.tsx';
import { englishWords } from '../../words/words.ts';

/** The dashboard speaks English, and so do the parts of the participant page that stand in it. */
export function EnglishWords({ children }: { children: ReactNode }) {
  const [words, setWords] = useState<i18n | null>(null);
  useEffect(() => {
    let over = false;
    void englishWords().then((found) => over || setWords(found));
    return () => {
      over = true;
    };
  }, []);
  return words ? <I18nextProvider i18n={words}>{children}</I18nextProvider> : <Loading />;
}
