import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { RequestError } from './request.ts';

interface FailedRequestProps {
  error: Error;
  query: { refetch: () => Promise<unknown>; isFetching: boolean };
}

/** In the place of what could not be fetched. */
export function FailedRequest({ error, query: { refetch, isFetching } }: FailedRequestProps) {
  const { t } = useTranslation('shell');
  const offline = useOffline();
  return (
    <div data-testid="failed-request" className="space-y-4">
      {offline ? (
        <Notice tone="warn" title={t('failed.offline')} testId="offline">
          {t('failed.offlineWhy')}
        </Notice>
      ) : (
        <ProblemNotice
          problem={{ rejected: error instanceof RequestError ? error.code : 'internal', message: error.message }}
        />
      )}
      <Button look="primary" onClick={() => void refetch()} disabled={isFetching}>
        {isFetching ? t('failed.trying') : t('failed.again')}
      </Button>
    </div>
  );
}

/** A whole page of that. */
export function UnreachablePage(props: FailedRequestProps) {
  const { t } = useTranslation('shell');
  const offline = useOffline();
  return (
    <main className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{t(offline ? 'failed.offline' : 'failed.unreachable')}</PageTitle>
      <div className="mt-6">
        <FailedRequest {...props} />
      </div>
    </main>
  );
}

/** The browser knows of no network. That it knows of one promises nothing. */
function useOffline(): boolean {
  return useSyncExternalStore(followNetwork, () => !navigator.onLine);
}

function followNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
