import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageTitle } from './page-title.tsx';

interface DeadEndProps {
  title: string;
  /** What the tab is called, if not by the title. */
  name?: string;
  testId: string;
  children: ReactNode;
}

/** A page for an address that leads nowhere: why, and the way to what there is. */
export function DeadEnd({ title, name, testId, children }: DeadEndProps) {
  const { t } = useTranslation('shell');
  return (
    <main data-testid={testId} className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle {...(name !== undefined && { name })}>{title}</PageTitle>
      <p className="mt-3 text-muted">{children}</p>
      <p className="mt-6">
        <Link to="/" className="font-medium text-accent underline underline-offset-4">
          {t('deadEnd.back')}
        </Link>
      </p>
    </main>
  );
}
