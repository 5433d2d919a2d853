import { useTranslation } from 'react-i18next';
import { Link, Outlet, ScrollRestoration, useRouteError } from 'react-router';
import { Button } from './button.tsx';
import { DeadEnd } from './dead-end.tsx';
import { Notice } from './notice.tsx';
import { PageTitle } from './page-title.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** Links leave by a real navigation, so that a page on duty gets to ask before it is closed. */
export function Shell() {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-6xl items-center justify-between px-5">
          <Link to="/" reloadDocument className="flex items-center gap-2.5 rounded font-semibold tracking-tight">
            <Mark />
            Sotto
          </Link>
          <nav aria-label="Site" className="flex items-center gap-1 text-sm">
            <Link
              to="/admin"
              reloadDocument
              className="rounded-full px-3 py-2 text-muted hover:bg-sunken hover:text-ink"
            >
              Run a study
            </Link>
            <ThemeChoice />
          </nav>
        </div>
      </header>
      <div className="flex-1">
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
  return (
    <DeadEnd testId="not-found" title="There is nothing at this address">
      Check the link, or start from the list of what is being learned here.
    </DeadEnd>
  );
}

/** A fault of ours, or a page file that could not be loaded. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <main className="mx-auto max-w-2xl px-5 py-16">
      <PageTitle>This page stopped working</PageTitle>
      <div className="mt-6">
        <Notice tone="bad" title={error instanceof Error ? error.message : 'Something unexpected happened.'}>
          Load the page again. A sealed update that was on its way is kept, and goes on after you join again.
        </Notice>
      </div>
      <div className="mt-6">
        <Button onClick={() => location.reload()}>Load again</Button>
      </div>
    </main>
  );
}
