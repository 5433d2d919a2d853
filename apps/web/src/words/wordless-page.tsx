import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { LANGUAGES } from './language.ts';

/** Here and not with the other texts, which are what is missing. */
const TEXTS = {
  en: {
    title: 'This page could not be loaded completely',
    detail: 'A part of it did not arrive: the connection was lost, or the server was away for a moment.',
    again: 'Try again',
    still: 'The server still cannot be reached.',
  },
  de: {
    title: 'Diese Seite konnte nicht vollständig geladen werden',
    detail: 'Ein Teil ist nicht angekommen: Die Verbindung war weg, oder der Server war kurz nicht da.',
    again: 'Noch einmal versuchen',
    still: 'Der Server ist noch immer nicht zu erreichen.',
  },
} as const;

/** Instead of a blank page, where the texts of the person's language could not be fetched. */
export function WordlessPage() {
  const [state, setState] = useState<'failed' | 'trying' | 'still'>('failed');

  /** Browsers remember in a page what they could not import, so that only another page helps; but not one of the browser's own errors. */
  async function tryAgain(): Promise<void> {
    setState('trying');
    const answer = await fetch('/', { cache: 'no-store' }).catch(() => null);
    if (answer?.ok) location.reload();
    else setState('still');
  }

  return (
    <main data-testid="wordless" className="mx-auto max-w-2xl space-y-10 px-5 py-12">
      {LANGUAGES.map((language) => {
        const { title, detail, again, still } = TEXTS[language];
        return (
          <section key={language} lang={language}>
            <h1 className="text-2xl font-semibold leading-tight">{title}</h1>
            <p className="mt-2 text-muted">{detail}</p>
            <Button className="mt-4" look="primary" disabled={state === 'trying'} onClick={() => void tryAgain()}>
              {again}
            </Button>
            <p role="status" className="mt-2 text-sm text-muted">
              {state === 'still' && still}
            </p>
          </section>
        );
      })}
    </main>
  );
}
