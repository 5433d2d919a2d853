import type { Rejection } from '@sotto/protocol/rejection';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { problemOf } from '../../words/problem.ts';
import { type Forgotten, forgetEverything } from './forgetting.ts';

type Progress =
  | { readonly is: 'deleting' | 'waiting' }
  | { readonly is: 'done'; readonly forgotten: Forgotten }
  | { readonly is: 'failed'; readonly problem: Rejection };

/** In the place of everything else, so that nothing is written while all is deleted; then says what was. */
export function ForgettingPage() {
  const { t } = useTranslation('memory');
  const [progress, setProgress] = useState<Progress>({ is: 'deleting' });
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    forgetEverything(() => setProgress({ is: 'waiting' })).then(
      (forgotten) => setProgress({ is: 'done', forgotten }),
      (error: unknown) => setProgress({ is: 'failed', problem: problemOf(error) }),
    );
  }, []);
  return (
    <main data-testid="forgetting" data-state={progress.is} className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{t(progress.is === 'done' ? 'forgotten' : 'forgetting')}</PageTitle>
      <div className="mt-6 space-y-5" role="status">
        {progress.is === 'waiting' && (
          <Notice tone="warn" title={t('waiting')}>
            {t('waitingHint')}
          </Notice>
        )}
        {progress.is === 'failed' && (
          <ProblemNotice title={t('notForgotten')} problem={progress.problem}>
            {t('notForgottenHint')}
          </ProblemNotice>
        )}
        {progress.is === 'done' && (
          <>
            <p>{t('deleted')}</p>
            <dl className="grid max-w-md grid-cols-[1fr_auto] gap-x-6 gap-y-2 text-sm">
              {(['databases', 'settings', 'offline'] as const).map((what) => (
                <div key={what} className="contents">
                  <dt className="text-muted">{t(`count.${what}`)}</dt>
                  <dd className="text-right">{formatCount(progress.forgotten[what])}</dd>
                </div>
              ))}
            </dl>
            <p className="text-muted">{t('anew')}</p>
          </>
        )}
      </div>
      {(progress.is === 'done' || progress.is === 'failed') && (
        <div className="mt-6">
          <Button look="primary" onClick={() => location.reload()}>
            {t(progress.is === 'done' ? 'begin' : 'again')}
          </Button>
        </div>
      )}
    </main>
  );
}

/** What other tabs show: they have let go of everything, too. */
export function ForgottenElsewhere() {
  const { t } = useTranslation('memory');
  return (
    <main data-testid="forgotten-elsewhere" className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{t('elsewhere')}</PageTitle>
      <p className="mt-4">{t('elsewhereHint')}</p>
      <div className="mt-6">
        <Button look="primary" onClick={() => location.reload()}>
          {t('begin')}
        </Button>
      </div>
    </main>
  );
}
