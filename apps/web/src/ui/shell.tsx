import { useTranslation } from 'react-i18next';
import { Link, Outlet, ScrollRestoration, useLocation, useRouteError } from 'react-router';
import { Button } from './button.tsx';
import { DeadEnd } from './dead-end.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { Notice } from './notice.tsx';
import { PageTitle } from './page-title.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** Where the skip link leads: the page itself, past the header. */
const CONTENT = 'content';

/** Links leave by a real navigation, so that a page on duty gets to ask before it is closed. */
export function Shell() {
  const { t } = useTranslation('shell');
  // As wide as the page below it.
  const width = /^\/admin(\/|$)/.test(useLocation().pathname) ? 'max-w-[90rem]' : 'max-w-6xl';
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href={`#${CONTENT}`}
        className="sr-only rounded-lg bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:absolute focus:left-3 focus:top-2 focus:z-30"
        onClick={(event) => {
          // The address keeps its fragment: it says whom to trust.
          event.preventDefault();
          document.getElementById(CONTENT)?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header className="border-b border-line bg-surface">
        <div className={`mx-auto flex h-14 ${width} items-center justify-between gap-2 px-5`}>
          <Link to="/" reloadDocument className="flex items-center gap-2.5 rounded font-semibold tracking-tight">
            <Mark />
            Sotto
          </Link>
          <nav aria-label={t('site')} className="flex items-center gap-0.5 text-sm">
            <Link
              to="/admin"
              reloadDocument
              className="rounded-full px-3 py-2.5 text-muted hover:bg-sunken hover:text-ink"
            >
              {t('runAStudy')}
            </Link>
            <LanguageChoice />
            <ThemeChoice />
          </nav>
        </div>
      </header>
      <div id={CONTENT} tabIndex={-1} className="flex-1 outline-none">
        <Outlet />
      </div>
      <ScrollRestoration />
    </div>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-7 text-accent" aria-hidden="true">
      <path d="M5 11h22" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      <circle cx="8" cy="21" r="3" fill="currentColor" />
      <circle cx="16" cy="21" r="3" fill="currentColor" opacity=".65" />
      <circle cx="24" cy="21" r="3" fill="currentColor" opacity=".35" />
    </svg>
  );
}

export function Loading() {
  const { t } = useTranslation('shell');
  return (
    <main className="mx-auto max-w-2xl px-5 py-24 text-center text-muted" aria-busy="true">
      <p className="breathing">{t('loading')}</p>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <DeadEnd testId="not-found" title={t('deadEnd.notFound')}>
      {t('deadEnd.notFoundWhy')}
    </DeadEnd>
  );
}

/** A fault of ours, or a page file that could not be loaded. */
export function BrokenPage() {
  const { t } = useTranslation('shell');
  const error = useRouteError();
  return (
    <main className="mx-auto max-w-2xl px-5 py-16">
      <PageTitle>{t('deadEnd.broken')}</PageTitle>
      <div className="mt-6">
        <Notice
          tone="bad"
          title={error instanceof Error ? <span lang="en">{error.message}</span> : t('deadEnd.unexpected')}
        >
          {t('deadEnd.brokenWhy')}
        </Notice>
      </div>
      <div className="mt-6">
        <Button onClick={() => location.reload()}>{t('deadEnd.again')}</Button>
      </div>
    </main>
  );
}
