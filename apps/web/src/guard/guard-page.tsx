import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Card } from '../ui/card.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import type { PlatformFault } from './platform.ts';

/** Says why nothing can begin here, and what to do about it. */
export function GuardPage({ fault }: { fault: PlatformFault }) {
  const { t } = useTranslation('shell');
  return (
    <main data-testid="guard" data-fault={fault} className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{t(`guard.${fault}.title`)}</PageTitle>
      <p className="mt-3 text-muted">{t(`guard.${fault}.why`)}</p>
      <Card title={t('guard.what')} className="mt-8">
        <div className="space-y-3">
          {fault === 'insecure' ? (
            <SecureAddress />
          ) : (
            <>
              <p>{t(fault === 'no-database' ? 'guard.private' : 'guard.update')}</p>
              <ul className="list-disc space-y-1 pl-5">
                <li>{t('guard.chromium')}</li>
                <li>{t('guard.firefox')}</li>
                <li>{t('guard.safari')}</li>
              </ul>
            </>
          )}
        </div>
      </Card>
      <p className="mt-6 text-sm text-muted">{t('guard.nothing')}</p>
    </main>
  );
}

function SecureAddress() {
  const { t } = useTranslation('shell');
  const { port, pathname, search, hash } = location;
  const address = `http://localhost:${port}${pathname}`;
  return (
    <>
      <p>
        <Trans
          t={t}
          i18nKey="guard.insecure.https"
          values={{ address }}
          components={{ strong: <strong />, local: <LocalLink to={`${address}${search}${hash}`} /> }}
        />
      </p>
      <p>
        <Trans t={t} i18nKey="guard.insecure.run" components={{ code: <Code /> }} />
      </p>
    </>
  );
}

function LocalLink({ to, children }: { to: string; children?: ReactNode }) {
  return (
    <a className="underline [overflow-wrap:anywhere]" href={to}>
      {children}
    </a>
  );
}

function Code({ children }: { children?: ReactNode }) {
  return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.9em]">{children}</code>;
}
